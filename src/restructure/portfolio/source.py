"""Reading a book in chunks: CSV and JSON lines by bytes, Parquet by row groups.

A reader splits, and leaves understanding to the workers. The memory it needs does not depend on
the size of the book.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import deque
from collections.abc import Iterator
from typing import IO, Any, NamedTuple, Protocol

from restructure.errors import InvalidValue, RestructureError, UnreadableFile, shown
from restructure.portfolio.forms import CSV, JSONL, Form
from restructure.reading import name_of
from restructure.words import say

LONGEST = 1 << 20
"""The most bytes of one record."""
EXAMPLE = '{"principal": 50000, "term": 12}'
"""A record of JSON lines, for messages."""
_MOST_LINES = 500
"""The most lines over which a quoted text may run."""
_KEYS_FROM = 1000
"""So many records of JSON lines say which columns there are."""


class Broken(NamedTuple):
    """A piece of the input that is no record: why, and how it begins."""

    reason: str
    start: bytes
    lines: int


class Place(NamedTuple):
    """Where reading stands: bytes (Parquet: row group) and lines (rows) before the next record."""

    at: int
    line: int


class Chunk(NamedTuple):
    """Some records as they are read; `line` is that of the first, `end` where the next begin."""

    line: int
    records: Any
    end: Place


class Source(Protocol):
    """A book that is open: its header, its chunks from a place on, and how much there is.

    `total` is the measure of `Place.at` for text, of `Place.line` for Parquet; 0 if unknown.
    """

    header: list[str]
    total: int

    def chunks(self, size: int, start: Place | None) -> Iterator[Chunk]: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


def open_book(path: str, form: Form) -> Source:
    """Open a book; "-" is standard input. Raises UnreadableFile."""
    if form.name in (CSV, JSONL):
        return TextSource(path, form)
    from restructure.portfolio.tables import ParquetSource

    return ParquetSource(path)


def open_bytes(path: str) -> IO[bytes]:
    """Open a file for reading, or standard input; raises UnreadableFile, which says why not."""
    name = name_of(path)
    try:
        return sys.stdin.buffer if path == "-" else open(path, "rb")
    except FileNotFoundError as error:
        raise UnreadableFile(say("there is no such file; check its name."), field=name) from error
    except IsADirectoryError as error:
        raise UnreadableFile(say("is a folder; give a file."), field=name) from error
    except (OSError, ValueError, AttributeError) as error:
        reason = getattr(error, "strerror", None) or "no file can have this name"
        raise UnreadableFile(say("cannot be read: {reason}.", reason=reason), field=name) from error


class TextSource:
    """CSV or JSON lines."""

    def __init__(self, path: str, form: Form) -> None:
        self._file = open_bytes(path)
        self._form = form
        self._waiting: deque[bytes] = deque()
        self._at = self._line = 0
        self.total = 0 if path == "-" else os.fstat(self._file.fileno()).st_size
        try:
            self.header = self._csv_header() if form.name == CSV else self._keys()
        except RestructureError as error:
            self.close()
            raise UnreadableFile(error.reason, field=name_of(path)) from error
        self._first = Place(self._at, self._line)

    def close(self) -> None:
        """Close the file; standard input stays open."""
        if self._file is not sys.stdin.buffer:
            self._file.close()

    def chunks(self, size: int, start: Place | None) -> Iterator[Chunk]:
        """Yield chunks of `size` records from a place on; blank lines count as records here."""
        if start is not None and start != self._first:
            self._waiting.clear()
            self._file.seek(start.at)
            self._at, self._line = start
        while True:
            line = self._line
            found: list[bytes | Broken] = []
            while len(found) < size:
                record = self._record()
                if record is None:
                    break
                found.append(record)
            if not found:
                return
            yield Chunk(line, found, Place(self._at, self._line))

    def _next(self) -> bytes:
        return self._waiting.popleft() if self._waiting else self._file.readline(LONGEST)

    def _record(self) -> bytes | Broken | None:
        """Return the next record, or what is none; None at the end."""
        line = self._next()
        if not line:
            return None
        self._line += 1
        self._at += len(line)
        if len(line) >= LONGEST and not line.endswith(b"\n"):
            return self._too_long(line)
        if self._form.name == JSONL or line.count(b'"') % 2 == 0 or self._whole(line):
            return line
        return self._quoted(line)

    def _too_long(self, line: bytes) -> Broken:
        while True:
            more = self._next()
            self._at += len(more)
            if not more or more.endswith(b"\n"):
                break
        return Broken(say("is longer than {bytes} bytes.", bytes=f"{LONGEST:,}"), line[:80], 1)

    def _quoted(self, line: bytes) -> bytes | Broken:
        """Return a record whose quoted text runs over lines.

        Where no such record comes about, the first line alone is broken, and what follows it is
        read again: a quote that is not closed does not swallow the loans after it.
        """
        parts, size = [line], len(line)
        while len(parts) < _MOST_LINES and size < LONGEST:
            more = self._next()
            if not more:
                break
            parts.append(more)
            size += len(more)
            if more.count(b'"') % 2 and self._whole(joined := b"".join(parts)):
                self._line += len(parts) - 1
                self._at += size - len(line)
                return joined
        self._waiting.extendleft(reversed(parts[1:]))
        return Broken(say("has a quote that is not closed."), line[:80], 1)

    def _whole(self, record: bytes) -> bool:
        try:
            text = record.decode(self._form.encoding, "replace")
            return len(list(csv.reader([text], delimiter=self._form.delimiter, strict=True))) == 1
        except csv.Error:
            return False

    def _csv_header(self) -> list[str]:
        while (record := self._record()) is not None:
            if isinstance(record, bytes) and record.strip():
                break
        if record is None:
            raise UnreadableFile(say("is empty. The first line of a book names its columns."))
        if isinstance(record, Broken):
            raise UnreadableFile(say("has a first line that {reason}", reason=record.reason))
        if record.startswith(b"PAR1"):
            raise UnreadableFile(say("is Parquet; say so with --from parquet."))
        try:
            text = record.decode(self._form.encoding)
        except UnicodeDecodeError as error:
            raise UnreadableFile(
                say(
                    "is not {encoding} text (byte {byte}); say what it is with --encoding, such "
                    "as gb18030 or cp1252.",
                    encoding=self._form.encoding.upper(),
                    byte=error.start + 1,
                )
            ) from error
        text = text.removeprefix("\ufeff").rstrip("\r\n")
        if "\r" in text and '"' not in text:
            raise UnreadableFile(say("ends its lines with \\r alone; end them with \\n."))
        if "\0" in text:
            raise UnreadableFile(say("is no text: it holds NUL bytes. Is it UTF-16, or packed?"))
        names = next(csv.reader([text], delimiter=self._form.delimiter, strict=True))
        other = next((mark for mark in ";\t|," if mark in text), "")
        if len(names) == 1 and other and '"' not in text:
            raise UnreadableFile(
                say(
                    "has one column, {name}. What stands between its cells? Give it, as in "
                    "--delimiter {mark}",
                    name=shown(text),
                    mark="tab" if other == "\t" else f"'{other}'",
                )
            )
        return _distinct([name.strip() for name in names])

    def _keys(self) -> list[str]:
        """Return the keys of the first records; what has been read waits to be read again."""
        from restructure.portfolio.parse import read_object

        lines: list[bytes] = []
        keys: dict[str, None] = {}
        while len(lines) < _KEYS_FROM and (line := self._next()):
            lines.append(line)
            if isinstance(found := read_object(line, self._form.encoding), dict):
                keys.update(dict.fromkeys(found))
        self._waiting.extend(lines)
        if not keys:
            raise UnreadableFile(
                say("holds no record. A line is for instance {example}.", example=EXAMPLE)
            )
        return list(keys)


def _distinct(names: list[str]) -> list[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InvalidValue(
                say("has two columns {name}; give each a name of its own.", name=shown(name))
            )
        seen.add(name)
    return names
