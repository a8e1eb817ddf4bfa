"""Table: for people at a terminal, drawn with Rich.

The best of a column carries a star, so that it is seen without colour. A terminal that is
too narrow loses whole columns, never a digit, and the table says which.
"""

from __future__ import annotations

from io import StringIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from restructure.render._view import Setting, Table, View

STAR = "*"


def render(view: View, setting: Setting) -> str:
    """Return the table as text, within the width of `setting` if it has one."""
    table = view.table()
    keep = list(range(len(table.columns)))
    drawn, marked = _drawn(table, keep)
    measure = Console(width=10_000, file=StringIO())
    optional = sorted((c.optional, k) for k, c in enumerate(table.columns) if c.optional)
    left_out: list[str] = []
    while _width(measure, drawn) > (setting.width or 10_000) and optional:
        gone = optional.pop(0)[1]
        keep.remove(gone)
        left_out.append(table.columns[gone].heading)
        drawn, marked = _drawn(table, keep)
    out = StringIO()
    console = Console(
        file=out,
        width=setting.width or _width(measure, drawn),
        force_terminal=setting.colour,
        color_system="standard" if setting.colour else None,
        highlight=False,
        emoji=False,
        markup=False,
    )
    if table.title:
        console.print(Text(table.title, "bold"), soft_wrap=setting.width is None)
        console.print()
    console.print(drawn)
    below = list(table.below)
    if marked:
        below.insert(0, f"{STAR} the best of the plans in its column")
    if left_out:
        names = ", ".join(heading.replace("\n", " ") for heading in left_out)
        below.append(f"Left out at {setting.width} columns: {names}. All: --format csv.")
    wide = Console(
        file=out, width=setting.width or 10_000, highlight=False, emoji=False, markup=False
    )
    if below:
        wide.print()
    for line in below:
        wide.print(Text(_tame(line)), soft_wrap=setting.width is None)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _tame(text: str) -> str:
    """Make control characters visible and harmless; line breaks stay."""
    return "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text)


def _starred(text: str, mark: bool, room: bool) -> str:
    """Put the star, or the room for one, behind the first line of a cell."""
    if not room:
        return text
    lines = text.split("\n")
    return "\n".join(
        line + (STAR if mark and number == 0 else " ") for number, line in enumerate(lines)
    )


def _width(console: Console, drawn: RichTable) -> int:
    """Return the width that a table needs to show everything."""
    return console.measure(drawn).maximum


def _drawn(table: Table, keep: list[int]) -> tuple[RichTable, bool]:
    """Return the Rich table of the columns in `keep`, and whether a star is in it."""
    drawn = RichTable(
        box=SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        show_footer=table.footer is not None,
        show_edge=False,
        header_style="bold",
    )
    stars = False
    for k in keep:
        column = table.columns[k]
        room = any(row[k].mark for row in table.rows)
        stars |= room
        drawn.add_column(
            Text(_starred(column.heading, False, room)),
            Text(_starred(table.footer[k], False, room)) if table.footer else "",
            justify="right" if column.right else "left",
            no_wrap=column.right,
            overflow="fold",
        )
    for row in table.rows:
        cells = []
        for k in keep:
            room = any(other[k].mark for other in table.rows)
            text, mark = row[k]
            cells.append(Text(_starred(_tame(text), mark, room), "bold" if mark else ""))
        drawn.add_row(*cells)
    return drawn, stars
