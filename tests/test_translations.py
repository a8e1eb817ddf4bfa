"""Chinese: the language is chosen as gettext does, catalogues are whole, columns stay aligned.

    python tests/test_translations.py --update

writes the messages of now into the catalogue, compiles it, and prints what lacks a translation.
"""

from __future__ import annotations

import sys

import pytest

from commandline import LOAN, run
from restructure.errors import UsageError
from restructure.locale import asked, of_environment, translated
from restructure.words import capital, join, say, say_n


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


if __name__ == "__main__":
    import catalogue

    if "--update" in sys.argv:
        for message in catalogue.update():
            print(repr(message))
