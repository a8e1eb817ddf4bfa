"""Table: for people at a terminal, drawn with Rich.

A marked cell carries a star, so that it is seen without colour. In a terminal that is too
narrow long names are folded first, then whole columns are left out, never a digit, and the
table says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from io import StringIO
from itertools import groupby

from rich.box import SIMPLE_HEAD, Box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from restructure.errors import visible
from restructure.render._view import Chart, Setting, Table, View, localised
from restructure.words import say

STAR = "*"
_LONGEST_NAME = 60
_NAME_WIDTHS = (24, 16)
"""To these widths names are folded: the first before a column is left out, the last after all."""
_BEHIND_MEASURE = re.compile(r"(?<=[+,])(?=\S)")
_BEHIND_NAME = re.compile(r"(?<=:)(?=\S)")
_PARTS = re.compile(r"(?<=[+,:])|\s+")
_WIDEST_PART = 20
_WIDE = 100_000
_ASCII = Box(str(SIMPLE_HEAD).replace("\N{BOX DRAWINGS LIGHT HORIZONTAL}", "-"), ascii=True)


def render(view: View, setting: Setting) -> str:
    """Return the table as text, within the width of `setting` if it has one."""
    out = StringIO()
    console = Console(
        file=out,
        width=setting.width or _WIDE,
        force_terminal=setting.colour,
        color_system="standard" if setting.colour else None,
        legacy_windows=False,
        highlight=False,
        emoji=False,
        markup=False,
    )
    _Drawing(localised(view.table(), setting.lang), setting, console).draw()
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


class _Drawing:
    """One table on its way to one console."""

    def __init__(self, table: Table, setting: Setting, console: Console) -> None:
        self.table = table
        self.setting = setting
        self.console = console
        self.starred = [any(row[k].mark for row in table.rows) for k in range(len(table.columns))]
        # Numbers are set right here: Rich would take the room behind them for nothing.
        self.widths = []
        for k, column in enumerate(table.columns):
            texts = [
                column.heading,
                *(row[k].text for row in table.rows),
                *(table.footer or [])[k:][:1],
            ]
            self.widths.append(
                max(cell_len(line) for text in texts for line in self.lines_of(text))
            )

    def draw(self) -> None:
        """Print title, table, and what stands below it."""
        table, console = self.table, self.console
        if table.title:
            console.print(Text(self.plain(table.title), "bold"))
            console.print()
        drawn, keep = self.fitting()
        console.print(drawn, width=max(self.width(drawn), 1))
        notes = [f"{STAR} {table.star}"] if any(self.starred[k] for k in keep) else []
        notes += dict.fromkeys(table.columns[k].help for k in keep if table.columns[k].help)
        left_out = [c.heading for k, c in enumerate(table.columns) if k not in keep]
        if left_out:
            notes.append(self.left_out(left_out))
        for is_text, lines in groupby([*table.below, *notes], lambda line: isinstance(line, str)):
            console.print()
            if is_text:
                for line in lines:
                    console.print(Text(self.wrapped(str(line), self.setting.width)))
            else:
                self.terms([line for line in lines if not isinstance(line, str)])
        for chart in table.charts:
            console.print()
            self.chart(chart)

    def left_out(self, headings: list[str]) -> str:
        """Return what to say about the columns that have no room."""
        lang = self.setting.lang
        names = ", ".join(heading.replace("\n", " ") for heading in headings)
        if lang != "en":
            names = "、".join(heading.replace("\n", "") for heading in headings)
        note = say("no room for: {names} (--format csv has all)", names=names)
        if lang == "en":
            return note
        from restructure.locale import translated

        return translated(note, lang)

    def wrapped(self, text: str, room: int | None) -> str:
        """Return a line with breaks where wide characters need them; Rich breaks at spaces."""
        if room is None or self.setting.lang == "en":
            return self.plain(text)
        from restructure.locale.wrapping import wrapped

        return "\n".join(wrapped(self.plain(text), room))

    def plain(self, text: str) -> str:
        """Return a text that does nothing to a terminal and can be written there."""
        encoding = self.setting.encoding
        text = "\n".join(visible(line) for line in text.split("\n"))
        return text.encode(encoding, "backslashreplace").decode(encoding)

    # -- the table ----------------------------------------------------------------------

    def fitting(self) -> tuple[RichTable, list[int]]:
        """Return the table with the columns that have room, and which these are."""
        columns = self.table.columns
        keep = list(range(len(columns)))
        drawn = self.drawn(keep, None)
        room = self.setting.width
        if room is None or self.width(drawn) <= room:
            return drawn, keep
        optional = sorted(
            (k for k in keep if columns[k].optional), key=lambda k: columns[k].optional
        )
        drawn = self.drawn(keep, _NAME_WIDTHS[0])
        while self.width(drawn) > room and optional:
            keep.remove(optional.pop(0))
            drawn = self.drawn(keep, _NAME_WIDTHS[0])
        if self.width(drawn) > room:
            drawn = self.drawn(keep, _NAME_WIDTHS[1])
        return drawn, keep

    def width(self, drawn: RichTable) -> int:
        """Return the width that a table needs to show everything."""
        return self.console.measure(drawn, options=self.console.options.update(width=_WIDE)).maximum

    def drawn(self, keep: list[int], name_width: int | None) -> RichTable:
        """Return the Rich table of the columns in `keep`, words folded to `name_width`."""
        table = self.table
        box = SIMPLE_HEAD
        try:
            "\N{BOX DRAWINGS LIGHT HORIZONTAL}".encode(self.setting.encoding)
        except UnicodeEncodeError:
            box = _ASCII
        drawn = RichTable(
            box=box,
            pad_edge=False,
            padding=(0, 1, 0, 0),
            show_footer=table.footer is not None,
            show_edge=False,
            header_style="bold",
        )
        for k in keep:
            column = table.columns[k]
            unbroken = 0 if column.right else self.unbroken(k)
            drawn.add_column(
                Text(self.cell(column.heading, False, k)),
                Text(self.cell(table.footer[k], False, k)) if table.footer else "",
                no_wrap=column.right,
                overflow="fold",
                min_width=unbroken or None,
                max_width=None if column.right or not name_width else max(name_width, unbroken),
            )
        for row in table.rows:
            cells = [Text(self.cell(*row[k], k, name_width), "bold" * row[k].mark) for k in keep]
            drawn.add_row(*cells)
        return drawn

    def cell(self, text: str, mark: bool, k: int, name_width: int | None = None) -> str:
        """Return a cell's text; a number stands right, with its star, or room for one, behind."""
        if not self.table.columns[k].right:
            if len(text) > _LONGEST_NAME:
                text = text[: _LONGEST_NAME - 3] + "..."
            return _folded(self.plain(text), name_width)
        lines = [" " * (self.widths[k] - cell_len(line)) + line for line in self.lines_of(text)]
        if self.starred[k]:
            lines = [line + (STAR if mark and not n else " ") for n, line in enumerate(lines)]
        return "\n".join(lines)

    def unbroken(self, k: int) -> int:
        """Return the width of the widest part of a column of names that is never broken.

        0 where it is so wide that it has to be: a name of somebody's own, in one word.
        """
        widest = _widest_part(self.cell(*row[k], k) for row in self.table.rows)
        return widest if widest <= _WIDEST_PART else 0

    def lines_of(self, text: str) -> list[str]:
        """Return the lines of a cell's text as they can be written."""
        return self.plain(text).split("\n")

    # -- what stands below --------------------------------------------------------------

    def terms(self, terms: list[tuple[str, str]]) -> None:
        """Print terms, each with its meaning in a column of its own."""
        room = self.setting.width
        widest = max(cell_len(self.plain(term)) for term, _ in terms)
        grid = RichTable.grid(padding=(0, 3, 0, 0))
        if room and widest > room // 3:
            part = _widest_part(self.plain(term) for term, _ in terms)
            widest = max(room // 3, part if part <= _WIDEST_PART else 0)
        grid.add_column(width=widest, overflow="fold")
        grid.add_column(overflow="fold")
        left = room and max(room - widest - 3, 10)
        for term, meaning in terms:
            words = Text(self.wrapped(meaning, left))
            grid.add_row(Text(_folded(self.plain(term), widest)), words)
        self.console.print(grid)

    # -- charts -------------------------------------------------------------------------

    def chart(self, chart: Chart) -> None:
        """Print a chart, its names as they can be written."""
        from restructure.render._chart import draw

        lines = [line._replace(name=self.plain(line.name)) for line in chart.lines]
        text = draw(
            chart._replace(lines=lines),
            self.setting.width,
            self.setting.colour,
            self.plain("─") != "─",
        )
        self.console.file.write(text + "\n")


def _folded(text: str, width: int | None) -> str:
    """Return a plan's text with a line break behind a + or a comma where `width` asks for it.

    A measure that is wider than that is folded behind its colon, and nowhere else.
    """
    if width is None or cell_len(text) <= width:
        return text
    lines = [""]
    for piece in _BEHIND_MEASURE.split(text):
        parts = _BEHIND_NAME.split(piece) if cell_len(piece) > width else [piece]
        for part in parts:
            if lines[-1] and cell_len(lines[-1] + part) > width:
                lines.append("")
            lines[-1] += part
    return "\n".join(lines)


def _widest_part(texts: Iterable[str]) -> int:
    """Return the width of the widest part that is never broken."""
    return max((cell_len(part) for text in texts for part in _PARTS.split(text)), default=0)
