"""What the tests of the command line share: running it in this process or in one of its own."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple
from unittest import mock

from restructure.cli import main

LOAN = ("--principal", "50000", "--term", "12", "--rate", "14.4")
"""The founding case, with its rate so that no note is due."""


class Ran(NamedTuple):
    """What a command left: exit code, standard output and standard error."""

    code: int
    out: str
    err: str


class _Stream(io.TextIOWrapper):
    """A text stream in memory, with an encoding as a real one has."""

    def __init__(self, content: bytes = b"") -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8", newline="")

    def text(self) -> str:
        self.flush()
        self.buffer.seek(0)
        return self.buffer.read().decode(self.encoding, "replace")  # a workbook is no text


def run(*args: str, stdin: bytes = b"", columns: int | None = None) -> Ran:
    """Run the command line in this process; a traceback is an error of the test."""
    env = {} if columns is None else {"COLUMNS": str(columns)}
    out, err = _Stream(), _Stream()
    with (
        mock.patch.dict(os.environ, env),
        mock.patch.object(sys, "stdin", _Stream(stdin)),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        if columns is None:
            os.environ.pop("COLUMNS", None)
        try:
            main(list(args))
        except SystemExit as left:
            return Ran(int(str(left.code)), out.text(), err.text())
    raise AssertionError("main() returned")


def process(*args: str, **popen: Any) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a process of its own."""
    return subprocess.run(command(*args), **{"capture_output": True, "timeout": 60, **popen})


def command(*args: str) -> list[str]:
    """Return the words that start the command line in a process."""
    return [sys.executable, "-m", "restructure", *args]


def refused(ran: Ran, *words: str, codes: Sequence[int] = (2, 3)) -> None:
    """Check that bad input met one clear message, and nothing else."""
    assert ran.code in codes, ran
    assert ran.out == "", ran
    assert ran.err.startswith("Error: "), ran
    lines = ran.err.splitlines()
    assert len(lines) == 1 or (len(lines) == 2 and lines[1].startswith("Try 'restructure")), ran
    assert len(ran.err) < 700, ran
    assert all(c.isprintable() or c in "\n\u3000\u200c\u200d" for c in ran.err), ran
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err, (word, ran.err)
