"""Workbooks: formulas that LibreOffice recalculates to our figures; texts stay texts."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

import restructure as rs
from commandline import run
from restructure.render import Setting, render
from restructure.render._book import sheet_names
from restructure.render._compare import view

PLAN = "defer:3"


def workbook(plans: list[str], **values: object) -> bytes:
    """Return the workbook of a comparison."""
    loan = rs.Loan.of(**{"principal": 50_000, "term": 12, "rate": "14.4%", **values})
    data = render("xlsx", view(rs.compare(loan, plans)), Setting())
    assert isinstance(data, bytes)
    return data


def opened(data: bytes, *, values: bool) -> openpyxl.Workbook:
    """Return a workbook read back: its cached values, or its formulas."""
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def column(sheet: object, heading: str) -> list[object]:
    """Return the cells of a plan's rows below a heading."""
    cells = sheet.iter_rows(min_row=4, values_only=True)  # type: ignore[attr-defined]
    heads = next(cells)
    place = heads.index(heading)
    return [row[place] for row in cells if isinstance(row[0], int) and row[0] > 0]


def test_cells_are_formulas_with_our_values_in_them() -> None:
    """Interest, principal and closing are formulas; the values are those of the design's case."""
    data = workbook([PLAN])
    formulas, values = opened(data, values=False)["defer_3"], opened(data, values=True)["defer_3"]
    for heading in ("interest", "principal", "closing", "payment"):
        assert all(str(cell).startswith("=") for cell in column(formulas, heading)[3:])
    assert column(values, "closing")[2] == 51821.69
    assert column(values, "payment")[3:] == [4662.68] * 11 + [4662.66]
    assert round(sum(column(values, "interest")), 2) == 5952.14  # type: ignore[arg-type]


def test_hostile_names_stay_texts() -> None:
    """A name with a formula, HTML, a terminal escape, a direction mark or an emoji is a text."""
    names = ["+cmd|' /C calc'!A0", "<b>x</b>", "\x1b[31mred", "‮abc", "😀" * 40, "a/b?*[]"]
    data = workbook([f"{name}={PLAN}" for name in names])
    sheets = opened(data, values=False)
    shown = [row[0] for row in sheets["Comparison"].iter_rows(min_row=6)]
    assert [unescape(cell.value) for cell in shown] == names
    assert {cell.data_type for cell in shown} == {"s"}
    assert len(set(sheets.sheetnames)) == len(names) + 3
    assert all(len(name.encode("utf-16-le")) <= 62 for name in sheets.sheetnames)


def test_sheet_names_are_accepted_and_distinct() -> None:
    """31 characters, none of []:*?/\\ nor an apostrophe, each once whatever its case."""
    wanted = ["a" * 40, "A" * 50, "x:y", "x/y", "", "History", "'q'", "Inputs"]
    found = sheet_names(wanted, ["Inputs"])
    assert len({name.casefold() for name in found}) == len(wanted)
    assert all(0 < len(name) <= 31 for name in found)
    assert not any(sign in name for name in found for sign in "[]:*?/\\'")
    assert "history" not in {name.casefold() for name in found}


def test_the_suffix_chooses_it(tmp_path: Path) -> None:
    """-o FILE.xlsx writes a workbook, and so do other commands, with plain values."""
    loan = ["--principal", "50000", "--term", "12", "--rate", "14.4%"]
    for command in ("compare", "schedule", "afford"):
        more = ["--income", "8000"] if command == "afford" else []
        path = tmp_path / f"{command}.xlsx"
        result = run(command, *loan, *more, "-o", str(path))
        assert result.code == 0, result.err
        assert openpyxl.load_workbook(path).sheetnames


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without XlsxWriter the message says what to install."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(rs.RestructureError, match=r"pip install 'restructure\[xlsx\]'"):
        workbook([PLAN])
