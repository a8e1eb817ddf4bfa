"""Chinese: the language is chosen as gettext does, catalogues are whole, columns stay aligned.

    python tests/test_translations.py --update

writes the messages of now into the catalogue, compiles it, and prints what lacks a translation.
"""

from __future__ import annotations

import ast
import contextlib
import re
import sys
from datetime import date
from decimal import Decimal
from gettext import GNUTranslations
from io import BytesIO
from string import Formatter
from unittest import mock

import pytest

import catalogue
from commandline import LOAN, run
from restructure.cli import COMMANDS
from restructure.errors import UsageError
from restructure.locale import asked, of_environment, translated
from restructure.locale.wrapping import width, wrapped
from restructure.words import amount, capital, join, say, say_n

UPDATE = "python tests/test_translations.py --update"


@pytest.mark.parametrize("name", ["zh", "zh_CN", "zh.UTF-8", "zh-Hans", "ZH_CN.UTF-8@x"])
def test_chinese_has_many_names(name: str) -> None:
    """A language may be asked for as locales write it."""
    assert asked(name) == "zh"
    assert of_environment({"LANG": name}) == "zh"


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANGUAGE": "fr:zh_CN:en", "LANG": "en_GB.UTF-8"}, "zh"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US"}, "zh"),
    ],
)
def test_the_locale_gives_the_language(environ: dict[str, str], language: str) -> None:
    """LANGUAGE, LC_ALL, LC_MESSAGES, LANG: the first that is set wins, as in gettext's manual."""
    assert of_environment(environ) == language


def test_an_unknown_language_is_refused() -> None:
    """A language that there is not is named, with those that there are."""
    with pytest.raises(UsageError, match="no language 'fr'; --lang is en"):
        asked("fr")
    for words in (("--lang", "fr", "measures"), ("measures", "--lang=fr")):
        assert run(*words).code == 2


def test_a_text_keeps_what_it_was_made_of() -> None:
    """Texts may be added, joined and capitalised, and are translated piece by piece."""
    note = say("Note: {note}", note=say("Plans"))
    assert note == "Note: Plans"
    assert translated(note, "zh") == "提示：方案"
    assert translated(note + " x", "zh") == "提示：方案 x"
    assert translated("x " + note, "zh") == "x 提示：方案"
    assert translated(join("/", [say("Plans"), "b"]), "zh") == "方案/b"
    assert capital(say("lower")) == "Lower"
    assert say_n("{count} loan", "{count} loans", 1) == "1 loan"
    assert say_n("{count} loan", "{count} loans", 3) == "3 loans"
    assert translated("Plans", "zh") == "Plans"


def test_lang_stands_before_or_behind_the_command() -> None:
    """--lang is an option of the whole and of each command."""
    for words in (("--lang", "zh", "solve", "--help"), ("solve", "--help", "--lang=zh")):
        assert run(*words, columns=80).out.startswith("用法：restructure solve")


@pytest.mark.parametrize("format", ["csv", "json", "jsonl"])
def test_machine_formats_stay_as_they_are(format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs read the same bytes in every language."""
    words = ("compare", *LOAN, "--plan", "defer:3", "--plan", "defer:20,keep=maturity")
    english = run(*words, "--format", format)
    assert run(*words, "--format", format, "--lang", "zh").out == english.out
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    chinese = run(*words, "--format", format)
    assert (chinese.code, chinese.out) == (english.code, english.out)


ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [a-z]{2,}){2}", re.ASCII)
"""Three English words in a row: a message that nobody translated."""


def fields_of(template: str) -> list[str]:
    """Return the names of what fills a template, once each."""
    return sorted({name for _, name, _, _ in Formatter().parse(template) if name})


def test_every_message_has_a_translation() -> None:
    """What the sources say now stands in the catalogue, translated, with the same parts."""
    stored = catalogue.stored()
    for message in catalogue.extracted():
        if not message.id:
            continue
        known = stored.get(message.id, message.context)
        assert known is not None, f"run {UPDATE}; new: {message.id!r}"
        assert catalogue.filled(known.string), f"not translated: {message.id!r}"
        assert not known.fuzzy, message.id
        forms = [message.id] if isinstance(message.id, str) else list(message.id)
        for string in [known.string] if isinstance(known.string, str) else known.string:
            with contextlib.suppress(ValueError):  # braces that stand for themselves
                assert fields_of(string) in map(fields_of, forms), (message.id, string)


def test_the_catalogue_holds_nothing_else() -> None:
    """A message that nobody says any more leaves the catalogue."""
    said = catalogue.extracted()
    left = [m.id for m in catalogue.stored() if m.id and said.get(m.id, m.context) is None]
    assert not left, f"run {UPDATE}"


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    """restructure.mo says what restructure.po says now."""
    shipped, wanted = (
        vars(GNUTranslations(BytesIO(data)))["_catalog"]
        for data in (catalogue.MO.read_bytes(), catalogue.compiled(catalogue.stored()))
    )
    for messages in (shipped, wanted):
        del messages[""]  # the header has the hour and the version of Babel
    assert shipped == wanted, f"run {UPDATE}"


def test_errors_are_texts() -> None:
    """No error is raised with a plain string: it could not be shown in another language."""
    import restructure.errors

    names = {name for name, kind in vars(restructure.errors).items() if isinstance(kind, type)}
    plain = []
    for path in sorted(catalogue.PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                words = node.args[0]
                literal = isinstance(words, ast.JoinedStr) or isinstance(
                    getattr(words, "value", None), str
                )
                if node.func.id in names and literal and not isinstance(words, ast.Attribute):
                    plain.append(f"{path.name}:{node.lineno}")
    assert not plain, f"write say(...) in {plain}"


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_is_chinese_and_fits(name: str) -> None:
    """Help has no English sentence left but commands to copy, and at most 80 columns."""
    ran = run(*([name] if name else []), "--help", "--lang", "zh", columns=80)
    assert ran.code == 0
    assert ran.out.startswith("用法：restructure")
    text = re.sub(r"restructure [a-z ]+", "", ran.out.partition("示例：")[0])
    assert not ENGLISH.search(text), ENGLISH.search(text)
    assert max(map(width, text.splitlines())) <= 80


@pytest.mark.parametrize(
    "words",
    [
        ("compare", *LOAN, "--paid", "4", "--missed", "2", "--view", "lender"),
        ("compare", *LOAN, "--plan", "pause=defer:3+extend:6", "--plan", "step:50%x3/75%x3"),
        ("compare", *LOAN, "--plan", "forgive:5000+rate:10%,for=3", "--plan", "reduce:100"),
        ("schedule", *LOAN, "--start", "2026-01-15", "--plan", "defer:3,keep=maturity"),
        ("solve", *LOAN, "--payment", "3000"),
        ("advise", *LOAN, "--capacity", "0x3,5000"),
        ("advise", *LOAN, "--capacity", "100"),
        ("afford", *LOAN, "--income", "8000", "--expense", "rent=4500", "--limit", "china"),
        ("measures",),
        ("measures", "arrears"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("columns", [80, 120, None])
def test_tables_are_chinese_and_aligned(words: tuple[str, ...], columns: int | None) -> None:
    """No English sentence is left, and every number ends under its heading.

    A column of numbers is set right: in the terminal's columns (two for a wide character) all
    its cells end at the same place, as does the line below the headings.
    """
    ran = run(*words, "--lang", "zh", columns=columns)
    text = ran.out + ran.err
    assert not ENGLISH.search(text), ENGLISH.search(text)
    lines = ran.out.splitlines()
    rules = [at for at, line in enumerate(lines) if line and set(line) <= set("─ ")]
    for at in rules:
        row = lines[at + 1]
        end = width(lines[at])
        assert end - 1 <= width(row) <= end, (row, lines[at])
    if columns and rules:
        assert max(map(width, lines)) <= columns


def test_wide_lines_are_wrapped() -> None:
    """Chinese breaks between any two characters, but not before a closing mark."""
    assert wrapped("一二三，四五。六", 6) == ["一二", "三，四", "五。六"]
    assert wrapped("方案 defer:3 可行", 12) == ["方案 defer:3", "可行"]
    assert width("方案 a") == 6


def test_days_and_amounts_are_written_as_chinese_does() -> None:
    """Babel's forms of the Unicode CLDR: 2026年3月31日, ¥50,000.00; plain without Babel."""
    text = say("{day}: {sum}", day=date(2026, 3, 31), sum=amount(Decimal(5), "CNY", "5.00"))
    assert text == "2026-03-31: CNY 5.00"
    assert translated(text, "zh") == "2026年3月31日: ¥5"
    with mock.patch.dict(sys.modules, {"babel.dates": None, "babel.numbers": None}):
        assert translated(text, "zh") == "2026-03-31: CNY 5.00"


if __name__ == "__main__":
    if "--update" in sys.argv:
        for message in catalogue.update():
            print(repr(message))
