"""Due dates: their rhythm, business days, and how long each period is under a day count."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from restructure.errors import InvalidValue, UnknownName, shown
from restructure.rates import Every
from restructure.words import say

RULES = ("following", "modified-following", "preceding", "modified-preceding")
UNADJUSTED = "-unadjusted"
"""Behind a rule's name: the payment moves, the interest period does not."""


@lru_cache(maxsize=8192)  # each row asks for the same dates several times
def shift(day: date, every: Every, periods: int) -> date:
    """Return the date `periods` periods after `day` (before it, if negative).

    Months are counted on the calendar: 31 January plus one month is the last of February.
    Raises InvalidValue beyond the year 9999.
    """
    try:
        if every.unit == "day":
            return day + timedelta(days=every.size * periods)
        if every.unit == "week":
            return day + timedelta(weeks=every.size * periods)
        from dateutil.relativedelta import relativedelta

        return day + relativedelta(months=every.size * periods)
    except (OverflowError, ValueError) as error:
        raise InvalidValue(
            say(
                "the schedule would run past the year 9999, or before the year 1 ({periods} x "
                "{name} from {day}).",
                periods=periods,
                name=every.name,
                day=day,
            ),
            field="term",
        ) from error


def on_day(day: date, wanted: int) -> date:
    """Return the day of the same month with the number `wanted`, or the month's last day."""
    from calendar import monthrange

    return day.replace(day=min(wanted, monthrange(day.year, day.month)[1]))


class Calendar(NamedTuple):
    """The due dates of a loan and the length of its periods.

    `start` is the day from which interest runs (None: one period before `first`). `rule`
    moves due dates that are no business days: one of RULES, "" for none. Under a plain rule
    interest runs to the moved date; with "-unadjusted" behind it, to the unmoved one (ISDA
    2006, 4.12 and 4.13). `holidays` names a calendar of the holidays library, "" weekends.
    """

    first: date
    every: Every
    start: date | None = None
    day_count: str = "30/360"
    rule: str = ""
    holidays: str = ""
    shifted: tuple[tuple[int, date], ...] = ()
    """Due dates moved by agreement: from due date k on, dates are counted from another day."""

    last: tuple[int, date] | None = None
    """A last due date off the rhythm: its number, and the day."""

    due_day: int = 0
    """Day of the month on which instalments fall due (31: month ends); 0: that of the anchor."""

    opened: tuple[int, date] | None = None
    """A period that runs anew from a later day: the number of its due date, and the day."""

    odd_days: bool = False
    """Whether an odd first period counts its actual days, whatever the day count."""

    def unmoved(self, k: int) -> date:
        """Return the k-th due date before it is moved; 0 is the first, -1 the start.

        Dates are counted from one anchor, so that its day stays: 31 January, 28 February, 31
        March. The anchor is the start where the first due date is one period after it.
        """
        if k < 0 and self.start is not None:
            return self.start
        if self.last is not None and k == self.last[0]:
            return self.last[1]
        for since, day in reversed(self.shifted):
            if k >= since:
                return shift(day, self.every, k - since)
        if self.due_day:
            return on_day(shift(self.first, self.every, k), self.due_day)
        if self.start is not None and shift(self.start, self.every, 1) == self.first:
            return shift(self.start, self.every, k + 1)
        return shift(self.first, self.every, k)

    def due(self, k: int) -> date:
        """Return the k-th due date, moved to a business day if a rule says so."""
        day = self.unmoved(k)
        return moved(day, self.rule, self.holidays) if self.rule and k >= 0 else day

    def years(self, k: int) -> Fraction:
        """Return the length in years of the period that ends at due date k.

        `equal` counts a regular period as 1 / periods a year; an odd first one as whole
        periods counted back from its end, and the days left over the days of the year that
        ends with the last of them (SWD(2012)128, 4.1.1).
        """
        if self.day_count == "equal" and not self._by_days(k):
            return self._equal(k)
        return self.part(k, *self.ends(k))

    def part(self, k: int, start: date, end: date) -> Fraction:
        """Return the length in years of a part of the period that ends at due date k.

        Under `equal` the part has the share of the period that its days have of the days.
        """
        if self._by_days(k):
            return Fraction((end - start).days, 360 if "360" in self.day_count else 365)
        if self.day_count == "equal":
            first, last = self.ends(k)
            return self._equal(k) * Fraction((end - start).days, (last - first).days)
        from restructure.daycount import year_fraction

        return year_fraction(self.day_count, start, end)

    def between(self, j: int, k: int) -> Fraction:
        """Return the time in years from due date j to due date k."""
        if self.day_count == "equal":
            return sum((self.years(row) for row in range(j + 1, k + 1)), Fraction(0))
        from restructure.daycount import year_fraction

        return year_fraction(self.day_count, self.due(j), self.due(k))

    def _by_days(self, k: int) -> bool:
        """Whether due date k ends an odd first period that counts actual days."""
        if not self.odd_days or k != 0 or self.start is None:
            return False
        return shift(self.start, self.every, 1) != self.first

    def ends(self, k: int) -> tuple[date, date]:
        """Return the days between which interest runs in the period that ends at due date k."""
        exact = self.rule.endswith(UNADJUSTED)
        start, end = (self.unmoved if exact else self.due)(k - 1), self.due(k)
        if self.opened is not None and self.opened[0] == k:
            start = self.opened[1]
        return start, self.unmoved(k) if exact else end

    def _equal(self, k: int) -> Fraction:
        regular = 1 / self.every.per_year
        if self.opened is not None and self.opened[0] == k:
            return self._whole_and_odd(self.opened[1], self.unmoved(k))
        if any(since == k for since, _ in self.shifted) or (self.last and self.last[0] == k):
            return self._whole_and_odd(self.unmoved(k - 1), self.unmoved(k))
        if k > 0 or self.start is None or shift(self.start, self.every, 1) == self.first:
            return regular
        return self._whole_and_odd(self.start, self.first)

    def _whole_and_odd(self, start: date, last: date) -> Fraction:
        whole, end = 0, last
        while shift(last, self.every, -whole - 1) >= start:
            whole += 1
            end = shift(last, self.every, -whole)
        odd = (end - start).days
        year = (end - shift(end, Every("year", "month", 12), -1)).days
        return whole / self.every.per_year + Fraction(odd, year)


def moved(day: date, rule: str, holidays: str = "") -> date:
    """Return the business day that `rule` puts in the place of `day`.

    following: the next one; preceding: the one before; modified: the other way where that
    would leave the month (ISDA 2006, section 4.12).
    """
    name = rule.removesuffix(UNADJUSTED)
    step = timedelta(days=1 if "following" in name else -1)
    found = day
    while not is_business_day(found, holidays):
        found += step
    if name.startswith("modified") and found.month != day.month:
        found = day
        while not is_business_day(found, holidays):
            found -= step
    return found


def is_business_day(day: date, holidays: str = "") -> bool:
    """Whether `day` is neither a weekend's day nor a holiday of the named calendar.

    China moves working days to weekends; the holidays library knows which.
    """
    if not holidays:
        return day.weekday() < 5
    return bool(_calendar(holidays).is_working_day(day))


@lru_cache(maxsize=8)
def _calendar(name: str) -> Any:
    try:
        import holidays
    except ImportError as error:
        raise InvalidValue(
            say("needs the holidays library: pip install 'restructure[dates]'."), field="holidays"
        ) from error
    country, _, subdivision = name.partition("-")
    try:
        return holidays.country_holidays(country.upper(), subdiv=subdivision.upper() or None)
    except NotImplementedError as error:
        raise UnknownName(
            say(
                "{name} is not a country of the holidays library, such as CN, GB-ENG, DE-BY.",
                name=shown(name),
            ),
            field="holidays",
        ) from error
