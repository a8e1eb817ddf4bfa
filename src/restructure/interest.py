"""Interest of a period, and the hot loop of level instalments."""

from __future__ import annotations

from restructure.money import divide


def interest_of(balance: int, num: int, den: int, rounding: str) -> int:
    """Return round(balance x num / den) in one of the four modes of `money.divide`."""
    if rounding == "half-up":
        return (balance * num + den // 2) // den
    return divide(balance * num, den, rounding)


def level_run(
    balance: int, pay: int, num: int, den: int, half: int, rows: int
) -> tuple[list[int], list[int], list[int]]:
    """Return interest, principal and closing balance of `rows` periods that each pay `pay`.

    The hot loop of the engine: one division a row, and no test whether the debt has ended; a
    closing balance of 0 or less says so afterwards. `half` is that of the loan.
    """
    interest, principal, closing = [0] * rows, [0] * rows, [0] * rows
    if half < 0:
        for row in range(rows):
            interest[row] = bears = divide(balance * num, den, "half-even")
            principal[row] = falls = pay - bears
            closing[row] = balance = balance - falls
        return interest, principal, closing
    for row in range(rows):
        interest[row] = bears = (balance * num + half) // den
        principal[row] = falls = pay - bears
        closing[row] = balance = balance - falls
    return interest, principal, closing


def level_end(balance: int, pay: int, num: int, den: int, half: int, rows: int) -> int:
    """Return the balance that `level_run` closes with after `rows` periods, without its columns."""
    if half < 0:
        for _ in range(rows):
            balance += divide(balance * num, den, "half-even") - pay
        return balance
    for _ in range(rows):
        balance += (balance * num + half) // den - pay
    return balance
