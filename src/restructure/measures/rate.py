"""rate: a new interest rate (调整利率)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from restructure.errors import InvalidValue, Refused
from restructure.loan import Loan, Reset
from restructure.measures._spec import Measure, Slot, all_or_count_slot, date_slot, rate_slot
from restructure.rates import percent_text
from restructure.words import say


class RateChange(Measure):
    """New nominal rate, or points taken off the old one; for good or for a while."""

    name = "rate"
    summary = say("change the interest rate")
    example = "rate:10%"
    value = rate_slot(say("new nominal annual rate"))
    value_optional = True
    keys: ClassVar[dict[str, Slot]] = {
        "cut": rate_slot(say("percentage points taken off, in place of a new rate"), "P"),
        "for": all_or_count_slot(say("all, or the number of periods that it lasts")),
        "from": date_slot(say("on a loan with dates: the day from which it holds")),
        "to": date_slot(say("the day from which the old rate holds again")),
    }

    tries: ClassVar[dict[str, list[str]]] = {"for": ["6"], "": ["rate:cut=2", "rate:1%/month"]}

    def check(self) -> None:
        """Require a rate or a cut, not both."""
        if ("value" in self.given) == (self.given["cut"] is not None):
            raise InvalidValue(
                say("give a new rate (rate:10%) or a cut (rate:cut=2), not both or none."),
                field=self.name,
            )
        start, end = self.given["from"], self.given["to"]
        if end is not None and (start is None or end <= start):
            raise InvalidValue(say("to= needs from= with a day before it."), field=self.name)
        if start is not None and self.given["for"] is not None:
            raise InvalidValue(say("give for= or from=, not both."), field=self.name)

    def apply(self, loan: Loan) -> Loan:
        """Change the rate path from the next due date on; the count is kept."""
        rows = self.count_or_all("for")
        if rows == 0:
            return loan
        start, end = self.given["from"], self.given["to"]
        if start is not None:
            return self._from(loan, start, end)
        if "value" in self.given:
            new = self.rate(loan)
            return loan.with_rates(lambda _: new, rows)
        cut = self.rate(loan, "cut")
        return loan.with_rates(lambda rate: rate - cut, rows) if cut else loan

    def _from(self, loan: Loan, start: date, end: date | None) -> Loan:
        if loan.calendar is None:
            raise Refused(say("from= needs a loan with dates: give start or first_due."))
        new = (
            self.rate(loan)
            if "value" in self.given
            else loan.rate_on(start) - self.rate(loan, "cut")
        )
        if new < 0:
            raise Refused(say("a rate of {new} is below 0.", new=percent_text(new)))
        return loan.with_reset(Reset(start, new), end)

    def describe(self, loan: Loan) -> str:
        """Say the new rate and how long it lasts."""
        if "value" in self.given:
            what = say("charge {rate} a year", rate=percent_text(self.rate(loan)))
        else:
            points = percent_text(self.rate(loan, "cut")).removesuffix(" %")
            what = say("cut the rate by {points} percentage points", points=points)
        rows, start, end = self.count_or_all("for"), self.given["from"], self.given["to"]
        if start is not None and end is not None:
            return say("{what} from {start} to {end}", what=what, start=start, end=end)
        if start is not None:
            return say("{what} from {start}", what=what, start=start)
        return (
            what
            if rows is None
            else say("{what} for {span}", what=what, span=loan.every.noun(rows))
        )
