"""Workbooks: formulas that LibreOffice recalculates to our figures; texts stay texts."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

import restructure as rs
from commandline import LOAN, process, run
from restructure.cli._options import target
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


def test_a_terminal_is_refused_and_a_pipe_gets_bytes() -> None:
    """To a terminal the answer is a message with what to do, before anything is computed."""
    with mock.patch("sys.stdout") as out:
        out.isatty.return_value = True
        with pytest.raises(rs.RestructureError, match=r"xlsx is not for a terminal.*-o FILE"):
            target("xlsx", None)
    piped = process("compare", *LOAN, "--format", "xlsx")
    assert piped.returncode == 0, piped.stderr
    assert opened(piped.stdout, values=True).sheetnames[0] == "Comparison"


# -- LibreOffice -------------------------------------------------------------------------

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""
"""OOXMLRecalcMode 0: formulas are always worked out when a workbook is read."""

CASES: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "plain": (
        {},
        "9.7%",
        [
            "defer:3", "defer:3,interest=simple", "defer:3,interest=spread",
            "defer:3,interest=first", "defer:3,interest=end",
            "defer:3,interest=waive", "defer:2,interest=pay", "defer:2,pays=1000",
            "defer:2,interest=spread,keep=payment", "interest-only:4", "extend:6", "reduce:30%",
            "reduce:30%,for=4", "balloon:20%+extend:3", "set-aside:20%", "forgive:10%",
            "rate:cut=2,for=4", "step:50%x3/75%x3", "extra:5000", "extra:10%,then=instalment",
        ],
    ),
    "dated": (
        {"start": "2026-01-31", "day_count": "Act/365F", "rate": "10%"},
        "17.3%",
        ["defer:3", "defer:2,interest=simple", "extend:6", "reduce:30%", "balloon:20%",
         "rate:cut=2,for=4"],
    ),
    "arrears": (
        {"paid": 4, "missed": 2, "penalty_rate": "1.5x"},
        "11.1%",
        ["defer:3+extend:6", "arrears:spread,over=3,penalty=spread", "arrears:set-aside",
         "arrears:pay", "arrears:forgive", "reduce:40%+arrears:spread,over=4"],
    ),
    "equal principal": (
        {"method": "equal-principal", "paid": 2},
        "9.99%",
        ["defer:2", "extend:3", "balloon:20%"],
    ),
    "flat": ({"method": "flat"}, "9.99%", ["defer:2", "reduce:30%"]),
    "half-even": ({"rounding": "half-even", "instalment_rounding": "10"}, "12.5%", ["defer:3"]),
    "up": ({"rounding": "up", "instalment_rounding": "up"}, "12.5%", ["defer:3"]),
    "down": ({"rounding": "down", "currency": "JPY"}, "12.5%", ["defer:3", "reduce:30%"]),
}  # fmt: skip


def loan_of(name: str, **more: object) -> rs.Loan:
    """Return the loan of a case."""
    return rs.Loan.of(
        **{"principal": 50_000, "term": 12, "rate": "14.4%", **CASES[name][0], **more}
    )


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of all workbooks, as made and recalculated, at both rates."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed (Debian: libreoffice-calc-nogui)")
    home = tmp_path_factory.mktemp("office")
    (home / "profile" / "user").mkdir(parents=True)
    (home / "profile" / "user" / "registrymodifications.xcu").write_text(SETTINGS)
    made = []
    for name, (_, rate, plans) in CASES.items():
        data = render("xlsx", view(rs.compare(loan_of(name), plans)), Setting())
        assert isinstance(data, bytes)
        (home / f"{name}.xlsx").write_bytes(data)
        made += [home / f"{name}, same.xlsx", home / f"{name}, changed.xlsx"]
        # What openpyxl saves has no values in it, so that none can be taken over.
        book = opened(data, values=False)
        book.save(made[-2])
        place = book.defined_names["loan_rate"].attr_text.replace("$", "").split("!")
        book[place[0].strip("'")][place[1]].value = float(rate.removesuffix("%")) / 100
        book.save(made[-1])
    command = [office, f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(home / "out"), *map(str, made)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return home


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_libreoffice_finds_the_value_of_every_cell(recalculated: Path, name: str) -> None:
    """Recalculated, every cell of every sheet is what we put into it, amounts to the cent."""
    ours = opened((recalculated / f"{name}.xlsx").read_bytes(), values=True)
    theirs = opened((recalculated / "out" / f"{name}, same.xlsx").read_bytes(), values=True)
    assert ours.sheetnames == theirs.sheetnames
    checked = 0
    for sheet in ours:
        for row in sheet.iter_rows():
            for cell in row:
                found = theirs[sheet.title][cell.coordinate].value
                if isinstance(cell.value, (int, float)):
                    assert isinstance(found, (int, float)), (sheet.title, cell.coordinate)
                    assert abs(found - cell.value) < 1e-7, (sheet.title, cell.coordinate)
                elif not isinstance(cell.value, datetime):
                    assert (found or "") == (cell.value or ""), (sheet.title, cell.coordinate)
                checked += 1
    assert checked > 100


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_another_rate_in_the_input_cell_gives_our_plans_at_that_rate(
    recalculated: Path, name: str
) -> None:
    """With another rate every row of every plan is what the engine gives at it, to the cent."""
    _, rate, plans = CASES[name]
    book = opened((recalculated / "out" / f"{name}, changed.xlsx").read_bytes(), values=True)
    lines = rs.compare(loan_of(name, rate=rate), plans).plans
    own = {"Comparison", "Inputs", "Contract", "Yields"}
    sheets = [book[title] for title in book.sheetnames if title not in own]
    table = {row[0]: row for row in book["Comparison"].iter_rows(min_row=5, values_only=True)}
    for line, sheet in zip(lines, sheets, strict=True):
        for heading, of_row in (
            ("interest", lambda row: row.interest),
            ("principal", lambda row: row.principal),
            ("payment", lambda row: row.payment),
            ("closing", lambda row: row.closing),
        ):
            found = [cell for cell in column(sheet, heading) if isinstance(cell, (int, float))]
            wanted = [float(of_row(row)) for row in line.schedule.rows]
            wanted += [0.0] * (len(found) - len(wanted))
            assert found == pytest.approx(wanted, abs=1e-7), (line.name, heading)
        figures = (line.payment, line.first_payment, line.last_payment, line.periods)
        figures = (*figures, line.total_interest, line.total_paid, line.extra_cost)
        assert table[line.name][1:8] == pytest.approx([float(f) for f in figures], abs=1e-7)
        yields = (line.effective_rate, float(line.npv_loss), line.npv_loss_rate)
        assert table[line.name][11:14] == pytest.approx(yields, abs=1e-7)
