"""What the tests of the ledger share: the worked case, short forms, and a naive ledger.

The naive ledger is a second implementation of the rules in docs/ledger.md: it goes day by day,
with fractions, and knows nothing of the product's code but the schedule.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import restructure as rs
from restructure.ledger import KINDS, Movement, Position, Rules, position_on, rules_of

START = "2024-04-08"
ON_TIME = ("2024-05-08", "2024-06-08", "2024-07-08", "2024-08-08")


def day(text: str) -> date:
    """Read a date."""
    return date.fromisoformat(text)


def worked_loan(**changes: Any) -> rs.Loan:
    """Return the loan of the worked case: 50,000 at 14.4 %, drawn on 8 April 2024."""
    terms = {
        "principal": 50_000,
        "term": 12,
        "rate": "14.4%",
        "start": START,
        "penalty_rate": "1.5x",
    }
    return rs.Loan.of(**{**terms, **changes})


def paid(when: str, amount: str, kind: str = "payment", reference: str = "") -> Movement:
    """Return a movement of an amount in major units."""
    return Movement(day(when), int(amount.replace(".", "").replace(",", "")), kind, reference)


def worked_payments() -> list[Movement]:
    """Return four instalments on their days, and 2,249.39 on 20 October."""
    return [*(paid(when, "4498.77") for when in ON_TIME), paid("2024-10-20", "2249.39")]


def rules(loan: rs.Loan, **values: Any) -> Rules:
    """Return rules as a loan file writes them."""
    return rules_of(values, loan.currency)


def overdue(position: Position) -> dict[str, str]:
    """Return what is overdue by kind, in major units, zeros left out."""
    money = position.loan.currency.decimal
    return {
        kind: str(money(amount))
        for kind, amount in zip(KINDS, position.overdue, strict=True)
        if amount
    }


def worked_position(as_of: str = "2024-11-13", **values: Any) -> Position:
    """Return the position of the worked case under rules."""
    loan = worked_loan()
    return position_on(loan, rules(loan, **values), worked_payments(), day(as_of))


def naive(
    loan: rs.Loan, payments: list[Movement], as_of: date, yearly: Fraction, order: list[str]
) -> list[int]:
    """Return what is due and unpaid by kind: oldest instalment first, in it `order`.

    Penalty interest a day is overdue principal x yearly / 360, exact, rounded half up when it
    is paid and on the last day.
    """
    rows = list(rs.build(loan).rows)
    scale = 10**loan.currency.exponent
    items: list[dict[str, Any]] = []
    credit = 0
    today = rows[0].due - timedelta(days=40) if rows[0].due else as_of
    while today < as_of:
        today += timedelta(days=1)
        for item in items:
            item["exact"] += item["principal"] * yearly / 360
        for row in rows:
            if row.due == today:
                items.append(
                    {
                        "principal": int(row.principal * scale),
                        "interest": int(row.interest * scale),
                        "penalty": 0,
                        "exact": Fraction(0),
                    }
                )
        credit += sum(one.amount for one in payments if one.day == today)
        for item in items:
            for kind in order:
                if not credit:
                    break
                if kind == "penalty" and (whole := int(item["exact"] + Fraction(1, 2))):
                    item["penalty"] += whole
                    item["exact"] = Fraction(0)
                part = min(credit, item[kind])
                item[kind] -= part
                credit -= part
    return [
        sum(item["penalty"] + int(item["exact"] + Fraction(1, 2)) for item in items),
        sum(item["interest"] for item in items),
        sum(item["principal"] for item in items),
    ]
