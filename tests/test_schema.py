"""The JSON documents keep to the published schemas, which leave no field open."""

from __future__ import annotations

import json
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from commandline import LOAN, run
from restructure.measures import names

DOCUMENTS = (
    "compare",
    "schedule",
    "solve",
    "measures",
    "status",
    "lender",
    "yield",
    "account",
)
METHODS = ("level", "equal-principal", "interest-only", "flat")
PLANS = (
    "defer:3",
    "breather=defer:2,interest=spread+extend:6",
    "extend:6..24/6",
    "reduce:10",
    "rate:cut=20",
    "set-aside:10%+balloon:10%",
    "forgive:5000",
    "step:50%x3/75%x3",
)


def schema(name: str) -> dict[str, Any]:
    """Return a schema as it is shipped in the package."""
    text = (files("restructure") / "schemas" / f"{name}-1.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def document(*args: str, codes: tuple[int, ...] = (0,)) -> dict[str, Any]:
    """Run a command with --format json and return its document, with exact decimals."""
    ran = run(*args, "--format", "json")
    assert ran.code in codes, ran
    found: dict[str, Any] = json.loads(ran.out, parse_float=Decimal)
    return found


def check(name: str, found: dict[str, Any]) -> None:
    """Check a document against its schema, dates included."""
    validator = Draft202012Validator(
        schema(name), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    errors = [
        f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(found)
    ]
    assert not errors, errors[:3]


def objects(part: Any) -> list[dict[str, Any]]:
    """Return every object description within a schema."""
    if isinstance(part, list):
        return [found for item in part for found in objects(item)]
    if not isinstance(part, dict):
        return []
    own = [part] if "properties" in part else []
    return own + [found for item in part.values() for found in objects(item)]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_schemas_are_strict(name: str) -> None:
    """Each schema is one of draft 2020-12, and every object in it names all its fields."""
    found = schema(name)
    Draft202012Validator.check_schema(found)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert objects(found)
    for part in objects(found):
        assert part["additionalProperties"] is False
        assert set(part["required"]) <= set(part["properties"])
        assert set(part["properties"]) - set(part["required"]) <= {
            "schedule",
            "explanations",
            "summary",
            "apr_us",
            "aprc",
            "nominal_compound",
            "nominal_simple",
            "ledger",
            "waiting",
        }


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "more",
    [
        (),
        ("--paid", "4", "--missed", "2", "--penalty-rate", "1.5x"),
        ("--start", "2026-01-31", "--fee", "1%"),
        ("--first-due", "2026-02-15", "--paid", "3", "--every", "2 weeks"),
        ("--currency", "JPY"),
        ("--currency", "KWD", "--missed", "1"),
        ("--decimals", "12", "--rounding", "half-even"),
        ("--rate", "0", "--instalment-rounding", "up:10"),
        ("--compounding", "semi-annual", "--day-count", "act/365", "--rate", "0.04%/day"),
    ],
)
def test_compare_keeps_to_its_schema(method: str, more: tuple[str, ...]) -> None:
    """Whatever the loan, with arrears, dates, refused plans and rows, the document is as said."""
    plans = [word for plan in PLANS for word in ("--plan", plan)]
    for schedules in ((), ("--schedules", "--explain")):
        found = document("compare", *LOAN, "--method", method, *more, *plans, *schedules)
        check("compare", found)
        assert any("refused" in plan for plan in found["plans"])
        computed = [plan for plan in found["plans"] if "refused" not in plan]
        assert all(("schedule" in plan) == bool(schedules) for plan in computed)


def test_a_comparison_of_refused_plans_keeps_to_the_schema() -> None:
    """Where no plan can be carried out, the document still stands, with the reasons."""
    found = document("compare", *LOAN, "--plan", "reduce:10", codes=(3,))
    check("compare", found)
    assert "The least that works is 600.01" in found["plans"][1]["refused"]


@pytest.mark.parametrize(
    "loan",
    [
        ("--outstanding", "25894.26", "--remaining", "6"),
        ("--outstanding", "25894.26", "--remaining", "6", "--overdue-principal", "8227.69",
         "--overdue-interest", "769.85", "--penalty", "49.07", "--fees", "12"),
        ("--principal", "50000", "--term", "12", "--payment", "4498.77"),
        ("--principal", "50000", "--rate", "14.4", "--payment", "4498.77"),
    ],
)  # fmt: skip
def test_other_ways_to_give_a_loan_keep_to_the_schema(loan: tuple[str, ...]) -> None:
    """A position as the bank's books have it, and a loan with its instalment, give the same."""
    check("compare", document("compare", *loan))
    check("schedule", document("schedule", *loan, "--plan", "defer:2"))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("plan", ["", "defer:3", "reduce:3000,for=2+rate:10%", "arrears:spread"])
@pytest.mark.parametrize("more", [(), ("--start", "2026-01-31"), ("--missed", "2")])
def test_schedule_keeps_to_its_schema(method: str, plan: str, more: tuple[str, ...]) -> None:
    """The rows of a plan, with and without dates and arrears, are as said."""
    asked = ("--plan", plan) if plan else ()
    check("schedule", document("schedule", *LOAN, "--method", method, *more, *asked))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "question",
    [
        ("--principal", "50000", "--term", "12", "--rate", "14.4"),
        ("--principal", "50000", "--term", "12", "--payment", "5000"),
        ("--principal", "50000", "--rate", "14.4", "--payment", "5000"),
        ("--term", "12", "--rate", "14.4", "--payment", "5000"),
        ("--principal", "50000", "--term", "12", "--rate", "14.4", "--payment", "3000"),
    ],
)
def test_solve_keeps_to_its_schema(method: str, question: tuple[str, ...]) -> None:
    """Each direction of each method is answered as said, or refused with a clear reason."""
    ran = run("solve", *question, "--method", method, "--format", "json")
    if ran.code:
        assert ran.code == 3
        assert ran.out == ""
        assert ran.err.startswith("Error: ")
    else:
        check("solve", json.loads(ran.out, parse_float=Decimal))


@pytest.mark.parametrize("name", ["", *names()])
def test_measures_keeps_to_its_schema(name: str) -> None:
    """The list of measures, and each measure's own page, are as said."""
    check("measures", document("measures", *([name] if name else [])))


@pytest.mark.parametrize(
    ("options", "decimals"),
    [(("--currency", "JPY"), 0), ((), 2), (("--currency", "KWD"), 3), (("--decimals", "9"), 9)],
)
def test_amounts_have_the_decimals_of_the_currency(options: tuple[str, ...], decimals: int) -> None:
    """Amounts are written digit by digit, zeros too, and never with an exponent."""
    args = ("compare", *LOAN, *options, "--schedules", "--start", "2026-01-01")
    ran = run(*args, "--format", "json")
    found = json.loads(ran.out, parse_float=str, parse_int=str)
    rows = found["plans"][1]["schedule"]
    amounts = [row[name] for row in rows for name in ("interest", "payment", "closing")]
    amounts += [found["plans"][0][name] for name in ("payment", "forgiven", "npv_loss")]
    for amount in amounts:
        assert "e" not in amount.lower()
        assert len(amount.partition(".")[2]) == decimals
    csv = run(*args[:-3], "--format", "csv")
    assert "E-" not in csv.out


def test_lines_are_the_plans_of_the_document() -> None:
    """JSON lines hold one plan each, with the fields of the document's plans."""
    plans = ("--plan", "defer:3", "--plan", "reduce:10")
    whole = document("compare", *LOAN, *plans)["plans"]
    lines = run("compare", *LOAN, *plans, "--format", "jsonl").out.splitlines()
    assert [json.loads(line, parse_float=Decimal) for line in lines] == whole


@pytest.mark.parametrize("more", [(), ("--missed", "2"), ("--start", "2026-01-31")])
def test_the_lenders_view_keeps_to_its_schema(more: tuple[str, ...]) -> None:
    """Figures, refused plans, arrears and dates are as said."""
    plans = [word for plan in PLANS for word in ("--plan", plan)]
    found = document("compare", *LOAN, *more, *plans, "--view", "lender", "--plan-fee", "50")
    check("lender", found)
    assert any("refused" in plan for plan in found["plans"])


@pytest.mark.parametrize(("flows", "none"), [("-1000,1100", False), ("-1000,2300,-1320", True)])
def test_yields_keep_to_their_schema(flows: str, none: bool, tmp_path: Path) -> None:
    """Yields that exist and yields that do not, with the reason, are as said."""
    path = tmp_path / "flows.csv"
    rows = [f"2026-0{month}-15,{flow}" for month, flow in enumerate(flows.split(","), start=1)]
    path.write_text("\n".join(["date,amount", *rows]), encoding="utf-8")
    found = document("yield", str(path))
    check("yield", found)
    assert any(line["rate"] is None for line in found["yields"]) == none


def test_an_account_keeps_to_its_schema(tmp_path: Path) -> None:
    """With payments, a cap, fees and rows to come; and without any of them."""
    path = tmp_path / "paid.csv"
    path.write_text("date,amount\n2026-02-10,1000\n2026-04-20,60000\n", encoding="utf-8")
    dated = (*LOAN, "--start", "2026-01-15")
    terms = ("--interest-cap", "100%", "--late-fee", "20", "--late-fees", "1")
    paid = ("--payments", str(path), "--as-of", "2026-05-01", *terms)
    found = document("account", *dated, *paid)
    check("account", found)
    assert found["balance"] < 0
    check("account", document("account", *dated))
