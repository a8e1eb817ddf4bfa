"""JSON lines: one record a line."""

from __future__ import annotations

import simplejson

from restructure.render._view import Setting, View


def render(view: View, setting: Setting) -> str:
    """Return each record as one line of JSON."""
    return "".join(
        simplejson.dumps(line, ensure_ascii=False, default=str) + "\n" for line in view.lines()
    )
