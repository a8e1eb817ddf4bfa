"""Pages: a report and a letter, filled in from Jinja templates.

Whatever came from outside is escaped in one place, where a value is written: `Page.show` is the
`finalize` of the template environment. A template writes its prose with `say("...", ...)`, so
that it is translated as every other message is. Of the parts, a Decimal is an amount of the
loan's currency, a date a day, and a Name a text from outside, which keeps its own direction.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from restructure.errors import RestructureError, visible
from restructure.locale import template_of
from restructure.money import Currency
from restructure.words import Amount, Text, say, say_n

_MONTHS = """
January February March April May June July August September October November December
"""


class Name(str):
    """A text from outside, such as a plan's label: shown apart from the words around it."""

    __slots__ = ()


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


class Page:
    """How values are written on a page: the currency of its amounts, the language of its words."""

    def __init__(self, currency: Currency, lang: str = "en") -> None:
        self.currency = currency
        self.lang = lang

    def amount(self, value: Decimal) -> str:
        """Return an amount without its currency: 4,498.77."""
        return f"{value:,.{self.currency.exponent}f}"

    def money(self, value: Decimal) -> str:
        """Return an amount with its currency: CNY 4,498.77, in Chinese 4,498.77元."""
        code = self.currency.code
        if self.lang == "zh" and code == "CNY":
            return f"{self.amount(value)}元"
        return f"{code} {self.amount(value)}"

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
        return "" if value is None else str(value)

    def html(self, value: Any) -> Any:
        """Return a value as HTML, harmless wherever it came from."""
        from markupsafe import Markup, escape

        if isinstance(value, Markup):
            return value
        if isinstance(value, Text):
            if value.pieces:
                return Markup("").join(self.html(piece) for piece in value.pieces)
            template = escape(template_of(value, self.lang))
            parts = {key: self.part(part) for key, part in value.parts.items()}
            return template.format(**parts) if parts else template
        if isinstance(value, Name):
            return Markup("<bdi>{}</bdi>").format(visible(value))
        return escape(visible(self.words(value)))

    def part(self, value: Any) -> Any:
        """Return what fills a text; numbers stay, as the template may say how to write them."""
        return self.html(value) if isinstance(value, str | date | Decimal) else value

    def fill(self, template: str, **context: Any) -> str:
        """Return one of the package's own HTML templates, filled in."""
        need()
        from jinja2 import Environment, PackageLoader, StrictUndefined

        env = Environment(
            loader=PackageLoader("restructure.render", "_page/templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=self.html,
        )
        env.globals.update(say=say, say_n=say_n, amount=self.amount, lang=self.lang)
        return env.get_template(template).render(context)
