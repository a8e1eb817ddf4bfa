"""Say what is owed today, from a payment history, and whether a plan is kept."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from restructure.cli._ledger import ledger_options, read_history
from restructure.cli._options import FILES, FORMAT, OUTPUT, loan_options, read, target, tell
from restructure.errors import InvalidValue, UsageError
from restructure.fields import FIELDS
from restructure.words import say


@loan_options
@ledger_options
def status(
    values: dict[str, Any],
    ledger: dict[str, Any],
    file: FILES = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until", metavar="DATE", help=say("And what it will be if nothing is paid.")
        ),
    ] = None,
    entries: Annotated[
        bool,
        typer.Option("--ledger", help=say("List every movement: due, paid, allocated, accrued.")),
    ] = False,
    format: FORMAT = None,
    output: OUTPUT = None,
) -> None:
    """Say what is owed today, from a payment history, and whether a plan is kept.

    Needs the loan with its dates and --payments FILE. With a file that `compare --accept` has
    written, the payments since the plan are held against the plan.
    """
    from restructure.render._status import view

    if not ledger["payments"]:
        raise UsageError(say("give the payment history with --payments FILE (CSV with a header)."))
    to = target(format, output)
    given = read(file, None, values)
    notes: list[str] = []
    known = read_history(given, ledger, (file or ["options"])[0], notes)
    later = None
    if until is not None:
        day = FIELDS["as_of"].read(until, "until")
        if day < known.position.as_of:
            raise InvalidValue(
                say(
                    "{day} is before the day of the position, {as_of}.",
                    day=day,
                    as_of=known.position.as_of,
                ),
                field="until",
            )
        later = known.on(day)
    tell(notes)
    to.emit(view(known, later, notes, entries))
