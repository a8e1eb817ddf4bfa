"""Movements: the lines of a payment history, and what they amount to on each day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from restructure.errors import InvalidValue
from restructure.money import Currency
from restructure.words import say

MOVEMENT_KINDS = ("payment", "reversal", "fee", "cost")


class Movement(NamedTuple):
    """One line of a payment history. `amount` is in minor units, above 0.

    payment: money from the borrower. reversal: an earlier payment that was returned; it is then
    worked out as if it had never been made. fee, cost: charged to the borrower on that day.
    `source` names file and line for messages.
    """

    day: date
    amount: int
    kind: str = "payment"
    reference: str = ""
    source: str = ""


class Days(NamedTuple):
    """Money by day: what was received, and the fees and costs charged; minor units."""

    received: dict[date, int]
    charged: dict[date, list[tuple[str, int]]]


def by_day(movements: Iterable[Movement], start: date, as_of: date, currency: Currency) -> Days:
    """Return what the movements up to `as_of` amount to on each day, reversals taken out.

    A reversal cancels the latest payment of its amount on or before its day; with a reference,
    the latest that has the same one. Raises InvalidValue, with the source of the line, for a
    movement before `start`, an amount of 0 or less, and a reversal of nothing.
    """
    received: dict[date, int] = {}
    charged: dict[date, list[tuple[str, int]]] = {}
    payments: dict[int, list[tuple[date, str]]] = {}
    reversals: list[Movement] = []
    for movement in movements:
        day, amount, kind, reference, _ = movement
        if day > as_of:
            continue
        if day < start or amount <= 0:
            _refuse(movement, start, currency)
        if kind == "payment":
            received[day] = received.get(day, 0) + amount
            payments.setdefault(amount, []).append((day, reference))
        elif kind == "reversal":
            reversals.append(movement)
        else:
            charged.setdefault(day, []).append((kind, amount))
    if reversals:
        for lines in payments.values():
            lines.sort()
    for movement in sorted(reversals, key=lambda one: (one.day, not one.reference, one.reference)):
        lines = payments.get(movement.amount, [])
        k = bisect_right(lines, (movement.day, "\U0010ffff")) - 1
        while k >= 0 and movement.reference and lines[k][1] != movement.reference:
            k -= 1
        if k < 0:
            _refuse_reversal(movement, currency)
        day = lines.pop(k)[0]
        received[day] -= movement.amount
        if not received[day]:
            del received[day]
    for fees in charged.values():
        fees.sort()
    return Days(received, charged)


def _where(movement: Movement) -> str:
    return f"{movement.source}: " if movement.source else ""


def _refuse(movement: Movement, start: date, currency: Currency) -> None:
    if movement.amount <= 0:
        raise InvalidValue(
            say(
                "{where}amount: {amount} is not above 0; a returned payment has the kind reversal.",
                where=_where(movement),
                amount=currency.text(movement.amount),
            )
        )
    raise InvalidValue(
        say(
            "{where}date: {day} is before the loan was drawn, {start}. Take the line out, "
            "or correct the date or the loan's start.",
            where=_where(movement),
            day=movement.day,
            start=start,
        )
    )


def _refuse_reversal(movement: Movement, currency: Currency) -> None:
    which = (
        say(" with the reference {reference}", reference=movement.reference)
        if movement.reference
        else ""
    )
    raise InvalidValue(
        say(
            "{where}amount: there is no payment of {amount}{which} on or before {day} that "
            "this reversal could return. Correct the amount, or add the payment's line.",
            where=_where(movement),
            amount=currency.text(movement.amount),
            which=which,
            day=movement.day,
        )
    )
