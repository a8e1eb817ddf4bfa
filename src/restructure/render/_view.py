"""View: one result in the three shapes that formats need."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Column(NamedTuple):
    """A column of a table for people.

    `optional`: the order in which columns are left out of a narrow table, 1 first; 0 never.
    """

    heading: str
    right: bool = True
    optional: int = 0


class Cell(NamedTuple):
    """The text of a cell; `mark` says that it is the best of its column."""

    text: str
    mark: bool = False


class Table(NamedTuple):
    """A table for people: cells, then lines of text below it."""

    title: str
    columns: list[Column]
    rows: list[list[Cell]]
    below: list[str]
    footer: list[str] | None = None


class Setting(NamedTuple):
    """How wide a table may be (None: as wide as it likes) and whether it may use colour."""

    width: int | None = None
    colour: bool = False


class View(NamedTuple):
    """A result: a JSON document, flat records for CSV and JSON lines, a table for people.

    Each is a function, so that only the shape that is asked for is worked out.
    """

    document: Callable[[], dict[str, Any]]
    records: Callable[[], list[dict[str, Any]]]
    lines: Callable[[], list[dict[str, Any]]]
    table: Callable[[], Table]
