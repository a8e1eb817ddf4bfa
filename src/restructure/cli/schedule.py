"""Print the rows of one plan."""

from __future__ import annotations

from typing import Any

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
def schedule(
    values: dict[str, Any],
    file: FILES = None,
    plan: PLANS = None,
    format: FORMAT = None,
    output: OUTPUT = None,
) -> None:
    """Print the rows of one plan.

    Without --plan: the loan as agreed. With a loan file, --plan may also be the name of one
    of its plans.
    """
    from restructure.render._schedule import view

    to = target(format, output)
    given = read(file, None, values)
    comparison = compare(given.loan(), one_plan(plan, given.plans))
    line = comparison.plans[-1]
    rows = line.schedule  # raises if the plan is refused, before any note
    agreed = f"{AS_AGREED}: "
    notes = [note for note in comparison.notes if not line.plan or not note.startswith(agreed)]
    tell(notes)
    to.emit(view(comparison.loan, rows, line.name, line.plan, line.description, notes))
