"""Roll rates: how many loans move from bucket to bucket in a month, and what that foretells.

rate[i][j] = moves from bucket i to bucket j / moves out of bucket i, staying included, over all
months of the history. The last state, "left", is that of loans whose record ends: repaid, sold
or written off. A forecast of next month's counts is counts x rates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

Matrix = list[list[int]]
Rates = list[list[float] | None]


def rates_of(moves: Iterable[Matrix], size: int) -> tuple[Matrix, Rates]:
    """Return the moves of all months together, and the rates; None: no loan was seen there."""
    together = [[0] * (size + 1) for _ in range(size)]
    for matrix in moves:
        for row, sums in zip(matrix, together, strict=True):
            for place, count in enumerate(row):
                sums[place] += count
    rates: Rates = []
    for row in together:
        seen = sum(row)
        rates.append([count / seen for count in row] if seen else None)
    return together, rates


def expected(counts: Sequence[int], rates: Rates) -> list[float]:
    """Return the expected counts a month later, "left" last; unseen buckets stay as they are."""
    found = [0.0] * (len(counts) + 1)
    for bucket, count in enumerate(counts):
        row = rates[bucket]
        if row is None:
            found[bucket] += count
            continue
        for place, rate in enumerate(row):
            found[place] += count * rate
    return found


def chances(rates: Rates, failed: int, months: int) -> list[float | None]:
    """Return for each bucket the chance to be failed at least once within so many months.

    The rates act month after month; who has failed or left stays so. None: no loan was seen in
    the bucket.
    """
    size = len(rates)
    chance = [0.0] * failed + [1.0] * (size - failed) + [0.0]
    for _ in range(months):
        before = chance
        chance = list(before)
        for bucket in range(failed):
            row = rates[bucket]
            if row is not None:
                chance[bucket] = sum(
                    rate * then for rate, then in zip(row, before, strict=True) if rate
                )
    return [
        chance[bucket] if bucket >= failed or rates[bucket] is not None else None
        for bucket in range(size)
    ]


class Month(NamedTuple):
    """A month held out: its counts by bucket ("left" last), foretold, unchanged and real."""

    month: str
    loans: int
    real: list[int]
    foretold: list[float]
    unchanged: list[int]
    hits: int
    hits_unchanged: int


class Backtest(NamedTuple):
    """The forecast against what came, beside a forecast that nothing changes.

    The rates are those of the months before the ones held out. An error is the mean over the
    months of sum |foretold - real| over all buckets, as a share of the loans. A hit is a loan
    that is in the bucket foretold as the likeliest for its own.
    """

    months: list[Month]
    learnt_from: int

    @property
    def error(self) -> float:
        """The error of the forecast."""
        return self._error(lambda month: month.foretold)

    @property
    def error_unchanged(self) -> float:
        """The error of no change."""
        return self._error(lambda month: month.unchanged)

    @property
    def hit_rate(self) -> float:
        """The share of loans in the likeliest bucket."""
        return sum(month.hits for month in self.months) / self._loans

    @property
    def hit_rate_unchanged(self) -> float:
        """The share of loans that did not move."""
        return sum(month.hits_unchanged for month in self.months) / self._loans

    @property
    def _loans(self) -> int:
        return sum(month.loans for month in self.months)

    def _error(self, forecast: Callable[[Month], Sequence[float]]) -> float:
        shares = []
        for month in self.months:
            told = forecast(month)
            off = sum(abs(a - b) for a, b in zip(told, month.real, strict=True))
            shares.append(off / month.loans)
        return sum(shares) / len(shares)


def backtest(moves: Mapping[str, Matrix], size: int, held_out: int) -> Backtest | None:
    """Return the test on the last `held_out` months; None if none is left to learn from.

    `moves` has the moves into each month, such as 2026-06.
    """
    months = sorted(month for month, matrix in moves.items() if any(map(sum, matrix)))
    learn, test = months[:-held_out], months[-held_out:]
    if not learn or not test or held_out < 1:
        return None
    _, rates = rates_of((moves[month] for month in learn), size)
    found = []
    for month in test:
        matrix = moves[month]
        counts = [sum(row) for row in matrix]
        likeliest = [
            bucket if (row := rates[bucket]) is None else max(range(size + 1), key=row.__getitem__)
            for bucket in range(size)
        ]
        found.append(
            Month(
                month,
                sum(counts),
                [sum(row[place] for row in matrix) for place in range(size + 1)],
                expected(counts, rates),
                [*counts, 0],
                sum(row[place] for row, place in zip(matrix, likeliest, strict=True)),
                sum(row[place] for place, row in enumerate(matrix)),
            )
        )
    return Backtest(found, len(learn))
