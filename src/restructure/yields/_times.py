"""Time between dates as regulations count it: whole months backward, then days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from restructure.daycount import is_month_end, month_length
from restructure.errors import InvalidValue, nearest, shown
from restructure.words import say


class UnitPeriod(NamedTuple):
    """A unit-period: `size` days, weeks, semimonths or months; or the term of the loan.

    `per_year` is the number of unit-periods a year.
    """

    unit: str
    size: int
    per_year: Fraction

    @property
    def name(self) -> str:
        """Return the name: "month", "2 weeks", "quarter", "term of 255 days"."""
        if self.unit == "term":
            return f"term of {self.size} days"
        usual = {3: "quarter", 6: "half-year", 12: "year"}
        if self.unit == "month" and self.size in usual:
            return usual[self.size]
        return self.unit if self.size == 1 else f"{self.size} {self.unit}s"

    @property
    def days(self) -> int:
        """Return the length in days, a month taken as 30 and a year as 365."""
        if (self.unit, self.size) == ("month", 12):
            return 365
        return self.size * {"day": 1, "week": 7, "semimonth": 15, "month": 30, "term": 1}[self.unit]


def unit(kind: str, size: int = 1) -> UnitPeriod:
    """Return the unit-period of `size` days, weeks, semimonths or months."""
    a_year = {"day": 365, "week": 52, "semimonth": 24, "month": 12}[kind]
    return UnitPeriod(kind, size, Fraction(a_year, size))


MONTH = unit("month")
YEAR = unit("month", 12)
_STANDARD = (
    unit("day"),
    *(unit("week", size) for size in range(1, 53)),
    unit("semimonth"),
    *(unit("month", size) for size in range(1, 13)),
)
"""Every standard interval of Appendix J (b)(3)(iii): up to a year."""

_NAMES = {found.name: found for found in _STANDARD} | {
    "3 months": unit("month", 3), "6 months": unit("month", 6), "12 months": YEAR,
    "fortnight": unit("week", 2), "half-month": unit("semimonth"), "half year": unit("month", 6),
}  # fmt: skip


def unit_named(name: str | UnitPeriod, field: str = "unit_period") -> UnitPeriod:
    """Return the unit-period of that name: day, week, 2 weeks, semimonth, month, quarter, ..."""
    if isinstance(name, UnitPeriod):
        return name
    found = _NAMES.get(" ".join(str(name).lower().split()))
    if found is None:
        raise InvalidValue(
            say(
                "{name} is not a unit-period: day, week to 52 weeks, semimonth, month to 11 "
                "months, quarter, half-year, year.",
                name=shown(name),
            )
            + nearest(str(name), _NAMES),
            field=field,
        )
    return found


def months_before(day: date, months: int, anchor: int) -> date:
    """Return the date `months` before, on day `anchor` of its month or the month's last."""
    if not months:
        return day
    whole = day.year * 12 + day.month - 1 - months
    year, month = divmod(whole, 12)
    if year < 1:
        raise InvalidValue(
            say("{months} months before {day} is before the year 1.", months=months, day=day),
            field="date",
        )
    return date(year, month + 1, min(anchor, month_length(year, month + 1)))


class Months(NamedTuple):
    """Whole months counted back from the later date, and where they begin."""

    months: int
    begins: date


def months_back(start: date, end: date, anchor: int | None = None) -> Months:
    """Return the whole months from `start` to `end`, counted backward from `end`.

    `anchor` is the day of the month on which the series of `end` falls due, if February or
    another short month hides it; by default the day of `end`.
    """
    day = anchor or end.day
    count = (end.year - start.year) * 12 + end.month - start.month
    begins = months_before(end, count, day)
    if begins < start:
        count -= 1
        begins = months_before(end, count, day)
    return Months(count, begins)


def anchors(days: Iterable[date]) -> dict[date, int]:
    """Return the day of the month that each date stands for, seen beside the others.

    Appendix J (b)(3)(iv): a series on the last day of each month is counted from last day to
    last day; in a series on the 29th or 30th, the last of February stands for that day. A
    date by itself stands for its own day.
    """
    dates = sorted(set(days))
    late = [day for day in dates if day.day >= 28]
    if len(late) > 1 and all(map(is_month_end, late)):
        return {day: 31 if day.day >= 28 else day.day for day in dates}
    usual = Counter(day.day for day in late if day.day in (29, 30) and day.month != 2)
    found = {day: day.day for day in dates}
    if usual:
        for day in late:
            if day.month == 2 and is_month_end(day):
                found[day] = usual.most_common(1)[0][0]
    return found


def _labels(start: date, end: date, anchor: int, half: bool) -> list[UnitPeriod]:
    """Return the standard intervals of up to a year that a period is, exactly."""
    length = (end - start).days
    found = []
    months, begins = months_back(start, end, anchor)
    if 0 < months <= 12 and begins == start:
        found.append(unit("month", months))
    if length % 7 == 0 and length <= 364:
        found.append(unit("week", length // 7))
    if length == 1:
        found.append(unit("day"))
    if half:
        found.append(unit("semimonth"))
    return found


def unit_period(start: date, advances: Sequence[date], payments: Sequence[date]) -> UnitPeriod:
    """Return the unit-period of a transaction whose term begins at `start`.

    Appendix J (b)(4)(i): the common period, not above a year, that occurs most often; of two
    that occur equally often the smaller; without a common period the average of all periods,
    to the nearest standard interval, the lower of two equally near. Periods run from one
    advance to the next and from one payment to the next, the first of each from `start`.

    A common period that is no standard interval (10 days) is taken to the nearest one, since
    the rule counts time in standard intervals alone.
    """
    counts: Counter[UnitPeriod] = Counter()
    lengths: list[Fraction] = []
    for series in (advances, payments):
        dates = sorted({day for day in series if day > start})
        known = anchors(dates)
        points = [start, *dates]
        months = [
            months_back(a, b, known[b]) == (1, a) for a, b in zip(points, points[2:], strict=False)
        ]
        for k, (a, b) in enumerate(pairwise(points)):
            length = (b - a).days
            lengths.append(_length(a, b, known[b]))
            half = 13 <= length <= 18 and any(months[max(k - 1, 0) : k + 1])
            labels = _labels(a, b, known[b], half)
            if not labels and length <= 365:
                labels = [UnitPeriod("day", length, Fraction(365, length))]
            counts.update(labels)
    most = max(counts.values(), default=0)
    if most > 1:
        common = min((u for u, times in counts.items() if times == most), key=lambda u: u.days)
        return common if common in _STANDARD else _nearest(Fraction(common.days))
    if not lengths:
        return MONTH
    return _nearest(sum(lengths, Fraction(0)) / len(lengths))


def _length(start: date, end: date, anchor: int) -> Fraction:
    """Return the days of a period; whole months count as equal months of 30 days."""
    months, begins = months_back(start, end, anchor)
    if begins != start or not months:
        return Fraction((end - start).days)
    return Fraction(30 * months) if months < 12 else Fraction(365 * months, 12)


def _nearest(length: Fraction) -> UnitPeriod:
    return min(_STANDARD, key=lambda u: (abs(u.days - length), u.days))


def whole_year_before(day: date) -> int:
    """Return 365 or 366, the days of the complete year that ends with `day`."""
    return (day - months_before(day, 12, day.day)).days
