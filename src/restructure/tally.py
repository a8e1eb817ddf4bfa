"""Tally: the exact figures of a plan, without its schedule.

A search compares thousands of plans of which it shows a few. The lender's loss to the minor unit
hangs on how the interest of each row was rounded, so that no bound settles it: the balance has to
be followed. This is done here for the payments alone, with what plans have in common worked out
once: the rows before the regular ones, the factors and the discounts of the periods. Where terms
are rarer than that (skipped months, prepayments, resets, a rate path with dates) there is no
tally, and the schedule is built.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count as count_from
from math import exp, log1p
from operator import mul
from typing import Any, NamedTuple

from restructure.amortiser import Amortiser
from restructure.collect import put_on_top
from restructure.errors import Refused
from restructure.interest import interest_of, level_end
from restructure.level import level_instalment, level_over
from restructure.loan import EQUAL_PRINCIPAL, FLAT, INTEREST_ONLY, LEVEL, Leg, Loan
from restructure.metrics import period_rate
from restructure.money import NEAREST, divide
from restructure.series import Series


class Figures(NamedTuple):
    """What plans are compared by, less is better: in minor units and rows.

    `npv_loss` is the lender's loss in present value, to the nearest minor unit as it is printed.
    """

    total_paid: int
    highest: int
    periods: int
    npv_loss: int


class Tally(NamedTuple):
    """The figures of a plan, by how much it passes the capacity at most, and its exact loss."""

    figures: Figures
    excess: int
    loss: float


class _Head(NamedTuple):
    """The rows before the regular ones: their payments, and what stands after them."""

    payment: list[int]
    balance: int
    accrued: dict[str, int]


class _Periods:
    """Factors and discounts of the periods, worked out as far as they are asked for.

    `discount[k]` is what one unit at the end of row k is worth today. With dates `factors[k]` is
    (num, den) of row k, and `grown[k]`, `units[k]` are the product of 1/(1+f) over the first k
    rows and the sum of these products.
    """

    def __init__(self, loan: Loan, leg: Leg, rate: float) -> None:
        self.loan, self.leg = loan, leg
        self.discount: list[float] = []
        self.factors: list[tuple[int, int]] = []
        self.grown, self.units = [1.0], [0.0]
        self._discounts = self._worth(rate)

    def _worth(self, rate: float) -> Iterator[float]:
        calendar, passed = self.loan.calendar, self.loan.passed
        if calendar is None:
            factor = 1 / (1 + period_rate(rate, float(self.loan.every.per_year)))
            worth = 1.0
            while True:
                worth *= factor
                yield worth
        base, time = log1p(rate), calendar.years(passed) * 0
        for row in count_from():
            time += calendar.years(passed + row)
            yield exp(-base * float(time))

    def discounts(self, rows: int) -> list[float]:
        """Return the discounts, at least those of the first `rows` rows."""
        while len(self.discount) < rows:
            self.discount.append(next(self._discounts))
        return self.discount

    def upto(self, rows: int) -> None:
        """Work out the factors of the first `rows` rows."""
        while len(self.factors) < rows:
            leg = self.loan.leg_at(len(self.factors), self.leg)
            self.factors.append((leg.num, leg.den))
            self.grown.append(self.grown[-1] / (1 + leg.num / leg.den))
            self.units.append(self.units[-1] + self.grown[-1])


class Tallies:
    """Tallies of the plans of one loan: at its original rate, within one capacity."""

    def __init__(self, loan: Loan, capacity: Series, agreed_value: float) -> None:
        self.rate = loan.original_rate or 0.0
        self.capacity = capacity
        self.agreed_value = agreed_value
        self.near = 1e-4 + agreed_value * 1e-12
        self.longest = int(100 * loan.every.per_year)
        self.heads: dict[tuple[object, ...], tuple[Any, _Head | None]] = {}
        self.periods: dict[tuple[object, ...], tuple[Any, _Periods]] = {}

    def of(self, loan: Loan, added: int = 0) -> Tally | None:
        """Return the tally of a plan's loan with `added` more instalments; None if it has none.

        A plan that the engine would refuse may have one: only a schedule shows that it is sound.
        """
        count = loan.count + added
        if (
            loan.uneven
            or loan.extras
            or loan.resets
            or loan.waiting
            or loan.instalment_rounding.searched
            or loan.interest_months
            or not (loan.anew or added)
            or (loan.fixed is None and count < 1)
            or (loan.fixed is not None and bool(loan.extended or added or loan.balloon))
            or (loan.calendar is not None and not _plain(loan))
        ):
            return None
        head = self.head(loan)
        if head is None:
            return None
        periods = self.periods_of(loan)
        if loan.fixed is not None:
            tail = self.fixed(loan, head, periods, loan.fixed)
        elif loan.method == LEVEL:
            tail = self.level(loan, head, periods, count)
        else:
            tail = self.in_parts(loan, head, periods, count)
        if tail is None:
            return None
        payment = head.payment + tail
        put_on_top(loan, payment, head.accrued, len(head.payment))
        value = sum(map(mul, payment, periods.discounts(len(payment)))) + loan.at_once
        loss = self.agreed_value - value
        if abs(loss % 1 - 0.5) < self.near:  # too near a tie for a sum in another order
            return None
        figures = Figures(sum(payment) + loan.at_once, max(payment), len(payment), round(loss))
        return Tally(figures, self.capacity.passed_by(payment), loss)

    def head(self, loan: Loan) -> _Head | None:
        """Return the rows before the regular ones, by the engine; None where it refuses."""
        key = (id(loan.stretches), id(loan.path), loan.bearing, id(loan.calendar))
        held = self.heads.get(key)
        if held is None:
            keep = (loan.stretches, loan.path, loan.calendar)  # so that no id is used again
            held = self.heads[key] = (keep, _head(loan))
        return held[1]

    def periods_of(self, loan: Loan) -> _Periods:
        """Return factors and discounts of a loan's periods."""
        dated = loan.calendar is not None
        key = (id(loan.path), id(loan.calendar)) if dated else ()
        held = self.periods.get(key)
        if held is None:
            keep = (loan.path, loan.calendar)
            held = self.periods[key] = (keep, _Periods(loan, loan.path[0], self.rate))
        return held[1]

    # -- the regular rows ---------------------------------------------------------------

    def level(self, loan: Loan, head: _Head, periods: _Periods, count: int) -> list[int] | None:
        """Return level payments, worked out anew where the rate changes; the last one apart."""
        row, balance, left = len(head.payment), head.balance, count
        payment: list[int] = []
        rounding = loan.instalment_rounding
        while True:
            if loan.calendar is None:
                leg, rows = loan.leg_and_rows(row, left)
                num, den = leg.num, leg.den
                pay = level_instalment(balance, num, den, left, loan.balloon, rounding)
                last = rows == left
                end = level_end(balance, pay, num, den, loan.half(leg), rows - last)
            else:
                periods.upto(row + left)
                pay = _dated_level(loan, balance, periods, row, left)
                last, rows, end = True, left, balance
                for num, den in periods.factors[row : row + left - 1]:
                    end += interest_of(end, num, den, loan.rounding) - pay
                num, den = periods.factors[row + left - 1]
            if end <= 0 or pay <= 0:
                return None
            payment += [pay] * (rows - last)
            if last:
                payment.append(end + interest_of(end, num, den, loan.rounding))
                return payment
            balance, row, left = end, row + rows, left - rows

    def fixed(self, loan: Loan, head: _Head, periods: _Periods, pay: int) -> list[int] | None:
        """Return the payments of a fixed instalment, as in `Amortiser.fixed`."""
        if loan.method == FLAT or len(loan.path) > 1:
            return None
        row, balance = len(head.payment), head.balance
        num, den = loan.path[0].num, loan.path[0].den
        for j in range(1, self.longest - row):
            if loan.calendar is not None:
                periods.upto(row + j)
                num, den = periods.factors[row + j - 1]
            interest = interest_of(balance, num, den, loan.rounding)
            if balance + interest <= pay + j:
                return [pay] * (j - 1) + [balance + interest]
            if pay <= interest:
                return None
            balance += interest - pay
        return None

    def in_parts(self, loan: Loan, head: _Head, periods: _Periods, count: int) -> list[int] | None:
        """Return the payments of the methods that repay equal parts, or all at the end."""
        if len(loan.path) > 1 or loan.method not in (EQUAL_PRINCIPAL, FLAT, INTEREST_ONLY):
            return None
        row, balance, base = len(head.payment), head.balance, loan.bearing
        part = 0 if loan.method == INTEREST_ONLY else divide(balance - loan.balloon, count)
        if loan.balloon > balance:
            return None
        num, den = loan.path[0].num, loan.path[0].den
        payment: list[int] = []
        for k in range(row, row + count):
            if balance <= 0:
                return None
            if loan.calendar is not None:
                periods.upto(k + 1)
                num, den = periods.factors[k]
            bears = base if loan.method == FLAT else balance
            interest = interest_of(bears, num, den, loan.rounding)
            falls = balance if k == row + count - 1 else min(part, balance)
            payment.append(interest + falls)
            balance -= falls
        return payment


def _plain(loan: Loan) -> bool:
    """Whether the periods of a loan with dates do not depend on the plan."""
    whole = loan.calendar is not None and loan.calendar.last is None
    return whole and len(loan.path) == 1 and not (loan.accrued and not loan.stretches)


def _head(loan: Loan) -> _Head | None:
    if any(stretch.share is not None for stretch in loan.stretches):
        return None
    try:
        amortiser = Amortiser(loan)
    except Refused:
        return None
    for stretch in loan.stretches:
        amortiser.stretch(stretch)
    if amortiser.balance <= 0:
        return None
    return _Head(amortiser.payment, amortiser.balance, amortiser.accrued)


def _dated_level(loan: Loan, balance: int, periods: _Periods, row: int, count: int) -> int:
    """Return the level instalment over periods with factors of their own, as `level_over`."""
    rounding, grown = loan.instalment_rounding, periods.grown
    if rounding is NEAREST:
        owed = balance * grown[row] - loan.balloon * grown[row + count]
        estimate = owed / (periods.units[row + count] - periods.units[row])
        nearest = int(estimate + 0.5)
        if abs(estimate - nearest) < 0.4999 - abs(estimate) * 1e-12:
            return nearest
    return level_over(balance, periods.factors[row : row + count], loan.balloon, rounding)
