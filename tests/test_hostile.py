"""Names from anybody's file go through every format unharmed, and do no harm there.

HTML, formulas, terminal escapes, marks that turn the direction of writing, emoji, templates: in
names of plans, lenders, borrowers, costs and files.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from commandline import refused, run
from restructure.errors import visible

NAMES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=cmd|' /C calc'!A0",
    "\x1b]0;title\x07\x1b[31mred",
    "one\x9b31m two",
    "\u202egnp.exe\u2069 \u200fשלום",
    "👩\u200d👩\u200d👧 family 🏠",
    "{{ 7 * 7 }} {% raw %} {0} %s {name}",
    "a|b*c_d`e [f](g) # ~h~",
    "two\nlines",
    "李先生的方案",
]
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""What embeds, overrides or isolates a direction: the rest of the line may read backwards."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a loan file in which every name is a nasty one; its own name is one too."""
    path = tmp_path_factory.mktemp("nasty") / "<b>=1+1 \x1b[31m\u202e👪.json"
    nasty = {
        "loan": {"principal": 50000, "term": 12, "rate": "14.4%"},
        "household": {"income": 8000, "expenses": dict.fromkeys(NAMES, 100)},
        "lender": {"name": NAMES[0], "contact": NAMES[3], "signed": NAMES[1]},
        "borrower": {"name": NAMES[5]},
        "letter": {"reference": NAMES[2]},
        "plan": [{"name": name, "measures": "defer:1"} for name in NAMES],
    }
    path.write_text(json.dumps(nasty), encoding="utf-8")
    return str(path)


def harmless(text: str) -> None:
    """Check that nothing in a text moves the cursor, or turns the direction of writing."""
    found = [c for c in text if unicodedata.category(c) == "Cc" and c not in "\n\r\t"]
    assert not found
    assert not TURNING.search(text)


def words_of(name: str) -> list[str]:
    """Return the letters and emoji of a name: what has to be there, whatever is around them."""
    return re.findall(r"[^\W\d_]{2,}|👩\u200d👩\u200d👧", name)


def bare(text: str) -> str:
    """Return a text without blanks, line breaks and the backslashes of Markdown."""
    return re.sub(r"\s|\\|<br>", "", text)


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_json_gives_back_what_was_given(file: str, format: str) -> None:
    """Every name comes back letter by letter; what is dangerous to see is written as an escape."""
    ran = run("compare", file, "--format", format)
    harmless(ran.out)
    if format == "json":
        found = [plan["name"] for plan in json.loads(ran.out)["plans"]]
    else:
        found = [json.loads(line)["name"] for line in ran.out.splitlines()]
    assert found == ["as agreed", *NAMES]


def test_csv_runs_no_formula(file: str) -> None:
    """A name that a spreadsheet would run has an apostrophe; escapes are written out."""
    ran = run("compare", file, "--format", "csv")
    harmless(ran.out)
    found = [row["name"] for row in csv.DictReader(io.StringIO(ran.out, newline=""))][1:]
    assert len(found) == len(NAMES)
    for name, shown in zip(NAMES, found, strict=True):
        assert not shown.startswith(("=", "+", "-", "@"))
        if name.startswith("="):
            assert shown == "'" + name
        elif TURNING.search(name) or any(unicodedata.category(c) == "Cc" and c != "\n"
                                         for c in name):  # fmt: skip
            assert shown != name
            for word in words_of(name):
                assert word in shown
        else:
            assert shown == name


@pytest.mark.parametrize("words", [
    ("compare", "--format", "table"), ("compare", "--format", "markdown"), ("compare", "--chart"),
    ("afford", "--format", "table"), ("afford", "--format", "markdown"),
    ("schedule", "--plan", NAMES[3]), ("letter", "--plan", NAMES[4]),
    ("letter", "--plan", NAMES[6], "--lang", "zh"),
], ids=lambda words: " ".join(words[:3]).encode("ascii", "replace").decode())  # fmt: skip
def test_text_for_people_stays_text(file: str, words: tuple[str, ...]) -> None:
    """At a terminal nothing moves the cursor, and what is written about a file neither."""
    ran = run(words[0], file, *words[1:])
    assert ran.code == 0
    harmless(ran.out)
    harmless(ran.err)
    if words[0] == "compare":
        for name in NAMES:
            assert bare("".join(map(visible, name.split("\n")))) in bare(ran.out)
    if words[0] == "letter" or "markdown" in words:
        assert "<script" not in ran.out.replace("\\<", "")


@pytest.mark.parametrize(
    "words",
    [
        ("report",),
        ("letter", "--plan", NAMES[1], "--format", "html"),
        ("afford", "--format", "html"),
    ],
    ids=lambda words: words[0],
)
def test_a_page_shows_names_and_runs_nothing(
    file: str, words: tuple[str, ...], chromium: Any, tmp_path: Path
) -> None:
    """In a browser: no script, no picture, no request, no dialogue; names read as they are."""
    ran = run(words[0], file, *words[1:])
    assert ran.code == 0
    harmless(ran.out)
    target = tmp_path / "page.html"
    target.write_text(ran.out, encoding="utf-8")
    page = chromium.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: said.append(request.url))
    page.goto(target.as_uri())
    assert [one for one in said if not one.startswith("data:")] == [page.url]
    assert page.locator("script, img, iframe, object").count() == 0
    if words[0] == "report":
        heads = page.locator(".plan h3 bdi").all_text_contents()
        assert heads == ["\n".join(visible(line) for line in name.split("\n")) for name in NAMES]
    page.close()


def test_an_error_about_such_a_file_is_harmless(file: str) -> None:
    """The name of the file and of the plan stand in the message, escaped."""
    refused(run("letter", file, "--plan", "\x1b[31mnone"), r"\x1b[31mnone", codes=(2,))
    refused(run("compare", file + "\x1b[0m"), r"\x1b[0m", codes=(2, 3))
