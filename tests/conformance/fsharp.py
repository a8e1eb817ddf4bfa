"""FSharp.Finance.Personal: dated high-cost loans, and what happens to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import restructure as rs
from conformance import Case, Row, Source, Unsupported, compared, rows_of
from restructure.dates import on_day
from restructure.ledger.account import Account
from restructure.ledger.movements import Movement
from restructure.ledger.rebate import early_settlement_rebate
from restructure.ledger.terms import Terms
from restructure.ledger.terms import terms_of as account_terms
from restructure.money import Currency

CONVENTION = """\
Rows are compared to the cent: due date, interest, payment, balance. Interest is simple by actual
days at a rate a day (`day_count` act/365f, `rate = 0.8%/day`), rounded down or half up; the
instalment is the least with which the last one is not above it ("lower final payment",
`instalment_rounding = least`), or to the nearest penny. "On month-end" is `due_day = 31`, a
schedule of fixed payments is `payment` beside `rate` and `term`.

What was in fact paid is an account (`restructure account`) with `posting = daily`, `overdue =
unpaid`: interest by day on principal, each payment to fees, interest, principal. Its rows are
compared too: interest paid, payment, principal, and what closes the loan on the day.

| FSharp.Finance.Personal | here |
|---|---|
| total interest cap | `interest_cap` |
| initial grace period | `interest_free_days` |
| payment timeout; late charge, one a day or one a schedule | `late_fee_after`; `late_fee`, \
`late_fees` |
| fixed schedule whose last payment leaves a residue | `last = same` |
| add-on interest | `interest = add-on` |
| promotional rates | `rate_changes`, from the night before the first day |
| settlement quote on the evaluation day | what closes the loan on the day, paid on it |
| rebate of the UK regulations of 2004 | `ledger.early_settlement_rebate` |

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
    if plan is None or rate is None:
        raise Unsupported("a schedule of another kind")
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
    inputs = case["inputs"]
    theirs: list[Row] = [tuple(row) for row in case["schedule"]]  # type: ignore[misc]
    loan = rs.Loan.of(**values_of(inputs))
    if "fixed schedules" in inputs["schedule"]:
        kept = Account(loan, terms_of(inputs), [], date.fromisoformat(inputs["start_date"]))
        rows = [row for row in kept.run() if row.due]
        ours = [(str(r.day), r.interest / 100, r.expected / 100, r.balance / 100) for r in rows]
        return compared(ours, theirs, CENT)
    return compared(rows_of(rs.compare(loan, []).agreed), theirs, CENT)


def terms_of(inputs: Mapping[str, Any]) -> Terms:
    """Return the terms of the account that a case describes."""
    cap = re.search(r"cap: total (\d+) %", inputs["interest"])
    more: Mapping[str, str] = inputs["advanced"]
    grace = re.search(r"initial grace period: (\d+) day", more["Interest options"])
    timeout = re.search(r"timeout: (\d+) days", more["Payment options"])
    late = re.search(r"late payment \| ([\d.]+) \| one charge per (\w+)", more["Charge options"])
    values = {
        "overdue": "unpaid",
        "interest_cap": f"{cap[1]}%" if cap else None,
        "interest_free_days": grace and grace[1],
        "interest": "add-on" if "method: add-on" in inputs["interest"] else None,
        "late_fee": late and late[1],
        "late_fee_after": timeout and timeout[1],
        "last": "same" if "fixed schedules" in inputs["schedule"] else None,
        "late_fees": 1 if late and late[2] == "schedule" else None,
    }
    return account_terms(values, Currency.of("GBP"))


def rates(inputs: Mapping[str, Any]) -> str:
    """Return the rates of promotional days, from the night before the first."""
    changes = ""
    standard = f"{re.search(r'standard rate: ([0-9.]+)', inputs['interest'])[1]}%/day"  # type: ignore[index]
    promotion = re.search(
        r"promotional rates: (\S+) to (\S+) at (zero|[\d.]+)",
        inputs["advanced"]["Interest options"],
    )
    if promotion:
        first, last, rate = promotion.groups()
        since = date.fromisoformat(first) - timedelta(days=1)
        changes = f"{since}={0 if rate == 'zero' else rate}%,{last}={standard}"
    return changes


def account(case: Case, pays: float = 0) -> Account:
    """Return the account of a case; `pays` is paid on its day besides."""
    inputs = case["inputs"]
    values = values_of(inputs)
    if promotion := rates(inputs):
        values |= {"rate_changes": promotion, "payment": case["schedule"][0][2]}
    day = date.fromisoformat(inputs["evaluation_date"])
    paid = [(date.fromisoformat(row[0]), row[2]) for row in case["rows"] if row[2]]
    if settled(case):
        paid = [(when, amount) for when, amount in paid if when < day] + [(day, pays)]
    moves = [Movement(when, round(100 * amount)) for when, amount in paid if amount]
    for when, amount, _ in case.get("charges", ()):
        moves.append(Movement(date.fromisoformat(when), round(100 * amount), "fee"))
    return Account(rs.Loan.of(**values), terms_of(inputs), moves, day)


def settled(case: Case) -> bool:
    """Whether a case asks what closes the loan on its day, rather than what was paid on it."""
    day = case["inputs"]["evaluation_date"]
    return any(row[0] == day and row[3:] == [0, 0] for row in case["rows"])


def difference(case: Case) -> str:
    """Return how a case differs, "" if it does not: its schedule, then what was paid."""
    if "rebate" in case:
        return rebate_difference(case["rebate"])
    if not case.get("rows"):
        return schedule_difference(case)
    theirs = case["rows"]
    days = [date.fromisoformat(row[0]) for row in theirs]
    found = account(case)
    if settled(case):
        quote = {row.day: row.settlement for row in found.run(days)}[found.as_of]
        found = account(case, quote / 100)
    ours = {row.day: row for row in found.run(days)}
    more = [row for day, row in ours.items() if day not in days and row.settlement]
    if more:
        return f"ours has more rows: {more}"
    for day, (_, interest, paid, balance, settles) in zip(days, theirs, strict=True):
        row = ours[day]
        wanted = [round(100 * figure) for figure in (interest, balance, settles)]
        # Theirs has no payment where it settles a loan or goes on as agreed: not yet received.
        if [row.interest, row.balance, row.settlement] != wanted or (
            paid and row.received != round(100 * paid)
        ):
            return f"ours {row}, theirs {[interest, paid, balance, settles]}"
    return schedule_difference(case)


def rebate_difference(rebate: Mapping[str, Any]) -> str:
    """Return how a rebate of the UK regulations differs."""
    first, of = rebate["plus_part_period"]
    found = early_settlement_rebate(
        round(100 * rebate["principal"]),
        [round(100 * rebate["payment"])] * rebate["payments"],
        rebate["settled_after_payments"],
        Fraction(first, of),
        Fraction(str(rebate["apr_pct"])) / 100,
    )
    wanted = round(100 * rebate["expected_rebate"])
    return "" if found == wanted else f"ours {found}, theirs {wanted}"


NOT_MET: dict[str, str] = {}
SOURCE = Source("FSharp.Finance.Personal", "fsharp", CONVENTION, difference, NOT_MET)
