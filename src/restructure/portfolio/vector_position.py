"""Position: many loans on the day of restructuring, with their original yields.

What `position.locate` does for one loan: balances after the paid and missed instalments, and
what is overdue.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from restructure.money import divide
from restructure.portfolio.vector_book import Book
from restructure.portfolio.vector_kernel import ROOM, Bools, Floats, Ints, Rounding, level, run
from restructure.portfolio.vector_stream import Stream
from restructure.portfolio.vector_terms import Overdue, Terms
from restructure.portfolio.vector_yields import floats, solved, worth


@dataclass(frozen=True)
class Position:
    """The located loans: their terms, the stream as agreed, and the original x = ln(1 + i)."""

    terms: Terms
    agreed: Stream
    owed: Ints
    """All that is owed on the day."""
    x: Floats


def located(book: Book) -> Position:
    """Return the loans on the due date of the last instalment paid or missed."""
    how, den, num, term = book.how, book.how.den, book.num, book.term
    solved_pay, sure, known = level(book.principal, num, den, term)
    pay = np.where(book.prescribed, book.payment, solved_pay)
    steady = sure & ~(book.prescribed & ~_mild(book, solved_pay))
    fits = book.fits & np.where(book.prescribed, steady & known, known)
    # Rounding can put the instalment of a few cents below its interest: the debt would grow.
    fits &= pay > how.interest(book.principal, num)
    balance = run(book.principal, num, pay, book.paid, how, steady)
    fits &= (balance > 0) & (pay > 0)
    balance, overdue = _missed(book, balance, pay)
    past = book.paid + book.missed
    end = run(balance, num, pay, term - past - 1, how, steady)
    fits &= (balance > 0) & (end > 0)
    last = np.where(fits, end + how.interest(np.where(fits, end, 0), num), 1)
    owed = balance if overdue is None else balance + overdue.total
    agreed = Stream(
        [(term - past - 1, pay), (1, last)],
        0,
        fits,
        balance,
        at_once=0 if overdue is None else overdue.total,
    )
    x = np.log1p(num / den)
    contract = floats([(term - 1, pay), (1, last)])
    with np.errstate(all="ignore"):
        advance = book.principal.astype(np.float64)
        x, found = solved(contract, advance, x, *worth(contract, x))
    terms = Terms(
        how=how,
        every=book.every,
        day_year=360,
        units=book.units,
        balance=balance,
        count=term - past,
        path=((None, num),),
        instalment=pay,
        fits=fits & found,
        steady=steady,
        overdue=overdue,
    )
    return Position(terms, agreed, owed, x)


def _mild(book: Book, level_pay: Ints) -> Bools:
    """Return where a prescribed instalment lets the balance fall, and not end early.

    After n - 1 periods it lies (payment - level) s below that of the level one, which is about
    the level instalment itself; s = ((1+f)^(n-1) - 1) / f.
    """
    f = book.num / book.how.den
    with np.errstate(all="ignore"):
        s = np.where(book.num == 0, book.term, np.expm1(book.term * np.log1p(f)) / f)
        falls = book.payment > book.principal * f + 1
        return falls & ((book.payment - level_pay) * s < level_pay / 2) & (level_pay > 9 * s + 9)


def _missed(book: Book, balance: Ints, pay: Ints) -> tuple[Ints, Overdue | None]:
    """Return the balances after the missed instalments, and what is overdue (None: nothing)."""
    principal, interest = book.overdue_principal.copy(), book.overdue_interest.copy()
    penalty = book.penalty
    most = int(book.missed.max(initial=0))
    weight = np.zeros_like(balance)
    for k in range(most):
        here = book.missed > k
        bears = book.how.interest(np.where(here, balance, 0), book.num)
        falls = np.where(here, pay - bears, 0)
        balance = balance - falls
        principal += falls
        interest += np.where(here, bears, 0)
        weight += falls * (book.missed - 1 - k)
    if most:
        computed = _penalty(book, weight)
        penalty = np.where(book.penalty_given | (book.missed == 0), penalty, computed)
    overdue = Overdue(principal, interest, penalty, book.fees)
    return balance, overdue if overdue.total.any() else None


def _penalty(book: Book, weight: Ints) -> Ints:
    """Return penalty interest: overdue principal x time x penalty rate, rounded once.

    Where the numbers are too large for 64 bits, Python's own are used.
    """
    per_year = book.every.per_year
    rate, how = book.penalty_rate, book.how
    if rate.annual is None:
        factor, num, den = rate.times, book.num, how.den
    else:
        factor, num, den = rate.annual / per_year, np.ones_like(book.num), 1
    num, bottom = num * factor.numerator, factor.denominator * den
    fits = weight * (num * 4.0) < ROOM
    found = Rounding(how.mode, bottom).interest(np.where(fits, weight, 0), num)
    for lane in np.flatnonzero(~fits).tolist():
        found[lane] = divide(int(weight[lane]) * int(num[lane]), bottom, how.mode)
    return found
