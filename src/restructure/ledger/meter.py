"""Meter: rate x time as whole numbers, so that what accrues stays exact until it is rounded.

A meter runs like a clock. Between two days it advances by rate x years x `den`; an amount that
stands from one day to another bears amount x advance / den. Because readings are subtracted,
splitting a stretch of days in two never changes what accrues.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from math import lcm

from restructure.errors import UnknownName, nearest, shown
from restructure.loan import Loan
from restructure.words import say

DAY_COUNTS = ("act/360", "act/365", "act/act", "30/360")


def _thirty(day: date) -> int:
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def _by_year(day: date) -> int:
    """Count in 1 / (365 x 366) of a year: a day of a leap year is 365 of them, another 366."""
    leap = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
    return day.year * 365 * 366 + (day.timetuple().tm_yday - 1) * (365 if leap else 366)


_CLOCKS: dict[str, tuple[Callable[[date], int], int]] = {
    "act/360": (date.toordinal, 360),
    "act/365": (date.toordinal, 365),
    "act/act": (_by_year, 365 * 366),
    "30/360": (_thirty, 360),
}


def day_count_of(loan: Loan, name: str) -> str:
    """Return the day count of penalty interest; "loan" is that of the loan.

    Raises UnknownName for a loan's day count that counts neither actual days nor months of 30.
    """
    if name != "loan":
        return name
    own = loan.day_count.lower()
    for known in DAY_COUNTS:
        if own.startswith(known) or (known == "30/360" and (own == "equal" or own[:2] == "30")):
            return known
    raise UnknownName(
        say(
            "the loan's day count, {own}, cannot count penalty interest; give one of {names}.",
            own=shown(own),
            names=", ".join(DAY_COUNTS),
        )
        + nearest(own, DAY_COUNTS),
        field="penalty_day_count",
    )


class Meter:
    """Cumulated rate x time. `rates` are (day from which it holds, nominal annual rate)."""

    __slots__ = ("_clock", "_days", "_nums", "_sums", "den")

    def __init__(self, rates: Sequence[tuple[date, Fraction]], day_count: str) -> None:
        self._clock, year = _CLOCKS[day_count]
        common = lcm(*(rate.denominator for _, rate in rates))
        self.den = common * year
        self._days = [day for day, _ in rates]
        self._nums = [int(rate * common) for _, rate in rates]
        self._sums = [0]
        for k in range(1, len(rates)):
            passed = self._clock(self._days[k]) - self._clock(self._days[k - 1])
            self._sums.append(self._sums[-1] + passed * self._nums[k - 1])

    def read(self, day: date) -> int:
        """Return the reading at the end of `day`."""
        k = max(bisect_right(self._days, day) - 1, 0)
        passed = self._clock(day) - self._clock(self._days[k])
        return self._sums[k] + passed * self._nums[k]


def contract_rates(loan: Loan) -> list[tuple[date, Fraction]]:
    """Return the contract rate by date: (day from which it holds, nominal annual rate)."""
    calendar = loan.calendar
    assert calendar is not None
    days = {date.min: loan.path[0].rate}
    rows = 0
    for leg, following in zip(loan.path, loan.path[1:], strict=False):
        rows += leg.rows or 0
        days[calendar.unmoved(loan.passed + rows - 1)] = following.rate
    if not loan.resets:
        return sorted(days.items())
    path = sorted(days.items())
    starts = sorted({*days, *(reset.day for reset in loan.resets)})
    found = []
    for day in starts:
        rate = [r for since, r in path if since <= day][-1]
        for reset in loan.resets:
            if reset.day <= day:
                rate = [r for since, r in path if since <= day][-1]
                rate = rate if reset.rate is None else reset.rate
        found.append((day, rate))
    return found
