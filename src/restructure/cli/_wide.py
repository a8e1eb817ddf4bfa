"""Help in another language than English: translated line by line, wrapped by columns.

Click wraps at spaces and counts characters; Chinese has no spaces, and its characters are two
columns wide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from restructure.locale import looked_up, translated
from restructure.locale.wrapping import width, wrapped
from restructure.words import say

HEADINGS = (say("Options"), say("Commands"))
"""Headings that click writes itself."""
LINES = (say("Show this message and exit."), say("required"))
"""Lines of help that click writes itself."""


_LIMITS = re.compile(r"(.*?)(?: ?\[((?:default|required|[0-9]+<=?x|x[<>]=?)[^\]]*)\])?", re.DOTALL)
"""A line of help, and what click adds to it: [default: 20; x>=0]."""


def _limited(line: str) -> tuple[str, str]:
    match = _LIMITS.fullmatch(line)
    return (match[1], match[2] or "") if match else (line, "")


def _limits(extra: str, lang: str) -> str:
    """Return what click adds to a line of help, in a language."""
    words = []
    for part in extra.split("; "):
        name, colon, value = part.partition(": ")
        if colon and name == "default":
            words.append(translated(say("default: {value}", value=value), lang))
        else:
            words.append(looked_up(part, lang))
    return f"[{', '.join(words)}]"


def wide_formatter(lang: str) -> Any:
    """Return click's formatter of help, which translates what it writes."""
    from typer._click.formatting import HelpFormatter

    class Wide(HelpFormatter):
        def lines(self, text: str, room: int) -> list[str]:
            found: list[str] = []
            for paragraph in text.split("\n\n"):
                line, extra = _limited(" ".join(paragraph.split()))
                words = looked_up(line, lang) + (_limits(extra, lang) if extra else "")
                found += [*([""] if found else []), *wrapped(words, room)]
            return found

        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            head = looked_up("Usage: ", lang) if prefix is None else prefix
            self.write(f"{head}{prog} {args}\n")

        def write_heading(self, heading: str) -> None:
            self.write(f"{'':>{self.current_indent}}{looked_up(heading, lang)}：\n")

        def write_text(self, text: str) -> None:
            room = self.width - self.current_indent
            for line in self.lines(text, room):
                self.write(f"{'':>{self.current_indent if line else 0}}{line}\n")

        def write_dl(
            self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
        ) -> None:
            first = min(max(width(term) for term, _ in rows), col_max) + col_spacing
            margin = " " * self.current_indent
            for term, meaning in rows:
                lines = self.lines(meaning, max(self.width - first - self.current_indent, 10))
                if width(term) > first - col_spacing:
                    self.write(f"{margin}{term}\n{margin}{'':{first}}")
                else:
                    self.write(f"{margin}{term}{'':{first - width(term)}}")
                self.write(("\n" + margin + " " * first).join(lines) + "\n")

    return Wide()
