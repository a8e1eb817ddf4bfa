"""Synthetic books: the same everywhere, marked, and consistent in themselves."""

from __future__ import annotations

import csv
import io
import json
from calendar import monthrange
from datetime import date
from pathlib import Path

import pytest

from commandline import run
from restructure.sample import COLUMNS, Book
from restructure.sample.draws import GOLDEN, ArrayDraws, Draws, mix


def rows_of(book: Book) -> list[tuple[object, ...]]:
    """Return the loans of a book as tuples."""
    return [row for columns, _ in book.chunks() for row in zip(*columns, strict=True)]


def test_the_generator_gives_the_published_numbers() -> None:
    """SplitMix64 with seed 1234567 gives the numbers that Rosetta Code publishes for it."""
    published = (6457827717110365317, 3203168211198807973, 9817491932198370423)
    mask = (1 << 64) - 1
    states = [(1234567 + step * GOLDEN) & mask for step in (1, 2, 3)]
    assert tuple(map(mix, states)) == published


def test_draws_are_even_and_differ_by_stream() -> None:
    """Draws below 10 fill each tenth within 4 standard deviations, and streams are not alike."""
    one, other = (ArrayDraws(5, 0, 40_000).below(stream, 10).tolist() for stream in (0, 1))
    for value in range(10):
        assert abs(one.count(value) - 4000) < 4 * (40_000 * 0.1 * 0.9) ** 0.5
    same = sum(a == b for a, b in zip(one, other, strict=True))
    assert abs(same - 4000) < 4 * (40_000 * 0.1 * 0.9) ** 0.5
    assert one[7] == Draws(5, 7).below(0, 10)


def test_numpy_changes_no_value() -> None:
    """Loans and their states are the same with NumPy and without."""
    for seed, month in ((1, "2026-06"), (99, "2024-02")):
        fast = list(Book(400, seed, month, vector=True).chunks(24))
        assert fast == list(Book(400, seed, month, vector=False).chunks(24))


def test_a_small_book_is_the_beginning_of_a_large_one() -> None:
    """A loan depends on the seed and its number alone, across chunks; seeds differ."""
    large = rows_of(Book(33_000, 3))
    assert rows_of(Book(50, 3)) == large[:50]
    assert len({row[0] for row in large}) == 33_000
    assert rows_of(Book(50, 4)) != large[:50]


def test_loans_are_consistent() -> None:
    """Counts, dates and days past due of every loan follow from each other."""
    overdue = 0
    for row in rows_of(Book(20_000, 2, "2026-02")):
        loan = dict(zip(COLUMNS, row, strict=True))
        paid, missed, term = loan["paid"], loan["missed"], loan["term"]
        assert 1 <= paid + missed < term <= 366
        drawn = loan["drawn_on"]
        months = 2026 * 12 + 1 - (drawn.year * 12 + drawn.month - 1)
        assert paid + missed == months
        late = 0
        if missed:
            overdue += 1
            number = drawn.year * 12 + drawn.month - 1 + paid + 1
            late = (date(2026, 2, 28) - date(number // 12, number % 12 + 1, drawn.day)).days
        assert loan["days_past_due"] == late
        assert 0 < loan["pd"] <= 10_000
        assert 0 < loan["lgd"] <= 10_000
        assert loan["income"] > 0
    assert 300 < overdue < 1500


def test_the_last_states_are_those_of_the_book() -> None:
    """The history's last month has the book's own days past due, and months follow in order."""
    for columns, states in Book(3000, 8).chunks(12):
        ids, _, months, days = states
        last = {i: d for i, m, d in zip(ids, months, days, strict=True) if m == "2026-06"}
        assert last == dict(zip(columns[0], columns[11], strict=True))
        for k in range(1, len(ids)):
            if ids[k] == ids[k - 1]:
                year, month = map(int, months[k - 1].split("-"))
                after = date(year, month, monthrange(year, month)[1]).toordinal() + 1
                assert months[k] == f"{date.fromordinal(after):%Y-%m}"


def test_every_row_of_every_format_says_that_it_is_synthetic(tmp_path: Path) -> None:
    """CSV, JSON lines and Parquet hold the same loans, each marked; Parquet also as a whole."""
    from pyarrow import parquet

    for name in ("book.csv", "book.jsonl", "book.parquet"):
        ran = run("sample", "--loans", "20", "-o", str(tmp_path / name))
        assert (ran.code, ran.out) == (0, "")
        assert "synthetic" in ran.err
    as_csv = list(csv.DictReader(io.StringIO((tmp_path / "book.csv").read_text())))
    as_json = [json.loads(line) for line in (tmp_path / "book.jsonl").read_text().splitlines()]
    table = parquet.read_table(tmp_path / "book.parquet")
    assert table.schema.metadata[b"restructure.synthetic"] == b"true"
    assert len(as_csv) == 20
    for texts, loan, row in zip(as_csv, as_json, table.to_pylist(), strict=True):
        assert loan["synthetic"] is True
        assert row["synthetic"] is True
        assert texts["synthetic"] == "true"
        assert texts["id"].startswith("SYN")
        assert loan == {**row, "drawn_on": row["drawn_on"].isoformat()}
        assert float(texts["rate"]) == row["rate"]
        assert {name: texts[name] for name in texts if name not in ("rate", "pd", "lgd")} == {
            name: str(value).replace("True", "true")
            for name, value in row.items()
            if name not in ("rate", "pd", "lgd")
        }


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("--month", "2026-13"), 3, "month: '2026-13' is not a month written as 2026-06."),
        (("-o", "book.xls"), 2, "a book is csv, jsonl, parquet"),
        (("--history", "-"), 2, "--history needs a file of its own"),
        (("--loans", "0"), 2, "0 is not in the range"),
        (("--currency", "CNX"), 3, "CNX"),
        (("-o", "nowhere/book.csv"), 3, "cannot be written: No such file or directory."),
    ],
)
def test_bad_options_are_explained(args: tuple[str, ...], code: int, message: str) -> None:
    """A wrong option gives its exit code, says what is allowed, and writes nothing."""
    ran = run("sample", *args)
    assert ran.code == code
    assert message in ran.err
    assert ran.out == ""


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    """If the history cannot be written, no book appears and no temporary file stays."""
    ran = run("sample", "-o", str(tmp_path / "a.csv"), "--history", str(tmp_path / "no" / "b.csv"))
    assert ran.code == 3
    assert list(tmp_path.iterdir()) == []
