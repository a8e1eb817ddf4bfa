"""A book: made-up loans in chunks of columns, and their monthly states."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from typing import Any

from restructure.errors import InvalidValue, shown
from restructure.sample.draws import ArrayDraws, Draws
from restructure.sample.model import MONTHS, PRODUCTS, SEGMENTS, Made, make
from restructure.words import say

COLUMNS = (
    "id", "synthetic", "product", "segment", "currency", "principal", "rate", "term", "paid",
    "missed", "drawn_on", "days_past_due", "income", "pd", "lgd",
)  # fmt: skip
HISTORY = ("id", "synthetic", "month", "days_past_due")
CHUNK = 32_768
LAST_MONTH = "2026-06"


class Book:
    """A book of `loans` made-up loans at the end of a month, such as "2026-06".

    Columns are lists: `principal` and `income` (a month, net) in whole units of `currency`,
    `rate` in percent a year with two decimals, as an int of hundredths; `pd` (within a year) and
    `lgd` as ints of 0.0001; `drawn_on` is a date. A loan falls due monthly, on the day of the
    month on which it was drawn. `vector` says whether NumPy works it out (by default: if it is
    installed); the values are the same. Raises InvalidValue.
    """

    def __init__(
        self,
        loans: int,
        seed: int = 1,
        month: str = LAST_MONTH,
        currency: str = "CNY",
        vector: bool | None = None,
    ) -> None:
        self.loans, self.seed, self.currency = loans, seed, currency
        self.vector = find_spec("numpy") is not None if vector is None else vector
        self.month = month
        try:
            year, number = month.split("-")
            first = date(int(year), int(number), 1)
            if len(month) != 7 or not 1950 <= first.year <= 2200:
                raise ValueError
        except ValueError as error:
            raise InvalidValue(
                say(
                    "{month} is not a month written as {LAST_MONTH}.",
                    month=shown(month),
                    LAST_MONTH=LAST_MONTH,
                ),
                field="month",
            ) from error
        self._months = first.year * 12 + first.month - 1
        # The first day of each month back from the month after the last, as a day number.
        self._first_days = [self._first_day(back) for back in range(-1, MONTHS + 1)]

    def _first_day(self, back: int) -> int:
        year, month = divmod(self._months - back, 12)
        return date(year, month + 1, 1).toordinal()

    def month_name(self, back: int) -> str:
        """Return the month so many months before the last, such as 2026-05."""
        year, month = divmod(self._months - back, 12)
        return f"{year:04d}-{month + 1:02d}"

    def chunks(self, months: int = 0) -> Iterator[tuple[list[list[Any]], list[list[Any]]]]:
        """Yield the columns of some loans, and of their states in the last `months` months.

        The states stand loan by loan, the oldest first; a month before a loan's first due date
        has none.
        """
        for first in range(0, self.loans, CHUNK):
            count = min(CHUNK, self.loans - first)
            if self.vector:
                draw: Draws = ArrayDraws(self.seed, first, count)
                made = make(draw, self._months % 12 + 1)
                late = [self._late(draw, made, back) for back in range(max(months, 1))]
                rows = Made(*(_listed(part) for part in made))
                days = [part.tolist() for part in late]
            else:
                rows, days = self._one_by_one(first, count, max(months, 1))
            ids = [f"SYN{number:08d}" for number in range(first + 1, first + count + 1)]
            yield self._columns(ids, rows, days[0]), self._states(ids, rows, days[:months])

    def _one_by_one(self, first: int, count: int, months: int) -> tuple[Made, list[list[int]]]:
        found, days = [], []
        for index in range(first, first + count):
            draw = Draws(self.seed, index)
            made = make(draw, self._months % 12 + 1)
            found.append(made)
            days.append([self._late(draw, made, back) for back in range(months)])
        columns = [list(column) for column in zip(*found, strict=True)]
        by_month = [list(column) for column in zip(*(made.missed for made in found), strict=True)]
        rows = Made(*columns)._replace(missed=by_month)
        return rows, [list(column) for column in zip(*days, strict=True)]

    def _late(self, draw: Draws, made: Made, back: int) -> Any:
        """Return the days from the first missed due date to the end of a month; 0 if none is."""
        missed = made.missed[back]
        end = self._first_days[back] - 1
        due = draw.take(self._first_days, missed + back) + made.day - 1
        return draw.choose(missed > 0, end - due, 0)

    def _columns(self, ids: list[str], rows: Made, days: list[int]) -> list[list[Any]]:
        missed = rows.missed[0]
        paid = [age - late for age, late in zip(rows.age, missed, strict=True)]
        count = len(ids)
        return [
            ids,
            [True] * count,
            [PRODUCTS[number].name for number in rows.product],
            [SEGMENTS[number] for number in rows.segment],
            [self.currency] * count,
            rows.principal,
            rows.rate,
            rows.term,
            paid,
            missed,
            [self._drawn(age, day) for age, day in zip(rows.age, rows.day, strict=True)],
            days,
            rows.income,
            rows.pd,
            rows.lgd,
        ]

    def _drawn(self, age: int, day: int) -> date:
        year, month = divmod(self._months - age, 12)
        return date(year, month + 1, day)

    def _states(self, ids: list[str], rows: Made, days: list[list[int]]) -> list[list[Any]]:
        names = [self.month_name(back) for back in range(len(days))]
        found: tuple[list[str], list[str], list[int]] = ([], [], [])
        for row, (name, age) in enumerate(zip(ids, rows.age, strict=True)):
            for back in reversed(range(min(len(days), age))):
                found[0].append(name)
                found[1].append(names[back])
                found[2].append(days[back][row])
        return [found[0], [True] * len(found[0]), found[1], found[2]]


def _listed(part: Any) -> Any:
    """Return the array, or each array of a list, as a list of ints."""
    return [one.tolist() for one in part] if isinstance(part, list) else part.tolist()
