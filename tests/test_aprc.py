"""The APRC against the figures that the Commission, UK calculators and peers publish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from dateutil.relativedelta import relativedelta

from restructure.errors import InvalidValue
from restructure.yields import aprc, interval, round_half_up

SOTO = "European Commission, Examples for the calculation of the APRC (2015)"
SWD = "European Commission, SWD(2012)128, section 4.1.1"
UK = "examples of the UK APR calculator of S. Haunts (FCA MCOB 10.3, CONC App 1)"
FSHARP = "FSharp.Finance.Personal, APR tests, UK and EU"

Flows = list[tuple[float, float]]


def level(principal: float, rate: float, count: int) -> float:
    """Return the level instalment of equal months, not rounded."""
    factor = rate / 12
    return principal * factor / (1 - (1 + factor) ** -count)


def left(principal: float, rate: float, count: int, after: int) -> float:
    """Return what is owed of a level loan with an unrounded instalment after some months."""
    grown = (1 + rate / 12) ** after
    return principal * grown - level(principal, rate, count) * (grown - 1) / (rate / 12)


def monthly(effective: float) -> float:
    """Return the rate a month of an effective annual rate."""
    return (1 + effective) ** (1 / 12) - 1


def loan(net: float, *payments: tuple[int, float], extra: Flows | None = None) -> Flows:
    """Return monthly flows: `net` paid out, then runs of (count, payment), then extra ones."""
    flows: Flows = [(0, -net)]
    for count, paid in payments:
        flows += [(len(flows) + k, paid) for k in range(count)]
    return flows + (extra or [])


def repaid(
    net: float,
    principal: float,
    factor: Callable[[int], float],
    part: Callable[[int, float, float], float],
    extra: Flows | None = None,
) -> Flows:
    """Return monthly flows: interest and the principal part of each month, until repaid."""
    flows: Flows = [(0, -net)]
    month = 0
    while principal > 1e-6:
        month += 1
        interest = principal * factor(month)
        reduced = min(part(month, principal, interest), principal)
        flows.append((month, interest + reduced))
        principal -= reduced
    return flows + (extra or [])


def same(rate: float) -> Callable[[int], float]:
    """Return a factor a month that does not change."""
    return lambda month: rate


def stepped(first: float, then: float, until: int = 6) -> Callable[[int], float]:
    """Return factors a month of two effective rates."""
    return lambda month: monthly(first if month <= until else then)


def equal(amount: float) -> Callable[[int, float, float], float]:
    """Return equal principal parts."""
    return lambda month, principal, interest: amount


def graduated() -> Flows:
    """Return instalments that fall by 3 % a year, each rounded once."""
    worth = sum(0.97**year * 1.005**-month for year in range(20) for month in months_of(year))
    first = 200_000 / worth
    return loan(196_000, *((12, round(first * 0.97**year, 2)) for year in range(20)))


def months_of(year: int) -> range:
    """Return the months of a year of the loan, from 1."""
    return range(12 * year + 1, 12 * year + 13)


def dated(start: date, net: float, first: date, count: int, months: int, paid: float):
    """Return dated flows, one payment every so many months."""
    return [(start, -net)] + [
        (first + relativedelta(months=months * k), paid) for k in range(count)
    ]


def drawn_in_parts() -> Flows:
    """Return 7,500 now and after 3 months, 15,000 after 6; equal parts of what is left."""
    flows: Flows = [(0, 600)]
    principal = 0.0
    for month in range(13):
        if month:
            part = principal / (13 - month)
            factor = monthly(0.07 if month <= 6 else 0.0839)
            flows.append((month, part + principal * factor))
            principal -= part
        drawn = {0: 7500, 3: 7500, 6: 15_000}.get(month, 0)
        flows.append((month, -drawn))
        principal += drawn
    return flows


TWO_PARTS = round(level(100_000, 0.06, 180), 2)
FIRST = round(level(100_000, 0.055, 180), 2)
THEN = round(level(left(100_000, 0.055, 180, 6), 0.0689, 174), 2)
CAPITALISED = 200_000 * 1.00625**6

# Example, flows with times in months (or dates), APRC in per cent, tolerance.
EXAMPLES = [
    ("1", loan(196_000, (240, 1432.86)), 6.434412, 5e-7),
    (
        "2, case 2",
        dated(date(2013, 1, 12), 196_000, date(2013, 2, 15), 240, 1, 1433.56),
        6.434111,
        5e-7,
    ),
    (
        "2, case 3",
        dated(date(2012, 1, 12), 196_000, date(2012, 2, 15), 20, 12, 16541.86),
        6.28207,
        5e-7,
    ),
    ("3", loan(196_000, (240, 1432.86 + 16.67)), 6.588554, 5e-7),
    ("6", loan(196_000, (240, 1432.86), extra=[(240, 100)]), 6.436359, 5e-7),
    ("7", loan(196_000, (180, 1199.10), extra=[(180, 142_097.69)]), 6.409523, 5e-7),
    ("8", loan(196_000, (240, 1166.67), extra=[(240, 200_000)]), 7.430479, 5e-7),
    (
        "8, illustrative",
        loan(196_000, (6, 1166.67), (234, 1398.33), extra=[(240, 200_000)]),
        8.86928,
        5e-7,
    ),
    ("10", graduated(), 6.46836, 5e-7),
    ("11", repaid(196_000, 200_000, same(0.005), lambda m, p, i: 1500 - i), 6.452756, 5e-7),
    ("12", repaid(196_000, 200_000, same(0.005), equal(900)), 6.492533, 6e-7),
    ("13", repaid(196_000, 200_000, same(0.005), equal(200_000 / 240)), 6.476009, 5e-7),
    (
        "14",
        repaid(196_000, 200_000, same(0.005), lambda m, p, i: max(0.02 * p, 100)),
        6.818859,
        1e-5,
    ),
    (
        "15",
        repaid(196_000, 200_000, same(0.005), lambda m, p, i: max(0.02 * (p + i), 300) - i),
        6.695965,
        6e-7,
    ),
    (
        "19",
        repaid(
            196_000,
            200_000,
            same(0.005),
            equal(200_000 / 240),
            extra=[(month, 100) for month in range(1, 241, 24)],
        ),
        6.523259,
        5e-7,
    ),
    ("20", loan(196_000, (24, 1319.91), (216, 1423.41)), 6.190654, 5e-7),
    ("21, illustrative", loan(196_000, (9, 1319.91), (231, 1530.61)), 7.199734, 5e-7),
    ("22, case 1, illustrative", loan(196_000, (9, 1349.91), (231, 1515.81)), 7.093592, 5e-7),
    ("22, case 2", loan(196_000, (9, 1339.91), (231, 1394.06)), 6.041228, 5e-7),
    ("22, case 2, illustrative", loan(196_000, (9, 1339.91), (231, 1550.61)), 7.379073, 5e-7),
    ("23, illustrative", loan(196_000, (9, 1319.91), (231, 1578.43)), 7.597578, 5e-7),
    (
        "24, illustrative",
        loan(196_000, (60, 1319.91), extra=[(60, 166_909.73)]),
        5.635609,
        5e-7,
    ),
    (
        "26, illustrative",
        loan(196_000, (6, TWO_PARTS + FIRST), (174, TWO_PARTS + THEN)),
        6.925014,
        5e-7,
    ),
    ("27", loan(166_600, (240, 1217.93)), 6.434402, 5e-7),
    (
        "30, illustrative",
        repaid(29_400, 30_000, stepped(0.07, 0.0839), lambda m, p, i: 250 if m > 60 else 0),
        8.61132,
        3e-4,
    ),
    (
        "31, illustrative",
        repaid(29_400, 30_000, stepped(0.07, 0.0839), equal(2500)),
        11.542158,
        3e-4,
    ),
    (
        "32, illustrative",
        drawn_in_parts(),
        13.945824,
        3e-4,
    ),
    (
        "33, illustrative",
        repaid(29_400, 30_000, same(monthly(0.0839)), equal(2500)),
        12.625685,
        3e-4,
    ),
    ("35", [(0, -2940), (3, 100), (12, 3000)], 5.583621, 3e-4),
    (
        "36",
        repaid(2940, 3000, same(monthly(0.09)), equal(250), extra=[(1, 25)]),
        15.10627,
        3e-4,
    ),
    (
        "37",
        repaid(1470, 1500, same(monthly(0.09)), equal(125), extra=[(1, 25)]),
        16.991403,
        3e-4,
    ),
    ("40", [(0, -196_000), (6, round(CAPITALISED, 2))], 12.206644, 6e-7),
    ("41", [(0, -188_500), (6, 200_000)], 12.573788, 7e-7),
    ("42", loan(196_000, (12, 1250), extra=[(12, 200_000)]), 10.039962, 5e-7),
    ("43", loan(29_550, (120, 356.11), extra=[(-12, 150)]), 8.269278, 5e-7),
    (
        "44",
        loan(196_000, (60, 1111.11), (120, 1349.94), extra=[(180, 32_075.08)]),
        3.470057,
        5e-7,
    ),
]


@pytest.mark.parametrize(
    ("example", "flows", "percent", "tolerance"), EXAMPLES, ids=[row[0] for row in EXAMPLES]
)
def test_commission_examples(example, flows, percent, tolerance):
    """The Commission's examples give its figures, to six decimals and to one."""
    found = aprc(flows, every=None if isinstance(flows[0][0], date) else "month")
    assert found.rate is not None, f"{SOTO}, example {example}: {found.reason}"
    assert found.rate * 100 == pytest.approx(percent, abs=tolerance)
    assert round_half_up(found.rate * 100, 1) == round_half_up(percent, 1)


# Advance, payment, days between them, APR in per cent to one decimal.
SINGLE = [
    (100, 101, 365, 1.0),
    (100, 125, 31, 1286.2),
    (200, 350, 30.4375, 82400.5),
    (200, 250, 30.4375, 1355.2),
    (350, 447.97, 23, 4935.9),
    (150, 191.99, 36, 1123.2),
    (100, 127.99, 26, 3103.4),
    (400, 511.96, 36, 1122.9),
    (150, 191.99, 9, 2238723.9),
    (364.54, 450, 30, 1199.0),
    (250, 319.98, 16, 27875.8),
]


@pytest.mark.parametrize(("advance", "paid", "days", "percent"), SINGLE)
def test_uk_single_payments(advance, paid, days, percent):
    """The UK's published short loans come out with 365.25 days a year."""
    found = aprc([(0, -advance), (days, paid)], "uk", every="day")
    assert found.rate is not None, UK
    assert found.rate * 100 == pytest.approx(percent, abs=0.05)


# Flows, convention, APR in per cent, tolerance.
OCTOBER = date(2012, 10, 10)
TWICE_270 = [(OCTOBER, -500), (date(2012, 11, 10), 270), (date(2012, 12, 10), 270)]
DATED = [
    ([(OCTOBER, -500), (date(2012, 10, 15), 510)], "act/365", 324.436, 0.1),
    (TWICE_270, "act/365", 84.63, 0.005),
    (TWICE_270, "eu", 85.59, 0.006),
]


@pytest.mark.parametrize(("flows", "convention", "percent", "tolerance"), DATED)
def test_dated_loans(flows, convention, percent, tolerance):
    """Short dated loans: by days / 365 as published, and by the EU's equal months."""
    found = aprc(flows, convention)
    assert found.rate is not None, FSHARP
    assert found.rate * 100 == pytest.approx(percent, abs=tolerance)


# Earlier date, later date, period; whole periods, days left over, days of the year.
INTERVALS = [
    (date(2012, 1, 12), date(2012, 3, 15), "month", (2, 3, 365)),
    (date(2012, 1, 12), date(2012, 2, 15), "month", (1, 3, 365)),
    (date(2012, 1, 12), date(2012, 4, 15), "month", (3, 3, 365)),
    (date(2013, 1, 12), date(2013, 2, 15), "month", (1, 3, 366)),
    (date(2013, 1, 12), date(2013, 3, 15), "month", (2, 3, 366)),
    (date(2012, 1, 12), date(2013, 2, 15), "year", (1, 34, 365)),
    (date(2013, 2, 25), date(2013, 3, 28), "month", (1, 3, 366)),
    (date(2013, 2, 26), date(2013, 3, 29), "month", (1, 2, 366)),
    (date(2012, 12, 1), date(2013, 2, 2), "month", (2, 1, 366)),
    # By the same rule, not published:
    (date(2023, 1, 2), date(2023, 2, 1), "week", (4, 2, 365)),
    (date(2024, 2, 29), date(2025, 2, 28), "year", (0, 365, 366)),
]


@pytest.mark.parametrize(("start", "end", "period", "expected"), INTERVALS)
def test_interval_rule(start, end, period, expected):
    """Whole periods count backward; days left over are of the year that ends with them."""
    assert interval(start, end, period)[1:] == expected, SWD


# Number, decimals, rounded.
ROUNDED = [(3.055, 1, "3.1"), (3.055, 2, "3.06"), (3.054, 1, "3.1"), (3.054, 2, "3.05")]


@pytest.mark.parametrize(("value", "digits", "rounded"), ROUNDED)
def test_rounding(value, digits, rounded):
    """A rate is rounded half up as it is written, not as a binary float."""
    assert round_half_up(value, digits) == Decimal(rounded), SWD


def test_month_ends_are_equal_months():
    """A loan of month ends is one of equal months, in February too."""
    ends = [date(2023, 1, 31), date(2023, 2, 28), date(2023, 3, 31), date(2023, 4, 30)]
    flows = [(ends[0], -900), *((day, 310) for day in ends[1:])]
    numbered = [(0, -900), (1, 310), (2, 310), (3, 310)]
    assert aprc(flows) == aprc(numbered, every="month")


def test_weekly_loans_count_weeks():
    """Weekly payments are counted in weeks, 52 a year."""
    start = date(2023, 3, 1)
    flows = [(start, -400), *((start + relativedelta(weeks=k), 50) for k in range(1, 11))]
    numbered = [(0, -400), *((k, 50) for k in range(1, 11))]
    assert aprc(flows) == aprc(numbered, every="week")


def test_names_are_checked():
    """A convention or a period that does not exist is named in the message."""
    with pytest.raises(InvalidValue, match="convention: 'act/364' is not one of eu"):
        aprc([(0, -1), (1, 2)], "act/364")
    with pytest.raises(InvalidValue, match="every: 'moon' is not one of year"):
        aprc([(0, -1), (1, 2)], every="moon")
    with pytest.raises(InvalidValue, match="period: 'moon'"):
        interval(date(2020, 1, 1), date(2020, 2, 1), "moon")
