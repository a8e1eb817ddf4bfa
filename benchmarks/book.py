"""Whole books: loans a second, what a second process gains, and how time and memory grow.

    python benchmarks/book.py                 100,000 loans
    python benchmarks/book.py --loans 1000000
    python benchmarks/book.py --grow 7        10^3 to 10^7 loans, with docs/batch-growth.svg

Each run is the command line in a process of its own, so that its peak of memory is its own. The
books are synthetic, every term from a year to thirty; the plans are those of the target: as
agreed, a pause of 3, 12 instalments more, an instalment 20 % lower.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

PLANS = ("--plan", "defer:3", "--plan", "extend:12", "--plan", "reduce:20%")
GAIN = 1.7
"""What two processes on two idle cores are to gain."""
PLOT = Path(__file__).resolve().parents[1] / "docs" / "batch-growth.svg"


class Cost(NamedTuple):
    """Seconds on the clock, seconds of computing, and the peak of memory in MiB."""

    wall: float
    cpu: float
    peak: float


def call(*args: str) -> Cost:
    """Run restructure in a process of its own and return what it cost."""
    begin = perf_counter()
    command = [sys.executable, "-m", "restructure", *args]
    # One thread for the I/O library, so that a core is a core.
    env = {**os.environ, "OMP_NUM_THREADS": "1", "ARROW_NUM_THREADS": "1"}
    quiet = os.open(os.devnull, os.O_WRONLY)
    child = os.posix_spawn(
        sys.executable, command, env, file_actions=[(os.POSIX_SPAWN_DUP2, quiet, 2)]
    )
    _, status, used = os.wait4(child, 0)
    os.close(quiet)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{' '.join(command)} failed")
    return Cost(perf_counter() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def throughput(folder: Path, loans: int) -> None:
    """Print loans a second for the forms and engines; the reference gets fewer loans."""
    few = max(loans // 50, 1000)
    print(f"{'':34}{'loans':>10}{'seconds':>9}{'CPU':>8}{'loans/s':>10}{'MiB':>7}")
    for form, engine, count in (
        ("parquet", "vector", loans),
        ("csv", "vector", loans),
        ("jsonl", "vector", loans),
        ("csv", "core", few),
    ):
        source = made(folder, count, form)
        cost = call("batch", source, *PLANS, "--engine", engine, "-o", f"{folder}/out.{form}")
        name = f"{form} to {form}, {engine}"
        rate = count / cost.wall
        print(
            f"{name:34}{count:>10,}{cost.wall:>9.2f}{cost.cpu:>8.2f}{rate:>10,.0f}{cost.peak:>7.0f}"
        )


def gain(folder: Path, loans: int) -> None:
    """Print what two processes gain, the best of three runs each in turn, and check their bytes."""
    for engine, count, chunk in (("vector", loans * 20, 16_384), ("core", loans // 10, 100)):
        source = made(folder, count, "parquet")
        options = (*PLANS, "--engine", engine, "--chunk", str(chunk))
        runs = [
            [call("batch", source, *options, "--jobs", jobs, "-o", f"{folder}/{jobs}.parquet").wall
             for jobs in ("1", "2")]
            for _ in range(3)
        ]  # fmt: skip
        one, two = map(min, zip(*runs, strict=True))
        same = Path(f"{folder}/1.parquet").read_bytes() == Path(f"{folder}/2.parquet").read_bytes()
        verdict = "met" if one / two >= GAIN else "MISSED"
        print(
            f"{engine}: one process {one:.2f} s, two {two:.2f} s: {one / two:.2f} times, target "
            f"{GAIN}: {verdict}; {'the same bytes' if same else 'OTHER BYTES'}"
        )


def growth(folder: Path, most: int) -> list[tuple[int, Cost]]:
    """Print and return what 10^3 to 10^`most` loans cost, Parquet to Parquet."""
    found = []
    for power in range(3, most + 1):
        source = made(folder, 10**power, "parquet")
        cost = call("batch", source, *PLANS, "-o", f"{folder}/out.parquet")
        print(f"10^{power} loans: {cost.wall:8.2f} s, {cost.cpu:8.2f} s CPU, {cost.peak:6.0f} MiB")
        found.append((10**power, cost))
        Path(source).unlink()
    return found


def made(folder: Path, loans: int, form: str) -> str:
    """Return the path of a synthetic book, which is made where it is not there."""
    path = folder / f"book-{loans}.{form}"
    if not path.exists():
        call("sample", "--loans", str(loans), "-o", str(path))
    return str(path)


def plot(found: list[tuple[int, Cost]]) -> str:
    """Return seconds of computing and MiB over loans as SVG, all on logarithmic scales."""
    from math import log10

    left, top, width, height = 60, 30, 420, 260
    first, last = log10(found[0][0]), log10(found[-1][0])
    low, high = -1, 4

    def x(loans: int) -> float:
        return left + width * (log10(loans) - first) / (last - first)

    def y(value: float) -> float:
        return top + height * (high - log10(value)) / (high - low)

    def label(across: float, down: float, text: str, anchor: str) -> str:
        return f'<text x="{across:.1f}" y="{down:.1f}" text-anchor="{anchor}">{text}</text>'

    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 340" font-family="sans-serif" '
        'font-size="12">',
        "<title>Time and memory of restructure batch by the number of loans</title>",
        '<rect width="560" height="340" fill="white"/>',
    ]
    for power in range(low, high + 1):
        at = y(10.0**power)
        lines.append(f'<path d="M{left} {at:.1f}h{width}" stroke="#ddd"/>')
        lines.append(label(left - 8, at + 4, f"{10.0**power:g}", "end"))
    for loans, _ in found:
        lines.append(f'<path d="M{x(loans):.1f} {top}v{height}" stroke="#eee"/>')
        lines.append(label(x(loans), top + height + 18, f"{loans:,}", "middle"))
    lines.append(label(left + width / 2, top + height + 38, "loans", "middle"))
    for name, colour, values in (
        ("seconds", "#0b6", [cost.cpu for _, cost in found]),
        ("MiB", "#06b", [cost.peak for _, cost in found]),
    ):
        points = [(x(loans), y(v)) for (loans, _), v in zip(found, values, strict=True)]
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        lines += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in points]
        a, b = points[-1]
        lines.append(f'<text x="{a + 8:.1f}" y="{b + 4:.1f}" fill="{colour}">{name}</text>')
    return "\n".join([*lines, "</svg>", ""])


def main(args: list[str] | None = None) -> None:
    """Measure."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--loans", type=int, default=100_000)
    parser.add_argument("--grow", type=int, metavar="POWER", help="up to 10^POWER loans")
    given = parser.parse_args(args or [])
    with TemporaryDirectory() as name:
        folder = Path(name)
        if given.grow:
            PLOT.write_text(plot(growth(folder, given.grow)), encoding="utf-8")
            print(f"drawn in {PLOT.name}")
            return
        throughput(folder, given.loans)
        gain(folder, given.loans)


if __name__ == "__main__":
    main(sys.argv[1:])
