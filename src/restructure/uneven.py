"""Uneven instalments: months without one, and interest that waits instead of compounding.

Three terms of a contract meet here. *Skipped months*: no instalment falls due in them.
*US Rule*: unpaid interest waits and bears none; a payment goes to it first (Regulation Z,
Appendix J, "US Rule"). Over months without a payment it is rounded as one sum: each row shows
by how much the rounded sum grows. *Capitalisation every N periods*: interest accrues on
principal alone and joins it after every N-th period, while payments go to principal at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm
from typing import NamedTuple

from restructure.money import InstalmentRounding, divide

SCALE = 10**8
"""Fractions of a minor unit that the search for the instalment works in."""


class Terms(NamedTuple):
    """How interest that is not paid is treated.

    `waits`: it waits (US Rule); else it joins principal. `every` above 1: it joins after
    every so many periods, and payments go to principal first.
    """

    waits: bool = False
    every: int = 1


class Row(NamedTuple):
    """Interest, payment, principal after the payment, and interest that waits."""

    interest: int
    payment: int
    balance: int
    waiting: int


def walk(
    balance: int,
    pay: int,
    factors: Sequence[tuple[int, int]],
    skipped: Sequence[bool],
    terms: Terms,
    rounding: str,
    waiting: int = 0,
) -> list[Row]:
    """Return the rows in which `pay` is paid where none is skipped, without a last settlement.

    Amounts in minor units, or in fractions of them; balances may go below 0. `waiting` is
    unpaid interest from before.
    """
    rows = []
    since: list[tuple[int, int]] = []  # the factors of the skipped rows just before
    posted = 0
    for number, ((num, den), skip) in enumerate(zip(factors, skipped, strict=True), start=1):
        if terms.waits and (skip or since):
            since.append((num, den))
            all_den = lcm(*(den for _, den in since))
            all_num = sum(num * (all_den // den) for num, den in since)
            interest = divide(max(balance, 0) * all_num, all_den, rounding) - posted
            posted += interest
            if not skip:
                since, posted = [], 0
        else:
            interest = divide(max(balance, 0) * num, den, rounding)
        paid = 0 if skip else pay
        waiting += interest
        if terms.every > 1:
            balance -= paid
        else:
            to_interest = min(paid, waiting)
            waiting -= to_interest
            balance -= paid - to_interest
        if number % terms.every == 0 and not terms.waits:
            balance += waiting
            waiting = 0
        rows.append(Row(interest, paid, balance, waiting))
    return rows


def instalment(
    balance: int,
    balloon: int,
    factors: Sequence[tuple[int, int]],
    skipped: Sequence[bool],
    terms: Terms,
    rounding: InstalmentRounding,
    waiting: int = 0,
) -> int:
    """Return the instalment that leaves `balloon` after the last row.

    What is left falls as the instalment grows, so that a bracket and bisection, in hundred
    millionths of a minor unit, find it.
    """

    def left(pay: int) -> int:
        debt = balance * SCALE
        last = walk(debt, pay, factors, skipped, terms, "half-up", waiting * SCALE)[-1]
        return last.balance + last.waiting - balloon * SCALE

    low, high = 0, (balance + waiting) * SCALE
    while left(high) > 0:
        high *= 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if left(middle) > 0 else (low, middle)
    return rounding.round(high, SCALE)
