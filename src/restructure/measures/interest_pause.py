"""interest-pause: no interest from one day to another (停息)."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from restructure.errors import InvalidValue, Refused
from restructure.loan import Loan, Reset
from restructure.measures._spec import Measure, Slot, date_slot
from restructure.words import say


class InterestPause(Measure):
    """No interest from a day to another; the instalment stays, the last one takes the rest.

    Not a pause of instalments: that is `defer`. The night of the first day is the first
    without interest, that of the last day bears it again.
    """

    name = "interest-pause"
    summary = say("charge no interest between two days")
    example = "interest-pause:2026-03-10,to=2026-04-10"
    dated = True
    value = date_slot(say("first day without interest"))
    keys: ClassVar[dict[str, Slot]] = {"to": date_slot(say("day from which interest runs again"))}

    def check(self) -> None:
        """Require both days, in order."""
        start, end = self.given["value"], self.given["to"]
        if end is None or end <= start:
            raise InvalidValue(
                say("needs to= with a day after {start}.", start=start), field=self.name
            )

    def apply(self, loan: Loan) -> Loan:
        """Set the rate to 0 between the days."""
        if loan.calendar is None:
            raise Refused(say("interest-pause needs a loan with dates: give start or first_due."))
        start, end = self.day(), self.day("to")
        return loan.with_reset(Reset(start, Fraction(0), keep=True), end)

    def describe(self, loan: Loan) -> str:
        """Say between which days no interest is charged."""
        start, end = self.day(), self.day("to")
        return say(
            "charge no interest from {start} to {end}; the instalment stays", start=start, end=end
        )
