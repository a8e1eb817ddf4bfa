"""Settlement: what closes a loan on a day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from restructure.ledger.position import Position
from restructure.loan import FLAT
from restructure.money import divide


class Settlement(NamedTuple):
    """What closes a loan on a day, in minor units.

    `arrears` is all that is due and unpaid, `principal` what is not yet due, `interest` the
    contract interest on it that counts up to the day, `rebate` the interest of later periods
    that a flat loan gives back (already out of `interest`), `credit` money held.
    """

    as_of: date
    arrears: int
    principal: int
    interest: int
    rebate: int
    credit: int

    @property
    def total(self) -> int:
        """What is to be paid on the day."""
        return self.arrears + self.principal + self.interest - self.credit


def settlement_of(position: Position) -> Settlement:
    """Return the settlement quote of a position.

    Contract interest runs to the day. A flat loan has all its interest agreed beforehand, and
    what it gives back is a rule: pro-rata, interest of time that has not run; rule-of-78,
    I x k (k + 1) / (n (n + 1)) for k of n periods that have not begun; none.
    """
    loan, schedule, rows = position.loan, position.schedule, position.rows
    exact = position.accrued
    interest = divide(exact.numerator, exact.denominator, loan.rounding)
    rebate = 0
    if loan.method == FLAT:
        left = sum(schedule.interest[rows:])
        if position.rules.rebate == "none":
            interest = left
        elif position.rules.rebate == "rule-of-78":
            n, k = len(schedule), len(schedule) - rows
            dues = schedule.due_dates()
            begun = rows > 0 and dues[rows - 1] != position.as_of
            first = rows == 0 and position.accrued > 0
            k = max(k - 1, 0) if begun or first else k
            unearned = Fraction(sum(schedule.interest) * k * (k + 1), n * (n + 1))
            rebate = divide(unearned.numerator, unearned.denominator, loan.rounding)
            interest = left - rebate
        rebate = left - interest
    return Settlement(
        position.as_of, position.cure, position.balance, interest, rebate, position.credit
    )
