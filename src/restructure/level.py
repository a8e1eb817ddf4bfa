"""The level instalment: solved once per stretch of equal terms, exact where it matters."""

from __future__ import annotations

from math import expm1, floor, log1p

from restructure.money import InstalmentRounding

_PLAIN = InstalmentRounding()


def level_instalment(
    balance: int,
    num: int,
    den: int,
    count: int,
    balloon: int = 0,
    rounding: InstalmentRounding = _PLAIN,
) -> int:
    """Return the instalment that brings `balance` to `balloon` in `count` equal payments.

    With f = num/den a period, A = f (B (1+f)^n - L) / ((1+f)^n - 1); without interest
    A = (B - L) / n; rounded as `rounding` says. Amounts in minor units, `count` at least 1.
    A float estimate decides unless it lies near a tie or rounding is not to the nearest;
    then the formula is worked out in whole numbers.
    """
    if rounding == _PLAIN and num:
        f = num / den
        estimate = balloon * f + (balance - balloon) * f / -expm1(-count * log1p(f))
        lower = floor(estimate)
        # Relative error of the line above: a few units of 2^-53; 1e-13 is far above it.
        if abs(estimate - lower - 0.5) > estimate * 1e-13 + 1e-9:
            return lower if estimate - lower < 0.5 else lower + 1
    if num == 0:
        return rounding.round(balance - balloon, count)
    grown, flat = (den + num) ** count, den**count
    return rounding.round(num * (balance * grown - balloon * flat), den * (grown - flat))
