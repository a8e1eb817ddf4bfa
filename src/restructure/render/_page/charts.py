"""Charts: lines over the periods of a loan, laid out for an inline SVG.

A line is told from the others by its dashes and by the letters on it, not by its colour alone.
All coordinates are in the units of the drawing, whose origin is at the top left.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

WIDTH, HEIGHT = 360, 220
LEFT, RIGHT, TOP, BOTTOM = 52, 10, 10, 26
MOST = 6
"""How many lines a chart holds at most, as agreed included."""


class Letter(NamedTuple):
    """A letter that names a line, at a point of it."""

    x: float
    y: float
    text: str


class Line(NamedTuple):
    """A line: its place among the plans, its SVG path, and the letters on it."""

    place: int
    path: str
    letters: list[Letter]


class Tick(NamedTuple):
    """A mark on an axis: where, and what is written there."""

    at: float
    text: str


class Chart(NamedTuple):
    """What a template draws: the lines, and the marks of both axes."""

    lines: list[Line]
    across: list[Tick]
    up: list[Tick]


class Curve(NamedTuple):
    """Values of a plan: one for each period, from period `start` on; steps or a line."""

    place: int
    letter: str
    start: int
    values: Sequence[Decimal]


def draw(curves: Sequence[Curve], steps: bool = False) -> Chart:
    """Return the chart of some curves on common axes that begin at 0.

    With `steps` a value holds for its whole period, as a payment does.
    """
    last = max((c.start + len(c.values) - 1 for c in curves), default=1) or 1
    most = max((max(c.values) for c in curves if c.values), default=Decimal(0)) or Decimal(1)
    step = nice(most / 4)
    top = (most / step).to_integral_value(ROUND_CEILING) * step
    room_x, room_y = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(period: float) -> float:
        return round(LEFT + room_x * period / last, 1)

    def y(value: Decimal) -> float:
        return round(TOP + room_y * (1 - float(value / top)), 1)

    lines = []
    for order, curve in enumerate(curves):
        if steps:
            points = [
                (x(period), y(value))
                for k, value in enumerate(curve.values)
                for period in (curve.start + k - 1, curve.start + k)
            ]
        else:
            points = [(x(curve.start + k), y(value)) for k, value in enumerate(curve.values)]
        # Each line has its letter at another part of its way, so that letters seldom meet.
        place = len(points) * (2 * order + 1) // (2 * len(curves))
        marks = [Letter(*points[min(place, len(points) - 1)], curve.letter)]
        path = "M" + "L".join(f"{px:g} {py:g}" for px, py in _thinned(points))
        lines.append(Line(curve.place, path, marks))
    unit = max(int(nice(Decimal(last) / 6)), 1)
    across = [Tick(x(period), str(period)) for period in range(0, last + 1, unit)]
    up = []
    value = Decimal(0)
    while value <= top:
        up.append(Tick(y(value), f"{value.normalize():,f}" if value else "0"))
        value += step
    return Chart(lines, across, up)


def _thinned(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the points without those on a straight line between their neighbours."""
    kept: list[tuple[float, float]] = []
    for point in points:
        while len(kept) > 1 and kept[-1][1] == kept[-2][1] == point[1]:
            kept.pop()
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept


def nice(value: Decimal) -> Decimal:
    """Return the least of 1, 2, 2.5 and 5 times a power of ten that is not below `value`."""
    power = Decimal(1).scaleb(value.adjusted())
    return next(
        power * Decimal(times)
        for times in ("1", "2", "2.5", "5", "10")
        if power * Decimal(times) >= value
    )
