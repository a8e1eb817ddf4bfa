"""What the tests of the engine share: the founding loan, and short forms of schedules."""

from __future__ import annotations

import os
from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any

from hypothesis import settings

import restructure as rs
from restructure.comparison import Comparison, PlanResult, compare

EXAMPLES_TIMES = int(os.environ.get("EXAMPLES_TIMES", "1"))
COLUMNS = ("opening", "interest", "charges", "principal", "payment", "closing")


def examples(count: int) -> settings:
    """Return the settings of a test that draws `count` examples, or more where it is asked to."""
    return settings(max_examples=count * EXAMPLES_TIMES)


def founding(**changes: Any) -> rs.Loan:
    """Return the founding loan, 50,000 yuan over 12 months at 14.4 %, with other terms."""
    return rs.Loan.of(**{"principal": 50_000, "term": 12, "rate": "14.4%", **changes})


def line_of(loan: rs.Loan, plan: str) -> PlanResult:
    """Return the one line that `plan` has in a comparison."""
    (line,) = compare(loan, [plan]).plans[1:]
    return line


def schedule_of(loan: rs.Loan, plan: str = "") -> rs.Schedule:
    """Return the schedule of a plan, or the one as agreed."""
    return line_of(loan, plan).schedule if plan else Comparison(loan, []).agreed


def refusal_of(loan: rs.Loan, plan: str) -> str:
    """Return the reason for which a plan is refused, or an empty text."""
    return line_of(loan, plan).refused


def minor_rows(schedule: rs.Schedule) -> list[tuple[int, ...]]:
    """Return the rows of a schedule in minor units, in the order of COLUMNS."""
    return list(zip(*(getattr(schedule, name) for name in COLUMNS), strict=True))


def runs(payments: Iterable[Any]) -> list[tuple[int, str]]:
    """Return payments as the design writes them: [(11, "4498.77"), (1, "4498.79")]."""
    return [(len(list(group)), str(paid)) for paid, group in groupby(payments)]


def payments(schedule: rs.Schedule) -> list[tuple[int, str]]:
    """Return the payments of a schedule as runs."""
    return runs(row.payment for row in schedule.rows)


def amounts(schedule: rs.Schedule, column: str) -> list[Decimal]:
    """Return one column of a schedule in major units."""
    return [getattr(row, column) for row in schedule.rows]
