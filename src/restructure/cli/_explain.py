"""--explain and --figure: the formula behind a figure, with the numbers in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from restructure.cli._options import tell
from restructure.render import View
from restructure.words import say

if TYPE_CHECKING:
    from restructure.comparison import PlanResult

EXPLAIN = Annotated[
    bool,
    typer.Option("--explain", help=say("Say how each figure comes about, with its numbers.")),
]
FIGURE = Annotated[
    str | None,
    typer.Option(
        "--figure",
        metavar="NAME,..",
        help=say("Explain these alone: instalment, total_interest, interest@5 (row 5), ..."),
    ),
]


def explained(
    view: View, lines: Sequence[PlanResult], explain: bool, figure: str | None, format: str
) -> View:
    """Return the view with the explanations that are asked for; --figure alone asks for some."""
    if not explain and figure is None:
        return view
    from restructure.explanation import figures
    from restructure.render._explain import with_explanations

    if format not in ("table", "markdown", "json", "jsonl"):
        note = say("--explain adds nothing to {format}; it is in table and json.", format=format)
        tell([note])
        return view
    return with_explanations(view, lines, figures(figure) if figure is not None else [])
