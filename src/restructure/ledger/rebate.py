"""The rebate of the United Kingdom's Consumer Credit (Early Settlement) Regulations 2004.

SI 2004/1483, regulation 4: the rebate is what would still be repaid, less what the credit would
have grown to by the settlement date at the annual percentage rate, repayments taken off on
their days. A lender may not give less.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from restructure.errors import InvalidValue
from restructure.money import divide
from restructure.words import say


def periodic_rate(apr: Fraction, per_year: Fraction | int) -> Fraction:
    """Return the rate a period that compounds to an annual percentage rate, to six decimals.

    `apr` 0.14 and `per_year` 12 give 0.010979.
    """
    if apr < 0:
        raise InvalidValue(say("is below 0."), field="apr")
    return Fraction(round(((1 + float(apr)) ** (1 / float(per_year)) - 1) * 10**6), 10**6)


def early_settlement_rebate(
    credit: int,
    payments: Sequence[int],
    settled: int,
    part: Fraction,
    apr: Fraction,
    per_year: Fraction | int = 12,
) -> int:
    """Return the least rebate on early settlement, in minor units, half-up.

    `payments` are all agreed repayments, one a period from one period after the credit; the
    settlement date lies `part` of a period after the first `settled` of them. With r the
    `periodic_rate` of `apr`: rebate = sum of the payments after it - (credit (1+r)^m - sum of
    payment_j (1+r)^(m-j)) (1+r)^part, never below 0.
    """
    if not 0 <= settled <= len(payments):
        raise InvalidValue(
            say("{value} is not from 0 to {most}.", value=settled, most=len(payments)),
            field="settled",
        )
    grow = 1 + periodic_rate(apr, per_year)
    owed = Fraction(credit)
    for payment in payments[:settled]:
        owed = owed * grow - payment
    grown = float(owed) * float(grow) ** float(part)
    rebate = Fraction(sum(payments[settled:])) - Fraction(grown)
    return max(divide(rebate.numerator, rebate.denominator), 0) if rebate > 0 else 0
