"""Writing a made-up book: CSV, JSON lines or Parquet, a chunk at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Any

from restructure.errors import RestructureError, UnreadableFile, UsageError, shown
from restructure.sample.book import COLUMNS, HISTORY
from restructure.words import say

FORMATS = ("csv", "jsonl", "parquet")
_HUNDREDTHS, _TENTHOUSANDTHS = ("rate",), ("pd", "lgd")


def format_of(path: str | None) -> str:
    """Return the format for a file's suffix; CSV for standard output. Raises UsageError."""
    suffix = os.path.splitext(path)[1].lower().removeprefix(".") if path else "csv"
    if suffix not in FORMATS:
        raise UsageError(
            say(
                "{path} does not say which format it is to have; a book is {formats}: name the "
                "file so, or add --format.",
                path=shown(path),
                formats=", ".join(FORMATS),
            )
        )
    return suffix


class Sink:
    """A file of one format that takes chunks of columns in the order of `names`."""

    def __init__(self, out: IO[Any], names: tuple[str, ...], format: str, seed: int) -> None:
        self.out, self.names, self.format = out, names, format
        self._parquet: Any = None
        if format == "csv":
            self._text(",".join(names) + "\n")
        elif format == "parquet":
            self._parquet = self._opened(seed)

    def __enter__(self) -> Sink:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._parquet is not None:
            self._parquet.close()

    def write(self, columns: list[list[Any]]) -> None:
        """Write a chunk of rows."""
        if self._parquet is not None:
            self._write_parquet(columns)
            return
        texts = [_texts(name, column) for name, column in zip(self.names, columns, strict=True)]
        if self.format == "csv":
            lines = [",".join(row) for row in zip(*texts, strict=True)]
        else:
            quoted = [
                [f'"{name}": {json}' for json in _json(name, column)]
                for name, column in zip(self.names, texts, strict=True)
            ]
            lines = [f"{{{', '.join(row)}}}" for row in zip(*quoted, strict=True)]
        self._text("".join(f"{line}\n" for line in lines))

    def _text(self, text: str) -> None:
        self.out.write(text.encode("utf-8"))

    def _opened(self, seed: int) -> Any:
        import pyarrow
        from pyarrow import parquet

        kinds = {
            "synthetic": pyarrow.bool_(),
            "drawn_on": pyarrow.date32(),
            **dict.fromkeys(("rate", "pd", "lgd"), pyarrow.float64()),
            **dict.fromkeys(("principal", "income"), pyarrow.int64()),
            **dict.fromkeys(("term", "paid", "missed", "days_past_due"), pyarrow.int32()),
        }
        fields = [pyarrow.field(name, kinds.get(name, pyarrow.string())) for name in self.names]
        marks = {"restructure.synthetic": "true", "restructure.sample": f"seed {seed}"}
        self._schema = pyarrow.schema(fields, metadata=marks)
        return parquet.ParquetWriter(self.out, self._schema)

    def _write_parquet(self, columns: list[list[Any]]) -> None:
        import pyarrow

        arrays = []
        for name, column, field in zip(self.names, columns, self._schema, strict=True):
            whole = 100 if name in _HUNDREDTHS else 10_000 if name in _TENTHOUSANDTHS else 0
            values = [value / whole for value in column] if whole else column
            arrays.append(pyarrow.array(values, field.type))
        self._parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=self._schema))


def _texts(name: str, column: list[Any]) -> list[str]:
    if name == "synthetic":
        return ["true"] * len(column)
    if name in _HUNDREDTHS:
        return [f"{value // 100}.{value % 100:02d}" for value in column]
    if name in _TENTHOUSANDTHS:
        return [f"{value // 10_000}.{value % 10_000:04d}" for value in column]
    return list(map(str, column))


def _json(name: str, texts: list[str]) -> list[str]:
    words = name in ("id", "product", "segment", "currency", "drawn_on", "month")
    return [f'"{text}"' for text in texts] if words else texts


class _TextOnly:
    """A stream of text, such as a notebook's, that is written to in bytes of UTF-8."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.flush = stream.flush

    def write(self, data: bytes) -> None:
        self._stream.write(data.decode("utf-8"))


def _standard_output(format: str) -> Any:
    import sys

    stream = sys.stdout
    if stream is None:
        raise UnreadableFile(say("standard output is closed; open it, or write to a file with -o."))
    if format == "parquet" and stream.isatty():
        raise UsageError(say("Parquet is not for a terminal; write to a file with -o."))
    return getattr(stream, "buffer", None) or _TextOnly(stream)


@contextmanager
def opened(path: str | None, names: tuple[str, ...], format: str, seed: int) -> Iterator[Sink]:
    """Open a sink that appears under its name when it is whole; None is standard output."""
    if format == "parquet":
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            raise RestructureError(
                say("Parquet needs more packages: python -m pip install 'restructure[portfolio]'.")
            ) from error
    if path is None:
        out = _standard_output(format)
        with Sink(out, names, format, seed) as sink:
            yield sink
        out.flush()
        return
    if os.path.exists(path) and not os.path.isfile(path):  # a device or a named pipe
        with open(path, "wb") as out, Sink(out, names, format, seed) as sink:
            yield sink
        return
    temporary = f"{os.path.realpath(path)}.{os.getpid()}.tmp"
    try:
        with open(temporary, "xb") as out, Sink(out, names, format, seed) as sink:
            yield sink
        os.replace(temporary, os.path.realpath(path))
    except OSError as error:
        raise UnreadableFile(
            say("{path} cannot be written: {reason}.", path=shown(path), reason=error.strerror)
        ) from error
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)


__all__ = ["COLUMNS", "FORMATS", "HISTORY", "Sink", "format_of", "opened"]
