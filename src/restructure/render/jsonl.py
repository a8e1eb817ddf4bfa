"""JSON lines: one record a line."""

from __future__ import annotations

from restructure.render._view import Setting, View
from restructure.render.json import dumps


def render(view: View, setting: Setting) -> str:
    """Return each record as one line of JSON."""
    return "".join(dumps(line) + "\n" for line in view.lines())
