"""JSON: one document; amounts are exact decimal numbers, rates are fractions."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import simplejson

from restructure.render._view import Setting, View


def render(view: View, setting: Setting) -> str:
    """Return the document as indented JSON."""
    return dumps(view.document(), indent=2) + "\n"


_HIDDEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Written as escapes, which JSON reads back: in a terminal they would move or turn what follows."""


def dumps(value: Any, indent: int | None = None) -> str:
    """Return a value as JSON: decimals digit by digit, dates as 2026-03-31."""
    text = simplejson.dumps(
        _plain(value), ensure_ascii=False, indent=indent, default=str, allow_nan=False
    )
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class _Digits(Decimal):
    """A decimal that is written without an exponent: 0.0000001, not 1E-7."""

    def __str__(self) -> str:
        return f"{self:f}"


def _plain(value: Any) -> Any:
    """Return the value with decimals that would be written with an exponent replaced."""
    if isinstance(value, dict):
        return {key: _plain(content) for key, content in value.items()}
    if isinstance(value, list):
        return [_plain(content) for content in value]
    if isinstance(value, Decimal) and "E" in str(value):
        return _Digits(value)
    return value
