"""The annual percentage rate of charge of the EU and the UK: an effective annual rate.

Directives 2008/48/EC and 2014/17/EU, Annex I; the counting of time is explained in the
Commission's guidelines SWD(2012)128, section 4.1.1. The UK has the same equation (FCA MCOB 10.3,
CONC App 1.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from restructure.errors import InvalidValue, nearest, shown
from restructure.words import say
from restructure.yields._solver import NOTHING, Term, Yield, solve
from restructure.yields._times import (
    anchors,
    months_back,
    months_before,
    unit_period,
    whole_year_before,
)

EU = "eu"
CONVENTIONS = {
    EU: say("whole periods, then days (EU, SWD(2012)128)"),
    "act/365": "days / 365",
    "act/365.25": say("days / 365.25 (UK calculators)"),
}
"""How `aprc` counts time, by name; "uk" is another name of act/365.25."""

_PERIODS = {"year": 1, "half-year": 2, "quarter": 4, "month": 12, "week": 52, "day": 0}
_YEARS = {EU: Fraction(365), "act/365": Fraction(365), "act/365.25": Fraction(1461, 4)}


def convention_named(name: str, field: str = "convention") -> str:
    """Return the name of a convention of `aprc`; raises InvalidValue, with the nearest one."""
    found = {"uk": "act/365.25", "365.25": "act/365.25", "365": "act/365"}.get(name, name)
    if found not in CONVENTIONS:
        raise InvalidValue(
            say("{name} is not one of {names}, uk.", name=shown(name), names=", ".join(CONVENTIONS))
            + nearest(str(name), CONVENTIONS),
            field=field,
        )
    return found


class Interval(NamedTuple):
    """A length of time: whole periods ("year", "month" or "week") and days of a year of `year`."""

    period: str
    whole: int
    odd_days: int
    year: int

    @property
    def years(self) -> Fraction:
        """Return the interval in years."""
        a_year = {"year": 1, "month": 12, "week": 52}.get(self.period, 1)
        return Fraction(self.whole, a_year) + Fraction(self.odd_days, self.year)


def interval(start: date, end: date, period: str = "month", anchor: int | None = None) -> Interval:
    """Return the time between two dates by the rule of SWD(2012)128, section 4.1.1.

    Whole years, months or weeks are counted backward from the later date. What is left over,
    the first day not counted and the last one counted, is divided by the days, 365 or 366, of
    the complete year that ends with the last left-over day. `period` "day" has no whole periods.
    """
    months, begins = months_back(start, end, anchor)
    count = months
    if period == "year":
        count = months // 12
        begins = months_before(end, 12 * count, anchor or end.day)
    elif period == "week":
        count, rest = divmod((end - start).days, 7)
        begins = date.fromordinal(start.toordinal() + rest)
    elif period == "day":
        count, begins = 0, end
    elif period != "month":
        raise InvalidValue(
            say("{period} is not year, month, week or day.", period=shown(period)), field="period"
        )
    return Interval(period, count, (begins - start).days, whole_year_before(begins))


def aprc(flows: Sequence[tuple[Any, Any]], convention: str = EU, every: str | None = None) -> Yield:
    """Return the effective annual rate X of sum C (1+X)^-t = sum D (1+X)^-s.

    Flows are pairs of a date and an amount: below 0 what the lender pays out, above 0 what the
    consumer pays, costs included (all signs the other way round give the same rate). Time runs
    from the first flow.

    `every`, "year", "month" or "week", is the period of which the EU's rule counts whole ones; by
    default the one that the flows keep to most often, and months if they keep to none. Where
    the times are numbers they count periods of `every`: years by default, and of "day" 365 or
    365.25 make a year. Of several rates none is given; the UK's rule would take the one
    nearest 0.
    """
    convention = convention_named(convention)
    if not flows:
        return Yield(None, NOTHING)
    if not isinstance(flows[0][0], date):
        a_year = Fraction(_PERIODS.get(every or "year", -1))
        if a_year < 0:
            raise InvalidValue(
                say(
                    "{every} is not one of {names}.", every=shown(every), names=", ".join(_PERIODS)
                ),
                field="every",
            )
        length = float(a_year or _YEARS[convention])
        return solve(Term(float(time) / length, float(amount)) for time, amount in flows)
    days = [day for day, _ in flows]
    start = min(days)
    if convention != EU:
        year = float(_YEARS[convention])
        return solve(Term((day - start).days / year, float(amount)) for day, amount in flows)
    period = every or regular_period(start, days)
    known = anchors(day for day in days if day != start)
    return solve(
        Term(float(interval(start, day, period, known.get(day)).years), float(amount))
        for day, amount in flows
    )


def regular_period(start: date, days: Sequence[date]) -> str:
    """Return the period that dates keep to most often: year, week or, in doubt, month."""
    found = unit_period(start, (), days)
    if (found.unit, found.size) == ("month", 12):
        return "year"
    return "week" if found.unit == "week" else "month"


def round_half_up(value: float, digits: int) -> Decimal:
    """Return a number as it is written, rounded half up: 3.055 is 3.06 to two decimals.

    Annex I: to at least one decimal; a next digit of 5 or more raises the one before.
    """
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
