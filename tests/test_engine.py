"""The engine, case by case: methods, rate paths, balloons, rounding, and what is refused.

Expected rows are worked out by hand or by the textbook formula that the test states; plans as a
whole are compared with an independent model in test_differential.py.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import restructure as rs
from loans import (
    COLUMNS,
    amounts,
    examples,
    founding,
    line_of,
    minor_rows,
    payments,
    refusal_of,
    schedule_of,
)

GOLDEN = Path(__file__).with_name("golden")


def level(balance: int, rate: Fraction, count: int, balloon: int = 0) -> int:
    """Return the level instalment by the textbook: P i / (1 - (1+i)^-n), to the nearest."""
    if not rate:
        return (2 * (balance - balloon) + count) // (2 * count)
    i = rate / 12
    exact = (balance - balloon / (1 + i) ** count) * i / (1 - (1 + i) ** -count)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def cents(value: Fraction) -> int:
    """Round a positive number of minor units half up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


# Methods: 60,000 over 12 months at 12 %, one per cent a month


def sixty(method: str, **changes: Any) -> rs.Loan:
    """Return a loan whose textbook figures are round numbers."""
    return rs.Loan.of(**{"principal": 60_000, "term": 12, "rate": "12%", "method": method,
                         **changes})  # fmt: skip


def test_equal_principal() -> None:
    """等额本金: P/n + (P - (k-1) P/n) i each; in all P i (n+1) / 2 of interest."""
    schedule = schedule_of(sixty("equal-principal"))
    for k, row in enumerate(schedule.rows, 1):
        assert row.principal == 5000
        assert row.interest == (60_000 - (k - 1) * 5000) / 100
        assert row.payment == row.principal + row.interest
    assert sum(amounts(schedule, "interest")) == 60_000 * 13 // 2 // 100


def test_interest_only() -> None:
    """先息后本: P i each, and P with the last."""
    assert payments(schedule_of(sixty("interest-only"))) == [(11, "600.00"), (1, "60600.00")]


def test_flat() -> None:
    """等本等息: P/n + P f in every period, however little is still owed."""
    schedule = schedule_of(sixty("flat"))
    assert payments(schedule) == [(12, "5600.00")]
    assert amounts(schedule, "interest") == [600] * 12
    assert amounts(schedule, "closing")[-3:] == [10_000, 5000, 0]


def test_level() -> None:
    """等额本息: A = P i / (1 - (1+i)^-n) = 5,330.93 each."""
    schedule = schedule_of(sixty("level"))
    assert level(6_000_000, Fraction(12, 100), 12) == 533093
    assert schedule.payment[:11] == [533093] * 11
    assert amounts(schedule, "interest")[:2] == [600, Decimal("552.69")]


@pytest.mark.parametrize(
    ("method", "plan", "expected"),
    [
        # equal principal: the part of principal is worked out anew, interest is on the balance
        ("equal-principal", "extend:3", [4000 + 600 - 40 * k for k in range(15)]),
        ("equal-principal", "interest-only:2,keep=count",
         [600, 600] + [5000 + 600 - 50 * k for k in range(12)]),
        ("equal-principal", "interest-only:2",
         [600, 600] + [6000 + 600 - 60 * k for k in range(10)]),
        ("equal-principal", "rate:6%", [5000 + 300 - 25 * k for k in range(12)]),
        ("equal-principal", "rate:6%,for=6",
         [5000 + 300 - 25 * k for k in range(6)] + [5000 + 300 - 50 * k for k in range(6)]),
        ("equal-principal", "balloon:12000", [4000 + 600 - 40 * k for k in range(11)] + [16160]),
        ("equal-principal", "forgive:20%", [4000 + 480 - 40 * k for k in range(12)]),
        ("equal-principal", "set-aside:12000",
         [4000 + 480 - 40 * k for k in range(11)] + [4040 + 12_000]),
        ("equal-principal", "extra:15000,at=3,then=instalment",
         [5600, 5550, 20_500] + [Decimal("3333.33") + 300 - k * Decimal("33.3333")
                                 for k in range(9)]),
        ("equal-principal", "extra:15000,at=3", [5600, 5550, 20_500]
         + [5000 + 300 - 50 * k for k in range(6)]),
        # interest only: principal falls due last, whatever comes before
        ("interest-only", "extend:3", [600] * 14 + [60_600]),
        ("interest-only", "rate:6%", [300] * 11 + [60_300]),
        ("interest-only", "rate:6%,for=6", [300] * 6 + [600] * 5 + [60_600]),
        ("interest-only", "forgive:20%", [480] * 11 + [48_480]),
        ("interest-only", "balloon:12000", [600] * 11 + [60_600]),
        ("interest-only", "set-aside:12000", [480] * 11 + [60_480]),
        ("interest-only", "extra:15000,at=3", [600, 600, 15_600] + [450] * 8 + [45_450]),
        ("interest-only", "defer:1,interest=pay", [600] * 12 + [60_600]),
        ("interest-only", "defer:1,interest=waive", [0] + [600] * 11 + [60_600]),
        # flat: interest stays on the principal of the day of restructuring
        ("flat", "extend:3", [4600] * 15),
        ("flat", "defer:2,interest=waive", [0, 0] + [5600] * 12),
        ("flat", "defer:2,interest=end", [0, 0] + [5600] * 11 + [5600 + 1200]),
        ("flat", "defer:2,interest=first", [0, 0, 5600 + 1200] + [5600] * 11),
        ("flat", "defer:2,interest=spread", [0, 0] + [5700] * 12),
        ("flat", "interest-only:2", [600, 600] + [6600] * 10),
        ("flat", "rate:6%", [5300] * 12),
        ("flat", "rate:6%,for=6", [5300] * 6 + [5600] * 6),
        ("flat", "forgive:20%", [4480] * 12),
        ("flat", "balloon:12000", [4600] * 11 + [4600 + 12_000]),
        ("flat", "extra:15000,at=3", [5600, 5600, 20_600] + [5600] * 6),
    ],
)  # fmt: skip
def test_methods_keep_their_way(method: str, plan: str, expected: list[Any]) -> None:
    """Re-amortising keeps the method: equal parts, a last principal, a flat interest."""
    found = amounts(schedule_of(sixty(method), plan), "payment")
    assert len(found) == len(expected)
    assert found == pytest.approx([Decimal(amount) for amount in expected], abs=Decimal("0.04"))
    if all(isinstance(amount, int) for amount in expected):
        assert found == expected


@pytest.mark.parametrize("method", ["equal-principal", "interest-only", "level"])
def test_a_fixed_instalment_amortises_any_method(method: str) -> None:
    """`reduce:X` pays X until the debt is repaid, with interest on the balance."""
    schedule = schedule_of(sixty(method), "reduce:6000")
    balance, expected = 6_000_000, []
    while balance + cents(Fraction(balance, 100)) > 600_000:
        expected.append(600_000)
        balance += cents(Fraction(balance, 100)) - 600_000
    expected.append(balance + cents(Fraction(balance, 100)))
    assert schedule.payment == expected
    assert len(expected) == 11


def test_flat_with_a_fixed_instalment() -> None:
    """A flat loan with a fixed instalment bears the flat interest until nothing is owed."""
    schedule = schedule_of(sixty("flat"), "reduce:4600")
    assert payments(schedule) == [(15, "4600.00")]
    assert amounts(schedule, "interest") == [600] * 15


def test_flat_some_instalments_on() -> None:
    """As agreed a flat loan bears interest on its first principal; a plan, on what is owed."""
    loan = sixty("flat", paid=6)
    assert payments(schedule_of(loan)) == [(6, "5600.00")]
    # 30,000 are owed: 300 of interest a month, and 2,500 of principal over 12.
    assert payments(schedule_of(loan, "extend:6")) == [(12, "2800.00")]


# Rate paths


@pytest.mark.parametrize("rows", [1, 6, 11])
def test_the_instalment_is_solved_when_the_rate_changes(rows: int) -> None:
    """Under a temporary rate: solved over what is left at it, and again when it ends."""
    schedule = schedule_of(founding(), f"rate:6%,for={rows}")
    first = level(5_000_000, Fraction(6, 100), 12)
    assert schedule.payment[:rows] == [first] * rows
    balance = schedule.closing[rows - 1]
    assert balance == schedule.opening[rows]
    second = level(balance, Fraction(144, 1000), 12 - rows)
    assert schedule.payment[rows:-1] == [second] * (11 - rows)
    assert abs(schedule.payment[-1] - second) <= 12
    assert schedule.interest[rows] == cents(Fraction(balance * 12, 1000))


def test_rates_act_on_the_path_left_by_those_before() -> None:
    """A cut of 2 points after a temporary 10 % is 8 % for as long, then 12.4 %."""
    schedule = schedule_of(founding(), "rate:10%,for=4+rate:cut=2")
    assert schedule.interest[0] == cents(Fraction(5_000_000 * 8, 1200))
    row = schedule.opening[4]
    assert schedule.interest[4] == cents(row * Fraction(124, 12_000))
    assert schedule.payment[0] == level(5_000_000, Fraction(8, 100), 12)
    assert schedule.payment[4] == level(row, Fraction(124, 1000), 8)


def test_three_rates() -> None:
    """Two temporary rates, the second within the first: three stretches, each solved."""
    schedule = schedule_of(founding(), "rate:12%,for=8+rate:6%,for=3")
    for row, rate, count in ((0, 6, 12), (3, 12, 9), (8, Fraction(144, 10), 4)):
        assert schedule.payment[row] == level(schedule.opening[row], Fraction(rate) / 100, count)
        assert schedule.interest[row] == cents(schedule.opening[row] * Fraction(rate) / 1200)


def test_a_rate_of_the_same_height_changes_nothing_of_the_instalment() -> None:
    """A temporary rate that is the contract's does not solve the instalment again half way."""
    schedule = schedule_of(founding(), "rate:14.4%,for=6")
    assert payments(schedule) == [(11, "4498.77"), (1, "4498.79")]


@pytest.mark.parametrize("at", [5, 6, 7])
def test_a_prepayment_at_a_change_of_rate(at: int) -> None:
    """Each row bears the rate of its time, and the instalment is solved again after both.

    Rates change after row 6; the prepayment falls due before, with, and after the last row of
    the lower rate.
    """
    schedule = schedule_of(founding(), f"rate:6%,for=6+extra:5000,at={at},then=instalment")
    assert len(schedule) == 12
    for row, (opening, interest) in enumerate(
        zip(schedule.opening, schedule.interest, strict=True)
    ):
        rate = Fraction(6 if row < 6 else Fraction(144, 10)) / 100
        assert interest == cents(opening * rate / 12)
        if row in (0, 6, at):
            instalment = level(opening, rate, 12 - row)
        if row < 11:
            assert schedule.payment[row] == instalment + (500_000 if row == at - 1 else 0)


def test_a_rate_counts_paused_rows() -> None:
    """`for=N` counts rows from the next due date, those of a pause included."""
    schedule = schedule_of(founding(), "defer:3+rate:0%,for=2")
    assert amounts(schedule, "interest")[:3] == [0, 0, 600]


# Balloons


@pytest.mark.parametrize(
    ("balloon", "plan"),
    [(1_000_000, "balloon:10000"), (1_000_000, "balloon:20%"), (5_000_000, "balloon:100%"),
     (1, "balloon:0.01")],
)  # fmt: skip
def test_exactly_the_balloon_remains(balloon: int, plan: str) -> None:
    """The instalment is solved so that, after the last, exactly the balloon remains."""
    schedule = schedule_of(founding(), plan)
    instalment = level(5_000_000, Fraction(144, 1000), 12, balloon)
    assert schedule.payment[:11] == [instalment] * 11
    # The last one pays it too, and takes what rounding moved.
    assert abs(schedule.payment[-1] - instalment - balloon) <= 12


def test_a_balloon_after_a_pause() -> None:
    """The percentage is of the debt on the day; the instalment amortises the grown debt to it."""
    schedule = schedule_of(founding(), "balloon:20%+defer:3")
    assert schedule.opening[3] == 5182169
    instalment = level(5182169, Fraction(144, 1000), 12, 1_000_000)
    assert schedule.payment[3:-1] == [instalment] * 11
    assert abs(schedule.payment[-1] - instalment - 1_000_000) <= 12


def test_a_balloon_and_a_temporary_rate() -> None:
    """Each rate amortises to the balloon over what is left."""
    schedule = schedule_of(founding(), "balloon:10000+rate:6%,for=6")
    assert schedule.payment[0] == level(5_000_000, Fraction(6, 100), 12, 1_000_000)
    rest = schedule.opening[6]
    assert schedule.payment[6] == level(rest, Fraction(144, 1000), 6, 1_000_000)


# Rounding


@pytest.mark.parametrize(
    ("mode", "rows"),
    [
        # 101.00 at 6 % over 2: 0.505 of interest, an instalment of 50.8781... = 50.88
        ("half-up", [("0.51", "50.37", "50.63"), ("0.25", "50.63", "0.00")]),
        ("half-even", [("0.50", "50.38", "50.62"), ("0.25", "50.62", "0.00")]),
        ("up", [("0.51", "50.37", "50.63"), ("0.26", "50.63", "0.00")]),
        ("down", [("0.50", "50.38", "50.62"), ("0.25", "50.62", "0.00")]),
    ],
)
def test_rows_in_each_rounding_mode(mode: str, rows: list[tuple[str, str, str]]) -> None:
    """Interest, principal and closing of a two-row loan, worked out by hand in each mode."""
    loan = rs.Loan.of(principal=101, term=2, rate="6%", rounding=mode)
    found = [
        (str(row.interest), str(row.principal), str(row.closing)) for row in schedule_of(loan).rows
    ]
    assert found == rows


@pytest.mark.parametrize("mode", ["half-up", "half-even", "up", "down"])
@pytest.mark.parametrize("plan", ["", "extend:12", "defer:2", "rate:9%", "balloon:10%"])
def test_interest_is_rounded_once_a_row(mode: str, plan: str) -> None:
    """In every mode each row's interest is the exact product, rounded in that mode."""
    schedule = schedule_of(founding(rounding=mode, rate="13.37%"), plan)
    rate = Fraction(9, 100) if plan == "rate:9%" else Fraction(1337, 10_000)
    for opening, interest in zip(schedule.opening, schedule.interest, strict=True):
        exact = opening * rate / 12
        if mode == "up":
            assert 0 <= interest - exact < 1
        elif mode == "down":
            assert 0 <= exact - interest < 1
        else:
            assert abs(interest - exact) <= Fraction(1, 2)


def test_rounding_ends_the_loan_early() -> None:
    """100 yen without interest, rounded up to tens: 2 become 10, ten rows instead of sixty."""
    terms = {"principal": 100, "term": 60, "rate": 0, "currency": "JPY"}
    loan = rs.Loan.of(**terms, instalment_rounding="up:10")
    assert payments(schedule_of(loan)) == [(10, "10")]
    # One yen more than twelve parts of 100, of which ten are paid, is a payment of its own.
    loan = rs.Loan.of(**{**terms, "principal": 1001, "term": 12}, instalment_rounding="up:100")
    assert payments(schedule_of(loan)) == [(10, "100"), (1, "1")]
    # With 105 yen, the eleventh row pays the 5 that are left.
    loan = rs.Loan.of(**{**terms, "principal": 105}, instalment_rounding="up:10")
    assert payments(schedule_of(loan)) == [(10, "10"), (1, "5")]


def test_interest_free_sums_wait_for_the_maturity() -> None:
    """When rounding ends the debt early, what is set aside is still due at the maturity.

    900 yen in parts of 75 rounded up to 100: nine rows, two of nothing, and 100 in the twelfth.
    """
    loan = rs.Loan.of(principal=1000, term=12, rate=0, currency="JPY", instalment_rounding="up:100")
    schedule = schedule_of(loan, "set-aside:100")
    assert payments(schedule) == [(9, "100"), (2, "0"), (1, "100")]
    assert amounts(schedule, "closing")[8:] == [100, 100, 100, 0]
    assert amounts(schedule, "interest") == [0] * 12


def test_a_prepayment_that_ends_the_debt() -> None:
    """It is capped at what is owed; sums that wait fall due in the next row, or at maturity.

    After two instalments 42,155.67 are owed, with 505.87 of interest 42,661.54.
    """
    assert payments(schedule_of(founding(), "extra:90000,at=3"))[-1] == (1, "42661.54")
    loan = founding(rate=0, principal=12_000)
    for then, expected in (
        ("term", [(2, "900.00"), (1, "9000.00"), (1, "1200.00")]),
        ("instalment", [(2, "900.00"), (1, "9000.00"), (8, "0.00"), (1, "1200.00")]),
    ):
        plan = f"set-aside:1200+extra:99999,at=3,then={then}"
        assert payments(schedule_of(loan, plan)) == expected


def test_a_prepayment_before_an_interest_only_debt_ends() -> None:
    """A prepayment that shortens a term lets a later one end it: sums are due the row after."""
    loan = sixty("interest-only")
    plan = "set-aside:6000+extra:10000,at=2+extra:99999,at=5,then=instalment"
    assert payments(schedule_of(loan, plan)) == [
        (1, "540.00"),
        (1, "10540.00"),
        (2, "440.00"),
        (1, "44440.00"),
        (1, "6000.00"),
    ]


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        # 12,000 without interest, 1,000 each; row 11 may pay 0.11 more to be the last
        ("extra:999.96,at=3", [(2, "1000.00"), (1, "1999.96"), (7, "1000.00"), (1, "1000.04")]),
        ("extra:999.89,at=3", [(2, "1000.00"), (1, "1999.89"), (7, "1000.00"), (1, "1000.11")]),
        ("extra:999.88,at=3",
         [(2, "1000.00"), (1, "1999.88"), (8, "1000.00"), (1, "0.12")]),
        # regular rows are counted: behind a pause of two, row 13 is the eleventh
        ("defer:2+extra:999.89,at=5",
         [(2, "0.00"), (2, "1000.00"), (1, "1999.89"), (7, "1000.00"), (1, "1000.11")]),
        ("defer:2+extra:999.88,at=5",
         [(2, "0.00"), (2, "1000.00"), (1, "1999.88"), (8, "1000.00"), (1, "0.12")]),
        # a balloon is not counted: 750 each, 3,000 at the end
        ("balloon:3000+extra:749.89,at=3",
         [(2, "750.00"), (1, "1499.89"), (7, "750.00"), (1, "3750.11")]),
        ("balloon:3000+extra:749.88,at=3",
         [(2, "750.00"), (1, "1499.88"), (8, "750.00"), (1, "3000.12")]),
        # the first prepayment that shortens counts; one that does not is solved for apart
        ("extra:999.96,at=3+extra:500,at=5",
         [(2, "1000.00"), (1, "1999.96"), (1, "1000.00"), (1, "1500.00"), (5, "1000.00"),
          (1, "500.04")]),
        ("extra:900,at=3,then=instalment+extra:899.96,at=5",
         [(2, "1000.00"), (1, "1900.00"), (1, "900.00"), (1, "1799.96"), (5, "900.00"),
          (1, "900.04")]),
        # with the last row itself nothing is left to shorten
        ("extra:500,at=11", [(10, "1000.00"), (1, "1500.00"), (1, "500.00")]),
        ("extra:500,at=12", [(12, "1000.00")]),
    ],
)  # fmt: skip
def test_the_last_row_after_a_prepayment(plan: str, expected: list[tuple[int, str]]) -> None:
    """After it, the row is the last at which at most the instalment plus j fen are owed."""
    assert payments(schedule_of(founding(principal=12_000, rate=0), plan)) == expected


def test_before_a_prepayment_the_term_stands() -> None:
    """What rounding leaves near the end does not end a loan before its prepayment.

    100 yen over 60 months are 2 each. From the 34th row on, at most 2 + j yen are owed: only
    after the prepayment of 5 with the 45th does that make the next row the last.
    """
    loan = rs.Loan.of(principal=100, term=60, rate=0, currency="JPY")
    assert payments(schedule_of(loan, "extra:5,at=45")) == [(44, "2"), (1, "7"), (1, "5")]
    # Rounding alone repays it in 50 rows: a prepayment after that is not made,
    assert payments(schedule_of(loan, "extra:5,at=55")) == [(50, "2")]
    # but a sum that waits is due with the row after it, or at the end of the term.
    assert payments(schedule_of(loan, "set-aside:10+extra:5,at=55")) == [
        (45, "2"), (10, "0"), (1, "10"),
    ]  # fmt: skip
    assert payments(schedule_of(loan, "set-aside:10+extra:5,at=60")) == [
        (45, "2"), (14, "0"), (1, "10"),
    ]  # fmt: skip


# The fixed instalment


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        # 12,000 without interest: the j-th row is the last if at most X + j fen are owed
        ("reduce:1000", [(12, "1000.00")]),
        ("reduce:999.99", [(11, "999.99"), (1, "1000.11")]),
        ("reduce:2999.99", [(3, "2999.99"), (1, "3000.03")]),
        ("reduce:2999.98", [(4, "2999.98"), (1, "0.08")]),
        ("reduce:11999.99", [(1, "12000.00")]),
        ("reduce:11999.98", [(1, "11999.98"), (1, "0.02")]),
        ("reduce:12000", [(1, "12000.00")]),
        ("reduce:20000", [(1, "12000.00")]),
        ("reduce:5000", [(2, "5000.00"), (1, "2000.00")]),
    ],
)
def test_the_last_fixed_instalment(plan: str, expected: list[tuple[int, str]]) -> None:
    """An instalment X ends the debt where at most X and j minor units are owed at row j.

    999.99 leaves 1,000.11 after eleven, that is X + 12: it is paid at once. 2,999.98 leaves
    0.08 after four, where X + 5 allowed 0.05 more: the last pays it apart.
    """
    assert payments(schedule_of(founding(principal=12_000, rate=0), plan)) == expected


def test_a_rounded_instalment_gives_back_its_term() -> None:
    """The founding instalment, written as a plan, is the loan as agreed: no 0.02 trails."""
    agreed = schedule_of(founding())
    assert minor_rows(schedule_of(founding(), "reduce:4498.77")) == minor_rows(agreed)


@pytest.mark.parametrize("plan", ["reduce:3000+rate:0%", "rate:0%+reduce:3000"])
def test_under_a_fixed_instalment_the_count_changes(plan: str) -> None:
    """`rate` keeps the instalment that is fixed, wherever it is written; the count follows."""
    assert payments(schedule_of(founding(), plan)) == [(16, "3000.00"), (1, "2000.00")]


# What is refused

LEAST = re.compile(r"The least that works is ([0-9,.]+)\.")


class FixedCase(NamedTuple):
    """A loan, what stands before `reduce:` in a plan, and an instalment that is too low."""

    loan: dict[str, Any]
    before: str
    low: str
    why: str


TOO_LOW = [
    FixedCase({}, "", "600", "does not exceed the interest of a period, 600.00"),
    FixedCase({}, "", "1", "does not exceed the interest of a period, 600.00"),
    FixedCase({}, "", "0.01", "does not exceed the interest of a period, 600.00"),
    FixedCase({}, "defer:3+", "621.86", "interest of a period, 621.86"),
    FixedCase({}, "rate:6%+", "249", "interest of a period, 250.00"),
    FixedCase({}, "forgive:50%+", "300", "interest of a period, 300.00"),
    FixedCase({}, "rate:6%,for=6+", "400", "interest of a period"),
    FixedCase({"rate": "1%"}, "", "42", "the debt lasts over 100 years"),
    FixedCase({"rate": "1%"}, "", "40", "interest of a period, 41.67"),
    FixedCase({"rate": "1%"}, "defer:6+", "60", "the debt lasts over 100 years"),
    FixedCase({"rate": 0}, "", "41.50", "the debt lasts over 100 years"),
    FixedCase({"rate": 0, "every": "year"}, "", "400", "the debt lasts over 100 years"),
    FixedCase({"rate": "1%", "every": "week"}, "", "10", "the debt lasts over 100 years"),
    FixedCase({"rate": "0.5%", "currency": "JPY"}, "", "40", "the debt lasts over 100 years"),
    FixedCase({"method": "interest-only"}, "", "600", "interest of a period, 600.00"),
    FixedCase({"method": "flat", "rate": "6%"}, "", "250", "interest of a period, 250.00"),
    FixedCase({"rounding": "up", "rate": "14.41%"}, "", "600.42", "interest of a period, 600.42"),
    FixedCase({"paid": 4, "missed": 2}, "", "400", "interest of a period, 418.70"),
]


@pytest.mark.parametrize("case", TOO_LOW, ids=lambda case: f"{case.loan} {case.before}{case.low}")
def test_the_least_fixed_instalment(case: FixedCase) -> None:
    """A fixed instalment that is too low names the least: it works, one minor unit less fails."""
    loan = founding(**case.loan)
    reason = refusal_of(loan, f"{case.before}reduce:{case.low}")
    assert case.why in reason
    match = LEAST.search(reason)
    assert match
    least = Decimal(match[1].replace(",", ""))
    assert least > Decimal(case.low)
    accepted = line_of(loan, f"{case.before}reduce:{least}")
    assert not accepted.refused
    assert len(accepted.schedule) <= 100 * loan.every.per_year
    one_less = least - Decimal(1).scaleb(-loan.currency.exponent)
    assert refusal_of(loan, f"{case.before}reduce:{one_less}")


@given(
    principal=st.integers(1, 10**7),
    rate=st.sampled_from(["0", "0.5", "2", "14.4", "36"]),
    share=st.integers(1, 100),
    before=st.sampled_from(["", "defer:2+", "rate:3%,for=5+", "interest-only:2+"]),
)
@examples(60)
def test_the_least_is_the_least(principal: int, rate: str, share: int, before: str) -> None:
    """The same for loans and instalments drawn at random."""
    loan = founding(principal=principal, rate=rate)
    reason = refusal_of(loan, f"{before}reduce:{principal * share / 10_000:.2f}")
    match = LEAST.search(reason)
    assume(match)
    assert match
    least = Decimal(match[1].replace(",", ""))
    assert not refusal_of(loan, f"{before}reduce:{least}")
    if least > Decimal("0.01"):
        assert refusal_of(loan, f"{before}reduce:{least - Decimal('0.01')}")


def test_no_fixed_instalment_works() -> None:
    """Where the rest of the plan lasts over 100 years, no instalment is named as the least."""
    reason = refusal_of(founding(rate=0), "interest-only:1201+reduce:100")
    assert "over 100 years" in reason
    assert not LEAST.search(reason)
    assert reason.endswith("years.")


def test_a_century_exactly() -> None:
    """Rows of 100 years are allowed, one row more is not: 1,200 months without interest.

    Row j is the last where 1 and j fen are owed: 1,212 - (j - 1) <= 1 + j / 100 first at 1,200.
    """
    loan = founding(principal=1212, rate=0)
    assert len(schedule_of(loan, "reduce:1")) == 1200
    assert "over 100 years" in refusal_of(founding(principal="1212.01", rate=0), "reduce:1")
    assert "over 100 years" in refusal_of(loan, "defer:1,interest=waive+reduce:1")
    shorter = founding(principal=1200, rate=0)  # 1,189 rows
    assert len(schedule_of(shorter, "defer:11,interest=waive+reduce:1")) == 1200
    assert "over 100 years" in refusal_of(shorter, "defer:12,interest=waive+reduce:1")
    # Plans that keep their count may last longer.
    assert len(schedule_of(loan, "extend:5000")) == 5012


REFUSED = [
    # plan, terms, what the message says, with its bound
    ("defer:12,keep=maturity", {}, "at most 11 of the 12 instalments"),
    ("defer:13,keep=maturity", {}, "at most 11 of the 12 instalments"),
    ("interest-only:12", {}, "at most 11 of the 12 instalments"),
    ("reduce:3000,for=12", {}, "at most 11 of the 12 instalments"),
    ("step:50%x6/75%x6", {}, "at most 11 of the 12 instalments"),
    ("interest-only:8+reduce:20%,for=8", {}, "at most 11 of the 12 instalments"),
    ("interest-only:15+extend:3", {}, "at most 14 of the 15 instalments"),
    ("arrears:capitalise", {"paid": 11, "missed": 1}, "at most 0 of the 0 instalments"),
    ("interest-only:6", {"paid": 4, "missed": 2}, "at most 5 of the 6 instalments"),
    ("defer:1,keep=maturity", {"term": 1}, "at most 0 of the 1 instalment:"),
    ("forgive:100%", {}, "gives up the whole debt, 50,000.00"),
    ("forgive:50000", {}, "gives up the whole debt, 50,000.00"),
    ("forgive:50000.01", {}, "gives up the whole debt, 50,000.00"),
    ("forgive:60%+forgive:20000", {}, "gives up the whole debt, 20,000.00"),
    ("balloon:50000.01", {}, "above the debt, 50,000.00"),
    ("forgive:30%+balloon:40000", {}, "above the debt, 35,000.00"),
    ("set-aside:50000.01", {}, "above the debt, 50,000.00"),
    ("set-aside:60%+set-aside:20000.01", {}, "above the debt, 20,000.00"),
    ("reduce:3000+balloon:10000", {}, "balloon cannot go with a fixed instalment"),
    ("balloon:1%+defer:1,keep=payment", {}, "balloon cannot go with a fixed instalment"),
    ("reduce:3000+extend:6", {}, "both the instalment and the count"),
    ("extend:6+defer:1,keep=payment", {}, "both the instalment and the count"),
    ("extend:6+interest-only:1,keep=payment", {}, "both the instalment and the count"),
    ("rate:cut=14.5", {}, "a rate of -0.1 % is below 0"),
    ("rate:cut=8+rate:cut=8", {}, "a rate of -1.6 % is below 0"),
    ("rate:5%,for=3+rate:cut=6", {}, "a rate of -1 % is below 0"),
    ("reduce:3000.001", {}, "reduce: '3000.001' has more decimals than CNY has"),
    ("balloon:0.001", {}, "balloon: '0.001' has more decimals than CNY has"),
    ("set-aside:0.001", {}, "set-aside: '0.001' has more decimals"),
    ("extra:0.001", {}, "extra: '0.001' has more decimals"),
    ("forgive:0.001", {}, "forgive: '0.001' has more decimals"),
    ("extra:0.5", {"currency": "JPY"}, "more decimals than JPY has"),
    ("defer:1,pays=0.001", {}, "defer pays=: '0.001' has more decimals than CNY has"),
    ("reduce:3000.001,for=2", {}, "more decimals than CNY has"),
    ("forgive:0.001,of=interest", {"paid": 1, "missed": 1}, "more decimals than CNY has"),
    ("defer:1,keep=payment", {"method": "equal-principal"}, "equal-principal"),
    ("interest-only:1,keep=payment", {"method": "equal-principal"}, "equal-principal"),
    ("forgive:1000,of=interest", {}, "there is to forgive, 0.00"),
    ("forgive:600,of=interest", {"paid": 4, "missed": 1}, "there is to forgive, 409.46"),
    ("forgive:50,of=penalty", {"paid": 4, "missed": 2}, "there is to forgive, 49.07"),
    ("forgive:26,of=fees", {"fees": 25}, "there is to forgive, 25.00"),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "terms", "says"), REFUSED)
def test_what_is_refused(plan: str, terms: dict[str, Any], says: str) -> None:
    """A plan that is understood but cannot be carried out says why, with the bound."""
    assert says in refusal_of(founding(**terms), plan)


@pytest.mark.parametrize(
    ("plan", "terms"),
    [
        ("defer:11,keep=maturity", {}),
        ("defer:12,keep=maturity+extend:1", {}),
        ("interest-only:11", {}),
        ("reduce:3000,for=11", {}),
        ("interest-only:12+reduce:3000", {}),  # the count does not matter to a fixed instalment
        ("forgive:49999.99", {}),
        ("balloon:50000", {}),
        ("set-aside:50000", {}),
        ("rate:cut=14.4", {}),
        ("rate:cut=20+rate:5%", {}),  # judged on the whole plan
        ("extend:6+reduce:3000,for=3", {}),
        ("extend:0+reduce:3000", {}),
        ("balloon:0+reduce:3000", {}),
        ("forgive:49.07,of=penalty", {"paid": 4, "missed": 2}),
        ("forgive:25,of=fees", {"fees": 25}),
    ],
)
def test_what_is_just_allowed(plan: str, terms: dict[str, Any]) -> None:
    """The neighbours of what is refused are carried out."""
    assert refusal_of(founding(**terms), plan) == ""


def test_a_balloon_that_outgrows_the_debt() -> None:
    """Payments in a stretch may leave less than the balloon: refused where it cannot grow back."""
    assert "above the debt when the regular instalments begin, 10,000.00" in refusal_of(
        founding(rate=0), "balloon:50000+reduce:10000,for=4"
    )
    plan = "balloon:50000+reduce:10000,for=4"
    assert "is above the debt" in refusal_of(founding(method="equal-principal"), plan)
    # At 14.4 % over 200 months the rest grows back to the balloon: no instalments, one at the end.
    schedule = schedule_of(founding(term=210), "balloon:50000+reduce:10000,for=4")
    assert min(schedule.payment[4:-1]) >= 0
    assert schedule.payment[-1] > 5_000_000


def test_rows_have_numbers_and_no_dates() -> None:
    """Without dates the rows are numbered months, and nothing has a due date."""
    schedule = schedule_of(founding(), "defer:3")
    assert [row.number for row in schedule.rows] == [*range(1, 16)]
    assert {row.due for row in schedule.rows} == {None}
    assert schedule.maturity is None


def test_due_dates() -> None:
    """With a first due date, rows carry dates; a month's end stays one; paid ones are behind."""
    loan = founding(first_due="2026-10-31", paid=2)
    dues = [str(row.due) for row in schedule_of(loan, "defer:1").rows]
    assert dues[:4] == ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]
    assert len(dues) == 11
    assert str(schedule_of(loan).maturity) == "2027-09-30"


def test_regular_rows_begin_after_the_stretches() -> None:
    """`regular_from` is the index of the first regular row; a short loan may end before it."""
    assert schedule_of(founding()).regular_from == 0
    assert schedule_of(founding(), "defer:3+interest-only:2").regular_from == 5
    schedule = schedule_of(founding(principal=100), "reduce:90,for=6")
    assert len(schedule) == schedule.regular_from == 2


def test_the_residue_of_rounding() -> None:
    """What the last instalment takes beyond the others: 0.02 in the founding case."""
    assert schedule_of(founding()).residue == 2
    assert schedule_of(founding(), "extend:12").residue == 11
    # Of 40,000 as of 50,000, the last payment less the others' and what is due on top of it.
    aside = schedule_of(founding(), "set-aside:10000")
    assert aside.residue == aside.payment[-1] - aside.payment[0] - 1_000_000
    assert 0 < abs(aside.residue) < 12
    balloon = schedule_of(founding(), "balloon:10000")
    assert balloon.residue == balloon.payment[-1] - balloon.payment[0] - 1_000_000
    assert 0 < abs(balloon.residue) < 12
    assert schedule_of(founding(method="equal-principal")).residue == 0
    up = founding(instalment_rounding="up:1000")
    assert schedule_of(up).residue == schedule_of(up).payment[-1] - 500_000 < 0


# Golden schedules


class Golden(NamedTuple):
    """A schedule that a banker can read, in golden/NAME.txt."""

    name: str
    terms: dict[str, Any]
    plan: str


GOLDENS = [
    Golden("as-agreed", {}, ""),
    Golden("defer-3", {}, "defer:3"),
    Golden("defer-3-spread", {}, "defer:3,interest=spread"),
    Golden("extend-12", {}, "extend:12"),
    Golden("reduce-3000", {}, "reduce:3000"),
    Golden("pause-then-interest-only-then-longer", {}, "defer:2+interest-only:2+extend:6"),
    Golden("rate-cut-for-a-while", {}, "rate:cut=4.4,for=6"),
    Golden("steps-with-a-balloon", {}, "step:50%x3/75%x3+balloon:20%"),
    Golden("in-arrears-as-agreed", {"paid": 4, "missed": 2}, ""),
    Golden("in-arrears-defer-3", {"paid": 4, "missed": 2}, "defer:3"),
    Golden("in-arrears-spread", {"paid": 4, "missed": 2}, "arrears:spread,over=5"),
]


def text_table(schedule: rs.Schedule) -> str:
    """Return the rows as text, amounts aligned, with the sums below."""
    heads = ("no", *COLUMNS)
    lines = ["".join(f"{head:>12}" for head in heads)]
    for row in schedule.rows:
        cells = [f"{getattr(row, name):,.2f}" for name in COLUMNS]
        lines.append(f"{row.number:>12}" + "".join(f"{cell:>12}" for cell in cells))
    sums = {name: sum(amounts(schedule, name)) for name in ("interest", "charges", "principal")}
    sums["payment"] = sum(amounts(schedule, "payment"))
    cells = [f"{sums[name]:,.2f}" if name in sums else "" for name in COLUMNS]
    lines.append(f"{'sum':>12}" + "".join(f"{cell:>12}" for cell in cells).rstrip())
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda golden: golden.name)
def test_golden_schedule(golden: Golden) -> None:
    """Plans of the founding case, row by row, as an independent model worked them out."""
    expected = (GOLDEN / f"{golden.name}.txt").read_text(encoding="utf-8")
    title, _, table = expected.partition("\n\n")
    assert golden.plan in title
    assert text_table(schedule_of(founding(**golden.terms), golden.plan)) == table


def test_every_golden_file_is_read() -> None:
    """No golden file lies about without a case that compares it."""
    assert {file.stem for file in GOLDEN.iterdir()} == {golden.name for golden in GOLDENS}
