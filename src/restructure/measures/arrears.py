"""arrears: what becomes of what is overdue (欠款)."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from restructure.loan import Loan
from restructure.measures._spec import Measure, Slot, all_or_count_slot, choice_slot
from restructure.words import Text, join, say

_HOW = ("capitalise", "spread", "set-aside", "pay", "forgive")
_WORDS = {
    "capitalise": say("{what} join the debt"),
    "set-aside": say("{what} are due at the end without interest"),
    "pay": say("{what} are due with the first payment"),
    "forgive": say("{what} are forgiven"),
}


def _over() -> Slot:
    slot = all_or_count_slot(say("regular instalments over which spread collects"))

    def read(value: object, field: str) -> int | None:
        found = slot.read(value, field)
        if found == 0:
            from restructure.errors import InvalidValue

            raise InvalidValue(say("0 is not a whole number from 1, or 'all'."), field=field)
        return found if found is None else int(found)

    return slot._replace(read=read)


class ArrearsTreatment(Measure):
    """What becomes of overdue principal and interest, of penalty interest, and of fees.

    Arrears are treated before all other measures, wherever this one is written. `pay` means
    with the first payment, interest-free.
    """

    name = "arrears"
    summary = say("treat what is overdue")
    example = "arrears:spread,over=6"
    value = choice_slot(say("overdue principal and interest"), *_HOW)
    tries: ClassVar[dict[str, list[str]]] = {"fees": ["forgive"]}
    keys: ClassVar[dict[str, Slot]] = {
        "over": _over(),
        "penalty": choice_slot(
            say("penalty interest, and fees unless fees= is given"),
            "pay",
            "spread",
            "set-aside",
            "capitalise",
            "forgive",
        ),
        "fees": choice_slot(
            say("fees"), "as-penalty", "pay", "spread", "set-aside", "capitalise", "forgive"
        ),
    }

    def apply(self, loan: Loan) -> Loan:
        """Set the treatment; a second one replaces the first."""
        arrears = loan.arrears._replace(
            how=self.word("value"),
            penalty_how=self.word("penalty"),
            over=self.count_or_all("over") or 0,
            fees_how="" if self.word("fees") == "as-penalty" else self.word("fees"),
        )
        return replace(loan, arrears=arrears)

    def describe(self, loan: Loan) -> str:
        """Say what happens to what is overdue, and to the penalty if there is one."""
        how, penalty_how = self.word("value"), self.word("penalty")
        fees_how = penalty_how if self.word("fees") == "as-penalty" else self.word("fees")
        penalty, fees = bool(loan.arrears.penalty), bool(loan.arrears.fees)
        others = {*([penalty_how] if penalty else []), *([fees_how] if fees else [])}
        if others == {how}:
            return self._treated(say("all arrears"), how)
        clauses = [self._treated(say("overdue principal and interest"), how)]
        if others and penalty_how == fees_how:
            clauses.append(self._treated(say("penalty interest and fees"), penalty_how))
        elif others:
            if penalty:
                clauses.append(self._treated(say("penalty interest"), penalty_how))
            if fees:
                clauses.append(self._treated(say("fees"), fees_how))
        return join(say("; "), clauses)

    def _treated(self, what: str, how: str) -> str:
        if how != "spread":
            template: Text = _WORDS[how]
            return say(template.template, what=what)
        over = self.count_or_all("over")
        first = (
            say("the regular instalments")
            if over is None
            else say("the first {over} instalments", over=over)
        )
        return say("{what} are spread over {over} without interest", what=what, over=first)
