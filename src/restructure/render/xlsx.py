"""Excel workbook: live formulas with the values they give, or plain values in one sheet.

A text is always a text cell: a name that looks like a formula, a link or a number stays a text.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

from restructure.errors import UsageError, visible
from restructure.render._book import Book, Item, Sheet
from restructure.render._view import Setting, View
from restructure.words import say

BINARY = True
_MOST = 32_767
"""Characters that a cell holds."""


def render(view: View, setting: Setting) -> bytes:
    """Return the workbook of the view, or a sheet of its records if it has none."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise UsageError(
            say("xlsx needs the XlsxWriter library: pip install 'restructure[xlsx]'.")
        ) from error
    made = view.book() if view.book is not None else _plain(view)
    if setting.lang != "en":
        made = _localised(made, setting.lang)
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    styles = _Styles(book, made.decimals)
    sheets = [book.add_worksheet(sheet.name) for sheet in made.sheets]
    for name, refers in made.names.items():
        book.define_name(name, f"={refers}")
    for sheet, target in zip(made.sheets, sheets, strict=True):
        _fill(sheet, target, styles)
    book.close()
    return out.getvalue()


def _localised(book: Book, lang: str) -> Book:
    """Return the book with all that people read in it in a language."""
    from restructure.locale import translated

    for sheet in book.sheets:
        for place, item in sheet.cells.items():
            if isinstance(item.value, str) and not item.formula:
                sheet.cells[place] = item._replace(value=translated(item.value, lang))
    return book


def _fill(sheet: Sheet, target: Any, styles: _Styles) -> None:
    for (row, column), item in sheet.cells.items():
        _write(target, row, column, item, styles.of(item.style))
    for column, width in sheet.widths.items():
        target.set_column(column, column, width)
    for row, height in sheet.heights.items():
        target.set_row(row, height)
    if sheet.headings is not None:
        target.set_row(sheet.headings, 30)
    target.freeze_panes(*sheet.frozen)
    if sheet.landscape:
        target.set_landscape()
    target.set_paper(9)  # A4
    target.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    target.fit_to_pages(1, 0)
    target.hide_gridlines(2)
    if sheet.headings is not None:
        target.repeat_rows(sheet.headings)
    target.set_footer("&L&A&RPage &P of &N")


def _write(target: Any, row: int, column: int, item: Item, style: Any) -> None:
    value = item.value
    if isinstance(value, (Fraction, Decimal)):
        value = float(value)
    if item.formula:
        shown = "" if value is None else _text(value) if isinstance(value, str) else value
        if item.array:
            target.write_array_formula(row, column, row, column, f"={item.formula}", style, shown)
        else:
            target.write_formula(row, column, f"={item.formula}", style, shown)
    elif value is None:
        target.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        target.write_boolean(row, column, value, style)
    elif isinstance(value, (int, float)):
        target.write_number(row, column, value, style)
    elif isinstance(value, date):
        if value.year >= 1900:
            target.write_datetime(row, column, value, style)
        else:
            target.write_string(row, column, str(value), style)
    else:
        target.write_string(row, column, _text(str(value)), style)


def _text(text: str) -> str:
    """Return a text as a cell can hold it; half characters are written out."""
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"


class _Styles:
    """Cell formats by the words of a style, each made once."""

    def __init__(self, book: Any, decimals: int) -> None:
        self._book = book
        self._made: dict[str, Any] = {}
        amount = "#,##0" + ("." + "0" * decimals if decimals else "")
        self._formats = {
            "money": f"{amount};[Red]-{amount}",
            "rate": "0.00####%",
            "whole": "0",
            "number": "General",
            "factor": "0.0000000000",
            "date": "yyyy-mm-dd",
        }
        self._spare = f"{amount};-{amount};;@"

    def of(self, words: str) -> Any:
        """Return the format of a style."""
        if words not in self._made:
            self._made[words] = self._book.add_format(self._properties(words.split()))
        return self._made[words]

    def _properties(self, words: list[str]) -> dict[str, Any]:
        kind = words[0]
        made: dict[str, Any] = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
        if kind in self._formats:
            made["num_format"] = self._formats[kind]
        if kind == "title":
            made.update(bold=True, font_size=14)
        if kind == "heading":
            made.update(
                bold=True, text_wrap=True, bottom=1, bg_color="#E8EDF2", align="center",
                valign="vcenter",
            )  # fmt: skip
        if kind == "note":
            made.update(font_color="#555555")
        if kind == "wrapped":
            made.update(text_wrap=True)
        if "input" in words:
            made.update(bg_color="#FFF7CC", font_color="#0000FF")
        if "fixed" in words:
            made.update(italic=True, font_color="#7A4E00")
        if "sum" in words:
            made.update(bold=True, top=1)
        if "spare" in words:
            made.update(font_color="#777777")
            if kind == "money":
                made["num_format"] = self._spare
        return made


def _plain(view: View) -> Book:
    """Return the records as a sheet of values, and what the table says below it."""
    records = view.records()
    names: dict[str, None] = {}
    for record in records:
        names.update(dict.fromkeys(record))
    sheet = Sheet("Values", frozen=(1, 1), headings=0)
    decimals = 0
    for column, name in enumerate(names):
        sheet.put(0, column, Item(name.replace("_", " "), "heading"))
        longest = len(name)
        for row, record in enumerate(records, start=1):
            value = record.get(name)
            if isinstance(value, Decimal):
                exponent = value.as_tuple().exponent
                decimals = max(decimals, -exponent if isinstance(exponent, int) else 0)
            style = "date" if isinstance(value, date) else "number"
            if isinstance(value, (list, dict, tuple)):
                value = str(value)
            sheet.put(row, column, Item(value, style if value is not None else "text"))
            longest = max(longest, len(visible(str(value))))
        sheet.widths[column] = min(max(longest + 2, 8), 60)
    return Book(decimals, [sheet])
