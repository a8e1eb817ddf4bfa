"""The least fixed instalment that repays a debt in time, at one rate."""

from __future__ import annotations

from restructure.interest import interest_of
from restructure.level import level_instalment


def repays(balance: int, pay: int, num: int, den: int, rounding: str, rows: int) -> bool:
    """Return whether `pay` a period repays the balance within `rows` periods.

    The j-th row is the last if what is owed is at most `pay` plus j minor units.
    """
    for j in range(1, rows + 1):
        owed = balance + interest_of(balance, num, den, rounding)
        if owed <= pay + j:
            return True
        if owed - pay >= balance:
            return False
        balance = owed - pay
    return False


def least_fixed(balance: int, num: int, den: int, rounding: str, rows: int, low: int) -> int:
    """Return the least instalment that repays the balance in `rows` periods; `low` does not.

    It lies next to the level instalment of as many periods, but for rounding: the more is paid,
    the less is owed on every row, so that a few trials around it find the place.
    """
    high = max(level_instalment(balance, num, den, rows), low + 1)
    step = 1
    while not repays(balance, high, num, den, rounding, rows):
        low, high, step = high, high + step, 2 * step
    step = 1
    while (below := max(high - step, low)) > low and repays(
        balance, below, num, den, rounding, rows
    ):
        high, step = below, 2 * step
    low = below
    while high - low > 1:
        middle = (low + high) // 2
        if repays(balance, middle, num, den, rounding, rows):
            high = middle
        else:
            low = middle
    return high
