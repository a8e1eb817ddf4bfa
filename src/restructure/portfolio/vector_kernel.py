"""The kernel: balances of many level loans, period by period, in whole minor units.

A period is balance + round(balance x num / den) - payment. All loans share the denominator, a
scalar, which a processor divides by many times faster than by a column of them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from restructure.level import level_instalment
from restructure.rates import Every

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

BLOCK = 16384
"""Loans that run together: their columns stay in the cache next to the processor."""
ROOM = float(2**62)
"""No product may reach this, so that 64 bits hold it with all that is added to it."""
LONGEST = 1200
"""Rows of a schedule, beyond which the reference takes over."""
FINEST = 10**4
"""Results have at most this many times the minor units: of a yuan among Chilean UF, say."""


class Rounding:
    """How interest is rounded, over one denominator: as `interest.interest_of`, on columns."""

    def __init__(self, mode: str, den: int) -> None:
        self.mode = mode
        self.den = den
        self.half = {"half-up": den // 2, "down": 0, "up": den - 1}.get(mode, -1)

    def interest(self, balance: Ints, num: Any) -> Ints:
        """Return round(balance x num / den); no balance is negative."""
        product: Ints = balance * num
        if self.half >= 0:
            product += self.half
            product //= self.den
            return product
        whole: Ints = product // self.den
        rest = 2 * (product - whole * self.den)
        whole += (rest > self.den) | ((rest == self.den) & (whole % 2 == 1))
        return whole


def run(balance: Ints, num: Ints, pay: Ints, rows: Ints, how: Rounding, sure: Bools) -> Ints:
    """Return the balances after `rows` periods (a count each) that pay `pay`.

    `sure` says that a balance certainly stays above 0. Then the numbers need no sign, which
    makes a period three instructions: with g = num + den and c = half - pay den, the balance
    becomes floor((balance g + c) / den).
    """
    if not len(rows):
        return balance.copy()
    out = np.empty_like(balance)
    if sure.all() and how.half >= 0 and rows.min() == rows.max():
        for start in range(0, len(rows), BLOCK):
            here = slice(start, start + BLOCK)
            out[here] = balance[here]
            _unsigned(out[here], num[here], pay[here], rows[here], how)
        return out
    if how.half < 0:
        parts = [(np.arange(len(rows)), _half_even)]
    elif sure.all():
        parts = [(np.arange(len(rows)), _unsigned)]
    else:
        parts = [(np.flatnonzero(sure), _unsigned), (np.flatnonzero(~sure), _signed)]
    for part, periods in parts:
        # Those that run longest come last, so that the ones still running stay together.
        part = part[np.argsort(rows[part].astype(np.int16), kind="stable")]
        for start in range(0, len(part), BLOCK):
            lanes = part[start : start + BLOCK]
            lane = balance[lanes]
            periods(lane, num[lanes], pay[lanes], rows[lanes], how)
            out[lanes] = lane
    return out


def _starts(rows: Ints) -> list[int]:
    """Return for each period the first of the sorted loans that still runs in it."""
    found: list[int] = np.searchsorted(rows, np.arange(int(rows[-1])), side="right").tolist()
    return found


def _unsigned(balance: Ints, num: Ints, pay: Ints, rows: Ints, how: Rounding) -> None:
    gain = (num + how.den).view(np.uint64)
    rest = (how.half - pay * how.den).view(np.uint64)
    _affine(balance.view(np.uint64), gain, rest, np.uint64(how.den), rows)


def _signed(balance: Ints, num: Ints, pay: Ints, rows: Ints, how: Rounding) -> None:
    _affine(balance, num + how.den, how.half - pay * how.den, np.int64(how.den), rows)


def _affine(owed: Any, gain: Any, rest: Any, den: Any, rows: Ints) -> None:
    """Run all periods in place: the bare loop."""
    before = 0
    for start in _starts(rows):
        if start != before:
            cut = start - before
            owed, gain, rest, before = owed[cut:], gain[cut:], rest[cut:], start
        np.multiply(owed, gain, out=owed)
        np.add(owed, rest, out=owed)
        np.floor_divide(owed, den, out=owed)


def _half_even(balance: Ints, num: Ints, pay: Ints, rows: Ints, how: Rounding) -> None:
    for start in _starts(rows):
        owed = balance[start:]
        owed += how.interest(owed, num[start:])
        owed -= pay[start:]


def room(balance: Any, num: Ints, den: int) -> Any:
    """Return where 64 bits hold a balance times the factor, and all that is ever paid for it."""
    return (balance * (num + float(den)) < ROOM) & (
        balance * (1 + num / den * LONGEST) < ROOM / FINEST
    )


def divided(numerator: Ints, denominator: Any) -> Ints:
    """Return numerator / denominator, half-up, as `money.divide`; neither is negative."""
    quotient: Ints = (2 * numerator + denominator) // (2 * denominator)
    return quotient


def share(part: Fraction, whole: Ints) -> tuple[Ints, Bools]:
    """Return part of whole, rounded half-up, and for which the numbers are small enough."""
    fits = np.abs(whole) * (2.0 * max(part.numerator, part.denominator)) < ROOM
    return divided(np.where(fits, whole, 0) * part.numerator, part.denominator), fits


def level(
    balance: Ints, num: Ints, den: int, count: Ints, balloon: Any = 0
) -> tuple[Ints, Bools, Bools]:
    """Return the level instalments, whether each is far above all rounding, and if it is known.

    The estimate and its guard are those of `level.level_instalment`, which decides near ties.
    The second answer is what `run` needs to know: rounding moves a balance by at most
    s = ((1+f)^n - 1) / f minor units in n periods for the instalment, and as much for interest.
    """
    with np.errstate(all="ignore"):
        f = num / den
        growth = np.log1p(f)
        factor = f / -np.expm1(-count * growth)
        estimate = (balance - balloon) * factor
        if isinstance(balloon, np.ndarray):
            estimate += balloon * num / den
        nearest = np.floor(estimate + 0.5)
        near = ~(np.abs(estimate - nearest) < 0.4999999 - estimate * 1e-13)
        drift = np.where(num == 0, count, 1 / (factor - f))
        sure = estimate > (1 + f) * (1.6 * drift + 3)
        known = room(balance + 2.2 * drift, num, den)
    pay = np.where(near, 0, nearest).astype(np.int64)
    free = num == 0
    if free.any():
        flat = divided(np.maximum(balance - balloon, 0), np.maximum(count, 1))
        pay[free] = flat[free]
        near &= ~free
    for lane in np.flatnonzero(near).tolist():
        if count[lane] < 1 or not balance[lane] > 0:
            known[lane] = False
            continue
        last = 0 if isinstance(balloon, int) else int(balloon[lane])
        exact = level_instalment(int(balance[lane]), int(num[lane]), den, int(count[lane]), last)
        known[lane] &= exact < ROOM / den
        pay[lane] = exact if known[lane] else 0
    return pay, sure, known


def denominator(every: Every, decimals: int) -> tuple[int, int]:
    """Return den and times: a rate of r per cent, r 10^decimals whole, has num = that x times."""
    per_year = every.per_year
    return 100 * 10**decimals * per_year.numerator, per_year.denominator
