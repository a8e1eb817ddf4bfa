"""Print the rows of one plan."""

from __future__ import annotations

from typing import Any

from restructure.cli._explain import EXPLAIN, FIGURE, explained
from restructure.cli._ledger import in_force, ledger_options, no_history, read_history
from restructure.cli._options import (
    FILES,
    FORMAT,
    OUTPUT,
    PLANS,
    loan_options,
    one_plan,
    read,
    target,
    tell,
)
from restructure.comparison import AS_AGREED, compare


@loan_options
@ledger_options
def schedule(
    values: dict[str, Any],
    ledger: dict[str, Any],
    file: FILES = None,
    plan: PLANS = None,
    format: FORMAT = None,
    output: OUTPUT = None,
    explain: EXPLAIN = False,
    figure: FIGURE = None,
) -> None:
    """Print the rows of one plan.

    Without --plan: the loan as agreed; with a file that `compare --accept` has written, the
    agreed plan. With a loan file, --plan may also be the name of one of its plans. With
    --payments the rows begin at what a payment history leaves owing.
    """
    from restructure.render import book
    from restructure.render._schedule import view

    to = target(format, output)
    given = read(file, None, values)
    notes: list[str] = []
    if ledger["payments"]:
        there = read_history(given, ledger, (file or ["options"])[0], notes).stand()
        comparison = compare(there.loan, one_plan(plan, given.plans), there.agreed)
    elif given.agreed and not plan:
        comparison = in_force(given, (file or ["options"])[0], notes)
    else:
        no_history(given, ledger)
        comparison = compare(given.loan(), one_plan(plan, given.plans))
    line = comparison.plans[-1]
    rows = line.schedule  # raises if the plan is refused, before any note
    agreed = f"{AS_AGREED}: "
    notes += [
        note
        for note in comparison.notes
        if note not in notes and not (line.plan and note.startswith(agreed))
    ]
    tell(notes)
    shown = view(comparison.loan, rows, line.name, line.plan, line.description, notes)
    shown = explained(shown, [line], explain, figure, to.format)
    to.emit(shown._replace(book=lambda: book(comparison)))
