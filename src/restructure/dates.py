"""Due dates: every so many weeks or months from the first one; month ends stay month ends."""

from __future__ import annotations

from datetime import date, timedelta

from restructure.errors import InvalidValue
from restructure.rates import Every


def shift(day: date, every: Every, periods: int) -> date:
    """Return the date `periods` periods after `day` (before it, if negative).

    Months are counted on the calendar: 31 January plus one month is the last of February.
    Raises InvalidValue beyond the year 9999.
    """
    try:
        if every.unit == "week":
            return day + timedelta(weeks=every.size * periods)
        from dateutil.relativedelta import relativedelta

        return day + relativedelta(months=every.size * periods)
    except (OverflowError, ValueError) as error:
        raise InvalidValue(
            f"the schedule would run past the year 9999 ({periods} x {every.name} after {day}).",
            field="term",
        ) from error


def due_dates(first: date, every: Every, skip: int, count: int) -> list[date]:
    """Return `count` due dates after the first `skip` ones, each counted from `first`.

    Counting from the first date keeps its day: 31 January, 28 February, 31 March.
    """
    return [shift(first, every, skip + k) for k in range(count)]
