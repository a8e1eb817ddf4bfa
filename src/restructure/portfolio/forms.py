"""Forms: how a book is written, told by its file's name."""

from __future__ import annotations

import os
from typing import NamedTuple

from restructure.errors import UsageError, shown
from restructure.fields import option_choice
from restructure.words import say

CSV, JSONL, PARQUET = FORMS = ("csv", "jsonl", "parquet")

_SUFFIXES = {
    ".csv": CSV, ".tsv": CSV, ".txt": CSV, ".jsonl": JSONL, ".ndjson": JSONL, ".parquet": PARQUET,
    ".pq": PARQUET,
}  # fmt: skip


class Form(NamedTuple):
    """csv, jsonl or parquet, and for text what stands between cells and how it is encoded."""

    name: str
    delimiter: str = ","
    encoding: str = "utf-8"


def form_of(path: str, named: str | None, what: str, default: str = CSV) -> str:
    """Return the form of a file: as `named` by the option `what`, else by its suffix.

    Standard input and output are `default`. Raises UsageError for a suffix that says nothing.
    """
    if named is not None:
        return option_choice(named, what, FORMS)
    if path == "-":
        return default
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in _SUFFIXES:
        raise UsageError(
            say(
                "{path} does not say how it is written: no form has the suffix {suffix}. "
                "Add {what} csv, jsonl or parquet.",
                path=shown(path),
                suffix=shown(suffix),
                what=what,
            )
        )
    return _SUFFIXES[suffix]


def delimiter_of(path: str, given: str | None) -> str:
    """Return what stands between the cells of a CSV; .tsv has tabs."""
    if given is None:
        return "\t" if path.lower().endswith(".tsv") else ","
    mark = {"tab": "\t", "\\t": "\t"}.get(given.lower(), given)
    if len(mark) != 1 or mark in '"\r\n\0' or not mark.isascii():
        raise UsageError(
            say(
                "--delimiter: {text} is not one character such as , or ; or tab.", text=shown(given)
            )
        )
    return mark


def encoding_of(given: str | None) -> str:
    """Return the encoding of a text, in which line ends, quotes and digits are those of ASCII."""
    name = given or "utf-8"
    try:
        plain = '\n",;0\t\r'.encode(name) == b'\n",;0\t\r'
    except LookupError as error:
        raise UsageError(
            say(
                "--encoding: {name} is no encoding that is known; utf-8, gb18030 and cp1252 are.",
                name=shown(name),
            )
        ) from error
    if not plain:
        raise UsageError(
            say(
                "--encoding: {name} cannot be read line by line; turn the file into UTF-8 first, "
                "as in: iconv -f {name} -t utf-8 book.csv",
                name=shown(name),
            )
        )
    return name.lower()
