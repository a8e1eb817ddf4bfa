"""Family: the measures that a lender offers, and every plan that can be made of them.

An offer is one measure of the plan grammar, with or without a range: defer:1..6. A plan takes
at most so many measures of one name (one, by default), in the order in which the names were
offered; arrears come first, as in every plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from math import comb, prod
from typing import NamedTuple

from restructure.errors import PlanSyntaxError, shown
from restructure.loan import Loan
from restructure.measures import Measure, Plan, parse_plans
from restructure.series import Series
from restructure.words import say

MOST = 2_000_000
"""The largest family that is searched."""
LONGEST_PAUSE = 6
LONGEST_EXTENSION = 24
LONGEST_REDUCTION = 12


class Slot(NamedTuple):
    """The measures of one name that are offered, and how many a plan may take."""

    name: str
    measures: tuple[Measure, ...]
    at_most: int = 1

    @property
    def choices(self) -> list[tuple[Measure, ...]]:
        """Return what a plan may take of this slot: nothing first."""
        most = min(self.at_most, len(self.measures))
        return [taken for k in range(most + 1) for taken in combinations(self.measures, k)]

    def __len__(self) -> int:
        """Return the number of choices, nothing included."""
        most = min(self.at_most, len(self.measures))
        return sum(comb(len(self.measures), k) for k in range(most + 1))


class Family(NamedTuple):
    """All plans that can be made of the slots."""

    slots: tuple[Slot, ...]

    @property
    def size(self) -> int:
        """The number of combinations, the empty one included."""
        return prod(len(slot) for slot in self.slots)

    def combinations(self) -> Iterator[tuple[Measure, ...]]:
        """Yield the measures of every plan, in order: the empty plan first."""
        for taken in product(*(slot.choices for slot in self.slots)):
            yield tuple(measure for choice in taken for measure in choice)

    @property
    def offers(self) -> list[str]:
        """The measures offered, as the grammar writes them."""
        return [measure.text for slot in self.slots for measure in slot.measures]


def plan_of(measures: Sequence[Measure], loan: Loan) -> Plan:
    """Return the plan of some measures; without any, arrears join the debt or nothing changes."""
    if not measures and loan.arrears.total:
        (plan,) = parse_plans(["arrears:capitalise"])
        return plan
    text = "+".join(measure.text for measure in measures)
    return Plan(text or say("as agreed"), text, tuple(measures))


def family_of(offers: Iterable[str], at_most: int = 1) -> Family:
    """Return the family of the offers; the same measure offered twice counts once.

    Raises PlanSyntaxError for an offer that is not one measure, or for a family too large.
    """
    by_name: dict[str, dict[str, Measure]] = {}
    for offer in offers:
        for plan in parse_plans([offer]):
            if len(plan.measures) != 1:
                raise PlanSyntaxError(
                    say(
                        "offer: {offer} joins measures; offer each for itself, as in --offer "
                        "defer:1..6 --offer extend:1..24.",
                        offer=shown(offer),
                    )
                )
            (measure,) = plan.measures
            by_name.setdefault(measure.name, {}).setdefault(measure.text, measure)
    names = sorted(by_name, key=lambda name: name != "arrears")
    slots = tuple(Slot(name, tuple(by_name[name].values()), at_most) for name in names)
    family = Family(slots)
    if family.size > MOST:
        raise PlanSyntaxError(
            say(
                "offer: the offers stand for {size:,} plans, and at most {most:,} are "
                "searched; narrow the ranges or use larger steps.",
                size=family.size,
                most=MOST,
            )
        )
    return family


def default_offers(loan: Loan, capacity: Series) -> list[str]:
    """Return what is offered where nobody says otherwise, for a located loan.

    Pauses, lower instalments (for a while, or as long as it takes) and a longer term, all with
    interest charged. The lower instalments are 10 to 50 % off, and what the capacity allows.
    """
    agreed = loan.instalment or 0
    plain = loan.currency.decimal
    steps = sorted({step.amount for step in capacity.steps if 0 < step.amount < agreed})
    reduced = ["10%", "20%", "30%", "40%", "50%"]
    reduced += [f"{plain(amount).normalize():f}" for amount in steps]
    spans = {start - 1 for start, _ in capacity.steps[1:]}
    most = max(min(LONGEST_REDUCTION, loan.count - 1), 1)
    lengths = sorted({*range(1, most + 1), *(span for span in spans if span < loan.count)})
    return [
        f"defer:1..{LONGEST_PAUSE}",
        *(f"reduce:{amount},for={rows}" for amount in reduced for rows in lengths),
        *(f"reduce:{amount}" for amount in reduced),
        f"extend:1..{LONGEST_EXTENSION}",
    ]
