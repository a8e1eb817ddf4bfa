"""Books as Arrow: reading and writing Parquet, and results as text in one go. Needs pyarrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from restructure.errors import InvalidValue, UnreadableFile, shown
from restructure.fields import FIELDS
from restructure.measures import Plan
from restructure.money import Currency
from restructure.portfolio import text
from restructure.portfolio.arrow import evaluate, result_schema
from restructure.portfolio.columns import AMOUNT, RATE, RESULTS, TEXT, Setting
from restructure.portfolio.forms import CSV
from restructure.portfolio.parts import kept
from restructure.portfolio.rows import Reject, evaluate_row, values_of
from restructure.portfolio.source import Chunk, Place, open_bytes
from restructure.reading import name_of
from restructure.words import say

_NUMBER = "\0row"
"""The column that says of which loan a result is; no book has a column of this name."""


class ParquetSource:
    """A Parquet file, read by pieces of its row groups."""

    def __init__(self, path: str) -> None:
        self._piped = _whole_input() if path == "-" else None
        try:
            self._file = pq.ParquetFile(self._piped or path, memory_map=False, pre_buffer=False)
        except FileNotFoundError as error:
            raise UnreadableFile(
                say("there is no such file; check its name."), field=name_of(path)
            ) from error
        except (pa.ArrowException, OSError) as error:
            raise UnreadableFile(
                say("is not Parquet: {why}.", why=str(error).splitlines()[0][:120].rstrip(".")),
                field=name_of(path),
            ) from error
        self.schema = pa.schema([_plain(field) for field in self._file.schema_arrow])
        self.header: list[str] = self.schema.names
        for name in self.header:
            if self.header.count(name) > 1:
                raise InvalidValue(
                    say("has two columns {name}; give each a name of its own.", name=shown(name)),
                    field=name_of(path),
                )
        self.total: int = self._file.metadata.num_rows

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        if self._piped is not None:
            self._piped.close()

    def chunks(self, size: int, start: Place | None) -> Iterator[Chunk]:
        """Yield chunks of at most `size` rows; a row group's last one may be smaller."""
        line = 0
        for group in range(self._file.num_row_groups):
            rows = self._file.metadata.row_group(group).num_rows
            if start is not None and line + rows <= start.line:
                line += rows
                continue
            for batch in self._file.iter_batches(size, row_groups=[group]):
                count = batch.num_rows
                if start is None or line >= start.line:
                    yield Chunk(line, _decoded(batch, self.schema), Place(group, line + count))
                line += count


def _whole_input() -> IO[bytes]:
    """Return standard input as a file on the disk: what a Parquet file holds stands at its end."""
    file = TemporaryFile(prefix="restructure-")  # noqa: SIM115
    copyfileobj(open_bytes("-"), file)
    return file


def _plain(field: pa.Field) -> pa.Field:
    kind = field.type
    return field.with_type(kind.value_type) if pa.types.is_dictionary(kind) else field


def _decoded(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = [
        column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema.remove_metadata())


def text_batch(records: Sequence[Mapping[str, Any]], names: Sequence[str]) -> pa.RecordBatch:
    """Return records of text as a batch of strings; other values as the text of a cell."""
    columns = []
    for name in names:
        values = [record.get(name) for record in records]
        try:
            columns.append(pa.array(values, pa.string()))
        except (pa.ArrowException, UnicodeError, TypeError):
            texts = [None if v is None else text.to_bytes(text.cell(v)).decode() for v in values]
            columns.append(pa.array(texts, pa.string()))
    schema = pa.schema([(name, pa.string()) for name in names])
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def numbered(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the batch with a column that numbers its loans."""
    numbers = pa.array(range(batch.num_rows), pa.int64())
    schema = batch.schema.append(pa.field(_NUMBER, pa.int64()))
    return pa.RecordBatch.from_arrays([*batch.columns, numbers], schema=schema)


def evaluated(
    batch: pa.RecordBatch, plans: Sequence[Plan], setting: Setting, vector: bool
) -> tuple[pa.RecordBatch, list[Reject]]:
    """Return results and rejects of a batch, by the vectorised engine or by the reference."""
    if vector:
        results, refused = evaluate(batch, plans, setting)
        return results, [Reject(*row.values()) for row in refused.to_pylist()]
    loans: list[int] = []
    lines: list[tuple[Any, ...]] = []
    rejects: list[Reject] = []
    for place, record in enumerate(batch.to_pylist()):
        outcome = evaluate_row(record, plans, setting, place)
        rejects += outcome.rejects
        lines += outcome.lines
        loans += [place] * len(outcome.lines)
    schema = result_schema(batch.schema, setting)
    columns = [column.take(pa.array(loans, pa.int64())) for column in batch.columns]
    for position, field in enumerate(schema.field(name) for name in setting.names):
        values = [line[position] for line in lines]
        if pa.types.is_floating(field.type):
            values = [None if value is None else float(value) for value in values]
        columns.append(pa.array(values, field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema), rejects


def as_text(
    results: pa.RecordBatch, own: Sequence[str], setting: Setting, to: str, guard: bool
) -> bytes:
    """Return results as lines of CSV or JSON; `own` has what stands in front, by loan."""
    if not results.num_rows:
        return b""
    places = _exponents(results, setting)
    opened = pa.array([text.to_bytes(line).decode() for line in own], pa.large_string())
    parts: list[Any] = [opened.take(results.column(_NUMBER))]
    for name, head in zip(setting.columns, text.json_figures(setting.names), strict=True):
        column = results.column(setting.prefix + name)
        parts.append(pa.scalar("," if to == CSV else head, pa.large_string()))
        parts.append(_texts(column, name, places, to, guard))
    parts.append(pa.scalar("\n" if to == CSV else "}\n", pa.large_string()))
    lines = pc.binary_join_element_wise(*parts, pa.scalar("", pa.large_string()))
    if to != CSV and "{" in own:
        lines = pc.replace_substring_regex(lines, r"^\{, ", "{")
    # The texts of an array that was just made lie one after the other.
    size = pc.sum(pc.binary_length(lines)).as_py()
    return bytes(lines.buffers()[2].slice(0, size))


def _texts(column: pa.Array, name: str, places: int | list[int], to: str, guard: bool) -> pa.Array:
    """Return the texts of one figure; what is absent is empty in CSV and null in JSON."""
    absent = "" if to == CSV else "null"
    kind = RESULTS[name]
    if kind == TEXT:
        known = column.dictionary_encode()
        words = known.dictionary.to_pylist()
        made = [text.csv_line([w], guard) if to == CSV else text.json_text(w) for w in words]
        texts = pa.array(made, pa.large_string()).take(known.indices)
    elif kind == RATE:
        texts = _rates(column)
    elif kind == AMOUNT:
        texts = _amounts(column, places)
    else:
        texts = pc.cast(column, pa.large_string())
        if pa.types.is_date(column.type) and to != CSV:
            quote = pa.scalar('"', pa.large_string())
            nothing = pa.scalar("", pa.large_string())
            texts = pc.binary_join_element_wise(quote, texts, quote, nothing)
    return pc.fill_null(pc.cast(texts, pa.large_string()), absent)


def _rates(column: pa.Array) -> pa.Array:
    top = pc.max(pc.abs(column)).as_py() if len(column) else None
    if top is not None and top >= 1e8:  # more digits than a cast would keep
        values = [None if v is None else f"{v:.6f}" for v in column.to_pylist()]
        return pa.array(values, pa.large_string())
    return pc.cast(pc.cast(column, pa.decimal128(38, 6), safe=False), pa.large_string())


def _amounts(column: pa.Array, places: int | list[int]) -> pa.Array:
    """Return amounts with the decimals of each loan's currency."""
    if isinstance(places, int):
        return pc.cast(pc.cast(column, pa.decimal128(38, places)), pa.large_string())
    values = zip(column.to_pylist(), places, strict=True)
    made = [None if value is None else f"{value:.{digits}f}" for value, digits in values]
    return pa.array(made, pa.large_string())


def _exponents(results: pa.RecordBatch, setting: Setting) -> int | list[int]:
    """Return the decimals of all results, or of each where they differ."""
    fields = {n: c for n, c in setting.fields.items() if n in ("currency", "decimals")}
    if not fields:
        return setting.scale
    only = setting._replace(fields=fields)
    columns = [results.column(name).dictionary_encode() for name in fields.values()]
    kinds = [column.dictionary.to_pylist() for column in columns]
    if all(len(kind) <= 1 and not c.null_count for kind, c in zip(kinds, columns, strict=True)):
        one = {name: kind[0] for name, kind in zip(fields.values(), kinds, strict=True) if kind}
        return _exponent(one, only)
    keys = list(zip(*(column.to_pylist() for column in columns), strict=True))
    known = {
        key: _exponent(dict(zip(fields.values(), key, strict=True)), only) for key in set(keys)
    }
    return [known[key] for key in keys]


def _exponent(record: Mapping[str, Any], only: Setting) -> int:
    values = values_of(record, only)
    decimals = values.get("decimals")
    if decimals is not None:
        decimals = FIELDS["decimals"].read(decimals, "decimals")
    code = FIELDS["currency"].read(values.get("currency", "CNY"), "currency")
    return Currency.of(code, decimals).exponent


class ParquetSink:
    """A Parquet file that grows by batches, one row group each.

    Amounts and rates are nearly all different: a dictionary of them would only cost time.
    """

    def __init__(self, where: Any, schema: pa.Schema, setting: Setting) -> None:
        names = zip(setting.names, setting.columns, strict=True)
        figures = {name for name, figure in names if RESULTS[figure] in (AMOUNT, RATE)}
        repeated = [name for name in schema.names if name not in figures]
        self._writer = pq.ParquetWriter(where, schema, use_dictionary=repeated)

    def add(self, part: str) -> None:
        """Write the batch that is kept in a file."""
        batch = kept(part)
        if batch.num_rows:
            self._writer.write_batch(batch, row_group_size=max(batch.num_rows, 1))

    def close(self) -> None:
        """Write the footer."""
        self._writer.close()


def results_schema(source: pa.Schema | None, header: list[str], setting: Setting) -> pa.Schema:
    """Return the schema of the results; the columns of a text are strings."""
    own = source or pa.schema([(name, pa.string()) for name in header])
    return result_schema(own.remove_metadata(), setting)
