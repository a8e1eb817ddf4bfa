"""CSV: a header and a line a record, never localised (RFC 4180, with plain line ends)."""

from __future__ import annotations

import csv
from io import StringIO

from restructure.render._view import Setting, View


def render(view: View, setting: Setting) -> str:
    """Return the records as CSV; what is absent is empty."""
    records = view.records()
    names: dict[str, None] = {}
    for record in records:
        names.update(dict.fromkeys(record))
    out = StringIO()
    writer = csv.DictWriter(out, list(names), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()
