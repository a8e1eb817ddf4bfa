"""Explain the plan grammar, with examples."""

from __future__ import annotations

from typing import Annotated

import typer

from restructure.cli._options import FORMAT, OUTPUT, target
from restructure.words import say


def measures(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help=say("One measure, such as defer."))
    ] = None,
    format: FORMAT = None,
    output: OUTPUT = None,
) -> None:
    """Explain the plan grammar, with examples.

    Without NAME: every measure with an example and what it does to a loan of 50,000 over 12
    months at 14.4 %. With NAME: its value, its keys and what each does to that loan.
    """
    from restructure.render._measures import all_measures, one_measure

    to = target(format, output)
    to.emit(one_measure(name) if name is not None else all_measures())
