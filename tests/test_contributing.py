"""The worked example of CONTRIBUTING.md: one file makes a measure, and nothing else is needed."""

from __future__ import annotations

import contextlib
import importlib
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

import restructure as rs
from restructure import measures
from test_docs import ROOT, blocks, check_console, lines_of, run, update

PAGE = "CONTRIBUTING.md"


def source() -> str:
    """Return the Python block of the page."""
    lines = lines_of(PAGE)
    (block,) = (block for block in blocks(lines) if block.language == "python")
    return "\n".join(lines[block.start : block.end]) + "\n"


@contextlib.contextmanager
def dropped_in() -> Iterator[None]:
    """Put the page's measure into a folder of its own on the path of the package's measures."""
    module = f"{measures.__name__}.round_up"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "round_up.py").write_text(source(), encoding="utf-8")
        measures.__path__.append(folder)
        importlib.invalidate_caches()
        try:
            yield
        finally:
            measures.__path__.remove(folder)
            sys.modules.pop(module, None)
            vars(measures).pop("round_up", None)
            importlib.invalidate_caches()


def update_contributing() -> None:
    """Write the real outputs into the page. Only a person calls this, on purpose."""
    with dropped_in():
        update(PAGE)


@pytest.fixture
def measure() -> Iterator[None]:
    """Give the test the measure of the page, and take it away afterwards."""
    with dropped_in():
        yield


def test_without_the_file_there_is_no_such_measure() -> None:
    """The measure is not part of the package: the page adds something that is new."""
    assert "round-up" not in measures.names()
    with pytest.raises(rs.RestructureError, match="there is no measure 'round-up'"):
        rs.parse_plan("round-up:100")


@pytest.mark.usefixtures("measure")
def test_the_grammar_knows_it_by_itself() -> None:
    """It is listed, parsed, combined and swept, and a wrong value gets a message."""
    assert "round-up" in measures.names()
    plan = rs.parse_plan("easy=extend:6+round-up:100")
    assert [part.name for part in plan.measures] == ["extend", "round-up"]
    assert len(rs.parse_plans(["round-up:10..50/10"])) == 5
    with pytest.raises(rs.RestructureError, match="round-up: 'x' is not an amount"):
        rs.parse_plan("round-up:x")
    with pytest.raises(rs.RestructureError, match="round-up: needs a value, as in round-up:100"):
        rs.parse_plan("round-up")


@pytest.mark.usefixtures("measure")
def test_compare_works_it_out() -> None:
    """4,498.77 becomes 4,500, the last instalment falls, and the rows still reconcile."""
    loan = rs.Loan.of(principal=50_000, term=12, rate="14.4%")
    agreed, rounded, nothing = rs.compare(loan, ["round-up:100", "round-up:0"]).plans
    assert rounded.payment == Decimal("4500.00")
    assert rounded.description == "Round the instalment up to a multiple of 100.00"
    rows = list(rounded.schedule.rows)
    assert rows[-1].payment < rounded.payment
    assert rows[-1].closing == 0
    assert all(row.opening + row.interest - row.payment == row.closing for row in rows)
    assert nothing.schedule.payment == agreed.schedule.payment
    assert nothing.description == "Nothing changes"


@pytest.mark.usefixtures("measure")
def test_measures_explains_it_by_itself() -> None:
    """`restructure measures` lists it, and with its name gives value, words and effect."""
    everything = run("restructure measures --format csv")
    assert (everything.code, "round-up:100" in everything.output) == (0, True)
    one = run("restructure measures round-up")
    assert one.code == 0
    assert one.output.startswith("round-up: round the instalment up.")
    assert "4,500.00" in one.output


@pytest.mark.usefixtures("measure")
def test_the_page_shows_its_real_output() -> None:
    """The commands of the page, run with the measure in place, print what the page says."""
    assert check_console(PAGE) == 2


def test_the_map_of_the_package_is_complete() -> None:
    """Each module and folder of the package has its line under "Where things live"."""
    text = "\n".join(lines_of(PAGE))
    for path in sorted((ROOT / "src" / "restructure").iterdir()):
        if path.name.startswith("_") or path.suffix == ".typed":
            continue
        name = path.name + ("/" if path.is_dir() else "")
        assert f"\n      {name} " in text, f"CONTRIBUTING.md does not say what {name} is"
