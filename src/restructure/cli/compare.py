"""Compare relief plans with the loan as agreed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from restructure.cli._ledger import ledger_options, no_history, read_history, rules_given
from restructure.cli._options import (
    FILES,
    FORMAT,
    OUTPUT,
    PLANS,
    Given,
    emit,
    loan_options,
    read,
    say,
    write,
)
from restructure.comparison import DEFAULT_PLANS, Comparison
from restructure.comparison import compare as compare_loan
from restructure.errors import Refused, UsageError, nearest, shown


@loan_options
@ledger_options
def compare(
    values: dict[str, Any],
    ledger: dict[str, Any],
    file: FILES = None,
    plan: PLANS = None,
    format: FORMAT = None,
    output: OUTPUT = None,
    schedules: Annotated[
        bool, typer.Option("--schedules", help="With json and jsonl: the rows of each plan.")
    ] = False,
    waiting: Annotated[
        str | None,
        typer.Option(
            "--waiting", metavar="M,M", help="What it costs to agree only after so many months."
        ),
    ] = None,
    accept: Annotated[
        str | None,
        typer.Option(
            "--accept", metavar="NAME", help="Write the plan of that name, as agreed, to -o FILE."
        ),
    ] = None,
) -> None:
    """Compare relief plans with the loan as agreed.

    Without --plan: a pause of 3, a term 6 longer, an instalment 30 % lower. A plan is one
    or more measures joined by +, and may have a label: "breather=defer:3+extend:6". A range
    stands for one plan each: extend:6..24/6. `restructure measures` lists them all.
    With --payments the comparison begins at what the payment history leaves owing.
    """
    from restructure.render._compare import view

    given = read(file, plan, values)
    plans = given.plans or DEFAULT_PLANS
    notes: list[str] = []
    known, waited = None, None
    if ledger["payments"]:
        known = read_history(given, ledger, (file or ["options"])[0], notes)
        there = known.stand()
        comparison = compare_loan(there.loan, plans, there.agreed)
        if waiting:
            from restructure.waiting import months_of
            from restructure.waiting import waiting as wait

            waited = wait(known, comparison, plans, months_of(waiting))
    else:
        no_history(ledger)
        if waiting:
            raise UsageError("--waiting goes with --payments FILE, which says what is owed.")
        if given.agreed:
            raise UsageError(
                "this file holds an agreed plan; give the payments since with --payments FILE."
            )
        comparison = compare_loan(given.loan(), plans)
    say([*notes, *(note for note in comparison.notes if note not in notes)])
    if accept is not None:
        if output is None or output == "-":
            raise UsageError("--accept writes the agreed plan to a file: give -o plan.toml.")
        write(_accepted(accept, comparison, given, ledger, known), output)
        output = None
    emit(view(comparison, schedules, waited), format, output)
    if comparison.all_refused:
        raise Refused("none of the plans can be carried out; the reasons stand in its lines.")


def _accepted(
    name: str, comparison: Comparison, given: Given, ledger: dict[str, Any], known: Any
) -> str:
    """Return the text of the loan file that keeps the plan called `name`."""
    from restructure.agreements import DEFAULT_AFTER, Agreed, facts_without_history, written
    from restructure.measures import parse_plan

    lines = {line.name: line for line in comparison.plans[1:]}
    if name not in lines:
        raise UsageError(
            f"--accept: there is no plan {shown(name)} among {', '.join(lines)}."
            + nearest(name, lines)
        )
    line = lines[name]
    if line.refused:
        raise Refused(f"{name} cannot be carried out: {line.refused}")
    loan = given.loan() if known is None else known.drawn
    facts = facts_without_history(loan) if known is None else known.facts()
    defaulted = facts.days_past_due > DEFAULT_AFTER or line.npv_loss_rate > 0.01
    plan = parse_plan(line.plan)._replace(name=name)
    before = [] if known is None else known.agreed
    rules = rules_given(given, ledger)
    return written(given.values, rules, [*before, Agreed(plan, facts, defaulted)], loan)
