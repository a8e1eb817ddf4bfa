"""forgive: a reduction of the debt (减免)."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from restructure.errors import Refused
from restructure.loan import Loan
from restructure.measures._spec import Measure, Slot, choice_slot, quantity_slot
from restructure.words import say

_WORDS = {
    "principal": say("the debt"),
    "interest": say("overdue interest"),
    "penalty": say("penalty interest"),
    "fees": say("overdue fees"),
}


class Forgiveness(Measure):
    """Reduction of the debt: part of the principal, or of what is overdue.

    Not a write-off (核销), which is the lender's accounting and leaves the debt as it is. A
    percentage is of the part of the debt that `of` names.
    """

    name = "forgive"
    summary = say("give up part of the debt")
    example = "forgive:5000"
    value = quantity_slot(say("given up: amount or %"))
    keys: ClassVar[dict[str, Slot]] = {"of": choice_slot(say("which part of the debt"), *_WORDS)}

    tries: ClassVar[dict[str, list[str]]] = {"": ["forgive:10%"]}

    def apply(self, loan: Loan) -> Loan:
        """Take the amount off the part of the debt that `of` names."""
        of = self.word("of")
        whole = self._whole(loan)
        amount = self.quantity().of_whole(loan, whole, self.name)
        text = loan.currency.text
        if of == "principal" and amount >= whole and amount:
            raise Refused(
                say(
                    "forgiving {amount} gives up the whole debt, {whole}, and leaves nothing to "
                    "plan.",
                    amount=text(amount),
                    whole=text(whole),
                )
            )
        if amount > whole:
            raise Refused(
                say(
                    "{amount} of {part} is more than there is to forgive, {whole}.",
                    amount=text(amount),
                    part=_WORDS[of],
                    whole=text(whole),
                )
            )
        if not amount:
            return loan
        forgiven = loan.forgiven + amount
        if of == "principal":
            return replace(loan, balance=loan.balance - amount, forgiven=forgiven, anew=True)
        arrears = loan.arrears.without(of, amount)
        return replace(loan, arrears=arrears, forgiven=forgiven)

    def _whole(self, loan: Loan) -> int:
        of, arrears = self.word("of"), loan.arrears
        how = arrears.how if of == "interest" else arrears.penalty_how
        if of == "fees" and arrears.fees_how:
            how = arrears.fees_how
        if of == "principal":
            return loan.bearing
        if how == "forgive":  # by an arrears measure: nothing of it is left to forgive
            return 0
        return {"interest": arrears.interest, "penalty": arrears.penalty, "fees": arrears.fees}[of]

    def describe(self, loan: Loan) -> str:
        """Say how much is given up, and of what."""
        amount = self.quantity().of_whole(loan, self._whole(loan), self.name)
        return say(
            "forgive {amount} of {part}",
            amount=loan.currency.text(amount),
            part=_WORDS[self.word("of")],
        )
