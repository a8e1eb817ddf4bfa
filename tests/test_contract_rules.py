"""Rules of contracts that other people's tables brought in, each from its own words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import restructure as rs
from restructure.errors import InvalidValue, PlanSyntaxError

LOAN: dict[str, Any] = {"principal": 12_000, "term": 12, "rate": 12, "start": "2026-01-12"}


def rows(loan: dict[str, Any], plan: str) -> list[rs.Instalment]:
    """Return the rows of a plan."""
    return list(rs.compare(rs.Loan.of(**loan), [plan]).plans[1].schedule.rows)


def dues(**values: Any) -> list[date]:
    """Return the due dates of a loan with these values besides."""
    return [row.due for row in rs.build(rs.Loan.of(**{**LOAN, **values})).rows if row.due]


def test_due_day_31_means_month_ends() -> None:
    """A first due date of 30 April stays a month end in May."""
    found = dues(start=None, first_due="2026-04-30", due_day=31)
    assert found[:3] == [date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30)]
    assert found[10] == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("due_day", "first"),
    [(15, date(2026, 2, 15)), (12, date(2026, 2, 12)), (5, date(2026, 3, 5))],
)
def test_due_day_sets_the_first_due_date(due_day: int, first: date) -> None:
    """Without a first due date: the first such day that is a month or more after the start."""
    assert dues(due_day=due_day)[0] == first


@pytest.mark.parametrize(
    "values", [{"due_day": 20, "first_due": "2026-02-12"}, {"due_day": 5, "every": "2 weeks"}]
)
def test_due_day_that_does_not_fit_is_refused(values: dict[str, Any]) -> None:
    """A due day goes with the first due date and with periods of months."""
    with pytest.raises(InvalidValue, match="due_day"):
        rs.Loan.of(**LOAN, **values)


@pytest.mark.parametrize(
    ("day_count", "year"), [("equal", 365), ("30/360", 360), ("act/360", 360), ("act/365f", 365)]
)
def test_simple_interest_of_a_pause_goes_by_actual_days(day_count: str, year: int) -> None:
    """13 January to 12 April 2026 is 89 days: over 360 where the day count is, else over 365."""
    loan = {**LOAN, "start": "2026-01-13", "first_due": "2026-02-12", "day_count": day_count}
    paused = rows(loan, "defer:3,interest=simple")
    interest = sum(row.interest for row in paused[:3])
    assert abs(interest - Decimal(1440 * 89) / year) <= Decimal("0.02")


def test_simple_interest_without_dates_goes_by_periods() -> None:
    """Three months at 1 % a month on principal alone."""
    loan = {"principal": 12_000, "term": 12, "rate": 12}
    assert [row.interest for row in rows(loan, "defer:3,interest=simple")[:3]] == [120, 120, 120]


def test_payments_to_principal_leave_the_interest_for_the_first_regular_instalment() -> None:
    """Two rows of 1,000 off the principal; their interest comes with the third."""
    loan = {"principal": 4_000, "term": 4, "rate": 12, "method": "equal-principal"}
    found = rows(loan, "defer:2,pays=1000,to=principal,interest=first,keep=maturity")
    assert [row.payment for row in found] == [1000, 1000, 1000 + 20 + 40 + 30, 1010]
    assert [row.interest for row in found] == [40, 30, 20, 10]


def test_payments_to_principal_need_to_say_what_becomes_of_interest() -> None:
    """Interest cannot be paid in a pause whose payments go to principal alone."""
    with pytest.raises(PlanSyntaxError, match="interest=first"):
        rs.parse_plan("defer:2,pays=1000,to=principal,interest=pay")


def test_overdue_interest_bears_none_under_the_us_rule() -> None:
    """Re-amortised with the debt, collected first, and no interest on it in between."""
    loan = {
        "outstanding": 1_000,
        "remaining": 2,
        "rate": 12,
        "overdue_interest": 10,
        "unpaid_interest": "us-rule",
    }
    found = rows(loan, "arrears:capitalise")
    assert found[0].interest == 10  # 1 % of 1,000, not of 1,010
    assert sum(row.payment for row in found) == 1_010 + sum(row.interest for row in found)
    fixed = rows(loan, "reduce:300")
    assert [row.interest for row in fixed[:2]] == [10, Decimal("7.20")]  # 720 = 1,020 - 300


def test_interest_over_skipped_months_is_rounded_once() -> None:
    """US Rule: 0.333... a month shows as 0.33, 0.34 and 0.33, the growth of the rounded sum."""
    loan = {
        "principal": 100,
        "term": 12,
        "rate": 4,
        "first_due": "2026-01-01",
        "skip_months": "1,2,3",
        "unpaid_interest": "us-rule",
    }
    found = [row.interest for row in rs.build(rs.Loan.of(**loan)).rows][:4]
    assert found == [Decimal("0.33"), Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]


def test_steps_that_are_shares_of_the_regular_instalment_are_solved_together() -> None:
    """50 % for three, then nine regular ones: present values at 1 % a month meet the debt."""
    loan = {"principal": 12_000, "term": 12, "rate": 12}
    found = rows(loan, "step:50%x3,of=regular")
    value = sum(row.payment / Decimal("1.01") ** row.number for row in found)
    assert abs(value - 12_000) < Decimal("0.05")
    assert len({row.payment for row in found[3:-1]}) == 1
    assert abs(2 * found[0].payment - found[3].payment) <= Decimal("0.01")


def test_steps_of_the_whole_regular_instalment_change_nothing() -> None:
    """100 % of the regular instalment is the as-agreed one."""
    loan = {"principal": 12_000, "term": 12, "rate": 12}
    agreed = rs.build(rs.Loan.of(**loan))
    assert rows(loan, "step:100%x3,of=regular") == list(agreed.rows)


def test_steps_are_shares_of_a_fixed_instalment() -> None:
    """With the instalment fixed by reduce there is nothing to solve."""
    loan = {"principal": 12_000, "term": 12, "rate": 12}
    found = rows(loan, "reduce:800+step:50%x3,of=regular")
    assert [row.payment for row in found[:4]] == [400, 400, 400, 800]


def test_steps_of_the_regular_instalment_need_level_ones() -> None:
    """Equal-principal instalments have no regular amount."""
    loan = rs.Loan.of(principal=12_000, term=12, rate=12, method="equal-principal")
    line = rs.compare(loan, ["step:50%x3,of=regular"]).plans[1]
    assert "level instalments" in line.refused


@pytest.mark.parametrize("rounding", ["down", "half-up", "up"])
@pytest.mark.parametrize("dates", [{}, {"start": "2026-01-12", "day_count": "act/365f"}])
def test_least_instalment_leaves_a_last_one_that_is_not_above_it(
    rounding: str, dates: dict[str, str]
) -> None:
    """A cent less, and the last one would be above the others."""
    loan = {"principal": 1_500, "term": 5, "rate": 292, "rounding": rounding, **dates}
    paid = [row.payment for row in rs.build(rs.Loan.of(**loan, instalment_rounding="least")).rows]
    assert paid[-1] <= paid[0]
    cheaper = rs.Loan.of(**loan, payment=paid[0] - Decimal("0.01"))
    less = [row.payment for row in rs.build(cheaper).rows]
    assert less[-1] > less[0]


def test_a_residue_never_falls_due_in_a_skipped_month() -> None:
    """Five instalments and a sixth in July, which is skipped: the fifth takes what is left."""
    loan = rs.Loan.of(principal=1000, term=6, rate=5, start="2026-01-31", skip_months="7")
    rows = list(rs.build(loan).rows)
    assert [str(row.due) for row in rows][-1] == "2026-06-30"
    assert rows[-1].closing == 0
    assert sum(row.payment - row.interest for row in rows) == 1000


QUARTERLY = {
    "principal": 1200,
    "term": 12,
    "rate": "12%",
    "start": "2026-01-01",
    "method": "equal-principal",
    "interest_months": [3, 6, 9, 12],
}
"""100 of principal a month, 1 % a month on the rest: 12, 11, 10 ... 1 of interest."""


def test_interest_in_months_of_its_own() -> None:
    """Interest of two months in March, of three in June, September and December, then the last."""
    rows = list(rs.compare(rs.Loan.of(**QUARTERLY), []).agreed.rows)
    asked = [row.payment - 100 for row in rows]
    assert asked == [0, 12 + 11, 0, 0, 10 + 9 + 8, 0, 0, 7 + 6 + 5, 0, 0, 4 + 3 + 2, 1]
    assert [row.interest for row in rows] == [*range(12, 0, -1)]
    assert [row.closing for row in rows][:3] == [1112, 1000, 910]
    only = {**QUARTERLY, "method": "interest-only", "term": 4}
    payments = [row.payment for row in rs.build(rs.Loan.of(**only)).rows]
    assert payments == [0, 24, 0, 1200 + 24]


def test_waiting_interest_goes_with_the_position() -> None:
    """After four paid, 10 + 9 wait and bear nothing; missed, the interest of March is overdue."""
    paid = rs.compare(rs.Loan.of(**QUARTERLY, paid=4), ["extend:2"])
    assert paid.plans[0].schedule.opening[0] == 800_00
    assert paid.plans[0].schedule.payment[0] == 127_00
    longer = paid.plans[1].schedule
    assert longer.interest[0] == (10 + 9 + 8) * 100
    assert longer.payment[0] == 80_00 + 27_00
    missed = rs.locate(rs.Loan.of(**QUARTERLY, paid=1, missed=2, penalty_rate="0x"))
    assert (missed.arrears.principal, missed.arrears.interest) == (200_00, 23_00)
    assert (missed.balance, missed.accrued) == (900_00, 10_00)


@pytest.mark.parametrize("plan", ["extra:100", "reduce:50"])
def test_months_of_interest_refuse_what_they_cannot_carry(plan: str) -> None:
    """Prepayments and fixed instalments are refused, level loans and loans without dates too."""
    line = rs.compare(rs.Loan.of(**QUARTERLY), [plan]).plans[1]
    assert "interest_months" in line.refused
    for wrong in ({"method": "level"}, {"start": None}, {"interest_months": [13]}):
        with pytest.raises(InvalidValue) as caught:
            rs.Loan.of(**{**QUARTERLY, **wrong})
        assert caught.value.field == "interest_months"


def test_a_contracts_rate_may_fall_below_0() -> None:
    """1,000 at 2 %, then -3 %: a month of 28 days in 30/360 takes 1.88 off 750.63."""
    loan = {"principal": 1000, "term": 4, "rate": 2, "start": "2026-01-01"}
    loan |= {"rate_changes": "2026-02-01=-3%"}
    rows = list(rs.build(rs.Loan.of(**loan)).rows)
    opening = rows[1].opening
    assert rows[1].interest == round(opening * Decimal("-0.03") / 12, 2)
    assert sum(row.payment - row.interest for row in rows) == 1000
    assert rows[-1].closing == 0


def test_a_penalty_is_never_below_0() -> None:
    """Overdue at a multiple of a rate below 0: nothing is added, and nothing taken off."""
    penalty = rs.Loan.of(principal=1000, term=4, rate=2, penalty_rate="1.5x").penalty_rate
    assert penalty.of(Fraction(-3, 100)) == 0
    assert penalty.of(Fraction(2, 100)) == Fraction(3, 100)


@pytest.mark.parametrize("wrong", ["2026-02-01=-101%", "2026-02-01=--1%", "2026-02-01=-x"])
def test_rates_below_0_have_a_bound(wrong: str) -> None:
    """Less than nothing is left of no debt: -100 % is the least."""
    with pytest.raises(InvalidValue, match="rate_changes"):
        rs.Loan.of(principal=1000, term=4, rate=2, start="2026-01-01", rate_changes=wrong)
