"""Compare relief plans with the loan as agreed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from restructure.cli._explain import EXPLAIN, FIGURE, explained
from restructure.cli._ledger import ledger_options, no_history, read_history
from restructure.cli._options import FILES, FORMAT, OUTPUT, PLANS, loan_options, read, target, tell
from restructure.comparison import DEFAULT_PLANS, Comparison
from restructure.comparison import compare as compare_loan
from restructure.errors import Refused, UsageError
from restructure.fields import option_choice
from restructure.money import number
from restructure.render import View
from restructure.words import say

if TYPE_CHECKING:
    from restructure.agreements import History


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
        bool,
        typer.Option("--schedules", help=say("With json and jsonl: the rows of each plan too.")),
    ] = False,
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            metavar="NAME,..",
            help=say("Yields to show besides: apr_us, aprc, nominal_compound, nominal_simple."),
        ),
    ] = None,
    lens: Annotated[
        str | None,
        typer.Option(
            "--view",
            metavar="VIEW",
            help=say("household (default), or lender: present values and the tests on them."),
        ),
    ] = None,
    plan_fee: Annotated[
        str | None,
        typer.Option(
            "--plan-fee",
            metavar="AMOUNT",
            help=say("With --view lender: fee that the borrower pays the lender for the change."),
        ),
    ] = None,
    waiting: Annotated[
        str | None,
        typer.Option(
            "--waiting",
            metavar="M,M",
            help=say("With --payments: what it costs to agree so many months later."),
        ),
    ] = None,
    chart: Annotated[
        bool,
        typer.Option(
            "--chart", help=say("Draw the balance and the payments of each plan, in a table.")
        ),
    ] = False,
    explain: EXPLAIN = False,
    figure: FIGURE = None,
    accept: Annotated[
        str | None,
        typer.Option("--accept", metavar="NAME", help=say("Keep this plan as agreed, in -o FILE.")),
    ] = None,
) -> None:
    """Compare relief plans with the loan as agreed.

    Without --plan, three are shown: a pause of 3, a term 6 longer, an instalment 30 % lower.
    A plan is one or more measures joined by +, and may have a label in front, as in
    breather=defer:3+extend:6. A range stands for one plan each: extend:6..24/6 is four.
    `restructure measures` explains all measures. With --payments the plans begin at what a
    payment history leaves owing.
    """
    to = target(format if accept is None else format or "table", None if accept else output)
    given = read(file, plan, values)
    if accept is not None and output in (None, "-"):
        raise UsageError(say("--accept writes the agreed plan to a file: give -o plan.toml."))
    plans = given.plans or DEFAULT_PLANS
    notes: list[str] = []
    known: History | None = None
    if ledger["payments"]:
        known = read_history(given, ledger, (file or ["options"])[0], notes)
        there = known.stand()
        comparison = compare_loan(there.loan, plans, there.agreed)
    else:
        no_history(given, ledger, waiting)
        comparison = compare_loan(given.loan(), plans)
    tell([*notes, *(note for note in comparison.notes if note not in notes)])
    if schedules and to.format not in ("json", "jsonl"):
        tell(
            [
                say(
                    "--schedules adds nothing to {format}; rows are in json and jsonl.",
                    format=to.format,
                )
            ]
        )
    if chart and to.format != "table":
        raise UsageError(say("--chart draws below a table; take it away, or give --format table."))
    if accept is not None and output is not None:
        from restructure.cli._ledger import keep

        keep(output, accept, comparison, given, ledger, known)
    shown = _view(comparison, schedules, _yields(columns), lens, plan_fee)
    if waiting and known is not None:
        from restructure.render._waiting import with_waiting
        from restructure.waiting import months_of
        from restructure.waiting import waiting as wait

        waited = wait(known, comparison, plans, months_of(waiting))
        shown = with_waiting(shown, waited, comparison.loan)
    shown = explained(shown, comparison.plans, explain, figure, to.format)
    if chart:
        from restructure.render._charts import with_charts

        shown = with_charts(shown, comparison)
    to.emit(shown)
    if comparison.all_refused:
        raise Refused(say("no plan can be carried out; the output says why."))


def _yields(columns: str | None) -> list[str]:
    """Return the yields that --columns names."""
    if columns is None:
        return []
    from restructure.disclosure import YIELDS

    return [option_choice(name, "--columns", YIELDS) for name in columns.split(",")]


def _view(
    comparison: Comparison,
    schedules: bool,
    yields: list[str],
    lens: str | None,
    plan_fee: str | None,
) -> View:
    """Return the household's view, or the lender's."""
    if lens is None or option_choice(lens, "--view", ("household", "lender")) == "household":
        if plan_fee is not None:
            raise UsageError(say("--plan-fee goes with --view lender."))
        from restructure.render._compare import view

        return view(comparison, schedules, yields)
    from restructure.render._lender import view as lender_view

    allowed = say("an amount of 0 or more, such as 500")
    fee = number(plan_fee, "--plan-fee", allowed) if plan_fee is not None else Decimal(0)
    if fee < 0:
        raise UsageError(say("--plan-fee: {fee} is not {allowed}.", fee=fee, allowed=allowed))
    return lender_view(comparison, fee)
