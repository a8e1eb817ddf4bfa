"""Relief on contracts with dates, parts and rate paths: each expectation is worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from commandline import refused, run
from restructure import Loan, build
from restructure.measures import parse_plan

DATED: dict[str, Any] = {
    "principal": 12000,
    "term": 12,
    "rate": "12%",
    "start": "2026-01-10",
    "first_due": "2026-02-10",
}


def rows(loan: Loan, plan: str = "") -> list[Any]:
    """Return the rows of a loan, after a plan."""
    return list(build(parse_plan(plan).apply(loan) if plan else loan).rows)


@pytest.mark.parametrize("day_count", ["30/360", "act/365", "act/360"])
@pytest.mark.parametrize("first_due", ["2026-02-10", "2026-03-10"])
@pytest.mark.parametrize(
    ("method", "payment"), [("interest-only", 130), ("equal-principal", 1130), ("flat", 1130)]
)
def test_a_solved_rate_gives_the_payment_back(
    method: str, payment: int, first_due: str, day_count: str
) -> None:
    """Whatever the day count and the length of the first period."""
    given = {**DATED, "first_due": first_due, "day_count": day_count, "method": method}
    del given["rate"]
    found = rows(Loan.of(payment=payment, **given))
    assert found[0].payment == payment


def test_a_solved_rate_knows_the_part_to_the_nearest() -> None:
    """1,000 / 3 is 333.33 to the nearest, whatever rounds interest: 6.67 of 340 are interest."""
    loan = Loan.of(principal=1000, term=3, payment=340, method="equal-principal", rounding="up")
    assert rows(loan)[0].payment == 340


def test_a_prepayment_leaves_the_parts_of_the_contract() -> None:
    """The parts stay 1,000, 1,000, 4,000, ...; 500 prepaid with the first come off the last."""
    loan = Loan.of(
        principal=12000,
        term=6,
        rate="12%",
        method="equal-principal",
        principal_parts="1000,1000,4000,1000,4000,1000",
    )
    found = [row.principal for row in rows(loan, "extra:500,at=1")]
    assert found == [1500, 1000, 4000, 1000, 4000, 500]


def test_a_cut_is_off_the_rate_of_its_day() -> None:
    """4 % for 3 months, then 12 % again: 2 points off from August leave 10 %."""
    found = rows(Loan.of(**DATED), "rate:4%,for=3+rate:cut=2,from=2026-08-10")
    row = next(row for row in found if str(row.due) == "2026-09-10")
    assert row.interest == round(row.opening * Decimal("0.10") / 12, 2)


def test_a_pause_of_interest_hides_no_rate_change() -> None:
    """The contract's 30 % from April re-solve the instalment though a pause hides its first day.

    Otherwise the instalment stays at 1,066.19 and the last one swells to over 1,800.
    """
    found = rows(
        Loan.of(rate_changes="2026-04-01=30%", **DATED),
        "interest-pause:2026-03-15,to=2026-04-05",
    )
    assert found[-1].payment - found[-2].payment < 1


def test_interest_under_way_is_kept_whole_beside_waiting_interest(tmp_path: Path) -> None:
    """11,053.81 at 12 % for 15 of 360 days, 55.27, and 40.79 that had accrued: 96.06."""
    paid = tmp_path / "paid.csv"
    paid.write_text("date,amount\n2026-02-10,1066.19\n")
    ran = run(
        "schedule", "--principal", "12000", "--term", "12", "--rate", "12%",
        "--start", "2026-01-10", "--unpaid-interest", "us-rule", "--payments", str(paid),
        "--as-of", "2026-05-25", "--plan", "extend:1", "--format", "csv",
    )  # fmt: skip
    head, first = (line.split(",") for line in ran.out.splitlines()[:2])
    assert dict(zip(head, first, strict=True))["interest"] == "96.06"


@pytest.mark.parametrize("day", ["2026-04-10", "2026-04-01"])
def test_a_due_date_is_not_moved_before_the_one_before_it(day: str) -> None:
    """Any due date, not only the next one."""
    words = [f"--{name.replace('_', '-')}={value}" for name, value in DATED.items()]
    refused(
        run("schedule", *words, "--plan", f"move:2026-05-10,to={day}"),
        f"{day} is not after the due date before it",
        codes=(3,),
    )


def test_a_maturity_needs_the_number_of_instalments() -> None:
    """A term that is still to be found has no last due date to move."""
    ran = run(
        "compare", "--principal", "10000", "--rate", "12%", "--payment", "900",
        "--start", "2026-01-10", "--maturity", "2027-02-01",
    )  # fmt: skip
    refused(ran, "--maturity", "--term 12", codes=(3,))


def test_advice_finds_plans_where_the_instalment_is_searched() -> None:
    """What compare shows within the capacity, advise finds: 1,657 yen a month."""
    loan = (
        "--principal", "500000", "--currency", "JPY", "--term", "360", "--rate", "2%",
        "--rounding", "up", "--instalment-rounding", "even",
    )  # fmt: skip
    shown = run("compare", *loan, "--plan", "extend:60", "--format", "csv").out.splitlines()
    head, plan = shown[0].split(","), shown[2].split(",")
    assert dict(zip(head, plan, strict=True))["highest_payment"] == "1657"
    ran = run(
        "advise", *loan, "--capacity", "1657", "--offer", "extend:60", "--npv-loss-rate", "90%"
    )
    assert ran.code == 0
    assert "extend:60" in ran.out
