"""Bad input: one clear message on standard error, nothing on standard output, exit 2 or 3.

The matrix crosses every option and every measure with values that people and programs write.
A message names the field and the value, and says what is allowed.
"""

from __future__ import annotations

import pytest

from commandline import LOAN, refused, run
from restructure.fields import FIELDS, option
from restructure.measures import measure_type, names

STANDING = {"outstanding", "remaining", "overdue_principal", "overdue_interest"}
BAD = {
    "empty": "",
    "word": "abc",
    "negative": "-5",
    "nan": "nan",
    "inf": "inf",
    "minus infinity": "-inf",
    "exponent": "1e30",
    "huge": "9" * 40,
    "very long": "x" * 500,
    "full width": "１２",
    "unit": "12 apples",
    "separators": "50.000,00",
    "control": "1\x1b[31m2",
    "line break": "1\n2",
    "null byte": "1\x002",
    "code": "__import__('os')",
    "two points": "1.2.3",
    "hexadecimal": "0x10",
}


DATED = {
    "as_of",
    "maturity",
    "business_days",
    "holidays",
    "rate_changes",
    "skip_months",
    "due_day",
}


def asked(field: str, value: str) -> list[str]:
    """Return the words of a comparison in which one field has this value."""
    loan = {"principal": "50000", "term": "12", "rate": "14.4"}
    if field in STANDING:
        loan = {"outstanding": "30000", "remaining": "6", "rate": "14.4"}
    if field == "payment":
        loan.pop("rate")
    if field in DATED:
        loan["start"] = "2026-01-31"
    if field == "holidays":
        loan["business_days"] = "following"
    if field == "principal_parts":
        loan["method"] = "equal-principal"
    return ["compare", *(f"{option(name)}={text}" for name, text in {**loan, field: value}.items())]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("kind", BAD)
def test_bad_values_of_options(field: str, kind: str) -> None:
    """The option is named as it was written, with its value if that can be shown."""
    value = BAD[kind]
    if field == "principal_parts" and kind in ("negative", "separators"):
        return  # a drawdown and a list are what this field is for
    words = [option(field)]
    if kind in ("word", "exponent", "full width", "unit", "two points", "hexadecimal"):
        words.append(f"'{value}'")
    if kind == "empty":
        words.append("is empty; give ")
    refused(run(*asked(field, value)), *words, codes=(3,))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("principal", "0", ["'0'", "above 0", "50000"]),
        ("principal", "1,000", ["separators: 1000."]),
        ("principal", "１２", ["digits 0 to 9: 12."]),
        ("principal", "0.001", ["CNY", "(2)", "round it"]),
        ("principal", "1000000000000001", ["10^15"]),
        ("term", "0", ["from 1 to 5200"]),
        ("term", "5.5", ["'5.5'", "whole number"]),
        ("term", "5201", ["5200"]),
        ("rate", "-1", ["-1 %", "below 0"]),
        ("rate", "10001", ["'10001 %'", "10,000 %"]),
        ("rate", "1%/fortnight", ["year, quarter, month, week or day"]),
        ("rate", "1.2x", ["'1.2x'"]),
        ("payment", "0", ["above 0"]),
        ("payment", "4166.66", ["4,166.66", "at any rate", "4,166.67"]),
        ("method", "leval", ["Did you mean 'level'?", "等额本息"]),
        ("currency", "CNZ", ["Did you mean 'CNY'?"]),
        ("currency", "RMB", ["'RMB'", "CNY"]),
        ("decimals", "13", ["from 0 to 12"]),
        ("every", "mnth", ["Did you mean 'month'?"]),
        ("every", "0 weeks", ["2 weeks"]),
        ("compounding", "quartrly", ["Did you mean 'quarterly'?"]),
        ("start", "2026-02-30", ["'2026-02-30'", "2026-03-31"]),
        ("start", "31/12/2026", ["2026-03-31"]),
        ("first_due", "2026-1-1", ["2026-03-31"]),
        ("day_count", "30/365", ["30/360", "Act/365F"]),
        ("rounding", "nearest", ["half-up"]),
        ("instalment_rounding", "down", ["up:10"]),
        ("instalment_rounding", "0.001", ["(2)"]),
        ("fee", "-1%", ["'-1%'"]),
        ("fee", "0.001", ["(2)"]),
        ("penalty_rate", "101x", ["0x to 100x"]),
        ("paid", "12", ["12 instalments"]),
        ("as_of", "2026-02-28", ["2026-01-31", "the start"]),
        ("overdue_principal", "0.001", ["(2)"]),
    ],
)
def test_values_just_outside_of_what_is_allowed(field: str, value: str, words: list[str]) -> None:
    """The message gives the bound, and where one is near, the value that was meant."""
    refused(run(*asked(field, value)), option(field), *words, codes=(3,))


@pytest.mark.parametrize("field", FIELDS)
def test_an_option_without_its_value(field: str) -> None:
    """An option at the end of the line lacks its value, and the help is named."""
    refused(run("compare", option(field)), option(field), "Try 'restructure compare --help'")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("compare",), ["principal is missing", "--principal 50000 --term 12"]),
        (("schedule",), ["principal is missing"]),
        (("compare", "--principal", "5"), ["term is missing", "--term 12"]),
        (("compare", "--term", "5"), ["principal is missing"]),
        (("compare", "--outstanding", "5"), ["remaining is missing", "--remaining 6"]),
        (("compare", *LOAN, "--outstanding", "5"), ["outstanding", "principal"]),
        (("compare", *LOAN, "--fees", "5", "--overdue-principal", "5"), ["--outstanding"]),
        (
            ("compare", *LOAN, "--method", "flat", "--payment", "4000"),
            ["--payment", "leave it out"],
        ),
        (("compare", "--principal", "5", "--rate", "9", "--payment", "0.01"), ["0.04"]),
        (("compare", *LOAN, "--as-of", "2026-01-01"), ["--as-of goes with", "first_due"]),
        (("compare", *LOAN, "--start", "2026-01-31", "--first-due", "2026-01-05"), ["--first-due"]),
        (("compare", *LOAN, "--start", "9999-12-01"), ["year 9999"]),
        (("compare", *LOAN, "--missed", "13"), ["13 missed", "12 instalments"]),
        (("solve",), ["principal is missing, and so is term and payment"]),
        (("solve", "--principal", "5"), ["term is missing, and so is payment"]),
        (("solve", *LOAN, "--paid", "3"), ["--paid is not used by solve"]),
        (("solve", *LOAN, "--payment", "100"), ["No term fits", "600.01", "No rate fits"]),
        (("solve", *LOAN, "--payment", "0"), ["--payment"]),
        (("schedule", *LOAN, "--plan", "reduce:100"), ["reduce:100", "600.01"]),
    ],
)
def test_what_does_not_go_together(args: tuple[str, ...], words: list[str]) -> None:
    """A value that is missing or contradicts another is named, with what to give or leave out."""
    refused(run(*args), *words, codes=(3,))


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("comapre",), ["'comapre'", "Did you mean 'compare'?"]),
        (("--principal", "5"), ["restructure compare --principal"]),
        (("mr-li.toml",), ["restructure compare mr-li.toml"]),
        (("--bogus",), ["'--bogus'", "Try 'restructure --help'"]),
        (("compare", "--prinicpal", "5"), ["'--prinicpal'", "Did you mean '--principal'?"]),
        (("solve", "--plan", "defer:3"), ["'--plan'", "Try 'restructure solve --help'"]),
        (("compare", *LOAN, "--format", "ods"), ["--format", "table, markdown, csv, json, jsonl"]),
        (("compare", *LOAN, "--format", ""), ["--format is empty"]),
        (("compare", *LOAN, "--format", "jsn"), ["Did you mean 'json'?"]),
        (("compare", *LOAN, "--schedules=1"), ["--schedules"]),
        (
            ("compare", *LOAN, "--plan", "extend:6", "extend:12"),
            ["'extend:12'", "--plan=extend:12"],
        ),
        (("compare", *LOAN, "defer:3", "extend:12"), ["'defer:3'", "--plan=extend:{6,12,24}"]),
        (("schedule", *LOAN, "--plan", "defer:1..3"), ["3 are asked for", "--schedules"]),
        (("schedule", *LOAN, "--plan", "defer:1", "--plan", "defer:2"), ["2 are asked for"]),
        (("measures", "defre"), ["Did you mean 'defer'?"]),
        (("measures", "defer", "extend"), ["extend"]),
        (("measures", ""), ["''"]),
        (("compare", *LOAN, "-o", ""), ["--output is empty"]),
        (("compare", *LOAN, "-o", "plans.ods"), ["'.ods'", "--format"]),
    ],
)
def test_usage_errors(args: tuple[str, ...], words: list[str]) -> None:
    """Words that the command line does not know exit with 2, the nearest known one named."""
    refused(run(*args), *words, codes=(2,))


MEASURES = names()
BAD_PLANS = {
    "no value": "{name}",
    "empty value": "{name}:",
    "word": "{name}:abc",
    "negative": "{name}:-1",
    "nan": "{name}:nan",
    "exponent": "{name}:1e30",
    "full width": "{name}:１２",
    "unit": "{name}:12 apples",
    "very long": "{name}:" + "x" * 500,
    "control": "{name}:1\x1b[3m",
    "unknown key": "{example},foo=1",
    "no key": "{example},=3",
    "bare word": "{example},zz",
    "bad range": "{name}:6..1",
    "plus at the end": "{example}+",
    "plus plus": "{example}++{example}",
    "capitals": "{upper}:3",
    "near miss": "{missed}:3",
}


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize("kind", BAD_PLANS)
def test_bad_plans(name: str, kind: str) -> None:
    """Every measure says what is wrong in it; a wrong name is met with the right one."""
    plan = BAD_PLANS[kind].format(
        name=name,
        example=measure_type(name).example,
        upper=name.upper(),
        missed=name[:-2] + name[-1] + name[-2],
    )
    words = [] if kind == "bad range" else [name]
    if kind in ("capitals", "near miss"):
        words.append(f"Did you mean '{name}'?")
    refused(run("compare", *LOAN, f"--plan={plan}"), *words, codes=(2,))


@pytest.mark.parametrize(
    ("name", "key"), [(name, key) for name in MEASURES for key in measure_type(name).keys]
)
@pytest.mark.parametrize("value", ["", "zz", "-1", "１２", "x" * 500, "1\x1b[3m"])
def test_bad_values_of_keys(name: str, key: str, value: str) -> None:
    """Every key of every measure says what it may be."""
    bare = measure_type(name).example.split(",")[0]
    ran = run("compare", *LOAN, f"--plan={bare},{key}={value}")
    refused(ran, name, key, codes=(2,))


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ("", ["'' is empty", "defer:3"]),
        ("=defer:3", ["'=defer:3'"]),
        ("x=", ["'x='"]),
        ("defer:1..", ["'1..'", "1..6"]),
        ("defer:1..6/0", ["step above 0"]),
        ("extend:1..99999", ["10,000 plans"]),
        ("defer:1..200+extend:1..200", ["10,000 plans"]),
        ("rate:10%,cut=2", ["rate:10%", "rate:cut=2", "not both"]),
        ("defer:3,interest=simple,interest=pay", ["interest= is written twice"]),
        ("defer:3,intrest=simple", ["'intrest'", "'interest'"]),
        ("defer:3,interest=simpl", ["'simpl'", "'simple'"]),
        ("arrears:capitalize", ["'capitalise'"]),
        ("extra:5000,at=0", ["from 1"]),
        ("step:50%", ["50%x6/75%x6"]),
        ("set_aside:100", ["'set-aside'"]),
    ],
)
def test_plans_that_break_the_grammar(plan: str, words: list[str]) -> None:
    """A grammar error is one of usage: exit 2, and the part that is wrong is shown."""
    refused(run("compare", *LOAN, "--plan", plan), *words, codes=(2,))


REFUSED = {
    "reduce:100": "600.01",
    "reduce:0.001": "more decimals",
    "extend:6+reduce:3000": "fixes both",
    "defer:12,keep=maturity": "no regular instalment",
    "balloon:60000": "above the debt",
    "balloon:10%+reduce:3000": "balloon",
    "forgive:100%": "whole debt",
    "rate:cut=20": "below 0",
}


@pytest.mark.parametrize("plan", REFUSED)
def test_a_refused_plan_takes_its_line(plan: str) -> None:
    """It does not stop the others; alone it exits with 3, and the output still has the reason."""
    both = run("compare", *LOAN, "--plan", plan, "--plan", "defer:3")
    assert both.code == 0
    assert both.err == ""
    assert REFUSED[plan] in " ".join(both.out.split())
    assert "4,662.68" in both.out
    for format in ("table", "markdown", "csv", "json", "jsonl"):
        alone = run("compare", *LOAN, "--plan", plan, "--format", format)
        assert alone.code == 3
        assert alone.err == "Error: no plan can be carried out; the output says why.\n"
        assert REFUSED[plan] in " ".join(alone.out.replace("\\", "").split())


def test_no_command_shows_the_help() -> None:
    """Without a command there is nothing to do: the help goes to standard error, exit 2."""
    ran = run()
    assert ran.code == 2
    assert ran.out == ""
    assert "Commands:" in ran.err
