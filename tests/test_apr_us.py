"""The US APR against the examples of Regulation Z, Appendix J, and a commercial engine."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from dateutil.relativedelta import relativedelta

from restructure.errors import InvalidValue
from restructure.yields import apr_us, unit_period_of, unit_periods
from restructure.yields._times import MONTH, unit_named

REG_Z = "12 CFR 1026 (Regulation Z), Appendix J, 2024 edition, paragraph (c)"
FSHARP = "FSharp.Finance.Personal, AprUsActuarialTests"
SCE = "J. L. Sherman & Associates, SCE loan engine reference manual"


def on(*text: str) -> date | tuple[date, ...]:
    """Return ISO dates."""
    days = tuple(map(date.fromisoformat, text))
    return days[0] if len(days) == 1 else days


def run(first: str, count: int, amount: float, months: int = 1, days: int = 0):
    """Return payments of one amount, so many months or days apart."""
    day = date.fromisoformat(first)
    step = [relativedelta(months=0 if days else months * k, days=days * k) for k in range(count)]
    return [(day + later, amount) for later in step]


def halves(first: str, count: int, amount: float):
    """Return payments on the 1st and 16th."""
    both = zip(
        run(first, count // 2, amount), run(first[:-2] + "16", count // 2, amount), strict=True
    )
    return [flow for pair in both for flow in pair]


def skipped():
    """Return (c)(6)(i): every 4 weeks, in four stretches, two of them 2 weeks later."""
    start = date(1978, 1, 25)
    stretches = ((0, 26, 9), (10, 12, 6), (16, 26, 6), (23, 12, 3))
    return [
        (start + timedelta(days=28 * (whole + k) + odd), 100.0)
        for whole, odd, count in stretches
        for k in range(count)
    ]


# Paragraph of (c), advance date, advance, payments, unit-period, APR in per cent.
PUBLISHED = [
    ("1 i", "1978-01-10", 5000, run("1978-02-10", 24, 230), "month", 9.69),
    ("1 ii", "1978-02-10", 6000, run("1978-04-01", 36, 200), "month", 11.82),
    ("1 iii", "1978-02-23", 5000, halves("1978-03-01", 24, 219.17), "semimonth", 10.34),
    ("1 iv", "1978-05-23", 10000, run("1978-10-01", 40, 385, 3), "quarter", 8.97),
    ("1 v", "1978-03-20", 500, run("1978-04-21", 30, 17.60, days=7), "week", 14.96),
    (
        "2 i",
        "1978-01-10",
        5000,
        run("1978-02-10", 1, 250) + run("1978-03-10", 23, 230),
        "month",
        10.08,
    ),
    (
        "2 ii",
        "1978-03-18",
        400,
        run("1978-04-20", 1, 39.50) + run("1978-05-18", 11, 38.31, days=28),
        "4 weeks",
        28.50,
    ),
    (
        "3 i",
        "1978-01-10",
        5000,
        run("1978-02-10", 23, 230) + run("1980-01-10", 1, 280),
        "month",
        10.50,
    ),
    (
        "3 ii",
        "1978-04-03",
        200,
        run("1978-04-11", 19, 9.50, days=14) + run("1979-01-02", 1, 30),
        "2 weeks",
        12.22,
    ),
    (
        "4 i",
        "1978-01-10",
        5000,
        run("1978-02-10", 1, 250) + run("1978-03-10", 22, 230) + run("1980-01-10", 1, 280),
        "month",
        10.90,
    ),
    (
        "4 ii",
        "1978-01-10",
        8000,
        run("1978-03-01", 1, 449.36) + run("1978-05-01", 18, 465, 2) + run("1981-05-01", 1, 200),
        "2 months",
        7.30,
    ),
    ("5 i", "1978-01-03", 1000, run("1978-09-15", 1, 1080), "term of 255 days", 11.45),
    ("5 ii", "1978-01-17", 1000, run("1978-07-17", 1, 1044), "term of 181 days", 8.80),
    ("5 iii", "1978-01-17", 1000, run("1979-07-17", 1, 1135.19), "year", 8.76),
    ("5 iv", "1978-01-03", 1000, run("1980-01-03", 1, 1240), "year", 11.36),
    ("6 i", "1978-01-25", 2135, skipped(), "4 weeks", 12.00),
    (
        "6 ii",
        "1978-03-03",
        7350,
        run("1978-09-15", 3, 1000)
        + run("1979-03-15", 1, 2000)
        + run("1979-09-15", 3, 750)
        + run("1980-02-01", 1, 1000),
        "month",
        10.22,
    ),
]


@pytest.mark.parametrize(
    ("paragraph", "start", "amount", "payments", "unit", "percent"),
    PUBLISHED,
    ids=[row[0] for row in PUBLISHED],
)
def test_appendix_j(paragraph, start, amount, payments, unit, percent):
    """Every example of paragraph (c): the unit-period is found, the APR met to two decimals."""
    advances = [(date.fromisoformat(start), amount)]
    assert unit_period_of(advances, payments).name == unit, f"{REG_Z}({paragraph})"
    found = apr_us(advances, payments)
    assert found.rate is not None
    assert found.rate * 100 == pytest.approx(percent, abs=0.005)


def test_iteration_example_without_dates():
    """Paragraph (b)(9): 36 payments of 33.61 for 1,000 are 12.83 %."""
    found = apr_us([(0, 1000)], [(k, 33.61) for k in range(1, 37)], "month")
    assert found.rate is not None
    assert found.rate * 100 == pytest.approx(12.83, abs=0.005)


def days_after(start: str, amount: float, *days: int):
    """Return payments so many days after a date."""
    return [(date.fromisoformat(start) + timedelta(days=k), amount) for k in days]


# Advance date, advance, payments, APR in per cent to two decimals.
OTHERS = [
    ("1978-06-23", 10000, run("1978-10-01", 40, 385, 3), 9.15),
    ("1978-07-23", 10000, run("1978-10-01", 40, 385, 3), 9.32),
    ("2023-10-26", 1000, run("2023-11-30", 5, 220, days=1), 94.15),
    ("2023-10-28", 1000, run("2023-11-30", 5, 250, days=7), 176.52),
    ("2023-11-23", 1000, run("2023-11-30", 5, 250, days=7), 412.40),
    ("2023-11-24", 1000, run("2023-11-30", 5, 250, days=7), 434.30),
    ("2023-10-26", 1000, run("2023-11-30", 5, 500, 12), 78.34),
    ("2024-06-01", 500, run("2024-07-01", 1, 550), 120.00),
    ("2024-06-01", 500, run("2024-06-16", 1, 550), 243.33),
    ("2024-01-01", 300, days_after("2024-01-01", 102, 1, 2, 3), 363.80),
    ("2024-01-01", 300, days_after("2024-01-01", 102, 1, 2, 4), 311.98),
    ("2024-01-01", 300, days_after("2024-01-01", 102, 1, 2, 9), 182.59),
    ("2024-01-01", 300, days_after("2024-01-01", 102, 7, 14, 21), 51.83),
    ("2024-01-01", 300, days_after("2024-01-01", 102, 7, 14, 22), 50.62),
]


@pytest.mark.parametrize(("start", "amount", "payments", "percent"), OTHERS)
def test_peer(start, amount, payments, percent):
    """Another implementation's figures for days, weeks, quarters, years and single payments."""
    found = apr_us([(date.fromisoformat(start), amount)], payments)
    assert found.rate is not None, FSHARP
    assert found.rate * 100 == pytest.approx(percent, abs=0.005)


def equal_principal():
    """Return 100 of principal a month, interest by actual days / 365, the rest at the end."""
    days = [date(2022, 8, 24), *(day for day, _ in run("2022-10-01", 12, 0))]
    payments = []
    for k, (before, day) in enumerate(pairwise(days)):
        left = 10_000 - 100 * k
        interest = round(left * 0.06 * (day - before).days / 365 + 1e-9, 2)
        payments.append((day, (100 if k < 11 else left) + interest))
    return payments


# Advance date, proceeds, payments, APR in per cent to three decimals.
ENGINE = [
    ("2022-08-24", 10_000, equal_principal(), 5.996),
    (
        "2022-08-25",
        10_000,
        [flow for flow in run("2022-10-01", 60, 253.55) if flow[0].month not in (6, 7, 8)],
        5.491,
    ),
    (
        "2022-08-22",
        10_000,
        run("2022-10-01", 1, 50.13)
        + run("2022-11-01", 10, 37.59)
        + run("2023-09-01", 1, 10_062.59),
        4.748,
    ),
    ("2022-07-20", 5000, run("2022-12-31", 1, 5149.18), 6.640),
]


@pytest.mark.parametrize(("start", "amount", "payments", "percent"), ENGINE)
def test_commercial_engine(start, amount, payments, percent):
    """Equal principal, skipped summers, interest only and a single payment, to three decimals."""
    found = apr_us([(date.fromisoformat(start), amount)], payments)
    assert found.rate is not None, SCE
    assert found.rate * 100 == pytest.approx(percent, abs=0.0005)


def test_commercial_engine_regular_loan():
    """36 payments of 322.67 for 10,000 are 10.000 %; the finance charge is 1,616.12."""
    found = apr_us([(0, 10_000)], [(k, 322.67) for k in range(1, 37)], "month")
    assert found.rate is not None
    assert round(found.rate * 100, 3) == 10.0


# Dates of payments after 1 January 2024; the unit-period. Paragraph (b)(4)(i).
UNITS = [
    (on("2024-02-01", "2024-03-01", "2024-04-01"), "month"),
    (on("2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"), "month"),
    (on("2024-01-30", "2024-02-29", "2024-03-30", "2024-04-30"), "month"),
    (on("2024-01-15", "2024-01-31", "2024-02-15", "2024-02-29", "2024-03-15"), "semimonth"),
    (on("2024-01-15", "2024-02-01", "2024-02-15", "2024-03-01", "2024-03-15"), "semimonth"),
    (on("2024-01-15", "2024-01-29", "2024-02-12", "2024-02-26"), "2 weeks"),
    (on("2024-07-01", "2025-01-01", "2025-07-01"), "half-year"),
    (on("2025-01-01", "2026-01-01"), "year"),
    # No common period: the average, to the nearest; months are equal.
    (on("2024-02-01", "2024-04-01", "2024-07-01"), "2 months"),
    (on("2024-06-01", "2024-12-01", "2025-07-01"), "half-year"),
    (on("2024-01-29", "2024-03-05"), "month"),
    (on("2025-01-01", "2027-01-01"), "year"),
    # Equally often: the smaller.
    (on("2024-01-08", "2024-01-15", "2024-01-29", "2024-02-12"), "week"),
    # A common period that is no standard interval: the nearest one.
    (on("2024-01-11", "2024-01-21", "2024-01-31"), "week"),
]


@pytest.mark.parametrize(("days", "name"), UNITS)
def test_unit_period(days, name):
    """The most frequent common period, the smaller of two, or the average to the nearest."""
    assert unit_period_of([(date(2024, 1, 1), 1)], [(day, 1) for day in days]).name == name


# Earlier date, later date, unit-period; whole ones and the fraction. Paragraph (b)(5).
COUNTS = [
    ("1978-02-10", "1978-04-01", "month", 1, Fraction(19, 30)),
    ("1978-02-23", "1978-03-01", "semimonth", 0, Fraction(6, 15)),
    ("1978-05-23", "1978-10-01", "quarter", 1, Fraction(39, 90)),
    ("1978-01-10", "1978-03-01", "2 months", 0, Fraction(52, 60)),
    ("1978-03-20", "1978-04-21", "week", 4, Fraction(4, 7)),
    ("1978-03-18", "1978-04-20", "4 weeks", 1, Fraction(5, 28)),
    ("1978-01-17", "1979-07-17", "year", 1, Fraction(6, 12)),
    ("1978-01-17", "1979-07-18", "year", 1, Fraction(182, 365)),
    ("1978-01-17", "1978-12-17", "half-year", 1, Fraction(5, 6)),
    ("2024-01-31", "2024-02-29", "month", 0, Fraction(29, 30)),
]


@pytest.mark.parametrize(("start", "end", "unit", "whole", "odd"), COUNTS)
def test_counting_back(start, end, unit, whole, odd):
    """Whole unit-periods count back from the later date; the fraction is left at the start."""
    found = unit_periods(date.fromisoformat(start), date.fromisoformat(end), unit_named(unit))
    assert found == (whole, odd)


def test_month_ends_stay_whole():
    """Payments on month ends, or on the 30th with February, are whole months apart."""
    for day in (31, 30):
        start = date(2023, 1, day)
        payments = [(start + relativedelta(months=k), 260.0) for k in range(1, 5)]
        numbered = [(k, 260.0) for k in range(1, 5)]
        assert apr_us([(start, 1000)], payments) == apr_us([(0, 1000)], numbered, MONTH)


def test_single_payment_of_whole_months_in_days():
    """A single payment after whole months may count months or days: the rule allows both."""
    advances, payments = [(date(2024, 1, 1), 1000)], [(date(2024, 7, 1), 1044)]
    assert apr_us(advances, payments).rate == pytest.approx(0.088)
    assert apr_us(advances, payments, term_in_days=True).rate == pytest.approx(0.044 * 365 / 182)


def test_several_advances():
    """Advances are discounted as payments are; two halves a month apart cost more than one sum."""
    payments = run("2024-03-01", 12, 90)
    once = apr_us([(date(2024, 1, 1), 1000)], payments, "month")
    twice = apr_us([(date(2024, 1, 1), 500), (date(2024, 2, 1), 500)], payments, "month")
    assert once.rate is not None
    assert twice.rate is not None
    i = twice.rate / 12
    worth = sum(90 / (1 + i) ** k for k in range(2, 14))
    assert 500 + 500 / (1 + i) == pytest.approx(worth)
    assert twice.rate > once.rate


def test_wrong_input_is_named():
    """Missing or unknown unit-periods and flows before the start get a message."""
    with pytest.raises(InvalidValue, match="unit_period is needed"):
        apr_us([(0, 1)], [(1, 2)])
    with pytest.raises(InvalidValue, match="unit_period: 'moon' is not a unit-period"):
        apr_us([(0, 1)], [(1, 2)], "moon")
    with pytest.raises(InvalidValue, match="start: a flow falls before 2024-02-01"):
        apr_us([(date(2024, 1, 1), 1)], [(date(2024, 3, 1), 2)], start=date(2024, 2, 1))
    assert "never change sign" in apr_us([], []).reason
