"""Pages: a report and a letter, filled in from Jinja templates.

Whatever came from outside is escaped in one place, where a value is written: `Page.shown` is the
`finalize` of the template environment. A template writes its prose with `say("...", ...)`, so
that it is translated as every other message is. Of the parts, a Decimal is an amount of the
loan's currency, a date a day, and a Name a text from outside, which keeps its own direction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from string import Formatter
from typing import Any

from restructure.errors import RestructureError, visible
from restructure.locale import template_of
from restructure.money import Currency
from restructure.words import Amount, Text, say

_PERCENT = re.compile(r"(?<=[0-9]) %")
_MONTHS = """
January February March April May June July August September October November December
"""


class Name(str):
    """A text from outside, such as a plan's label: shown apart from the words around it."""

    __slots__ = ()


BLANK = Name("…" * 12)
"""Room for a hand to write."""


def need(extra: str = "report") -> None:
    """Raise RestructureError if Jinja, which fills in the templates, is not installed."""
    from importlib.util import find_spec

    if find_spec("jinja2") is None:
        raise RestructureError(
            say(
                "this page needs Jinja, which is not installed. Run: {command}",
                command=f"pip install 'restructure[{extra}]'",
            )
        )


class _Written(str):
    """A text in the signs of Markdown or of plain text: nothing in it is escaped again."""

    __slots__ = ()

    def __add__(self, other: str) -> _Written:
        return _Written(str(self) + str(other))

    def join(self, texts: Iterable[str]) -> _Written:
        return _Written(str(self).join(texts))


class Page:
    """How values are written: the currency of amounts, the language, and the kind of page.

    The kind is html, markdown or text; it decides what is escaped, and how.
    """

    def __init__(self, currency: Currency, lang: str = "en", kind: str = "html") -> None:
        self.currency = currency
        self.lang = lang
        self.kind = kind

    def amount(self, value: Decimal) -> str:
        """Return an amount without its currency: 4,498.77."""
        return f"{value:,.{self.currency.exponent}f}"

    def money(self, value: Decimal) -> str:
        """Return an amount with its currency: CNY 4,498.77, in Chinese 4,498.77元."""
        code = self.currency.code
        if self.lang == "zh" and code == "CNY":
            return f"{self.amount(value)}元"
        space = "\N{NO-BREAK SPACE}" if self.kind == "html" else " "
        return f"{code}{space}{self.amount(value)}"

    def day(self, value: date) -> str:
        """Return a day: 31 March 2026, in Chinese 2026年3月31日."""
        if self.lang == "zh":
            return f"{value.year}年{value.month}月{value.day}日"
        return f"{value.day} {_MONTHS.split()[value.month - 1]} {value.year}"

    def words(self, value: Any) -> str:
        """Return a number, a day or a text as words in the language of the page."""
        if isinstance(value, Decimal):
            return self.money(value)
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, Amount):
            return self.money(value.value) if value.code == self.currency.code else str(value)
        text = "" if value is None else str(value)
        # Chinese writes no space before the sign.
        return _PERCENT.sub("%", text) if self.lang == "zh" else text

    def shown(self, value: Any) -> Any:
        """Return a value as the page writes it, harmless wherever it came from."""
        if isinstance(value, _Written) or hasattr(value, "__html__"):
            return value
        if isinstance(value, Text):
            found = self._text(value)
            first = value[:1]
            if self.lang == "en" and found[:1] == first.lower() != first:  # words.capital
                return type(found)(first + found[1:])
            return found
        if isinstance(value, Name) and self.kind == "html":
            return self.escaped("<bdi>{}</bdi>", markup=True).format(self.escaped(value))
        return self.escaped(self.words(value))

    def unmarked(self, value: Any) -> str:
        """Return a value as an attribute of the page has it: in words, without elements."""
        found = self.shown(value)
        return str(found.striptags() if hasattr(found, "striptags") else found)

    def _text(self, value: Text) -> Any:
        if value.pieces:
            # Nor does it part sentences by a space.
            pieces = [piece for piece in value.pieces if self.lang != "zh" or piece != " "]
            return self.escaped("").join(self.shown(piece) for piece in pieces)
        template = template_of(value, self.lang)
        if not value.parts:
            return self.escaped(template)
        found = [
            self.escaped(words) if name is None
            else self.escaped(words) + self._part(value.parts[name], spec, conversion)
            for words, name, spec, conversion in Formatter().parse(template)
        ]  # fmt: skip
        return self.escaped("").join(found)

    def _part(self, value: Any, spec: str | None, conversion: str | None) -> Any:
        """Return what fills a place of a template."""
        if isinstance(value, RestructureError):
            value = value.text
        if conversion == "r":
            value = repr(str(value))
        return self.shown(format(value, spec) if spec else value)

    def escaped(self, text: str, markup: bool = False) -> Any:
        """Return a plain text in the signs of the page's kind; `markup` is in them already."""
        if not markup:
            text = "\n".join(visible(line) for line in text.split("\n"))
        if self.kind == "html":
            from markupsafe import Markup, escape

            return Markup(text) if markup else escape(text)
        if self.kind == "markdown" and not markup:
            from restructure.render.markdown import safe

            return _Written(safe(text, " "))
        return _Written(text)
