"""Lines of text with wide characters: Chinese may break between any two of them."""

from __future__ import annotations

import re
from unicodedata import east_asian_width

_CLOSING = "，。；：、！？）》」』”’…%"
_OPENING = "（《「『“‘¥"
_WIDE = r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\u3000-\u303f]"
_PIECES = re.compile(rf"\s+|[{_OPENING}]*(?:{_WIDE}|[^\s{_OPENING}\u2e80-\uffef]+)[{_CLOSING}]*|.")


def width(text: str) -> int:
    """Return how many columns a terminal gives to a text; a wide character has two."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def wrapped(text: str, room: int) -> list[str]:
    """Return a text as lines of at most `room` columns, where words allow.

    No line begins with a closing mark or ends with an opening one.
    """
    lines = [""]
    for piece in _PIECES.findall(text):
        if lines[-1] and width((lines[-1] + piece).rstrip()) > room:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        if lines[-1] or not piece.isspace():
            lines[-1] += piece
    return [line.rstrip() for line in lines]
