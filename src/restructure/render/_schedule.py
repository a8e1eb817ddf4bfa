"""The view of a schedule: its rows, and their sums."""

from __future__ import annotations

from typing import Any

from restructure.loan import Loan
from restructure.render._title import title
from restructure.render._view import Cell, Column, Table, View
from restructure.schedule import Instalment, Schedule
from restructure.words import Text, say, say_as


def row_record(row: Instalment) -> dict[str, Any]:
    """Return a row with the JSON field names."""
    return row._asdict()


def view(
    loan: Loan, schedule: Schedule, name: str, plan: str, description: str, notes: list[str]
) -> View:
    """Return the view of the schedule of one plan for the located `loan`."""

    def rows() -> list[dict[str, Any]]:
        return [row_record(row) for row in schedule.rows]

    return View(
        document=lambda: {
            "schema": "restructure.schedule/1",
            "currency": schedule.loan.currency.code,
            "name": name,
            "plan": plan,
            "description": description,
            "notes": notes,
            "arrears": schedule.loan.currency.decimal(schedule.loan.at_once),
            "rows": rows(),
        },
        records=rows,
        lines=rows,
        table=lambda: table(loan, schedule, name, description),
    )


def table(loan: Loan, schedule: Schedule, name: str, description: str) -> Table:
    """Return the rows for people, with sums below."""
    text = schedule.loan.currency.text
    charges = any(schedule.charges)
    dated = schedule.loan.calendar is not None
    columns = [Column(schedule.loan.every.number)]
    columns += [Column(say_as("date", "due"), right=False)] if dated else []
    columns += [Column(say("opening"), optional=1), Column(say("interest"), optional=3)]
    columns += [Column(say("charges"))] if charges else []
    columns += [
        Column(say("principal"), optional=2),
        Column(say("payment")),
        Column(say("closing")),
    ]
    rows = []
    for number, due in enumerate(schedule.due_dates()):
        amounts = [schedule.opening, schedule.interest]
        amounts += [schedule.charges] if charges else []
        amounts += [schedule.principal, schedule.payment, schedule.closing]
        cells = [str(number + 1)] + ([str(due)] if dated else [])
        cells += [text(column[number]) for column in amounts]
        rows.append([Cell(cell) for cell in cells])
    sums = [schedule.interest] + ([schedule.charges] if charges else [])
    sums += [schedule.principal, schedule.payment]
    footer: list[str] = [
        say("sum"),
        *([""] if dated else []),
        "",
        *(text(sum(column)) for column in sums),
        "",
    ]
    below: list[str | tuple[str, str]] = [say("{description}.", description=description)]
    if schedule.loan.at_once:
        below.append(
            say(
                "Arrears of {at_once} are paid at once, besides.",
                at_once=text(schedule.loan.at_once),
            )
        )
    label = name if isinstance(name, Text) else " ".join(name.split())
    head = say("{name}: {title}", name=label, title=title(loan))
    return Table(head, columns, rows, below, footer)
