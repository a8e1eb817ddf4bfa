"""Tables that never cut a digit, labels that can do no harm, and the best of each column."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

import restructure as rs
from commandline import LOAN, run
from loans import examples
from restructure.comparison import Comparison
from restructure.measures import Plan, parse_plan
from restructure.render import Setting, formats, render
from restructure.render._compare import view
from restructure.render._schedule import view as schedule_view

LABELS = [
    "breather",
    "延期还款加展期",
    "ｆｕｌｌ　ｗｉｄｔｈ",
    "two\nlines\tand a tab",
    "\x1b[31mred\x1b[0m\x07",
    "a|b|c <b>bold</b> [x](y) *z* `k` #1",
    "é́ combined",
    "👪 family",
    "\u202eright to left\u200b",
    "x" * 300,
    "长" * 100,
    "=1+1",
    "",
]

loans = st.fixed_dictionaries(
    {
        "principal": st.integers(1000, 10**10),
        "term": st.integers(2, 400),
        "rate": st.sampled_from(["0", "3.875%", "14.4%", "36%"]),
        "currency": st.sampled_from(["CNY", "JPY", "KWD", "CLF"]),
        "method": st.sampled_from(["level", "equal-principal", "interest-only", "flat"]),
        "every": st.sampled_from(["week", "month", "half-year"]),
        "missed": st.integers(0, 1),
        "start": st.sampled_from([None, "2026-01-31"]),
    }
)
plans = st.lists(
    st.tuples(
        st.sampled_from(LABELS),
        st.sampled_from(
            [
                "defer:3",
                "defer:2,interest=spread,keep=count+extend:6+rate:cut=0%",
                "extend:600",
                "reduce:30%",
                "reduce:1",
                "set-aside:10%+balloon:10%",
                "forgive:90%",
            ]
        ),
    ),
    max_size=5,
)


def comparison_of(values: dict[str, object], chosen: list[tuple[str, str]]) -> Comparison:
    """Return a comparison of plans under any labels, those that only a file can have too."""
    found: list[Plan] = []
    for label, text in chosen:
        plan = parse_plan(text)
        found.append(plan._replace(name=label or text))
    return rs.compare(rs.Loan.of(**values), found)


def figures(text: str) -> set[str]:
    """Return every number in a text."""
    return set(re.findall(r"-?[0-9][0-9,]*(?:\.[0-9]+)?", text))


@examples(60)
@given(values=loans, chosen=plans, width=st.sampled_from([80, 100, 120]))
def test_a_table_keeps_to_its_width_and_cuts_no_digit(
    values: dict[str, object], chosen: list[tuple[str, str]], width: int
) -> None:
    """No line is wider than the terminal, and every figure in a row is one of the whole table.

    The instalment, which is never left out, stands there for each plan.
    """
    comparison = comparison_of(values, chosen)
    text = render("table", view(comparison), Setting(width))
    assert max(map(cell_len, text.splitlines())) <= width
    assert all(c.isprintable() or c in "\n\u3000" for c in text)
    body = text.split("\n\n")[1]
    whole = render("table", view(comparison), Setting(None))
    labels = " ".join(" ".join(line.name.split()) for line in comparison.plans)
    assert figures(body) <= figures(whole) | figures(labels) | set(re.findall("[0-9]+", body + "3"))
    exponent = comparison.loan.currency.exponent
    for line in comparison.plans:
        if not line.refused:
            assert f"{line.payment:,.{exponent}f}" in body
            assert f"{line.last_payment:,.{exponent}f}" in body


@examples(30)
@given(values=loans, chosen=plans)
def test_columns_stay_in_line(values: dict[str, object], chosen: list[tuple[str, str]]) -> None:
    """Wide characters, escapes and line breaks in labels move no column: the amounts end alike."""
    comparison = comparison_of(values, chosen)
    text = render("table", view(comparison), Setting(None)).split("\n\n")[1]
    heading, *body = (line for line in text.splitlines() if "freed in" not in line)
    end = heading.index("instalment") + len("instalment")
    left = {_left(row, end).rsplit(" ", 1)[-1] for row in body}
    exponent = comparison.loan.currency.exponent
    for line in comparison.plans:
        if not line.refused:
            assert f"{line.payment:,.{exponent}f}" in left
            assert f"{line.last_payment:,.{exponent}f}" in left


def _left(row: str, width: int) -> str:
    """Return the first `width` columns of a row, in which a wide character takes two."""
    cut = next((n for n in range(len(row) + 1) if cell_len(row[:n]) >= width), len(row))
    return row[:cut]


@examples(20)
@given(values=loans, width=st.sampled_from([80, 120]))
def test_a_schedule_keeps_to_its_width(values: dict[str, object], width: int) -> None:
    """Rows, sums and headings fit, with dates and without; the payment is always there."""
    comparison = rs.compare(rs.Loan.of(**values), ["defer:1,interest=spread"])
    line = comparison.plans[-1]
    shown = schedule_view(comparison.loan, line.schedule, line.name, line.plan, "words", [])
    text = render("table", shown, Setting(width))
    assert max(map(cell_len, text.splitlines())) <= width
    for row in line.schedule.rows:
        assert f"{row.payment:,.{comparison.loan.currency.exponent}f}" in text


@examples(30)
@given(values=loans, chosen=plans)
def test_markdown_has_a_cell_for_every_column(
    values: dict[str, object], chosen: list[tuple[str, str]]
) -> None:
    """Whatever the labels hold, every row of the pipe table has as many cells as the heading."""
    text = render("markdown", view(comparison_of(values, chosen)), Setting())
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == len(chosen) + 3
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {10}
    assert all(c.isprintable() or c in "\n\u3000" for c in text)
    assert not re.search(r"(?<!\\)<(?!br>)", text)


@examples(30)
@given(values=loans, chosen=plans)
def test_csv_gives_back_every_label(
    values: dict[str, object], chosen: list[tuple[str, str]]
) -> None:
    """A parser reads the labels as they are, but for an apostrophe before what a spreadsheet
    would run as a formula, and for what commands a terminal; numbers are never touched."""
    written = {
        "\x1b[31mred\x1b[0m\x07": r"\x1b[31mred\x1b[0m\x07",
        "\u202eright to left\u200b": "\\u202eright to left\u200b",
    }
    comparison = comparison_of(values, chosen)
    records = list(csv.DictReader(io.StringIO(render("csv", view(comparison), Setting()))))
    for record, line in zip(records, comparison.plans, strict=True):
        assert not record["name"].startswith(("=", "+", "-", "@", "\t", "\r"))
        label = line.name.partition(" (")[0]
        shown = line.name.replace(label, written.get(label, label), 1)
        assert record["name"].removeprefix("'") == shown
        if not line.refused:
            assert Decimal(record["payment"]) == line.payment
            assert Decimal(record["extra_cost"]) == line.extra_cost


@pytest.mark.parametrize("label", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\tx", "\rx"])
def test_a_label_is_no_formula(label: str) -> None:
    """What begins like a formula gets an apostrophe; a negative amount keeps its minus."""
    comparison = comparison_of(
        {"principal": 50_000, "term": 12, "rate": "14.4%"}, [(label, "forgive:5000")]
    )
    record = list(csv.DictReader(io.StringIO(render("csv", view(comparison), Setting()))))[1]
    assert record["name"] == "'" + label
    assert record["extra_cost"] == "-5398.53"  # 5,000 and its share of the interest, 398.53
    assert json.loads(render("json", view(comparison), Setting()))["plans"][1]["name"] == label


def test_colour_is_only_decoration() -> None:
    """With colour the same characters stand there, and the stars do not depend on it."""
    comparison = comparison_of(
        {"principal": 50_000, "term": 12, "rate": "14.4%"}, [("", "defer:3"), ("", "extend:6")]
    )
    plain = render("table", view(comparison), Setting(100))
    coloured = render("table", view(comparison), Setting(100, colour=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured).split() == plain.split()
    assert "3,105.14*" in plain
    assert "\x1b" not in plain


def test_stars_mark_the_best_of_the_plans() -> None:
    """One star a column, on the best of the plans; none on as agreed, none where all are alike."""
    text = run("compare", *LOAN).out
    table = text.split("\n\n")[1]
    rows = {line.split()[0]: line for line in table.splitlines() if line[:1].strip()}
    assert "*" not in rows["as"]
    assert "15*" in rows["defer:3"]  # the soonest end
    assert "13,496.31*" in rows["defer:3"]  # 3 x 4,498.77 stay in the pocket
    assert "3,105.14*" in rows["extend:6"]  # the lowest instalment
    assert "5,806.29*" in rows["reduce:30%"]  # the least interest
    assert rows["defer:3"].count("15.39 %*") == 0
    assert "*" not in run("compare", *LOAN, "--plan", "defer:3").out


def test_what_is_left_out_is_said() -> None:
    """A narrow table names the columns that it lacks; a wide one and a pipe have them all."""
    narrow = run("compare", *LOAN, columns=80).out
    assert "no room for: freed in 6 months, effective rate (--format csv has all)" in narrow
    assert "effective" not in narrow.splitlines()[2]
    for columns in (120, 200, None):
        assert "no room for" not in run("compare", *LOAN, columns=columns).out


@pytest.mark.parametrize("width", ["0", "7", "-1", "abc", "１２", "99999999999999999999"])
def test_odd_widths(width: str) -> None:
    """COLUMNS may hold anything: the table is drawn, in 40 columns at least."""
    import os
    from unittest import mock

    with mock.patch.dict(os.environ, {"COLUMNS": width}):
        os.environ["COLUMNS"] = width
        ran = run("compare", *LOAN, columns=int(width) if width == "7" else None)
    assert ran.code == 0
    assert "4,498.77" in ran.out


def test_formats_are_the_modules() -> None:
    """A module with a render function is a format; there is no other list."""
    assert formats()[:5] == ["table", "markdown", "csv", "json", "jsonl"]
    for name in formats():
        assert run("compare", *LOAN, "--format", name).code == 0


def test_notes_and_labels_do_nothing_to_a_terminal() -> None:
    """Notes name plans, so they are made harmless too."""
    label = "\x1b[2J\x07x"
    ran = run("compare", "--principal=5.5", "--term=12", "--rate=9", f"--plan={label}=defer:3")
    assert "\x1b" not in ran.out + ran.err
    assert r"\x1b[2J\x07x" in ran.out
    assert r"\x1b[2J\x07x" in ran.err


def test_json_keeps_decimals_exact() -> None:
    """Read with decimals, the rows reconcile to the last one, for 12 decimals too."""
    for options in ((), ("--currency", "KWD"), ("--decimals", "12")):
        text = run("schedule", *LOAN, *options, "--plan", "defer:3", "--format", "json").out
        rows = json.loads(text, parse_float=Decimal)["rows"]
        for row in rows:
            left = row["opening"] + row["interest"] + row["charges"] - row["payment"]
            assert left == row["closing"]
            assert row["principal"] == row["payment"] - row["interest"] - row["charges"]
        assert rows[-1]["closing"] == 0


@pytest.mark.parametrize("width", [60, 70, 80])
def test_long_plans_are_folded_between_their_parts_only(width: int) -> None:
    """In a narrow terminal a plan is folded behind +, commas and colons: no part is broken."""
    plan = "interest-pause:2026-02-15,to=2026-05-15+reduce:20%,for=11"
    loan = rs.Loan.of(principal=50_000, term=12, rate="14.4%", start="2026-01-15")
    text = render("table", view(rs.compare(loan, [plan])), Setting(width=width))
    assert plan not in text
    for part in re.split(r"(?<=[+,:])", plan):
        assert text.count(part) >= 2, part  # in the table, and with the description
