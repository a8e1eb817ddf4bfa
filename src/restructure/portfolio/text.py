"""Results as text: the loan's own columns as they were, then the figures.

CSV is RFC 4180 with plain line ends, JSON lines have one object a record; both are UTF-8. Data
are written as they are, formulas of a spreadsheet included: whoever opens the file in one asks
for `guard`, which puts an apostrophe in front of such texts as `compare` does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

_QUOTED = re.compile('[",\r\n]')
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PLAIN = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?\Z", re.ASCII)


def cell(value: Any) -> str:
    """Return a value as the text of a cell; what is absent is empty."""
    if isinstance(value, str):
        return value
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, dict | list):
        return json_text(value)
    return str(value)


def quoted(text: str) -> str:
    """Return a text as a field of CSV."""
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; numbers stay as they are."""
    return "'" + text if text.startswith(_FORMULA) and not _PLAIN.match(text) else text


def csv_line(values: Sequence[Any], guard: bool = False) -> str:
    """Return values as a line of CSV, without its end."""
    texts = map(cell, values)
    return ",".join(map(quoted, map(guarded, texts) if guard else texts))


def json_text(value: Any) -> str:
    """Return a value as JSON: decimals digit by digit, days as 2026-03-31, NaN as null."""
    import simplejson

    return simplejson.dumps(_plain(value), ensure_ascii=False, default=_other, ignore_nan=True)


def json_own(record: Mapping[str, Any]) -> str:
    """Return a record as the open beginning of an object, to which more is added."""
    return json_text(dict(record))[:-1]


def json_opened(text: str) -> str:
    """Return an object's own text without its end."""
    return text.lstrip("\ufeff").rstrip()[:-1].rstrip()


def json_figures(names: Sequence[str]) -> list[str]:
    """Return what stands in front of each figure of an object: its name, after a comma."""
    return [f", {json_text(name)}: " for name in names]


def json_value(value: Any) -> str:
    """Return one figure as JSON; faster than `json_text` for what figures are."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "null" if value is None else str(value) if isinstance(value, int) else json_text(value)


def to_bytes(text: str) -> bytes:
    """Return text as UTF-8; half a surrogate pair, which has no such form, is written out."""
    return text.encode("utf-8", "backslashreplace")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(content) for key, content in value.items()}
    if isinstance(value, list):
        return [_plain(content) for content in value]
    return value


def _other(value: Any) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else cell(value)
