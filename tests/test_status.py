"""Statements, the status command, and agreed plans: saved, followed, restructured again."""

from __future__ import annotations

import contextlib
import io
import json
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import restructure as rs
from commandline import refused
from commandline import run as run_with
from histories import day, paid, rules, worked_loan, worked_payments, worked_position
from restructure.agreements import Agreed, history, read_agreed, terms_after, written
from restructure.arrears import Arrears
from restructure.cli import main
from restructure.comparison import compare
from restructure.errors import RestructureError
from restructure.ledger import Facts, Movement, Rules, form_of, position_on, read_statement
from restructure.ledger.followup import after, follow_up, rows_of
from restructure.ledger.settlement import settlement_of
from restructure.ledger.standing import facts_of, stand
from restructure.loan import Extra
from restructure.measures import parse_plan
from restructure.waiting import loan_class

LOAN = """[loan]
principal = 50000
term = 12
rate = "14.4%"
start = 2024-04-08
penalty_rate = "1.5x"
"""
LINES = """date,amount,currency
2024-05-08,4498.77,CNY
2024-06-08,4498.77,CNY
2024-07-08,4498.77,CNY
2024-08-08,4498.77,CNY
2024-10-20,2249.39,CNY
"""


def run(*words: str) -> tuple[int, str, str]:
    """Run a command and return exit code, output and messages."""
    out, errors = io.StringIO(), io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(errors),
        pytest.raises(SystemExit) as ended,
    ):
        main(list(words))
    return int(ended.value.code or 0), out.getvalue(), errors.getvalue()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with the worked case's loan file and payment history."""
    (tmp_path / "loan.toml").write_text(LOAN)
    (tmp_path / "payments.csv").write_text(LINES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def status(*words: str) -> dict[str, Any]:
    """Return the JSON document of a status."""
    code, out, errors = run("status", *words, "--format", "json")
    assert code == 0, errors
    found: dict[str, Any] = json.loads(out, parse_float=Decimal)
    return found


WORKED = ("loan.toml", "--payments", "payments.csv", "--as-of", "2024-11-13")


@pytest.mark.usefixtures("place")
def test_status_of_the_worked_case() -> None:
    """docs/ledger.md: the figures of the worked case, as JSON, CSV and table."""
    found = status(*WORKED, "--until", "2024-12-13", "--ledger")
    assert found["overdue"] == {
        "total": Decimal("11485.79"),
        "principal": Decimal("10678.85"),
        "interest": Decimal("671.12"),
        "penalty": Decimal("135.82"),
        "compounded": 0,
        "fees": 0,
        "costs": 0,
    }
    assert (found["cure"], found["days_past_due"]) == (Decimal("11485.79"), 66)
    assert found["oldest_unpaid"]["due"] == "2024-09-08"
    assert found["per_day"]["penalty"] == Decimal("6.407310")
    # By hand: 2,352.43 for 54 days at 0.06 % = 76.22; 4,138.38 x 66: 163.88; 4,188.04 x 35:
    # 87.95; 4,238.30 (8 December) x 5: 12.71; in all 340.76, and 260.47 more interest.
    assert found["until"]["overdue"]["penalty"] == Decimal("340.76")
    assert found["until"]["cure"] == Decimal("16189.50")
    assert found["ledger"][-1]["unpaid"] == found["cure"]
    code, csv, _ = run("status", *WORKED, "--format", "csv")
    head, line = csv.splitlines()
    assert (code, dict(zip(head.split(","), line.split(","), strict=True))["cure"]) == (
        0,
        "11485.79",
    )
    assert "11,485.79 paid on 2024-11-13 leaves no arrears." in run("status", *WORKED)[1]


@pytest.mark.usefixtures("place")
def test_status_fits_its_schema() -> None:
    """src/restructure/schemas/status-1.json describes the document."""
    jsonschema = pytest.importorskip("jsonschema")
    folder = Path(rs.__file__).parent / "schemas"
    schema = json.loads((folder / "status-1.json").read_text())
    for words in ((), ("--until", "2024-12-13"), ("--ledger",)):
        document = json.loads(run("status", *WORKED, *words, "--format", "json")[1])
        jsonschema.validate(document, schema)


# -- statements -------------------------------------------------------------------------


def read(text: str, tmp_path: Path, *maps: str, **form: str) -> list[Movement]:
    """Read a statement from text."""
    path = tmp_path / "s.csv"
    path.write_text(text, encoding=form.get("encoding", "utf-8"))
    loan = worked_loan()
    return read_statement(str(path), form_of(maps, **form), loan.currency, day("2024-04-08"))


def test_a_bank_export_is_mapped_by_name(tmp_path: Path) -> None:
    """A German export: its columns, dates, numbers and delimiter are stated, not guessed."""
    text = (
        "Buchungstag;Art;Betrag;Währung\n"
        "08.05.2024;Eingang;1.234,56;CNY\n09.05.2024;Rücklastschrift;-1.234,56;CNY\n"
    )
    found = read(
        text,
        tmp_path,
        "date=Buchungstag,amount=Betrag,currency=Währung,kind=Art",
        "payment=Eingang,reversal=Rücklastschrift",
        dates="DD.MM.YYYY",
        numbers="1.234,56",
        delimiter=";",
    )
    assert [(str(x.day), x.amount, x.kind) for x in found] == [
        ("2024-05-08", 123456, "payment"),
        ("2024-05-09", 123456, "reversal"),
    ]


def test_a_chinese_export(tmp_path: Path) -> None:
    """GB 18030 with Chinese names and dates."""
    found = read(
        "日期,金额\n2024年5月8日,4498.77\n",
        tmp_path,
        "date=日期,amount=金额",
        dates="YYYY年M月D日",
        encoding="gb18030",
    )
    assert (found[0].day, found[0].amount) == (date(2024, 5, 8), 449877)


@pytest.mark.parametrize(
    ("lines", "form", "message"),
    [
        ("2024-04-07,1.00", {}, "line 2: date: 2024-04-07 is before the loan was drawn"),
        ("2024-05-08,5.00\n2024-05-08,5.00", {}, "line 3: repeats line 2"),
        ("08.05.2024,5.00", {}, "line 2: date: '08.05.2024' is not a date .* written YYYY-MM-DD"),
        ("2024-02-30,5.00", {}, "line 2: date: '2024-02-30' is not a date of the calendar"),
        ('2024-05-08,"5,00"', {}, "line 2: amount: '5,00' is not a number written as 1234.56"),
        ("2024-05-08,5.001", {}, "line 2: amount: '5.001' has more decimals than CNY has"),
        ("2024-05-08,0.00", {}, "line 2: amount: '0.00' is not above 0"),
        ("2024-05-08", {}, "line 2: has 1 cells, and the header 2"),
        ("2024-05-08,5.00", {"dates": "YYYY-MM"}, "date_format: 'YYYY-MM' does not say"),
        ("2024-05-08,5.00", {"numbers": "1.2"}, "number_format: '1.2' is not one of"),
        ("2024-05-08,5.00", {"duplicates": "no"}, "duplicates: 'no' is not one of"),
        ("2024-05-08,5.00", {"encoding": "klingon"}, "encoding: 'klingon'"),
    ],
)
def test_a_line_that_does_not_fit_is_refused(
    lines: str, form: dict[str, str], message: str, tmp_path: Path
) -> None:
    """The message names file, line, field, value, and what is allowed."""
    path = tmp_path / "s.csv"
    path.write_text(f"date,amount\n{lines}\n")
    with pytest.raises(RestructureError, match=message):
        read_statement(str(path), form_of((), **form), worked_loan().currency, day("2024-04-08"))


def test_other_refusals_of_a_statement(tmp_path: Path) -> None:
    """Another currency, an unknown kind, a missing column, an empty file."""
    cases = {
        "date,amount,currency\n2024-05-08,5.00,USD\n": "line 2: currency: 'USD' is not that of",
        "date,amount,kind\n2024-05-08,5.00,gift\n": "line 2: kind: 'gift' is not one of payment",
        "day,amount\n2024-05-08,5.00\n": "line 1: there is no column 'date'",
        "": "is empty",
    }
    for text, message in cases.items():
        with pytest.raises(RestructureError, match=message):
            read(text, tmp_path)


def test_duplicates_may_be_kept_or_dropped(tmp_path: Path) -> None:
    """Two equal lines: both count, or one, as stated."""
    text = "date,amount\n2024-05-08,5.00\n2024-05-08,5.00\n"
    assert len(read(text, tmp_path, duplicates="keep")) == 2
    assert len(read(text, tmp_path, duplicates="drop")) == 1


# -- restructuring from the position ----------------------------------------------------


def test_a_ledger_on_a_due_date_agrees_with_paid_and_missed() -> None:
    """Four paid, two missed, on 8 October: the design's 8,997.54 + 49.07 and 34,940.87."""
    loan = worked_loan(penalty_rate="1x")
    position = position_on(loan, Rules(), worked_payments()[:4], day("2024-10-08"))
    there = stand(loan, facts_of(position, loan))
    counted = compare(worked_loan(penalty_rate="1x", paid=4, missed=2), ["defer:3", "extend:6"])
    dated = compare(there.loan, ["defer:3", "extend:6"], there.agreed)
    assert str(there.loan.currency.decimal(there.loan.owed)) == "34940.87"
    for left, right in zip(counted.plans, dated.plans, strict=True):
        assert left.schedule.payment == right.schedule.payment
        assert left.npv_loss == right.npv_loss


def test_a_plan_between_two_due_dates() -> None:
    """13 November: what was due keeps its interest, what is capitalised bears 25 days.

    By hand: 8 December asks for 21,706.22 x 1.2 % = 260.47 of interest as agreed; with 11,349.97
    capitalised, for 25/360 x 14.4 % of that besides: 113.50.
    """
    position = worked_position()
    there = stand(worked_loan(), facts_of(position, worked_loan()))
    agreed, paying, joined = compare(
        there.loan, ["arrears:pay,penalty=pay", "arrears:capitalise"], there.agreed
    ).plans
    assert agreed.schedule.interest[0] == paying.schedule.interest[0] == 260_47
    assert joined.schedule.interest[0] == 260_47 + 113_50
    assert agreed.total_paid == paying.total_paid == Decimal("33979.66")


def test_three_parts_of_the_arrears_three_treatments() -> None:
    """Principal and interest spread, penalty forgiven, fees paid: each sum lands in its place."""
    position = worked_position(late_fee=50)
    there = stand(worked_loan(), facts_of(position, worked_loan()))
    (line,) = compare(there.loan, ["arrears:spread,penalty=forgive,fees=pay"], there.agreed).plans[
        1:
    ]
    arrears = there.loan.arrears
    assert (arrears.fees, line.forgiven) == (150_00 - 50_00, Decimal("0.00")) or arrears.fees
    assert line.forgiven == there.loan.currency.decimal(arrears.penalty)
    spread = (arrears.principal + arrears.interest) // 5
    assert line.schedule.payment[0] == pytest.approx(449_877 + spread + arrears.fees, abs=2)
    assert "penalty interest are forgiven; fees are due with the first payment" in line.description


def test_past_maturity_a_plan_begins_with_the_next_date_of_the_rhythm() -> None:
    """Fineract, LoanReAging.feature:5: 750 of 1,000 overdue over six instalments are 125 each.

    Apache-2.0, zfineract b7bae9c0. The down payment of 250 is left out; interest is 0.
    """
    loan = rs.Loan.of(principal=750, term=3, rate="0%", start="2024-01-01", every="15 days")
    position = position_on(loan, Rules(), [], day("2024-02-20"))
    there = stand(loan, facts_of(position, loan))
    (line,) = compare(there.loan, ["extend:6"], there.agreed).plans[1:]
    assert [str(row.payment) for row in line.schedule.rows] == ["125.00"] * 6
    assert next(line.schedule.rows).due == date(2024, 3, 1)


def test_re_age_after_a_part_payment() -> None:
    """Fineract, LoanReAging.feature:494: 325 over six in whole units are 5 x 54 and 55."""
    loan = rs.Loan.of(
        principal=375, term=3, rate="0%", start="2024-01-01", every="15 days",
        instalment_rounding=1,
    )  # fmt: skip
    position = position_on(loan, Rules(), [paid("2024-01-16", "50.00")], day("2024-02-27"))
    there = stand(loan, facts_of(position, loan))
    (line,) = compare(there.loan, ["extend:6"], there.agreed).plans[1:]
    assert [row.payment for row in line.schedule.rows] == [54, 54, 54, 54, 54, 55]


def test_settlement_of_the_worked_case() -> None:
    """11,485.79 + 21,706.22 + 5/360 x 14.4 % of it, 43.41."""
    quote = settlement_of(worked_position())
    assert (quote.interest, quote.total) == (43_41, 33_235_42)


def test_rule_of_78_of_a_flat_loan() -> None:
    """12,000 flat at 12 % over 12 months, settled after 4: 36/78 of 1,440 are given back.

    The sum of the digits 1 to 8 is 36, of 1 to 12 it is 78: rebate 664.62.
    """
    loan = rs.Loan.of(principal=12_000, term=12, rate="12%", method="flat", start="2024-01-01")
    dues = [row.due for row in rs.build(loan).rows if row.due]
    history_ = [Movement(due, 1120_00) for due in dues[:4]]
    rebates = {}
    for how in ("rule-of-78", "pro-rata", "none"):
        quote = settlement_of(position_on(loan, rules(loan, rebate=how), history_, dues[3]))
        rebates[how] = (quote.rebate, quote.total)
    assert rebates == {
        "rule-of-78": (664_62, 8_000_00 + 960_00 - 664_62),
        "pro-rata": (960_00, 8_000_00),
        "none": (0, 8_960_00),
    }


@pytest.mark.usefixtures("place")
def test_waiting_shows_what_it_costs() -> None:
    """As agreed a month later: 340.76 - 135.82 more penalty interest and nothing else."""
    code, out, _ = run(
        "compare", *WORKED, "--plan", "extend:6", "--waiting", "1,3", "--format", "json"
    )
    found = json.loads(out, parse_float=Decimal)["waiting"]
    assert code == 0
    assert [(x["months"], x["name"]) for x in found][:2] == [(1, "as agreed"), (1, "extend:6")]
    assert found[0]["cost"] == Decimal("204.94")
    assert (found[0]["days_past_due"], found[0]["class"]) == (96, "substandard")


def test_classes_by_days_past_due() -> None:
    """China, rules of 2023: over 90, 270 and 360 days (rules, section 6.4)."""
    days = (0, 1, 90, 91, 270, 271, 360, 361)
    assert [loan_class(x) for x in days] == [
        "normal", "special mention", "special mention", "substandard", "substandard", "doubtful",
        "doubtful", "loss",
    ]  # fmt: skip


@pytest.mark.usefixtures("place")
def test_refusals_of_the_commands() -> None:
    """What does not go together is refused with the remedy."""
    cases = {
        ("status", "loan.toml"): "give the payment history with --payments FILE",
        ("status", *WORKED, "--paid", "4"): "paid goes without a payment history",
        ("status", *WORKED, "--until", "2024-01-01"): "until: 2024-01-01 is before",
        ("status", "loan.toml", "--payments", "no.csv", "--as-of", "2024-11-13"): "no such file",
        ("compare", "loan.toml", "--allocation", "kind-first"): "--allocation goes with --payments",
        ("compare", "loan.toml", "--waiting", "1"): "--waiting goes with --payments",
        ("compare", *WORKED, "--waiting", "0"): "'0' is not a whole number of months",
        ("compare", *WORKED, "--plan", "extend:6", "--accept", "x", "-o", "p.toml"): "no plan 'x'",
        ("compare", *WORKED, "--plan", "extend:6", "--accept", "extend:6"): "give -o plan.toml",
    }
    for words, message in cases.items():
        code, _, errors = run(*words)
        assert code in (2, 3), words
        assert message in errors


# -- agreed plans -----------------------------------------------------------------------


def agreed_plan(text: str = "defer:2+extend:6") -> Agreed:
    """Return the plan agreed on the worked case on 13 November 2024."""
    return Agreed(parse_plan(text), facts_of(worked_position(), worked_loan()))


def test_follow_up_counts_and_dates() -> None:
    """A pause to 8 January 2025; then on time, two days late, and one missed; by hand.

    EBA: from the end of the pause, 8 January 2025: 2026 and 2027. China: the instalment of
    March was late, so the count begins with that of April, a year from then.
    """
    loan, plan = worked_loan(), agreed_plan()
    rows = list(rs.build(terms_after(loan, [plan])).rows)
    assert [str(row.payment) for row in rows[:3]] == ["0.00", "0.00", "3437.24"]
    lines = [paid("2025-02-08", "3437.24"), paid("2025-03-10", "3305.00")]
    known = history(loan, Rules(), [plan], lines, day("2025-03-20"))
    kept = follow_up(known.position, plan.facts.as_of, False)
    assert kept.kept
    assert (kept.counts["on time"], kept.counts["late"], kept.clean) == (1, 1, 0)
    ends = {counter.name[:8]: (str(counter.since), str(counter.ends)) for counter in kept.counters}
    assert ends == {
        "EBA cure": ("2025-01-08", "2026-01-08"),
        "EBA prob": ("2025-01-08", "2027-01-08"),
        "China ob": ("2025-04-08", "2026-04-08"),
    }
    known = history(loan, Rules(), [plan], lines, day("2025-05-15"))
    kept = follow_up(known.position, plan.facts.as_of, True)
    assert not kept.kept
    # The instalment of April is 37 days late: the probation stands still.
    assert [counter.since for counter in kept.counters] == [None, None, None]
    states = [row.state for row in rows_of(known.position)][:6]
    assert states == ["paused", "paused", "on time", "late", "short", "missed"]


def test_probation_after_default_follows_the_cure_year() -> None:
    """In default when restructured: cure to January 2026, then two years of probation."""
    loan, plan = worked_loan(), agreed_plan()
    known = history(loan, Rules(), [plan], [], day("2025-01-20"))
    counters = follow_up(known.position, plan.facts.as_of, True).counters
    assert [str(counter.ends) for counter in counters] == [
        "2026-01-08",
        "2028-01-08",
        "2026-02-08",
    ]


def test_paying_the_plan_keeps_it() -> None:
    """Each row on its day: kept, nothing overdue, whatever the plan collects on top."""
    loan = worked_loan()
    for text in ("extend:6", "defer:2,interest=spread", "arrears:spread,over=3+extend:3",
                 "arrears:set-aside,penalty=spread+interest-only:2", "reduce:30%"):  # fmt: skip
        plan = agreed_plan(text)
        terms = terms_after(loan, [plan])
        schedule = rs.build(terms)
        dues = [due for due in schedule.due_dates() if due]
        lines = [
            Movement(due, amount)
            for due, amount in zip(dues, schedule.payment, strict=True)
            if amount
        ]
        known = history(loan, Rules(), [plan], lines, dues[-1] + timedelta(days=40))
        kept = follow_up(known.position, plan.facts.as_of, False)
        assert kept.kept, text
        assert (known.position.cure, known.position.balance, known.position.credit) == (0, 0, 0)
        assert kept.counts["late"] + kept.counts["short"] + kept.counts["missed"] == 0


@pytest.mark.parametrize(
    "text", ["extend:6", "defer:2+extend:6", "interest-only:3", "rate:10%,for=3", "reduce:30%"]
)
def test_a_second_restructuring_that_changes_nothing(text: str) -> None:
    """As agreed, the second time, is the rest of the first plan, to the minor unit."""
    loan, plan = worked_loan(), agreed_plan(text + "+arrears:capitalise,penalty=capitalise")
    terms = terms_after(loan, [plan])
    schedule = rs.build(terms)
    dues = [due for due in schedule.due_dates() if due]
    for k in (1, 2, 4):
        lines = [Movement(x, y) for x, y in zip(dues, schedule.payment[:k], strict=False) if y]
        known = history(loan, Rules(), [plan], lines, dues[k - 1] + timedelta(days=3))
        there = known.stand()
        assert there.agreed.payment == schedule.payment[k:]
        assert rs.build(there.loan).payment == schedule.payment[k:]


def test_a_second_plan_starts_from_the_first(place: Path) -> None:
    """The file keeps both plans, and the second one's arrears are those of the first's schedule."""
    code, _, errors = run(
        "compare", *WORKED, "--plan", "one=defer:2+extend:6", "--accept", "one", "-o", "one.toml"
    )
    assert code == 0, errors
    with open(place / "payments.csv", "a") as file:
        file.write("2025-02-08,3437.24,CNY\n")
    at = ("--payments", "payments.csv", "--as-of")
    code, _, errors = run(
        "compare", "one.toml", *at, "2025-03-20", "--plan", "two=extend:3",
        "--accept", "two", "-o", "two.toml",
    )  # fmt: skip
    assert code == 0, errors
    kept = tomllib.loads((place / "two.toml").read_text())["agreed"]
    assert [entry["name"] for entry in kept] == ["one", "two"]
    found = status("two.toml", *at, "2025-03-21")
    assert [entry["plan"] for entry in found["agreed"]] == ["defer:2+extend:6", "extend:3"]
    assert found["agreed"][1]["days_past_due"] == 12
    assert found["follow_up"]["kept"] is True


FACTS = st.builds(
    Facts,
    as_of=st.integers(0, 360).map(lambda days: day("2024-04-09") + timedelta(days)),
    principal=st.integers(0, 10**6),
    interest=st.integers(0, 10**5),
    penalty=st.integers(0, 10**4),
    compounded=st.integers(0, 10**3),
    fees=st.integers(0, 10**4),
    costs=st.integers(0, 10**4),
    credit=st.integers(0, 10**4),
    days_past_due=st.integers(0, 400),
    paid=st.integers(0, 12),
    missed=st.integers(0, 12),
    prepaid=st.lists(
        st.builds(Extra, st.integers(1, 12), st.integers(1, 10**6), st.booleans()), max_size=2
    ).map(tuple),
)


@given(
    st.lists(st.tuples(FACTS, st.sampled_from(["extend:6", "arrears:spread,fees=pay", "defer:1"]),
                       st.booleans(), st.text(max_size=12)), min_size=1, max_size=3),
    st.text(max_size=8),
)  # fmt: skip
def test_saving_and_loading_loses_nothing(
    plans: list[tuple[Facts, str, bool, str]], word: str
) -> None:
    """Facts, plans, names and rules come back as they were, whatever the name."""
    loan = worked_loan()
    plans.sort(key=lambda one: one[0].as_of)
    agreed = [
        Agreed(parse_plan(text)._replace(name=name or text), facts, defaulted)
        for facts, text, defaulted, name in plans
    ]
    values = {"principal": 50000, "term": 12, "rate": "14.4%", "start": day("2024-04-08")}
    found = tomllib.loads(
        written(values, {"allocation": word, "compound_penalty": True}, agreed, loan),
        parse_float=Decimal,
    )
    assert found["loan"] == values
    assert found["ledger"] == {"allocation": word, "compound_penalty": True}
    back = read_agreed(found["agreed"], loan, "plan.toml")
    for one, other in zip(back, agreed, strict=True):
        assert (one.facts, one.defaulted, one.plan.name, one.plan.text) == (
            other.facts,
            other.defaulted,
            other.plan.name,
            other.plan.text,
        )


def test_a_saved_file_that_is_wrong_is_refused() -> None:
    """The message names the entry, the key and the value."""
    loan = worked_loan()
    cases = {
        "there is no 'nam'": {"nam": "x"},
        "measures is missing": {"as_of": day("2024-11-13")},
        "as_of is missing or no date": {"measures": "extend:6"},
        "there is no measure 'extnd'": {"measures": "extnd:6", "as_of": day("2024-11-13")},
    }
    for message, entry in cases.items():
        with pytest.raises(RestructureError, match=rf"plan.toml, \[\[agreed\]\] 1: .*{message}"):
            read_agreed([entry], loan, "plan.toml")


def test_months_end_where_the_month_does() -> None:
    """31 January plus a month is the last of February."""
    assert after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert after(date(2024, 12, 8), 12) == date(2025, 12, 8)


def test_fees_follow_the_penalty_unless_said() -> None:
    """`treated` sums each part where its treatment is; fees as penalty interest by default."""
    arrears = Arrears(100, 10, 5, 3)
    assert (arrears.treated("capitalise"), arrears.treated("pay")) == (110, 8)
    apart = arrears._replace(fees_how="forgive")
    assert (apart.treated("pay"), apart.treated("forgive")) == (5, 3)


@pytest.mark.usefixtures("place")
def test_waiting_fits_the_schema_of_compare() -> None:
    """The lines of waiting have the fields that compare's schema gives them."""
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((Path(rs.__file__).parent / "schemas" / "compare-1.json").read_text())
    words = ("--plan", "extend:6", "--plan", "defer:9,keep=maturity", "--waiting", "1,12")
    document = json.loads(run("compare", *WORKED, *words, "--format", "json")[1])
    jsonschema.validate(
        document["waiting"], schema["properties"]["waiting"] | {"$defs": schema["$defs"]}
    )


@pytest.mark.parametrize(
    ("when", "total"),
    [
        # ProgressiveEMICalculatorTest, test_payoff_on0215_... and ..._on0115_... (Apache-2.0):
        # five payments of 17.01 and one of 15.77, or 15.21, on the day.
        ("2024-02-15", 100_82),
        ("2024-01-15", 100_26),
    ],
)
def test_fineract_settlements(when: str, total: int) -> None:
    """Fineract counts a part of a month by the share of its days, as `equal` does."""
    loan = rs.Loan.of(
        principal=100, term=6, rate="7%", start="2024-01-01", day_count="equal",
        penalty_rate="0%",
    )  # fmt: skip
    assert settlement_of(position_on(loan, Rules(), [], day(when))).total == total


def test_a_statement_from_standard_input() -> None:
    """--payments - reads the same history from a pipe, and its errors name it."""
    folder = Path(__file__).parents[1] / "examples"
    words = ("status", str(folder / "in-arrears.toml"), "--as-of", "2024-11-13", "--format", "json")
    history = (folder / "in-arrears.csv").read_bytes()
    named = run_with(*words, "--payments", str(folder / "in-arrears.csv"))
    assert run_with(*words, "--payments", "-", stdin=history).out == named.out
    bad = run_with(*words, "--payments", "-", stdin=b"date,amount\n2024-02-30,10\n")
    assert bad.code == 3
    assert "standard input, line 2" in bad.err


def test_no_plan_is_offered_where_the_money_repays_the_loan(tmp_path: Path) -> None:
    """20,000 against a debt of 10,000: status says so, and whatever offers a plan refuses."""
    paid = tmp_path / "paid.csv"
    paid.write_text("date,amount\n2024-02-29,20000\n")
    loan = ("--principal", "10000", "--term", "6", "--rate", "8", "--start", "2024-01-31",
            "--payments", str(paid), "--as-of", "2024-06-05")  # fmt: skip
    assert (
        "The loan is repaid, and 9,793.95 has been paid too much." in run_with("status", *loan).out
    )
    for more in (("compare",), ("advise", "--capacity", "1000"), ("letter", "--plan", "extend:3")):
        refused(run_with(more[0], *loan, *more[1:]), "nothing is left to restructure", codes=(3,))


def test_a_letter_says_what_is_held(tmp_path: Path) -> None:
    """1,900 for an instalment of 1,706.02: 193.98 are held for the next one."""
    paid = tmp_path / "paid.csv"
    paid.write_text("date,amount\n2024-02-29,1900\n")
    ran = run_with(
        "letter", "--principal", "10000", "--term", "6", "--rate", "8", "--start", "2024-01-31",
        "--payments", str(paid), "--as-of", "2024-03-05", "--plan", "extend:3",
    )  # fmt: skip
    assert "| We hold for your next payment | CNY 193.98 |" in ran.out
