"""What is loaded for what: the library starts without the command line and without heavy parts.

The order of imports between modules is checked by import-linter (`make lint`).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import restructure

HEAVY = ("typer", "click", "rich", "numpy", "dateutil", "simplejson")


def loaded_after(program: str, *names: str) -> set[str]:
    """Run a program in a fresh interpreter and return which of the modules it loaded."""
    wanted = ",".join(names)
    lines = (
        "import sys",
        program,
        f"found = [name for name in {wanted!r}.split(',') if name in sys.modules]",
        "print('loaded:', *found, file=sys.stderr)",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (last,) = [line for line in done.stderr.splitlines() if line.startswith("loaded:")]
    return set(last.split()[1:])


LIBRARY = "import restructure as rs\n"
COMPARE = (
    'loan = rs.Loan.of(principal=50_000, term=12, rate="14.4%", paid=4, missed=2)\n'
    'lines = rs.compare(loan, ["defer:3", "extend:6+rate:10%", "reduce:3000"]).plans\n'
    "print([(line.payment, line.npv_loss, line.description) for line in lines])\n"
)


def test_an_import_loads_next_to_nothing() -> None:
    """`import restructure` loads no part of the package until a name of it is used."""
    modules = ("restructure.loan", "restructure.engine", "restructure.comparison", "decimal")
    assert loaded_after(LIBRARY, *HEAVY, *modules) == set()


def test_a_comparison_loads_no_heavy_part() -> None:
    """Comparing in the library needs neither the command line nor dates nor tables."""
    assert loaded_after(LIBRARY + COMPARE, *HEAVY, "restructure.cli", "restructure.render") == set()


def test_dates_load_the_calendar() -> None:
    """Only a loan with dates loads dateutil: the module is what the others are tested not to be."""
    program = LIBRARY + COMPARE.replace("term=12", 'term=12, first_due="2026-12-31"')
    assert loaded_after(program, *HEAVY) <= {"dateutil"}
    program += "print(lines[0].maturity)\n"
    assert loaded_after(program, *HEAVY) == {"dateutil"}


def run_of(format: str) -> str:
    """Return a program that runs the command line for one format."""
    words = f"compare --principal 50000 --term 12 --rate 14.4% --format {format}".split()
    return (
        "from restructure.cli import main\n"
        f"try:\n    main({words!r})\nexcept SystemExit as ended:\n    assert not ended.code\n"
    )


@pytest.mark.parametrize("format", ["csv", "json"])
def test_machine_formats_load_no_table(format: str) -> None:
    """CSV and JSON are written without rich, dateutil or numpy."""
    heavy = ("rich", "dateutil", "numpy", "jinja2", "markupsafe", "babel")
    assert loaded_after(run_of(format), *heavy) == set()


def test_a_table_loads_rich() -> None:
    """The table is what rich is for: the check above can fail."""
    assert "rich" in loaded_after(run_of("table"), "rich", "dateutil", "numpy")


def test_a_measure_loads_no_other() -> None:
    """A plan loads the modules of its own measures only."""
    program = LIBRARY + 'rs.parse_plan("defer:3+extend:6")\n'
    measures = [f"restructure.measures.{name}" for name in ("defer", "extend", "step", "rate")]
    assert loaded_after(program, *measures) == set(measures[:2])


def test_the_package_is_typed() -> None:
    """The package says that it has types."""
    assert (Path(restructure.__file__).parent / "py.typed").exists()


def test_the_bare_app_has_as_many_commands() -> None:
    """The start-up benchmark compares with an app of as many commands, or says nothing."""
    from pathlib import Path

    from restructure.cli import COMMANDS

    bare = Path(__file__).parents[1].joinpath("benchmarks", "bare_app.py").read_text("utf-8")
    assert bare.count("@app.command(") == len(COMMANDS)
