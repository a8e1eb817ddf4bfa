"""Rank the loans of a book by how soon and how badly they fail, with what to offer."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated, Any

import typer

from restructure.cli._book import CELL_MARK, MAPPING, SOURCE_FORM, TEXT_ENCODING
from restructure.cli._options import FORMAT, OUTPUT, PLANS, loan_options, target, tell
from restructure.errors import InvalidValue, UsageError
from restructure.fields import option_choice
from restructure.words import join, say


@loan_options
def triage(
    values: dict[str, Any],
    book: Annotated[
        str,
        typer.Argument(
            metavar="BOOK", help=say("Book of loans: CSV, JSON lines or Parquet; - is CSV.")
        ),
    ],
    plan: PLANS = None,
    history: Annotated[
        str | None,
        typer.Option(metavar="FILE", help=say("Monthly states: id, month and days_past_due.")),
    ] = None,
    scheme: Annotated[
        str, typer.Option(metavar="NAME", help=say("Classes and buckets: cn-2023, or a TOML file."))
    ] = "cn-2023",
    share: Annotated[
        str, typer.Option(metavar="P%", help=say("Share of income that a loan can pay."))
    ] = "50%",
    by: Annotated[
        str | None, typer.Option(metavar="COLUMN", help=say("Make sums by this column."))
    ] = None,
    pd: Annotated[
        str | None,
        typer.Option(metavar="P%", help=say("Chance of default within a year, for all.")),
    ] = None,
    lgd: Annotated[
        str | None, typer.Option(metavar="P%", help=say("Loss given default, for all loans."))
    ] = None,
    cheapest_for: Annotated[
        str,
        typer.Option(
            metavar="SIDE", help=say("Whose cost makes a plan the cheapest: lender or household.")
        ),
    ] = "lender",
    horizon: Annotated[
        int,
        typer.Option(metavar="N", min=1, max=60, help=say("Months within which a loan may fail.")),
    ] = 3,
    held_out: Annotated[
        int, typer.Option(metavar="N", min=1, max=60, help=say("Months held out for the backtest."))
    ] = 3,
    top: Annotated[
        int, typer.Option(metavar="N", min=0, help=say("Show so many loans of the ranking."))
    ] = 20,
    show: Annotated[
        str, typer.Option(metavar="WHAT", help=say("loans, segments or rolls; JSON has all."))
    ] = "loans",
    mapping: MAPPING = None,
    source_form: SOURCE_FORM = None,
    cell_mark: CELL_MARK = None,
    text_encoding: TEXT_ENCODING = None,
    errors: Annotated[
        str | None, typer.Option(metavar="FILE", help=say("Write the lines not taken to a CSV."))
    ] = None,
    format: FORMAT = None,
    output: OUTPUT = None,
) -> None:
    """Rank the loans of a book by how soon and how badly they fail, with what to offer.

    Each loan is classed by its days past due. Those that are late, or pay more than they can,
    get the cheapest of the plans that fits. A history of monthly states gives roll rates, next
    month's expected counts and a backtest. Loan options hold for all loans. Exit code 1: some
    lines of the book were not taken; they are listed.
    """
    from restructure.portfolio.columns import setting_for
    from restructure.portfolio.forms import Form, delimiter_of, encoding_of, form_of
    from restructure.portfolio.rows import prepared
    from restructure.portfolio.run import check_places
    from restructure.render._triage import SHOWN, notes, view
    from restructure.triage.book import BookFile
    from restructure.triage.columns import facts_of, history_of, segment_of
    from restructure.triage.errors import ErrorFile
    from restructure.triage.history import History, check
    from restructure.triage.run import DEFAULT_PLANS, SIDES, Options, Triage, share_of
    from restructure.triage.schemes import load

    to = target(format, output)
    check_places(book, output, errors, history)
    shown = option_choice(show, "--show", SHOWN)
    if shown == "rolls" and history is None:
        raise UsageError(say("--show rolls needs --history FILE."))
    side = option_choice(cheapest_for, "--cheapest-for", SIDES)
    rules = load(scheme)

    def opened(path: str, named: str | None = None) -> BookFile:
        form = form_of(path, named, "--from")
        mark, encoding = delimiter_of(path, cell_mark), encoding_of(text_encoding)
        return BookFile(path, Form(form, mark, encoding))

    with ExitStack() as files:
        file = files.enter_context(opened(book, source_form))
        facts, rest = facts_of(file.header, mapping or [])
        setting = setting_for(file.header, rest, values, ("plan",), prefix="restructure ")
        if pd is not None:
            facts = facts._replace(pd="")
        if lgd is not None:
            facts = facts._replace(lgd="")
        options = Options(
            prepared(plan or DEFAULT_PLANS),
            share_of(share, "--share"),
            horizon,
            top,
            None if pd is None else share_of(pd, "--pd"),
            None if lgd is None else share_of(lgd, "--lgd"),
            held_out,
            side,
        )
        if not facts.days_past_due and "missed" not in setting.fields:
            raise InvalidValue(
                say(
                    "is in no column. The columns are {names}; say which one it is with "
                    "--map days_past_due=COLUMN.",
                    names=", ".join(file.header[:30]),
                ),
                field="days_past_due",
            )
        segment = segment_of(by, file.header)
        past = None
        states = files.enter_context(opened(history)) if history is not None else None
        bad = files.enter_context(ErrorFile(errors)) if errors is not None else None
        if history is not None and states is not None:
            columns = history_of(states.header, facts)
            past = History(rules).read(states, columns, bad.write_history if bad else None)
            check(past, history)
        found = Triage(setting, facts, segment, rules, options, past)
        found.read(file, bad.write if bad else None)
    tell(notes(found))
    to.emit(view(found, shown))
    if past is not None and past.rejected and history is not None:
        _complain(past, history, errors)
    if found.rejected:
        _complain(found, book, errors)
    if found.rejected or (past is not None and past.rejected):
        raise typer.Exit(1)


def _complain(found: Any, book: str, errors: str | None) -> None:
    """Say which lines were not taken: the first few, and where all of them are."""
    shown = [] if errors is not None else found.bad[:5]
    lines = [
        say(
            "line {line}{loan}: {problem}",
            line=one.line,
            loan=f" ({one.loan})" if one.loan and one.loan != str(one.line) else "",
            problem=join(" ", [one.field, one.reason] if one.field else [one.reason]),
        )
        for one in shown
    ]
    where = (
        say("All are in {file}.", file=errors)
        if errors is not None
        else say("With --errors FILE all of them are written down.")
    )
    count = say(
        "{count} lines of {book} were not taken. {where}",
        count=f"{found.rejected:,}",
        book=book,
        where=where,
    )
    tell([*lines, count])
