"""Numbers as they stand in a formula: fractions, period factors, growth."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

from restructure.loan import Loan

DIGITS = Context(prec=40)


def decimal(exact: Fraction) -> str | None:
    """Return a fraction as a decimal number if it has at most 12 decimals."""
    scaled = exact * 10**12
    if scaled.denominator != 1:
        return None
    text = f"{Decimal(scaled.numerator).scaleb(-12):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def ratio(exact: Fraction) -> str:
    """Return a fraction as a decimal number, or as a division in brackets."""
    return decimal(exact) or f"({exact.numerator} / {exact.denominator})"


def exponent(exact: Fraction) -> str:
    return str(exact.numerator) if exact.denominator == 1 else ratio(exact)


def factor(rate: Fraction, years: Fraction, loan: Loan, exact: Fraction) -> str:
    """Return the period factor: a number, or the rate for a part of the year in brackets."""
    often = loan.compounding
    if often is not None and rate and often.per_year * years != 1:
        power = ratio(often.per_year * years)
        return f"((1 + {ratio(rate)} / {ratio(often.per_year)})^{power} - 1)"
    if (short := decimal(exact)) is not None and loan.calendar is None:
        return short
    basis = next((b for b in (360, 365) if (years * b).denominator == 1), None)
    if loan.calendar is None or basis is None:
        return f"({ratio(rate)} x {years.numerator} / {years.denominator})"
    return f"({ratio(rate)} x {int(years * basis)} / {basis})"


def long(growth: float) -> str:
    """Return a growth factor with all its digits."""
    return f"{Decimal(growth):.17f}".rstrip("0") + ("0" if growth == 1 else "")
