"""View: one result in the three shapes that formats need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from restructure.render._book import Book


class Column(NamedTuple):
    """A column of a table for people.

    `right`: numbers stand right and are never wrapped; words stand left and may be.
    `optional`: the order in which columns are left out of a narrow table, 1 first; 0 never.
    `help`: what the heading means, said below the table while the column is there.
    """

    heading: str
    right: bool = True
    optional: int = 0
    help: str = ""


class Cell(NamedTuple):
    """The text of a cell, perhaps of several lines; `mark` puts the table's star on it."""

    text: str
    mark: bool = False


class Line(NamedTuple):
    """One line of a chart: its name in the key, and a value for each of the places 0, 1, 2...

    A value holds from its place to the next if the chart is `stepped`; None draws nothing.
    """

    name: str
    values: Sequence[float]


class Chart(NamedTuple):
    """A chart: `ticks` are the words below each place, `stepped` is for amounts of a period."""

    title: str
    lines: list[Line]
    ticks: Sequence[str]
    stepped: bool = False


class Table(NamedTuple):
    """A table for people: cells, then `below` it sentences, or terms with what they mean.

    `star` says what a marked cell is. `footer` is a last row of sums.
    `charts` stand at the end.
    """

    title: str
    columns: list[Column]
    rows: list[list[Cell]]
    below: list[str | tuple[str, str]]
    footer: list[str] | None = None
    star: str = ""
    charts: Sequence[Chart] = ()


class Setting(NamedTuple):
    """What is known of the place where a table will be read.

    `width`: at most so many columns (None: as many as it needs). `encoding`: what can be
    written there. `lang`: the language of formats that people read.
    """

    width: int | None = None
    colour: bool = False
    encoding: str = "utf-8"
    lang: str = "en"


class View(NamedTuple):
    """A result: a JSON document, flat records for CSV and JSON lines, a table for people.

    Each is a function, so that only the shape that is asked for is worked out.
    """

    document: Callable[[], dict[str, Any]]
    records: Callable[[], list[dict[str, Any]]]
    lines: Callable[[], list[dict[str, Any]]]
    table: Callable[[], Table]
    page: Callable[[Setting], str] | None = None
    """A page of its own for HTML; without it, HTML shows the table."""
    book: Callable[[], Book] | None = None
    """A workbook with live formulas; without it, a spreadsheet shows the records as values."""


def localised(table: Table, lang: str) -> Table:
    """Return a table with all that people read in it in a language."""
    if lang == "en":
        return table
    from restructure.locale import translated

    def told(text: str) -> str:
        found = translated(text, lang)
        if lang == "zh" and found.endswith(" %") and found[:-2].strip("-0123456789.,") == "":
            return found[:-2] + "%"
        return found

    return table._replace(
        title=told(table.title),
        columns=[
            column._replace(heading=told(column.heading), help=told(column.help))
            for column in table.columns
        ],
        rows=[[cell._replace(text=told(cell.text)) for cell in row] for row in table.rows],
        below=[
            told(line) if isinstance(line, str) else (told(line[0]), told(line[1]))
            for line in table.below
        ],
        footer=table.footer and list(map(told, table.footer)),
        star=told(table.star),
        charts=[
            chart._replace(
                title=told(chart.title),
                lines=[line._replace(name=told(line.name)) for line in chart.lines],
                ticks=list(map(told, chart.ticks)),
            )
            for chart in table.charts
        ],
    )
