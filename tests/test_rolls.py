"""Roll rates, forecasts and the backtest, against figures worked out by hand or by brute force."""

from __future__ import annotations

import random
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

from restructure.portfolio.forms import Form
from restructure.triage.book import BookFile
from restructure.triage.columns import Facts, history_of
from restructure.triage.history import History
from restructure.triage.rolls import backtest, chances, expected, rates_of
from restructure.triage.schemes import load

SCHEME = load("cn-2023")


def read(folder: Path, lines: list[tuple[str, str, str]], order: str = "loans") -> History:
    """Return the history of these states, written loan by loan or month by month."""
    if order == "months":
        lines = sorted(lines, key=lambda line: line[1])
    path = folder / f"{order}.csv"
    path.write_text("id,month,days_past_due\n" + "".join(",".join(line) + "\n" for line in lines))
    with BookFile(str(path), Form("csv")) as file:
        return History(SCHEME).read(file, history_of(file.header, Facts()))


def test_rates_are_shares_of_the_moves() -> None:
    """Of 10 current loans 8 stay, 1 rolls, 1 leaves; of 4 late ones 1 cures; the third is unseen.

    Next month: 100 x 0.8 + 8 x 0.25 = 82 current, 100 x 0.1 + 8 x 0.75 = 16 late, 5 unseen ones
    stay, 10 leave.
    """
    one = [[5, 1, 0, 0], [1, 2, 0, 0], [0, 0, 0, 0]]
    other = [[3, 0, 0, 1], [0, 1, 0, 0], [0, 0, 0, 0]]
    moves, rates = rates_of([one, other], 3)
    assert moves == [[8, 1, 0, 1], [1, 3, 0, 0], [0, 0, 0, 0]]
    assert rates == [[0.8, 0.1, 0.0, 0.1], [0.25, 0.75, 0.0, 0.0], None]
    assert expected([100, 8, 5], rates) == pytest.approx([82.0, 16.0, 5.0, 10.0])


def test_a_chance_is_the_sum_over_all_paths() -> None:
    """The chance to fail within 4 months is that of every path that fails, added up."""
    rates = [[0.7, 0.2, 0.0, 0.1], [0.4, 0.1, 0.45, 0.05], [0.3, 0.0, 0.7, 0.0]]
    found = chances(rates, 2, 4)
    for start in (0, 1):
        total = 0.0
        for path in product(range(4), repeat=4):
            chance, at = 1.0, start
            for step in path:
                if at >= 2:  # failed or left: nothing moves any more
                    chance *= step == at
                else:
                    chance *= rates[at][step]
                at = step
            total += chance * (at == 2)
        assert found[start] == pytest.approx(total)
    assert found[2] == 1.0
    assert chances([None, rates[1], rates[2]], 2, 4)[0] is None


def test_the_backtest_holds_the_last_months_out() -> None:
    """Rates from January and February are tested on March, worked out by hand.

    Learnt: 0 -> 0 in 18 of 20, 1 -> 0 in 1 of 4. In March 10 loans were current and 4 late:
    foretold 9 + 1 = 10 current and 1 + 3 = 4 late; real: 8 + 2 = 10 and 2 + 2 = 4; no change: 10
    and 4. The likeliest move of each bucket is to stay: 8 + 2 of 14 hit.
    """
    moves = {
        "2026-01": [[9, 1, 0], [0, 2, 0]],
        "2026-02": [[9, 1, 0], [1, 1, 0]],
        "2026-03": [[8, 2, 0], [2, 2, 0]],
    }
    found = backtest(moves, 2, 1)
    assert found is not None
    (month,) = found.months
    assert (found.learnt_from, month.month, month.loans) == (2, "2026-03", 14)
    assert month.foretold == pytest.approx([10.0, 4.0, 0.0])
    assert month.real == [10, 4, 0]
    assert found.error == pytest.approx(0.0)
    assert found.hit_rate == pytest.approx(10 / 14)
    moves["2026-03"] = [[2, 8, 0], [0, 4, 0]]
    found = backtest(moves, 2, 1)
    assert found is not None
    # foretold 10 and 4, real 2 and 12; no change says 10 and 4 as well
    assert found.error == found.error_unchanged == pytest.approx(16 / 14)
    assert backtest(moves, 2, 3) is None


def test_a_history_is_what_counting_by_hand_gives(tmp_path: Path) -> None:
    """Two loans over four months: moves, the loan that leaves, a gap, the last month's counts."""
    lines = [
        ("a", "2026-01", "0"), ("a", "2026-02", "28"), ("a", "2026-03", "59"),
        ("a", "2026-04", "0"),
        ("b", "2026-01", "95"), ("b", "2026-02", "125"),
        ("c", "2026-01", "0"), ("c", "2026-03", "0"), ("c", "2026-04", "12"),
    ]  # fmt: skip
    found = read(tmp_path, lines)
    moves = {
        month: {
            (SCHEME.buckets[i], (*SCHEME.buckets, "left")[j]): count
            for i, row in enumerate(matrix)
            for j, count in enumerate(row)
            if count
        }
        for month, matrix in found.moves.items()
    }
    assert moves == {
        "2026-02": {("0", "1-30"): 1, ("91-180", "91-180"): 1},
        "2026-03": {("1-30", "31-60"): 1, ("91-180", "left"): 1},
        "2026-04": {("31-60", "0"): 1, ("0", "1-30"): 1},
    }
    assert (found.gaps, found.loans, found.states, found.rejected) == (1, 3, 9, 0)
    assert found.counts == [1, 1, 0, 0, 0, 0, 0, 0]
    assert found.trend("a", 0) == 0
    assert found.trend("c", 12) == 12
    assert found.trend("nobody", 5) is None


def test_the_order_of_a_history_does_not_matter(tmp_path: Path) -> None:
    """Loan by loan or month by month, moves are those that counting pairs of months gives."""
    chance = random.Random(7)
    lines = []
    for loan in range(200):
        first, last = sorted(chance.sample(range(12), 2))
        for month in range(first, last + 1):
            if chance.random() < 0.95:
                days = chance.choice((0, 0, 0, 10, 45, 75, 100, 200, 300, 400))
                lines.append((f"L{loan}", f"2025-{month + 1:02d}", str(days)))
    one, other = read(tmp_path, lines), read(tmp_path, lines, "months")
    state = {(loan, int(month[-2:])): int(days) for loan, month, days in lines}
    ends = dict(sorted(state))
    wanted: Counter[tuple[int, int, int]] = Counter()
    for (loan, month), days in state.items():
        after = state.get((loan, month + 1))
        if after is not None:
            wanted[month + 1, SCHEME.bucket(days), SCHEME.bucket(after)] += 1
        elif month == ends[loan] and month < max(ends.values()):
            wanted[month + 1, SCHEME.bucket(days), len(SCHEME.least)] += 1
    for found in (one, other):
        got = {
            (int(month[-2:]), i, j): count
            for month, matrix in found.moves.items()
            for i, row in enumerate(matrix)
            for j, count in enumerate(row)
            if count
        }
        assert got == dict(wanted)
    assert one.gaps == other.gaps > 0


def test_wrong_lines_of_a_history_are_counted(tmp_path: Path) -> None:
    """A month that is none, days that are none, a month twice, a line too short: all listed."""
    lines = [
        ("a", "2026-01", "0"), ("a", "2026-13", "0"), ("a", "2026-02", "-3"), ("a", "2026-01", "0"),
        ("a", "2026-02-28", "31"), ("b", "2026-02"), ("c", "", "0"),
    ]  # fmt: skip
    found = read(tmp_path, lines)  # type: ignore[arg-type]
    assert (found.lines, found.states, found.rejected) == (7, 2, 5)
    assert [one.line for one in found.bad] == [7, 3, 4, 5, 8]
    assert found.moves["2026-02"][0][2] == 1
