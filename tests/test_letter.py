"""The letter: every number from the plan, nothing invented, templates that can do no harm."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from commandline import LOAN, refused, run

EXAMPLE = str(Path(__file__).parents[1] / "examples" / "letter.toml")
PLAN = ("--plan", "lower, longer")


def letter(*args: str) -> str:
    """Return the letter that the command writes."""
    ran = run("letter", *args)
    assert ran.code == 0, ran
    return ran.out


def test_every_number_is_from_the_plan() -> None:
    """The figures of extend:6 after 4 paid and 2 missed, as worked out on docs and in design.

    Owed 34,940.87 with 49.07 of penalty interest, due with the first payment; a late month of
    principal P costs P x 14.4 % / 12.
    """
    text = letter(EXAMPLE, *PLAN)
    rows = re.findall(r"^\| (\d+) \| (.*?) \| ([\d,.]+) \| ([\d,.]+) \|$", text, re.MULTILINE)
    paid = [float(row[2].replace(",", "")) for row in rows]
    assert len(rows) == 12
    assert rows[0][1:3] == ("15 August 2026", "3,188.47")
    assert round(sum(paid), 2) == 37721.93
    assert rows[-1][1] == "15 July 2027"
    assert rows[-1][3] == "0.00"
    for words in (
        "On 15 July 2026 you owe CNY 34,940.87.",
        "Until the end, CNY 2,781.06 of interest is added.",  # 37,721.93 - 34,940.87
        "So you pay CNY 37,721.93 in all.",
        "CNY 9,046.61 is overdue",
        "CNY 1,682.68 more than",
        "interest of 14.4 % a year",
    ):
        assert words in text
    found = re.search(r"of a payment of CNY ([\d,.]+), CNY ([\d,.]+) is principal.*costs CNY "
                      r"([\d,.]+)\.", text)  # fmt: skip
    assert found
    payment, principal, cost = (float(part.replace(",", "")) for part in found.groups())
    assert payment == 3139.40
    assert cost == round(principal * 0.144 / 12, 2)


def test_a_pause_is_named_as_such() -> None:
    """Months without payment, the first payment and its day stand in words."""
    text = letter(EXAMPLE, "--plan", "pause")
    assert "For the first 3 months you pay nothing at all." in text
    assert "Your first payment is CNY 6,331.90 on 15 November 2026." in text
    bare = letter(*LOAN, "--plan", "defer:3")
    assert "Your first payment is CNY 4,662.68, 4 months from now." in bare


def test_nothing_is_invented() -> None:
    """Without names and dates there are blanks; with them they stand where they belong."""
    text = letter(*LOAN, "--plan", "extend:6")
    assert "Dear customer," in text
    assert "Date: …" in text
    assert "Name and telephone: …" in text
    assert "missed" not in text.split("## The main points")[0]
    named = letter(
        *LOAN, "--plan", "extend:6", "--borrower", "A. Borrower", "--lender", "A Bank",
        "--contact", "Room 5", "--signed", "B. Clerk", "--reference", "77",
        "--date", "2026-03-31", "--answer-by", "2026-04-15",
    )  # fmt: skip
    for words in ("Dear A. Borrower,", "**A Bank**", "31 March 2026", "Reference: 77", "Room 5",
                  "by 15 April 2026", "B. Clerk"):  # fmt: skip
        assert words in named
    assert "…" not in named.split("I accept this plan.")[0]


def test_an_option_wins_over_the_file() -> None:
    """The head of the file can be changed for one letter."""
    text = letter(EXAMPLE, *PLAN, "--borrower", "Somebody Else")
    assert "Somebody Else" in text
    assert "Mr Li" not in text


def test_a_plan_is_asked_for() -> None:
    """Of several plans one has to be named; a plan in the grammar does as well."""
    refused(run("letter", EXAMPLE), "--plan", "'pause'", codes=(2,))
    refused(run("letter", *LOAN), "--plan defer:3", codes=(2,))
    refused(run("letter", EXAMPLE, "--plan", "paus"), "'pause'", codes=(2,))
    refused(run("letter", EXAMPLE, "--plan", "reduce:10"), "least", codes=(3,))
    assert "defer:1" not in letter(EXAMPLE, "--plan", "gentle=defer:1")


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('[lender]\nnam = "x"', ["[lender]", "'nam'", "name"]),
        ("[letter]\ndate = 2026-13-01", ["TOML"]),
        ('[letter]\ndate = "soon"', ["[letter]", "date", "2026-03-31"]),
        ("[borrower]\nname = 5", ["[borrower]", "not text"]),
        ('lender = "x"', ["lender"]),
    ],
)
def test_a_wrong_head_is_named(tmp_path: Path, toml: str, words: list[str]) -> None:
    """Section, key and what is allowed, in one message."""
    file = tmp_path / "loan.toml"
    file.write_text(f"{toml}\n[loan]\nprincipal = 1000\nterm = 3\n", encoding="utf-8")
    refused(run("letter", str(file), "--plan", "defer:1"), *words, codes=(3,))


def test_the_file_gives_the_format(tmp_path: Path) -> None:
    """.html and .md are known; another suffix asks for --format."""
    page = tmp_path / "letter.html"
    assert run("letter", EXAMPLE, *PLAN, "-o", str(page)).code == 0
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    refused(run("letter", EXAMPLE, *PLAN, "-o", str(tmp_path / "x.doc")), ".html", codes=(2,))
    assert letter(EXAMPLE, *PLAN, "--format", "html") == page.read_text("utf-8")


# -- templates of a lender's own ----------------------------------------------------------


def filled(tmp_path: Path, source: str, name: str = "own.txt", *more: str) -> Any:
    """Return what the command does with a template."""
    file = tmp_path / name
    file.write_text(source, encoding="utf-8")
    return run("letter", EXAMPLE, *PLAN, "--template", str(file), *more)


def test_a_template_of_ones_own(tmp_path: Path) -> None:
    """Values, runs of payments and the built-in sections can be used."""
    source = (
        "{{ parties.borrower }}: {{ payments[0].amount }} first, {{ payments[1].times }} more, "
        "{{ amount(total_paid) }} until {{ maturity }}; {{ letter.sections|length }} sections"
    )
    ran = filled(tmp_path, source)
    assert ran.out == (
        "Mr Li: CNY 3,188.47 first, 10 more, 37,721.93 until 15 July 2027; 5 sections"
    )


def test_a_template_may_build_on_the_letter(tmp_path: Path) -> None:
    """One block is replaced, the others stay."""
    source = '{% extends "letter.html.jinja" %}{% block close %}<p>Yours</p>{% endblock %}'
    ran = filled(tmp_path, source, "own.html.jinja")
    assert "<p>Yours</p>" in ran.out
    assert "The main points" in ran.out
    assert "I accept" not in ran.out


def test_a_template_escapes_what_came_from_outside(tmp_path: Path) -> None:
    """By the kind that the name says, also where a template joins or filters texts."""
    source = "{{ parties.borrower }}|{{ [parties.borrower, plan]|join(' ') }}"
    nasty = ("--borrower", "<b>\x1b[31m*x*")
    html = filled(tmp_path, source, "own.html", *nasty).out
    assert "<b>" not in html
    assert "&lt;b&gt;" in html
    assert "\x1b" not in html
    markdown = filled(tmp_path, source, "own.md", *nasty).out
    assert r"\<b\>" in markdown
    assert r"\*x\*" in markdown
    text = filled(tmp_path, source, "own.txt", *nasty).out
    assert r"<b>\x1b[31m*x*" in text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a\nb\n{% if %}", ["own.txt", "line 3"]),
        ("a\n{{ nobody }}", ["own.txt", "line 2", "nobody"]),
        ("{{ parties.nobody }}", ["line 1", "nobody"]),
        ("{{ 1 / 0 }}", ["line 1", "division"]),
        ("{{ total_paid + 'x' }}", ["line 1"]),
        ('{% include "/etc/passwd" %}', ["line 1", "/etc/passwd"]),
        ('{% extends "../report.py" %}', ["line 1"]),
        ("{{ ''.__class__.__mro__ }}", ["line 1", "__class__"]),
        ("{{ parties.__init__.__globals__ }}", ["line 1"]),
        ("{% for x in range(10**9) %}{% endfor %}", ["line 1"]),
        ("{{ rows.append(1) }}", ["line 1"]),
    ],
)
def test_a_wrong_or_hostile_template_is_named_with_its_line(
    tmp_path: Path, source: str, words: list[str]
) -> None:
    """Mistakes and ways out of the sandbox end in one message."""
    refused(filled(tmp_path, source), *words, codes=(3,))


# -- Chinese ------------------------------------------------------------------------------


def test_the_letter_in_chinese_is_chinese_throughout() -> None:
    """Days and amounts as Chinese writes them, and no English word but the names given."""
    text = letter(EXAMPLE, *PLAN, "--lang", "zh")
    assert "您的新还款方案" in text
    assert "截至2026年7月15日" in text
    assert "37,721.93元" in text
    for name in ("Example Bank", "Mr Li", "lower, longer", "CNY",
                 "Customer care, telephone 000 000, Monday to Friday, 9 to 17"):  # fmt: skip
        text = text.replace(name, "")
    assert re.findall(r"[A-Za-z]{2,}", text.replace("<br>", "")) == []


# -- where the figures come from ----------------------------------------------------------


def test_with_a_payment_history_the_day_is_that_of_the_position() -> None:
    """What is owed is said for the day that was asked for, not for the due date before it."""
    folder = Path(EXAMPLE).parent
    text = letter(
        str(folder / "in-arrears.toml"), "--payments", str(folder / "in-arrears.csv"),
        "--as-of", "2024-11-13", "--plan", "extend:6",
    )  # fmt: skip
    assert "| You owe on 13 November 2024 | CNY 33,192.01 |" in text


def test_a_plan_without_a_name_is_told_in_words() -> None:
    """A borrower reads no grammar: without a label the plan is its description."""
    text = letter(*LOAN, "--plan", "extend:6")
    assert "extend:6" not in text
    assert "| Plan | Add 6 instalments and spread the debt over all of them |" in text
    assert "\nAdd 6 instalments and spread the debt over all of them.\n" in text
