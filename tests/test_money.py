"""Money: reading amounts, minor units, rounding, and what is refused."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import restructure as rs
from loans import examples, founding, line_of, payments, schedule_of
from restructure.interest import interest_of
from restructure.money import LARGEST, ROUNDINGS, Currency, divide, number
from restructure.quantity import Quantity

ALLOWED = "an amount above 0, such as 50000"


@pytest.mark.parametrize(
    ("code", "exponent"),
    [
        ("CNY", 2),
        ("EUR", 2),
        ("USD", 2),
        ("GBP", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("VND", 0),
        ("CLP", 0),
        ("KWD", 3),
        ("BHD", 3),
        ("TND", 3),
        ("CLF", 4),
        ("UYW", 4),
        ("cny", 2),
    ],
)
def test_currency_exponents(code: str, exponent: int) -> None:
    """ISO 4217, list one: the number of decimals in which a currency is paid."""
    assert Currency.of(code) == (code.upper(), exponent)


@pytest.mark.parametrize("decimals", range(13))
def test_decimals_override_the_currency(decimals: int) -> None:
    """`decimals` of 0 to 12 take the place of the currency's, there and back."""
    currency = Currency.of("CNY", decimals)
    least = Decimal(1).scaleb(-decimals)
    assert currency.minor(least, "principal") == 1
    assert currency.decimal(1) == least
    assert str(currency.decimal(10**decimals)) == ("1" if not decimals else "1." + "0" * decimals)


@pytest.mark.parametrize(
    ("minor", "text"),
    [(449877, "4,498.77"), (0, "0.00"), (5, "0.05"), (-123456789, "-1,234,567.89")],
)
def test_amounts_for_people(minor: int, text: str) -> None:
    """Amounts for people have thousands separators and the currency's decimals."""
    assert Currency.of("CNY").text(minor) == text


@pytest.mark.parametrize("code", ["XXX", "YUAN", "", "CN", "BTC", None, 5])
def test_unknown_currencies(code: Any) -> None:
    """What is no ISO 4217 code is refused."""
    with pytest.raises(rs.RestructureError, match="is not an ISO 4217 currency code"):
        Currency.of(code)


@pytest.mark.parametrize(("code", "near"), [("CNX", "CNY"), ("EURO", "EUR"), ("GBB", "GBP")])
def test_near_misses_of_currencies(code: str, near: str) -> None:
    """A near miss of a code names the nearest one."""
    with pytest.raises(rs.RestructureError, match=near):
        Currency.of(code)


# Reading numbers


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("50000", "50000"),
        (" 50000 ", "50000"),
        ("+5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("007", "7"),
        ("-5", "-5"),
        (50_000, "50000"),
        (0.1, "0.1"),
        (49_999.99, "49999.99"),
        (Decimal("4498.77"), "4498.77"),
        (Decimal("1E+3"), "1000"),
        (10**15, "1000000000000000"),
        ("123456789012345678901234567890.12", "123456789012345678901234567890.12"),
    ],
)
def test_numbers(value: Any, expected: str) -> None:
    """Plain decimal numbers are read exactly; a float is read as it is written."""
    assert number(value, "principal", ALLOWED) == Decimal(expected)


@pytest.mark.parametrize(
    "value",
    ["nan", "NaN", "inf", "-inf", "Infinity", "1e30", "1E5", "0x1f", "1/3", "½", "５０", "٣",
     "5 000 0x", "--5", "5-", ".", "", "   ", "ten", "50000元", "1\n2", "1\0", "9" * 61, None,
     True, False, [50000], {}, b"50000", float("nan"), float("inf"), 1e30, 10**30, -(10**30),
     Decimal("NaN"), Decimal("Infinity"), Decimal("sNaN"), 1e-7],
    ids=repr,
)  # fmt: skip
def test_what_is_no_number(value: Any) -> None:
    """Other digits, exponents, words, nothing, infinities: refused, naming the field."""
    with pytest.raises(rs.RestructureError, match=r"^principal") as refused:
        number(value, "principal", ALLOWED)
    assert refused.value.field == "principal"
    assert ALLOWED in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "\0" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("50,000", "without separators: 50000."),
        ("1,234,567.89", "without separators: 1234567.89."),
        ("10,00,000", "without separators: 1000000."),
        ("50 000", "without separators: 50000."),
        ("50_000", "without separators: 50000."),
        ("14,4", "with a point: 14.4."),
        ("0,04", "with a point: 0.04."),
        ("５０．５", "with the digits 0 to 9: 50.5."),
    ],
)
def test_hints_for_other_ways_of_writing(text: str, hint: str) -> None:
    """Separators and a decimal comma are not guessed at: the message says what to write."""
    with pytest.raises(rs.RestructureError, match=hint):
        number(text, "principal", ALLOWED)


@pytest.mark.parametrize("value", ["0", "-1", -0.01, 0, "0.00"])
def test_a_principal_is_above_zero(value: Any) -> None:
    """A principal of 0 or below is refused."""
    with pytest.raises(rs.RestructureError, match=r"principal: .* above 0"):
        founding(principal=value)


@pytest.mark.parametrize(
    ("terms", "wrong"),
    [
        ({"principal": "50000.001"}, "more decimals than CNY has"),
        ({"principal": "50000.5", "currency": "JPY"}, "more decimals than JPY has"),
        ({"principal": "50000.0001", "currency": "KWD"}, "more decimals than KWD has"),
        ({"principal": "0." + "0" * 30 + "1"}, "more decimals than CNY has"),
        ({"principal": "1." + "0" * 30 + "1"}, "more decimals than CNY has"),
        ({"principal": 10**15 + 1}, "above the largest amount"),
        ({"decimals": 13}, "decimals"),
        ({"decimals": -1}, "decimals"),
        ({"decimals": "2.5"}, "decimals"),
    ],
)
def test_amounts_that_a_currency_does_not_have(terms: dict[str, Any], wrong: str) -> None:
    """More decimals than the currency has, and absurd sizes, are refused."""
    with pytest.raises(rs.RestructureError, match=wrong):
        founding(**terms)


def test_the_largest_amount() -> None:
    """The largest amount is 10^15, with 12 decimals, and loses none of its digits."""
    assert LARGEST == 10**15
    currency = Currency.of("CNY", 12)
    amount = Decimal("999999999999999.123456789012")
    assert currency.minor(amount, "principal") == 999999999999999123456789012
    loan = founding(principal=LARGEST, term=480, rate="1000%", decimals=12)
    schedule = schedule_of(loan)
    # 1,000 % a year for 40 years: the sums have more digits than a Decimal keeps by default.
    line = rs.compare(loan, []).plans[0]
    assert len(str(sum(schedule.payment))) > 28
    assert str(line.total_paid).replace(".", "") == str(sum(schedule.payment))


def test_the_context_of_the_caller_rounds_nothing() -> None:
    """A caller's decimal context of four digits moves no amount, rate or percentage."""
    plans = ["reduce:3000.55", "balloon:1234.56", "extra:1234.56,at=2", "rate:9.8765%"]
    loan = founding(compounding="semi-annual", principal="50000.01")
    expected = [payments(line_of(loan, plan).schedule) for plan in plans]
    with localcontext() as context:
        context.prec = 4
        loan = founding(compounding="semi-annual", principal="50000.01")
        assert [payments(line_of(loan, plan).schedule) for plan in plans] == expected
        assert str(Currency.of("CNY").decimal(123456789)) == "1234567.89"


# Rounding

MODES = {
    # value in tenths: half-up, half-even, up, down
    (0, 10): (0, 0, 0, 0),
    (1, 10): (0, 0, 1, 0),
    (5, 10): (1, 0, 1, 0),
    (9, 10): (1, 1, 1, 0),
    (10, 10): (1, 1, 1, 1),
    (15, 10): (2, 2, 2, 1),
    (25, 10): (3, 2, 3, 2),
    (35, 10): (4, 4, 4, 3),
    (34, 10): (3, 3, 4, 3),
    (36, 10): (4, 4, 4, 3),
    (1, 3): (0, 0, 1, 0),
    (2, 3): (1, 1, 1, 0),
    (7, 2): (4, 4, 4, 3),
    (5, 2): (3, 2, 3, 2),
    (437500, 1000): (438, 438, 438, 437),  # 3,000 at 1.75 % in fen
    (438500, 1000): (439, 438, 439, 438),
}


@pytest.mark.parametrize(("fraction", "expected"), MODES.items())
def test_rounding_modes(fraction: tuple[int, int], expected: tuple[int, ...]) -> None:
    """Each mode, on both sides of a tie and on it."""
    modes = ("half-up", "half-even", "up", "down")
    assert modes == ROUNDINGS
    assert tuple(divide(*fraction, mode) for mode in modes) == expected
    assert divide(*fraction) == expected[0]
    assert tuple(interest_of(fraction[0], 1, fraction[1], mode) for mode in modes) == expected


@given(
    numerator=st.integers(0, 10**30),
    denominator=st.integers(1, 10**18),
    mode=st.sampled_from(ROUNDINGS),
)
@examples(500)
def test_one_rounding(numerator: int, denominator: int, mode: str) -> None:
    """The result is a neighbour of the exact value: the one that the mode names."""
    exact = Fraction(numerator, denominator)
    found = divide(numerator, denominator, mode)
    off = found - exact
    if mode == "down":
        assert -1 < off <= 0
    elif mode == "up":
        assert 0 <= off < 1
    else:
        assert abs(off) <= Fraction(1, 2)
        if abs(off) == Fraction(1, 2):
            assert found % 2 == 0 if mode == "half-even" else off > 0
    assert interest_of(numerator, 1, denominator, mode) == found


# Amounts and percentages


@pytest.mark.parametrize(
    ("value", "whole", "expected"),
    [
        ("3000", 1, 300000),
        ("0.01", 1, 1),
        (3000, 1, 300000),
        (2.5, 1, 250),
        ("30%", 449877, 134963),  # 134,963.1
        ("50%", 449877, 224939),  # 224,938.5, the half up
        ("12.5 %", 1000, 125),
        ("0%", 449877, 0),
        ("100%", 449877, 449877),
        ("0.5%", 100, 1),  # half a minor unit, up
        ("0.49%", 100, 0),
    ],
)
def test_quantities(value: Any, whole: int, expected: int) -> None:
    """An amount is itself; a percentage is of the whole, rounded once, ties up."""
    assert Quantity.of(value, "reduce").of_whole(founding(), whole, "reduce") == expected


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_the_mode_is_one_of_interest(rounding: str) -> None:
    """Percentages of an instalment are rounded to the nearest, whatever the mode of interest."""
    loan = founding(rounding=rounding)
    assert Quantity.of("50%", "reduce").of_whole(loan, 449877, "reduce") == 224939


@pytest.mark.parametrize("value", ["-5", "-5%", "5%%", "%", "", "five", "１０%", None, True])
def test_what_is_no_quantity(value: Any) -> None:
    """Negative amounts and percentages, and words, are refused."""
    with pytest.raises(rs.RestructureError, match=r"^reduce"):
        Quantity.of(value, "reduce")


@pytest.mark.parametrize(
    ("value", "text"), [("3000.00", "3000"), ("030%", "30%"), ("0.50", "0.5"), (1000, "1000")]
)
def test_the_text_of_a_quantity(value: Any, text: str) -> None:
    """A quantity is written again in its shortest form."""
    assert Quantity.of(value, "reduce").text == text
