"""The rows of a plan from a payment history, and of a plan that has been agreed."""

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
PLAN = ("--plan", "breather=defer:2+extend:6")


def rows_of(*words):
    """Return the rows that `schedule` prints as JSON."""
    done = run("schedule", *words, "--format", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)["rows"]


def compared():
    """Return the rows that `compare` has for the plan, from the same payments."""
    done = run("compare", *HISTORY, *PLAN, "--schedules", "--format", "json")
    return json.loads(done.out)["plans"][1]["schedule"]


def test_rows_begin_at_what_the_history_leaves():
    """`schedule --payments` has the rows that `compare --payments` has."""
    assert rows_of(*HISTORY, *PLAN) == compared()


def test_a_file_with_an_agreed_plan_has_the_rows_of_that_plan(tmp_path):
    """After --accept the file needs no payments to show what was agreed, not the old contract."""
    kept = str(tmp_path / "plan.toml")
    assert run("compare", *HISTORY, *PLAN, "--accept", "breather", "-o", kept).code == 0
    assert rows_of(kept) == compared()
    assert "agreed on 2024-11-13" in run("schedule", kept).err
    again = run("schedule", kept, "--plan", "extend:3")
    assert again.code == 2
    assert "--payments FILE" in again.err
