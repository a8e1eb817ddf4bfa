"""extra: a prepayment of principal on a due date."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from restructure.loan import Extra, Loan
from restructure.measures._spec import Measure, Slot, choice_slot, count_slot, quantity_slot
from restructure.words import say


class ExtraPayment(Measure):
    """Prepayment of principal on top of what is due; never more than is owed."""

    name = "extra"
    summary = say("prepay principal")
    example = "extra:5000,at=2"
    value = quantity_slot(say("paid on top: amount, or % of principal"))
    keys: ClassVar[dict[str, Slot]] = {
        "at": count_slot(say("the period in which it is paid"), "1", least=1),
        "then": choice_slot(
            say(
                "what follows: the instalment stays and the term shortens, or the instalment "
                "is worked out anew"
            ),
            "term",
            "instalment",
        ),
    }

    tries: ClassVar[dict[str, list[str]]] = {"": ["extra:10%"]}

    def apply(self, loan: Loan) -> Loan:
        """Add the prepayment."""
        amount = self.quantity().of_whole(loan, loan.bearing, self.name)
        if not amount:
            return loan
        extra = Extra(self.count("at"), amount, self.word("then") == "instalment")
        return replace(loan, extras=(*loan.extras, extra))

    def describe(self, loan: Loan) -> str:
        """Say how much is prepaid, when, and what it shortens."""
        amount = self.quantity().of_whole(loan, loan.bearing, self.name)
        after = {"term": say("the term shortens"), "instalment": say("the instalment falls")}
        return say(
            "prepay {amount} with payment {count}; {after}",
            amount=loan.currency.text(amount),
            count=self.count("at"),
            after=after[self.word("then")],
        )
