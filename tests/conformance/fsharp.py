"""FSharp.Finance.Personal: dated high-cost loans, and what happens to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import restructure as rs
from conformance import Case, Row, Source, Unsupported, compared, rows_of
from restructure.dates import on_day

CONVENTION = """\
Rows are compared to the cent: due date, interest, payment, balance. Interest is simple by actual
days at a rate a day (`day_count` act/365f, `rate = 0.8%/day`), rounded down or half up; the
instalment is the least with which the last one is not above it ("lower final payment",
`instalment_rounding = least`), or to the nearest penny. "On month-end" is `due_day = 31`, a
schedule of fixed payments is `payment` beside `rate` and `term`.

A case goes on to what was in fact paid, and counts as met only when all of it is. The schedule
before any payment is a test of its own, `test_fsharp_schedules`: all agree but FS11 and FS31.
"""

CENT = 0.004

PLAN = re.compile(
    r"payment count:? (?P<count>\d+).*?monthly from (?P<year>\d+)-(?P<month>\d+) on "
    r"(?P<day>month-end|\d+)|monthly from (?P<year2>\d+)-(?P<month2>\d+) on (?P<day2>\d+) \| "
    r"payment count: (?P<count2>\d+); payment value: (?P<value>[\d.]+)"
)


def values_of(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what Loan.of takes for the inputs of a case."""
    plan = PLAN.search(inputs["schedule"])
    rate = re.search(r"standard rate: ([\d.]+) % per day", inputs["interest"])
    if plan is None or rate is None or "method: add-on" in inputs["interest"]:
        raise Unsupported("add-on interest: all interest of the term is charged at the start")
    found = {name.rstrip("2"): text for name, text in plan.groupdict().items() if text}
    month_end = found["day"] == "month-end"
    interest = inputs["interest"].partition("rounding:")[2]
    values = {
        "principal": inputs["principal"],
        "currency": "GBP",
        "term": int(found["count"]),
        "rate": f"{rate[1]}%/day",
        "start": inputs["start_date"],
        "first_due": first_due(found, month_end),
        "day_count": "act/365f",
        "rounding": "down" if interest.strip().startswith("rounded down") else "half-up",
        "instalment_rounding": "least" if "lower final" in inputs["payment"] else "nearest",
    }
    if month_end:
        values["due_day"] = 31
    if "value" in found:
        values["payment"] = found["value"]
    return values


def first_due(found: Mapping[str, str], month_end: bool) -> str:
    """Return the first due date of "monthly from 2022-11 on 15"."""
    first = date(int(found["year"]), int(found["month"]), 1)
    return str(on_day(first, 31 if month_end else int(found["day"])))


def schedule_difference(case: Case) -> str:
    """Return how the schedule before any payment differs, "" if it does not."""
    schedule = rs.compare(rs.Loan.of(**values_of(case["inputs"])), []).agreed
    theirs: list[Row] = [tuple(row) for row in case["schedule"]]  # type: ignore[misc]
    return compared(rows_of(schedule), theirs, CENT)


def difference(case: Case) -> str:
    """Return how a case differs, "" if it does not: its schedule, then what was paid."""
    if "rebate" in case:
        raise Unsupported("a settlement quote")
    found = schedule_difference(case)
    if found or "rows" not in case:
        return found
    scheduled = {(row[0], row[2]) for row in case["schedule"]}
    if scheduled != {(row[0], row[2]) for row in case["rows"]}:
        raise Unsupported("payments off the schedule")
    paid: list[Row] = [(due, interest, pays, left) for due, interest, pays, left, _ in case["rows"]]
    return compared([tuple(row) for row in case["schedule"]], paid, CENT)  # type: ignore[misc]


HISTORY = "open: needs payment history "
SETTLED = HISTORY + "(settlement on a day)"
CAP = HISTORY + "(nothing is paid; total interest is capped at 100 % of principal)"
REBATE = "open: needs a settlement quote (rebate of the UK regulations of 2004)"

NOT_MET = {
    "FS08": HISTORY + "(instalments paid early, then late, with a late charge)",
    "FS09": HISTORY + "(an overpayment and its refund)",
    "FS10": HISTORY + "(an underpayment)",
    "FS11": HISTORY + "(a late payment) and a residue that is left unpaid",
    "FS13": HISTORY + "(one late charge a schedule)",
    "FS15": CAP,
    "FS16": CAP,
    "FS17": CAP,
    "FS19": HISTORY + "(a payment plan that is broken, then settlement)",
    "FS24": SETTLED,
    "FS27": SETTLED + " within the days in which no interest is charged",
    "FS28": SETTLED + " after the days in which no interest is charged",
    "FS29": CAP,
    "FS31": HISTORY + "(reduced payments until paid) and interest that is added on at the start",
    "FS32": CAP,
    "UR1": REBATE,
    "UR2": REBATE,
    "UR4": REBATE,
    "UR6": REBATE,
}
NO_SCHEDULE = ("FS11", "FS31")
"""Cases whose schedule is not met either: a residue is left, interest is added on."""

SOURCE = Source("FSharp.Finance.Personal", "fsharp", CONVENTION, difference, NOT_MET)
