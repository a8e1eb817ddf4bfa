"""Schemes: buckets of days past due and classes of loans, a TOML file each, with its source."""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from datetime import date
from typing import Any, NamedTuple

from restructure.errors import (
    InvalidValue,
    RestructureError,
    UnknownName,
    UnreadableFile,
    UsageError,
    nearest,
    shown,
)
from restructure.reading import shipped, toml_text
from restructure.words import say

DEFAULT = "cn-2023"
_LARGEST = 10**6
_KEYS = ("title", "source", "effective_from", "note", "buckets", "class")
_CLASS_KEYS = ("name", "local", "from", "failed")


class Class(NamedTuple):
    """A class: its name, the name in the language of its rule, and the least days past due."""

    name: str
    local: str
    least: int
    failed: bool


class Scheme(NamedTuple):
    """A scheme as its file states it; the first bucket and class begin at 0 days."""

    name: str
    title: str
    source: str
    effective_from: date | None
    note: str
    least: tuple[int, ...]
    """The least days past due of each bucket."""
    classes: tuple[Class, ...]

    @property
    def buckets(self) -> tuple[str, ...]:
        """The names of the buckets: 0, 1-30, ..., over 360."""
        ends = [*(day - 1 for day in self.least[1:]), None]
        return tuple(
            f"{low}+" if high is None else str(low) if low == high else f"{low}-{high}"
            for low, high in zip(self.least, ends, strict=True)
        )

    @property
    def failed_from(self) -> int:
        """The days past due from which a loan counts as failed."""
        return next(one.least for one in self.classes if one.failed)

    @property
    def failed_bucket(self) -> int:
        """The first bucket of failed loans."""
        return self.least.index(self.failed_from)

    def bucket(self, days: int) -> int:
        """Return the position of the bucket of so many days past due."""
        return bisect_right(self.least, days) - 1

    def class_of(self, days: int) -> int:
        """Return the position of the class of so many days past due."""
        return bisect_right([one.least for one in self.classes], days) - 1


def names() -> list[str]:
    """Return the names of the schemes that are shipped."""
    return shipped(__name__)


def load(name: str) -> Scheme:
    """Read a shipped scheme by its name, or a TOML file; raises RestructureError."""
    text = toml_text(__name__, name, _LARGEST)
    if text is None:
        raise UsageError(
            say(
                "there is no scheme {name}.{hint} The schemes are {names}; or name a TOML file.",
                name=shown(name),
                hint=nearest(name, names()),
                names=", ".join(names()),
            ),
            field="--scheme",
        )
    return read(text, name)


def read(text: str, name: str) -> Scheme:
    """Return the scheme that a TOML text states."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            say("{name} is not valid TOML: {reason}.", name=name, reason=str(error))
        ) from error
    try:
        return _scheme(document, name)
    except RestructureError as error:
        raise type(error)(f"scheme {name}: {error}") from error


def _scheme(document: dict[str, Any], name: str) -> Scheme:
    _known(document, _KEYS)
    for key in ("title", "source", "buckets", "class"):
        if not document.get(key):
            raise InvalidValue(say("is missing."), field=key)
    classes: list[Class] = []
    for entry in document["class"]:
        if not isinstance(entry, dict) or not entry.get("name"):
            raise InvalidValue(say("needs a name."), field="class")
        _known(entry, _CLASS_KEYS)
        least = _days(entry.get("from", 0), "from")
        one = Class(
            str(entry["name"]), str(entry.get("local", "")), least, entry.get("failed") is True
        )
        if classes and (one.least <= classes[-1].least or one.failed < classes[-1].failed):
            raise InvalidValue(
                say("{name} must begin later, and be no better, than that before it.", name=one[0]),
                field="class",
            )
        classes.append(one)
    least_days = (0, *(_days(day, "buckets") for day in document["buckets"]))
    if sorted(set(least_days)) != list(least_days):
        raise InvalidValue(say("must rise, from 1 day on."), field="buckets")
    if classes[0].least or not any(one.failed for one in classes) or classes[0].failed:
        raise InvalidValue(
            say("the first class begins at 0 days and is not failed; a later one is."),
            field="class",
        )
    found = Scheme(
        name,
        str(document["title"]),
        str(document["source"]),
        document.get("effective_from"),
        str(document.get("note", "")),
        least_days,
        tuple(classes),
    )
    if found.failed_from not in found.least:
        raise InvalidValue(
            say("must have one from {days}, where loans fail.", days=found.failed_from),
            field="buckets",
        )
    return found


def _known(table: dict[str, Any], keys: tuple[str, ...]) -> None:
    for key in table:
        if key not in keys:
            raise UnknownName(
                say(
                    "there is no such key.{hint} The keys are {names}.",
                    hint=nearest(key, keys),
                    names=", ".join(keys),
                ),
                field=key,
            )


def _days(value: Any, field: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InvalidValue(
            say("{value} is not a whole number of days, 0 or more.", value=shown(value)),
            field=field,
        )
    return value
