"""Amounts and rates that know the formula they come from.

A measure takes a Loan and gives a Loan. Given a LiveLoan it does its own arithmetic, and what
comes out still says how it follows from the inputs: 30 % off the instalment is a formula, not
a number. Arithmetic that is not known here gives a plain number, which is a value in the
workbook.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from restructure.loan import Leg, Loan

_PROBE = Fraction(1, 1000)


class Live(int):
    """Minor units, with the formula that gives them in major units."""

    formula: str
    share: tuple[Fraction, int] | None
    """The part, and the whole that it is a part of, where the amount is one."""

    def __new__(cls, value: int, formula: str, share: tuple[Fraction, int] | None = None) -> Live:
        """Return `value` with its formula."""
        made = super().__new__(cls, value)
        made.formula = formula
        made.share = share
        return made

    def __add__(self, other: int) -> int:
        return _joined(self, "+", other)

    def __radd__(self, other: int) -> int:
        return _joined(other, "+", self)

    def __sub__(self, other: int) -> int:
        return _joined(self, "-", other)

    def __rsub__(self, other: int) -> int:
        return _joined(other, "-", self)


def _joined(left: int, sign: str, right: int) -> int:
    value = int(left) + int(right) if sign == "+" else int(left) - int(right)
    if not isinstance(right, Live) and right == 0:
        return left
    if sign == "+" and not isinstance(left, Live) and left == 0:
        return right
    return Live(value, f"({formula(left)}{sign}{formula(right)})")


def formula(amount: int) -> str:
    """Return the formula of an amount in major units; that of a plain one is minor / unit."""
    return amount.formula if isinstance(amount, Live) else f"{int(amount)}/unit"


class LiveRate(Fraction):
    """A nominal annual rate, with the formula that gives it."""

    formula: str

    @classmethod
    def of(cls, rate: Fraction, formula: str) -> LiveRate:
        """Return `rate` with its formula."""
        made = cls(rate.numerator, rate.denominator)
        made.formula = formula
        return made


class LiveLoan(Loan):
    """A loan whose amounts and rates may be live; measures act on it as on any other."""

    __slots__ = ()

    @classmethod
    def like(cls, loan: Loan, **live: Any) -> LiveLoan:
        """Return `loan` with live amounts and rates in the place of those of the same names."""
        values = {
            name: getattr(loan, name) for name in Loan.__dataclass_fields__ if name != "short"
        }
        return cls(**{**values, **live})

    def share(self, part: Fraction, whole: int) -> int:
        """Return `part` of `whole`, rounded, live if `whole` is."""
        value = Loan.share(self, part, int(whole))
        if not isinstance(whole, Live):
            return value
        times = f"*{part.numerator}" + (f"/{part.denominator}" if part.denominator > 1 else "")
        text = f"ROUND(ROUND({whole.formula}*unit,0){times},0)/unit"
        return Live(value, text, (Fraction(part), int(whole)))

    def with_rates(self, new: Callable[[Fraction], Fraction], rows: int | None = None) -> Loan:
        """Return the loan with `new(rate)` as the rate of the next `rows` periods.

        What `new` does to another rate says whether it shifts the rate or replaces it.
        """

        def live(rate: Fraction) -> Fraction:
            value, probed = new(rate), new(Fraction(rate) + _PROBE)
            if isinstance(rate, LiveRate) and probed == value + _PROBE:
                change = value - rate
                if not change:
                    return rate
                sign = "-" if change < 0 else "+"
                size = abs(change)
                text = f"({rate.formula}{sign}{size.numerator}/{size.denominator})"
                return LiveRate.of(value, text)
            return Fraction(value)

        return Loan.with_rates(self, live, rows)

    def leg(self, rate: Fraction, rows: int | None = None) -> Leg:
        """Return the piece of rate path with this rate, live or not."""
        made = Loan.leg(self, Fraction(rate), rows)
        return made._replace(rate=rate)
