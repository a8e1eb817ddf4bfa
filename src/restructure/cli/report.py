"""Write a page on a loan and the plans for it, for people."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from restructure.cli._compared import compared
from restructure.cli._ledger import ledger_options
from restructure.cli._options import FILES, PLANS, loan_options, read, target, tell
from restructure.errors import Refused
from restructure.words import say

PAGE = Annotated[
    str | None,
    typer.Option("-o", "--output", metavar="FILE", help=say("Write the page to FILE.")),
]


@loan_options
@ledger_options
def report(
    values: dict[str, Any],
    ledger: dict[str, Any],
    file: FILES = None,
    plan: PLANS = None,
    output: PAGE = None,
) -> None:
    """Write a page on a loan and the plans for it, for people.

    One HTML file that needs nothing else: where the loan stands, the plans side by side, charts,
    every payment, and how it was reckoned.
    """
    from restructure.render._compare import view
    from restructure.render._page import need

    need()
    to = target("html", output)
    given = read(file, plan, values)
    comparison, notes, _ = compared(given, ledger, file)
    tell(notes)
    to.emit(view(comparison))
    if comparison.all_refused:
        raise Refused(say("no plan can be carried out; the page says why."))
