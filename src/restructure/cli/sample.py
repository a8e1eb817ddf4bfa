"""Make a book of synthetic loans, for trials and benchmarks."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from restructure.cli._options import tell
from restructure.errors import UsageError
from restructure.fields import option_choice
from restructure.words import say


def sample(
    loans: Annotated[
        int, typer.Option(metavar="N", min=1, max=100_000_000, help=say("How many loans."))
    ] = 1000,
    seed: Annotated[
        int, typer.Option(metavar="S", min=0, help=say("Another seed makes another book."))
    ] = 1,
    month: Annotated[
        str, typer.Option(metavar="MONTH", help=say("The book stands at the end of this month."))
    ] = "2026-06",
    currency: Annotated[
        str, typer.Option(metavar="CODE", help=say("ISO 4217 code to write down."))
    ] = "CNY",
    history: Annotated[
        str | None,
        typer.Option(metavar="FILE", help=say("Write the loans' monthly states to FILE as well.")),
    ] = None,
    months: Annotated[
        int, typer.Option(metavar="N", min=1, max=24, help=say("Months that --history goes back."))
    ] = 12,
    format: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help=say("csv, jsonl or parquet."))
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help=say("Write to FILE; its suffix gives the format."),
        ),
    ] = None,
) -> None:
    """Make a book of synthetic loans, for trials and benchmarks.

    Every loan is made up, and marked so: its id begins with SYN, the column `synthetic` says
    true, and a Parquet file says it in its metadata. The same seed gives the same loans, the
    first of a large book being those of a small one.
    """
    from restructure.money import Currency
    from restructure.sample.book import COLUMNS, HISTORY, Book
    from restructure.sample.files import FORMATS, format_of, opened

    path = None if output in (None, "-") else output
    kind = option_choice(format, "--format", FORMATS) if format else format_of(path)
    if history is not None and history in (output, "-"):
        raise UsageError(say("--history needs a file of its own; give it another name."))
    book = Book(loans, seed, month, Currency.of(currency).code)
    with ExitStack() as files:
        main = files.enter_context(opened(path, COLUMNS, kind, seed))
        states = None
        if history is not None:
            sink = opened(history, HISTORY, format_of(history), seed)
            states = files.enter_context(sink)
        for columns, rows in book.chunks(months if states else 0):
            main.write(columns)
            if states is not None:
                states.write(rows)
    if path is not None:
        tell([say("{loans} synthetic loans; none of them is real.", loans=f"{loans:,}")])
