"""What is overdue on the day of restructuring, and the rate of interest on it."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple


class PenaltyRate(NamedTuple):
    """Penalty interest: `times` the contract rate, or an absolute nominal annual rate."""

    times: Fraction = Fraction(1)
    annual: Fraction | None = None

    def of(self, contract: Fraction) -> Fraction:
        """Return the nominal annual penalty rate for a contract rate."""
        return max(contract, Fraction(0)) * self.times if self.annual is None else self.annual


class Arrears(NamedTuple):
    """What is due and unpaid on the day of restructuring, and what is to become of it.

    `how` treats overdue principal and interest, `penalty_how` penalty interest, `fees_how` fees
    ("" as penalty interest): capitalise, spread (over the first `over` regular instalments; 0:
    all), set-aside, pay (with the first payment, interest-free), forgive.
    """

    principal: int = 0
    interest: int = 0
    penalty: int = 0
    fees: int = 0
    how: str = "capitalise"
    penalty_how: str = "pay"
    over: int = 0
    fees_how: str = ""

    @property
    def total(self) -> int:
        """Return all that is overdue."""
        return self.principal + self.interest + self.penalty + self.fees

    def without(self, part: str, amount: int) -> Arrears:
        """Return the arrears with `amount` taken off one part: interest, penalty or fees."""
        if part == "interest":
            return self._replace(interest=self.interest - amount)
        if part == "penalty":
            return self._replace(penalty=self.penalty - amount)
        return self._replace(fees=self.fees - amount)

    def treated(self, how: str) -> int:
        """Return the part of the arrears that is treated in the way `how`."""
        amount = self.principal + self.interest if self.how == how else 0
        amount += self.penalty if self.penalty_how == how else 0
        return amount + (self.fees if (self.fees_how or self.penalty_how) == how else 0)
