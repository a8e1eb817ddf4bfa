"""move: a due date is moved, and the later ones with it."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from restructure.errors import InvalidValue, Refused
from restructure.loan import Loan
from restructure.measures._spec import Measure, Slot, date_slot
from restructure.words import say


class MovedDueDate(Measure):
    """A due date moved to another day, the later ones after it in the same rhythm.

    Interest runs on; the instalment stays, and the last one takes the rest.
    """

    name = "move"
    summary = say("move a due date and those after it")
    example = "move:2026-03-08,to=2026-03-20"
    dated = True
    value = date_slot(say("the due date that is moved"))
    keys: ClassVar[dict[str, Slot]] = {"to": date_slot(say("the day to which it is moved"))}

    def check(self) -> None:
        """Require the new day."""
        if self.given["to"] is None:
            raise InvalidValue(say("needs to= with the new due date."), field=self.name)

    def apply(self, loan: Loan) -> Loan:
        """Count the due dates from the moved one on from its new day."""
        calendar = loan.calendar
        if calendar is None:
            raise Refused(say("move needs a loan with dates: give start or first_due."))
        old, new = self.day(), self.day("to")
        rows = range(loan.passed, loan.passed + max(loan.count, 1) + 1200)
        row = next((k for k in rows if calendar.unmoved(k) >= old), None)
        if row is None or calendar.unmoved(row) != old:
            raise Refused(say("{old} is not a due date that is still to come.", old=old))
        if new <= calendar.unmoved(row - 1):
            raise Refused(say("{new} is not after the due date before it.", new=new))
        shifted = (*(known for known in calendar.shifted if known[0] < row), (row, new))
        return replace(loan, calendar=calendar._replace(shifted=shifted))

    def describe(self, loan: Loan) -> str:
        """Say which due date is moved to where."""
        old, new = self.day(), self.day("to")
        return say(
            "move the due date {old} to {new}, and those after it; the instalment stays",
            old=old,
            new=new,
        )
