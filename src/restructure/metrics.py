"""Metrics: what a schedule costs and yields. Floats here are yields and ratios only.

Time is measured as the loan measures it: in equal periods without dates, else in years of its
day count, from the day of restructuring.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from math import exp, expm1, log1p

from restructure.money import divide
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


def times(schedule: Schedule) -> list[float] | None:
    """Return the years from the day to each payment; None where all periods are equal."""
    loan = schedule.loan
    if loan.calendar is None:
        return None
    years = (loan.calendar.years(loan.passed + row) for row in range(len(schedule)))
    return [float(time) for time in accumulate(years)]


def value_of(schedule: Schedule, rate: float) -> float:
    """Return the value today of what is paid, at an effective annual `rate`, in minor units.

    Sum of payment / (1 + rate)^years; arrears paid at once count in full.
    """
    when = times(schedule)
    at_once = schedule.loan.at_once
    if when is None:
        period = period_rate(rate, float(schedule.loan.every.per_year))
        return present_value(schedule.payment, period, at_once)
    base = log1p(rate)
    paid = zip(schedule.payment, when, strict=True)
    return sum(payment * exp(-base * time) for payment, time in paid) + at_once


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


def timed_yield(advance: int, payments: Sequence[int], when: Sequence[float]) -> float | None:
    """Return the effective annual yield of payments at times in years; None if none."""
    if advance <= 0:
        return None
    from restructure.yields._solver import Term, solve

    paid = (Term(time, float(paid)) for time, paid in zip(when, payments, strict=True) if paid)
    return solve([Term(0.0, -float(advance)), *paid]).rate


def annual(period: float | None, per_year: float) -> float | None:
    """Return the effective annual rate of a yield a period: (1+i)^periods - 1."""
    return None if period is None else expm1(per_year * log1p(period))


def period_rate(rate: float, per_year: float) -> float:
    """Return the yield a period of an effective annual rate."""
    return expm1(log1p(rate) / per_year)


def _yield(schedule: Schedule, advance: int) -> float | None:
    when = times(schedule)
    if when is not None:
        return timed_yield(advance, schedule.payment, when)
    period = period_yield(advance, schedule.payment)
    return annual(period, float(schedule.loan.every.per_year))


def original_rate(contract: Schedule, fee: int) -> float | None:
    """Return the effective annual yield of the original flows with their fee: the original EIR.

    EBA/GL/2016/07 and IFRS 9 discount at it, whatever the plan.
    """
    return _yield(contract, contract.opening[0] - fee)


def effective_rate(schedule: Schedule, owed: int) -> float | None:
    """Return the effective annual rate of what is paid for what is `owed` on the day."""
    return _yield(schedule, owed - schedule.loan.at_once)


def npv_loss(schedule: Schedule, agreed: Schedule, original: float) -> float:
    """Return the lender's loss in present value against as agreed, in minor units.

    NPV0 - NPV1, both at the original effective annual rate: the diminished obligation of
    EBA/GL/2016/07, paragraphs 49 to 51. NPV0 counts arrears as paid on the day.
    """
    return value_of(agreed, original) - value_of(schedule, original)


def late_interest(schedule: Schedule, row: int) -> int:
    """Return what it costs, in minor units, if a row's payment comes one period late.

    Principal of the row x penalty rate x one period, simple, rounded once.
    """
    loan = schedule.loan
    accrued = loan.penalty_rate.of(loan.rate) * schedule.principal[row] / loan.every.per_year
    return divide(max(accrued.numerator, 0), accrued.denominator, loan.rounding)
