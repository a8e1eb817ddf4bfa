"""Every error a person can meet: what is wrong, what is allowed, what to do next.

A message always names the field and the value; the exit code is that of the command line
(2 usage, 3 invalid input, 4 no plan meets the limits).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar


def shown(value: object) -> str:
    """Quote `value` for a message: one line, harmless characters, at most 60 of them."""
    text = value if isinstance(value, str) else str(value)
    if len(text) > 60:
        text = text[:57] + "..."
    return "'" + "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text) + "'"


def nearest(word: str, names: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the name nearest to `word`, or an empty text."""
    from difflib import get_close_matches

    close = get_close_matches(word[:60].lower(), list(names), n=1, cutoff=0.5)
    return f" Did you mean {close[0]!r}?" if close else ""


class RestructureError(Exception):
    """The base of all errors that this package raises on purpose."""

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field


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
