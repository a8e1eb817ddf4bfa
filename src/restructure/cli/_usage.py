"""Complaints of the parser of options, which writes them in English, as texts of our own."""

from __future__ import annotations

import re

from restructure.words import Text, join, say

USAGE = say("Usage: ")
_COMPLAINTS: tuple[Text, ...] = (
    say("Missing command."),
    say("Missing argument {name}."),
    say("Missing option {name}."),
    say("No such command {name}."),
    say("No such command {name}. Did you mean {other}?"),
    say("No such option: {name}"),
    say("Option {name} requires an argument."),
    say("Option {name} does not take a value."),
    say("Got unexpected extra argument ({words})"),
    say("Got unexpected extra argument(s) ({words})"),
    say("Got unexpected extra arguments ({words})"),
    say("Invalid value for {name}: {reason}"),
)


def recognised(message: str) -> Text:
    """Return a complaint of the parser as a text that can be shown in another language."""
    for complaint in _COMPLAINTS:
        names = re.findall(r"\{(\w+)\}", complaint)
        pattern = re.sub(r"\\\{\w+\\\}", "(.+?)", re.escape(complaint))
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return say(str(complaint), **dict(zip(names, match.groups(), strict=True)))
    return join("", [message])
