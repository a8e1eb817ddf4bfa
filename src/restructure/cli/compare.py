"""Compare relief plans with the loan as agreed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from restructure.cli._options import FILES, FORMAT, OUTPUT, PLANS, emit, loan_options, read, say
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
        bool, typer.Option("--schedules", help="With json and jsonl: the rows of each plan.")
    ] = False,
) -> None:
    """Compare relief plans with the loan as agreed.

    Without --plan: a pause of 3, a term 6 longer, an instalment 30 % lower. A plan is one
    or more measures joined by +, and may have a label: "breather=defer:3+extend:6". A range
    stands for one plan each: extend:6..24/6. `restructure measures` lists them all.
    """
    from restructure.render._compare import view

    given = read(file, plan, values)
    comparison = compare_loan(given.loan(), given.plans or DEFAULT_PLANS)
    say(comparison.notes)
    emit(view(comparison, schedules), format, output)
    if comparison.all_refused:
        raise Refused("none of the plans can be carried out; the reasons stand in its lines.")
