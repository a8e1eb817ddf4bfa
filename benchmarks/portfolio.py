"""Whole books: the vectorised engine beside a bare NumPy loop and bare Parquet input and output.

`python benchmarks/portfolio.py --loans 1000000` is the measurement of the targets; the default
is smaller. `--growth 10000000 --svg docs/portfolio-growth.svg` draws how time and memory grow.
Times are those of the processor, so that a busy machine disturbs them least; everything runs
on one core.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import Any

PLANS = ("defer:3", "extend:12", "reduce:20%")
CHUNK = 16_384
DEN = 120_000
TARGET = 3
MOST_MEMORY = 1.5


def arrow() -> Any:
    """Return pyarrow, pinned to one thread."""
    import pyarrow

    pyarrow.set_cpu_count(1)
    pyarrow.set_io_thread_count(1)
    return pyarrow


def write_book(path: Path, loans: int) -> None:
    """Write a book of loans of every term from 12 to 360 months, rates to two decimals."""
    import numpy as np

    pa = arrow()
    import pyarrow.parquet as pq

    chance = np.random.default_rng(8)
    schema = pa.schema(
        [
            ("id", pa.int64()),
            ("principal", pa.decimal128(12, 2)),
            ("term", pa.int32()),
            ("rate", pa.float64()),
        ]
    )
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, loans, CHUNK):
            ids = np.arange(start, min(start + CHUNK, loans))
            term = 12 + chance.permutation(len(ids)) % 349
            # Long loans are mortgages: at higher rates 20 % less would not pay the interest.
            top = np.where(term > 240, 400, np.where(term > 120, 600, 1800))
            rate = chance.integers(300, top + 1) / 100
            minor = chance.integers(10**5, 10**8, len(ids))
            halves = np.stack([minor, np.zeros_like(minor)], axis=1)
            amount = pa.Array.from_buffers(
                pa.decimal128(12, 2), len(ids), [None, pa.py_buffer(halves)]
            )
            columns = [pa.array(ids), amount, pa.array(term.astype(np.int32)), pa.array(rate)]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def bare(balance: Any, num: Any, pay: Any, rows: int) -> None:
    """Amortise loans side by side, in the plainest way that NumPy has."""
    import numpy as np

    interest = np.empty_like(balance)
    for _ in range(rows):
        np.multiply(balance, num, out=interest)
        interest += DEN // 2
        interest //= DEN
        balance += interest
        balance -= pay


def loans_of(count: int, rows: int) -> tuple[Any, Any, Any]:
    """Return balances, rates and instalments of `count` loans over `rows` months."""
    import numpy as np

    chance = np.random.default_rng(5)
    balance = chance.integers(10**7, 10**8, count)
    num = chance.integers(300, 1800, count)
    f = num / DEN
    pay = np.rint(balance * f / -np.expm1(-rows * np.log1p(f))).astype(np.int64)
    return balance, num, pay


def kernel() -> None:
    """Print periods a second of the kernel and of the bare loop."""
    import numpy as np

    from restructure.portfolio.vector_kernel import Rounding, run

    for rows in (12, 360):
        balance, num, pay = loans_of(CHUNK, rows)
        times = [float("inf"), float("inf")]
        for _ in range(15):
            plain, before = balance.copy(), process_time()
            bare(plain, num, pay, rows - 1)
            times[0] = min(times[0], process_time() - before)
            counts, sure = np.full(CHUNK, rows - 1), np.ones(CHUNK, np.bool_)
            before = process_time()
            ours = run(balance, num, pay, counts, Rounding("half-up", DEN), sure)
            times[1] = min(times[1], process_time() - before)
            assert (ours == plain).all()
        speed = [CHUNK / time / 1e6 for time in times]
        print(
            f"kernel, {rows} rows: {speed[1]:.1f} million schedules a second, the bare loop "
            f"{speed[0]:.1f}: {speed[1] / speed[0]:.2f} of it (target: at least 0.5)"
        )


def whole(source: Path, target: Path) -> dict[str, float]:
    """Work the book, Parquet to Parquet; return seconds of the processor and GiB."""
    arrow()
    import pyarrow.parquet as pq

    from restructure.portfolio import prepared, setting_for
    from restructure.portfolio.arrow import evaluate, result_schema

    before = process_time()
    pairs = 0
    book = pq.ParquetFile(source, pre_buffer=False)
    schema = book.schema_arrow
    setting, plans = setting_for(schema.names), prepared(PLANS)
    with pq.ParquetWriter(target, result_schema(schema, setting)) as writer:
        for batch in book.iter_batches(CHUNK, use_threads=False):
            results, rejects = evaluate(batch, plans, setting)
            writer.write_batch(results)
            pairs += results.num_rows + sum(rejects["pairs"].to_pylist())
    assert pairs == book.metadata.num_rows * (len(PLANS) + 1)
    return {"seconds": process_time() - before, "gib": _memory()}


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def bare_loop(source: Path, results: Path) -> dict[str, float]:
    """Run the bare loop over the rows of all plans, loans of like length side by side."""
    import numpy as np
    import pyarrow.parquet as pq

    del results
    seconds = 0.0
    for batch in pq.ParquetFile(source, pre_buffer=False).iter_batches(CHUNK):
        term = np.sort(batch["term"].to_numpy())
        balance, num, pay = loans_of(len(term), 360)
        f = num / DEN
        pay = np.rint(balance * f / -np.expm1(-term * np.log1p(f))).astype(np.int64)
        # reduce:20% at the rates of the book: what 0.8 of the instalment takes.
        with np.errstate(all="ignore"):
            longer = -np.log1p(-f * balance / (0.8 * pay)) / np.log1p(f)
        longer = np.sort(np.where(np.isfinite(longer), longer, term * 1.4)).astype(np.int64)
        for rows in (term, term + 3, term + 12, longer):
            before = process_time()
            start = 0
            for low, high in pairwise([0, *np.unique(rows).tolist()]):
                start = int(np.searchsorted(rows, high))
                bare(balance[start:], num[start:], pay[start:], high - low)
            seconds += process_time() - before
    return {"seconds": seconds}


def bare_io(source: Path, results: Path) -> dict[str, float]:
    """Read the book, and write results that are there already."""
    pa = arrow()
    import pyarrow.parquet as pq

    before = process_time()
    for _ in pq.ParquetFile(source, pre_buffer=False).iter_batches(CHUNK, use_threads=False):
        pass
    seconds = process_time() - before
    book = pq.ParquetFile(results, pre_buffer=False)
    with pq.ParquetWriter(pa.BufferOutputStream(), book.schema_arrow) as writer:
        for batch in book.iter_batches(4 * CHUNK, use_threads=False):
            before = process_time()
            writer.write_batch(batch)
            seconds += process_time() - before
    return {"seconds": seconds}


STEPS = {"whole": whole, "loop": bare_loop, "io": bare_io}


def step(name: str, source: Path, target: Path) -> dict[str, float]:
    """Run one step in a process of its own, whose memory is its alone."""
    command = [sys.executable, __file__, "--step", name, str(source), str(target)]
    found: dict[str, float] = json.loads(subprocess.check_output(command, text=True))
    return found


def book(loans: int) -> None:
    """Print the time of a whole book beside the bare loop and the bare input and output."""
    with tempfile.TemporaryDirectory() as room:
        source, target = Path(room, "book.parquet"), Path(room, "results.parquet")
        write_book(source, loans)
        found = step("whole", source, target)
        loop, io = step("loop", source, target), step("io", source, target)
    floor = loop["seconds"] + io["seconds"]
    print(
        f"{loans:,} loans by as agreed, {', '.join(PLANS)}, Parquet to Parquet: "
        f"{found['seconds']:.1f} s, {found['gib']:.2f} GiB\n"
        f"  bare loop {loop['seconds']:.1f} s + bare input and output {io['seconds']:.1f} s: "
        f"{found['seconds'] / floor:.2f} times that (target: at most {TARGET}, "
        f"under {MOST_MEMORY} GiB)"
    )


def growth(most: int, svg: Path | None) -> None:
    """Print, and draw, time and memory from 1,000 loans to `most`."""
    found = []
    loans = 1000
    while loans <= most:
        with tempfile.TemporaryDirectory() as room:
            source = Path(room, "book.parquet")
            write_book(source, loans)
            each = step("whole", source, Path(room, "results.parquet"))
        found.append((loans, each["seconds"], each["gib"]))
        print(f"{loans:>12,} loans: {each['seconds']:8.2f} s, {each['gib']:.2f} GiB", flush=True)
        loans *= 10
    if svg is not None:
        from portfolio_plot import draw

        svg.write_text(draw(found), encoding="utf-8")


def main(arguments: list[str] | None = None) -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loans", type=int, default=100_000)
    parser.add_argument("--growth", type=int, metavar="MOST")
    parser.add_argument("--svg", type=Path)
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.step:
        name, source, target = options.step
        print(json.dumps(STEPS[name](Path(source), Path(target))))
    elif options.growth:
        growth(options.growth, options.svg)
    else:
        kernel()
        book(options.loans)


if __name__ == "__main__":
    main()
