"""Markdown: the table for people as a pipe table, with the lines below it as a list."""

from __future__ import annotations

from restructure.errors import visible
from restructure.render._view import Setting, View, localised
from restructure.words import say


def render(view: View, setting: Setting) -> str:
    """Return the table as Markdown; the marked cells are bold."""
    table = localised(view.table(), setting.lang)
    lines = [f"**{safe(table.title)}**", ""] if table.title else []
    lines.append(_row([safe(column.heading, " ") for column in table.columns]))
    lines.append("|" + "|".join("---:" if c.right else ":---" for c in table.columns) + "|")
    marked = False
    for row in table.rows:
        marked |= any(cell.mark for cell in row)
        lines.append(_row([f"**{safe(text)}**" if mark else safe(text) for text, mark in row]))
    if table.footer:
        lines.append(_row([safe(text) for text in table.footer]))
    below: list[str] = []
    notes: list[str] = [say("bold: {star}", star=table.star)] if marked else []
    notes += dict.fromkeys(column.help for column in table.columns if column.help)
    for line in (*table.below, *notes):
        below.append(
            safe(line, " ") if isinstance(line, str) else f"{safe(line[0])}: {safe(line[1])}"
        )
    if below:
        lines += ["", *(f"- {line}" for line in below)]
    return "\n".join(lines) + "\n"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def safe(text: str, line_break: str = "<br>") -> str:
    """Return the text with nothing in it that Markdown or HTML would take for a sign."""
    for special in "\\|*_<>`[]~&#":
        text = text.replace(special, "\\" + special)
    if text.startswith(("-", "+")):
        text = "\\" + text
    return line_break.join(visible(line) for line in text.split("\n"))
