"""The level instalment: solved once per stretch of equal terms, exact where it matters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import expm1, lcm, log1p

from restructure.money import NEAREST, InstalmentRounding


@lru_cache(maxsize=4096)
def annuity_factor(num: int, den: int, count: int) -> float:
    """Return the instalment a unit of principal, f / (1 - (1+f)^-n), f = num/den above 0.

    Remembered, as an annuity table is: a loan book and a search ask for the same ones.
    """
    f = num / den
    return f / -expm1(-count * log1p(f))


def level_instalment(
    balance: int,
    num: int,
    den: int,
    count: int,
    balloon: int = 0,
    rounding: InstalmentRounding = NEAREST,
) -> int:
    """Return the instalment that brings `balance` to `balloon` in `count` equal payments.

    With f = num/den a period, A = f (B (1+f)^n - L) / ((1+f)^n - 1); without interest
    A = (B - L) / n; rounded as `rounding` says. Amounts in minor units, `count` at least 1.
    A float estimate decides unless it lies near a tie or rounding is not to the nearest;
    then the formula is worked out in whole numbers.
    """
    if rounding is NEAREST and num:
        estimate = (balance - balloon) * annuity_factor(num, den, count)
        if balloon:
            estimate += balloon * num / den
        nearest = int(estimate + 0.5)
        # Relative error of the estimate: a few units of 2^-53; 1e-13 is far above it.
        if abs(estimate - nearest) < 0.4999999 - estimate * 1e-13:
            return nearest
    if num == 0:
        return rounding.round(balance - balloon, count)
    grown, flat = (den + num) ** count, den**count
    return rounding.round(num * (balance * grown - balloon * flat), den * (grown - flat))


def level_over(
    balance: int,
    factors: Sequence[tuple[int, int]],
    balloon: int = 0,
    rounding: InstalmentRounding = NEAREST,
) -> int:
    """Return the level instalment over periods that each have a factor of their own.

    With g_k = 1 + num_k/den_k, A = (B g_1...g_n - L) / sum over k of g_(k+1)...g_n: the debt
    grown to the last due date, over what one unit paid on each due date grows to by then.
    """
    den = lcm(*(den for _, den in factors))
    grown, units, one = balance, 0, 1
    for num, own in factors:
        growth = den + num * (den // own)
        grown *= growth
        units = units * growth + one
        one *= den
    # Both carry den^n, units without its last factor.
    return rounding.round(grown - balloon * one, units * den)
