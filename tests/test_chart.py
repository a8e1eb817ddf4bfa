"""Charts in a terminal: what is drawn where, without colour, at any width."""

from __future__ import annotations

import re

import pytest

from commandline import LOAN, run
from restructure.render._chart import draw, steps
from restructure.render._view import Chart, Line


@pytest.mark.parametrize(
    ("highest", "expected"),
    [
        (50_000, [0, 10_000, 20_000, 30_000, 40_000, 50_000]),
        (51_821.69, [0, 20_000, 40_000, 60_000]),
        (7, [0, 2, 4, 6, 8]),
        (1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (0, [0, 1]),
    ],
)
def test_heights_are_round_and_reach_the_highest(highest, expected):
    """The marks of a scale are multiples of 1, 2 or 5 times a power of ten, by hand."""
    assert steps(highest) == pytest.approx(expected)


def canvas(text: str) -> list[str]:
    """Return what is drawn between the frame's sides, top line first."""
    return [
        line.split("┤")[-1].split("│")[-2 if line.count("│") > 1 else 0]
        for line in text.split("\n")
        if line.endswith("│")
    ]


def test_a_falling_line_falls_and_an_even_one_stays():
    """A line from 10 to 0 has one height a column, never rising; a constant one is one row."""
    even = [4.0] * 11
    text = draw(
        Chart(
            "t",
            [Line("falling", [10.0 - k for k in range(11)]), Line("even", even)],
            [str(k) for k in range(11)],
        ),
        80,
        False,
        False,
    )
    rows = canvas(text)
    columns = [
        [n for n, row in enumerate(rows) if row[k : k + 1] == "a"] for k in range(len(rows[0]))
    ]
    heights = [min(found) for found in columns if found]
    assert heights[0] == 0
    assert heights[-1] == len(rows) - 1
    assert heights == sorted(heights)
    assert sum("b" in row for row in rows) == 1


def test_a_stepped_amount_holds_through_its_period():
    """Of two payments, 100 and then 50, each fills its own half of the width."""
    text = draw(
        Chart("t", [Line("p", [100.0, 50.0])], ["0", "1", "2"], stepped=True), 80, False, False
    )
    rows = canvas(text)
    top, middle = rows[0], rows[round((len(rows) - 1) / 2)]
    half = len(top) // 2
    assert set(top[: half - 2]) == {"a"}
    assert not top[half + 2 :].strip()
    assert set(middle[half + 2 :]) == {"a"}


def test_the_charts_stand_below_the_table():
    """--chart adds balance and payments, a letter a plan, within 80 columns, without colour."""
    done = run("compare", *LOAN, "--plan", "defer:3", "--plan", "extend:6", "--chart", columns=80)
    assert done.code == 0
    table, owed, paid = re.split(r"\n(?=Owed after|Paid in)", done.out)
    assert "freed in" in table
    for chart in (owed, paid):
        assert chart.split("\n")[1] == "a as agreed   b defer:3   c extend:6"
        assert {"a", "b", "c"} <= set("".join(canvas(chart)))
    assert max(map(len, done.out.split("\n"))) <= 80
    assert "\x1b" not in done.out


def test_plans_beyond_eight_are_counted():
    """A sweep of eleven plans draws eight lines and says how many have none."""
    done = run("compare", *LOAN, "--plan", "extend:1..10", "--chart")
    assert "(the first 8 plans; 3 more have no line)" in done.out


def test_a_place_without_box_characters_gets_ascii():
    """Drawn with ASCII alone the frame stands where it was."""
    chart = Chart("t", [Line("p", [3.0, 2.0, 0.0])], ["0", "1", "2"])
    boxes, ascii_only = draw(chart, 80, False, False), draw(chart, 80, False, True)
    assert ascii_only.isascii()
    assert not boxes.isascii()
    assert "".join("x" if c in "+-|" else c for c in ascii_only) == "".join(
        "x" if c in "┌┐└┘─│┤├┬┴┼" else c for c in boxes
    )


def test_a_chart_goes_with_a_table_only():
    """--chart with a machine format is a usage error that says what to do."""
    done = run("compare", *LOAN, "--chart", "--format", "csv")
    assert done.code == 2
    assert "--format table" in done.err
