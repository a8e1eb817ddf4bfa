"""Spark in local mode gives what one machine gives, row for row."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "spark_batch.py"
PLANS = ("defer:3", "extend:12", "reduce:20%")
FIGURES = "plan,payment,total_paid,npv_loss,effective_rate,relief_3"

needs_spark = pytest.mark.skipif(
    shutil.which("java") is None or find_spec("pyspark") is None,
    reason="Spark needs Java 17 or newer, and restructure[spark]",
)


def book(place: Path, loans: int) -> Path:
    """Write a synthetic book in which some loans cannot be computed."""
    import pyarrow as pa
    from pyarrow import parquet

    from commandline import run

    path = place / "book.parquet"
    assert run("sample", "--loans", str(loans), "--seed", "3", "-o", str(path)).code == 0
    table = parquet.read_table(path)
    terms = table.column("term").to_pylist()
    terms[::50] = [0] * len(terms[::50])  # no loan has 0 instalments
    at = table.schema.get_field_index("term")
    table = table.set_column(at, "term", pa.array(terms, pa.int32()))
    parquet.write_table(table, path, row_group_size=loans // 4)
    return path


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the rows of Parquet, in the order of loan and plan."""
    from pyarrow import parquet

    rows = parquet.read_table(path).to_pylist()
    return sorted(rows, key=lambda row: (row["id"], str(row.get("plan")), str(row)))


@needs_spark
@pytest.mark.slow
def test_the_example_gives_what_batch_gives(tmp_path: Path) -> None:
    """Spark's results and rejects are those of `restructure batch` on the same book."""
    import csv

    from commandline import run

    path = book(tmp_path, 2000)
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    environment["PYSPARK_SUBMIT_ARGS"] = "--master local[2] --conf spark.ui.enabled=false"
    environment["PYSPARK_SUBMIT_ARGS"] += " --conf spark.sql.shuffle.partitions=2 pyspark-shell"
    done = subprocess.run(
        [sys.executable, str(EXAMPLE), str(path), str(tmp_path / "out"), str(tmp_path / "bad")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "40 rows of rejects" in done.stdout
    local, errors = tmp_path / "local.parquet", tmp_path / "errors.csv"
    args = [word for plan in PLANS for word in ("--plan", plan)]
    ran = run(
        "batch", str(path), *args, "--columns", FIGURES, "-o", str(local), "--errors", str(errors)
    )
    assert ran.code == 1
    here, there = rows_of(local), rows_of(tmp_path / "out")
    assert len(here) == 4 * (2000 - 40)
    assert there == here
    refused = rows_of(tmp_path / "bad")
    with errors.open(encoding="utf-8") as file:
        listed = list(csv.DictReader(file))
    assert sum(row["reject_pairs"] for row in refused) + len(there) == 4 * 2000
    assert sorted(row["reject_reason"] for row in refused) == sorted(
        one["reason"] for one in listed
    )
    assert {row["term"] for row in refused} == {0}


def test_the_example_is_short() -> None:
    """Twenty lines read and write Parquet on a cluster."""
    assert len(EXAMPLE.read_text("utf-8").splitlines()) <= 20


class Frame:
    """What `compare` asks of a DataFrame before Spark runs anything."""

    columns = ("id", "principal", "rate", "term", "reject_reason")


@pytest.mark.slow
@needs_spark
def test_clashing_and_missing_columns_are_refused_at_once() -> None:
    """A column of the name of a reject, or a column that is missing, is named before any work."""
    import restructure as rs
    from restructure.spark import compare

    with pytest.raises(rs.RestructureError, match="reject_reason is the name of a column"):
        compare(Frame, ["defer:3"])
    with pytest.raises(rs.RestructureError, match="Did you mean 'term'"):
        compare(Frame, ["defer:3"], maps=["term=trm"])


def test_without_spark_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package is met with what to install, not with a traceback."""
    import restructure as rs
    from restructure.spark import compare

    monkeypatch.setitem(sys.modules, "pyspark.sql.pandas.types", None)
    with pytest.raises(rs.RestructureError, match=r"restructure\[spark\]"):
        compare(Frame, ["defer:3"])
