"""Sums that bear no interest, collected on top of the payments.

Penalty interest, spread or late interest of a pause, set-aside principal: the closing column is
what is still owed of these and of interest-bearing principal together.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from operator import sub

from restructure.loan import Loan
from restructure.money import divide
from restructure.refusals import no_regular
from restructure.schedule import Schedule


def idle_sums(loan: Loan, accrued: Mapping[str, int]) -> int:
    """Return the interest-free sums to collect; `accrued` has the interest of pauses by how."""
    arrears = loan.arrears
    idle = arrears.treated("pay") + arrears.treated("spread") + arrears.treated("set-aside")
    return idle + loan.set_aside + sum(accrued.values())


def collect(
    loan: Loan,
    interest: list[int],
    payment: list[int],
    accrued: Mapping[str, int],
    start: int,
    residue: int,
) -> Schedule:
    """Return the schedule of these columns, whose regular rows begin at `start`.

    Rows after the one with which nothing is owed are dropped. Raises Refused if a sum waits for
    regular rows that there are not.
    """
    put_on_top(loan, payment, accrued, start)
    closing = list(accumulate(map(sub, interest, payment), initial=loan.owed))
    if (rows := closing.index(0)) < len(payment):
        del closing[rows + 1 :], payment[rows:], interest[rows:]
    return Schedule(
        loan,
        closing[:-1],
        interest,
        list(map(sub, payment, interest)),
        payment,
        closing[1:],
        min(start, len(payment)),
        residue,
    )


def put_on_top(loan: Loan, payment: list[int], accrued: Mapping[str, int], start: int) -> None:
    """Add the interest-free sums to the payments, of which the regular ones begin at `start`."""
    if not idle_sums(loan, accrued):
        return
    arrears, count = loan.arrears, len(payment) - start
    if count <= 0:
        raise no_regular(loan)
    _spread(payment, start, accrued["spread"], count)
    _spread(payment, start, arrears.treated("spread"), min(arrears.over or count, count))
    payment[start] += accrued["first"]
    payment[-1] += accrued["end"] + loan.set_aside + arrears.treated("set-aside")
    if arrears.treated("pay"):
        paying = next((k for k, paid in enumerate(payment) if paid), len(payment) - 1)
        payment[paying] += arrears.treated("pay")


def _spread(payment: list[int], start: int, amount: int, count: int) -> None:
    """Put `amount` on top of `count` regular rows: equal parts, the residue last."""
    if not amount:
        return
    part = divide(amount, count)
    for row in range(start, start + count - 1):
        paid = min(part, amount)
        payment[row] += paid
        amount -= paid
    payment[start + count - 1] += amount
