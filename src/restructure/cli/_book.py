"""The options of how a book of loans is written, shared by the commands that read one."""

from __future__ import annotations

from typing import Annotated

import typer

from restructure.words import say

MAPPING = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="FIELD=COLUMN",
        help=say(
            "The column of a field, where it has another name; FIELD= ignores its column. "
            "May be repeated."
        ),
    ),
]
SOURCE_FORM = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="FORM", help=say("csv, jsonl or parquet: how the book is written.")
    ),
]
CELL_MARK = Annotated[
    str | None,
    typer.Option(
        "--delimiter", metavar="CHAR", help=say("Between the cells of a CSV: , ; or tab.")
    ),
]
TEXT_ENCODING = Annotated[
    str | None,
    typer.Option("--encoding", metavar="NAME", help=say("Encoding of texts: utf-8, gb18030.")),
]
