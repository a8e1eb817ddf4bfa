"""Compare relief plans with the loan as agreed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from restructure.cli._options import FILES, FORMAT, OUTPUT, PLANS, loan_options, read, say, target
from restructure.comparison import DEFAULT_PLANS
from restructure.comparison import compare as compare_loan
from restructure.errors import Refused


@loan_options
def compare(
    values: dict[str, Any],
    file: FILES = None,
    plan: PLANS = None,
    format: FORMAT = None,
    output: OUTPUT = None,
    schedules: Annotated[
        bool, typer.Option("--schedules", help="With json and jsonl: the rows of each plan too.")
    ] = False,
) -> None:
    """Compare relief plans with the loan as agreed.

    Without --plan, three are shown: a pause of 3, a term 6 longer, an instalment 30 % lower.
    A plan is one or more measures joined by +, and may have a label in front, as in
    breather=defer:3+extend:6. A range stands for one plan each: extend:6..24/6 is four.
    `restructure measures` explains all measures.
    """
    from restructure.render._compare import view

    to = target(format, output)
    given = read(file, plan, values)
    comparison = compare_loan(given.loan(), given.plans or DEFAULT_PLANS)
    say(comparison.notes)
    if schedules and to.format not in ("json", "jsonl"):
        say([f"--schedules adds nothing to {to.format}; rows are in json and jsonl."])
    to.emit(view(comparison, schedules))
    if comparison.all_refused:
        raise Refused("no plan can be carried out; the output says why.")
