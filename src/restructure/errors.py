"""Every error a person can meet: what is wrong, what is allowed, what to do next.

A message always names the field and the value; the exit code is that of the command line
(2 usage, 3 invalid input, 4 no plan meets the limits).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from restructure.words import Text, join, say

_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""Harmless, and part of words and of emoji such as that of a family."""


def visible(text: str) -> str:
    """Return `text` on one line, with control characters written out as escapes."""
    if text.isprintable():
        return text
    from unicodedata import category

    # str.isprintable() counts every space but the plain one as not printable.
    return "".join(
        c
        if c.isprintable() or category(c) == "Zs" or c in _JOINERS
        else c.encode("unicode_escape").decode()
        for c in text
    )


def shown(value: object) -> str:
    """Quote `value` for a message: one line, harmless characters, at most 60 of them."""
    try:
        text = value if isinstance(value, str) else str(value)
    except ValueError:  # an int of more than 4,300 digits
        text = say("a number of thousands of digits")
    if len(text) > 60:
        text = text[:57] + "..."
    return f"'{visible(text)}'"


def nearest(word: str, names: Iterable[str]) -> Text:
    """Return " Did you mean 'x'?" for the name nearest to `word`, or an empty text.

    Of names that are equally near, the one that begins alike is named: CNY for CNZ, not CZK.
    """
    from difflib import SequenceMatcher, get_close_matches

    written = word[:60].lower()
    known = {name.lower(): name for name in names}
    close = get_close_matches(written, known, n=5)
    if not close:
        return join("", [])

    def likeness(name: str) -> tuple[float, int]:
        alike = 0
        while name[: alike + 1] == written[: alike + 1] and alike < len(name):
            alike += 1
        return SequenceMatcher(None, written, name).ratio(), alike

    return say(" Did you mean {name!r}?", name=known[max(close, key=likeness)])


_VERBS = ("is ", "must ", "goes ", "cannot ")


class RestructureError(Exception):
    """The base of all errors that this package raises on purpose.

    A message that begins with a verb has the field as its subject: "principal is empty".
    `reason` is the message without the field, `text` the whole, which can be shown in another
    language; str() gives it in English.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, field: str = "") -> None:
        self.reason = message
        self.field = field
        self.text = self.about(field)
        super().__init__(self.text)

    def about(self, field: str) -> Text:
        """Return the message with the field under another name, such as --first-due."""
        if not field:
            return self.reason if isinstance(self.reason, Text) else join("", [self.reason])
        if self.reason.startswith(_VERBS):
            return say("{field} {reason}", field=field, reason=self.reason)
        return say("{field}: {reason}", field=field, reason=self.reason)


class InvalidValue(RestructureError):
    """A field holds a value that is not allowed."""


class UnknownName(RestructureError):
    """A key, option or choice does not exist."""


class UnreadableFile(RestructureError):
    """A file is missing, is a folder, or is not in the format that it should have."""


class PlanSyntaxError(RestructureError):
    """A plan is not written in the plan grammar: a usage error."""

    exit_code = 2


class UsageError(RestructureError):
    """The command was called with options that do not go together."""

    exit_code = 2


class Refused(RestructureError):
    """A plan is understood but cannot be carried out; the message names the bound."""


class NothingFits(RestructureError):
    """No plan of those offered meets the limits; the answer says how near the nearest comes."""

    exit_code = 4
