"""Find the plans that a household can keep, and the best of them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from restructure.advice import LOSS_RATE, Advice, Limits
from restructure.advice import advise as search
from restructure.cli._household import (
    household_options,
    household_values,
    read_household,
    read_limits,
)
from restructure.cli._language import told
from restructure.cli._ledger import ledger_options, start_from
from restructure.cli._options import FILES, FORMAT, OUTPUT, loan_options, read, target, tell
from restructure.cli._streams import busy
from restructure.errors import NothingFits, UsageError
from restructure.fields import count
from restructure.rates import Rate
from restructure.series import Series
from restructure.words import say


@loan_options
@ledger_options
@household_options
def advise(
    values: dict[str, Any],
    ledger: dict[str, Any],
    household: dict[str, Any],
    file: FILES = None,
    capacity: Annotated[
        str | None,
        typer.Option(
            "--capacity",
            metavar="SERIES",
            help=say("What can be paid a period: 3000, or 0x3,5000 (0 for 3, then 5000 for ever)."),
        ),
    ] = None,
    offer: Annotated[
        list[str] | None,
        typer.Option(
            "--offer",
            metavar="MEASURE",
            help=say("A measure that the lender offers, with ranges: defer:1..6; may be repeated."),
        ),
    ] = None,
    longest_term: Annotated[
        str | None,
        typer.Option(
            "--longest-term", metavar="N", help=say("At most N periods from today, in all.")
        ),
    ] = None,
    npv_loss_rate: Annotated[
        str | None,
        typer.Option(
            "--npv-loss-rate", metavar="P%", help=say("The lender's largest loss; 1% by default.")
        ),
    ] = None,
    at_most: Annotated[
        str | None,
        typer.Option("--at-most", metavar="N", help=say("Measures of one name in a plan; 1.")),
    ] = None,
    programme: Annotated[
        str | None,
        typer.Option(
            "--programme",
            metavar="NAME|FILE",
            help=say("Apply a programme step by step, such as flex-modification, or a TOML file."),
        ),
    ] = None,
    fact: Annotated[
        list[str] | None,
        typer.Option(
            "--fact",
            metavar="NAME=VALUE",
            help=say("A fact that the programme asks for: property_value=290000; may be repeated."),
        ),
    ] = None,
    stress: Annotated[
        list[str] | None,
        typer.Option(
            "--stress",
            metavar="SHOCK",
            help=say("Which plans survive: income=-10%,-20% or rate=+2%; may be repeated."),
        ),
    ] = None,
    earlier_relief: Annotated[
        str | None,
        typer.Option(
            "--earlier-relief", metavar="N", help=say("How often the loan got relief before.")
        ),
    ] = None,
    format: FORMAT = None,
    output: OUTPUT = None,
) -> None:
    """Find the plans that a household can keep, and the best of them.

    Every payment of a plan has to be within what can be paid in its period: --capacity, or the
    household's budget. Without --offer the lender offers pauses, lower instalments and longer
    terms, with interest charged. Exit code 4 if nothing fits.
    """
    to = target(format, output)
    given = read(file, None, values)
    notes: list[str] = []
    loan, agreed = start_from(given, ledger, file, notes)
    notes += [note for note in loan.notes if note not in notes]
    budget = household_values(given.household, household)
    home = read_household(budget, loan.currency) if "income" in budget else None
    limits = read_limits(household["limit"])
    room: Series | None = None
    if capacity is not None:
        room = Series.of(capacity, "capacity", loan.currency)
    elif home is not None:
        room = home.capacity(limits)
    if programme is not None:
        from restructure.programmes import load, run
        from restructure.render._programme import view as programme_view

        result = run(load(programme), loan, fact or [], room)
        # A table and a page show the programme's notes; the other formats have no place for them.
        shown_there = to.format in ("table", "markdown")
        tell([*notes, *([] if shown_there else result.notes)])
        to.emit(programme_view(result))
        if not result.met:
            raise NothingFits(
                say("{name}: {stopped}", name=result.programme.name, stopped=result.stopped)
            )
        return
    if room is None:
        raise UsageError(
            say(
                "say what the household can pay: --capacity 0x3,5000, or --income and "
                "--expense, or [household] in the loan file."
            )
        )
    from restructure.render._advise import view
    from restructure.stress import shocks_of

    bounds = Limits(
        None if longest_term is None else count(longest_term, "longest_term", 1),
        LOSS_RATE
        if npv_loss_rate is None
        else float(Rate.of(npv_loss_rate, "npv_loss_rate").annual),
    )
    most = 1 if at_most is None else count(at_most, "at_most", 1, 5)
    with busy(told(say("Looking for the plans that fit"))):
        advice: Advice = search(loan, room, offer or [], bounds, most, agreed)
    earlier = 0 if earlier_relief is None else count(earlier_relief, "earlier_relief")
    shown = view(advice, shocks_of(stress or []), home, limits, earlier)
    tell(notes)
    to.emit(shown)
    if not advice.front:
        raise NothingFits(
            say(
                "no plan of those offered fits within the capacity and the limits; the answer "
                "says what would have to change."
            )
        )
