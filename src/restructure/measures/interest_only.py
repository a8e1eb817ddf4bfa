"""interest-only: instalments that pay interest alone (只还息)."""

from __future__ import annotations

from typing import ClassVar

from restructure.loan import Loan, Stretch
from restructure.measures._spec import Measure, Slot, choice_slot, count_slot
from restructure.words import say


class InterestOnly(Measure):
    """Instalments that pay interest only, so that the debt neither falls nor grows."""

    name = "interest-only"
    summary = say("pay interest alone for a while")
    example = "interest-only:6"
    value = count_slot(say("instalments that pay interest only, from the next due date"))
    keys: ClassVar[dict[str, Slot]] = {
        "keep": choice_slot(
            say("what stays: the end date, the number of instalments or the instalment"),
            "maturity",
            "count",
            "payment",
        ),
    }

    def apply(self, loan: Loan) -> Loan:
        """Queue a stretch of `value` rows that pay their interest."""
        rows = self.count()
        return loan.then(Stretch(rows, 0, "pay"), self.word("keep")) if rows else loan

    def describe(self, loan: Loan) -> str:
        """Say how long only interest is paid and what stays."""
        kept = (
            "; the instalment stays, for as long as it takes"
            if self.word("keep") == "payment"
            else ""
        )
        return say(
            "pay interest only for {span}{kept}", span=loan.every.noun(self.count()), kept=kept
        )

    def follows(self, loan: Loan) -> str:
        """Say what stays."""
        return {
            "maturity": "the end date stays",
            "count": f"then {loan.instalments_text(loan.count)} as before",
            "payment": "",
        }[self.word("keep")]
