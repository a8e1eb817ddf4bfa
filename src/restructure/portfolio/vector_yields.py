"""Values and yields of many streams: the figures of `metrics`, to the digits that are printed.

Floats of two ways of adding up differ in their last bits. So every figure says how near it lies
to the place where rounding turns, and what is too near is left to the reference.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from restructure.portfolio.vector_kernel import Bools, Floats, Ints

Pieces = list[tuple[Any, Any]]

VALUE_ERROR = 1e-14
"""Error of the rate a period at which values are taken, with a margin of nine: it moves a value
in proportion to its duration, which is what the two engines differ by."""
RATE_ERROR = 2e-12
"""Difference of two ways to solve for a rate a year, with a margin of a hundred."""
_ROUNDS = 40


def worth(pieces: Pieces, x: Floats) -> tuple[Floats, Floats]:
    """Return the value of the payments at x = ln(1 + i) a period, and minus its slope in x.

    From the last piece to the first: n payments of a are worth a (1 - e^-nx) / i.
    """
    interest = np.expm1(x)
    grown = 1 + interest
    power = 1 / grown
    tiny = np.abs(x) < 1e-6
    none = x == 0
    odd = tiny.any()
    value: Any = 0.0
    slope: Any = 0.0
    for count, paid in reversed(pieces):
        if isinstance(count, int) and count == 1:
            value = (value + paid) * power
            slope = slope * power + value
            continue
        left = np.expm1(-count * x)
        ahead = 1 + left
        slope = ahead * (slope + count * value)
        value = ahead * value
        if isinstance(paid, int) and paid == 0:
            continue
        annuity = -left / interest
        turn = (annuity * grown - count * ahead) / interest
        if odd:
            annuity = np.where(none, count, annuity)
            turn = np.where(tiny, count * (count + 1) / 2, turn)
        value = value + paid * annuity
        slope = slope + paid * turn
    return value, slope


def rounds(pieces: Pieces) -> Any:
    """Return the number of periods of each stream."""
    return sum(count for count, _ in pieces)


def solved(
    pieces: Pieces, advance: Floats, x: Floats, value: Floats, slope: Floats
) -> tuple[Floats, Bools]:
    """Return x = ln(1 + i) at which payments are worth the advance, and where it was found.

    Newton's method on ln(value / advance), from x with its value and slope; a step changes the
    value by less than (step n)^2 / 8 beyond what it should.
    """
    periods = np.broadcast_to(np.asarray(rounds(pieces), np.float64), x.shape)
    step = np.log(value / advance) * value / slope
    x = x + step
    left = np.flatnonzero(~((step * periods) ** 2 < 1e-15))
    for _ in range(_ROUNDS):
        if not len(left):
            break
        some = _chosen(pieces, left)
        here = x[left]
        value, slope = worth(some, here)
        step = np.log(value / advance[left]) * value / slope
        x[left] = here + step
        left = left[~((step * periods[left]) ** 2 < 1e-15)]
    found = np.isfinite(x)
    found[left] = False
    # Near 0 the reference cuts a series off, and a rate of nothing is no matter of digits.
    found &= (x == 0) | (np.abs(x) > 1e-6)
    return x, found


def _chosen(pieces: Pieces, lanes: Ints) -> Pieces:
    def part(of: Any) -> Any:
        return of[lanes] if isinstance(of, np.ndarray) else of

    return [(part(count), part(paid)) for count, paid in pieces]


def floats(pieces: Pieces) -> Pieces:
    """Return the pieces with floats in place of whole numbers; runs without payment are one."""
    found: Pieces = []
    for count, paid in pieces:
        if not isinstance(paid, np.ndarray) and paid == 0:
            if found and isinstance(found[-1][1], int) and isinstance(count, int):
                count += found.pop()[0]
            found.append((count, 0))
        else:
            paid = np.asarray(paid, np.float64)
            found.append((count if isinstance(count, int) else count.astype(np.float64), paid))
    return found


def six_digits(rate: Floats, error: Any) -> tuple[Floats, Bools]:
    """Return rates of 6 decimals, as they are printed, and which are far enough from a tie."""
    millionths = rate * 1e6
    nearest = np.rint(millionths)
    near = np.abs(np.abs(millionths - nearest) - 0.5) < error * 1e6
    return nearest / 1e6 + 0.0, ~near & (np.abs(rate) < 1e6)


def whole(value: Floats, error: Any) -> tuple[Ints, Bools]:
    """Return the nearest whole numbers, and which are far enough from a tie."""
    nearest = np.rint(value)
    near = np.abs(np.abs(value - nearest) - 0.5) < error
    good = ~near & (np.abs(value) < 2.0**52)
    return np.where(good, nearest, 0).astype(np.int64), good
