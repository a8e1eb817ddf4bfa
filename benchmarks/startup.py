"""Time of whole processes: `restructure compare` beside a bare Typer app, in one run.

Both are started in the same way by the same interpreter, with everything compiled to .pyc
before. The runs alternate; the ratio is the median of the rounds' ratios.
"""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import typer

import bare_app
import restructure
import restructure.cli

ROUNDS = 30
WARM_UP = 3
HERE = Path(__file__).resolve().parent
COMPARE = ("compare", "--principal", "50000", "--term", "12", "--format")
# Name, module that has main(), arguments, target ratio against the first.
RUNS: tuple[tuple[str, str, tuple[str, ...], float | None], ...] = (
    ("bare Typer app", "bare_app", ("compare",), None),
    ("compare, csv", "restructure.cli", (*COMPARE, "csv"), 1.3),
    ("compare, table", "restructure.cli", (*COMPARE, "table"), 2.0),
)


def commands(module: object) -> list[str]:
    """Return the names of the commands of the Typer app in a module."""
    apps = [value for value in vars(module).values() if isinstance(value, typer.Typer)]
    if len(apps) != 1:
        sys.exit(f"expected one Typer app in {module}, found {len(apps)}")
    group = typer.main.get_command(apps[0])
    return list(group.list_commands(typer.Context(group)))


def interpreter() -> str:
    """Return the environment's interpreter; refuse a shell script that starts another one."""
    binary = Path(os.path.realpath(sys.executable))
    if binary.read_bytes()[:2] == b"#!":
        sys.exit(f"{binary} is a script: its own time would be measured")
    return sys.executable


def environment() -> dict[str, str]:
    """Return the environment of every run: no Python settings, English, our folder importable."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(HERE)}


def measure() -> list[list[float]]:
    """Return the seconds of every round, in the order of RUNS."""
    python, env = interpreter(), environment()
    starts = [
        [python, "-c", f"import sys; from {module} import main; sys.exit(main())", *arguments]
        for _, module, arguments, _ in RUNS
    ]
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(WARM_UP + ROUNDS):
            seconds = [0.0] * len(starts)
            for step in range(len(starts)):
                place = (turn + step) % len(starts)
                start = perf_counter()
                done = subprocess.run(starts[place], env=env, cwd=folder, capture_output=True)
                seconds[place] = perf_counter() - start
                if done.returncode or not done.stdout:
                    sys.exit(f"{RUNS[place][0]} failed:\n{done.stderr.decode()}")
            if turn >= WARM_UP:
                rounds.append(seconds)
    return rounds


def main() -> None:
    """Print the times and the ratios."""
    bare, own = len(commands(bare_app)), len(commands(restructure.cli))
    if bare != own:
        sys.exit(f"bare_app.py has {bare} commands, restructure has {own}: make them equal")
    for folder in (HERE, Path(restructure.__file__).parent, sysconfig.get_path("purelib")):
        compileall.compile_dir(folder, quiet=2)
    print(f"Whole processes; medians of {ROUNDS} interleaved rounds; {own} commands each")
    print(f"{'':6}{'process':<20}{'ms':>12}{'ratio':>8}{'target':>8}")
    rounds = measure()
    for place, (name, _, _, target) in enumerate(RUNS):
        line = f"{'':6}{name:<20}{1000 * median(times[place] for times in rounds):>12.1f}"
        if target is not None:
            ratio = median(times[place] / times[0] for times in rounds)
            line += f"{ratio:>7.2f}x{target:>7.1f}x  {'met' if ratio <= target else 'MISSED'}"
        print(line)


if __name__ == "__main__":
    main()
