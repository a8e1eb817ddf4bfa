"""Metrics: what a schedule costs and yields. Floats here are yields and ratios only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import expm1, log1p

from restructure.schedule import Schedule
from restructure.yields import irr


def usual_payment(schedule: Schedule) -> int:
    """Return what most regular rows pay, the earliest on a tie, in minor units."""
    regular = schedule.payment[schedule.regular_from :] or schedule.payment
    return Counter(regular).most_common(1)[0][0] if regular else 0


def paid_within(schedule: Schedule, periods: int) -> int:
    """Return what is paid at once and in the next `periods` periods, in minor units."""
    return schedule.loan.at_once + sum(schedule.payment[:periods])


def total_paid(schedule: Schedule) -> int:
    """Return everything paid from the day of restructuring on, arrears included."""
    return schedule.loan.at_once + sum(schedule.payment)


def present_value(payments: Sequence[int], rate: float, at_once: int = 0) -> float:
    """Return the value today of payments one period apart, at `rate` a period.

    `at_once` is paid today; payments and result are in minor units.
    """
    factor = 1 / (1 + rate)
    value = 0.0
    for payment in reversed(payments):
        value = (value + payment) * factor
    return value + at_once


def period_yield(advance: int, payments: Sequence[int]) -> float | None:
    """Return the yield a period of `payments` for an `advance`, or None if there is none."""
    return irr(advance, payments).rate if advance > 0 else None


def annual(period: float | None, per_year: float) -> float | None:
    """Return the effective annual rate of a yield a period: (1+i)^periods - 1."""
    return None if period is None else expm1(per_year * log1p(period))


def original_rate(contract: Schedule, fee: int) -> float | None:
    """Return the yield a period of the original flows with their fee: the original EIR."""
    return period_yield(contract.opening[0] - fee, contract.payment)


def effective_rate(schedule: Schedule, owed: int) -> float | None:
    """Return the effective annual rate of what is paid for what is `owed` on the day."""
    period = period_yield(owed - schedule.loan.at_once, schedule.payment)
    return annual(period, float(schedule.loan.every.per_year))


def npv_loss(schedule: Schedule, agreed: Schedule, original: float) -> float:
    """Return the lender's loss in present value against as agreed, in minor units.

    NPV0 - NPV1, both at the original effective rate a period: the diminished obligation of
    EBA/GL/2016/07, paragraphs 49 to 51. NPV0 counts arrears as paid on the day.
    """
    before = present_value(agreed.payment, original, agreed.loan.at_once)
    after = present_value(schedule.payment, original, schedule.loan.at_once)
    return before - after
