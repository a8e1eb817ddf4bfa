"""set-aside: principal that bears no interest, due at maturity (零息后置本金)."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from restructure.errors import Refused
from restructure.loan import Loan
from restructure.measures._spec import Measure, quantity_slot
from restructure.words import say


class SetAside(Measure):
    """Interest-free principal due at maturity.

    Known in the US as principal forbearance (Flex Modification) or partial claim (FHA).
    """

    name = "set-aside"
    summary = say("move principal to the end, interest-free")
    example = "set-aside:10000"
    value = quantity_slot(say("due at maturity without interest: amount, or % of principal"))

    tries: ClassVar[dict[str, list[str]]] = {"": ["set-aside:20%"]}

    def apply(self, loan: Loan) -> Loan:
        """Move the amount from the interest-bearing balance to the end."""
        amount = self.quantity().of_whole(loan, loan.bearing, self.name)
        if amount > loan.bearing:
            text = loan.currency.text
            raise Refused(
                say(
                    "set-aside of {amount} is above the debt, {bearing}.",
                    amount=text(amount),
                    bearing=text(loan.bearing),
                )
            )
        if not amount:
            return loan
        return replace(
            loan,
            balance=loan.balance - amount,
            set_aside=loan.set_aside + amount,
            anew=True,
        )

    def describe(self, loan: Loan) -> str:
        """Say how much is set aside."""
        amount = self.quantity().of_whole(loan, loan.bearing, self.name)
        return say(
            "set aside {amount} without interest, due at the end", amount=loan.currency.text(amount)
        )
