"""Sums that bear no interest, as `collect` puts them on top of the regular payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from restructure.loan import Loan
from restructure.money import divide


class Top(NamedTuple):
    """What one sum puts on top of each row, in minor units.

    `kind`: spread (interest of a pause), arrears-spread, others (with the first regular row,
    with the last, with the first payment). `over` rows share it; `paying` is the row of the
    first payment.
    """

    kind: str
    over: int
    amounts: list[int]
    paying: int = -1


def tops(loan: Loan, accrued: Mapping[str, int], start: int, paid: Sequence[int]) -> list[Top]:
    """Return the sums on top of the rows that pay `paid`; regular rows begin at `start`."""
    rows = len(paid)
    arrears, regular = loan.arrears, rows - start
    found = []
    if accrued["spread"]:
        found.append(_spread("spread", accrued["spread"], regular, start, rows))
    if spread := arrears.treated("spread"):
        over = min(arrears.over or regular, regular)
        found.append(_spread("arrears-spread", spread, over, start, rows))
    late = accrued["end"] + loan.set_aside + arrears.treated("set-aside")
    if late + accrued["first"] + arrears.treated("pay"):
        amounts = [0] * rows
        amounts[start] += accrued["first"]
        amounts[-1] += late
        on_top = [sum(column) for column in zip(amounts, *(t.amounts for t in found), strict=True)]
        together = map(sum, zip(paid, on_top, strict=True))
        paying = next((row for row, amount in enumerate(together) if amount), rows - 1)
        amounts[paying] += arrears.treated("pay")
        found.append(Top("others", 0, amounts, paying))
    return found


def _spread(kind: str, total: int, over: int, start: int, rows: int) -> Top:
    amounts, part = [0] * rows, divide(total, over)
    left = total
    for row in range(start, start + over - 1):
        amounts[row] = min(part, left)
        left -= amounts[row]
    amounts[start + over - 1] = left
    return Top(kind, over, amounts)
