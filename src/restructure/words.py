"""Words that people read: English inside, another language at the edge.

A message keeps its template and what fills it, so that whoever shows it can show it in
another language (`restructure.locale.translated`). Nothing inside the package depends on the
language. Machine formats write the English text.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any


class Text(str):
    """An English text that remembers what it was made of.

    Either a `template` with its `parts` (and the template of many, `plural`, chosen by the
    part `count`; or a `context` that tells apart what English writes alike), or `pieces` that
    stand one behind the other. Adding to a Text gives a Text.
    """

    __slots__ = ("context", "parts", "pieces", "plural", "template")

    context: str
    template: str
    plural: str
    parts: dict[str, Any]
    pieces: tuple[str, ...]

    def __add__(self, other: str) -> Text:
        """Return both, one behind the other."""
        return _row((self, other))

    def __radd__(self, other: str) -> Text:
        """Return both, one behind the other."""
        return _row((other, self))


class Amount(str):
    """An amount with its currency, "CNY 50,000.00", that remembers both."""

    __slots__ = ("code", "value")

    value: Decimal
    code: str


def _text(
    english: str,
    template: str = "",
    parts: dict[str, Any] | None = None,
    plural: str = "",
    pieces: tuple[str, ...] = (),
    context: str = "",
) -> Text:
    text = Text(english)
    text.context = context
    text.template, text.parts, text.plural, text.pieces = template, parts or {}, plural, pieces
    return text


def say(template: str, /, **parts: Any) -> Text:
    """Return `template` filled in with `parts`, as in say("{count} loans", count=3).

    The template is what catalogues translate: it is written out where `say` is called. Parts
    may be texts of their own; days and amounts are written as the language writes them.
    """
    return _text(template.format(**parts) if parts else template, template, parts)


def say_n(one: str, many: str, /, count: int, **parts: Any) -> Text:
    """Return `one` or `many` by `count`, as in say_n("{count} loan", "{count} loans", 3)."""
    parts["count"] = count
    return _text((one if count == 1 else many).format(**parts), one, parts, many)


def say_as(context: str, template: str, /, **parts: Any) -> Text:
    """Return what `say` does, where one English word needs several in another language."""
    return _text(template.format(**parts) if parts else template, template, parts, context=context)


def _row(pieces: Iterable[str]) -> Text:
    pieces = tuple(piece for piece in pieces if piece)
    return _text("".join(pieces), pieces=pieces)


def join(separator: str, texts: Iterable[str]) -> Text:
    """Return texts in a row, as `separator.join(texts)`; each may be a Text, so may it."""
    pieces: list[str] = []
    for text in texts:
        pieces += [separator, text] if pieces else [text]
    return _row(pieces)


def capital(text: str) -> Text:
    """Return the text with a capital letter in front, in languages that have them."""
    english = text[:1].upper() + text[1:]
    if not isinstance(text, Text):
        return _text(english, pieces=(english,))
    return _text(english, text.template, text.parts, text.plural, text.pieces, text.context)


def amount(value: Decimal, code: str, figure: str) -> Amount:
    """Return an amount for people: `figure` is its value as the currency writes it."""
    text = Amount(f"{code} {figure}")
    text.value, text.code = value, code
    return text
