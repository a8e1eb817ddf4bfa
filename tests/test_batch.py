"""restructure batch: every pair of loan and plan is written or rejected, in every form."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest

from commandline import Ran, command, process, refused, run

BOOK = """id,note,principal,term,rate,paid,missed
A-1,plain,50000,12,14.4%,0,0
A-2,"quoted, with ""marks""\nand two lines",50000,12,14.4%,4,2
A-3,=cmd|' /C calc'!A0,8000,24,9,0,0
A-3,the same id again,8000,36,9,0,0
"""
PLANS = ("--plan", "defer:3", "--plan", "longer=extend:12")


def table(text: str) -> list[dict[str, str]]:
    """Return the lines of a CSV as records."""
    return list(csv.DictReader(io.StringIO(text)))


def batch(folder: Path, book: str | bytes, *args: str, name: str = "book.csv") -> Ran:
    """Run batch on a book in a folder, with rejects in rejects.csv."""
    data = book if isinstance(book, bytes) else book.encode()
    (folder / name).write_bytes(data)
    errors = str(folder / "rejects.csv")
    return run("batch", str(folder / name), "--errors", errors, *PLANS, *args)


def test_a_line_for_each_loan_and_plan_behind_its_own_columns(tmp_path: Path) -> None:
    """Own columns come unchanged; Mr Li's figures are those of the design's check values."""
    ran = batch(tmp_path, BOOK)
    assert ran.code == 0
    assert ran.err == "4 loans, 12 pairs of loan and plan: 12 written, 0 rejected.\n"
    found = table(ran.out)
    assert [line["plan"] for line in found] == ["as agreed", "defer:3", "longer"] * 4
    own = table(BOOK)
    for place, line in enumerate(found):
        assert own[place // 3] == {name: line[name] for name in own[0]}
    assert [line["payment"] for line in found[:3]] == ["4498.77", "4662.68", "2410.10"]
    assert found[1]["total_interest"] == "5952.14"


@pytest.mark.parametrize("engine", ["core", "vector"])
def test_each_line_is_that_of_compare(tmp_path: Path, engine: str) -> None:
    """Whole lines: all figures of each loan are those of compare --format csv for it."""
    figures = "measures,description,payment,lowest_payment,highest_payment,last_payment,"
    figures += "instalments,periods,extra_periods,maturity,total_paid,total_interest,"
    figures += "total_charges,arrears,extra_cost,forgiven,relief_3,relief_6,relief_12,"
    figures += "effective_rate,npv_loss,npv_loss_rate"
    found = table(batch(tmp_path, BOOK, "--engine", engine, "--columns", figures).out)
    for place, loan in enumerate(table(BOOK)):
        options = [f"--{name}={loan[name]}" for name in ("principal", "term", "rate", "paid")]
        one = run("compare", *options, f"--missed={loan['missed']}", *PLANS, "--format", "csv")
        for line, other in zip(found[place * 3 :], table(one.out), strict=False):
            other.pop("refused")
            assert (line["plan"], line["measures"]) == (other.pop("name"), other.pop("plan"))
            assert other == {name: line[name] for name in other}


@pytest.mark.parametrize("come", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("go", ["csv", "jsonl", "parquet"])
def test_all_forms_hold_the_same_and_both_engines_write_the_same_bytes(
    tmp_path: Path, come: str, go: str
) -> None:
    """From and to every form, with either engine: the same figures, in the same bytes."""
    import pyarrow.parquet as pq

    assert run("sample", "--loans", "60", "-o", str(tmp_path / f"book.{come}")).code == 0
    made = {}
    for engine in ("core", "vector"):
        target = tmp_path / f"{engine}.{go}"
        ran = run(
            "batch", str(tmp_path / f"book.{come}"), *PLANS, "--engine", engine, "-o", str(target)
        )
        assert (ran.code, ran.out) == (0, "")
        made[engine] = target.read_bytes()
    assert made["core"] == made["vector"]
    if go == "csv":
        lines = table(made["core"].decode())
    elif go == "jsonl":
        loads = [json.loads(line, parse_float=Decimal) for line in made["core"].splitlines()]
        lines = [{name: f"{value}" for name, value in line.items()} for line in loads]
    else:
        rows = pq.read_table(tmp_path / "core.parquet").to_pylist()
        lines = [{name: f"{value}" for name, value in line.items()} for line in rows]
    assert run("sample", "--loans", "60", "-o", str(tmp_path / "plain.csv")).code == 0
    plain = table(run("batch", str(tmp_path / "plain.csv"), *PLANS, "--engine", "core").out)
    assert len(lines) == len(plain) == 180
    for line, other in zip(lines, plain, strict=True):
        assert (line["id"], line["plan"]) == (other["id"], other["plan"])
        for name in ("payment", "total_paid", "npv_loss", "effective_rate", "relief_3"):
            assert Decimal(line[name]) == Decimal(other[name])


def test_currencies_may_vary_by_row(tmp_path: Path) -> None:
    """Each amount has its own currency's decimals: none for yen, three for dinars."""
    book = "principal,term,rate,currency\n500000,12,9,JPY\n500,12,9,KWD\n500,12,9,\n"
    core = batch(tmp_path, book, "--engine", "core", "--columns", "payment").out
    assert core == batch(tmp_path, book, "--engine", "vector", "--columns", "payment").out
    payments = [line["payment"] for line in table(core)][::3]
    assert [len(text.partition(".")[2]) for text in payments] == [0, 3, 2]


BAD_ROWS: dict[str, bytes] = {
    "a word for an amount": b"B,x,abc,12,9,0,0",
    "an amount with separators": b'B,x,"50,000",12,9,0,0',
    "a negative amount": b"B,x,-5,12,9,0,0",
    "an exponent": b"B,x,5e4,12,9,0,0",
    "half a term": b"B,x,5000,12.5,9,0,0",
    "no principal": b"B,x,,12,9,0,0",
    "no rate": b"B,x,5000,12,,0,0",
    "too few fields": b"B,x,5000",
    "too many fields": b"B,x,5000,12,9,0,0,0",
    "bytes that are not UTF-8": b"B,\xff\xfe,5000,12,9,0,0",
    "a NUL byte": b"B,\0,5000,12,9,0,0",
    "a quote that is not closed": b'B,"x,5000,12,9,0,0',
    "text behind a quote": b'B,"x"y,5000,12,9,0,0',
    "a carriage return": b"B,x\ry,5000,12,9,0,0",
    "a formula for an amount": b"B,x,=1+2,12,9,0,0",
    "more paid than there is": b"B,x,5000,12,9,13,0",
    "digits of another script": "B,x,５０００,12,9,0,0".encode(),
    "a very long cell": b"B," + b"x" * 1_200_000 + b",5000,12,9,0,0",
    "a bad record of two lines": b'B,"x\ny",5000,12,9,0',
}
GOOD = b'G,"a\nb",5000,12,9,0,0'
HEAD = b"id,note,principal,term,rate,paid,missed\n"


@pytest.mark.parametrize("engine", ["core", "vector"])
@pytest.mark.parametrize("kind", BAD_ROWS)
def test_a_bad_row_is_rejected_and_the_others_go_on(tmp_path: Path, kind: str, engine: str) -> None:
    """Each kind of bad row, between two good ones: one reject with its line; exit code 1."""
    book = HEAD + b"\n".join([GOOD, BAD_ROWS[kind], GOOD]) + b"\n"
    ran = batch(tmp_path, book, "--engine", engine)
    assert ran.code == 1
    assert [line["id"] for line in table(ran.out)] == ["G"] * 6
    (reject,) = table((tmp_path / "rejects.csv").read_text())
    assert (reject["line"], reject["plan"], reject["pairs"]) == ("4", "", "3")
    assert reject["reason"]
    assert "3 loans, 9 pairs of loan and plan: 6 written, 3 rejected" in ran.err


def test_ten_thousand_bad_rows_and_nothing_is_lost(tmp_path: Path) -> None:
    """All kinds mixed by a fixed seed: read = written + rejected, with one or two processes."""
    from random import Random

    random = Random(1)
    short = [row for row in BAD_ROWS.values() if len(row) < 1000]
    rows = [random.choice([GOOD, *short]) for _ in range(10_000)]
    good = rows.count(GOOD)
    (tmp_path / "book.csv").write_bytes(HEAD + b"\n".join(rows) + b"\n")
    errors = str(tmp_path / "rejects.csv")
    ran = run("batch", str(tmp_path / "book.csv"), "--plan", "defer:1", "--errors", errors)
    assert ran.code == 1
    found = table(ran.out)
    assert len(found) == 2 * good
    assert {line["id"] for line in found} == {"G"}
    rejects = table((tmp_path / "rejects.csv").read_text())
    assert len(rejects) == 10_000 - good
    assert sum(int(reject["pairs"]) for reject in rejects) == 2 * len(rejects)
    lines = [int(reject["line"]) for reject in rejects]
    assert lines == sorted(set(lines))
    start, at = {}, 2
    for row in rows:
        start[at] = row
        at += 1 + row.count(b"\n")
    assert set(lines) == {line for line, row in start.items() if row != GOOD}


def test_bad_json_lines_are_rejected(tmp_path: Path) -> None:
    """Lines that are no JSON, no objects, or say something twice, and values of odd types."""
    good = '{"principal": 5000, "term": 12, "rate": 9.5, "tags": ["a"]}'
    bad = [
        '{"principal": 5000,',
        "[1, 2]",
        '{"principal": 1, "principal": 2, "term": 3, "rate": 4}',
        '{"principal": NaN, "term": 12, "rate": 9}',
        '{"principal": true, "term": 12, "rate": 9}',
        '{"principal": [5000], "term": 12, "rate": 9}',
        '{"principal": 5000, "term": null, "rate": 9}',
        '{"principal": 5000, "term": 12}',
        "[" * 100_000,
    ]
    results = []
    for engine in ("core", "vector"):
        ran = batch(tmp_path, "\n".join([good, *bad, good]), "--engine", engine, name="book.jsonl")
        assert ran.code == 1
        lines = [json.loads(line) for line in ran.out.splitlines()]
        assert [line["tags"] for line in lines] == [["a"]] * 6
        rejects = (tmp_path / "rejects.csv").read_text()
        assert [reject["line"] for reject in table(rejects)] == [str(k) for k in range(2, 11)]
        results.append((ran.out, rejects))
    assert results[0] == results[1]


def test_a_column_that_comes_late_is_rejected(tmp_path: Path) -> None:
    """A JSON record with a field that the first records lack could be misread: it is refused."""
    good = '{"principal": 5000, "term": 12, "rate": 9}\n'
    late = '{"principal": 5000, "term": 12, "rate": 9, "missed": 2}\n'
    ran = batch(tmp_path, good * 1000 + late, "--no-agreed", name="book.jsonl")
    assert ran.code == 1
    (reject,) = table((tmp_path / "rejects.csv").read_text())
    assert (reject["line"], reject["value"]) == ("1001", "missed")


def test_formulas_stay_data_and_can_be_made_safe(tmp_path: Path) -> None:
    """Carried along as they are; with --spreadsheet with an apostrophe; rejects always."""
    plain = batch(tmp_path, BOOK).out
    assert "A-3,=cmd|' /C calc'!A0,8000" in plain
    safe = batch(tmp_path, BOOK, "--spreadsheet").out
    assert "A-3,'=cmd|' /C calc'!A0,8000" in safe
    batch(tmp_path, HEAD + b"B,x,=1+2,12,9,0,0\n")
    assert table((tmp_path / "rejects.csv").read_text())[0]["value"] == "'=1+2"


@pytest.mark.parametrize("engine", ["core", "vector"])
def test_rates_that_look_like_fractions_are_noted(tmp_path: Path, engine: str) -> None:
    """0.144 is read as 0.144 %, as everywhere, but nobody is left to find out alone."""
    book = "principal,term,rate\n5000,12,0.144\n5000,12,14.4\n5000,12,0.04%/day\n"
    ran = batch(tmp_path, book, "--engine", engine)
    assert ran.code == 0
    assert ran.err.startswith("Note: loans with a rate below 0.5 % a year: 1.")


def test_standard_input_to_standard_output(tmp_path: Path) -> None:
    """- reads CSV, or what --from says; the output is of the same form unless told otherwise."""
    line = b'{"principal": 50000, "term": 12, "rate": "14.4%"}\n'
    ran = run("batch", "-", "--from", "jsonl", "--plan", "defer:3", stdin=line)
    assert ran.code == 0
    assert [json.loads(text)["payment"] for text in ran.out.splitlines()] == [4498.77, 4662.68]
    text = b"\xef\xbb\xbfprincipal;term\r\n5000;6\r\n"
    ran = run("batch", "-", "--rate=9", "--delimiter=;", stdin=text)
    assert ran.out.splitlines()[1].startswith("5000,6,as agreed,")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["missing.csv"], ["missing.csv", "no such file"]),
        (["book.csv", "--map", "principal=Balance"], ["Balance", "Did you mean 'balance'?"]),
        (["book.csv"], ["principal", "--map principal=COLUMN"]),
        (["book.csv", "--principal", "1", "--columns", "pament"], ["pament", "payment"]),
        (["book.csv", "--principal", "1", "-o", "book.csv"], ["same file"]),
        (["book.csv", "--principal", "1", "-o", "out.xyz"], [".xyz", "--format"]),
        (["book.csv", "--principal", "1", "--resume"], ["--resume"]),
        (["book.csv", "--principal", "1", "--engine", "gpu"], ["core", "vector"]),
        (["book.csv", "--principal", "1", "--plan", "refer:3"], ["Did you mean 'defer'?"]),
        (["book.csv", "--principal", "1", "--encoding", "utf-16"], ["iconv"]),
        (["book.csv", "--from", "parquet"], ["is not Parquet"]),
        (["twice.csv"], ["two columns 'term'"]),
        (["empty.csv"], ["is empty"]),
        (["german.csv"], ["one column", "--delimiter ';'"]),
    ],
)
def test_what_is_wrong_with_the_whole_book_is_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], words: list[str]
) -> None:
    """One message that names it and what to do, and no output."""
    monkeypatch.chdir(tmp_path)
    Path("book.csv").write_text("balance,term,rate\n5000,12,9\n")
    Path("twice.csv").write_text("term,term\n1,2\n")
    Path("empty.csv").write_text("\n\n")
    Path("german.csv").write_text("principal;term;rate\n5000;12;9\n")
    refused(run("batch", *args), *words)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "book.csv", "empty.csv", "german.csv", "twice.csv"
    ]  # fmt: skip


def test_without_the_extra_csv_works_and_parquet_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CSV needs nothing but the core; Parquet names the extra."""
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert batch(tmp_path, BOOK).code == 0
    ran = batch(tmp_path, BOOK, "-o", str(tmp_path / "out.parquet"))
    refused(ran, "pip install 'restructure[portfolio]'")


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    """--jobs 2 gives output and rejects of --jobs 1, from a book with good and bad rows."""
    rows = [GOOD, *(row for row in BAD_ROWS.values() if len(row) < 1000)] * 5
    (tmp_path / "book.csv").write_bytes(HEAD + b"\n".join(rows) + b"\n")
    made = []
    for jobs in ("1", "2"):
        done = process(
            "batch", "book.csv", "--chunk", "7", "--jobs", jobs, "--engine", "core",
            "-o", f"{jobs}.csv", "--errors", f"{jobs}.rejects", cwd=tmp_path,
        )  # fmt: skip
        assert done.returncode == 1
        made.append([(tmp_path / f"{jobs}.{kind}").read_bytes() for kind in ("csv", "rejects")])
    assert made[0] == made[1]


def test_a_reader_that_goes_is_no_failure(tmp_path: Path) -> None:
    """As in `| head -1`: quiet, and exit code 0, though far more was to come than a pipe holds."""
    import subprocess

    (tmp_path / "book.csv").write_bytes(HEAD + b"G,x,5000,12,9,0,0\n" * 3000)
    words = command("batch", str(tmp_path / "book.csv"), "--plan", "defer:1")
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline().startswith(b"id,note,")
        running.stdout.close()
        assert running.stderr is not None
        assert (running.stderr.read(), running.wait()) == (b"", 0)


def test_parquet_through_a_pipe(tmp_path: Path) -> None:
    """A Parquet book from standard input gives what the file gives; untold, it is recognised."""
    pytest.importorskip("pyarrow")
    import subprocess

    book = tmp_path / "book.parquet"
    assert run("sample", "--loans", "30", "-o", str(book)).code == 0

    def piped(*more: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            command("batch", "-", *more), input=book.read_bytes(), capture_output=True
        )

    named = piped("--from", "parquet")
    assert named.stdout.decode() == run("batch", str(book)).out
    assert named.returncode == 0
    untold = piped()
    assert untold.returncode == 3
    assert b"standard input is Parquet; say so with --from parquet." in untold.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("batch", "--engine", "fast"),
        ("batch", "--from", "xls"),
        ("batch", "--errors", "-"),
        ("triage", "--show", "all"),
        ("triage", "--cheapest-for", "me"),
        ("triage", "--scheme", "cn-2032"),
    ],
)
def test_a_wrong_word_for_an_option_is_a_usage_error(words: tuple[str, ...]) -> None:
    """Exit code 2 and the words that are allowed, before any file is opened."""
    pytest.importorskip("pyarrow")
    name, option, word = words
    refused(run(name, "book.csv", option, word), f"{option}: ", word, codes=(2,))


def test_a_pipe_for_rejects_stays_a_pipe(tmp_path: Path) -> None:
    """What is no regular file is written into and not replaced."""
    import os
    from threading import Thread

    (tmp_path / "book.csv").write_bytes(HEAD + b"A,x,5000,12,9,0,0\nB,x,none,12,9,0,0\n")
    pipe = tmp_path / "rejects"
    os.mkfifo(pipe)
    heard: list[bytes] = []
    reader = Thread(target=lambda: heard.append(pipe.read_bytes()))
    reader.start()
    ran = run(
        "batch", str(tmp_path / "book.csv"), "-o", str(tmp_path / "out.csv"), "--errors", str(pipe)
    )
    reader.join()
    assert ran.code == 1
    assert b"principal" in heard[0]
    assert pipe.is_fifo()


def test_a_folder_that_may_not_be_written_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that cannot be written is named before the book is read."""
    from restructure.cli import _options

    (tmp_path / "locked").mkdir()
    monkeypatch.setattr(_options.os, "access", lambda path, mode: not path.endswith("locked"))
    errors = tmp_path / "locked" / "e.csv"
    ran = run("batch", "no.csv", "-o", str(tmp_path / "out.csv"), "--errors", str(errors))
    refused(ran, "e.csv", "cannot be written", codes=(3,))


def test_a_field_is_mapped_once(tmp_path: Path) -> None:
    """Two columns for one field are refused: nobody knows which is meant."""
    (tmp_path / "book.csv").write_text("a,b,term\n5000,6000,12\n")
    ran = run("batch", str(tmp_path / "book.csv"), "--map", "principal=a", "--map", "principal=b")
    refused(ran, "--map", "principal", "twice", codes=(2,))


def test_all_rejects_shown_is_not_called_some(tmp_path: Path) -> None:
    """A hint to --errors stands only where more was rejected than is shown."""
    book = tmp_path / "book.csv"
    for bad, more in ((1, False), (10, False), (11, True)):
        book.write_bytes(HEAD + b"B,x,none,12,9,0,0\n" * bad)
        ran = run("batch", str(book), "--plan", "defer:1")
        assert ran.err.count("Rejected:") == min(bad, 10)
        assert ("Not all rejects are shown" in ran.err) is more


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").exists(), reason="finds the worker in /proc")
def test_a_worker_that_is_killed_ends_the_run_in_one_line(tmp_path: Path) -> None:
    """No traceback; and --resume goes on to the bytes of an undisturbed run."""
    import os
    import signal
    import subprocess
    import time

    book = tmp_path / "book.csv"
    assert run("sample", "--loans", "3000", "-o", str(book)).code == 0
    words = ["batch", str(book), "--plan", "defer:3", "--engine", "core", "--jobs", "2",
             "--no-agreed", "-o"]  # fmt: skip
    out, whole = tmp_path / "out.csv", tmp_path / "whole.csv"
    with subprocess.Popen(command(*words, str(out)), stderr=subprocess.PIPE) as running:
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
        killed = False
        while not killed and running.poll() is None:
            for child in children.read_text().split():
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    time.sleep(0.5)
                    os.kill(int(child), signal.SIGKILL)
                    killed = True
        assert running.stderr is not None
        err = running.stderr.read().decode()
        assert running.wait() == 3
    assert "Traceback" not in err
    assert "a worker was ended from outside" in err
    assert "--resume" in err
    assert not out.exists()
    assert run(*words, str(out), "--resume").code == 0
    assert run(*words, str(whole)).code == 0
    assert out.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("to", ["csv", "parquet"])
def test_amounts_of_too_many_digits_are_rejected_by_both_engines(tmp_path: Path, to: str) -> None:
    """What no result can hold is the same for every engine and form."""
    pytest.importorskip("pyarrow")
    book, made = tmp_path / "book.csv", []
    book.write_text("id,principal,term,rate,decimals\nA,98457.56,230,1000%,3\nB,5000,12,9,2\n")
    for engine in ("core", "vector"):
        out, errors = tmp_path / f"{engine}.{to}", tmp_path / f"{engine}.rejects"
        ran = run(
            "batch", str(book), "--engine", engine, "--plan", "defer:150", "-o", str(out),
            "--errors", str(errors),
        )  # fmt: skip
        assert ran.code == 1
        made.append((out.read_bytes(), errors.read_bytes()))
    assert made[0] == made[1]
    assert b"more digits than an amount may have" in made[0][1]
