"""Arrow: one record batch of loans to one record batch of results, and one of rejects.

Everything else that works on books (the command line, Spark, DuckDB, your own code) calls
`evaluate`. What the vectorised engine takes, it computes across loans; the rest goes loan by loan
through the reference in `rows`, and the records are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from restructure.comparison import AS_AGREED
from restructure.measures import Plan
from restructure.portfolio.columns import AMOUNT, COUNT, DATE, RATE, RESULTS, TEXT, Setting
from restructure.portfolio.rows import Outcome, Reject, evaluate_row
from restructure.portfolio.vector import Figures, figures

REJECTS = pa.schema(
    [
        ("row", pa.int64()),
        ("plan", pa.string()),
        ("pairs", pa.int32()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
    ]
)
"""The schema of rejects; `row` is the position in the batch, from 0."""


def result_schema(schema: pa.Schema, setting: Setting) -> pa.Schema:
    """Return the schema of the results for a book of this schema: its own columns first."""
    types = {
        TEXT: pa.string(),
        AMOUNT: pa.decimal128(38, setting.scale),
        RATE: pa.float64(),
        COUNT: pa.int32(),
        DATE: pa.date32(),
    }
    results = zip(setting.names, setting.columns, strict=True)
    return pa.schema([*schema, *(pa.field(name, types[RESULTS[kind]]) for name, kind in results)])


class _Slow(NamedTuple):
    """What the reference gave: for each record its loan, its pair and its values; the rejects."""

    loans: list[int]
    pairs: list[int]
    lines: list[tuple[Any, ...]]
    rejects: list[Reject]


def evaluate(
    batch: pa.RecordBatch, plans: Sequence[Plan], setting: Setting
) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """Return the results of a batch of loans by plans, and what was rejected.

    A record a loan and plan: the batch's own columns, then the figures of `setting.columns`,
    loan by loan, as agreed first and the plans in their order. `plans` come from
    `rows.prepared`. Records + the sum of the rejects' `pairs` are the pairs asked for. Loans
    that have plans in `setting.plan_column` get them besides.
    """
    plans = list(plans)
    fast = figures(batch, plans, setting)
    slow = _by_the_core(batch, plans, setting, fast.taken)
    loans, pairs = np.nonzero(fast.taken)  # after the reference, which may take some back
    order = None
    if slow.lines:
        width = max(fast.taken.shape[1], max(slow.pairs) + 1)
        places = np.concatenate([loans, slow.loans]) * width + np.concatenate([pairs, slow.pairs])
        order = np.argsort(places, kind="stable")
        loans = np.concatenate([loans, slow.loans])[order]
    own = _repeated(batch, loans)
    schema = result_schema(batch.schema, setting)
    results = []
    for position, name in enumerate(setting.columns):
        kind = schema.field(len(own) + position).type
        column = _fast_column(name, kind, fast, pairs, plans, setting)
        if order is not None:
            values = [line[position] for line in slow.lines]
            column = pa.concat_arrays([column, _slow_column(values, kind)]).take(pa.array(order))
        results.append(column)
    found = pa.RecordBatch.from_arrays([*own, *results], schema=schema)
    refused = [list(column) for column in zip(*slow.rejects, strict=True)] or [[]] * len(REJECTS)
    columns = [pa.array(c, f.type) for c, f in zip(refused, REJECTS, strict=True)]
    return found, pa.RecordBatch.from_arrays(columns, schema=REJECTS)


def _by_the_core(
    batch: pa.RecordBatch, plans: list[Plan], setting: Setting, taken: npt.NDArray[np.bool_]
) -> _Slow:
    """Return the records of the pairs that the vectorised engine did not take."""
    slow = _Slow([], [], [], [])
    every = not taken.shape[1]  # nothing but plans of the loans' own
    left = np.arange(len(taken)) if every else np.flatnonzero(~taken.all(axis=1))
    if not len(left):
        return slow
    used = dict.fromkeys([*setting.fields.values(), setting.plan_column])
    names = [name for name in batch.schema.names if name in used]
    records = batch.select(names).take(pa.array(left)).to_pylist()
    for loan, record in zip(left.tolist(), records, strict=True):
        wanted, outcome = _one(record, plans, setting, loan, taken[loan])
        slow.rejects.extend(outcome.rejects)
        slow.lines.extend(outcome.lines)
        slow.loans.extend([loan] * len(outcome.lines))
        slow.pairs.extend(wanted)
    return slow


def _one(
    record: dict[str, Any],
    plans: list[Plan],
    setting: Setting,
    loan: int,
    taken: npt.NDArray[np.bool_],
) -> tuple[list[int], Outcome]:
    """Return what the reference gives for the pairs of a loan that are not taken, and which."""
    if taken.any():
        agreed = setting.agreed and not taken[0]
        places = [k for k in range(setting.agreed, len(taken)) if not taken[k]]
        chosen = [plans[k - setting.agreed] for k in places]
        some = setting._replace(agreed=agreed, plan_column="")
        outcome = evaluate_row(record, chosen, some, loan)
        if all(reject.plan for reject in outcome.rejects):
            refused = {reject.plan for reject in outcome.rejects}
            kept = zip(places, chosen, strict=True)
            pairs = [place for place, plan in kept if plan.name not in refused]
            return ([0] if agreed and AS_AGREED not in refused else []) + pairs, outcome
        taken[:] = False  # the reference rejects the whole loan, and so do we
    outcome = evaluate_row(record, plans, setting, loan)
    return list(range(len(outcome.lines))), outcome


def _repeated(batch: pa.RecordBatch, loans: npt.NDArray[np.int64]) -> list[pa.Array]:
    """Return the book's own columns, a value for each record."""
    places = pa.array(loans)
    return [column.take(places) for column in batch.columns]


def _fast_column(
    name: str,
    kind: pa.DataType,
    fast: Figures,
    pairs: npt.NDArray[np.int64],
    plans: list[Plan],
    setting: Setting,
) -> pa.Array:
    """Return one column of what the vectorised engine computed."""
    if name in ("plan", "measures"):
        texts = [plan.name if name == "plan" else plan.text for plan in plans]
        first = [AS_AGREED if name == "plan" else ""] if setting.agreed else []
        return pa.array([*first, *texts], kind).take(pa.array(pairs))
    values = fast.values.get(name)
    if values is None:
        return pa.nulls(len(pairs), kind)
    chosen = values.reshape(-1) if fast.taken.all() else values[fast.taken]
    if RESULTS[name] == AMOUNT:
        return _decimals(chosen, kind)
    return pa.array(chosen, kind)


def _decimals(minor: npt.NDArray[np.int64], kind: pa.DataType) -> pa.Array:
    """Return whole numbers as decimals of 128 bits: the number, and its sign above it."""
    halves = np.empty((len(minor), 2), np.int64)
    halves[:, 0] = minor
    halves[:, 1] = minor >> 63
    return pa.Array.from_buffers(kind, len(minor), [None, pa.py_buffer(halves)])


def _slow_column(values: list[Any], kind: pa.DataType) -> pa.Array:
    """Return one column of what the reference gave."""
    if pa.types.is_floating(kind):
        values = [None if value is None else float(value) for value in values]
    return pa.array(values, kind)
