"""Compare relief plans with the loan as agreed."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import typer

from restructure.cli._options import FILES, FORMAT, OUTPUT, PLANS, loan_options, read, say, target
from restructure.comparison import DEFAULT_PLANS, Comparison
from restructure.comparison import compare as compare_loan
from restructure.errors import Refused, UsageError
from restructure.money import number
from restructure.render import View
from restructure.terms import choice


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
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar="NAME,..",
            help="Yields to show besides: apr_us, aprc, nominal_compound, nominal_simple.",
        ),
    ] = None,
    lens: Annotated[
        str | None,
        typer.Option(
            "--view",
            metavar="VIEW",
            help="household (default), or lender: present values and the tests on them.",
        ),
    ] = None,
    plan_fee: Annotated[
        str | None,
        typer.Option(
            "--plan-fee",
            metavar="AMOUNT",
            help="With --view lender: fee that the borrower pays the lender for the change.",
        ),
    ] = None,
) -> None:
    """Compare relief plans with the loan as agreed.

    Without --plan, three are shown: a pause of 3, a term 6 longer, an instalment 30 % lower.
    A plan is one or more measures joined by +, and may have a label in front, as in
    breather=defer:3+extend:6. A range stands for one plan each: extend:6..24/6 is four.
    `restructure measures` explains all measures.
    """
    to = target(format, output)
    given = read(file, plan, values)
    comparison = compare_loan(given.loan(), given.plans or DEFAULT_PLANS)
    say(comparison.notes)
    if schedules and to.format not in ("json", "jsonl"):
        say([f"--schedules adds nothing to {to.format}; rows are in json and jsonl."])
    to.emit(_view(comparison, schedules, _yields(columns), lens, plan_fee))
    if comparison.all_refused:
        raise Refused("no plan can be carried out; the output says why.")


def _yields(columns: str | None) -> list[str]:
    """Return the yields that --columns names."""
    if columns is None:
        return []
    from restructure.disclosure import YIELDS

    return [choice(name, "--columns", YIELDS) for name in columns.split(",")]


def _view(
    comparison: Comparison,
    schedules: bool,
    yields: list[str],
    lens: str | None,
    plan_fee: str | None,
) -> View:
    """Return the household's view, or the lender's."""
    if lens is None or choice(lens, "--view", ("household", "lender")) == "household":
        if plan_fee is not None:
            raise UsageError("--plan-fee goes with --view lender.")
        from restructure.render._compare import view

        return view(comparison, schedules, yields)
    from restructure.render._lender import view as lender_view

    allowed = "an amount of 0 or more, such as 500"
    fee = number(plan_fee, "--plan-fee", allowed) if plan_fee is not None else Decimal(0)
    if fee < 0:
        raise UsageError(f"--plan-fee: {fee} is not {allowed}.")
    return lender_view(comparison, fee)
