"""Whole conversations with the command line, as a case worker sees them.

Each file in transcripts/ says what it shows, and holds commands after "$ ", each with its
standard output, then the lines of standard error behind "! ", then its exit code if it is not
0. "| cat" stands for a pipe, which has no width; COLUMNS=80 for a terminal that is 80 wide.

    python tests/test_cli_transcripts.py compare-80

prints a transcript as it would be now. The tests never write; read the difference, check each
new figure by other means, and put it into the file by hand.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from commandline import run
from reference.model import (
    Amount,
    Arrears,
    Defer,
    Extend,
    InterestOnly,
    LoanSpec,
    MeasureSpec,
    Percent,
    Reduce,
    baseline,
    position,
    reference,
)

FOLDER = Path(__file__).with_name("transcripts")
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))


def played(text: str) -> str:
    """Return a transcript with every command's output as it is now."""
    parts = []
    for block in re.split(r"^(?=\$ )", text, flags=re.MULTILINE):
        if not block.startswith("$ "):
            parts.append(block)
            continue
        command = re.match(r"\$ (?:.*\\\n)*.*\n", block)
        assert command is not None
        line = command[0][2:].replace("\\\n", " ").removesuffix("\n").removesuffix("| cat")
        words = shlex.split(line)
        columns = None
        if words[0].startswith("COLUMNS="):
            columns = int(words.pop(0).partition("=")[2])
        assert words.pop(0) == "restructure"
        ran = run(*words, columns=columns)
        lines = [f"! {line}\n" for line in ran.err.splitlines()]
        code = f"exit code {ran.code}\n" if ran.code else ""
        parts.append("".join([command[0], ran.out, *lines, code, "\n"]))
    return "".join(parts).rstrip("\n") + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_transcript(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of the transcript says, word for word, what stands there."""
    monkeypatch.chdir(FOLDER)
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert played(text) == text


def test_the_transcripts_cover_every_command() -> None:
    """There are transcripts, and each command and format stands in one."""
    text = "".join((FOLDER / f"{name}.txt").read_text(encoding="utf-8") for name in NAMES)
    for word in ("compare", "schedule", "solve", "measures", "csv", "json", "markdown"):
        assert re.search(rf"^\$ .*\b{word}\b", text, flags=re.MULTILINE), word


FOUNDING = LoanSpec(5_000_000, 12, Fraction(144, 1000))
OVERDUE = replace(FOUNDING, paid=4, missed=2)
YEN = LoanSpec(3_000_000, 36, Fraction(15, 100))
DINAR = LoanSpec(10**12, 24, Fraction(6, 100))
LESS = Reduce(Percent(Fraction(30, 100)))
FIGURES: list[tuple[str, str, LoanSpec, int, list[MeasureSpec]]] = [
    ("compare-80", "defer:3", FOUNDING, 2, [Defer(3)]),
    ("compare-80", "extend:6", FOUNDING, 2, [Extend(6)]),
    ("compare-80", "reduce:30%", FOUNDING, 2, [LESS]),
    ("compare-80", "extend:12", FOUNDING, 2, [Extend(12)]),
    ("compare-80", "extend:18", FOUNDING, 2, [Extend(18)]),
    ("compare-80", "breather", FOUNDING, 2, [InterestOnly(3, keep="count")]),
    ("compare-120", "defer:3", FOUNDING, 2, [Defer(3)]),
    ("compare-120", "extend:6", FOUNDING, 2, [Extend(6)]),
    ("compare-120", "reduce:30%", FOUNDING, 2, [LESS]),
    ("compare-120", "reduce:3000", FOUNDING, 2, [Reduce(Amount(Fraction(300_000)))]),
    ("compare-120", "defer:2,interest=waive", FOUNDING, 2, [Defer(2, interest="waive")]),
    ("compare-arrears", "pause 延期", OVERDUE, 2, [Defer(3)]),
    ("compare-arrears", "longer", OVERDUE, 2, [Arrears("spread", over=6), Extend(6)]),
    *(
        ("compare-arrears", name, replace(OVERDUE, penalty_rate=Fraction(216, 1000)), 2, [measure])
        for name, measure in (("defer:3", Defer(3)), ("extend:6", Extend(6)), ("reduce:30%", LESS))
    ),
    ("compare-refused", "extend:12", FOUNDING, 2, [Extend(12)]),
    ("compare-currencies", "defer:3,interest=pay", YEN, 0, [Defer(3, interest="pay")]),
    ("compare-currencies", "extend:12", YEN, 0, [Extend(12)]),
    ("compare-currencies", "defer:1", DINAR, 3, [Defer(1)]),
    ("compare-currencies", "extend:12", DINAR, 3, [Extend(12)]),
    ("schedule", "defer:3", FOUNDING, 2, [Defer(3)]),
    ("schedule", "pause 延期", OVERDUE, 2, [Defer(3)]),
]
"""Transcript, plan, and the same loan and plan for the restatement of the rules."""


def table_rows(text: str, plan: str) -> list[str]:
    """Return the row of a plan in each table, with the lines that continue it."""
    found = re.findall(rf"^{re.escape(plan)} .*\n(?: .*\n)*", text, flags=re.MULTILINE)
    return [row for row in found if re.search(r"\d  ", row)]


@pytest.mark.parametrize("case", FIGURES, ids=lambda case: f"{case[0]} {case[1]}")
def test_figures_agree_with_the_reference(
    case: tuple[str, str, LoanSpec, int, list[MeasureSpec]],
) -> None:
    """Each figure of a plan is what the independent restatement of the rules works out."""
    name, plan, loan, exponent, measures = case
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    rows = reference(loan, measures)
    assert isinstance(rows, list)
    agreed, today = baseline(loan), position(loan)
    arrears = today.overdue_principal + today.overdue_interest + today.penalty + today.fees

    def amount(minor: int) -> str:
        return f"{Decimal(minor).scaleb(-exponent):,.{exponent}f}"

    if name == "schedule":
        for row in rows:
            figures = (row.opening, row.interest, row.principal, row.payment, row.closing)
            assert re.search(r" +".join(map(re.escape, map(amount, figures))), text), row
        return
    paid = [row.payment for row in rows]
    usual = Counter(pay for pay in paid if pay).most_common(1)[0][0]
    first = next(pay for pay in paid if pay)
    due = [row.payment for row in agreed]
    wanted = {"instalment": amount(usual), "months": str(len(rows))}
    wanted["extra cost"] = amount(sum(paid) - sum(due) - arrears)
    wanted["3 months"] = amount(sum(due[:3]) + arrears - sum(paid[:3]))
    wanted["6 months"] = amount(sum(due[:6]) + arrears - sum(paid[:6]))
    wanted["interest"] = amount(sum(row.interest for row in rows))
    wanted["first"] = amount(first)
    wanted["last"] = amount(paid[-1])
    for block in text.split("\n$ "):
        for row in table_rows(block, plan):
            values = set(re.findall(r"-?[0-9][0-9,.]*", row.removeprefix(plan)))
            heading = next(line for line in block.splitlines() if line.startswith("plan "))
            if wanted["instalment"] not in values:
                continue  # the same plan of another loan
            for column, value in wanted.items():
                if column in heading or column in ("first", "last"):
                    assert value in values, (column, value, row)
            return
    raise AssertionError(f"{plan} with an instalment of {wanted['instalment']} is not there")


if __name__ == "__main__":
    os.chdir(FOLDER)
    for asked in sys.argv[1:]:
        sys.stdout.write(played(Path(f"{asked}.txt").read_text(encoding="utf-8")))
