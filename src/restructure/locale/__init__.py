"""The language in which people read: catalogues in gettext's form, and how a text is shown.

English is inside every text and needs nothing here. For another language `translated` looks
up the template of a `words.Text` in the catalogue `LANG/LC_MESSAGES/restructure.mo` and fills
it in again. Amounts with a currency, and days, are written by Babel where it is installed
(`pip install 'restructure[zh]'`), otherwise as in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from restructure.errors import RestructureError, UsageError
from restructure.words import Amount, Text, say

if TYPE_CHECKING:
    from gettext import NullTranslations

LANGUAGES = ("en", "zh")
FOLDER = Path(__file__).parent
DOMAIN = "restructure"
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""The variables of the environment that name a language, the first that is set wins."""


def asked(name: str) -> str:
    """Return the language that somebody asks for: "zh", "zh_CN", "zh-Hans" are all zh.

    Raises UsageError for a language that there is not.
    """
    found = _known(name)
    if found is None:
        raise UsageError(
            say(
                "there is no language {name!r}; --lang is en (English) or zh (Chinese).",
                name=name[:40],
            )
        )
    return found


def of_environment(environ: Mapping[str, str]) -> str:
    """Return the language of the locale, as gettext finds it; English if it has none of ours.

    LANGUAGE may name several, the best first: LANGUAGE=fr:zh_CN is zh.
    """
    names = next((environ[name] for name in VARIABLES if environ.get(name)), "")
    return next(filter(None, map(_known, names.split(":"))), "en")


def _known(name: str) -> str | None:
    """Return the language of a name such as zh_CN.UTF-8; C and POSIX are English."""
    head = name.strip().replace("-", "_").lower()
    for mark in (".", "@", "_"):
        head = head.partition(mark)[0]
    head = {"c": "en", "posix": "en"}.get(head, head)
    return head if head in LANGUAGES else None


def translated(text: str, lang: str) -> str:
    """Return a text in a language; a text that is no `Text` stays as it is."""
    if lang == "en":
        return str(text)
    if isinstance(text, Amount):
        return _money(text, lang)
    if not isinstance(text, Text):
        return text
    if text.pieces:
        return _tidy("".join(translated(piece, lang) for piece in text.pieces), lang)
    template = template_of(text, lang)
    parts = {name: _part(value, lang) for name, value in text.parts.items()}
    return _tidy(template.format(**parts) if parts else template, lang)


def template_of(text: Text, lang: str) -> str:
    """Return the template of a text in a language, before its parts are filled in."""
    if lang == "en":
        many = text.plural and text.parts["count"] != 1
        return text.plural if many else text.template
    known = _catalogue(lang)
    if text.plural:
        return known.ngettext(text.template, text.plural, text.parts["count"])
    if text.context:
        return known.pgettext(text.context, text.template)
    return known.gettext(text.template) if text.template else ""


def _tidy(text: str, lang: str) -> str:
    """Return a text without the spaces that English wants and Chinese does not."""
    if lang != "zh":
        return text
    return re.sub(r"(?<=[0-9]) %|(?<=[，。；：、！？）]) ", lambda at: at[0].strip(), text)


def _part(value: Any, lang: str) -> Any:
    """Return what fills a template: texts and amounts in the language, days as it writes them."""
    if isinstance(value, RestructureError):
        value = value.text
    if isinstance(value, str):
        return translated(value, lang)
    return day(value, lang) if isinstance(value, date) else value


def day(value: date, lang: str) -> str:
    """Return a day in words: 2026年3月31日; as 2026-03-31 in English and without Babel."""
    if lang == "en":
        return value.isoformat()
    try:
        from babel.dates import format_date
    except ImportError:
        return value.isoformat()
    return format_date(value, "long", locale=lang)


def _money(text: Amount, lang: str) -> str:
    try:
        from babel.numbers import format_currency
    except ImportError:
        return str(text)
    decimals = -int(text.value.as_tuple().exponent)
    pattern = "¤#,##0" + ("." + "0" * decimals if decimals > 0 else "")
    return format_currency(text.value, text.code, pattern, locale=lang, currency_digits=False)


@cache
def _catalogue(lang: str) -> NullTranslations:
    from gettext import translation

    return translation(DOMAIN, FOLDER, [lang], fallback=True)


def looked_up(line: str, lang: str) -> str:
    """Return a fixed line, such as one of help, in a language."""
    return line if lang == "en" or not line else _catalogue(lang).gettext(line)
