"""Rates: the forms in which they are written, what a period bears, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import exp, log
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import restructure as rs
from loans import amounts, examples, founding, schedule_of
from restructure.rates import HIGHEST, Rate, parse_every, percent_text, period_factor

FORM = r"14\.4, 14\.4%, 1\.2%/month or 0\.04%/day"


@pytest.mark.parametrize(
    ("value", "percent"),
    [
        ("14.4", "14.4"),
        ("14.4%", "14.4"),
        (" 14.4 % ", "14.4"),
        ("+14.4", "14.4"),
        (14.4, "14.4"),
        (14, "14"),
        (Decimal("14.4"), "14.4"),
        ("0", "0"),
        ("0%", "0"),
        ("1.75%", "1.75"),
        ("0.144", "0.144"),  # a percentage as well: 0.144 % a year
        ("14.4%/year", "14.4"),
        ("14.4%/a", "14.4"),
        ("1.2%/month", "14.4"),
        ("1.2/month", "14.4"),
        ("1.2 % / month", "14.4"),
        ("1.2%/Month", "14.4"),
        ("1.2%/m", "14.4"),
        ("3.6%/quarter", "14.4"),
        ("7.2%/half", "14.4"),
        ("0.2%/week", "10.4"),
        ("0.2%/w", "10.4"),
        ("0.04%/day", "14.4"),
        ("0.04%/d", "14.4"),
        ("10000%", "10000"),
    ],
)
def test_forms_of_a_rate(value: Any, percent: str) -> None:
    """All forms give the nominal annual rate, exactly: a month is times 12, a week times 52."""
    assert Rate.of(value).annual == Fraction(percent) / 100


def test_a_fraction_is_a_fraction() -> None:
    """An exact fraction is taken as the rate itself; a Rate stays as it is."""
    assert Rate.of(Fraction(144, 1000)).annual == Fraction(144, 1000)
    rate = Rate.of("0.04%/day")
    assert Rate.of(rate) is rate


@pytest.mark.parametrize(
    ("day_count", "year", "percent"),
    [
        ("30/360", 360, "14.4"),
        ("act/360", 360, "14.4"),
        ("act/365", 365, "14.6"),
        ("act/365f", 365, "14.6"),
    ],
)
def test_a_rate_a_day(day_count: str, year: int, percent: str) -> None:
    """A rate a day is times 360 under 30/360 and Act/360, times 365 under Act/365: said so."""
    loan = founding(rate="0.04%/day", day_count=day_count)
    assert loan.rate == Fraction(percent) / 100
    (note,) = loan.notes
    assert f"times {year}" in note
    assert f"{percent} %" in note
    # A rate a day within a plan follows the loan's day count.
    cut = schedule_of(founding(day_count=day_count), "rate:0.02%/day")
    assert cut.loan.rate == Fraction(percent) / 200


@pytest.mark.parametrize("value", ["1.2%/month", "14.4%", "14.4"])
def test_other_rates_need_no_note(value: str) -> None:
    """A rate a year or a month is what it says: there is nothing to note."""
    assert founding(rate=value).notes == ()


@pytest.mark.parametrize(
    ("value", "noted"), [("0.144", True), ("0.144%", False), ("0.5", False), (0.0144, True)]
)
def test_a_rate_that_looks_like_a_fraction(value: Any, noted: bool) -> None:
    """A bare number so small that it may be meant as a fraction gets a note on how it is read."""
    notes = founding(rate=value).notes
    assert bool(notes) == noted
    assert not noted or "%" in notes[0]


@pytest.mark.parametrize(
    "value",
    ["１４.４", "１４.４%", "14.4％", "٣%", "nan", "nan%", "inf", "-inf", "1e30", "1e-2", "1e30%",
     "-1", "-0.01%", "-1%/month", "", "%", " ", "/month", "%/day", "14,4", "14.4%%", "14.4% a",
     "1/3", "0x10", "14.4%/fortnight", "14.4%/", "14.4/12", "ten", "1 4", "14.4%\n%",
     "10000.01", "834%/month", "30%/day", "9" * 61, None, True, [14.4], {}, float("nan"),
     float("inf"), 1e30, Decimal("NaN"), Fraction(-1, 10), Fraction(101)],
    ids=repr,
)  # fmt: skip
def test_what_is_no_rate(value: Any) -> None:
    """Other digits, exponents, other units, below 0, above 10,000 %: refused with the form."""
    with pytest.raises(rs.RestructureError, match=FORM) as refused:
        Rate.of(value)
    assert str(refused.value).startswith("rate")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("unit", "near"), [("mnth", "month"), ("days", "day"), ("yr", "year")])
def test_near_misses_of_a_unit(unit: str, near: str) -> None:
    """A near miss of a unit names the nearest one."""
    with pytest.raises(rs.RestructureError, match=f"Did you mean '{near}'"):
        Rate.of(f"1%/{unit}")


def test_the_highest_rate() -> None:
    """The highest rate is 100, that is 10,000 % a year; a hair above is refused."""
    assert HIGHEST == 100
    assert Rate.of(Fraction(100)).annual == 100
    with pytest.raises(rs.RestructureError, match="above 10,000 %"):
        Rate.of(Fraction(100) + Fraction(1, 10**9))


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (Fraction(144, 1000), "14.4 %"),
        (Fraction(0), "0 %"),
        (Fraction(1), "100 %"),
        (Fraction(1, 3), "33.333333 %"),
        (0.153895, "15.3895 %"),
        (Fraction(175, 10_000), "1.75 %"),
    ],
)
def test_rates_for_people(rate: Fraction | float, text: str) -> None:
    """At most six decimals of a per cent, and no trailing zeros."""
    assert percent_text(rate) == text


# Periods

A_YEAR = {
    "week": 52, "weekly": 52, "1 week": 52, "2 weeks": 26, "fortnight": 26, "2-weeks": 26,
    "biweekly": 26, "4 weeks": 13, "month": 12, "monthly": 12, "Month": 12, " month ": 12,
    "1 month": 12, "2 months": 6, "2months": 6, "quarter": 4, "quarterly": 4, "3 months": 4,
    "4 months": 3, "half-year": 2, "semi-annual": 2, "6 months": 2, "year": 1, "annual": 1,
    "12 months": 1, "yearly": 1,
}  # fmt: skip


@pytest.mark.parametrize(("every", "a_year"), A_YEAR.items())
def test_periods_a_year(every: str, a_year: int) -> None:
    """52 weeks or 12 equal months a year (Directive 2008/48/EC, Annex I)."""
    assert parse_every(every).per_year == a_year
    loan = founding(every=every)
    interest = amounts(schedule_of(loan), "interest")[0]
    exact = Fraction(50_000) * Fraction(144, 1000) / a_year
    assert interest == Decimal(int(exact * 100 + Fraction(1, 2))) / 100


@pytest.mark.parametrize(
    "every", ["", "day", "decade", "5 weeks", "0 months", "13 months", 3, None]
)
def test_no_such_period(every: Any) -> None:
    """Other distances between due dates are refused, with the list of those there are."""
    with pytest.raises(rs.RestructureError, match="week, 2 weeks, 4 weeks, month"):
        parse_every(every)


@pytest.mark.parametrize(
    ("every", "count", "text"),
    [("month", 3, "3 months"), ("month", 1, "1 month"), ("2 weeks", 2, "2 periods"),
     ("year", 2, "2 years"), ("quarter", 1, "1 quarter"), ("half-year", 1, "1 period")],
)  # fmt: skip
def test_periods_for_people(every: str, count: int, text: str) -> None:
    """Counts of periods are worded: "3 months", "1 month", else "2 periods"."""
    assert parse_every(every).noun(count) == text


# What a period bears


@pytest.mark.parametrize("every", ["week", "2 weeks", "4 weeks", "month", "quarter", "year"])
def test_nominal_rates_are_divided(every: str) -> None:
    """Compounding once an instalment: the rate over the periods a year, exactly."""
    period = parse_every(every)
    for compounding in (None, period):
        factor = period_factor(Fraction(144, 1000), period, compounding)
        assert factor == Fraction(144, 1000) / A_YEAR[every]


@pytest.mark.parametrize(
    ("rate", "every", "compounding", "expected"),
    [
        # (1 + r/m)^(m/k) - 1 where the exponent is whole: exact
        ("0.12", "quarter", "month", (1 + Fraction(1, 100)) ** 3 - 1),
        ("0.12", "year", "month", (1 + Fraction(1, 100)) ** 12 - 1),
        ("0.12", "year", "half-year", Fraction(106, 100) ** 2 - 1),
        ("0.08", "half-year", "quarter", Fraction(102, 100) ** 2 - 1),
        ("0", "month", "half-year", Fraction(0)),
    ],
)
def test_compounding_more_often(
    rate: str, every: str, compounding: str, expected: Fraction
) -> None:
    """Interest that compounds within a period grows to the exact power."""
    found = period_factor(Fraction(rate), parse_every(every), parse_every(compounding))
    assert found == expected


@given(
    rate=st.fractions(min_value=Fraction(1, 1000), max_value=3, max_denominator=10**6),
    every=st.sampled_from(["week", "2 weeks", "4 weeks", "month", "2 months"]),
    compounding=st.sampled_from(["quarter", "half-year", "year"]),
)
@examples(200)
def test_compounding_less_often(rate: Fraction, every: str, compounding: str) -> None:
    """Grown over a year at the period's factor, a debt is what compounding makes it: to 10^-37.

    The root itself is irrational: (1 + f)^k and (1 + r/m)^m are compared, which need no root.
    """
    period, times = parse_every(every), parse_every(compounding).per_year
    factor = period_factor(rate, period, parse_every(compounding))
    once = (1 + factor) ** int(period.per_year)
    assert abs(once - (1 + rate / times) ** int(times)) < Fraction(1, 10**35) * once
    assert factor.denominator <= 10**40
    assert float(factor) == pytest.approx(
        exp(log(1 + float(rate / times)) * float(times / period.per_year)) - 1, rel=1e-9
    )


def test_canadian_mortgage() -> None:
    """Interest Act, section 6: 6 % compounded half-yearly is 0.493862 % a month.

    (1.03)^(1/6) - 1 = 0.0049386220...; 100,000 over 300 months then costs 639.81 a month, where
    monthly compounding asks for 644.30.
    """
    terms = {"principal": 100_000, "term": 300, "rate": "6%", "currency": "CAD"}
    loan = rs.Loan.of(**terms, compounding="semi-annual")
    leg = loan.path[0]
    assert round(Fraction(leg.num, leg.den) * 10**10) == 49_386_220
    assert amounts(schedule_of(loan), "payment")[0] == Decimal("639.81")
    assert amounts(schedule_of(rs.Loan.of(**terms)), "payment")[0] == Decimal("644.30")


@pytest.mark.parametrize("compounding", ["period", "month", "monthly", " Period "])
def test_compounding_with_the_instalments(compounding: str) -> None:
    """`period`, and the instalment period by its name, compound once an instalment."""
    assert amounts(schedule_of(founding(compounding=compounding)), "interest")[0] == 600


def test_no_such_compounding() -> None:
    """Another word is refused; the message lists the periods, and `period`."""
    with pytest.raises(rs.RestructureError, match=r"quarter, .*period"):
        founding(compounding="continuous")


def test_a_negative_rate_is_refused_later() -> None:
    """A cut below 0 is judged on the whole plan, and another rate after it may undo it."""
    assert "below 0" in rs.compare(founding(), ["rate:cut=15"]).plans[1].refused
    assert not rs.compare(founding(), ["rate:cut=15+rate:5%"]).plans[1].refused
    assert not rs.compare(founding(), ["rate:cut=14.4"]).plans[1].refused
