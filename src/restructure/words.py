"""Words that people read: English inside, another language at the edge.

A message keeps its template and what fills it, so that whoever shows it can show it in
another language. Nothing inside the package depends on the language.
"""

from __future__ import annotations

from typing import Any


class Text(str):
    """An English text that remembers the template and the parts that it was made of."""

    __slots__ = ("parts", "template")

    template: str
    parts: dict[str, Any]


def say(template: str, /, **parts: Any) -> Text:
    """Return `template` filled in with `parts`, as in say("{count} loans", count=3).

    The template is what catalogues translate: it is written out where `say` is called.
    """
    text = Text(template.format(**parts) if parts else template)
    text.template, text.parts = template, parts
    return text
