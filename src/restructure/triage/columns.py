"""Columns of a triage: what it asks of a book besides the loan, and of a history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from restructure.errors import InvalidValue, UnknownName, nearest, shown
from restructure.fields import FIELDS
from restructure.words import say

FACTS = ("id", "days_past_due", "income", "capacity", "pd", "lgd")
"""What a book may say of a loan's borrower and state; a column of the name is it."""
_SEGMENTS = ("segment", "product")


class Facts(NamedTuple):
    """The column of each fact; "" where the book has none."""

    id: str = ""
    days_past_due: str = ""
    income: str = ""
    capacity: str = ""
    pd: str = ""
    lgd: str = ""


class History(NamedTuple):
    """The columns of a history."""

    id: str
    month: str
    days: str


def facts_of(header: Sequence[str], maps: Iterable[str]) -> tuple[Facts, list[str]]:
    """Return the facts' columns, and the maps that are about the fields of a loan."""
    found = {name: name for name in FACTS if name in header}
    rest = []
    for text in maps:
        name, equals, column = (part.strip() for part in text.partition("="))
        if not equals:
            raise InvalidValue(
                say("{text} is not FIELD=COLUMN, as in income=NetPay.", text=shown(text)),
                field="--map",
            )
        if name not in FACTS:
            if name not in FIELDS:
                names = (*FACTS, *FIELDS)
                raise UnknownName(
                    say(
                        "there is no field {name}.{hint} The fields are {names}.",
                        name=shown(name),
                        hint=nearest(name, names),
                        names=", ".join(names),
                    ),
                    field="--map",
                )
            rest.append(text)
        elif not column:
            found.pop(name, None)
        else:
            found[name] = existing(column, header, "--map")
    return Facts(**found), rest


def existing(column: str, header: Sequence[str], field: str) -> str:
    """Return a column that the book has; raises UnknownName with the nearest."""
    if column in header:
        return column
    raise UnknownName(
        say(
            "there is no column {column}.{hint} The columns are {names}.",
            column=shown(column),
            hint=nearest(column, header),
            names=", ".join(map(shown, header[:30])) + (", ..." if len(header) > 30 else ""),
        ),
        field=field,
    )


def segment_of(by: str | None, header: Sequence[str]) -> str:
    """Return the column by which sums are made; "" for one sum of all."""
    if by is not None:
        return existing(by, header, "--by")
    return next((name for name in _SEGMENTS if name in header), "")


def history_of(header: Sequence[str], facts: Facts) -> History:
    """Return the columns of a history: those of the names, or as the book calls them."""
    return History(
        *(
            next((name for name in names if name in header), None)
            or existing(names[0], header, "--history")
            for names in (
                (facts.id or "id", "id"),
                ("month", "date"),
                (facts.days_past_due or "days_past_due", "days_past_due"),
            )
        )
    )
