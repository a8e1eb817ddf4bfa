"""Charts in a terminal: lines of letters, one letter a plan, so that no colour is needed."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import Any

from restructure.errors import UsageError
from restructure.render._view import Chart
from restructure.words import say

MOST_LINES = 8
"""More plans than this cannot be told apart; the first ones are drawn, and a note says so."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_COLOURS = ("default", "cyan", "orange", "green", "magenta", "blue", "red", "yellow")
_WIDTH = 100
_LEAST, _HEIGHT = 60, 16
_GAPS = (1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 600)
_PLAIN = str.maketrans("┌┐└┘─│┤├┬┴┼", "+++++".ljust(4, "+")[:4] + "-|" + "+++++")


def steps(highest: float, about: int = 5) -> list[float]:
    """Return round numbers from 0 to `highest` or just above: in steps of 1, 2 or 5 times 10^k."""
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / about
    power = 10.0 ** floor(log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9))
    return [step * n for n in range(ceil(highest / step - 1e-9) + 1)]


def draw(chart: Chart, width: int | None, colour: bool, plain: bool) -> str:
    """Return the chart as text of at most `width` columns; `plain` draws with ASCII alone.

    Raises UsageError without plotext.
    """
    plot = _plotext()
    width = min(max(width or _WIDTH, _LEAST), _WIDTH)
    places = max(len(line.values) for line in chart.lines)
    plot.clear_figure()
    plot.theme("clear")
    plot.plotsize(width, _HEIGHT)
    for number in reversed(range(len(chart.lines))):  # the first plan is drawn over the others
        values = chart.lines[number].values
        if not values:
            continue
        xs: list[float] = [float(k) for k in range(len(values))]
        ys = list(values)
        if chart.stepped:
            xs = [x for k in range(len(values)) for x in (k + 0.5, k + 1.5)]
            ys = [y for value in values for y in (value, value)]
        paint = _COLOURS[number % len(_COLOURS)] if colour else "default"
        plot.plot(xs, ys, marker=_LETTERS[number], color=paint)
    heights = steps(max(max(line.values, default=0.0) for line in chart.lines))
    plot.ylim(0, heights[-1])
    plot.yticks(heights, [f"{height:,.{_decimals(heights)}f}" for height in heights])
    first = 1 if chart.stepped else 0
    last = places if chart.stepped else places - 1
    plot.xlim(first - 0.5 * chart.stepped, max(last + 0.5 * chart.stepped, 1))
    shown = _marks(first, last, max(map(len, chart.ticks), default=1), width)
    plot.xticks(shown, [chart.ticks[k] for k in shown])
    drawn = str(plot.build())
    if not colour:
        drawn = str(plot.uncolorize(drawn))
    if plain:
        drawn = drawn.translate(_PLAIN)
    key = "   ".join(f"{_LETTERS[n]} {line.name}" for n, line in enumerate(chart.lines))
    return "\n".join([chart.title, *_wrapped(key, width), *drawn.rstrip().split("\n")])


def _marks(first: int, last: int, widest: int, width: int) -> list[int]:
    """Return the places that get a word below: as many as have room, in even gaps."""
    room = min(max((width - 12) // (widest + 2), 2), 12)
    gap = next((gap for gap in _GAPS if last / gap <= room), last)
    return [place for place in range(0, last + 1, gap) if place >= first]


def _wrapped(key: str, width: int) -> list[str]:
    """Return the key in lines of at most `width`, broken between its entries."""
    lines = [""]
    for entry in key.split("   "):
        joined = f"{lines[-1]}   {entry}" if lines[-1] else entry
        if len(joined) > width and lines[-1]:
            lines.append(entry)
        else:
            lines[-1] = joined
    return lines


def _decimals(heights: list[float]) -> int:
    """Return how many decimals tell the heights apart."""
    return max(0, -floor(log10(heights[1]))) if heights[1] < 1 else 0


def _plotext() -> Any:
    try:
        import plotext
    except ImportError as error:
        raise UsageError(
            say(
                "--chart draws with plotext, which is not installed. Run: {command}",
                command="pip install 'restructure[chart]'",
            )
        ) from error
    return plotext
