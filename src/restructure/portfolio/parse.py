"""Understanding a chunk: its loans as records, and each piece that is none, with its line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from restructure.errors import shown
from restructure.portfolio.forms import CSV, Form
from restructure.portfolio.source import EXAMPLE, Broken, Chunk
from restructure.words import say


class Row(NamedTuple):
    """A loan of a book: its line, its values by column, and its text where that can be copied."""

    line: int
    record: Mapping[str, Any]
    text: str


class NoRow(NamedTuple):
    """A line that is no loan: how it begins, and why."""

    line: int
    value: str
    reason: str


def rows(chunk: Chunk, header: list[str], form: Form) -> Iterator[Row | NoRow]:
    """Yield what a chunk of text holds, in order. Blank lines are nothing."""
    line = chunk.line
    read = _csv if form.name == CSV else _json
    for raw in chunk.records:
        line += 1
        if isinstance(raw, Broken):
            start = raw.start.decode(form.encoding, "backslashreplace").rstrip("\r\n")
            yield NoRow(line, start, raw.reason)
            line += raw.lines - 1
            continue
        if raw.strip():
            yield read(raw, line, header, form)
        line += max(raw.count(b"\n") - 1, 0)


def _text(raw: bytes, line: int, form: Form) -> str | NoRow:
    try:
        text = raw.decode(form.encoding)
    except UnicodeDecodeError as error:
        start = raw[:80].decode(form.encoding, "backslashreplace").rstrip("\r\n")
        words = say(
            "is not {encoding} text (byte {byte}).",
            encoding=form.encoding.upper(),
            byte=error.start + 1,
        )
        return NoRow(line, start, words)
    if "\0" in text:
        return NoRow(line, text[:80].rstrip("\r\n"), say("holds a NUL byte."))
    return text


def _csv(raw: bytes, line: int, header: list[str], form: Form) -> Row | NoRow:
    text = _text(raw, line, form)
    if isinstance(text, NoRow):
        return text
    text = text.removesuffix("\n").removesuffix("\r")
    plain = '"' not in text
    if plain:
        if "\r" in text:
            return NoRow(line, text[:80], say("holds a carriage return outside of quotes."))
        fields = text.split(form.delimiter)
    else:
        try:
            # A line end inside of quotes is part of the text; csv wants it to end the line.
            (fields,) = csv.reader([text + "\n"], delimiter=form.delimiter, strict=True)
        except (csv.Error, ValueError) as error:
            words = say("is not CSV: {why}.", why=str(error)[:80])
            return NoRow(line, text[:80], words)
    if len(fields) != len(header):
        words = say(
            "has {count} fields, but the header has {columns}.",
            count=len(fields),
            columns=len(header),
        )
        return NoRow(line, text[:80], words)
    return Row(line, dict(zip(header, fields, strict=True)), text if plain else "")


def _json(raw: bytes, line: int, header: list[str], form: Form) -> Row | NoRow:
    found = read_object(raw, form.encoding)
    if isinstance(found, str):
        start = raw[:80].decode(form.encoding, "backslashreplace").rstrip("\r\n")
        return NoRow(line, start, found)
    strange = next((key for key in found if key not in header), None)
    if strange is not None:
        words = say(
            "has a field {name}, which the first records do not have; give it to one of them, "
            "such as null.",
            name=shown(strange),
        )
        return NoRow(line, strange[:80], words)
    return Row(line, found, raw.decode(form.encoding).strip())


def read_object(raw: bytes, encoding: str) -> dict[str, Any] | str:
    """Return a line of JSON as an object, or what is wrong with it. Numbers are exact."""
    text = _text(raw, 0, Form("", encoding=encoding))
    if isinstance(text, NoRow):
        return text.reason
    try:
        found = json.loads(
            text.removeprefix("\ufeff"),
            parse_float=Decimal,
            parse_constant=_constant,
            object_pairs_hook=_once,
        )
    except RecursionError:
        return say("is nested too deeply.")
    except (ValueError, ArithmeticError) as error:
        return say("is not JSON: {why}.", why=str(error).split(" (char")[0][:80])
    if not isinstance(found, dict):
        return say("is no object; a line is for instance {example}.", example=EXAMPLE)
    return found


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found
