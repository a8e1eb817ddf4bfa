"""Standard output and standard error: what may be missing, full, closed or of another encoding."""

from __future__ import annotations

import os
import sys
from codecs import lookup
from contextlib import AbstractContextManager, nullcontext, suppress

from restructure.errors import UnreadableFile
from restructure.words import say


def complain(line: str) -> None:
    """Write a line to standard error; if nobody can read it there, it is not worth a failure."""
    if sys.stderr is not None:
        with suppress(OSError):
            print(line, file=sys.stderr)


def write_out(text: str, *, data: bool) -> None:
    """Write to standard output; `data` for programs is UTF-8 whatever the locale says.

    Raises UnreadableFile if it is closed or its disk is full. BrokenPipeError passes: the
    reader has seen enough.
    """
    out = sys.stdout
    if out is None:
        raise UnreadableFile(say("standard output is closed; open it, or write to a file with -o."))
    if data and not out.isatty() and lookup(out.encoding or "utf-8").name != "utf-8":
        reconfigure = getattr(out, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8")
    try:
        out.write(text)
        out.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon()
        raise UnreadableFile(
            say("standard output cannot be written: {strerror}.", strerror=error.strerror)
        ) from error


def busy(what: str) -> AbstractContextManager[object]:
    """Show on standard error that work goes on, while it does; nothing where it is no terminal."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False).status(what)


def write_bytes(data: bytes) -> None:
    """Write bytes to standard output as they are. Raises as `write_out` does."""
    out = getattr(sys.stdout, "buffer", None)
    if out is None:
        raise UnreadableFile(say("standard output is closed; open it, or write to a file with -o."))
    try:
        out.write(data)
        out.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon()
        raise UnreadableFile(
            say("standard output cannot be written: {strerror}.", strerror=error.strerror)
        ) from error


def abandon() -> None:
    """Point standard output at nothing, so that Python's last flush at exit is quiet."""
    with suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
