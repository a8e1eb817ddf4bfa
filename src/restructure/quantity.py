"""Quantity: an amount, or a percentage of something that is known later."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from restructure.errors import InvalidValue, shown
from restructure.loan import Loan
from restructure.money import EXACT, number
from restructure.words import say


class Quantity(NamedTuple):
    """`value` major units of the currency, or (`percent`) `value` per cent of a whole."""

    value: Fraction
    percent: bool
    text: str

    @classmethod
    def of(cls, value: object, field: str) -> Quantity:
        """Read an amount such as 3000 or a percentage such as 30%; neither is negative."""
        if isinstance(value, Quantity):
            return value
        text = value.strip() if isinstance(value, str) else ""
        percent = text.endswith("%")
        allowed = say("an amount such as 3000 or a percentage such as 30%")
        found = number(text[:-1].rstrip() if percent else value, field, allowed)
        if found < 0:
            raise InvalidValue(
                say("{value} is negative; give {allowed}.", value=shown(value), allowed=allowed),
                field=field,
            )
        plain = f"{found.normalize(EXACT):f}"
        return cls(Fraction(found), percent, plain + ("%" if percent else ""))

    def of_whole(self, loan: Loan, whole: int, field: str) -> int:
        """Return minor units: the amount, or the percentage of `whole`, rounded once."""
        if self.percent:
            return loan.share(self.value / 100, whole)
        from decimal import Decimal

        amount = EXACT.divide(Decimal(self.value.numerator), Decimal(self.value.denominator))
        return loan.currency.minor(amount, field)
