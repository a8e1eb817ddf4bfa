"""Print the yields of dated flows, as each country states them."""

from __future__ import annotations

from typing import Annotated

import typer

from restructure.cli._options import FORMAT, OUTPUT, target, tell
from restructure.words import say


def yield_(
    flows: Annotated[
        str,
        typer.Argument(
            metavar="FLOWS.csv", help=say("CSV with the header date,amount; - is standard input.")
        ),
    ],
    aprc: Annotated[
        str,
        typer.Option(
            metavar="CONVENTION", help=say("How aprc counts time: eu, act/365, or act/365.25 (uk).")
        ),
    ] = "eu",
    unit_period: Annotated[
        str | None,
        typer.Option(
            metavar="PERIOD",
            help=say("Unit-period of apr_us, such as month; else found in the dates."),
        ),
    ] = None,
    format: FORMAT = None,
    output: OUTPUT = None,
) -> None:
    """Print the yields of dated flows, as each country states them.

    FLOWS.csv has the header date,amount and a line a flow, such as 2026-01-31,-50000 for what the
    lender pays out and 2026-02-28,4498.77 for what it is paid. Dates are year-month-day, in any
    order. A yield that does not exist comes with the reason.
    """
    from restructure.flows import all_yields, read_flows
    from restructure.render._yields import view

    to = target(format, output)
    read = read_flows(flows)
    found = all_yields(read, aprc, unit_period)
    tell(found.notes)
    to.emit(view(found))
