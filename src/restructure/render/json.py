"""JSON: one document; amounts are exact decimal numbers, rates are fractions."""

from __future__ import annotations

import simplejson

from restructure.render._view import Setting, View


def render(view: View, setting: Setting) -> str:
    """Return the document as indented JSON."""
    return simplejson.dumps(view.document(), ensure_ascii=False, indent=2, default=str) + "\n"
