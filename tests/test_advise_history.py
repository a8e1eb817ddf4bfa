"""Advice and affordability from a payment history: they begin where the ledger says."""

from __future__ import annotations

import json
from pathlib import Path

from commandline import run

EXAMPLES = Path(__file__).parents[1] / "examples"
HISTORY = (
    str(EXAMPLES / "in-arrears.toml"),
    "--payments",
    str(EXAMPLES / "in-arrears.csv"),
    "--as-of",
    "2024-11-13",
)


def test_the_advised_plan_has_the_figures_of_compare():
    """What advise says of a plan is what compare shows for it, from the same payments."""
    offer = ("--offer", "defer:1..3", "--offer", "extend:1..12")
    done = run("advise", *HISTORY, "--capacity", "0x2,4000", *offer, "--format", "json")
    assert done.code == 0, done.err
    best = next(plan for plan in json.loads(done.out)["plans"] if "cheapest" in plan["best"])
    beside = run("compare", *HISTORY, "--plan", best["plan"], "--format", "json")
    plan = json.loads(beside.out)["plans"][1]
    for name in ("total_paid", "extra_cost", "periods", "npv_loss"):
        assert plan[name] == best[name], name


def test_affordability_counts_the_arrears_of_the_ledger():
    """The arrears of the worked case, 11,485.79, are named; five instalments are left."""
    done = run("afford", *HISTORY, "--income", "9000", "--expense", "rent=2000")
    assert done.code == 0, done.err
    assert "11,485.79" in done.err
    assert "1-5" in done.out


def test_rules_of_a_history_need_one():
    """An option of the ledger without payments is a usage error that says so."""
    loan = ("--principal", "50000", "--term", "12", "--rate", "14.4")
    done = run("advise", *loan, "--capacity", "3000", "--allocation", "kind-first")
    assert done.code == 2
    assert "--payments FILE" in done.err
