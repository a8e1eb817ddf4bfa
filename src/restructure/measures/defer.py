"""defer: a pause of instalments (延期还款)."""

from __future__ import annotations

from typing import ClassVar

from restructure.errors import InvalidValue
from restructure.loan import Loan, Stretch
from restructure.measures._spec import (
    Measure,
    Slot,
    choice_slot,
    count_slot,
    instalment_of,
    quantity_slot,
)
from restructure.words import join, say

_INTEREST = {
    "capitalise": say("interest is added to the debt"),
    "simple": say("interest accrues on principal alone and is added to the debt at the end"),
    "spread": say("its interest is collected in equal parts over the regular instalments"),
    "first": say("its interest is due with the first regular instalment"),
    "end": say("its interest is due with the last instalment"),
    "waive": say("no interest is charged"),
    "pay": say("interest is paid"),
}


class Deferral(Measure):
    """Pause of instalments; the keys say what becomes of its interest and of the maturity.

    The US "payment deferral" (missed sums moved to the end at 0 %) is another thing: use
    `arrears:set-aside`.
    """

    name = "defer"
    summary = say("pause instalments")
    example = "defer:3"
    value = count_slot(say("instalments paused, from the next due date"))
    keys: ClassVar[dict[str, Slot]] = {
        "interest": choice_slot(
            say(
                "interest of the pause: added to the debt each period, accrued on principal "
                "alone and added at the end, collected interest-free (spread over the regular "
                "instalments, with the first, with the last), not charged, or paid"
            ),
            *_INTEREST,
        ),
        "pays": quantity_slot(say("still paid in the pause"), "0"),
        "to": choice_slot(
            say("what the payments go to: interest first, or principal alone"),
            "interest",
            "principal",
        ),
        "keep": choice_slot(
            say("what stays: the number of instalments, the end date or the instalment"),
            "count",
            "maturity",
            "payment",
        ),
    }

    tries: ClassVar[dict[str, list[str]]] = {
        "pays": ["1000", "25%"],
        "": ["defer:3,pays=1000,to=principal,interest=first"],
    }

    def check(self) -> None:
        """Refuse payments to principal alone in a pause in which interest is paid."""
        if self.word("to") == "principal" and self.word("interest") == "pay":
            raise InvalidValue(
                say(
                    "to=principal leaves the interest unpaid; say with interest= what becomes of "
                    "it, for instance interest=first."
                ),
                field=self.name,
            )

    def apply(self, loan: Loan) -> Loan:
        """Queue a stretch of `value` rows."""
        rows = self.count()
        if not rows:
            return loan
        pays = self.quantity("pays").of_whole(loan, instalment_of(loan), "defer pays=")
        stretch = Stretch(rows, pays, self.word("interest"), self.word("to") == "principal")
        return loan.then(stretch, self.word("keep"))

    def describe(self, loan: Loan) -> str:
        """Say how long the pause is and what becomes of interest and maturity."""
        pays, span = self.quantity("pays"), loan.every.noun(self.count())
        if not pays.value:
            words = say("pause {span}", span=span)
        elif self.word("to") == "principal":
            words = say("pause {span}, paying {pays} of principal each", span=span, pays=pays.text)
        else:
            words = say("pause {span}, paying {pays} each", span=span, pays=pays.text)
        kept = [say("the instalment stays, for as long as it takes")]
        stays = kept if self.word("keep") == "payment" else []
        return join(say("; "), [words, _INTEREST[self.word("interest")], *stays])

    def follows(self, loan: Loan) -> str:
        """Say what stays."""
        return {
            "count": say(
                "then {instalments} as before",
                instalments=loan.instalments_text(loan.count),
            ),
            "maturity": say("the end date stays"),
            "payment": "",
        }[self.word("keep")]
