"""The lender's view: present values at the original effective rate, and the tests on them.

All figures are at the rate that the original flows with their fees yield (`original_rate`),
as EBA/GL/2016/07 (paragraphs 49 to 51) and IFRS 9 (5.4.3, B3.3.6) ask for.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from restructure.comparison import PlanResult
from restructure.metrics import value_of
from restructure.words import say

DIMINISHED_OBLIGATION = 0.01
"""Above it the restructuring is distressed and the obligor in default: EBA/GL/2016/07, 51; a
lender may set a lower threshold, not a higher one."""
SUBSTANTIAL = 0.10
"""From it terms are substantially different: IFRS 9 B3.3.6."""

CAVEATS = (
    say(
        "Diminished obligation (EBA/GL/2016/07, 49-51): (NPV0 - NPV1) / NPV0 at the "
        "original effective rate; above 1 % the obligor is in default. At or below it, "
        "other signs of unlikeliness to pay must still be looked at: a large sum at "
        "the end, an irregular schedule, a long pause at the start, repeated relief."
    ),
    say(
        "Ten-percent test (IFRS 9 B3.3.6): present value of the new flows, with fees "
        "between borrower and lender, against that of the remaining original ones. It "
        "is written for liabilities and used for loans by analogy; a qualitative test "
        "remains."
    ),
    say(
        "Gain or loss (IFRS 9 5.4.3): new less old gross carrying amount, where the "
        "loan is not derecognised. Fees adjust the carrying amount and are not in it."
    ),
)


class LenderFigures(NamedTuple):
    """What a plan means to the lender. Amounts in major units; shares are fractions.

    `present_value` is NPV1, `agreed_value` NPV0 (arrears and fees owed included, as paid on
    the day). `npv_loss_rate` above `DIMINISHED_OBLIGATION` sets `diminished`; `ten_percent`
    (a change in either direction) from `SUBSTANTIAL` on sets `substantial`. `gain` is
    negative for a loss.
    """

    agreed_value: Decimal
    present_value: Decimal
    npv_loss: Decimal
    npv_loss_rate: float
    diminished: bool
    ten_percent: float
    substantial: bool
    gain: Decimal


def lender_figures(line: PlanResult, fee: Decimal = Decimal(0)) -> LenderFigures:
    """Return the lender's figures for a line; `fee` is what the borrower pays for the change.

    Only fees between borrower and lender belong into the test (B3.3.6A); they are counted as
    paid on the day. Raises Refused for a plan that was refused.
    """
    schedule, agreed = line.schedule, line.comparison.agreed
    currency = schedule.loan.currency
    rate = line.comparison.loan.original_rate or 0.0
    before = value_of(agreed, rate)
    after = value_of(schedule, rate)
    changed = line.comparison.plans[0] is not line  # as agreed nothing changes, and costs no fee
    with_fee = after + (currency.minor(fee, "fee") if changed else 0)
    loss = (before - after) / before if before else 0.0
    change = abs(with_fee - before) / before if before else 0.0
    money = currency.decimal
    return LenderFigures(
        agreed_value=money(round(before)),
        present_value=money(round(after)),
        npv_loss=money(round(before - after)),
        npv_loss_rate=loss,
        diminished=loss > DIMINISHED_OBLIGATION,
        ten_percent=change,
        substantial=change >= SUBSTANTIAL,
        gain=money(round(after) - round(before)),
    )
