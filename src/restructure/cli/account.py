"""Keep an account in which interest runs from day to day on what is in fact owed."""

from __future__ import annotations

from typing import Any

from restructure.cli._ledger import account_options, contract_values, day_of, statement_of
from restructure.cli._options import FILES, FORMAT, OUTPUT, loan_options, read, target, tell
from restructure.errors import UsageError
from restructure.words import say


@loan_options
@account_options
def account(
    values: dict[str, Any],
    kept: dict[str, Any],
    file: FILES = None,
    format: FORMAT = None,
    output: OUTPUT = None,
) -> None:
    """Keep an account in which interest runs from day to day on what is in fact owed.

    Each payment counts from its own day: early money lowers interest, and what is overdue goes
    on bearing it at the contract rate. Needs the loan with its dates; --payments FILE has what
    was paid. `status` follows the schedule and counts penalty interest instead.
    """
    from restructure.ledger.account import Account
    from restructure.ledger.position import start_of
    from restructure.ledger.terms import TERMS, terms_of
    from restructure.render._account import view
    from restructure.terms import loan_of

    to = target(format, output)
    given = read(file, None, values)
    if given.agreed:
        raise UsageError(
            say("this file holds an agreed plan; an account needs the contract alone.")
        )
    notes: list[str] = []
    drawn = loan_of(contract_values(given))
    lines = statement_of(kept, drawn)
    waiting = not lines and given.values.get("as_of") is None
    as_of = start_of(drawn) if waiting else day_of(given, notes)
    terms = terms_of({name: kept[name] for name in TERMS}, drawn.currency)
    found = Account(drawn, terms, lines, as_of)
    later = sum(1 for line in lines if line.day > as_of)
    if later:
        notes.append(say("Lines after {day} ({count}) are not counted.", day=as_of, count=later))
    notes[:0] = drawn.notes
    tell(notes)
    to.emit(view(found, notes))
