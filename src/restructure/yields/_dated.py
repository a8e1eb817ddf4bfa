"""Yields of dated flows, and the two forms in which China discloses a yield."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import expm1, log1p
from typing import Any, NamedTuple

from restructure.words import say
from restructure.yields._apr_us import unit_period_of, unit_periods
from restructure.yields._solver import NOTHING, TOO_LARGE, Term, Yield, irr, solve
from restructure.yields._times import UnitPeriod, anchors

NOT_EQUAL = say("the flows are not whole periods apart")


def xirr(flows: Sequence[tuple[date, Any]]) -> Yield:
    """Return the effective annual rate of dated flows, time in days / 365 from the first.

    Amounts below 0 are paid out by the lender, above 0 paid to it; all signs the other way
    round give the same rate.
    """
    if not flows:
        return Yield(None, NOTHING)
    start = min(day for day, _ in flows)
    return solve(Term((day - start).days / 365, float(amount)) for day, amount in flows)


def effective_rate(period: Yield | float, per_year: float) -> Yield:
    """Return the effective annual rate of a yield a period: (1 + i)^periods - 1."""
    found = period if isinstance(period, Yield) else Yield(period)
    if found.rate is None:
        return found
    try:
        return Yield(expm1(per_year * log1p(found.rate)))
    except OverflowError:
        return Yield(None, TOO_LARGE)


class NominalIrr(NamedTuple):
    """A yield a period as a year's rate, in the two forms that may be disclosed.

    `compound` is (1 + i)^periods - 1, `simple` is i x periods; the simple one has to be labelled.
    """

    compound: Yield
    simple: Yield


def nominal_irr(advance: Any, payments: Sequence[Any], per_year: float = 12) -> NominalIrr:
    """Return the annualised rate of equal periods as China's disclosure rule states it.

    People's Bank of China, Announcement 2021 No. 3: all interest and fees, over the principal
    that is really outstanding, by the compound method (the internal rate of return) or by the
    simple one, which must be named.
    """
    return _annualised(irr(advance, payments), float(per_year))


def nominal_irr_of(flows: Sequence[tuple[date, Any]]) -> NominalIrr:
    """Return the annualised rate of dated flows that are whole periods apart.

    The period is the unit-period of the dates (months, weeks and their multiples); there are
    12 months and 52 weeks in a year. Flows of broken periods give a reason.
    """
    if len({day for day, _ in flows}) < 2:
        return _annualised(solve(Term(0.0, float(amount)) for _, amount in flows), 1.0)
    period = period_of(flows)
    start = min(day for day, _ in flows)
    known = anchors(day for day, _ in flows if day != start)
    terms = []
    for day, amount in flows:
        whole, odd = unit_periods(start, day, period, known.get(day))
        if odd:
            nothing = Yield(None, f"{NOT_EQUAL} ({period.name}, {day})")
            return NominalIrr(nothing, nothing)
        terms.append(Term(float(whole), float(amount)))
    return _annualised(solve(terms), float(period.per_year))


def period_of(flows: Sequence[tuple[date, Any]]) -> UnitPeriod:
    """Return the unit-period of dated flows; a loan of one payment has one of whole months."""
    start = min(day for day, _ in flows)
    rest = [flow for flow in flows if flow[0] != start]
    found = unit_period_of([(start, 0)], rest, start)
    if found.unit != "term":
        return found
    from restructure.yields._times import months_back, unit

    months, begins = months_back(start, rest[0][0])
    return unit("month", months) if begins == start else unit("day", found.size)


def _annualised(found: Yield, per_year: float) -> NominalIrr:
    if found.rate is None:
        return NominalIrr(found, found)
    return NominalIrr(effective_rate(found, per_year), Yield(found.rate * per_year))
