"""A run over a book: chunks from the source to the workers, and in their order to the files."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, suppress
from tempfile import TemporaryDirectory
from time import monotonic
from typing import IO, Any, NamedTuple

from restructure.errors import RestructureError, UnreadableFile, UsageError
from restructure.portfolio.forms import PARQUET
from restructure.portfolio.journal import PERIOD, Counts, Entry, Journal
from restructure.portfolio.source import Chunk, Place, Source
from restructure.portfolio.work import Done, Job, reject_head, work
from restructure.words import join, say

CHUNK_CORE, CHUNK_VECTOR = 100, 16_384
"""Loans of a chunk: for text the reference's are small, so that progress is seen."""
_AHEAD = 4
"""Chunks that are read ahead for each process, so that none waits while another one writes."""
_HANDED = 3
"""Of them, those handed to a worker at a time; the others are left to whoever comes first."""


class State(NamedTuple):
    """How far a run is, for whoever watches it: the place in the book and the counts."""

    place: Place
    counts: Counts
    resumed: int


class Run(NamedTuple):
    """What to run: the job, the book, where its results go, and how.

    `output` is a path, or None for the stream `out`. `errors` is the path for rejects or None.
    `tell` gets each reject's words as long as few were told; `watch` the state after each chunk.
    """

    job: Job
    source: Source
    output: str | None
    errors: str | None
    jobs: int = 1
    chunk: int = 0
    resume: bool = False
    restart: bool = False
    facts: dict[str, Any] = {}  # noqa: RUF012
    out: IO[bytes] | None = None
    tell: Callable[[list[str]], None] = lambda words: None
    watch: Callable[[State], None] = lambda state: None

    @property
    def size(self) -> int:
        """Loans of a chunk."""
        fast = self.job.vector or self.job.to == PARQUET
        return self.chunk or (CHUNK_VECTOR if fast else CHUNK_CORE)


def run(plan: Run) -> Counts:
    """Run to the end and return the counts. What an interruption leaves can be resumed."""
    return _to_stream(plan) if plan.output is None else _to_file(plan, plan.output)


def _to_stream(plan: Run) -> Counts:
    """Write results to a stream as they come; rejects to a file of their own, or nowhere."""
    out = plan.out
    assert out is not None
    counts = Counts()
    with ExitStack() as stack:
        sink = None
        if plan.job.to == PARQUET:
            parts = stack.enter_context(TemporaryDirectory(prefix="restructure-"))
            plan = plan._replace(job=plan.job._replace(parts=parts))
            sink = _sink(plan, out)
        rejects = stack.enter_context(open(plan.errors or os.devnull, "wb"))
        out.write(plan.job.head())
        rejects.write(reject_head())
        for place, done in _done(plan, None):
            if sink is not None:
                sink.add(done.part)
                os.unlink(done.part)
            out.write(done.results)
            out.flush()
            rejects.write(done.rejects)
            counts = _added(plan, counts, done, place, 0)
        if sink is not None:
            sink.close()
        out.flush()
    return counts


def _to_file(plan: Run, output: str) -> Counts:
    journal = Journal(output, plan.errors)
    plan = plan._replace(job=plan.job._replace(parts=journal.path("parts")))
    try:
        last = journal.begin(plan.facts, plan.resume, plan.restart)
        counts = last.counts if last is not None else Counts()
        if last is None or last.place is not None:
            counts = _through(plan, journal, last)
        journal.finish("parquet" if plan.job.to == PARQUET else "results")
        return counts
    finally:
        journal.close()


def _through(plan: Run, journal: Journal, last: Entry | None) -> Counts:
    """Work through what is left of the book, and note in the journal what is done."""
    job, results, rejects = plan.job, journal.results, journal.rejects
    counts = last.counts if last is not None else Counts()
    before = counts.loans
    if last is None:
        results.write(job.head())
        rejects.write(reject_head())
    start = last.place if last is not None else None
    sink = _sink(plan, journal.path("parquet")) if job.to == PARQUET else None
    parts: list[str] = []
    if sink is not None:
        from restructure.portfolio.parts import begin

        for part in begin(job.parts, start.line if start is not None else 0):
            sink.add(part)
    place: Place | None = None
    noted = monotonic()
    fresh = False

    def note(where: Place | None) -> None:
        journal.note(Entry(where, results.tell(), rejects.tell(), counts), parts)
        parts.clear()

    try:
        for place, done in _done(plan, start):
            if sink is not None:
                sink.add(done.part)
                parts.append(done.part)
            results.write(done.results)
            rejects.write(done.rejects)
            counts = _added(plan, counts, done, place, before)
            fresh = True
            if monotonic() - noted >= PERIOD:
                note(place)
                noted, fresh = monotonic(), False
    except BaseException:
        if fresh:
            with suppress(Exception):
                note(place)
        raise
    if sink is not None:
        sink.close()
    note(None)
    return counts


def _added(plan: Run, counts: Counts, done: Done, place: Place, before: int) -> Counts:
    counts = Counts(
        counts.loans + done.loans,
        counts.written + done.written,
        counts.rejected + done.rejected,
        counts.low + done.low,
    )
    if done.shown:
        plan.tell(done.shown)
    plan.watch(State(place, counts, before))
    return counts


def _sink(plan: Run, where: Any) -> Any:
    from restructure.portfolio.tables import ParquetSink, results_schema

    schema = getattr(plan.source, "schema", None)
    schema = results_schema(schema, plan.job.header, plan.job.setting)
    return ParquetSink(where, schema, plan.job.setting)


def _done(plan: Run, start: Place | None) -> Iterator[tuple[Place, Done]]:
    """Yield what became of each chunk, in order."""
    chunks = plan.source.chunks(plan.size, start)
    if plan.jobs <= 1:
        for chunk in chunks:
            yield chunk.end, work(plan.job, chunk)
        return
    yield from _by_workers(plan, chunks)


class _Ahead:
    """The chunks that are read and not yet written: done, with the workers, or not yet begun."""

    def __init__(self, pool: ProcessPoolExecutor, plan: Run) -> None:
        self._pool, self._job = pool, plan.job
        self._most, self._handed = _AHEAD * plan.jobs, _HANDED * (plan.jobs - 1)
        self._tasks: deque[tuple[Chunk, Future[Done] | None]] = deque()

    def __bool__(self) -> bool:
        return bool(self._tasks)

    @property
    def full(self) -> bool:
        """Whether no more is to be read before something is taken."""
        return len(self._tasks) > self._most

    def add(self, chunk: Chunk) -> None:
        """Take a chunk in."""
        self._tasks.append((chunk, None))
        self._hand_out()

    def first(self) -> tuple[Place, Done]:
        """Return what became of the first chunk; until it is done, do the last one not begun."""
        while (future := self._tasks[0][1]) is None or not future.done():
            left = self._not_begun()
            if not left:
                break
            chunk, _ = self._tasks[left[-1]]
            mine: Future[Done] = Future()
            mine.set_result(work(self._job, chunk))
            self._tasks[left[-1]] = chunk, mine
            self._hand_out()
        chunk, future = self._tasks.popleft()
        assert future is not None  # the first chunks are handed out first
        done = future.result()
        self._hand_out()
        return chunk.end, done

    def _not_begun(self) -> list[int]:
        return [place for place, (_, future) in enumerate(self._tasks) if future is None]

    def _hand_out(self) -> None:
        """Hand out chunks from the first on, a few for each worker."""
        begun = sum(1 for _, future in self._tasks if future is not None and not future.done())
        for place in self._not_begun()[: max(self._handed - begun, 0)]:
            chunk, _ = self._tasks[place]
            self._tasks[place] = chunk, self._pool.submit(_work, chunk)


def _by_workers(plan: Run, chunks: Iterator[Chunk]) -> Iterator[tuple[Place, Done]]:
    """Yield the chunks in order; this process is one of the `jobs`, and works while it waits."""
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(
        plan.jobs - 1, get_context("spawn"), initializer=_ready, initargs=(plan.job,)
    )
    ahead = _Ahead(pool, plan)
    try:
        for chunk in chunks:
            ahead.add(chunk)
            if ahead.full:
                yield ahead.first()
        while ahead:
            yield ahead.first()
    except BrokenProcessPool as error:
        words = say(
            "a worker was ended from outside, perhaps for want of memory. Give fewer --jobs or a "
            "smaller --chunk."
        )
        if plan.output is not None and plan.facts:
            words = join(" ", [words, say("The same command with --resume goes on from here.")])
        raise RestructureError(words) from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_job: list[Job] = []


def _ready(job: Job) -> None:
    """Prepare a worker: it leaves interrupts to its parent, and ends when that is gone."""
    import signal
    from multiprocessing import parent_process
    from multiprocessing.connection import wait
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _job[:] = [job]
    parent = parent_process()
    if parent is not None:

        def watch() -> None:
            wait([parent.sentinel])
            os._exit(1)

        Thread(target=watch, daemon=True).start()


def _work(chunk: Chunk) -> Done:
    return work(_job[0], chunk)


def same_file(one: str, other: str) -> bool:
    """Return whether two paths are the same file, be it there or not."""
    return os.path.realpath(one) == os.path.realpath(other)


def check_places(
    book: str, output: str | None, errors: str | None, history: str | None = None
) -> None:
    """Raise UsageError where a file would be written over another one of the run."""
    if errors in ("", "-"):
        raise UsageError(say("--errors: give the name of a file, such as rejects.csv."))
    named = [("FILE", book), ("--history", history), ("--output", output), ("--errors", errors)]
    known = [(what, path) for what, path in named if path not in (None, "-")]
    for place, (what, path) in enumerate(known):
        for other, path_too in known[place + 1 :]:
            if same_file(str(path), str(path_too)):
                raise UsageError(
                    say(
                        "{other} is the same file as {what}; choose another name.",
                        what=what,
                        other=other,
                    )
                )


def vector_engine(asked: str) -> bool:
    """Return whether the vectorised engine is to be used: it is, where it is installed.

    Raises RestructureError where it is asked for and missing.
    """
    if asked == "core":
        return False
    try:
        import numpy  # noqa: F401
        import pyarrow  # noqa: F401
    except ImportError as error:
        if asked == "auto":
            return False
        raise missing() from error
    return True


def missing() -> RestructureError:
    """Return the error for what needs the extra that is not installed."""
    return RestructureError(
        say(
            "Parquet and the vectorised engine need NumPy and PyArrow, which are not installed: "
            "pip install 'restructure[portfolio]'"
        )
    )


class _Encoded:
    """A text stream that takes bytes, where standard output has been replaced by one."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, data: bytes) -> None:
        self._stream.write(data.decode())

    def flush(self) -> None:
        self._stream.flush()


def stdout_bytes() -> Any:
    """Return standard output for bytes. Raises UnreadableFile if it is closed."""
    if sys.stdout is None:
        raise UnreadableFile(say("standard output is closed; open it, or write to a file with -o."))
    return getattr(sys.stdout, "buffer", None) or _Encoded(sys.stdout)
