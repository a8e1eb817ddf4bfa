"""Spark: the plans of a book on a cluster, by the function that works on one machine.

    from restructure.spark import compare
    pairs = compare(spark.read.parquet("book.parquet"), ["defer:3", "extend:12"])

Every worker needs `restructure[spark]` installed. Most books need no cluster: see docs/spark.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from restructure.errors import InvalidValue, RestructureError
from restructure.measures import Plan
from restructure.portfolio.columns import DEFAULT_COLUMNS, Setting, setting_for
from restructure.portfolio.rows import prepared
from restructure.words import say

if TYPE_CHECKING:
    import pyarrow as pa

REJECT = ("reject_plan", "reject_pairs", "reject_field", "reject_value", "reject_reason")
"""The columns that say what was not computed: empty in the rows of results. A row with a reason
stands for `reject_pairs` pairs of loan and plan; `reject_plan` is empty where it is all of the
loan's."""


def compare(
    frame: Any,
    plans: Iterable[str | Plan],
    *,
    maps: Iterable[str] = (),
    given: Mapping[str, Any] | None = None,
    columns: Sequence[str] = DEFAULT_COLUMNS,
    plan_column: str = "",
    agreed: bool = True,
    prefix: str = "",
) -> Any:
    """Return a DataFrame with a row for each loan of `frame` and plan.

    The loan's own columns stand first, then the figures of `columns`, as `restructure batch`
    gives them, then the columns of REJECT. Nothing is dropped: results are the rows where
    reject_reason is null, and loans x pairs = results + the sum of reject_pairs. `frame` is a
    Spark DataFrame; see `restructure.portfolio.setting_for` for the other arguments. The rows
    of a partition keep their order. Nothing is computed until Spark asks for it. Raises
    RestructureError for missing packages, columns or clashing names.
    """
    try:
        from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

        from restructure.portfolio.arrow import result_schema
    except ImportError as error:
        raise RestructureError(
            say("Spark needs more packages: python -m pip install 'restructure[spark]'.")
        ) from error
    setting = setting_for(
        frame.columns, maps, given, columns, plan_column=plan_column, agreed=agreed, prefix=prefix
    )
    for name in REJECT:
        if name in frame.columns or name in setting.names:
            raise InvalidValue(
                say("is the name of a column that says what was rejected; rename it."), field=name
            )
    schema = _with_rejects(result_schema(to_arrow_schema(frame.schema), setting))
    return frame.mapInArrow(_worker(prepared(plans), setting), from_arrow_schema(schema))


def _worker(
    plans: list[Plan], setting: Setting
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return what each worker does with its record batches."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow

        from restructure.portfolio.arrow import evaluate

        for batch in batches:
            results, rejects = evaluate(batch, plans, setting)
            schema = _with_rejects(results.schema)
            yield _filled(list(results.columns), results.num_rows, schema)
            if rejects.num_rows:
                own = [column.take(rejects.column("row")) for column in batch.columns]
                said = [rejects.column(name) for name in rejects.schema.names[1:]]
                empty = [
                    pyarrow.nulls(rejects.num_rows, field.type)
                    for field in schema
                    if field.name in setting.names
                ]
                yield pyarrow.RecordBatch.from_arrays([*own, *empty, *said], schema=schema)

    return work


def _with_rejects(schema: pa.Schema) -> pa.Schema:
    import pyarrow

    kinds = {"reject_pairs": pyarrow.int32()}
    fields = [pyarrow.field(name, kinds.get(name, pyarrow.string())) for name in REJECT]
    return pyarrow.schema([*schema, *fields])


def _filled(columns: list[Any], rows: int, schema: pa.Schema) -> pa.RecordBatch:
    """Return a batch of the columns, those that are missing behind them being null."""
    import pyarrow

    missing = [pyarrow.nulls(rows, field.type) for field in list(schema)[len(columns) :]]
    return pyarrow.RecordBatch.from_arrays([*columns, *missing], schema=schema)
