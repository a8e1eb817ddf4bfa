"""Advice: the plans that a household can carry, and which of them are best for whom.

The search is exact: its best plans and its front are those of every combination of the family.
It leaves out a plan only if bounds (`restructure.bounds`) show that the plan does not fit, or
if its exact figures (`restructure.tally`) show that one already built is at least as good in all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from restructure import metrics
from restructure.bounds import Bounds, Least
from restructure.engine import build
from restructure.errors import InvalidValue, Refused
from restructure.family import Family, default_offers, family_of, plan_of
from restructure.loan import Loan
from restructure.measures import Measure, Plan
from restructure.position import as_agreed, locate
from restructure.schedule import Schedule
from restructure.series import Series
from restructure.tally import Figures, Tallies

LOSS_RATE = 0.01
"""The largest loss in present value by default: EBA/GL/2016/07, 51."""
SHOWN = 7
"""How many plans of the front are shown at most."""


class Limits(NamedTuple):
    """What bounds a plan besides the household: rows in all, and the lender's loss.

    `longest_term` counts periods from the day of restructuring, paused ones included; None: no
    limit. `npv_loss_rate` is a fraction of the value as agreed.
    """

    longest_term: int | None = None
    npv_loss_rate: float = LOSS_RATE


class Found(NamedTuple):
    """A plan whose schedule was built. `excess` is by how much its payments pass the capacity
    of their period at most; 0 or less if the plan fits."""

    plan: Plan
    schedule: Schedule
    figures: Figures
    npv_loss_rate: float
    excess: int
    order: tuple[int, int]


class Advice:
    """What a search found: `cheapest`, `lender` and `quickest`, and the `front` of all figures.

    With an empty front nothing fits, and `nearest` is the plan that passes the capacity least,
    within the other limits; None if no plan meets those.
    """

    def __init__(
        self,
        loan: Loan,
        capacity: Series,
        family: Family,
        limits: Limits,
        agreed: Schedule | None = None,
    ) -> None:
        self.loan = locate(loan)
        self.capacity = capacity
        self.family = family
        self.limits = limits
        self.agreed = build(as_agreed(self.loan)) if agreed is None else agreed
        self.agreed_value = metrics.value_of(self.agreed, self.loan.original_rate or 0.0)
        self.built = 0
        self.front: list[Found] = []
        self.nearest: Found | None = None
        _Search(self).run()
        self.front.sort(key=lambda found: (found.figures, found.order))

    def of(self, plan: Plan, order: tuple[int, int] = (0, 0)) -> Found | None:
        """Return a plan's schedule and figures; None if it is refused."""
        self.built += 1
        try:
            schedule = build(plan.apply(self.loan))
        except (Refused, InvalidValue):
            return None
        loss = metrics.npv_loss(schedule, self.agreed, self.loan.original_rate or 0.0)
        figures = Figures(
            metrics.total_paid(schedule),
            max(schedule.payment, default=0),
            len(schedule),
            round(loss),
        )
        share = loss / self.agreed_value if self.agreed_value else 0.0
        return Found(
            plan, schedule, figures, share, self.capacity.passed_by(schedule.payment), order
        )

    def within(self, found: Found) -> bool:
        """Whether a plan meets the limits other than the capacity."""
        longest = self.limits.longest_term
        return (
            longest is None or found.figures.periods <= longest
        ) and found.npv_loss_rate <= self.limits.npv_loss_rate

    def _best(self, place: int) -> Found | None:
        # Equal in it: by total paid, highest instalment, periods, loss, number of measures,
        # and the place among what was offered.
        def key(found: Found) -> tuple[object, ...]:
            return (found.figures[place], found.figures, found.order)

        return min(self.front, key=key, default=None)

    @property
    def cheapest(self) -> Found | None:
        """The plan that fits with the least total paid."""
        return self._best(0)

    @property
    def lender(self) -> Found | None:
        """The plan that fits with the least loss in present value for the lender."""
        return self._best(3)

    @property
    def quickest(self) -> Found | None:
        """The plan that fits and is repaid in the fewest periods."""
        return self._best(2)

    @property
    def shown(self) -> list[Found]:
        """At most seven plans of the front: the best ones, and others evenly by cost.

        Others are taken first from those that another plan beats in nothing, rounding apart
        (`by_rounding`).
        """
        best = (self.cheapest, self.lender, self.quickest)
        kept = list(dict.fromkeys(self.front.index(found) for found in best if found))
        others = [place for place in range(len(self.front)) if place not in kept]
        better = [place for place in others if not self.by_rounding(self.front[place])]
        for pool in (better, [place for place in others if place not in better]):
            if room := min(SHOWN - len(kept), len(pool)):
                kept += [pool[(2 * k + 1) * len(pool) // (2 * room)] for k in range(room)]
        return [self.front[place] for place in sorted(kept)]

    def by_rounding(self, found: Found) -> bool:
        """Whether a plan is on the front only because interest is rounded once a row.

        Another one is then at least as good in all but the lender's loss, and loses at most one
        minor unit a row more.
        """
        mine, noise = found.figures, found.figures.periods
        return any(
            other is not found
            and all(a <= b for a, b in zip(other.figures[:3], mine[:3], strict=True))
            and other.figures.npv_loss - noise <= mine.npv_loss
            for other in self.front
        )

    @property
    def rest(self) -> int:
        """How many plans of the front are not shown."""
        return len(self.front) - len(self.shown)


class _Candidate(NamedTuple):
    """A plan that is not built yet; `least` is None if nothing is known of it.

    `order` is the number of its measures and its place among the combinations.
    """

    least: Least | None
    order: tuple[int, int]


_NOTHING = float("-inf")
_UNKNOWN = Least(_NOTHING, _NOTHING, 0, _NOTHING, _NOTHING, _NOTHING)


class _Branch(NamedTuple):
    """The choices of a slot, and how far apart their places among the combinations are."""

    choices: list[tuple[Measure, ...]]
    stride: int


class _Search:
    """One search: the combinations as a tree, bounds at its leaves, then schedules in order."""

    def __init__(self, advice: Advice) -> None:
        self.advice = advice
        known = (advice.loan, advice.capacity, advice.agreed_value)
        self.bounds, self.tallies = Bounds(*known), Tallies(*known)
        self.fitting: list[_Candidate] = []
        self.passing: list[_Candidate] = []
        stride, branches = advice.family.size, []
        for slot in advice.family.slots:
            stride //= len(slot)
            branches.append(_Branch(slot.choices, stride))
        self.written = branches
        self.tree = _term_last(branches)

    def run(self) -> None:
        """Put the front into the advice, or the nearest plan if nothing fits."""
        self.grow(0, self.advice.loan, 0, 0)
        found = self.skyline()
        self.advice.front = found
        if not found:
            self.advice.nearest = self.nearest()

    # -- candidates ---------------------------------------------------------------------

    def grow(self, depth: int, loan: Loan, taken: int, place: int) -> None:
        """Add the candidates below a node; `loan` is the loan after `taken` measures."""
        if depth == len(self.tree):
            self.add(loan, 0, taken, place)
            return
        choices, stride = self.tree[depth]
        last = depth + 1 == len(self.tree)
        for choice in choices:
            if last and len(choice) == 1 and choice[0].name == "extend":
                self.add(loan, choice[0].count(), taken + 1, place)
                place += stride
                continue
            after = loan
            try:
                for measure in choice:
                    after = measure.apply(after)
            except (Refused, InvalidValue):
                place += stride  # and every plan with it is refused for the same reason
                continue
            self.grow(depth + 1, after, taken + len(choice), place)
            place += stride

    def add(self, loan: Loan, added: int, taken: int, place: int) -> None:
        """Keep a leaf as a candidate unless it is surely refused or beyond a limit.

        What bounds leave open is tallied: then its figures are known to the minor unit.
        """
        least = self.bounds.of(loan, added)
        if isinstance(least, str) or (least is not None and self.beyond(least)):
            return
        if least is None or least.excess <= 0:
            tally = self.tallies.of(loan, added)
            if tally is not None:
                least = Least(*tally.figures, tally.excess, tally.loss)
                if self.beyond(least):
                    return
        where = self.passing if least is not None and least.excess > 0 else self.fitting
        where.append(_Candidate(least, (taken, place)))

    def beyond(self, least: Least) -> bool:
        """Whether a plan is surely beyond the longest term or the largest loss."""
        limits, value = self.advice.limits, self.advice.agreed_value
        if limits.longest_term is not None and least.periods > limits.longest_term:
            return True
        return value > 0 and least.loss_value > limits.npv_loss_rate * value + 1e-6 * value

    def measures(self, place: int) -> list[Measure]:
        """Return the measures of the combination at a place, in the written order."""
        found: list[Measure] = []
        for choices, stride in self.written:
            number, place = divmod(place, stride)
            found += choices[number]
        return found

    # -- schedules ----------------------------------------------------------------------

    def build(self, candidate: _Candidate) -> Found | None:
        """Return the plan of a candidate if it meets the limits other than the capacity."""
        plan = plan_of(self.measures(candidate.order[1]), self.advice.loan)
        found = self.advice.of(plan, candidate.order)
        return found if found is not None and self.advice.within(found) else None

    def skyline(self) -> list[Found]:
        """Return the plans that fit and that no other one beats, one for each set of figures.

        Of plans with the same figures the one with the fewest measures, the first offered, is
        kept. Candidates come in the order of the least they can cost, so that those that beat
        others come early.
        """
        front: list[Found] = []
        self.fitting.sort(key=lambda c: (c.least or _UNKNOWN, c.order))
        for candidate in self.fitting:
            least = candidate.least
            if least is not None and self.beaten(front, least, candidate.order):
                continue
            found = self.build(candidate)
            if found is None:
                continue
            if found.excess > 0:
                self.passing.append(candidate)
                continue
            figures = found.figures
            if any(_before(other.figures, other.order, figures, found.order) for other in front):
                continue
            front = [
                other
                for other in front
                if not _before(figures, found.order, other.figures, other.order)
            ]
            front.append(found)
        return front

    def beaten(self, front: list[Found], least: Least, order: tuple[int, int]) -> bool:
        """Whether a plan of the front is at least as good as this one can be."""
        cost, highest, periods, loss = least[:4]
        for place, other in enumerate(front):
            figures = other.figures
            if (
                figures[0] <= cost
                and figures[1] <= highest
                and figures[2] <= periods
                and figures[3] <= loss
                and (other.order < order or figures != least[:4])
            ):
                if place > 4:  # one that beats many stands first
                    front.insert(0, front.pop(place))
                return True
        return False

    def nearest(self) -> Found | None:
        """Return the plan that passes the capacity least, within the other limits."""
        best: Found | None = None
        key: tuple[object, ...] = ()
        self.passing.sort(key=lambda c: ((c.least or _UNKNOWN).excess, c.order))
        for candidate in self.passing:
            if best is not None and (candidate.least or _UNKNOWN).excess > best.excess:
                break
            found = self.build(candidate)
            if found is None or found.excess <= 0:
                continue
            this = (found.excess, found.figures, found.order)
            if best is None or this < key:
                best, key = found, this
        return best


def _term_last(branches: list[_Branch]) -> list[_Branch]:
    """Return the branches with the longer term last, so that its leaves need no loan each.

    Adding instalments changes the count alone, and no other measure looks at it unless it says
    so (`reads_count`): the order does not matter then.
    """

    def is_term(branch: _Branch) -> bool:
        return any(measure.name == "extend" for choice in branch.choices for measure in choice)

    def reads(branch: _Branch) -> bool:
        return any(measure.reads_count for choice in branch.choices for measure in choice)

    return branches if any(map(reads, branches)) else sorted(branches, key=is_term)


def _before(
    one: tuple[float, ...],
    one_order: tuple[int, int],
    other: tuple[float, ...],
    other_order: tuple[int, int],
) -> bool:
    """Whether figures are at least as good in all, and better in one or earlier if all tie."""
    if one == other:
        return one_order < other_order
    return all(a <= b for a, b in zip(one, other, strict=True))


def advise(
    loan: Loan,
    capacity: Series | str,
    offers: Iterable[str] = (),
    limits: Limits | None = None,
    at_most: int = 1,
    agreed: Schedule | None = None,
) -> Advice:
    """Return the plans of the offers in which every payment is within the capacity.

    `capacity` is what can be paid a period, such as "0x3,5000", or a household's. `offers` are
    measures of the plan grammar with ranges; without any, pauses, lower
    instalments and longer terms with interest charged are offered. `agreed` is the rest of the
    schedule as agreed, where a ledger gives it.
    """
    located = locate(loan)
    room = Series.of(capacity, "capacity", located.currency)
    family = family_of(list(offers) or default_offers(located, room), at_most)
    return Advice(located, room, family, limits or Limits(), agreed)
