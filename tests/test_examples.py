"""The examples run, and print exactly what stands in examples/expected.

Where a change of output is meant, `python tests/test_docs.py --update` writes the new ones.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
EXPECTED = EXAMPLES / "expected"

COMMANDS = {
    "mr-li.txt": "restructure compare mr-li.toml",
    "sweep-terms.txt": "./sweep-terms.sh",
    "pick-winner.txt": "./pick-winner.sh 3500",
    "cheapest-pause.txt": "./cheapest-pause.sh",
    "book.csv": "./book.sh",
    "best-plan.csv": "./best-plan.sh",
    "sums-by-plan.csv": "./sums-by-plan.sh",
    "folder-of-books.txt": "./folder-of-books.sh books {folder}/out",
    "split-with-parallel.csv": "./split-with-parallel.sh",
}
"""What is run in examples/, by the name of its expected output; {folder} is an empty one."""

TOOLS = {"sums-by-plan.csv": "duckdb", "split-with-parallel.csv": "parallel"}
"""What an example needs besides bash and jq."""

TOOLS_HERE = str(Path(sys.executable).parent)
"""Where packages put their commands."""

needs_tools = pytest.mark.skipif(
    shutil.which("bash") is None or shutil.which("jq") is None,
    reason="the example scripts need bash and jq",
)


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in examples/, with `restructure` in `folder`, which is put on the path."""
    shim = folder / "restructure"
    shim.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m restructure "$@"\n')
    shim.chmod(0o755)
    path = os.pathsep.join([str(folder), TOOLS_HERE, os.environ["PATH"]])
    return subprocess.run(
        shlex.split(command.replace("{folder}", shlex.quote(str(folder)))),
        cwd=EXAMPLES,
        env={**os.environ, "COLUMNS": "80", "LC_ALL": "C.UTF-8", "PATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def update_expected() -> None:
    """Write the expected outputs anew. Only a person calls this, on purpose."""
    from tempfile import TemporaryDirectory

    for name, command in COMMANDS.items():
        with TemporaryDirectory() as folder:
            done = run(command, Path(folder))
        if done.returncode:
            sys.exit(f"{command}: {done.stderr}")
        (EXPECTED / name).write_text(done.stdout, encoding="utf-8")


@needs_tools
@pytest.mark.parametrize("name", COMMANDS)
def test_example_prints_what_is_expected(name: str, tmp_path: Path) -> None:
    """Each example ends well and prints its expected output to the letter."""
    tool = TOOLS.get(name, "bash")
    if shutil.which(tool, path=os.pathsep.join([TOOLS_HERE, os.environ["PATH"]])) is None:
        pytest.skip(f"{tool} is not installed")
    done = run(COMMANDS[name], tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (EXPECTED / name).read_text(encoding="utf-8")


def test_each_script_and_each_expected_output_is_run() -> None:
    """No script is without an expected output, and no expected output is left over."""
    scripts = {path.name for path in EXAMPLES.glob("*.sh")}
    assert scripts == {
        shlex.split(command)[0].removeprefix("./")
        for command in COMMANDS.values()
        if command.startswith("./")
    }
    assert {path.name for path in EXPECTED.iterdir()} == set(COMMANDS)


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    """The loan file in JSON gives the same comparison as the one in TOML."""
    toml = run("restructure compare mr-li.toml --format json", tmp_path)
    json = run("restructure compare mr-li.json --format json", tmp_path)
    assert toml.returncode == 0
    assert toml.stdout == json.stdout


@needs_tools
def test_pick_winner_says_when_nothing_fits(tmp_path: Path) -> None:
    """With a budget too small for any plan: exit code 4 and the reason, no output."""
    done = run("./pick-winner.sh 100", tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert "No plan fits a budget of 100." in done.stderr


@needs_tools
def test_book_goes_on_after_a_bad_loan(tmp_path: Path) -> None:
    """A loan that cannot be read is reported by its id; the others are computed; exit code 1."""
    lines = (EXAMPLES / "book.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "book.csv").write_text("\n".join([*lines[:2], "B-1,abc,12,5%,0,0", *lines[2:]]))
    done = run(f"./book.sh {tmp_path / 'book.csv'}", tmp_path)
    assert done.returncode == 1
    assert "'abc'" in done.stderr
    assert "B-1: not computed" in done.stderr
    assert done.stdout == (EXPECTED / "book.csv").read_text(encoding="utf-8")


def test_scripts_are_strict_and_may_be_run() -> None:
    """Each script may be executed, stops at the first failure, and says how it is used."""
    for script in EXAMPLES.glob("*.sh"):
        text = script.read_text(encoding="utf-8")
        assert text.startswith("#!/usr/bin/env bash\n# "), script.name
        assert "\nset -euo pipefail\n" in text, script.name
        assert "\n# Usage: " + script.name in text, script.name
        assert os.access(script, os.X_OK), script.name


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_scripts_pass_shellcheck() -> None:
    """Shellcheck has nothing to say about the scripts."""
    scripts = sorted(map(str, EXAMPLES.glob("*.sh")))
    done = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
