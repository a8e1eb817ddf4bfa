"""The view of the yields of flows."""

from __future__ import annotations

from typing import Any

from restructure.flows import Line, Yields
from restructure.rates import percent_text
from restructure.render._compare import rate_number
from restructure.render._view import Cell, Column, Table, View
from restructure.words import say


def record(line: Line) -> dict[str, Any]:
    """Return one yield with machine-readable names; `rate` is absent where there is none."""
    return {
        "name": line.name,
        "rate": rate_number(line.found.rate),
        "reason": line.found.reason,
        "convention": line.convention,
    }


def view(found: Yields) -> View:
    """Return the view: a line a yield."""

    def records() -> list[dict[str, Any]]:
        return [record(line) for line in found.lines]

    return View(
        document=lambda: {
            "schema": "restructure.yield/1",
            "flows": len(found.flows),
            "first": found.flows[0][0],
            "last": found.flows[-1][0],
            "paid_out": -sum(amount for _, amount in found.flows if amount < 0),
            "paid_in": sum(amount for _, amount in found.flows if amount > 0),
            "notes": found.notes,
            "yields": records(),
        },
        records=records,
        lines=records,
        table=lambda: table(found),
    )


def table(found: Yields) -> Table:
    """Return the table for people; the reason stands below where there is no yield."""
    rows: list[list[Cell]] = []
    below: list[str | tuple[str, str]] = []
    for line in found.lines:
        rate = line.found.rate
        text = "none" if rate is None else percent_text(rate, 4)
        rows.append([Cell(line.name), Cell(text), Cell(line.convention)])
        if rate is None:
            below.append(
                say("{name}: none, since {reason}.", name=line.name, reason=line.found.reason)
            )
    first, last = found.flows[0][0], found.flows[-1][0]
    title = say(
        "{flows} flows from {first} to {last}", flows=len(found.flows), first=first, last=last
    )
    columns = [
        Column(say("yield"), right=False),
        Column(say("a year")),
        Column(say("counted"), right=False),
    ]
    return Table(title, columns, rows, below)
