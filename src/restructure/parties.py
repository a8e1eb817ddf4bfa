"""Who writes to whom: the lender, the borrower, and what stands at the head of a letter.

Nothing here is needed to calculate, and nothing is invented: what is missing stays empty.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, NamedTuple

from restructure.errors import InvalidValue, UnknownName, nearest, shown
from restructure.words import Text, say


class Detail(NamedTuple):
    """One detail: its section and key in a loan file, and how the command line shows it."""

    section: str
    key: str
    metavar: str
    help: Text


DETAILS: dict[str, Detail] = {
    "lender": Detail("lender", "name", "NAME", say("Name of the lender.")),
    "contact": Detail(
        "lender", "contact", "TEXT", say("Whom to ask: a name, a telephone number, hours.")
    ),
    "signed": Detail("lender", "signed", "NAME", say("Who signs for the lender.")),
    "borrower": Detail("borrower", "name", "NAME", say("Name of the borrower.")),
    "reference": Detail("letter", "reference", "TEXT", say("Number of the loan or of the file.")),
    "date": Detail("letter", "date", "DATE", say("Date of the letter.")),
    "answer_by": Detail("letter", "answer_by", "DATE", say("Day by which to answer the offer.")),
}
"""Every detail by the name of its option."""
SECTIONS = ("lender", "borrower", "letter")
_LONGEST = 1000


class Parties(NamedTuple):
    """The details of a letter; an empty text or None where one is missing."""

    lender: str = ""
    contact: str = ""
    signed: str = ""
    borrower: str = ""
    reference: str = ""
    date: datetime.date | None = None
    answer_by: datetime.date | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Parties:
        """Read the details, by the names of their options; None is missing."""
        found = {
            name: _read(name, value) for name, value in values.items() if value not in (None, "")
        }
        return cls(**found)


def read_section(section: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the details of one section of a loan file, by the names of their options."""
    keys = {detail.key: name for name, detail in DETAILS.items() if detail.section == section}
    found = {}
    for key, value in content.items():
        if key not in keys:
            raise UnknownName(
                say("there is no {key}.", key=shown(key))
                + nearest(key, keys)
                + say(" The names are {names}.", names=", ".join(keys))
            )
        _read(keys[key], value)
        found[keys[key]] = value
    return found


def _read(name: str, value: Any) -> Any:
    if DETAILS[name].metavar == "DATE":
        from restructure.fields import FIELDS

        return FIELDS["start"].read(value, name)
    if not isinstance(value, str):
        raise InvalidValue(say("{value} is not text.", value=shown(value)), field=name)
    if len(value) > _LONGEST:
        raise InvalidValue(
            say("has {count} characters; at most {most} fit.", count=len(value), most=_LONGEST),
            field=name,
        )
    return value.strip()
