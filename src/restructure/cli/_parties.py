"""The options of a letter's head: lender, borrower, reference, dates."""

from __future__ import annotations

from typing import Any

from restructure.cli._options import Command, Given, with_options
from restructure.parties import DETAILS, Parties


def parties_options(command: Command) -> Command:
    """Give a command the details of a letter; it gets them as `parties`."""
    details: dict[str, tuple[str, str, Any]] = {
        name: (detail.metavar, detail.help, str | None) for name, detail in DETAILS.items()
    }
    return with_options(command, "parties", details)


def read_parties(given: Given, options: dict[str, Any]) -> Parties:
    """Return the details: an option wins over the loan file."""
    named = {name: value for name, value in options.items() if value is not None}
    return Parties.of({**given.parties, **named})
