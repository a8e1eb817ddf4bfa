"""The view of an account: a row a day on which something happens, and where it stands."""

from __future__ import annotations

from typing import Any

from restructure.ledger.account import Account, Row
from restructure.render._compare import rate_number
from restructure.render._title import title
from restructure.render._view import Cell, Column, Table, View
from restructure.words import say


def view(kept: Account, notes: list[str]) -> View:
    """Return the view of an account, which it runs."""
    kept.run()

    def records() -> list[dict[str, Any]]:
        return [record(kept, row) for row in kept.rows]

    return View(
        document=lambda: document(kept, notes),
        records=records,
        lines=records,
        table=lambda: table(kept),
    )


def record(kept: Account, row: Row) -> dict[str, Any]:
    """Return a day with the JSON field names, in major units."""
    money = kept.loan.currency.decimal
    return {
        "date": row.day,
        "due": money(row.due),
        "received": money(row.received),
        "expected": money(row.expected),
        "fees": money(row.fees),
        "interest": money(row.interest),
        "principal": money(row.received + row.expected - row.fees - row.interest),
        "balance": money(row.balance),
        "settlement": money(row.settlement),
    }


def document(kept: Account, notes: list[str]) -> dict[str, Any]:
    """Return the document `restructure.account/1`."""
    money, terms, loan = kept.loan.currency.decimal, kept.terms, kept.loan
    here = at(kept)
    assert loan.calendar is not None
    return {
        "schema": "restructure.account/1",
        "currency": loan.currency.code,
        "loan": {
            "principal": money(loan.principal),
            "term": loan.term,
            "rate": rate_number(loan.rate),
            "method": loan.method,
            "every": loan.every.name,
            "start": kept.start,
            "day_count": loan.day_count,
        },
        "terms": {
            "posting": terms.posting,
            "overpayment": terms.overpayment,
            "overdue": terms.overdue,
            "last": terms.last,
            "interest": "add-on" if terms.add_on else "daily",
            "interest_cap": None if kept.cap is None else money(kept.cap),
            "interest_free_days": terms.free_days,
            "late_fee": money(terms.late_fee),
            "late_fee_after": terms.late_fee_after,
            "late_fees": terms.late_fees,
        },
        "notes": notes,
        "as_of": kept.as_of,
        "overdue": money(kept.overdue_then),
        "balance": money(here.balance),
        "settlement": money(here.settlement),
        "rows": [record(kept, row) for row in kept.rows],
    }


def at(kept: Account) -> Row:
    """Return the row of the day of the account."""
    return next(row for row in kept.rows if row.day == kept.as_of)


def table(kept: Account) -> Table:
    """Return the table for people; rows to come are marked."""
    loan, text = kept.loan, kept.loan.currency.text
    fees = any(row.fees for row in kept.rows)
    columns = [Column(say("day"), right=False), Column(say("due"), optional=1)]
    columns += [Column(say("paid"))] + ([Column(say("fees"))] if fees else [])
    columns += [Column(say("interest")), Column(say("principal"), optional=2)]
    columns += [
        Column(say("balance")),
        Column(say("closes it"), help=say("closes it: what closes the loan on the day")),
    ]
    rows = []
    for row in kept.rows:
        paid = row.received + row.expected
        amounts = [row.due, paid] + ([row.fees] if fees else [])
        amounts += [row.interest, paid - row.fees - row.interest, row.balance, row.settlement]
        cells = [Cell(str(row.day)), *(Cell(text(amount)) for amount in amounts)]
        cells[2] = cells[2]._replace(mark=row.expected > 0)
        rows.append(cells)
    here = at(kept)
    below: list[str | tuple[str, str]] = [
        say(
            "On {day}: {overdue} is overdue; {settlement} closes the loan.",
            day=kept.as_of,
            overdue=text(kept.overdue_then),
            settlement=text(max(here.settlement, 0)),
        )
    ]
    if here.settlement < 0:
        below.append(say("{amount} is paid too much.", amount=text(-here.settlement)))
    left = kept.rows[-1].settlement
    if left > 0 and kept.rows[-1] is not here:
        below.append(say("{amount} stays owed after the last instalment.", amount=text(left)))
    heading = title(loan) + say("; interest by the day")
    return Table(heading, columns, rows, below, star=say("to come: paid when it falls due"))
