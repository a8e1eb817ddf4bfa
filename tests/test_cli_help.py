"""Help: complete, in plain text, grouped, and the same everywhere."""

from __future__ import annotations

import shlex
from importlib import import_module

import pytest

from commandline import process, run
from restructure.cli import COMMANDS, command_of
from restructure.cli._help import EXAMPLES, GROUPS
from restructure.fields import FIELDS, option

PUBLIC = [
    "--principal",
    "--term",
    "--rate",
    "--payment",
    "--method",
    "--currency",
    "--every",
    "--compounding",
    "--start",
    "--first-due",
    "--day-count",
    "--rounding",
    "--paid",
    "--missed",
    "--as-of",
    "--penalty-rate",
    "--fee",
    "--format",
    "--output",
]
"""The documented options that the loan commands share, as far as they exist so far."""


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_help_is_that_of_the_command(name: str) -> None:
    """COMMANDS repeats the first line of each command's docstring, and of its module's."""
    command = command_of(name)
    module = import_module(f"restructure.cli.{command.__name__}")
    for documented in (module, command):
        assert documented.__doc__.splitlines()[0] == COMMANDS[name]


@pytest.mark.parametrize("name", ["compare", "schedule", "solve"])
def test_the_documented_options_exist(name: str) -> None:
    """Each loan command has the public options, and one for every field of a loan."""
    help = run(name, "--help", columns=80).out
    words = help.replace(",", " ").split()
    for known in (*PUBLIC, *map(option, FIELDS), "-o", "-h"):
        assert known in words, known
    assert ("--plan" in words) == (name != "solve")
    assert ("--schedules" in words) == (name == "compare")


def test_every_option_has_a_heading() -> None:
    """A new field must be given its place in the help."""
    placed = [name for group in GROUPS.values() for name in group]
    assert sorted(placed) == sorted(set(placed))
    assert set(FIELDS) <= set(placed)


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_is_plain_text_with_examples(name: str) -> None:
    """Help is for people: at most 80 wide, no boxes or colours, examples that start well."""
    ran = run(*([name] if name else []), "--help", columns=80)
    assert ran.code == 0
    assert ran.err == ""
    assert ran.out.startswith(f"Usage: restructure {name}".rstrip())
    assert ran.out.isascii()
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "\nExamples:\n  restructure " in ran.out
    assert run(*([name] if name else []), "-h", columns=80).out == ran.out


def test_examples_of_the_help_work(tmp_path: object) -> None:
    """Every example runs; loan.toml and flows.csv stand for the reader's own files."""
    import os
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "loan.toml").write_text("[loan]\nprincipal = 5000\nterm = 12\nrate = 9\n")
    (folder / "payments.csv").write_text("date,amount\n2026-02-15,437.26\n")
    (folder / "flows.csv").write_text("date,amount\n2026-01-01,-50\n2026-02-01,51\n")
    (folder / "loans.csv").write_text("id,principal,term,rate\nA,5000,12,9\n")
    before = os.getcwd()
    os.chdir(folder)
    try:
        for lines in EXAMPLES.values():
            for line in "\n".join(lines).replace("\\\n", " ").splitlines():
                ran = run(*shlex.split(line)[1:])
                assert ran.code == 0, (line, ran.err)
    finally:
        os.chdir(before)


def test_help_does_not_load_rich() -> None:
    """Plain help starts quickly, in a process of its own."""
    import subprocess
    import sys

    code = (
        "import sys\nfrom restructure.cli import main\n"
        "try: main(['compare', '--help'])\nexcept SystemExit: pass\n"
        "sys.exit('rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def test_version() -> None:
    """--version prints the version of the package, and python -m is the same program."""
    from restructure import __version__

    assert run("--version").out == f"restructure {__version__}\n"
    assert process("--version").stdout.decode() == f"restructure {__version__}\n"
