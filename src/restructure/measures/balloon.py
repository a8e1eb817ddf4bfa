"""balloon: part of principal due with the last instalment, bearing interest (尾款)."""

from __future__ import annotations

from dataclasses import replace

from restructure.loan import Loan
from restructure.measures._spec import Measure, quantity_slot
from restructure.words import say


class Balloon(Measure):
    """Last big payment: it bears interest, and so lowers every instalment before it."""

    name = "balloon"
    summary = say("leave a last big payment that bears interest")
    example = "balloon:20%"
    value = quantity_slot(say("due with the last instalment: amount, or % of principal"))

    def apply(self, loan: Loan) -> Loan:
        """Set the balloon; a second one replaces the first."""
        amount = self.quantity().of_whole(loan, loan.bearing, self.name)
        return replace(loan, balloon=amount, anew=True) if amount else loan

    def describe(self, loan: Loan) -> str:
        """Say how large the balloon is."""
        amount = self.quantity().of_whole(loan, loan.bearing, self.name)
        return say(
            "leave {amount} to pay with the last instalment, with interest",
            amount=loan.currency.text(amount),
        )
