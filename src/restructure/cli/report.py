"""Write a page on a loan and the plans for it, for people."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer

from restructure.cli._compared import compared
from restructure.cli._household import (
    household_options,
    household_values,
    read_household,
    read_limits,
)
from restructure.cli._language import language
from restructure.cli._ledger import ledger_options
from restructure.cli._options import FILES, PLANS, loan_options, read, send, target, tell
from restructure.cli._parties import parties_options, read_parties
from restructure.errors import Refused, UsageError, shown
from restructure.words import say

PAGE = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="FILE", help=say("Write the page to FILE.")),
]


@loan_options
@ledger_options
@household_options
@parties_options
def report(
    values: dict[str, Any],
    ledger: dict[str, Any],
    household: dict[str, Any],
    parties: dict[str, Any],
    file: FILES = None,
    plan: PLANS = None,
    output: PAGE = None,
) -> None:
    """Write a page on a loan and the plans for it, for people.

    One HTML file that needs nothing else: where the loan stands, the plans side by side, charts,
    every payment, and how it was reckoned. With a household, from the options or the loan file:
    what it can carry, and which plan would suit it best.
    """
    from restructure.render._page import Page, need
    from restructure.render._page.filling import kind_of
    from restructure.render._page.report import report as report_of

    need()
    target("html", output)
    if output is not None and os.path.splitext(output)[1] and kind_of(output) != "html":
        raise UsageError(
            say(
                "a report is an HTML page, and {file} does not end in .html. Name it so; a browser "
                "prints the page as PDF.",
                file=shown(output),
            )
        )
    given = read(file, plan, values)
    comparison, notes, _ = compared(given, ledger, file)
    tell(notes)
    values = household_values(given.household, household)
    who = read_parties(given, parties)
    budget = None
    if "income" in values:
        from restructure.render._page.budget import Budget

        home = read_household(values, comparison.loan.currency)
        budget = Budget(comparison, home, read_limits(household["limit"]))
    elif household["limit"]:
        raise UsageError(say("--limit is a share of income; give --income as well."))
    send(report_of(comparison, Page(comparison.loan.currency, language()), budget, who), output)
    if comparison.all_refused:
        raise Refused(say("no plan can be carried out; the page says why."))
