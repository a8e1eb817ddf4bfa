"""A book in chunks of columns: the loans of some lines, and the lines that are no loans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from types import TracebackType
from typing import Any, NamedTuple

from restructure.errors import RestructureError
from restructure.portfolio.forms import CSV, PARQUET, Form
from restructure.portfolio.parse import NoRow, rows
from restructure.portfolio.source import Chunk, open_book
from restructure.words import say

CHUNK = 16_384


class Bad(NamedTuple):
    """What was not taken: its line, or row of a Parquet file, the loan if known, and why."""

    line: int
    loan: str
    field: str
    value: str
    reason: str


class Loans(NamedTuple):
    """Some loans: their lines, and their values by column, as texts or as Parquet has them."""

    lines: list[int]
    columns: dict[str, list[Any]]
    batch: Any
    """The same as an Arrow record batch, where it was read as one."""

    def records(self, rows: Sequence[int], names: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Yield some of the loans as records of some of the columns."""
        columns = [self.columns[name] for name in names]
        for row in rows:
            yield {name: column[row] for name, column in zip(names, columns, strict=True)}


class BookFile:
    """A book that is open: `header`, and its loans in chunks. Raises UnreadableFile."""

    def __init__(self, path: str, form: Form) -> None:
        if form.name == PARQUET and find_spec("pyarrow") is None:
            raise RestructureError(
                say("Parquet needs more packages: python -m pip install 'restructure[portfolio]'.")
            )
        self._form = form
        self._source = open_book(path, form)
        self.header = self._source.header

    def __enter__(self) -> BookFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._source.close()

    def chunks(self, names: Sequence[str]) -> Iterator[tuple[Loans, list[Bad]]]:
        """Yield chunks of loans with the columns in `names`, and the lines that are no loans."""
        for chunk in self._source.chunks(CHUNK, None):
            if self._form.name == PARQUET:
                yield _table(chunk, names), []
            else:
                yield self._text(chunk, names)

    def _text(self, chunk: Chunk, names: Sequence[str]) -> tuple[Loans, list[Bad]]:
        lines: list[int] = []
        bad: list[Bad] = []
        records = []
        for row in rows(chunk, self.header, self._form):
            if isinstance(row, NoRow):
                bad.append(Bad(row.line, "", "", row.value, row.reason))
            else:
                lines.append(row.line)
                records.append(row.record)
        columns = {name: [record.get(name) for record in records] for name in names}
        if self._form.name != CSV:
            columns = {name: list(map(_written, column)) for name, column in columns.items()}
        return Loans(lines, columns, None), bad


def _table(chunk: Chunk, names: Sequence[str]) -> Loans:
    batch = chunk.records
    lines = list(range(chunk.line + 1, chunk.line + 1 + batch.num_rows))
    return Loans(lines, {name: batch.column(name).to_pylist() for name in names}, batch)


def _written(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)
