"""Programmes: the published Flex Modification figures, the files shipped, and their errors.

The Flex figures are from the test suite of a mortgage-servicing platform that implements Fannie
Mae Servicing Guide F-1-27 (rule set "fnma.flexmod.2025-08"), a third party's reading; the last
case (60 % of the value, at most 100,000 set aside) is from considerchapter13.org on the change
of December 2024.
"""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import restructure as rs
from loans import founding
from restructure.cli import main
from restructure.errors import InvalidValue, Refused, RestructureError, UnknownName
from restructure.money import Currency
from restructure.programmes import load, names, run
from restructure.programmes._file import read
from restructure.series import Series

ADVANCES = ["escrow_advances=4200", "servicing_advances=180", "modification_rate=6.625%"]
FLEX = {
    # Property value: the figures after the last step, as published.
    "290000": {"mtmltv": 86.69, "gross": 251405.31},
    "200000": {"mtmltv": 125.70, "gross": 251405.31},
}


def of_history(**changes: Any) -> rs.Loan:
    """Return the mortgage of the source from its history: 51 paid, 8 missed."""
    values = {"principal": 250_000, "term": 360, "rate": "6.5%", "currency": "USD"}
    return rs.Loan.of(**{**values, "paid": 51, "missed": 8, **changes})


def of_balance(**changes: Any) -> rs.Loan:
    """Return the same mortgage from its unpaid balance, as the source states it."""
    values = {"outstanding": "236765.47", "remaining": 309, "rate": "6.5%", "currency": "USD"}
    values |= {"payment": "1580.17", "overdue_interest": "10259.84"}
    return rs.Loan.of(**{**values, **changes})


def capacity(text: str) -> Series:
    """Return a capacity in yuan."""
    return Series.of(text, "capacity", Currency.of("CNY"))


def command(*words: str) -> tuple[int, str, str]:
    """Run the command line; return its exit code, standard output and standard error."""
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors), pytest.raises(SystemExit) as ended:
        main(list(words))
    code = ended.value.code
    return (code if isinstance(code, int) else 0), out.getvalue(), errors.getvalue()


@pytest.mark.parametrize("loan", [of_history(), of_balance()], ids=["history", "balance"])
@pytest.mark.parametrize("value", FLEX)
def test_the_published_flex_modification(loan: rs.Loan, value: str) -> None:
    """Every step and its figures, to the cent."""
    found = run(load("flex-modification"), loan, [f"property_value={value}", *ADVANCES])
    text = loan.currency.text
    capitalised, cut, extended, aside = found.done
    assert text(found.before.instalment or 0) == "1,580.17"
    assert text(found.target or 0) == "1,264.13"
    assert capitalised.loan.balance == 251_405_31
    assert round((capitalised.ratio or 0) * 100, 2) == FLEX[value]["mtmltv"]
    assert (cut.applied, str(cut.loan.rate)) == (False, "13/200")
    assert (extended.loan.count, text(extended.instalment)) == (480, "1,471.87")
    assert text(aside.loan.set_aside) == "35,483.32"
    assert text(aside.loan.balance) == "215,921.99"
    assert text(aside.instalment) == "1,264.13"
    assert round((1 - aside.instalment / 158_017) * 100, 4) == 20.0004
    assert (found.met, aside.met, extended.met) == (True, True, False)
    # Cap a: the target; b: down to 50 % of the value; c: 30 % of the balance.
    b = {"290000": "106,405.31", "200000": "151,405.31"}[value]
    assert f"cap 75,421.59, value {b}, target 35,483.32" in aside.words
    assert found.schedule.closing[-1] == 0


def test_published_exhausted_steps_of_a_loan_in_arrears() -> None:
    """The same source, an older balance of 60,000 and a value of 150,000: the 30 % bind."""
    facts = [*ADVANCES, "property_value=150000", "deferred_balance=60000"]
    found = run(load("flex-modification"), of_history(), facts)
    text, last = found.schedule.loan.currency.text, found.done[-1]
    assert found.done[0].loan.balance == 311_405_31
    assert round((found.done[0].ratio or 0) * 100, 2) == 207.60
    assert "cap 93,421.59, value 236,405.31, target 95,483.32" in last.words
    assert (text(last.loan.set_aside), text(last.instalment)) == ("93,421.59", "1,276.20")
    assert (found.met, last.met) == (True, False)


def test_published_exhausted_steps_of_a_loan_without_arrears() -> None:
    """The same source, nothing overdue, an older balance of 100,000: 1,380.13 a month."""
    facts = ["modification_rate=6.625%", "property_value=150000", "deferred_balance=100000"]
    loan = of_balance(overdue_interest=None)
    found = run(load("flex-modification"), loan, facts)
    text, last = found.schedule.loan.currency.text, found.done[-1]
    assert (text(last.instalment), last.met, found.met) == ("1,380.13", False, True)
    # An offer needs an instalment below the old one; equal is not enough without arrears.
    same = of_balance(overdue_interest=None, payment="1380.13", remaining=309)
    assert not run(load("flex-modification"), same, facts).met


def test_set_aside_stops_at_half_of_the_value() -> None:
    """600,000 on a house of 1,000,000: at most 100,000 is set aside, 500,000 bears interest."""
    loan = rs.Loan.of(outstanding=600_000, remaining=480, rate="2%", currency="USD")
    facts = ["property_value=1000000", "modification_rate=7%"]
    found = run(load("flex-modification"), loan, facts)
    last = found.done[-1]
    assert round((last.ratio or 0) * 100) == 60
    assert last.loan.set_aside <= 100_000_00
    assert "value 100,000.00" in last.words


def test_the_rate_falls_in_eighths_to_the_floor() -> None:
    """From 7.3 % in steps of 0.125 to the modification rate; the last step lands on it."""
    loan = rs.Loan.of(outstanding=300_000, remaining=350, rate="7.3%", currency="USD")
    facts = ["property_value=310000", "modification_rate=6.625%"]
    found = run(load("flex-modification"), loan, facts)
    assert str(found.done[1].loan.rate) == "53/800"  # 6.625 %
    # Below 50 % of the value the rate stays, and nothing is set aside.
    low = run(load("flex-modification"), loan, ["property_value=900000", facts[1]])
    assert "below the bound" in low.done[1].words
    assert "not above" in low.done[-1].words
    assert low.done[-1].loan.set_aside == 0


def test_exhausted_steps_and_the_offer_rule() -> None:
    """Above the target an instalment below the old one is still an offer; one above is not."""
    loan = rs.Loan.of(outstanding=300_000, remaining=350, rate="6.5%", currency="USD")
    facts = ["property_value=900000", "modification_rate=6.5%"]
    found = run(load("flex-modification"), loan, facts)
    assert found.met
    assert "exhausted above the target" in found.stopped
    assert "an offer is allowed" in found.stopped
    loan = rs.Loan.of(outstanding=300_000, remaining=480, rate="6.5%", currency="USD")
    found = run(load("flex-modification"), loan, [*facts, "escrow_advances=5000"])
    assert not found.met
    assert found.stopped.endswith("no offer.")


def test_the_card_agreement_is_at_most_60_months() -> None:
    """Article 70: from 12 months one at a time up to 60 in all, until it can be paid."""
    found = run(load("cn-card-article-70"), founding(), capacity=capacity("2000"))
    # 50,000 f / (1 - (1+f)^-n) is at most 2,000 from n = 30 on (f = 1.2 %).
    assert (found.met, found.done[-1].loan.count) == (True, 30)
    found = run(load("cn-card-article-70"), founding(), capacity=capacity("1000"))
    assert (found.met, found.done[-1].loan.count) == (False, 60)
    assert "exhausted" in found.stopped


def test_the_personal_loan_is_extended_by_at_most_its_term() -> None:
    """12 months more at most, a pause of 3 included; only loans of up to a year."""
    programme = load("cn-personal-loan-extension")
    found = run(programme, founding(), capacity=capacity("0x3,2900"))
    assert found.met
    found = run(programme, founding(), capacity=capacity("0x3,2000"))
    assert not found.met
    assert len(found.schedule) == 24
    with pytest.raises(Refused, match="at most 12 months, and this one has 24"):
        run(programme, founding(term=24), capacity=capacity("2000"))


def test_the_mortgage_charter_shows_both_options() -> None:
    """Six months of interest only, or a longer term: each for itself, no test needed."""
    loan = rs.Loan.of(principal=200_000, term=300, rate="5%", currency="GBP")
    found = run(load("mortgage-charter"), loan, ["longest_term=420"])
    interest_only, longer = found.done
    assert interest_only.loan.stretches[0].rows == 6
    assert (longer.loan.count, longer.loan.stretches) == (420, ())
    assert found.schedule.payment[0] == longer.instalment
    assert found.met


def test_every_programme_states_its_source() -> None:
    """Four programmes are shipped, each with a source and what is not confirmed."""
    assert names() == [
        "cn-card-article-70",
        "cn-personal-loan-extension",
        "flex-modification",
        "mortgage-charter",
    ]
    for name in names():
        programme = load(name)
        assert programme.name == name
        assert programme.source
        assert programme.unconfirmed
        assert all(isinstance(text, str) for text in programme.unconfirmed)
    assert load("flex-modification").effective_from == date(2024, 12, 1)


HEAD = 'name = "own"\ntitle = "Own"\nsource = "the bank"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[step]]\ndo = "extnd"\nto = 5\n', "no step 'extnd'. Did you mean 'extend'?"),
        ('[[step]]\ndo = "extend"\n', "step 1 (extend): has no cap"),
        ('[[step]]\ndo = "extend"\nto = 5\nadd = 3\n', "has no cap, or two"),
        ('[[step]]\ndo = "cut-rate"\nby = "0.125%"\n', "step 1 (cut-rate): has no floor"),
        ('[[step]]\ndo = "set-aside"\n', "step 1 (set-aside): has no cap"),
        ('[[step]]\ndo = "defer"\n', "step 1 (defer): has no cap"),
        ('[[step]]\ndo = "extend"\nby = 0\nto = 60\n', "A step of 0 would never end."),
        ('[[step]]\ndo = "cut-rate"\nby = "0%"\nfloor = "1%"\n', "would never end"),
        ('[[step]]\ndo = "extend"\nby = -1\nto = 60\n', "is not a whole number from 1 to 5200"),
        ('[[step]]\ndo = "set-aside"\ncap = 0.3\n', "is not a share written as text in per cent"),
        ('[[step]]\ndo = "extend"\nto = 5\ncup = 3\n', "there is no 'cup'"),
        ('[[step]]\ndo = "extend"\nto = { fact = "x" }\n', "'x' is no fact of it"),
        ('[[step]]\ndo = "capitalise"\nadd = ["x"]\n', "'x' is no fact of it"),
        ("", "step is missing; a programme has at least one [[step]]"),
        ('trget = 3\n[[step]]\ndo = "extend"\nto = 5\n', "Did you mean 'target'?"),
        ('[target]\nof = "income"\n[[step]]\ndo = "defer"\ncap = 5\n', "target share is missing"),
        ('[target]\nof = "incme"\n[[step]]\ndo = "defer"\ncap = 5\n', "Did you mean 'income'?"),
        ('effective_from = "soon"\n[[step]]\ndo = "defer"\ncap = 5\n', "is not a date"),
        ("[[step]\n", "is not valid TOML"),
        (
            '[[step]]\ndo = "cut-rate"\nby = "0.0000001%"\nfloor = "2%"\n',
            "'0.0000001%' is too small a step; give 0.001% or more",
        ),
    ],
)
def test_errors_of_a_file(text: str, message: str) -> None:
    """An unknown step, a missing cap, an endless loop and the like name the step and the key."""
    with pytest.raises(RestructureError) as caught:
        read(HEAD + text, "own.toml")
    said = str(caught.value)
    assert "own.toml" in said
    assert message in said


def test_a_bank_can_write_its_own(tmp_path: Path) -> None:
    """A file of one's own: pause, then a longer term, until 40 % of income is enough."""
    path = tmp_path / "own.toml"
    path.write_text(
        HEAD + '[target]\nof = "income"\nshare = "40%"\n'
        '[facts]\nincome = { kind = "amount", help = "Net income a month." }\n'
        '[[step]]\ndo = "extend"\nto = 36\n'
    )
    words = ["--principal", "50000", "--term", "12", "--rate", "14.4%", "--programme", str(path)]
    code, out, _ = command("advise", *words, "--fact", "income=8000", "--format", "json")
    found = json.loads(out)
    # 3,200 = 40 % of 8,000; rules, section 0: about 17.4 months, so 18.
    assert (code, found["target"], found["steps"][-1]["term"]) == (0, 3200, 18)
    code, _, errors = command("advise", *words)
    assert (code, "--fact income=290000" in errors) == (3, True)
    code, out, errors = command("advise", *words, "--fact", "income=1000")
    assert code == 4
    assert "exhausted above the target" in errors


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ([], "property_value is missing: The value of the property today."),
        (["property=1"], "Did you mean 'property_value'?"),
        (["property_value"], "is no fact"),
        (["property_value=x", *ADVANCES], "'x' is not an amount"),
        (["property_value=-1", *ADVANCES], "is negative"),
    ],
)
def test_errors_of_facts(facts: list[str], message: str) -> None:
    """A fact that is missing, unknown or not of its kind is named."""
    with pytest.raises(RestructureError) as caught:
        run(load("flex-modification"), of_balance(), facts)
    assert message in str(caught.value)


def test_errors_of_names() -> None:
    """A programme that is not there gets the nearest name; a capacity may be needed."""
    with pytest.raises(UnknownName, match="Did you mean 'flex-modification'"):
        load("flex-modificaton")
    with pytest.raises(RestructureError, match=r"none\.toml"):
        load("none.toml")
    with pytest.raises(InvalidValue, match="Give --capacity or a budget"):
        run(load("cn-card-article-70"), founding())
    with pytest.raises(Refused, match="is for level loans"):
        run(load("cn-card-article-70"), founding(method="flat"), capacity=capacity("1"))


@pytest.mark.parametrize("format", ["table", "markdown", "csv", "json", "jsonl"])
def test_every_format(format: str) -> None:
    """Every format shows each step."""
    words = ["--principal", "50000", "--term", "12", "--capacity", "3000", "--format", format]
    code, out, errors = command("advise", *words, "--programme", "cn-card-article-70")
    assert code == 0
    assert "capitalise" in out
    assert "extend" in out
    assert "Not confirmed" in (out if format in ("table", "markdown") else errors)


SCHEMAS = {
    "afford": ["afford", "--income", "3000x4,8000", "--expense", "rent=200", "--limit", "china"],
    "advise": ["advise", "--capacity", "0x3,5000", "--stress", "income=-10%", "--stress=rate=+2%"],
    "advise: nothing fits": ["advise", "--capacity", "0"],
    "programme": ["advise", "--programme", "cn-card-article-70", "--capacity", "3000"],
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_documents_follow_their_schemas(name: str) -> None:
    """What is printed is what the shipped JSON Schema says."""
    loan = ["--principal", "50000", "--term", "12", "--format", "json"]
    document = json.loads(command(*SCHEMAS[name], *loan)[1])
    file = resources.files("restructure").joinpath(f"schemas/{name.partition(':')[0]}-1.json")
    schema = json.loads(file.read_text("utf-8"))
    assert schema["$id"] == f"urn:{document['schema'].replace('.', ':').replace('/', ':')}"
    jsonschema.Draft202012Validator(schema).validate(document)
