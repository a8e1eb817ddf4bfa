"""CSV: a header and a line a record, never localised (RFC 4180, with plain line ends).

A spreadsheet takes a text that begins with = + - @, a tab or a carriage return for a formula
and runs it, and a plan's label may come from anybody's file. Such a text gets an apostrophe in
front, the spreadsheets' own sign for "this is text"; a parser that wants the label itself takes
the apostrophe off again. Numbers stay as they are, negative ones included. Characters that
command a terminal, or turn the direction of what follows, are written as escapes: \\x1b. No other
text is touched.
"""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from io import StringIO
from typing import Any

from restructure.render._view import Setting, View

_HARMFUL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(view: View, setting: Setting) -> str:
    """Return the records as CSV; what is absent is empty."""
    records = view.records()
    names: dict[str, None] = {}
    for record in records:
        names.update(dict.fromkeys(record))
    lines = []
    for row in (names, *([_field(record.get(name)) for name in names] for record in records)):
        # With \r\n as its line end the writer quotes what holds either of the two.
        out = StringIO()
        csv.writer(out, lineterminator="\r\n").writerow(row)
        lines.append(out.getvalue().removesuffix("\r\n") + "\n")
    return "".join(lines)


def _field(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        if not value.isprintable():
            value = _HARMFUL.sub(lambda c: c[0].encode("unicode_escape").decode(), value)
        return "'" + value if value.startswith(_FORMULA) else value
    return "" if value is None else value
