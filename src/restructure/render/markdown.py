"""Markdown: the table for people as a pipe table, with the lines below it as a list."""

from __future__ import annotations

from restructure.render._view import Setting, View


def render(view: View, setting: Setting) -> str:
    """Return the table as Markdown; the best of a column is bold."""
    table = view.table()
    lines = [f"**{_safe(table.title)}**", ""] if table.title else []
    lines.append("| " + " | ".join(_safe(column.heading) for column in table.columns) + " |")
    lines.append("|" + "|".join("---:" if c.right else ":---" for c in table.columns) + "|")
    for row in table.rows:
        cells = (f"**{_safe(text)}**" if mark else _safe(text) for text, mark in row)
        lines.append("| " + " | ".join(cells) + " |")
    if table.footer:
        lines.append("| " + " | ".join(_safe(text) for text in table.footer) + " |")
    if table.below:
        lines += ["", *(f"- {_safe(line)}" for line in table.below)]
    return "\n".join(lines) + "\n"


def _safe(text: str) -> str:
    for special in "\\|*_<>`[]":
        text = text.replace(special, "\\" + special)
    return text.replace("\n", "<br>")
