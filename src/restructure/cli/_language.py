"""The language of one run: --lang, else that of the locale, else English."""

from __future__ import annotations

import os
from typing import Any

from restructure.words import say

LANG_HELP = say("Language: en or zh; else that of the locale.")
_chosen = "en"


def choose(args: list[str]) -> None:
    """Set the language from the words of the command line and from the environment.

    English needs no other module. Raises UsageError for a language that there is not.
    """
    global _chosen
    _chosen = "en"
    words = args[: args.index("--")] if "--" in args else args
    given = None
    for place, word in enumerate(words):
        if word == "--lang" and place + 1 < len(words):
            given = words[place + 1]
        elif word.startswith("--lang="):
            given = word.removeprefix("--lang=")
    if given == "en":
        return
    if given is not None:
        from restructure.locale import asked

        _chosen = asked(given)
    elif any(
        "zh" in os.environ.get(name, "").lower()
        for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    ):
        from restructure.locale import of_environment

        _chosen = of_environment(os.environ)


def language() -> str:
    """Return the language of this run."""
    return _chosen


def told(text: str) -> str:
    """Return a text in the language of this run."""
    if _chosen == "en":
        return str(text)
    from restructure.locale import translated

    return translated(text, _chosen)


def with_lang(command: Any) -> Any:
    """Give a command the option --lang; `choose` has read its value before."""
    from typer.core import TyperOption

    command.params.append(
        TyperOption(
            param_decls=["lang", "--lang"],
            type=str,
            metavar="LANG",
            help=LANG_HELP,
            expose_value=False,
        )
    )
    return command
