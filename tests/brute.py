"""Brute force: every combination of a family, each with its schedule, compared pairwise.

Written apart from `restructure.advice`, without bounds and without order: what the search must
equal.
"""

from __future__ import annotations

from itertools import product
from typing import Any, NamedTuple

import restructure as rs
from restructure import metrics
from restructure.errors import InvalidValue, Refused
from restructure.position import as_agreed


class Line(NamedTuple):
    """A plan with its text, its four figures, its share lost and its worst excess."""

    text: str
    figures: tuple[int, int, int, int]
    loss_rate: float
    excess: int


class Answer(NamedTuple):
    """The front by figures, the nearest plan if it is empty, and the schedules built."""

    front: dict[tuple[int, int, int, int], str]
    nearest: Line | None
    built: int


def options(offers: list[str]) -> list[list[Any]]:
    """Return the measures offered by name, arrears first, each list with None before."""
    by_name: dict[str, list[Any]] = {}
    for offer in offers:
        for plan in rs.parse_plans([offer]):
            (measure,) = plan.measures
            known = by_name.setdefault(measure.name, [None])
            if all(other is None or other.text != measure.text for other in known):
                known.append(measure)
    return [by_name[name] for name in sorted(by_name, key=lambda name: name != "arrears")]


def capacity_of(capacity: list[tuple[int, int]], period: int) -> int:
    """Return the capacity of a period: (first period, amount) pairs, the last one for ever."""
    return [amount for first, amount in capacity if first <= period][-1]


def lines(loan: rs.Loan, capacity: list[tuple[int, int]], offers: list[str]) -> list[Line]:
    """Return a line for each combination that can be carried out, the simplest first."""
    loan = rs.locate(loan)
    agreed = rs.build(as_agreed(loan))
    rate = loan.original_rate or 0.0
    value = metrics.value_of(agreed, rate)
    found = []
    for place, taken in enumerate(product(*options(offers))):
        measures = [measure for measure in taken if measure is not None]
        text = "+".join(measure.text for measure in measures)
        if not text and loan.arrears.total:
            text = "arrears:capitalise"
        try:
            schedule = rs.build(rs.parse_plan(text).apply(loan) if text else loan)
        except (Refused, InvalidValue):
            continue
        loss = value - metrics.value_of(schedule, rate)
        figures = (
            sum(schedule.payment),
            max(schedule.payment, default=0),
            len(schedule),
            round(loss),
        )
        over = [paid - capacity_of(capacity, k) for k, paid in enumerate(schedule.payment, start=1)]
        line = Line(text or "as agreed", figures, loss / value, max(over, default=0))
        found.append((len(measures), place, line))
    return [line for _, _, line in sorted(found, key=lambda entry: entry[:2])]


def search(
    loan: rs.Loan,
    capacity: list[tuple[int, int]],
    offers: list[str],
    longest: int | None,
    loss_rate: float,
) -> Answer:
    """Return what fits and is not beaten by another plan that fits."""
    all_lines = lines(loan, capacity, offers)
    allowed = [
        line
        for line in all_lines
        if line.loss_rate <= loss_rate and (longest is None or line.figures[2] <= longest)
    ]
    fit: dict[tuple[int, int, int, int], str] = {}
    for line in allowed:
        if line.excess <= 0:
            fit.setdefault(line.figures, line.text)
    front = {
        figures: text
        for figures, text in fit.items()
        if not any(
            other != figures and all(a <= b for a, b in zip(other, figures, strict=True))
            for other in fit
        )
    }
    nearest = None
    if not front and allowed:
        nearest = min(allowed, key=lambda line: (line.excess, line.figures))
    return Answer(front, nearest, len(all_lines))
