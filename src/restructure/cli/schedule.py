"""Print the rows of one plan."""

from __future__ import annotations

from typing import Any

from restructure.cli._options import FILES, FORMAT, OUTPUT, PLANS, emit, loan_options, read, say
from restructure.comparison import compare
from restructure.errors import UsageError


@loan_options
def schedule(
    values: dict[str, Any],
    file: FILES = None,
    plan: PLANS = None,
    format: FORMAT = None,
    output: OUTPUT = None,
) -> None:
    """Print the rows of one plan.

    Without --plan: the loan as agreed. Of a loan file with several plans, name the one with
    --plan, by its name or in the grammar.
    """
    from restructure.render._schedule import view

    given = read(file, None, values)
    named = {known.name: known for known in given.plans}
    if plan and len(plan) == 1 and plan[0] in named:
        plans = [named[plan[0]]]
    elif plan:
        plans = read(None, plan, {}).plans
    else:
        plans = []
    if len(plans) > 1:
        raise UsageError(f"a schedule is that of one plan, and {len(plans)} are asked for.")
    comparison = compare(given.loan(), plans)
    line = comparison.plans[-1]
    say([*comparison.loan.notes, *line.notes])
    emit(
        view(line.schedule, line.name, line.plan, line.description, comparison.notes),
        format,
        output,
    )
