"""Stress: which plans survive a lower income or a higher rate."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from restructure.advice import Advice, Found
from restructure.affordability import Household
from restructure.engine import build
from restructure.errors import InvalidValue, RestructureError, UnknownName, nearest, shown
from restructure.limits import Limit
from restructure.money import number
from restructure.words import say

KINDS = ("income", "rate")


class Shock(NamedTuple):
    """`income` changes by a share (-1/10: a tenth less), `rate` by points (1/50: 2 more)."""

    kind: str
    by: Fraction
    text: str


class Outcome(NamedTuple):
    """How a plan fares under a shock: `excess` minor units too much at worst, in `period`.

    `refused` says why the plan cannot be carried out any more; the rest is then None.
    """

    shock: Shock
    survives: bool
    excess: int | None
    period: int | None
    refused: str = ""


def shocks_of(texts: list[str]) -> list[Shock]:
    """Read shocks such as income=-10%,-20% and rate=+2%."""
    found = []
    for text in texts:
        kind, equals, values = text.partition("=")
        kind = kind.strip()
        if not equals or kind not in KINDS:
            raise UnknownName(
                say("{text} is not income=-10%,-20% or rate=+2%.", text=shown(text))
                + nearest(kind, KINDS),
                field="stress",
            )
        for part in values.split(","):
            allowed = say("a change in per cent, such as -10% or +2%")
            by = Fraction(number(part.strip().removesuffix("%"), f"stress {kind}", allowed)) / 100
            if abs(by) > 1:
                raise InvalidValue(
                    say("{part} is beyond -100% to +100%.", part=shown(part)),
                    field=f"stress {kind}",
                )
            found.append(Shock(kind, by, f"{kind} {part.strip().removesuffix('%')} %"))
    return found


def outcome(
    advice: Advice, found: Found, shock: Shock, home: Household | None, limits: list[Limit]
) -> Outcome:
    """Return how a plan fares under one shock, all else as it was.

    A lower income lowers the capacity of the household; where only a capacity is known, the
    capacity itself changes by that share. A higher rate is charged from now on.
    """
    capacity, loan = advice.capacity, advice.loan
    if shock.kind == "income":
        capacity = (
            home.with_income(shock.by).capacity(limits)
            if home is not None
            else capacity.map(lambda amount: max(int(amount * (1 + shock.by)), 0))
        )
    else:
        loan = loan.with_rates(lambda rate: rate + shock.by)
    try:
        schedule = build(found.plan.apply(loan))
    except RestructureError as error:
        return Outcome(shock, False, None, None, error.text)
    excess = capacity.passed_by(schedule.payment)
    over = [k for k, paid in enumerate(schedule.payment, start=1) if paid > capacity.at(k)]
    return Outcome(shock, excess <= 0, max(excess, 0), over[0] if over else None)
