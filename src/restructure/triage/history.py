"""History: monthly states of loans to moves between buckets, and each loan's trend.

A line has the loan's id, the month (2026-06, or a day in it) and its days past due. Lines may
stand loan by loan or month by month; those of one loan stand in order of time. Memory grows
with the number of loans, not with that of months.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from restructure.errors import InvalidValue, shown
from restructure.triage.book import Bad, BookFile
from restructure.triage.columns import History as Columns
from restructure.triage.rolls import Matrix
from restructure.triage.schemes import Scheme
from restructure.words import say

TREND_MONTHS = 3
_BASE = 64
"""Buckets are packed with a month into one whole number: month x 64 + bucket."""


class History:
    """What a history says.

    `moves` has by month the loans that moved into it, bucket by bucket, "left" last; `counts`
    those in each bucket in the last month. `gaps` are loans that come back after months without
    a state, whose move is not counted. `bad` has the first lines that were not taken, `rejected`
    how many there are.
    """

    def __init__(self, scheme: Scheme, most_bad: int = 100) -> None:
        self.scheme = scheme
        self.moves: dict[str, Matrix] = {}
        self.counts = [0] * len(scheme.least)
        self.lines = self.rejected = self.gaps = self.loans = 0
        self.bad: list[Bad] = []
        self._most_bad = most_bad
        self._tell: Callable[[Bad], None] | None = None
        self._last: dict[str, int] = {}
        self._days: dict[str, list[tuple[int, int]]] = {}
        self._months: dict[Any, int | None] = {}
        self.first = self.last = 0

    def read(
        self, file: BookFile, columns: Columns, tell: Callable[[Bad], None] | None = None
    ) -> History:
        """Take all lines of a file, and close the records of the loans that have left.

        `tell` gets each line that is not taken.
        """
        self._tell = tell
        for loans, bad in file.chunks(list(dict.fromkeys(columns))):
            self._reject(bad)
            self._take(
                loans.lines,
                loans.columns[columns.id],
                loans.columns[columns.month],
                loans.columns[columns.days],
            )
        self._close()
        return self

    @property
    def states(self) -> int:
        """Lines taken."""
        return self.lines - self.rejected

    def trend(self, loan: str, days: int) -> int | None:
        """Return by how many days a loan is later than three months ago; None if unknown.

        `days` are its days past due now. A loan that was never late in the last months of the
        history has no record of its days; it was at 0 then.
        """
        if loan not in self._last:
            return None
        then = self.last - TREND_MONTHS
        before = [late for month, late in self._days.get(loan, ()) if month == then]
        return days - (before[0] if before else 0)

    def _reject(self, bad: Iterable[Bad]) -> None:
        for one in bad:
            self.lines += 1
            self.rejected += 1
            if self._tell is not None:
                self._tell(one)
            if len(self.bad) < self._most_bad:
                self.bad.append(one)

    def _take(self, lines: list[int], ids: list[Any], months: list[Any], days: list[Any]) -> None:
        last, bucket_of, known = self._last, self.scheme.bucket, self._months
        buckets: dict[Any, int] = {}
        still: dict[int, int] = {}  # nearly all loans: up to date, and they stay so
        self.lines += len(lines)
        for line, loan, name, late in zip(lines, ids, months, days, strict=True):
            month = known.get(name)
            if month is None and (month := self._month(name)) is None:
                self._wrong(line, loan, "month", name, say("is not a month such as 2026-06."))
                continue
            bucket = buckets.get(late)
            if bucket is None:
                number = whole_days(late)
                if number is None:
                    words = say("is not a whole number of days, 0 or more.")
                    self._wrong(line, loan, "days_past_due", late, words)
                    continue
                bucket = buckets[late] = bucket_of(number)
            loan = str(loan)
            before = last.get(loan)
            if before is not None:
                earlier, start = divmod(before, _BASE)
                if month <= earlier:
                    words = say("is not after the month before it of this loan.")
                    self._wrong(line, loan, "month", name, words)
                    continue
                if month != earlier + 1:
                    self.gaps += 1
                elif start == bucket == 0:
                    still[month] = still.get(month, 0) + 1
                else:
                    self._move(month, start, bucket)
            last[loan] = month * _BASE + bucket
            if bucket:
                self._remember(loan, month, int(late))
        for month, count in still.items():
            self._move(month, 0, 0, count)

    def _wrong(self, line: int, loan: Any, field: str, value: Any, reason: str) -> None:
        self.lines -= 1  # it is counted with the rejected
        self._reject([Bad(line, str(loan), field, str(value)[:200], reason)])

    def _month(self, name: Any) -> int | None:
        """Return a month as months since year 0; None if it is none."""
        if isinstance(name, date):
            found = name.year * 12 + name.month - 1
        else:
            text = str(name).strip()
            year, number = text[:4], text[5:7]
            whole = year.isdecimal() and number.isdecimal() and text.isascii()
            if not (whole and text[4:5] == "-" and 1 <= int(number) <= 12 and _day(text[7:])):
                return None
            found = int(year) * 12 + int(number) - 1
        self._months[name] = found
        return found

    def _move(self, month: int, start: int, end: int, count: int = 1) -> None:
        name = month_name(month)
        matrix = self.moves.get(name)
        if matrix is None:
            size = len(self.scheme.least)
            matrix = self.moves[name] = [[0] * (size + 1) for _ in range(size)]
        matrix[start][end] += count

    def _remember(self, loan: str, month: int, days: int) -> None:
        states = self._days.setdefault(loan, [])
        states.append((month, days))
        if len(states) > TREND_MONTHS + 1:
            del states[0]

    def _close(self) -> None:
        """Count the loans of the last month, and those that left before it."""
        self.loans = len(self._last)
        if not self.loans:
            return
        self.last = max(self._last.values()) // _BASE
        self.first = min(month for month in self._months.values() if month is not None)
        for state in self._last.values():
            month, bucket = divmod(state, _BASE)
            if month == self.last:
                self.counts[bucket] += 1
            else:
                self._move(month + 1, bucket, len(self.scheme.least))


def month_name(month: int) -> str:
    """Return a month such as 2026-06 from its number."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def _day(rest: str) -> bool:
    return not rest or (rest[0] == "-" and rest[1:3].isdecimal())


def whole_days(value: Any) -> int | None:
    """Return days past due as a whole number; None if they are none."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = int(value) if isinstance(value, str) else value
        days = int(number)
    except (ValueError, TypeError, OverflowError, ArithmeticError):
        return None
    return days if days == number and 0 <= days < 100_000 else None


def check(history: History, name: str) -> None:
    """Raise InvalidValue for a history without a single state."""
    if not history.loans:
        raise InvalidValue(
            say("{name} has no state that can be read.", name=shown(name)), field="--history"
        )
