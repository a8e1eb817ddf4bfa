"""Progress on standard error, where that is a terminal: loans a second, and the time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from restructure.cli._streams import complain

if TYPE_CHECKING:
    from restructure.portfolio.run import State
    from restructure.portfolio.source import Source

Watch = tuple[Callable[["State"], None], Callable[[str], None]]


@contextmanager
def progress(source: Source, name: str) -> Iterator[Watch]:
    """Give what is told of each state of a run, and what writes a line above the progress."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield (lambda state: None), complain
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    rows = hasattr(source, "schema")
    shown = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with shown:
        task = shown.add_task(escape(name), total=source.total or None, rate="")

        def watch(state: State) -> None:
            spent = shown.tasks[0].elapsed or 0
            done = state.counts.loans - state.resumed
            rate = f"{done / spent:,.0f} loans/s" if spent > 0 else ""
            if state.counts.rejected:
                rate += f", {state.counts.rejected:,} rejected"
            at = state.place.line if rows else state.place.at
            shown.update(task, completed=at, rate=rate)

        yield watch, lambda line: shown.console.print(line, markup=False, highlight=False)
