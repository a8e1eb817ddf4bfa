"""The journal of a run: what is done, kept so that a killed run can go on.

Beside the output stands a hidden folder while the run is on: `.out.csv.parts` with the results
and rejects so far and a journal. An entry of the journal is written only after the bytes that it
speaks of are on the disk; what lies behind the last entry is cut off when the run goes on. At the
end the files are moved into place, each in one step, and the folder is removed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, Any, NamedTuple

from restructure.errors import RestructureError, UnreadableFile, UsageError, shown
from restructure.portfolio.source import Place
from restructure.words import say

PERIOD = 1.0
"""Seconds between two entries of the journal."""


class Counts(NamedTuple):
    """Loans read, and pairs of loan and plan written and rejected; read is the sum of both.

    `low` counts the loans whose rate looks like a fraction.
    """

    loans: int = 0
    written: int = 0
    rejected: int = 0
    low: int = 0

    @property
    def pairs(self) -> int:
        """Pairs of loan and plan that were read."""
        return self.written + self.rejected


class Entry(NamedTuple):
    """How far a run is: the place in the input, bytes of results and rejects, and counts."""

    place: Place | None
    results: int
    rejects: int
    counts: Counts


class Journal:
    """The folder of a run, locked while the run is on."""

    def __init__(self, output: str, errors: str | None) -> None:
        self._output, self._errors = os.path.realpath(output), errors
        folder, name = os.path.split(self._output)
        self.folder = os.path.join(folder, f".{name}.parts")
        self._log: IO[bytes] | None = None
        self.results: IO[bytes]
        self.rejects: IO[bytes]

    def path(self, name: str) -> str:
        """Return the path of a file in the folder."""
        return os.path.join(self.folder, name)

    def begin(self, facts: dict[str, Any], resume: bool, restart: bool) -> Entry | None:
        """Open the folder; return how far the run was that is to go on, or None for a new one.

        `facts` are what has to be the same for a run to go on. Raises UsageError where a run is
        unfinished and nothing is said of it, and where it was of other loans or options.
        """
        there = os.path.isdir(self.folder)
        try:
            os.makedirs(self.folder, exist_ok=True)
            self._log = open(self.path("journal"), "a+b")  # noqa: SIM115
            self._lock(self._log)
            self._log.seek(0)
            entries = _entries(self._log.read())
            if restart or not entries:
                entries = []
            elif not resume:
                raise UsageError(
                    say(
                        "a run that writes {path} was not finished. Give --resume to go on where "
                        "it was, or --restart to begin anew.",
                        path=shown(os.path.basename(self._output)),
                    )
                )
            if entries:
                _same(entries[0], facts)
            last = _entry(entries[-1]) if len(entries) > 1 else None
            self._open(last, facts)
            return last
        except OSError as error:
            if not there:
                shutil.rmtree(self.folder, ignore_errors=True)
            raise self._failed(error) from error

    def _lock(self, file: IO[bytes]) -> None:
        with suppress(ImportError):  # where there is no such lock, two runs must not be started
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UsageError(
                    say(
                        "another run is writing {path} just now; wait for it.",
                        path=shown(os.path.basename(self._output)),
                    )
                ) from error

    def _open(self, last: Entry | None, facts: dict[str, Any]) -> None:
        assert self._log is not None
        finished = last is not None and last.place is None
        for name in ("results", "rejects"):
            path = self.path(name)
            if finished and not os.path.exists(path):
                continue  # it was moved into place before the run was ended
            file = open(path, "r+b" if last is not None else "w+b")  # noqa: SIM115
            file.truncate(getattr(last, name) if last is not None else 0)
            file.seek(0, os.SEEK_END)
            setattr(self, name, file)
        if last is None:
            self._log.truncate(0)
            self._write(facts)

    def note(self, entry: Entry, parts: Sequence[str] = ()) -> None:
        """Make sure of what is written so far, these new parts too, and note it."""
        try:
            for file in (self.results, self.rejects):
                file.flush()
                os.fsync(file.fileno())
            for part in parts:
                with open(part, "rb") as kept:
                    os.fsync(kept.fileno())
            self._write([entry.place, entry.results, entry.rejects, entry.counts])
        except OSError as error:
            raise self._failed(error) from error

    def _write(self, entry: Any) -> None:
        assert self._log is not None
        self._log.write(json.dumps(entry).encode() + b"\n")
        self._log.flush()
        os.fsync(self._log.fileno())

    def finish(self, made: str = "results") -> None:
        """Move the files into place, `made` as the output, and remove the folder."""
        target = self._output
        try:
            moves = [(self.path(made), self._output)]
            if self._errors is not None:
                moves.insert(0, (self.path("rejects"), os.path.realpath(self._errors)))
            for source, target in moves:
                if os.path.exists(source):
                    if os.path.exists(target) and not os.path.isfile(target):
                        _poured(source, target)  # a device or a named pipe
                        continue
                    if os.path.exists(target):
                        os.chmod(source, os.stat(target).st_mode & 0o7777)
                    _replace(source, target)
            shutil.rmtree(self.folder, ignore_errors=True)
        except OSError as error:
            raise self._failed(error, target) from error

    def close(self) -> None:
        """Close the files; the folder stays."""
        for name in ("results", "rejects", "_log"):
            file = getattr(self, name, None)
            if file is not None:
                with suppress(OSError):
                    file.close()

    def _failed(self, error: OSError, path: str = "") -> RestructureError:
        reason = error.strerror or str(error)
        return UnreadableFile(
            say(
                "{path} cannot be written: {reason}.",
                path=shown(path or self._output),
                reason=reason,
            )
        )


def _poured(source: str, target: str) -> None:
    """Write a file into a device or a pipe, which stays what it is."""
    with open(source, "rb") as file, open(target, "wb") as out:
        shutil.copyfileobj(file, out)


def _replace(source: str, target: str) -> None:
    """Move a file in one step, also to another disk, where it is copied beside its place first."""
    with open(source, "rb") as file:
        os.fsync(file.fileno())
    if os.stat(source).st_dev != os.stat(os.path.dirname(target)).st_dev:
        beside = f"{target}.{os.getpid()}.tmp"
        shutil.copyfile(source, beside)
        shutil.copymode(source, beside)
        os.replace(beside, target)
        return
    os.replace(source, target)


def _entries(data: bytes) -> list[Any]:
    """Return the whole entries of a journal; a last one that was cut short is none."""
    found = []
    for line in data.split(b"\n")[:-1]:
        try:
            found.append(json.loads(line))
        except ValueError:
            break
    return found


def _entry(value: Any) -> Entry:
    place, results, rejects, counts = value
    return Entry(Place(*place) if place else None, results, rejects, Counts(*counts))


def _same(before: dict[str, Any], now: dict[str, Any]) -> None:
    """Raise UsageError that says what is another than it was."""
    plain = json.loads(json.dumps(now))
    changed = [name for name in plain if before.get(name) != plain[name]]
    if changed:
        name = changed[0]
        raise UsageError(
            say(
                "--resume: {names} changed since the run began: {before} before, {now} now. "
                "Put it back as it was, or give --restart to begin anew.",
                names=", ".join(changed),
                before=shown(before.get(name)),
                now=shown(plain[name]),
            )
        )
