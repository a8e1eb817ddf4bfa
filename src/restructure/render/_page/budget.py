"""A household's budget on the report: which plans it can carry, and what is advised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from restructure.advice import Advice, advise
from restructure.affordability import Affordability, Household
from restructure.comparison import Comparison, PlanResult
from restructure.limits import Limit
from restructure.reasons import changes, reason, roles
from restructure.render._afford import table
from restructure.render._page import Name
from restructure.render._view import Table
from restructure.words import Text, say


class Advised(NamedTuple):
    """A plan that is advised: for whom it is best, and why."""

    name: Name
    best: list[Text]
    reason: str


class Budget:
    """What the household can carry of a comparison's plans, and what would suit it best."""

    def __init__(
        self, comparison: Comparison, household: Household, limits: Iterable[Limit] = ()
    ) -> None:
        self.comparison = comparison
        limits = list(limits)
        agreed = comparison.agreed
        self.found = Affordability(comparison.loan, household, limits, agreed)
        self.advice: Advice = advise(comparison.loan, self.found.capacity, agreed=agreed)

    @property
    def table(self) -> Table:
        """The budget beside the loan as agreed."""
        return table(self.found)

    @property
    def advised(self) -> list[Advised]:
        """The plans that are best for somebody, with reasons; none if nothing fits."""
        words = {
            "cheapest": say("cheapest"),
            "lender": say("best for the lender"),
            "quickest": say("repaid soonest"),
        }
        return [
            Advised(
                Name(found.plan.name), [words[role] for role in best], reason(self.advice, found)
            )
            for found in self.advice.shown
            if (best := roles(self.advice, found))
        ]

    @property
    def changes(self) -> Sequence[str]:
        """What would have to change for a plan to fit, where none does."""
        return [] if self.advice.front else changes(self.advice)

    def short(self, line: PlanResult) -> tuple[int, int]:
        """Return by how much a plan passes the capacity at most, and in which period; 0: never."""
        capacity, loan = self.found.capacity, line.schedule.loan
        over = [(loan.at_once, 0)]
        over += [(paid - capacity.at(k), k) for k, paid in enumerate(line.schedule.payment, 1)]
        most, period = max(over, key=lambda pair: (pair[0], -pair[1]))
        return (most, period) if most > 0 else (0, 0)

    def fits(self, line: PlanResult) -> Text:
        """Return whether the household can carry a plan, in a word or two."""
        most, period = self.short(line)
        if not most:
            return say("yes")
        amount = line.comparison.loan.currency.decimal(most)
        if not period:
            return say("no: {amount} at once", amount=amount)
        return say(
            "no: short of {amount} in {unit} {period}",
            amount=amount,
            unit=line.comparison.loan.every.word(1),
            period=period,
        )

    def answer(self, lines: Sequence[PlanResult], named: Any) -> Text:
        """Return which of the plans the household can carry; `named` joins their names."""
        fitting = [line for line in lines if not self.short(line)[0]]
        if not fitting and self.advised:
            return say("None of these plans; “{name}” would.", name=self.advised[0].name)
        if not fitting:
            return say("None of these plans.")
        return say("{names}.", names=named(fitting))
