"""Workbook: sheets of cells as plain data, for the formats that write one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Item(NamedTuple):
    """A cell: what it shows and, if it is live, the formula that gives it.

    `value` is a number, a text, a date or None. `style`: money, rate, whole, number, date,
    text, heading, title, note; behind a blank `input`, `fixed` (a value where the rest is
    live), `sum` or `spare`.
    """

    value: Any
    style: str = "text"
    formula: str = ""
    array: bool = False


@dataclass
class Sheet:
    """Cells by row and column, both from 0. `frozen` rows and columns stay in sight."""

    name: str
    title: str = ""
    cells: dict[tuple[int, int], Item] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    frozen: tuple[int, int] = (0, 0)
    headings: int | None = None
    landscape: bool = True

    def put(self, row: int, column: int, item: Item) -> str:
        """Set a cell; returns its address on the sheet, $B$5."""
        self.cells[row, column] = item
        return f"${letter(column)}${row + 1}"

    def at(self, row: int, column: int) -> str:
        """Return the address of a cell from any sheet, 'Inputs'!$B$5."""
        return f"'{self.name}'!${letter(column)}${row + 1}"


@dataclass
class Book:
    """The sheets in their order, and names for cells that formulas speak of."""

    decimals: int
    sheets: list[Sheet] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)


def letter(column: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))
_LONGEST = 31


def sheet_names(wanted: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return names that spreadsheets accept: 31 characters, none of []:*?/\\, each once.

    Characters that do not print (terminal escapes, direction marks) are left out; they stay
    in the cell that has the plan's full name.
    """
    seen = {name.casefold() for name in (*taken, "history")}
    found = []
    for text in wanted:
        plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        base = plain.translate(_NOT_IN_NAMES).strip() or "plan"
        name, number = _cut(base, _LONGEST), 1
        while name.casefold() in seen:
            number += 1
            name = f"{_cut(base, _LONGEST - len(f' ({number})'))} ({number})"
        seen.add(name.casefold())
        found.append(name)
    return found


def _cut(text: str, units: int) -> str:
    """Return the beginning of a text of at most so many UTF-16 units, as Excel counts."""
    while len(text.encode("utf-16-le", "surrogatepass")) > 2 * units:
        text = text[:-1]
    return text.strip()
