"""The level instalment: the float path and the exact one give the same whole number.

The expected value is the annuity formula in exact fractions, worked out here by summing what
one unit paid in each period grows to.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import restructure as rs
from loans import examples, schedule_of
from restructure.level import annuity_factor, level_instalment
from restructure.money import NEAREST, InstalmentRounding


def exact(balance: int, factor: Fraction, count: int, balloon: int = 0) -> Fraction:
    """Return the instalment, a fraction of a minor unit, that leaves `balloon` after `count`."""
    growth = 1 + factor
    owed, paid = Fraction(balance), Fraction(0)
    for _ in range(count):
        owed *= growth
        paid = paid * growth + 1
    return (owed - balloon) / paid


def nearest(value: Fraction) -> int:
    """Round to the whole number that is nearest, a tie up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


RATES = st.one_of(
    st.just(Fraction(0)),
    st.fractions(min_value=0, max_value=1, max_denominator=10**6),
    st.builds(Fraction, st.integers(1, 10**4), st.just(10**12)),  # tiny
    st.builds(Fraction, st.integers(1, 10**6), st.just(120_000)),  # up to 100 % a year and far on
)


@given(
    balance=st.integers(1, 10**13), factor=RATES, count=st.integers(1, 200), share=st.floats(0, 1)
)
@examples(1500)
def test_the_estimate_is_exact(balance: int, factor: Fraction, count: int, share: float) -> None:
    """Over rates from 0 to absurd, the whole number is that of the exact formula."""
    for balloon in {0, int(balance * share)}:
        found = level_instalment(balance, factor.numerator, factor.denominator, count, balloon)
        assert found == nearest(exact(balance, factor, count, balloon))


@given(
    balance=st.integers(10**15, 10**27),
    rate=st.fractions(min_value=Fraction(1, 10**6), max_value=1, max_denominator=10**6),
    count=st.integers(1, 120),
)
@examples(300)
def test_amounts_beyond_a_float(balance: int, rate: Fraction, count: int) -> None:
    """A debt of a billion with 12 decimals has more digits than a float: none is lost."""
    factor = rate / 12
    found = level_instalment(balance, factor.numerator, factor.denominator, count)
    assert found == nearest(exact(balance, factor, count))


def test_near_ties() -> None:
    """Where the formula lies next to a tie, the exact one decides; a float alone would err.

    Of a few hundred large balances for each rate and count, the one is tried whose instalment
    lies nearest to k + 1/2. The floats are within some units of 2^-53, and that is not enough.
    """
    random = Random(20)
    float_errs = 0
    for _ in range(300):
        factor = Fraction(random.randint(1, 6000), 120_000)
        count = random.randint(1, 120)
        one = exact(1, factor, count)
        start = random.randint(10**9, 10**15)

        def distance(balance: int, one: Fraction = one) -> int:
            value = 2 * balance * one.numerator % (2 * one.denominator)
            return abs(value - one.denominator)

        balance = min(range(start, start + 300), key=distance)
        expected = nearest(balance * one)
        assert level_instalment(balance, factor.numerator, factor.denominator, count) == expected
        estimate = balance * annuity_factor(factor.numerator, factor.denominator, count)
        float_errs += int(estimate + 0.5) != expected
    assert float_errs >= 5


@pytest.mark.parametrize(
    ("balance", "num", "den", "count", "expected"),
    [
        (1, 1, 2, 1, 2),  # 1.5 exactly, up
        (3, 1, 2, 1, 5),  # 4.5 exactly, up
        (5, 0, 1, 2, 3),  # 2.5 without interest, up
        (7, 0, 1, 2, 4),  # 3.5 without interest, up
        (10**12 + 1, 0, 1, 2, 500_000_000_001),  # half of an odd number
        (2 * 10**15 + 1, 1, 2, 1, 3 * 10**15 + 2),  # ...1.5, where a float has no halves left
        (100, 1, 1, 1, 200),
        (30, 1, 1, 2, 40),  # 30 -> 60 - 40 = 20 -> 40 - 40 = 0
        (70, 1, 1, 3, 80),
    ],
)
def test_exact_values(balance: int, num: int, den: int, count: int, expected: int) -> None:
    """Instalments that can be worked out by hand, ties among them."""
    assert level_instalment(balance, num, den, count) == expected


@pytest.mark.parametrize(
    ("balloon", "expected"),
    [(0, 40), (10, 37), (20, 33), (30, 30)],
    ids=["none", "36.67", "33.33", "all"],
)
def test_balloons(balloon: int, expected: int) -> None:
    """A balloon lowers the instalment; one of the whole debt leaves the interest alone.

    30 at 100 % over 2: what is left is 30 x 4 - 3 A, so A = (120 - balloon) / 3.
    """
    assert level_instalment(30, 1, 1, 2, balloon) == expected


@pytest.mark.parametrize(
    ("up", "step", "expected"),
    [
        (False, 1, 449877),  # 449,877.19...
        (True, 1, 449878),
        (False, 10, 449880),
        (True, 10, 449880),
        (False, 100, 449900),
        (False, 1000, 450000),
        (True, 1000, 450000),
        (False, 10_000, 450_000),
        (True, 100_000, 500_000),
        (False, 100_000, 400_000),
    ],
)
def test_instalment_rounding(up: bool, step: int, expected: int) -> None:
    """The founding instalment of 4,498.77 rounded up, and to multiples, ties up."""
    value = exact(5_000_000, Fraction(144, 12_000), 12)
    assert 449876 < value < 449878
    assert level_instalment(5_000_000, 12, 1000, 12, 0, InstalmentRounding(up, step)) == expected


@given(
    balance=st.integers(1, 10**12),
    factor=RATES,
    count=st.integers(1, 60),
    up=st.booleans(),
    step=st.sampled_from([1, 5, 10, 100, 10_000]),
)
@examples(300)
def test_rounding_up_and_to_multiples(
    balance: int, factor: Fraction, count: int, up: bool, step: int
) -> None:
    """Rounded up, no instalment is too low; to a multiple, none is more than half of it off."""
    found = level_instalment(
        balance, factor.numerator, factor.denominator, count, 0, InstalmentRounding(up, step)
    )
    value = exact(balance, factor, count)
    assert found % step == 0
    if up:
        assert 0 <= found - value < step
    else:
        assert Fraction(-step, 2) < found - value <= Fraction(step, 2)


def test_rounding_an_exact_multiple_up() -> None:
    """An instalment that is exact is not raised by rounding up."""
    assert level_instalment(120, 0, 1, 12, 0, InstalmentRounding(True, 10)) == 10
    assert level_instalment(30, 1, 1, 2, 0, InstalmentRounding(True, 1)) == 40
    assert NEAREST.round(25, 10) == 3
    assert InstalmentRounding(True).round(21, 10) == 3


@pytest.mark.parametrize(("rate", "count"), [(1e-9, 12), (0.001, 360), (0.012, 12), (2.5, 600)])
def test_annuity_factor(rate: float, count: int) -> None:
    """f / (1 - (1+f)^-n), to twelve digits, from tiny rates to those that need one payment."""
    f = Fraction(rate)
    expected = exact(10**40, f, count) / 10**40
    assert annuity_factor(f.numerator, f.denominator, count) == pytest.approx(
        float(expected), rel=1e-12
    )


@pytest.mark.parametrize(
    ("how", "instalment"),
    [
        ("nearest", 449877),
        ("up", 449878),
        ("UP", 449878),
        ("0.01", 449877),
        ("1", 449900),
        ("up:1", 449900),
        ("10", 450000),
        ("up:10", 450000),
        ("up:100", 450000),
        ("0.5", 449900),
        ("up:0.5", 449900),
        ("0.25", 449875),
        ("1000", 400000),
    ],
)
def test_rounded_instalments_in_a_schedule(how: str, instalment: int) -> None:
    """All but the last pay the rounded instalment; the last takes what rounding moved.

    The last is worked out here row by row: balance x 0.012, half up to the fen.
    """
    loan = rs.Loan.of(principal=50_000, term=12, rate="14.4%", instalment_rounding=how)
    balance = 5_000_000
    for _ in range(11):
        balance += (balance * 12 + 500) // 1000 - instalment
    last = balance + (balance * 12 + 500) // 1000
    assert schedule_of(loan).payment == [instalment] * 11 + [last]


@pytest.mark.parametrize("how", ["down", "up:x", "-10", "nearest:10", "0.001", "up:0.005", ""])
def test_no_such_instalment_rounding(how: str) -> None:
    """Other words, negative multiples and parts of the least coin are refused with the field."""
    with pytest.raises(rs.RestructureError, match=r"^instalment_rounding"):
        rs.Loan.of(principal=50_000, term=12, rate="14.4%", instalment_rounding=how)
