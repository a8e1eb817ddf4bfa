"""The Arrow function gives the records of the reference, loan by loan, and loses no pair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from restructure.portfolio import evaluate_row, prepared, setting_for
from restructure.portfolio.columns import RESULTS, Setting

pa = pytest.importorskip("pyarrow")
pytest.importorskip("numpy")

ALL = tuple(name for name in RESULTS if name != "description")


def expected(batch: Any, plans: Sequence[Any], setting: Setting) -> tuple[list[Any], list[Any]]:
    """Return the records and rejects of the reference for a batch, loan by loan."""
    lines: list[Any] = []
    rejects: list[Any] = []
    for row, record in enumerate(batch.to_pylist()):
        outcome = evaluate_row(record, plans, setting, row)
        lines += [(*record.values(), *line) for line in outcome.lines]
        rejects += [tuple(reject) for reject in outcome.rejects]
    return lines, rejects


def found(batch: Any, plans: Sequence[Any], setting: Setting) -> tuple[list[Any], list[Any]]:
    """Return the records and rejects of the Arrow function, as plain values."""
    from restructure.portfolio.arrow import evaluate

    results, rejects = evaluate(batch, plans, setting)
    lines = [tuple(record.values()) for record in results.to_pylist()]
    return lines, [tuple(record.values()) for record in rejects.to_pylist()]


def check(columns: dict[str, list[Any]], texts: Sequence[str], **options: Any) -> list[Any]:
    """Compare both on a book; return the records."""
    batch = pa.RecordBatch.from_pydict(columns)
    setting = setting_for(list(columns), columns=ALL, prefix="new_", **options)
    plans = prepared(texts)
    lines, rejects = found(batch, plans, setting)
    right, wrong = expected(batch, plans, setting)
    assert rejects == wrong
    assert len(lines) == len(right)
    for line, other in zip(lines, right, strict=True):
        assert line == tuple(
            float(v) if RESULTS.get(n, "") == "rate" and v is not None else v
            for n, v in zip([*columns, *ALL], other, strict=True)
        )
    return lines


def test_results_keep_the_books_own_columns() -> None:
    """The founding case beside its own columns; 4,498.77 is the published instalment."""
    lines = check(
        {"id": ["a", "b"], "principal": [50000, 0], "term": [12, 12], "rate": [14.4, 14.4]},
        ["defer:3", "extend:12"],
    )
    assert [line[0] for line in lines] == ["a", "a", "a"]
    assert str(lines[0][4 + ALL.index("payment")]) == "4498.77"
    assert str(lines[1][4 + ALL.index("payment")]) == "4662.68"


def test_no_pair_is_lost() -> None:
    """Bad loans and refused plans are rejects whose pairs add up, at their own place."""
    columns = {
        "principal": ["1000", "x", "5000.001", "", "2000"],
        "term": ["12", "12", "12", "12", "0"],
        "rate": ["5", "5", "5", "5", "5%"],
    }
    lines = check(columns, ["defer:3,keep=maturity", "defer:12,keep=maturity", "reduce:50%"])
    assert len(lines) == 3


def test_plans_of_the_loans_own() -> None:
    """A column with plans adds them to those of the book."""
    columns = {
        "principal": [1000, 2000, 3000],
        "term": [12, 24, 6],
        "rate": [5.0, 6.0, 7.0],
        "offer": ["defer:1; extend:3", None, "nonsense"],
    }
    lines = check(columns, ["defer:3"], plan_column="offer")
    assert len(lines) == 4 + 2


def test_an_empty_batch_has_the_schema() -> None:
    """No loans give no records, of the same columns as ever."""
    pytest.importorskip("pyarrow")
    from restructure.portfolio.arrow import evaluate, result_schema

    schema = pa.schema([("principal", pa.int64()), ("term", pa.int32()), ("rate", pa.float64())])
    setting = setting_for(schema.names)
    results, rejects = evaluate(pa.RecordBatch.from_pylist([], schema), [], setting)
    assert results.schema == result_schema(schema, setting)
    assert results.num_rows == rejects.num_rows == 0


def test_what_arrow_cannot_hold_is_rejected() -> None:
    """Amounts of more than 38 digits (a debt that grows 10,000 % a year) are named, not lost."""
    from restructure.portfolio.arrow import evaluate

    record = {"principal": 10**15, "term": 40, "rate": "10000%"}
    setting = setting_for(list(record))
    results, rejects = evaluate(
        pa.RecordBatch.from_pylist([record]), prepared(["defer:30"]), setting
    )
    assert results.num_rows == 1
    (reject,) = rejects.to_pylist()
    assert (reject["plan"], reject["pairs"], reject["field"]) == ("defer:30", 1, "payment")
    assert "more digits than an amount may have, 38" in reject["reason"]
