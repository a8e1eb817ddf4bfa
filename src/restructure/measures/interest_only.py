"""interest-only: instalments that pay interest alone (只还息)."""

from __future__ import annotations

from typing import ClassVar

from restructure.loan import Loan, Stretch
from restructure.measures._spec import Measure, Slot, choice_slot, count_slot
from restructure.words import join, say


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
        words = say("pay interest only for {span}", span=loan.every.noun(self.count()))
        if self.word("keep") != "payment":
            return words
        return join(say("; "), [words, say("the instalment stays, for as long as it takes")])

    def follows(self, loan: Loan) -> str:
        """Say what stays."""
        return {
            "maturity": say("the end date stays"),
            "count": say(
                "then {instalments} as before",
                instalments=loan.instalments_text(loan.count),
            ),
            "payment": "",
        }[self.word("keep")]
