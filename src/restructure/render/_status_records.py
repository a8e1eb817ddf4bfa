"""The documents and records of a status, in the words of its JSON Schema."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from restructure.agreements import Agreed, History
from restructure.ledger.followup import FollowUp, follow_up, rows_of
from restructure.ledger.position import Position
from restructure.ledger.rules import FEES, INTEREST, KINDS, PRINCIPAL
from restructure.ledger.settlement import settlement_of
from restructure.loan import Loan
from restructure.money import Currency
from restructure.render._compare import rate_number
from restructure.waiting import loan_class

SHOWN = [PRINCIPAL, INTEREST, *range(2, 4), FEES, 0]


def followed(known: History) -> FollowUp | None:
    """Return the follow-up of the plan in force; None where none has been agreed."""
    if not known.agreed:
        return None
    last = known.agreed[-1]
    return follow_up(known.position, last.facts.as_of, last.defaulted)


def split(amounts: list[int], currency: Currency) -> dict[str, Decimal]:
    """Return amounts by kind, with their sum as `total`."""
    found = {"total": currency.decimal(sum(amounts))}
    found.update((KINDS[kind], currency.decimal(amounts[kind])) for kind in SHOWN)
    return found


def exact(amount: Fraction, currency: Currency) -> Decimal:
    """Return an amount a day with four decimals more than the currency has."""
    return Decimal(round(amount * 10**4)).scaleb(-currency.exponent - 4)


def settlement(position: Position) -> dict[str, Any]:
    """Return the settlement quote with the JSON field names."""
    money, quote = position.loan.currency.decimal, settlement_of(position)
    return {
        "as_of": quote.as_of,
        "total": money(quote.total),
        "arrears": money(quote.arrears),
        "principal": money(quote.principal),
        "interest": money(quote.interest),
        "rebate": money(quote.rebate),
        "credit": money(quote.credit),
    }


def standing_record(position: Position) -> dict[str, Any]:
    """Return what a position says, with the JSON field names."""
    currency = position.loan.currency
    money, oldest, per_day = currency.decimal, position.oldest, position.per_day
    return {
        "as_of": position.as_of,
        "cure": money(position.cure),
        "overdue": split(position.overdue, currency),
        "due_today": money(sum(position.due_today)),
        "days_past_due": position.days_past_due,
        "class": loan_class(position.days_past_due),
        "oldest_unpaid": None
        if oldest is None
        else {
            "number": oldest.number,
            "due": oldest.due,
            "principal": money(oldest.owed[PRINCIPAL]),
            "interest": money(oldest.owed[INTEREST]),
        },
        "per_day": {
            "interest": exact(per_day.interest, currency),
            "penalty": exact(per_day.penalty, currency),
            "compounded": exact(per_day.compounded, currency),
        },
        "capped": money(position.capped),
        "outstanding": money(position.balance),
        "owed": money(position.balance + position.cure),
        "settlement": settlement(position),
    }


def document(
    known: History,
    later: Position | None,
    notes: list[str],
    entries: bool,
    kept: FollowUp | None,
) -> dict[str, Any]:
    """Return the document `restructure.status/1`."""
    position = known.position
    currency = position.loan.currency
    money = currency.decimal
    found: dict[str, Any] = {
        "schema": "restructure.status/1",
        "currency": currency.code,
        "loan": contract(known.drawn),
        "rules": rules(known),
        "notes": notes,
        **standing_record(position),
        "due": split(position.due, currency),
        "paid": split(position.paid, currency),
        "received": money(position.received),
        "credit": money(position.credit),
        "prepaid": money(position.prepaid),
        "until": None if later is None else standing_record(later),
        "instalments": [
            {
                "number": row.number,
                "due": row.due,
                "payment": money(row.payment),
                "unpaid": money(row.unpaid),
                "paid_on": row.paid_on,
                "days_late": row.days_late,
                "state": row.state,
            }
            for row in rows_of(position)
        ],
        "agreed": [agreed(one, currency) for one in known.agreed],
        "follow_up": None if kept is None else followed_record(kept),
    }
    if entries:
        found["ledger"] = movements(position)
    return found


def contract(drawn: Loan) -> dict[str, Any]:
    """Return the contract as understood."""
    calendar = drawn.calendar
    return {
        "principal": drawn.currency.decimal(drawn.principal),
        "term": drawn.term,
        "rate": rate_number(drawn.rate),
        "method": drawn.method,
        "every": drawn.every.name,
        "start": calendar and calendar.unmoved(-1),
        "first_due": calendar and calendar.first,
        "day_count": drawn.day_count,
        "penalty_rate": rate_number(drawn.penalty_rate.of(drawn.rate)),
    }


def rules(known: History) -> dict[str, Any]:
    """Return the rules of the ledger."""
    found = known.rules
    return {
        "allocation": found.allocation.name,
        "overpayment": found.overpayment,
        "penalty_day_count": found.penalty_day_count,
        "compound": found.compound,
        "compound_penalty": found.compound_penalty,
        "late_fee": known.drawn.currency.decimal(found.late_fee),
        "late_fee_after": found.late_fee_after,
        "penalty_cap": rate_number(found.cap),
        "rebate": found.rebate,
    }


def agreed(one: Agreed, currency: Currency) -> dict[str, Any]:
    """Return an agreed plan with what was overdue on its day."""
    arrears = one.facts.arrears
    return {
        "name": one.plan.name,
        "plan": one.plan.text,
        "as_of": one.facts.as_of,
        "arrears": currency.decimal(arrears.total),
        "days_past_due": one.facts.days_past_due,
        "defaulted": one.defaulted,
    }


def followed_record(kept: FollowUp) -> dict[str, Any]:
    """Return the follow-up with the JSON field names."""
    return {
        "kept": kept.kept,
        "on_time": kept.counts["on time"],
        "late": kept.counts["late"],
        "short": kept.counts["short"],
        "missed": kept.counts["missed"],
        "clean_instalments": kept.clean,
        "clean_months": kept.clean_months,
        "counters": [counter._asdict() for counter in kept.counters],
    }


def movements(position: Position) -> list[dict[str, Any]]:
    """Return every movement, with what is due and unpaid after it."""
    money, owed, found = position.loan.currency.decimal, 0, []
    for entry in position.entries:
        if entry.what in ("due", "accrued", "charged"):
            owed += entry.amount
        elif entry.what == "allocated":
            owed -= entry.amount
        found.append(
            {
                "date": entry.day,
                "movement": entry.what,
                "instalment": entry.number,
                "kind": entry.kind or None,
                "amount": money(entry.amount),
                "unpaid": money(owed),
            }
        )
    return found


def flat(position: Position) -> dict[str, Any]:
    """Return a position as one line for CSV."""
    currency = position.loan.currency
    money, oldest = currency.decimal, position.oldest
    found: dict[str, Any] = {"as_of": position.as_of}
    for name, amounts in (
        ("due", position.due),
        ("paid", position.paid),
        ("overdue", position.overdue),
    ):
        found.update(
            (name if kind == "total" else f"{name}_{kind}", amount)
            for kind, amount in split(amounts, currency).items()
        )
    return {
        **found,
        "due_today": money(sum(position.due_today)),
        "cure": money(position.cure),
        "days_past_due": position.days_past_due,
        "oldest_number": "" if oldest is None else oldest.number,
        "oldest_due": "" if oldest is None else oldest.due,
        "per_day_interest": exact(position.per_day.interest, currency),
        "per_day_penalty": exact(position.per_day.penalty, currency),
        "per_day_compounded": exact(position.per_day.compounded, currency),
        "capped": money(position.capped),
        "credit": money(position.credit),
        "prepaid": money(position.prepaid),
        "outstanding": money(position.balance),
        "settlement": money(settlement_of(position).total),
    }
