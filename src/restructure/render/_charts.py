"""The charts of a comparison: what is owed over time, and what is paid each period."""

from __future__ import annotations

from restructure.comparison import Comparison, PlanResult
from restructure.render._chart import MOST_LINES
from restructure.render._view import Chart, Line, Table, View
from restructure.words import Text, say


def with_charts(view: View, comparison: Comparison) -> View:
    """Return the view with charts of balance and payments at the end of its table."""

    def table() -> Table:
        return view.table()._replace(charts=charts(comparison))

    return view._replace(table=table)


def charts(comparison: Comparison) -> list[Chart]:
    """Return the chart of what is owed after each period, and that of what is paid in it.

    Refused plans have no line. What is paid at once on the day of restructuring is owed before
    the first period and stands in no period.
    """
    lines = [line for line in comparison.plans if not line.refused]
    drawn = lines[:MOST_LINES]
    longest = max(drawn, key=lambda line: len(line.schedule))
    dues = longest.schedule.due_dates()
    every = comparison.loan.every
    unit = every.word(2)
    ticks: list[str] = ["0", *(str(number + 1) for number in range(len(dues)))]
    if dues and dues[0] is not None:
        ticks = [say("today"), *(str(due)[:7] for due in dues)]
    left = len(lines) - len(drawn)
    more = say(" (the first {drawn} plans; {left} more have no line)", drawn=len(drawn), left=left)
    end = more if left else ""
    code = comparison.loan.currency.code
    return [
        Chart(
            say(
                "Owed after each of the {unit}, {currency}{end}", unit=unit, currency=code, end=end
            ),
            [Line(_name(line), _owed(line)) for line in drawn],
            ticks,
        ),
        Chart(
            say("Paid in each of the {unit}, {currency}{end}", unit=unit, currency=code, end=end),
            [Line(_name(line), _paid(line)) for line in drawn],
            ticks,
            stepped=True,
        ),
    ]


def _name(line: PlanResult) -> str:
    return line.name if isinstance(line.name, Text) else " ".join(line.name.split())


def _owed(line: PlanResult) -> list[float]:
    schedule = line.schedule
    decimal = schedule.loan.currency.decimal
    return [float(decimal(amount)) for amount in [*schedule.opening[:1], *schedule.closing]]


def _paid(line: PlanResult) -> list[float]:
    decimal = line.schedule.loan.currency.decimal
    return [float(decimal(amount)) for amount in line.schedule.payment]
