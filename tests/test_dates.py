"""Due dates and the terms that need them: rhythm, business days, odd periods, dated relief."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from restructure import Loan, compare
from restructure.dates import Calendar, moved, shift
from restructure.errors import InvalidValue, Refused, RestructureError
from restructure.rates import parse_every

MONTH = parse_every("month")


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "every", "dates"),
    [
        ("2025-01-31", "month", ["2025-02-28", "2025-03-31", "2025-04-30"]),
        ("2024-01-30", "month", ["2024-02-29", "2024-03-30", "2024-04-30"]),
        ("2024-02-29", "year", ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ("2026-01-05", "2 weeks", ["2026-01-19", "2026-02-02"]),
        ("2026-01-05", "15 days", ["2026-01-20", "2026-02-04"]),
        ("2025-11-30", "quarter", ["2026-02-28", "2026-05-30"]),
    ],
)
def test_a_rhythm_keeps_its_day(start: str, every: str, dates: list[str]) -> None:
    """Month ends stay month ends, and a leap day comes back: counted from the start."""
    rhythm = parse_every(every)
    calendar = Calendar(shift(day(start), rhythm, 1), rhythm, day(start))
    assert [str(calendar.due(k)) for k in range(len(dates))] == dates


@pytest.mark.parametrize(
    ("rule", "given", "expected"),
    [
        # ISDA 2006, section 4.12: 31 May 2026 is a Sunday, 2 May 2026 a Saturday.
        ("following", "2026-05-31", "2026-06-01"),
        ("modified-following", "2026-05-31", "2026-05-29"),
        ("preceding", "2026-05-02", "2026-05-01"),
        ("modified-preceding", "2026-05-02", "2026-05-01"),
        ("modified-preceding", "2026-08-01", "2026-08-03"),
        ("following", "2026-05-29", "2026-05-29"),
    ],
)
def test_business_day_rules(rule: str, given: str, expected: str) -> None:
    """Each rule moves a weekend as the ISDA definitions say; a weekday stays."""
    assert str(moved(day(given), rule)) == expected


def test_chinese_holidays() -> None:
    """National Day 2025 (1 to 8 October) moves a due date to the 9th; a shifted Sunday works."""
    pytest.importorskip("holidays", reason="the holidays library is an optional extra")
    assert str(moved(day("2025-10-01"), "following", "CN")) == "2025-10-09"
    assert str(moved(day("2025-09-28"), "following", "CN")) == "2025-09-28"


def test_equal_periods_and_an_odd_first_one() -> None:
    """An odd first period is whole periods and days over the year they fall in.

    SWD(2012)128, 4.1.1: 12 January to 15 March is 2 months and 3/365, or 3/366 where the year
    counted back from the last odd day has a leap day.
    """
    for year, basis in (("2012", 365), ("2013", 366)):
        calendar = Calendar(day(f"{year}-03-15"), MONTH, day(f"{year}-01-12"), "equal")
        assert calendar.years(0) == Fraction(2, 12) + Fraction(3, basis)
        assert calendar.years(1) == Fraction(1, 12)


@pytest.mark.parametrize(("year", "instalment"), [("2012", "1433.57"), ("2013", "1433.56")])
def test_a_broken_first_period_bears_simple_interest(year: str, instalment: str) -> None:
    """European Commission, Examples for the calculation of the APRC (2015), example 2."""
    loan = Loan.of(
        principal=200_000,
        term=240,
        rate="6%",
        start=f"{year}-01-12",
        first_due=f"{year}-02-15",
        day_count="equal",
    )
    assert str(compare(loan, []).plans[0].payment) == instalment


def test_skipped_months_under_the_us_rule() -> None:
    """Sherman SCE manual, irregular skips: 253.55, and 253.61 where interest is capitalised."""
    terms = {
        "principal": 10_000,
        "term": 60,
        "rate": "5.5%",
        "start": "2022-08-25",
        "first_due": "2022-10-01",
        "day_count": "act/365",
        "skip_months": "6,7,8",
    }
    waits = compare(Loan.of(**terms, unpaid_interest="us-rule"), []).plans[0]
    assert str(waits.payment) == "253.55"
    assert [str(row.payment) for row in waits.schedule.rows][8:12] == ["0.00"] * 3 + ["253.55"]
    assert str(compare(Loan.of(**terms), []).plans[0].payment) == "253.61"


def test_interest_capitalised_every_three_months() -> None:
    """Curo example 3: 10,000 at 8.25 % over 6 months, capitalised quarterly, is 1,706.67."""
    loan = Loan.of(principal=10_000, term=6, rate="8.25%", capitalise_every=3)
    assert str(compare(loan, []).plans[0].payment) == "1706.67"


FINERACT = {
    "principal": 100,
    "term": 6,
    "rate": "7%",
    "start": "2024-01-01",
    "day_count": "equal",
    "rounding": "half-even",
}


@pytest.mark.parametrize(
    ("plan", "interest", "last"),
    [
        # ProgressiveEMICalculatorTest and feature files of Apache Fineract; its dates name the
        # first day at the new rate, ours the day from whose night on it holds.
        ("rate:4%,from=2024-02-01", "0.58 0.28 0.22 0.17 0.11 0.06", "16.89"),
        ("rate:4%,from=2024-02-15", "0.58 0.38 0.22 0.17 0.11 0.06", "16.91"),
        ("interest-pause:2024-02-04,to=2024-02-10", "0.58 0.39 0.39 0.29 0.20 0.10", "16.90"),
        ("interest-pause:2024-02-09,to=2024-03-10", "0.58 0.13 0.28 0.29 0.19 0.10", "16.52"),
        ("move:2024-02-01,to=2024-03-01", "1.17 0.49 0.39 0.30 0.20 0.10", "17.60"),
        (
            "move:2024-02-01,to=2024-03-01+move:2024-05-01,to=2024-06-01",
            "1.17 0.49 0.79 0.30 0.20 0.10",
            "18.00",
        ),
    ],
)
def test_relief_between_due_dates(plan: str, interest: str, last: str) -> None:
    """Rate changes in mid period, interest pauses and moved due dates, as Fineract has them."""
    rows = list(compare(Loan.of(**FINERACT), [plan]).plans[1].schedule.rows)
    assert [str(row.interest) for row in rows] == interest.split()
    assert str(rows[-1].payment) == last


def test_a_simple_pause_counts_actual_days() -> None:
    """On a dated loan `simple` accrues by the day count: 2,000 x 12 % x 59/360 for two months."""
    loan = Loan.of(principal=2_000, term=4, rate="12%", start="2026-01-01", day_count="act/360")
    rows = list(compare(loan, ["defer:2,interest=simple"]).plans[1].schedule.rows)
    assert [str(row.interest) for row in rows[:2]] == ["20.67", "18.67"]  # 31 and 28 days
    assert str(rows[1].closing) == "2039.34"


def test_the_last_period_may_be_odd() -> None:
    """A maturity off the rhythm shortens the last period; a plan that adds rows drops it."""
    loan = Loan.of(
        principal=1_000,
        term=3,
        rate="12%",
        start="2026-01-01",
        maturity="2026-03-16",
        day_count="30/360",
    )
    plans = compare(loan, ["extend:1"]).plans
    assert [str(row.due) for row in plans[0].schedule.rows][-1] == "2026-03-16"
    assert [str(row.due) for row in plans[1].schedule.rows][-1] == "2026-05-01"
    _, second, last = plans[0].schedule.rows
    assert last.interest == round(second.closing * 15 * 12 / 36000, 2)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"start": "2026-02-30"}, "start"),
        ({"start": "2026-03-31", "first_due": "2026-03-30"}, "first_due"),
        ({"start": "9999-01-01"}, "term"),
        ({"first_due": "2026-01-01", "maturity": "2026-02-01"}, "maturity"),
        ({"skip_months": "6,7"}, "skip_months"),
        ({"first_due": "2026-01-01", "skip_months": "13"}, "skip_months"),
        ({"first_due": "2026-01-01", "skip_months": "1,2,3,4,5,6,7,8,9,10,11,12"}, "skip_months"),
        ({"first_due": "2026-01-01", "holidays": "CN"}, "holidays"),
        ({"first_due": "2026-01-01", "rate_changes": "2026-03-01"}, "rate_changes"),
        ({"business_days": "following"}, "business_days"),
    ],
)
def test_dates_out_of_order_are_refused(given: dict[str, str], field: str) -> None:
    """Each wrong date gets a message that begins with its field."""
    with pytest.raises(RestructureError, match=rf"^{field}\b"):
        Loan.of(principal=1_000, term=24, rate="12%", **given)


@pytest.mark.parametrize(
    "plan", ["move:2026-03-08,to=2026-03-20", "interest-pause:2026-03-10,to=2026-04-10",
             "rate:5%,from=2026-03-01"]
)  # fmt: skip
def test_measures_by_date_need_dates(plan: str) -> None:
    """A loan without dates refuses a measure by date, in its own line."""
    line = compare(Loan.of(principal=1_000, term=12, rate="12%"), [plan]).plans[1]
    assert "start or first_due" in line.refused
    with pytest.raises(Refused):
        _ = line.payment


def test_a_term_past_the_year_9999_names_the_bound() -> None:
    """The calendar ends with the year 9999, and the message says so."""
    with pytest.raises(InvalidValue, match="9999"):
        shift(day("9999-12-01"), MONTH, 1)


SEASONAL = {
    "principal": 10_000,
    "term": 24,
    "rate": "12%",
    "start": "2026-01-08",
    "skip_months": "6,7",
}


@pytest.mark.parametrize(
    "plan",
    ["extra:1000,at=2", "extra:1000,at=2,then=instalment", "reduce:700", "defer:1,keep=payment"],
)
def test_what_skipped_months_do_not_go_with(plan: str) -> None:
    """A prepayment or a fixed instalment beside skipped months is refused, never half applied."""
    assert "skipped months" in compare(Loan.of(**SEASONAL), [plan]).plans[1].refused


@pytest.mark.parametrize("method", ["equal-principal", "interest-only", "flat"])
def test_only_level_loans_skip_months(method: str) -> None:
    """Another method names the field that it cannot have."""
    with pytest.raises(RestructureError, match=r"^skip_months\b.*level"):
        Loan.of(**SEASONAL, method=method)
