"""Waiting: what it costs to agree on nothing for some months before the same plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from restructure.agreements import History
from restructure.comparison import Comparison, compare
from restructure.errors import InvalidValue, shown
from restructure.ledger.rules import COMPOUNDED, FEES, PENALTY
from restructure.measures import Plan
from restructure.metrics import total_paid
from restructure.words import say

MOST = 120


class Waited(NamedTuple):
    """A plan that is agreed only after some months in which nothing is paid.

    Amounts in minor units. `arrears` is all that is then due and unpaid, `late_cost` the
    penalty interest, compounded interest and fees in it; `total_paid` and `cost` are the plan's
    total then, and what that is above its total if agreed today. `refused` gives the reason
    where the plan cannot then be carried out.
    """

    months: int
    as_of: date
    name: str
    arrears: int
    late_cost: int
    days_past_due: int
    loan_class: str
    payment: int | None
    total_paid: int | None
    cost: int | None
    refused: str = ""


def loan_class(days_past_due: int) -> str:
    """Return the class that China's rules of 2023 give at least: by days past due alone.

    商业银行金融资产风险分类办法: overdue special mention, over 90 days substandard, over 270
    doubtful, over 360 loss.
    """
    for days, name in (
        (360, say("loss")),
        (270, say("doubtful")),
        (90, say("substandard")),
        (0, say("special mention")),
    ):
        if days_past_due > days:
            return name
    return say("normal")


def months_of(text: str) -> list[int]:
    """Read "1,3,6": months to wait."""
    found = []
    for part in text.split(","):
        if not (part.strip().isascii() and part.strip().isdigit()) or not 1 <= int(part) <= MOST:
            raise InvalidValue(
                say(
                    "{part} is not a whole number of months from 1 to {most}, as in 1,3,6.",
                    part=shown(part),
                    most=MOST,
                ),
                field="waiting",
            )
        found.append(int(part))
    return found


def waiting(
    known: History, now: Comparison, plans: Sequence[str | Plan], months: Sequence[int]
) -> list[Waited]:
    """Return each line of a comparison as it would be after so many months without payment."""
    found: list[Waited] = []
    for count in months:
        day = known.waited(count)
        position = known.on(day)
        there = known.stand(day)
        late = position.unpaid[PENALTY] + position.unpaid[COMPOUNDED] + position.unpaid[FEES]
        head = (position.cure, late, position.days_past_due, loan_class(position.days_past_due))
        then = compare(there.loan, plans, there.agreed)
        for line, before in zip(then.plans, now.plans, strict=True):
            if line.refused:
                found.append(Waited(count, day, line.name, *head, None, None, None, line.refused))
                continue
            minor = line.schedule.loan.currency.minor
            paid = total_paid(line.schedule)
            cost = None if before.refused else paid - total_paid(before.schedule)
            payment = minor(line.payment, "payment")
            found.append(Waited(count, day, line.name, *head, payment, paid, cost))
    return found
