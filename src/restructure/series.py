"""Series: an amount a period that changes over time, and what is read from it.

Written `AMOUNTxN,AMOUNT`: 0x3,5000 is 0 in the first three periods and 5,000 from then on; the
last amount holds for ever. In a file it may also be a number or a list of {from, amount}.
Periods are those of the loan (months, say), counted from the next due date, which is 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from restructure.errors import InvalidValue, UnknownName, nearest, shown
from restructure.money import Currency, number
from restructure.words import say

FORM = say(
    "an amount such as 5000, or amounts over time such as 0x3,5000 (0 for 3 periods, then 5000)"
)
_LONGEST = 5200


class Step(NamedTuple):
    """From period `start` on, `amount` minor units a period."""

    start: int
    amount: int


class Series(NamedTuple):
    """Amounts over time: the steps in order, the first from period 1; the last for ever."""

    steps: tuple[Step, ...]

    @classmethod
    def constant(cls, amount: int) -> Series:
        """Return the series that is `amount` in every period."""
        return cls((Step(1, amount),))

    @classmethod
    def of(cls, value: object, field: str, currency: Currency) -> Series:
        """Read a series; no amount is negative. Raises InvalidValue with what is allowed."""
        if isinstance(value, Series):
            return value
        if isinstance(value, list | tuple):
            return cls(tuple(_listed(value, field, currency))).merged()
        if isinstance(value, Mapping):
            raise InvalidValue(
                say(
                    "is a table; give an amount or a list such as [{from=1, amount=3000}, {from=5, "
                    "amount=8000}]."
                ),
                field=field,
            )
        if isinstance(value, str) and ("x" in value or "×" in value or "," in value):
            return cls(tuple(_written(value, field, currency))).merged()
        return cls.constant(_amount(value, field, currency))

    def merged(self) -> Series:
        """Return the series without steps that change nothing."""
        kept: list[Step] = []
        for step in self.steps:
            if not kept or kept[-1].amount != step.amount:
                kept.append(step)
        return Series(tuple(kept))

    def at(self, period: int) -> int:
        """Return the amount of a period, in minor units."""
        found = self.steps[0].amount
        for start, amount in self.steps:
            if start > period:
                break
            found = amount
        return found

    def least(self, first: int, last: int) -> int:
        """Return the least amount in the periods from `first` to `last`."""
        later = (step.amount for step in self.steps if first < step.start <= last)
        return min([self.at(first), *later])

    def passed_by(self, payments: Sequence[int]) -> int:
        """Return by how much payments pass the amount of their period at most (minor units).

        0 or less: they are within it. The first payment is that of period 1.
        """
        ends = [*(start - 1 for start, _ in self.steps), len(payments)]
        found: int | None = None
        for place, (_, amount) in enumerate(self.steps):
            if rows := payments[ends[place] : ends[place + 1]]:
                over = max(rows) - amount
                found = over if found is None else max(found, over)
        return 0 if found is None else found

    @property
    def last(self) -> int:
        """The amount that holds for ever."""
        return self.steps[-1].amount

    def map(self, change: Callable[[int], int]) -> Series:
        """Return the series with every amount changed."""
        return Series(tuple(Step(step.start, change(step.amount)) for step in self.steps)).merged()

    def text(self, currency: Currency) -> str:
        """Return the series as the grammar writes it: 0x3,5000."""
        parts = []
        for number_, (start, amount) in enumerate(self.steps):
            plain = f"{currency.decimal(amount).normalize():f}"
            if number_ + 1 < len(self.steps):
                plain += f"x{self.steps[number_ + 1].start - start}"
            parts.append(plain)
        return ",".join(parts)


def starts(series: Iterable[Series]) -> list[int]:
    """Return the periods at which any of the series changes, 1 first."""
    return sorted({step.start for one in series for step in one.steps})


def combined(change: Callable[..., int], *series: Series) -> Series:
    """Return `change` of the amounts of several series, period by period."""
    steps = (Step(k, change(*(one.at(k) for one in series))) for k in starts(series))
    return Series(tuple(steps)).merged()


def _amount(value: object, field: str, currency: Currency) -> int:
    found = number(value, field, FORM)
    if found < 0:
        raise InvalidValue(
            say("{value} is negative; give 0 or more.", value=shown(value)), field=field
        )
    return currency.minor(found, field)


def _written(text: str, field: str, currency: Currency) -> Iterable[Step]:
    parts, start = text.split(","), 1
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", text):
        number(text, field, FORM)  # 3,000: says how to write it
    for place, part in enumerate(parts, start=1):
        amount, times, count = part.replace("×", "x").partition("x")
        if not times and place < len(parts):
            raise InvalidValue(
                say(
                    "{strip} says no number of periods, and another amount follows; write "
                    "{value}x3 for three periods.",
                    strip=shown(part.strip()),
                    value=part.strip() or "0",
                ),
                field=field,
            )
        yield Step(start, _amount(amount.strip(), field, currency))
        if times:
            allowed = say("a whole number of periods from 1 to {longest}", longest=_LONGEST)
            rows = number(count.strip(), field, allowed)
            if rows != int(rows) or not 1 <= rows <= _LONGEST:
                raise InvalidValue(
                    say("{count} is not {allowed}.", count=shown(count), allowed=allowed),
                    field=field,
                )
            start += int(rows)


def _listed(entries: Iterable[Any], field: str, currency: Currency) -> Iterable[Step]:
    before = 0
    for place, entry in enumerate(entries, start=1):
        where = f"{field}, entry {place}"
        if not isinstance(entry, Mapping):
            raise InvalidValue(
                say("{entry} is not {{from=1, amount=3000}}.", entry=shown(entry)), field=where
            )
        for key in entry:
            if key not in ("from", "amount"):
                hint = nearest(str(key), ("from", "amount"))
                raise UnknownName(
                    say("there is no {key}.{hint}", key=shown(key), hint=hint), field=where
                )
        if "amount" not in entry:
            raise InvalidValue(say("has no amount; write {from=1, amount=3000}."), field=where)
        start = number(entry.get("from", 1), f"{where}, from", say("a whole number from 1"))
        if start != int(start) or start < 1 or start > _LONGEST:
            raise InvalidValue(
                say(
                    "{entry} is not a whole number from 1 to {longest}.",
                    entry=shown(entry["from"]),
                    longest=_LONGEST,
                ),
                field=f"{where}, from",
            )
        if not before and start != 1:
            raise InvalidValue(say("the first entry must be from=1."), field=where)
        if start <= before:
            raise InvalidValue(
                say(
                    "from={start} is not after {before}, the one before.",
                    start=start,
                    before=before,
                ),
                field=where,
            )
        before = int(start)
        yield Step(before, _amount(entry["amount"], f"{where}, amount", currency))
    if not before:
        raise InvalidValue(say("is an empty list; give {form}.", form=FORM), field=field)
