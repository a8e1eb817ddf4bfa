"""Streams: the payments of many loans, in pieces of equal ones, from the terms of a plan.

What `engine.build` does for one loan. Only balances run; no schedule is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from restructure.portfolio.vector_kernel import (
    LONGEST,
    ROOM,
    Bools,
    Ints,
    divided,
    level,
    room,
    run,
)
from restructure.portfolio.vector_terms import Stretch, Terms, Untaken

_CHECKED = 8
"""Periods in which a fixed instalment has to end after those that it cannot end in."""


@dataclass(frozen=True)
class Stream:
    """Payments as (count, amount), in order of time; a count or amount is a column or a number.

    The first `head` rows come before the regular ones, a piece each. `fits` says for which
    loans all of this holds.
    """

    pieces: list[tuple[Any, Any]]
    head: int
    fits: Bools
    owed: Ints
    """All that is owed on the day: what is paid beyond it is interest."""
    forgiven: Any = 0
    at_once: Any = 0


def build(terms: Terms) -> Stream:
    """Return what is paid under the terms; a loan that would be refused does not fit."""
    work = _Work(terms)
    for stretch in terms.stretches:
        work.stretch(stretch)
    work.check()
    if terms.fixed is None:
        work.counted()
    else:
        work.fixed(terms.fixed)
    work.collect()
    pieces = [(1, paid) for paid in work.head] + work.regular
    fits = work.fits & work.judged()
    return Stream(pieces, len(work.head), fits, terms.owed, terms.given_up)


class _Work:
    """One build: balances, the payments so far and the sums that bear no interest."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.how = terms.how
        self.balance = terms.bearing
        self.fits = terms.fits & (self.balance > 0)
        self.head: list[Any] = []
        self.regular: list[tuple[Any, Any]] = []
        self.accrued: dict[str, Any] = {"simple": 0, "spread": 0, "first": 0, "end": 0}

    def judged(self) -> Bools:
        """Return which loans `refusals.judge` lets pass."""
        terms = self.terms
        good = terms.owed > 0
        for _, num in terms.path:
            good &= num >= 0
        good &= terms.balloon <= terms.bearing
        if terms.fixed is None:
            good &= terms.count >= 1
        elif terms.extended or isinstance(terms.balloon, np.ndarray):
            good &= False
        return good

    def legs(self, row: int) -> list[tuple[int | None, Ints]]:
        """Return the rate path from a row on."""
        found = []
        for span, num in self.terms.path:
            if span is None or row < span:
                found.append((None if span is None else span - row, num))
                row = 0
            else:
                row -= span
        return found

    def check(self) -> None:
        """Keep the loans whose numbers leave room in 64 bits, and make the others harmless."""
        most = np.max([num for _, num in self.terms.path], axis=0)
        fits = room(self.balance.astype(np.float64), most, self.how.den)
        self.fits = self.fits & fits & (self.balance > 0)
        for _, num in self.terms.path:
            self.fits &= num >= 0
        self.balance = np.where(self.fits, self.balance, 0)

    def stretch(self, stretch: Stretch) -> None:
        """Add the rows of a stretch, as `amortiser.Amortiser.stretch`."""
        unpaid_how, to_principal = stretch.unpaid, stretch.to_principal
        for _ in range(stretch.rows):
            num = self.legs(len(self.head))[0][1]
            self.fits = self.fits & (self.balance * (num + 1.0) < ROOM) & (num >= 0)
            balance = np.where(self.fits, self.balance, 0)
            interest: Any = 0 if unpaid_how == "waive" else self.how.interest(balance, num)
            wanted = np.maximum(stretch.pays, interest) if unpaid_how == "pay" else stretch.pays
            if not isinstance(wanted, np.ndarray):
                payment, unpaid = 0, interest
            else:
                payment = np.minimum(wanted, balance + (0 if to_principal else interest))
                unpaid = interest if to_principal else np.maximum(interest - payment, 0)
            if unpaid_how in self.accrued:
                self.accrued[unpaid_how] = self.accrued[unpaid_how] + unpaid
                interest = interest - unpaid
            self.balance = balance + interest - payment
            self.fits = self.fits & (self.balance > 0)
            self.head.append(payment)
        if isinstance(self.accrued["simple"], np.ndarray):
            self.balance = self.balance + self.accrued["simple"]
            self.accrued["simple"] = 0

    def counted(self) -> None:
        """Add the count of regular rows; the last one takes what is left."""
        terms, den = self.terms, self.how.den
        self.fits = self.fits & (terms.count >= 1) & (terms.count <= LONGEST)
        count = np.where(self.fits, terms.count, 1)
        done = 0
        pay = last_num = np.zeros_like(count)
        before: Ints | None = None
        for span, num in self.legs(len(self.head)):
            here = count > done
            if not here.any():
                break
            if before is None:
                pay, sure = self.first_pay(num, count)
            elif (changed := here & (num != before)).any():
                left = np.where(here, count - done, 1)
                again, sure_again, known = level(self.balance, num, den, left, terms.balloon)
                pay = np.where(changed, again, pay)
                sure = np.where(changed, sure_again, sure)
                self.fits &= known | ~changed
            self.fits &= ~here | (terms.balloon <= self.balance)
            rows = np.maximum(count - 1 - done, 0)
            rows = rows if span is None else np.minimum(rows, span)
            self.balance = run(self.balance, num, pay, rows, self.how, sure | ~self.fits)
            self.fits &= self.balance > 0
            self.regular.append((rows, pay))
            last_num, before = np.where(here, num, last_num), num
            if span is None:
                break
            done += span
        self.regular.append((1, self.balance + self.how.interest(self.balance, last_num)))

    def first_pay(self, num: Ints, count: Ints) -> tuple[Ints, Bools]:
        """Return the regular instalment, and whether it lies far above all rounding."""
        terms = self.terms
        pay, sure, known = level(self.balance, num, self.how.den, count, terms.balloon)
        if not terms.anew:
            kept = terms.bearing == terms.balance
            pay = np.where(kept, terms.instalment, pay)
            sure = np.where(kept, terms.steady, sure)
            known = known | kept
        self.fits &= known
        return pay, sure

    def fixed(self, pay: Ints) -> None:
        """Pay `pay` until what is owed is at most `pay` plus j minor units at the j-th row."""
        legs = self.legs(len(self.head))
        if len(legs) > 1:
            raise Untaken
        num, den = legs[0][1], self.how.den
        longest = min(int(100 * self.terms.every.per_year), LONGEST) - len(self.head)
        interest = self.how.interest(self.balance, num)
        self.fits &= pay > interest
        with np.errstate(all="ignore"):
            f = num / den
            bears = self.balance * f
            rows = np.where(num > 0, -np.log1p(-bears / pay) / np.log1p(f), self.balance / pay)
            drift = self.balance / (pay - bears)
            sure = pay > (1 + f) * (1.6 * drift + 3)
        self.fits &= np.isfinite(rows) & (rows < longest)
        self.fits &= room(self.balance + 2.2 * drift, num, den)
        passed = np.where(self.fits, np.maximum(np.floor(rows) - 2, 0), 0).astype(np.int64)
        balance = run(self.balance, num, pay, passed, self.how, sure | ~self.fits)
        ended = np.zeros(len(pay), np.bool_)
        count, last = np.ones_like(passed), np.ones_like(passed)
        for k in range(_CHECKED):
            j = passed + k + 1
            owed = balance + self.how.interest(balance, num)
            ends = ~ended & (owed <= pay + j)
            if k == 0:  # it may have ended before: far from likely
                self.fits &= ~ends | (passed == 0)
            last, count = np.where(ends, owed, last), np.where(ends, j, count)
            ended |= ends
            if ended.all():
                break
            balance = np.where(ended, 0, owed - pay)
        self.fits &= ended & (count <= longest) & (last > 0)
        self.regular = [(count - 1, pay), (1, last)]

    def collect(self) -> None:
        """Put what bears no interest on top of the payments, as `collect.collect`."""
        terms, rows = self.terms, sum(count for count, _ in self.regular)
        spread = terms.treated("spread")
        if isinstance(spread, np.ndarray) and terms.overdue is not None and terms.overdue.over:
            self.fits = self.fits & (spread == 0)
        self.spread(self.accrued["spread"], rows)
        self.spread(spread, rows)
        self.on_last(self.accrued["end"] + terms.set_aside + terms.treated("set-aside"))
        first = self.accrued["first"]
        penalty = terms.treated("pay")
        if isinstance(penalty, np.ndarray):
            for k, paid in enumerate(self.head):
                if isinstance(paid, np.ndarray):
                    self.head[k] = paid + np.where(paid > 0, penalty, 0)
                    penalty = np.where(paid > 0, 0, penalty)
            first = first + penalty
        if isinstance(first, np.ndarray) and np.any(first):
            self.on_first(first)

    def spread(self, amount: Any, rows: Ints) -> None:
        """Put equal parts of an amount on all regular rows, the residue on the last."""
        if not isinstance(amount, np.ndarray):
            return
        part = divided(amount, rows)
        rest = amount - part * (rows - 1)
        self.fits = self.fits & (rest >= 0)
        self.regular = [(count, paid + part) for count, paid in self.regular[:-1]] + [
            self.regular[-1]
        ]
        self.on_last(rest)

    def on_last(self, amount: Any) -> None:
        """Put an amount on the last row."""
        count, paid = self.regular[-1]
        self.regular[-1] = (count, paid + amount)

    def on_first(self, amount: Any) -> None:
        """Put an amount on the first regular row, which becomes a piece of its own."""
        (count, paid), *others = self.regular
        one = (count > 0).astype(np.int64)
        self.regular = [(one, paid + amount), (count - one, paid), *others]
        self.on_last(np.where(count > 0, 0, amount))
