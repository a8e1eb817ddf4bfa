"""Figures of many streams: what `comparison.PlanResult` says of one schedule."""

from __future__ import annotations

from typing import Any

import numpy as np

from restructure.comparison import HORIZONS
from restructure.portfolio.vector_kernel import Floats, Ints
from restructure.portfolio.vector_stream import Stream
from restructure.portfolio.vector_yields import (
    RATE_ERROR,
    VALUE_ERROR,
    floats,
    rounds,
    six_digits,
    solved,
    whole,
    worth,
)


def total(stream: Stream) -> Any:
    """Return all payments, what is paid at once left out."""
    return sum(count * paid for count, paid in stream.pieces)


def paid_within(stream: Stream, periods: int) -> Any:
    """Return what is paid at once and in the next periods, as `metrics.paid_within`."""
    paid, before = stream.at_once, 0
    for count, amount in stream.pieces:
        paid = paid + np.clip(periods - before, 0, count) * amount
        before = before + count
        if isinstance(before, int) and before >= periods:
            break
    return paid


def usual(stream: Stream) -> Any:
    """Return what most regular rows pay, the earliest on a tie, as `metrics.usual_payment`."""
    regular = stream.pieces[stream.head :]
    if len(regular) == 2:  # level, then the last one
        (count, pay), (_, last) = regular
        return np.where(count > 0, pay, last)
    best: Any = 0
    most: Any = -1
    for _, amount in regular:
        times = sum(count * (amount == other) for count, other in regular)
        more = times > most
        most, best = np.where(more, times, most), np.where(more, amount, best)
    return best


def extreme(stream: Stream, lowest: bool) -> Any:
    """Return the least or the most that a row pays."""
    found = stream.pieces[-1][1]  # the last row always is
    for count, amount in stream.pieces[:-1]:
        better = np.minimum(found, amount) if lowest else np.maximum(found, amount)
        found = np.where(count > 0, better, found)
    return found


class Yields:
    """Present values and yields of a book's loans, plan by plan."""

    def __init__(self, x: Floats, per_year: float, agreed: Stream) -> None:
        """Take x = ln(1 + i) a period of the original effective rate, and the loan as agreed."""
        self.x = x
        self.per_year = per_year
        self.agreed = agreed
        self.agreed_value, self.agreed_slope = worth(floats(agreed.pieces), x)
        self.before = self.agreed_value + agreed.at_once

    def figures(self, stream: Stream, advance: Ints, names: set[str]) -> tuple[dict[str, Any], Any]:
        """Return the figures that need a value or a yield, and for which loans they hold."""
        found: dict[str, Any] = {}
        fits: Any = True
        pieces = floats(stream.pieces)
        if stream is self.agreed:
            value, slope = self.agreed_value, self.agreed_slope
        else:
            value, slope = worth(pieces, self.x)
        loss = self.before - (value + stream.at_once)
        moved = self.agreed_slope + slope + 2 * (self.before + value)
        error = VALUE_ERROR * moved + 1e-9
        if stream is self.agreed:
            error = 0.0
        if "npv_loss" in names:
            found["npv_loss"], good = whole(loss, error)
            fits = fits & good
        if "npv_loss_rate" in names:
            share = loss / self.before
            found["npv_loss_rate"], good = six_digits(share, error / self.before * 2)
            fits = fits & good & (self.before > 0)
        if "effective_rate" in names:
            x, good = solved(pieces, advance.astype(np.float64), self.x, value, slope)
            rate = np.expm1(self.per_year * x)
            found["effective_rate"], sure = six_digits(rate, RATE_ERROR * (1 + np.abs(rate)))
            fits = fits & good & sure & (advance > 0)
        return found, fits


def amounts(stream: Stream, agreed: Stream, names: set[str]) -> dict[str, Any]:
    """Return the figures that are whole numbers: amounts in minor units, and counts."""
    found: dict[str, Any] = {}
    all_paid = total(stream)
    for name in names:
        if name == "payment":
            found[name] = usual(stream)
        elif name == "lowest_payment":
            found[name] = extreme(stream, lowest=True)
        elif name == "highest_payment":
            found[name] = extreme(stream, lowest=False)
        elif name == "last_payment":
            found[name] = stream.pieces[-1][1]
        elif name == "instalments":
            found[name] = sum(count * (paid != 0) for count, paid in stream.pieces)
        elif name == "periods":
            found[name] = rounds(stream.pieces)
        elif name == "extra_periods":
            found[name] = rounds(stream.pieces) - rounds(agreed.pieces)
        elif name == "total_paid":
            found[name] = all_paid + stream.at_once
        elif name == "total_interest":
            found[name] = all_paid - stream.owed
        elif name == "total_charges":
            found[name] = 0
        elif name == "arrears":
            found[name] = stream.at_once
        elif name == "extra_cost":
            found[name] = all_paid + stream.at_once - total(agreed) - agreed.at_once
        elif name == "forgiven":
            found[name] = stream.forgiven
    for periods in HORIZONS:
        if (name := f"relief_{periods}") in names:
            found[name] = paid_within(agreed, periods) - paid_within(stream, periods)
    return found
