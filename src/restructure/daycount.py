"""Day counts: how the time from one date to another becomes days and a fraction of a year.

Every count starts on the first date, which is included, and ends before the last, which is not:
interest of 1 January to 2 January is that of one day. Fractions are exact. References such as
"4.16 (f)" are to the 2006 ISDA Definitions; the letters of the 2000 edition differ by one.

`DAY_COUNTS` holds the names; `named` finds one by name or alias, whatever the case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from restructure.errors import InvalidValue, UnknownName, nearest, shown
from restructure.words import say

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Return whether a year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """Return the number of days of a month."""
    return 29 if month == 2 and is_leap(year) else _DAYS[month - 1]


def is_month_end(day: date) -> bool:
    """Return whether a date is the last of its month."""
    return day.day == month_length(day.year, day.month)


def _february_end(day: date) -> bool:
    return day.month == 2 and is_month_end(day)


def _thirty(start: date, end: date, first: int, last: int) -> int:
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def _actual(start: date, end: date, maturity: date | None = None) -> int:
    """Return the calendar days from `start`, included, to `end`, not included."""
    return end.toordinal() - start.toordinal()


def _bond(start: date, end: date, maturity: date | None = None) -> int:
    """30/360, bond basis. ISDA 2006, 4.16 (f).

    360 (Y2 - Y1) + 30 (M2 - M1) + (D2 - D1), where D1 = 31 becomes 30, and D2 = 31 becomes 30
    if D1 is then 30. February is left alone: 28 February to 1 March is 3 days.

    Quarrel: "30/360" alone also names the US rule of `30U/360`, which lengthens February, and
    in Germany 30E/360. ISDA's unqualified 30/360 is this one.
    """
    first = min(start.day, 30)
    last = 30 if end.day == 31 and first == 30 else end.day
    return _thirty(start, end, first, last)


def _eurobond(start: date, end: date, maturity: date | None = None) -> int:
    """30E/360, Eurobond basis. ISDA 2006, 4.16 (g).

    As 30/360, but D1 = 31 and D2 = 31 become 30 each by itself. February is left alone.

    Quarrel: in the 2000 ISDA Definitions "30E/360" lengthened February as 4.16 (h) does now.
    """
    return _thirty(start, end, min(start.day, 30), min(end.day, 30))


def _eurobond_isda(start: date, end: date, maturity: date | None = None) -> int:
    """30E/360 (ISDA). ISDA 2006, 4.16 (h).

    As 30/360, but a D1 that is the last day of its month becomes 30, February's included; so
    does D2, except where it is the last day of February and the maturity date.

    Quarrel: the exception needs the maturity date. Without it every D2 at the end of February
    counts as 30, which is right for all periods but the last.
    """
    first = 30 if is_month_end(start) else start.day
    last = 30 if is_month_end(end) and not (end.month == 2 and end == maturity) else end.day
    return _thirty(start, end, first, last)


def _us(start: date, end: date, maturity: date | None = None) -> int:
    """30U/360, the US rule with ends of February. SIA, Standard Securities Calculation Methods.

    In this order: if both dates are the last of February, D2 becomes 30; if the first is, D1
    becomes 30; if D2 = 31 and D1 is 30 or 31, D2 becomes 30; D1 = 31 becomes 30.

    Quarrel: not an ISDA name. Some libraries apply the February steps last, and then count 31
    days from 28 February to 31 March, where the order above counts 30. Others apply them only
    to loans whose due dates are month ends.
    """
    first, last = start.day, end.day
    if _february_end(start):
        if _february_end(end):
            last = 30
        first = 30
    if last == 31 and first >= 30:
        last = 30
    return _thirty(start, end, min(first, 30), last)


def _by_year(start: date, end: date) -> Fraction:
    """Act/Act (ISDA), 4.16 (b): days in leap years / 366 + days in other years / 365.

    The period is split at each year end: 31 December belongs to the old year, 1 January to the
    new one.
    """
    if start.year == end.year:
        return Fraction(_actual(start, end), 366 if is_leap(start.year) else 365)
    head = Fraction(
        date(start.year, 12, 31).toordinal() + 1 - start.toordinal(),
        366 if is_leap(start.year) else 365,
    )
    tail = Fraction(
        end.toordinal() - date(end.year, 1, 1).toordinal(), 366 if is_leap(end.year) else 365
    )
    return head + (end.year - start.year - 1) + tail


def _by_year_last(start: date, end: date) -> Fraction:
    """Act/Act that counts the last day of a period and not its first.

    As Act/Act (ISDA), with both dates a day later: the night from 31 December to 1 January
    belongs to the new year. Not in ISDA; some loan platforms count so.
    """
    if end == date.max:
        return _by_year(start, end)
    day = timedelta(days=1)
    return _by_year(start + day, end + day)


def _by_february(start: date, end: date) -> Fraction:
    """Act/365A (actual): days / 366 if a 29 February lies in the period, else / 365.

    The day counts where it is after `start` and not after `end` (ICMA; also called Act/365 Leap
    Year in some systems). Quarrel: others look whether the year of `end` is a leap year.
    """
    leap = any(
        start < date(year, 2, 29) <= end
        for year in range(start.year, end.year + 1)
        if is_leap(year)
    )
    return Fraction(_actual(start, end), 366 if leap else 365)


class DayCount(NamedTuple):
    """A day count: its name, its other names, its source, its days and its year.

    `year` is the denominator; None where a year has its own days (Act/Act) or where the days
    do not matter (equal periods).
    """

    name: str
    aliases: tuple[str, ...]
    source: str
    rule: Callable[[date, date, date | None], int]
    year: Fraction | None


EQUAL = "equal"
"""One period is 1 / periods a year, whatever its days: 12 equal months, 52 equal weeks."""

_ACT_ACT = "Act/Act ISDA"

DAY_COUNTS = {
    found.name: found
    for found in (
        DayCount(
            "30/360",
            ("bond", "bond basis", "30/360 bond basis", "30/360 bond", "30/360 isda", "360/360"),
            "ISDA 2006, 4.16 (f)",
            _bond,
            Fraction(360),
        ),
        DayCount(
            "30E/360",
            ("eurobond", "eurobond basis", "30/360 european", "30/360 eurobond", "30s/360",
             "30/360 icma", "30/360 isma"),
            "ISDA 2006, 4.16 (g)",
            _eurobond,
            Fraction(360),
        ),
        DayCount(
            "30E/360 ISDA",
            ("30/360 german", "german", "30e/360 german"),
            "ISDA 2006, 4.16 (h)",
            _eurobond_isda,
            Fraction(360),
        ),
        DayCount(
            "30U/360",
            ("30/360 us", "30us/360", "30/360 sia", "30/360 nasd"),
            "SIA, Standard Securities Calculation Methods",
            _us,
            Fraction(360),
        ),
        DayCount(
            "Act/360",
            ("a/360", "money market", "money market basis", "french"),
            "ISDA 2006, 4.16 (e)",
            _actual,
            Fraction(360),
        ),
        DayCount(
            "Act/365F",
            ("act/365", "a/365", "a/365f", "act/365 fixed", "act/365 (fixed)", "english"),
            "ISDA 2006, 4.16 (d)",
            _actual,
            Fraction(365),
        ),
        DayCount(
            "Act/365.25",
            ("a/365.25",),
            say("not in ISDA; used by calculators of the UK APR"),
            _actual,
            Fraction(1461, 4),
        ),
        DayCount(
            _ACT_ACT,
            ("act/act", "a/a", "act/act (isda)", "actual/actual (historical)", "act/365 isda"),
            "ISDA 2006, 4.16 (b)",
            _actual,
            None,
        ),
        DayCount(
            "Act/Act last",
            ("a/a last",),
            "not in ISDA; used by loan platforms (Apache Fineract)",
            _actual,
            None,
        ),
        DayCount(
            "Act/365A",
            ("a/365a", "act/365 act", "act/365 leap"),
            "ICMA; Act/365 with 366 days where a 29 February falls in the period",
            _actual,
            None,
        ),
        DayCount(
            EQUAL,
            ("equal periods", "periods", "none"),
            say("Directive 2008/48/EC, Annex I: 12 equal months, 52 weeks"),
            _actual,
            None,
        ),
    )
}  # fmt: skip
"""Every day count by its name."""


def _key(name: str) -> str:
    """Return a name as it is compared: lower case, "actual" as "act", single spaces."""
    text = re.sub(r"[\s_-]+", " ", name.strip().lower()).replace("actual", "act")
    return re.sub(r"\s*/\s*", "/", text).replace("(", "").replace(")", "")


_NAMES = {
    _key(alias): found for found in DAY_COUNTS.values() for alias in (found.name, *found.aliases)
}


def named(name: object, field: str = "day_count") -> DayCount:
    """Return the day count of that name or alias; raises UnknownName, with the nearest one."""
    if isinstance(name, DayCount):
        return name
    found = _NAMES.get(_key(name)) if isinstance(name, str) else None
    if found is None:
        reason = say(
            "{name} is not a day count: {names}.", name=shown(name), names=", ".join(DAY_COUNTS)
        )
        raise UnknownName(reason + nearest(str(name), DAY_COUNTS), field=field)
    return found


def days(name: object, start: date, end: date, *, maturity: date | None = None) -> int:
    """Return the days from `start`, included, to `end`, not included, by a day count.

    `maturity` matters to 30E/360 ISDA alone. For Act/Act and equal periods these are the
    calendar days. Raises InvalidValue if `end` is before `start`.
    """
    convention = named(name)
    _in_order(start, end)
    return convention.rule(start, end, maturity)


def year_fraction(
    name: object,
    start: date,
    end: date,
    *,
    maturity: date | None = None,
    per_year: Fraction | int | None = None,
) -> Fraction:
    """Return the exact fraction of a year from `start`, included, to `end`, not included.

    `per_year`, the number of periods a year, is needed by equal periods alone, where the
    answer is 1 / per_year whatever the dates. `maturity` matters to 30E/360 ISDA alone.
    """
    convention = named(name)
    _in_order(start, end)
    if convention.year is not None:
        return convention.rule(start, end, maturity) / convention.year
    if convention.name == EQUAL:
        if per_year is None or per_year <= 0:
            raise InvalidValue(
                say("equal periods need the number of periods a year."), field="per_year"
            )
        return 1 / Fraction(per_year)
    ways = {_ACT_ACT: _by_year, "Act/Act last": _by_year_last, "Act/365A": _by_february}
    return ways[convention.name](start, end)


def _in_order(start: date, end: date) -> None:
    if end < start:
        raise InvalidValue(
            say("{end} is before {start}; give the earlier date first.", end=end, start=start),
            field="end",
        )
