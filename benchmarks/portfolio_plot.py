"""The picture of growth: time and memory by the number of loans, both scales logarithmic."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

WIDTH, HEIGHT, LEFT, TOP, STEP = 720, 330, 62, 46, 360
PLOT_WIDTH, PLOT_HEIGHT = 270, 220
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #333 }
  .title { font-size: 14px; font-weight: 600 }
  .grid { stroke: #ddd } .line { stroke: #1f5fa8; stroke-width: 2; fill: none }
  .dot { fill: #1f5fa8 } .ideal { stroke: #999; stroke-dasharray: 4 4 }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd } .grid { stroke: #444 } .line { stroke: #7fb3ea } .dot { fill: #7fb3ea }
  }
"""


def draw(points: Sequence[tuple[int, float, float]]) -> str:
    """Return an SVG of (loans, seconds, GiB): at the left time, at the right memory."""
    seconds = [(loans, each) for loans, each, _ in points]
    memory = [(loans, each) for loans, _, each in points]
    first, last = points[0], points[-1]
    words = (
        f"From {first[0]:,} to {last[0]:,} loans, time grows from {first[1]:.2f} to {last[1]:.0f} "
        f"seconds of one core, memory from {first[2]:.2f} to {last[2]:.2f} GiB."
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-labelledby="growth">\n<title id="growth">{words}</title>\n<style>{STYLE}</style>\n'
        + _panel(0, "seconds of one core", seconds, (-2, 3), "line of slope 1")
        + _panel(STEP, "GiB at most", memory, (-2, 1), "")
        + "</svg>\n"
    )


def _panel(
    at: int, title: str, points: Sequence[tuple[int, float]], span: tuple[int, int], ideal: str
) -> str:
    low, high = round(log10(points[0][0])), max(round(log10(points[-1][0])), 4)

    def x(loans: float) -> float:
        return at + LEFT + PLOT_WIDTH * (log10(loans) - low) / (high - low)

    def y(value: float) -> float:
        return TOP + PLOT_HEIGHT * (span[1] - log10(value)) / (span[1] - span[0])

    parts = [f'<text class="title" x="{at + LEFT}" y="26">{title}</text>']
    for power in range(span[0], span[1] + 1):
        here = y(10.0**power)
        parts.append(
            f'<line class="grid" x1="{x(10**low):.1f}" x2="{x(10**high):.1f}" y1="{here:.1f}" '
            f'y2="{here:.1f}"/><text x="{at + LEFT - 8}" y="{here + 4:.1f}" text-anchor="end">'
            f"{10.0**power:g}</text>"
        )
    for power in range(low, high + 1):
        parts.append(
            f'<text x="{x(10**power):.1f}" y="{TOP + PLOT_HEIGHT + 22}" text-anchor="middle">'
            f'10<tspan dy="-5" font-size="10">{power}</tspan></text>'
        )
    middle = at + LEFT + PLOT_WIDTH / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">loans</text>')
    if ideal:
        end, value = points[-1]
        start = points[max(len(points) - 4, 0)][0]
        parts.append(
            f'<line class="ideal" x1="{x(start):.1f}" y1="{y(value * start / end):.1f}" '
            f'x2="{x(end):.1f}" y2="{y(value):.1f}"><title>{ideal}</title></line>'
        )
    path = " ".join(f"{x(loans):.1f},{y(value):.1f}" for loans, value in points)
    parts.append(f'<polyline class="line" points="{path}"/>')
    for loans, value in points:
        parts.append(
            f'<circle class="dot" cx="{x(loans):.1f}" cy="{y(value):.1f}" r="4">'
            f"<title>{loans:,} loans: {value:.2f}</title></circle>"
        )
    return "\n".join(parts) + "\n"
