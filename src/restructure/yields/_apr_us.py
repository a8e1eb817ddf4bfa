"""The annual percentage rate of US Regulation Z, Appendix J (12 CFR 1026), actuarial method.

Paragraphs such as (b)(5)(ii) are those of Appendix J.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from restructure.errors import InvalidValue
from restructure.words import say
from restructure.yields._solver import ONE_SIGN, Term, Yield, solve
from restructure.yields._times import (
    YEAR,
    UnitPeriod,
    anchors,
    months_back,
    months_before,
    unit_named,
    unit_period,
)

Flows = Sequence[tuple[Any, Any]]
"""Flows: a date, or a number of unit-periods, and an amount above 0."""


def apr_us(
    advances: Flows,
    payments: Flows,
    unit_period: str | UnitPeriod | None = None,
    *,
    start: date | None = None,
    term_in_days: bool = False,
) -> Yield:
    """Return the nominal annual rate of Regulation Z: unit-period rate x unit-periods a year.

    The root i of sum A / ((1 + e i)(1 + i)^q) = sum P / ((1 + f i)(1 + i)^t), where q and t are
    whole unit-periods from the beginning of the term and e and f the fractions of one left over
    at its beginning, which bear simple interest. `advances` are what the borrower is given, less
    prepaid finance charges; `payments` what is paid; amounts are positive in both.

    The unit-period is found from the dates, (b)(4), unless `unit_period` names one. `start` is
    the day from which the finance charge is earned: by default the first advance. Where the
    times are numbers they count unit-periods, and `unit_period` is needed.

    A single advance repaid by a single payment within a year has its term as unit-period: a
    term of whole months counts 12 / months a year, (b)(5)(vi), or with `term_in_days` 365 /
    days, which the rule allows as well; any other term 365 / days, (b)(5)(vii).
    """
    if not advances or not payments:
        return Yield(None, ONE_SIGN)
    if not isinstance(advances[0][0], date):
        if unit_period is None:
            raise InvalidValue(say("is needed where flows have no dates."), field="unit_period")
        period = unit_named(unit_period)
        return _annual([*_numbered(advances, -1), *_numbered(payments, 1)], period)
    begin = start or min(day for day, _ in advances)
    last = max(day for day, _ in (*advances, *payments))
    if min(day for day, _ in (*advances, *payments)) < begin:
        raise InvalidValue(
            say("a flow falls before {begin}, when the finance charge begins.", begin=begin),
            field="start",
        )
    single = len(advances) == 1 == len(payments)
    if single and unit_period is None and last > begin and last == payments[0][0]:
        months, rest = months_back(begin, last)
        if months < 12:
            return _annual(
                _terms(advances, payments, begin, None),
                _term_period(begin, last, 0 if term_in_days or rest != begin else months),
            )
        return _annual(_terms(advances, payments, begin, YEAR), YEAR)
    period = (
        unit_period_of(advances, payments, start)
        if unit_period is None
        else unit_named(unit_period)
    )
    return _annual(_terms(advances, payments, begin, period), period)


def unit_period_of(advances: Flows, payments: Flows, start: date | None = None) -> UnitPeriod:
    """Return the unit-period of a dated transaction, Appendix J (b)(4)."""
    begin = start or min(day for day, _ in advances)
    if len(advances) == 1 == len(payments) and payments[0][0] > begin:
        months, rest = months_back(begin, payments[0][0])
        if months >= 12:
            return YEAR
        return _term_period(begin, payments[0][0], months if rest == begin else 0)
    return unit_period(begin, [day for day, _ in advances], [day for day, _ in payments])


def _term_period(begin: date, end: date, months: int) -> UnitPeriod:
    length = (end - begin).days
    return UnitPeriod("term", length, Fraction(12, months) if months else Fraction(365, length))


def _annual(terms: list[Term], period: UnitPeriod) -> Yield:
    found = solve(terms)
    if found.rate is None:
        return found
    return Yield(found.rate * float(period.per_year))


def _numbered(flows: Flows, sign: int) -> list[Term]:
    """Return the terms of flows whose times count unit-periods."""
    return [Term(float(time // 1), sign * float(amount), float(time % 1)) for time, amount in flows]


def _terms(advances: Flows, payments: Flows, begin: date, period: UnitPeriod | None) -> list[Term]:
    terms = []
    for flows, sign in ((advances, -1), (payments, 1)):
        known = anchors(day for day, _ in flows)
        for day, amount in flows:
            if period is None:
                whole, odd = (1 if day > begin else 0), Fraction(0)
            else:
                whole, odd = unit_periods(begin, day, period, known[day])
            terms.append(Term(whole, sign * float(amount), float(odd)))
    return terms


def unit_periods(
    start: date, end: date, period: UnitPeriod, anchor: int | None = None
) -> tuple[int, Fraction]:
    """Return the whole unit-periods from `start` to `end` and the fraction of one left over.

    (b)(5)(ii) months: whole months back from the later date, left-over days / 30.
    (iii) semimonths and multiples of a month up to 11: 30 days for each whole month, plus the
    left-over days, divided by 15 or by 30 x months. (iv) days and weeks: the days divided by
    those of the unit-period. (v) years: whole years back; left-over months / 12 if they are
    whole, otherwise left-over days / 365.
    """
    if period.unit in ("day", "week"):
        whole, rest = divmod((end - start).days, period.days)
        return whole, Fraction(rest, period.days)
    months, begins = months_back(start, end, anchor)
    odd_days = (begins - start).days
    if period == YEAR:
        years, left = divmod(months, 12)
        if not odd_days:
            return years, Fraction(left, 12)
        back = months_before(end, 12 * years, anchor or end.day)
        return years, Fraction((back - start).days, 365)
    whole, rest = divmod(30 * months + odd_days, period.days)
    return whole, Fraction(rest, period.days)
