"""Triage: classes by the rules, plans that fit, sums, and nothing dropped."""

from __future__ import annotations

import json
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import restructure as rs
from commandline import Ran, run
from restructure.triage import engine, schemes

HEADER = "id,principal,rate,term,paid,missed,days_past_due,income,segment,pd,lgd\n"
BOOK = HEADER + (
    "li,50000,14.4,12,4,2,40,6000,a,0.5,40%\n"  # late, and can pay 3,000
    "wang,50000,14.4,12,4,0,0,20000,a,0.01,0.4\n"  # pays in time, with ease
    "zhao,50000,14.4,12,4,0,0,8000,b,,0.4\n"  # in time, but 4,498.77 of 8,000
    "qian,50000,14.4,12,0,6,181,,b,0.9,0.5\n"  # failed, and nobody knows the income
)


def triage(folder: Path, text: str, *args: str, name: str = "book.csv") -> Ran:
    """Run triage on a book of this text."""
    (folder / name).write_text(text, encoding="utf-8")
    return run("triage", str(folder / name), *args)


def document(folder: Path, text: str, *args: str, codes: tuple[int, ...] = (0,)) -> dict[str, Any]:
    """Return the JSON of a triage, with exact decimals."""
    ran = triage(folder, text, *args, "--format", "json")
    assert ran.code in codes, ran
    found: dict[str, Any] = json.loads(ran.out, parse_float=Decimal)
    return found


@pytest.mark.parametrize(
    ("scheme", "days", "name", "failed"),
    [
        # 商业银行金融资产风险分类办法 (2023): overdue at all, more than 90, 270, 360 days
        ("cn-2023", 0, "normal", False),
        ("cn-2023", 1, "special mention", False),
        ("cn-2023", 90, "special mention", False),
        ("cn-2023", 91, "substandard", True),
        ("cn-2023", 270, "substandard", True),
        ("cn-2023", 271, "doubtful", True),
        ("cn-2023", 360, "doubtful", True),
        ("cn-2023", 361, "loss", True),
        # 商业银行信用卡业务监督管理办法, article 92
        ("cn-card", 90, "special mention", False),
        ("cn-card", 120, "substandard", True),
        ("cn-card", 180, "doubtful", True),
        ("cn-card", 181, "loss", True),
        # 65 FR 36903: 90 cumulative days substandard, closed-end 120 days loss
        ("us-retail", 89, "pass", False),
        ("us-retail", 90, "substandard", True),
        ("us-retail", 119, "substandard", True),
        ("us-retail", 120, "loss", True),
        # FINREP F 18.00
        ("eu-finrep", 30, "performing", False),
        ("eu-finrep", 31, "performing, over 30 days", False),
        ("eu-finrep", 91, "non-performing", True),
        # RBI/2021-22/125
        ("in-sma", 30, "SMA-0", False),
        ("in-sma", 31, "SMA-1", False),
        ("in-sma", 61, "SMA-2", False),
        ("in-sma", 91, "NPA", True),
    ],
)
def test_classes_begin_on_the_day_of_the_rule(
    scheme: str, days: int, name: str, failed: bool
) -> None:
    """Each class begins on the day that its source gives."""
    found = schemes.load(scheme)
    one = found.classes[found.class_of(days)]
    assert (one.name, one.failed) == (name, failed)
    assert (found.bucket(days) >= found.failed_bucket) == failed


def test_every_scheme_names_its_source() -> None:
    """Schemes can be traced: a title, a source, buckets from 1 day on."""
    assert "cn-2023" in schemes.names()
    for name in schemes.names():
        found = schemes.load(name)
        assert len(found.source) > 40
        assert found.least[:2] == (0, 1)
        assert found.buckets[0] == "0"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("buckets = [1]", "title is missing"),
        ('title="x"\nsource="y"\nbuckets=[31,1]\n[[class]]\nname="a"\n', "buckets must rise"),
        ('title="x"\nsource="y"\nbuckets=[1]\n[[class]]\nname="a"\n', "a later one is"),
        (
            'title="x"\nsource="y"\nbuckets=[1]\n[[class]]\nname="a"\n[[class]]\nname="b"\n'
            "from=91\nfailed=true\n",
            "buckets must have one from 91",
        ),
        ('titel="x"', "Did you mean 'title'?"),
        ("title=", "is not valid TOML"),
    ],
)
def test_a_wrong_scheme_is_explained(tmp_path: Path, text: str, message: str) -> None:
    """A scheme of one's own is read strictly."""
    (tmp_path / "own.toml").write_text(text)
    ran = triage(tmp_path, BOOK, "--scheme", str(tmp_path / "own.toml"))
    assert ran.code == 3
    assert message in ran.err


def test_what_is_owed_is_what_the_contract_says(tmp_path: Path) -> None:
    """Mr Li's loan of 50,000 at 14.4 %, 4 paid and 2 missed, owes 34,940.87 (worked by hand)."""
    found = document(tmp_path, BOOK)
    (li,) = [loan for loan in found["ranked"] if loan["id"] == "li"]
    assert li["owed"] == Decimal("34940.87")
    assert li["payment"] == Decimal("4498.77")
    assert li["payment_to_income"] == Decimal("0.749795")
    assert li["capacity"] == Decimal("3000.00")
    assert (li["bucket"], li["class"]) == ("31-60", "special mention")
    # pd 0.5 a year: 1 - 0.5^(3/12) within 3 months; lgd 0.4
    assert li["chance"] == Decimal("0.159104")
    assert li["at_risk"] == Decimal("2223.69")
    assert li["chance_from"] == "pd"


def test_loans_that_need_help_are_ranked_and_failed_ones_only_counted(tmp_path: Path) -> None:
    """Late or above capacity: ranked by money at risk; failed: in the sums; others: in neither."""
    found = document(tmp_path, BOOK)
    assert [loan["id"] for loan in found["ranked"]] == ["li", "zhao"]
    assert found["ranked"][1]["at_risk"] == 0
    assert [(one["class"], one["loans"]) for one in found["classes"]] == [
        ("normal", 2), ("special mention", 1), ("substandard", 1), ("doubtful", 0), ("loss", 0),
    ]  # fmt: skip
    assert {one["segment"]: one["need_help"] for one in found["segments"]} == {"a": 1, "b": 2}
    assert {one["segment"]: one["failed"] for one in found["segments"]} == {"a": 0, "b": 1}


def test_without_history_and_pd_the_chance_is_the_way_to_failing(tmp_path: Path) -> None:
    """40 of the 91 days at which the rule of 2023 has a loan fail."""
    found = document(tmp_path, BOOK, "--map", "pd=", "--map", "lgd=")
    (li,) = [loan for loan in found["ranked"] if loan["id"] == "li"]
    assert li["chance_from"] == "days"
    assert li["chance"] == round(Decimal(40) / 91, 6)
    assert li["at_risk"] == round(Decimal("34940.87") * round(Decimal(40) / 91, 6), 2)


PLANS = ("defer:3", "extend:4", "extend:12", "reduce:2900", "rate:cut=5+extend:12")


@pytest.mark.parametrize("side", ["lender", "household"])
def test_the_cheapest_plan_that_fits_is_that_of_a_comparison(tmp_path: Path, side: str) -> None:
    """Of the plans that `compare` finds within capacity, the one that costs the side least."""
    args = [word for plan in PLANS for word in ("--plan", plan)]
    found = document(tmp_path, BOOK, *args, "--cheapest-for", side)
    (li,) = [loan for loan in found["ranked"] if loan["id"] == "li"]
    loan = rs.Loan.of(principal=50000, rate="14.4%", term=12, paid=4, missed=2)
    lines = [line for line in rs.compare(loan, PLANS).plans[1:] if line.highest_payment <= 3000]
    assert 1 < len(lines) < len(PLANS)
    if side == "household":
        best = min(lines, key=lambda line: line.extra_cost)
    else:
        least = min(line.npv_loss for line in lines)
        near = [line for line in lines if line.npv_loss - least < Decimal("1.7")]
        best = min(near, key=lambda line: line.extra_cost)
    assert li["plan"] == best.name
    assert li["plan_payment"] == best.highest_payment
    assert li["plan_extra_cost"] == best.extra_cost
    assert li["plan_npv_loss"] == best.npv_loss


def test_sums_set_the_offers_loss_against_the_expected_loss(tmp_path: Path) -> None:
    """pd x lgd x owed of those that need help; the recovery rate; what an offer must avert."""
    found = document(tmp_path, BOOK, "--plan", "rate:cut=5+extend:12")
    a, _ = [one for one in found["segments"] if one["segment"] == "a"]
    loss = round(Decimal("0.5") * Decimal("0.4") * Decimal("34940.87"), 2)
    assert a["expected_loss"] == loss
    assert a["recovery_rate"] == Decimal("0.8")
    loan = rs.Loan.of(principal=50000, rate="14.4%", term=12, paid=4, missed=2)
    line = rs.compare(loan, ["rate:cut=5+extend:12"]).plans[1]
    assert a["npv_loss"] == line.npv_loss > 1000
    assert a["break_even"] == round(line.npv_loss / (loss * 1), 6)
    assert (a["offered"], a["fits"], a["unknown"], a["refused"]) == (1, 1, 0, 0)
    b, best = [one for one in found["segments"] if one["segment"] == "b"]
    # zhao has no pd, so the loss is qian's alone; nobody knows what qian can pay
    assert b["unknown"] == 1
    assert b["recovery_rate"] == Decimal("0.55")
    assert best["plan"] == "cheapest that fits"


def test_values_for_all_loans_win_over_columns(tmp_path: Path) -> None:
    """--pd and --lgd hold for every loan."""
    found = document(tmp_path, BOOK, "--pd", "10%", "--lgd", "0.2")
    a = found["segments"][0]
    assert a["expected_loss"] == round(Decimal("0.02") * Decimal("34940.87"), 2)


def test_a_refused_plan_is_counted(tmp_path: Path) -> None:
    """A plan that cannot be carried out for a loan is neither offered nor dropped."""
    found = document(tmp_path, BOOK, "--plan", "defer:10,keep=maturity", "--plan", "extend:6")
    counts = {
        (one["segment"], one["plan"]): (one["offered"], one["refused"]) for one in found["segments"]
    }
    assert counts["a", "defer:10,keep=maturity"] == (0, 1)
    assert counts["a", "extend:6"] == (1, 0)
    assert any("refused" in note for note in found["notes"])


def test_the_core_and_the_engine_for_books_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without NumPy and PyArrow every figure is the same."""
    args = ("sample", "--loans", "300", "--seed", "5", "-o", str(tmp_path / "sample.csv"))
    assert run(*args).code == 0
    together = run("triage", str(tmp_path / "sample.csv"), "--format", "json")
    monkeypatch.setattr(engine, "find_spec", lambda name: None)
    alone = run("triage", str(tmp_path / "sample.csv"), "--format", "json")
    assert together.code == alone.code == 0
    # pd x lgd x owed may carry more zeros behind the point, no other figure
    assert json.loads(together.out) == json.loads(alone.out)


def test_all_forms_of_a_book_give_the_same(tmp_path: Path) -> None:
    """CSV, JSON lines and Parquet of the same loans have the same triage."""
    documents = []
    for name in ("book.csv", "book.jsonl", "book.parquet"):
        assert run("sample", "--loans", "200", "-o", str(tmp_path / name)).code == 0
        found = json.loads(run("triage", str(tmp_path / name), "--format", "json").out)
        for loan in found["ranked"]:
            del loan["line"]
        documents.append(found)
    assert documents[0] == documents[1] == documents[2]
    assert documents[0]["ranked"]


BAD = (
    ("x,50000,14.4,12,4,2,-1,6000,a,0.5,0.4", "days_past_due", "'-1' is not a whole number"),
    ("x,50000,14.4,12,4,2,,6000,a,0.5,0.4", "days_past_due", "is empty"),
    ("x,50000,14.4,12,4,2,1.5,6000,a,0.5,0.4", "days_past_due", "'1.5' is not a whole"),
    ("x,50000,14.4,12,4,2,1,-5,a,0.5,0.4", "income", "'-5' is not an amount of 0 or more"),
    ("x,50000,14.4,12,4,2,1,much,a,0.5,0.4", "income", "'much'"),
    ("x,50000,14.4,12,4,2,1,6000,a,5,0.4", "pd", "'5' is not a fraction from 0 to 1"),
    ("x,50000,14.4,12,4,2,1,6000,a,0.5,nan", "lgd", "'nan'"),
    ("x,,14.4,12,4,2,1,6000,a,0.5,0.4", "", "principal"),
    ("x,50000,14.4,12,14,2,1,6000,a,0.5,0.4", "paid", "leave nothing to restructure"),
    ("x,50000,,12,4,2,1,6000,a,0.5,0.4", "rate", "is empty"),
    ("x,50000,14.4,12,4,2,1,6000", "", "has 8 fields"),
)


def test_bad_lines_are_listed_and_good_ones_go_on(tmp_path: Path) -> None:
    """Each bad line is counted and named; read = taken + rejected; the exit code is 1."""
    import csv

    text = BOOK + "".join(f"{line}\n" for line, _, _ in BAD)
    errors = tmp_path / "errors.csv"
    found = document(tmp_path, text, "--errors", str(errors), codes=(1,))
    assert (found["loans"], found["rejected"]) == (4, len(BAD))
    with errors.open(encoding="utf-8") as file:
        listed = sorted(csv.DictReader(file), key=lambda one: int(one["line"]))
    assert [int(one["line"]) for one in listed] == list(range(6, 6 + len(BAD)))
    for one, (_, field, reason) in zip(listed, BAD, strict=True):
        assert reason in f"{one['field']} {one['reason']}", one
        assert not field or one["field"] == field
    assert len(found["rejects"]) == len(BAD)
    ran = triage(tmp_path, text)
    assert ran.code == 1
    assert f"{len(BAD)} lines of" in ran.err


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (("--map", "income=incom"), 3, "Did you mean 'income'?"),
        (("--map", "incom=income"), 3, "Did you mean 'income'?"),
        (("--map", "income"), 3, "is not FIELD=COLUMN"),
        (("--by", "segmen"), 3, "Did you mean 'segment'?"),
        (("--scheme", "cn-2032"), 2, "Did you mean 'cn-2023'?"),
        (("--show", "rolls"), 2, "--show rolls needs --history"),
        (("--show", "loan"), 2, "Did you mean 'loans'?"),
        (("--share", "500%"), 3, "is not a fraction from 0 to 1"),
        (("--plan", "defr:3"), 2, "Did you mean 'defer'?"),
        (("--cheapest-for", "bank"), 2, "lender, household"),
    ],
)
def test_bad_options_are_explained(
    tmp_path: Path, args: tuple[str, ...], code: int, message: str
) -> None:
    """A wrong name is met with the nearest right one, and nothing is written."""
    ran = triage(tmp_path, BOOK, *args)
    assert (ran.code, ran.out) == (code, "")
    assert message in ran.err


def test_a_book_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    """The column that is missing is named, with those that there are."""
    ran = triage(tmp_path, "id,principal,rate,term\n1,5,5,5\n")
    assert (ran.code, ran.out) == (3, "")
    assert "days_past_due is in no column. The columns are id, principal, rate, term" in ran.err
    ran = triage(tmp_path, "id,Balance,rate,term,days_past_due\n1,5,5,5,0\n")
    assert "principal is in no column" in ran.err


def test_the_document_keeps_to_its_schema(tmp_path: Path) -> None:
    """The JSON of a triage with everything, and of a small one, is what the schema says."""
    text = (files("restructure") / "schemas" / "triage-1.json").read_text("utf-8")
    validator = Draft202012Validator(json.loads(text))
    book, states = tmp_path / "s.csv", tmp_path / "h.csv"
    assert run("sample", "--loans", "300", "-o", str(book), "--history", str(states)).code == 0
    full = run("triage", str(book), "--history", str(states), "--format", "json")
    for found in (
        json.loads(full.out),
        document(tmp_path, BOOK + "x\n", "--map", "income=", codes=(1,)),
    ):
        plain = json.loads(json.dumps(found, default=float))
        errors = [f"{list(e.absolute_path)}: {e.message}" for e in validator.iter_errors(plain)]
        assert not errors, errors[:3]


@pytest.mark.parametrize("show", ["loans", "segments", "rolls"])
@pytest.mark.parametrize("columns", [80, 120])
def test_tables_keep_to_the_width(tmp_path: Path, show: str, columns: int) -> None:
    """No line of a table is wider than the terminal."""
    book, states = tmp_path / "s.csv", tmp_path / "h.csv"
    assert run("sample", "--loans", "300", "-o", str(book), "--history", str(states)).code == 0
    ran = run("triage", str(book), "--history", str(states), "--show", show, columns=columns)
    assert ran.code == 0
    from unicodedata import east_asian_width

    for line in ran.out.splitlines():
        assert sum(1 + (east_asian_width(c) in "WF") for c in line) <= columns


@pytest.mark.parametrize("errors", ["book.csv", "history.csv", "-", ""])
def test_no_file_of_the_run_is_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, errors: str
) -> None:
    """Where --errors names the book, the history or no file, nothing is written."""
    monkeypatch.chdir(tmp_path)
    for name in ("book.csv", "history.csv"):
        (tmp_path / name).write_text(BOOK)
    ran = run("triage", "book.csv", "--history", "history.csv", "--errors", errors)
    assert (ran.code, ran.out) == (2, "")
    assert "--errors" in ran.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.csv", "history.csv"]
    assert {path.read_text() for path in tmp_path.iterdir()} == {BOOK}


def test_bad_lines_of_a_history_are_listed_too(tmp_path: Path) -> None:
    """They count: exit code 1, their lines on the screen or in the file of errors."""
    history, errors = tmp_path / "history.csv", tmp_path / "errors.csv"
    history.write_text("id,month,days_past_due\nA,2026-05,0\nA,2026-06,x\n")
    ran = triage(tmp_path, BOOK, "--history", str(history))
    assert ran.code == 1
    assert "line 3 (A): days_past_due is not a whole number of days" in ran.err
    ran = triage(tmp_path, BOOK, "--history", str(history), "--errors", str(errors))
    assert ran.code == 1
    assert '3,A,days_past_due,x,"(history) is not' in errors.read_text()
