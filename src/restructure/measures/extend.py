"""extend: a longer term (展期)."""

from __future__ import annotations

from dataclasses import replace

from restructure.loan import Loan
from restructure.measures._spec import Measure, count_slot
from restructure.words import say


class TermExtension(Measure):
    """Longer term: instalments are added and the rest is re-amortised over all of them."""

    name = "extend"
    summary = say("lengthen the term")
    example = "extend:6"
    value = count_slot(say("instalments added"))

    def apply(self, loan: Loan) -> Loan:
        """Add `value` regular instalments and work the instalment out anew."""
        added = self.count()
        if not added:
            return loan
        return replace(loan, count=loan.count + added, extended=loan.extended + added, anew=True)

    def describe(self, loan: Loan) -> str:
        """Say how many instalments are added."""
        return say(
            "add {instalments_text} and spread the debt over all of them",
            instalments_text=loan.instalments_text(self.count()),
        )
