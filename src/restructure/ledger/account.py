"""Account: a loan whose interest runs from day to day on what is in fact owed.

The ledger's book follows the schedule: money before its day waits, and what is overdue bears
penalty interest. Here each payment counts from its own day: early money lowers interest, and
overdue principal goes on bearing it at the contract rate. Interest is simple: what is not paid
bears none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from restructure.engine import build
from restructure.errors import InvalidValue
from restructure.ledger.meter import contract_rates
from restructure.ledger.movements import Movement, by_day
from restructure.ledger.position import start_of
from restructure.ledger.terms import Terms
from restructure.loan import FLAT, LEVEL, Loan
from restructure.money import divide
from restructure.words import say


class Row(NamedTuple):
    """A day of the account, amounts in minor units.

    `due` falls due on it. `received` is money of the history, `expected` money that the rows to
    come assume; of both together `fees`, `interest` and the rest, principal. `balance` is
    principal after it (below 0: to be paid back), `settlement` what closes the loan on the day.
    """

    day: date
    due: int
    received: int
    expected: int
    fees: int
    interest: int
    balance: int
    settlement: int


class Part(NamedTuple):
    """What an instalment has been paid: `number` from 0; interest and principal."""

    day: date
    number: int
    interest: int
    principal: int


class Due:
    """An instalment: when it falls due, what it asks for, what of that is left.

    By instalment, `interest` is the interest of periods that have ended which it pays.
    """

    __slots__ = ("asked", "day", "interest", "left")

    def __init__(self, day: date, amount: int) -> None:
        self.day = day
        self.asked = self.left = amount
        self.interest = 0


class Account:
    """The account of a loan: run once over its days.

    Raises InvalidValue for a loan without dates, and for terms under which interest does not
    run from day to day: flat, compounding, unpaid interest that waits or joins principal.
    """

    def __init__(
        self, loan: Loan, terms: Terms, movements: Iterable[Movement], as_of: date
    ) -> None:
        self.loan, self.terms, self.as_of = loan, terms, as_of
        self.start = start_of(loan)
        if as_of < self.start:
            raise InvalidValue(
                say("{day} is before the loan begins, {start}.", day=as_of, start=self.start),
                field="as_of",
            )
        if loan.method == FLAT or loan.compounding is not None or loan.uneven:
            raise InvalidValue(
                say(
                    "an account counts simple interest from day to day: leave out flat, "
                    "compounding, skipped months and unpaid_interest."
                ),
                field="method",
            )
        # Instalments are known as they are without the rate changes to come.
        self.resets = [reset for reset in loan.resets if not reset.keep]
        schedule = build(self._before(self.start))
        days = [day for day in schedule.due_dates() if day is not None]
        self.dues = [Due(*pair) for pair in zip(days, schedule.payment, strict=True)]
        if terms.last == "same" and len(self.dues) > 1:
            self.dues[-1] = Due(days[-1], schedule.payment[-2])
        self.rates = contract_rates(loan)
        self.days = by_day(movements, self.start, as_of, loan.currency)
        self.cap = terms.most_interest(loan)
        self.late = self._late_fees()
        self.principal = loan.bearing
        self.period = 0  # the due date (from 0) with which the period under way ends
        self.today = self.start
        self.accrued = Fraction(0)  # exact: since the last payment or, by instalment, due date
        self.before = 0  # by instalment: interest of the period under way paid already
        self.interest_paid = 0
        self.fees = 0
        self.early = False
        self.overdue_then = 0  # at the end of the day of the account
        self.parts: list[Part] = []
        self.rows: list[Row] = []
        self.add_on = self._add_on() if terms.add_on else 0

    def _before(self, day: date) -> Loan:
        """Return the loan with the rate changes up to `day` alone."""
        known = [reset for reset in self.loan.resets if reset.keep or reset.day <= day]
        return replace(self.loan, resets=tuple(known))

    def _late_fees(self) -> dict[date, int]:
        """Return the late fees by the due date on which each is dated."""
        found: dict[date, int] = {}
        most, asked = self.terms.late_fees, 0
        for due in self.dues if self.terms.late_fee else ():
            asked += due.asked
            until = due.day + timedelta(days=self.terms.late_fee_after)
            paid = sum(money for day, money in self.days.received.items() if day <= until)
            if until < self.as_of and paid < asked and (most is None or len(found) < most):
                found[due.day] = found.get(due.day, 0) + self.terms.late_fee
        return found

    # -- time ---------------------------------------------------------------------------

    def growth(self, since: date, until: date) -> Fraction:
        """Return what one unit of principal bears between two days."""
        calendar = self.loan.calendar
        assert calendar is not None
        k = self.loan.passed + self.period
        total = Fraction(0)
        inside = [day for day, _ in self.rates if since < day < until]
        for day, end in pairwise([since, *inside, until]):
            rate = [rate for start, rate in self.rates if start <= day][-1]
            total += rate * calendar.part(k, day, end)
        return total

    def advance(self, day: date) -> None:
        """Let interest run to the end of `day`; periods that end by then are closed."""
        calendar = self.loan.calendar
        assert calendar is not None
        while self.today < day:
            end = calendar.due(self.loan.passed + self.period)
            until = min(day, end)
            if until > self.today:
                self.accrued += max(self.principal, 0) * self.growth(self.today, until)
                self.today = until
            if end <= day:
                self._close()
            self.period += end <= day

    def _close(self) -> None:
        """End a period: by instalment, its interest is rounded once and posted."""
        if self.terms.posting == "instalment" and self.period < len(self.dues):
            self._post(self.period, self.running() - self.before)
            self.accrued, self.before = Fraction(0), 0

    def _post(self, k: int, amount: int) -> None:
        """Let an instalment ask for interest, or the next one that has room for all of it."""
        later = [due for due in self.dues[k:] if due.left]
        if later and later[0].left < amount:
            later = later[1:]
        (later or self.dues[-1:])[0].interest += amount

    @property
    def posted(self) -> int:
        """By instalment: interest of periods that have ended, unpaid."""
        return sum(due.interest for due in self.dues)

    def running(self) -> int:
        """Return the interest that has accrued and is not posted, rounded, within the cap."""
        exact = self.accrued
        if self.cap is not None:
            room = self.cap - self.interest_paid + self.before - self.posted
            exact = min(exact, Fraction(max(room, 0)))
        return divide(exact.numerator, exact.denominator, self.loan.rounding)

    def interest(self) -> int:
        """Return the interest that is owed at the end of the day."""
        if self.terms.add_on:
            return max(self.add_on, self._ever()) - self.interest_paid
        return self.posted + self.running() - self.before

    def _ever(self) -> int:
        """Return all interest that has accrued since the start, within the cap (add-on)."""
        exact = self.accrued
        if self.cap is not None:
            exact = min(exact, Fraction(self.cap))
        return divide(exact.numerator, exact.denominator, self.loan.rounding)

    def _add_on(self) -> int:
        """Return the interest of the whole term, within the cap, and let instalments carry it.

        It is what accrues by the day when payments go to interest first: the more interest,
        the later principal falls, so that the two are brought together step by step. Unless
        the contract gives the payment, the instalments are equal parts of both.
        """
        found, count = 0, len(self.dues)
        given = self.loan.instalment is not None or self.loan.method != LEVEL
        for _ in range(200):
            if not given:
                whole = self.principal + found
                pay = self.loan.instalment_rounding.round(whole, count)
                for k, due in enumerate(self.dues):
                    due.asked = due.left = pay if k < count - 1 else whole - pay * (count - 1)
            before, found = found, self._accrues(found)
            if before == found:
                break
        return found

    def _accrues(self, interest: int) -> int:
        """Return what accrues over the term when so much interest is paid first."""
        exact, since, principal = Fraction(0), self.start, self.principal
        for k, due in enumerate(self.dues):
            self.period = k
            exact += max(principal, 0) * self.growth(since, due.day)
            since = due.day
            to_interest = min(interest, due.asked)
            interest -= to_interest
            principal -= due.asked - to_interest
        self.period = 0
        if self.cap is not None:
            exact = min(exact, Fraction(self.cap))
        return divide(exact.numerator, exact.denominator, self.loan.rounding)

    def settlement(self) -> int:
        """Return what closes the loan at the end of the day."""
        if self._free():
            return self.principal + self.fees
        running = self.terms.add_on and self.principal > 0
        interest = self._ever() - self.interest_paid if running else self.interest()
        return self.principal + self.fees + interest

    def _free(self) -> bool:
        within = (self.today - self.start).days <= self.terms.free_days
        return bool(self.terms.free_days) and within and not self.interest_paid

    # -- money --------------------------------------------------------------------------

    def overdue(self) -> int:
        """Return what is left of the instalments that have fallen due."""
        return sum(due.left for due in self.dues if due.day <= self.today)

    def receive(self, amount: int) -> tuple[int, int]:
        """Take money, and return how much of it went to fees and to interest."""
        if amount >= self.settlement() and self._free():
            self.accrued = Fraction(0)
        to_fees = min(amount, self.fees)
        self.fees -= to_fees
        amount -= to_fees
        to_interest = 0
        while amount > 0:
            k = self._next()
            due = None if k is None else self.dues[k]
            part = amount if due is None else min(amount, self._room(due))
            if due is not None:
                due.left = max(due.left - part, 0)
            interest = self._pay(part, due)
            if k is not None:
                self.parts.append(Part(self.today, k, interest, part - interest))
            to_interest += interest
            amount -= part
        return to_fees, to_interest

    def _next(self) -> int | None:
        """Return the instalment that money goes to next."""
        still = [k for k, due in enumerate(self.dues) if due.left]
        if not still:
            return None
        if self.dues[still[0]].day <= self.today or self.terms.overpayment == "hold":
            if self.dues[still[0]].day > self.today:
                self.early = True
            return still[0]
        self.early = True
        return still[-1] if self.terms.overpayment == "shorten" else None

    def _room(self, due: Due) -> int:
        """Return how much an instalment takes.

        The last one, which is a little smaller because the others are rounded, falls away for
        a regular one: what is then too much leaves the row before it as it is.
        """
        regular = self.dues[-2].asked if len(self.dues) > 1 else 0
        if self.terms.overpayment == "shorten" and due is self.dues[-1] and due.day > self.today:
            return max(due.left, regular) if due.left == due.asked else due.left
        return due.left

    def _pay(self, amount: int, due: Due | None) -> int:
        """Pay principal with `amount` after the interest that it owes, which is returned."""
        owed = self.interest()
        if self.terms.posting == "instalment":
            ahead = due is None or due.day > self.today
            if ahead and self.terms.overpayment != "hold":
                owed = 0
            elif not ahead:
                owed = due.interest if due is not None else 0
        paid = max(min(owed, amount), 0)
        self.interest_paid += paid
        self.principal -= amount - paid
        if self.terms.posting == "instalment":
            self.before += paid - self._clear(due, paid)
        elif not self.terms.add_on:
            # What is left of a minor unit when all interest is paid is given up.
            # Interest below 0, at a rate below 0, stays to the borrower's credit.
            self.accrued = self.accrued - paid if paid < owed or owed < 0 else Fraction(0)
        return paid

    def _clear(self, due: Due | None, amount: int) -> int:
        """Take posted interest off, that of the instalment first; return how much."""
        rest = amount
        for one in ([due] if due is not None else []) + self.dues:
            part = max(min(one.interest, rest), 0)
            one.interest -= part
            rest -= part
        return amount - rest

    # -- the days -----------------------------------------------------------------------

    def run(self, also: Iterable[date] = (), to_come: bool = True) -> Sequence[Row]:
        """Keep the account and return its rows: due dates, movements, the day, and `also`.

        `to_come`: the rows after the day as well, in which each instalment is paid when due.
        """
        dues = {due.day for due in self.dues}
        seen = {day for day in dues if to_come or day <= self.as_of}
        days = seen | {*self.days.received, *self.days.charged, self.as_of, *also}
        resets = [reset.day for reset in self.resets if reset.day > self.start]
        for day in sorted({*days, *(r for r in resets if to_come or r <= self.as_of)}):
            self.advance(day)
            before = self.principal
            charged = self.late.get(day, 0) + sum(x for _, x in self.days.charged.get(day, ()))
            self.fees += charged
            received = self.days.received.get(day, 0)
            expected = fees = interest = 0
            if received:
                fees, interest = self.receive(received)
                if self.early and self.terms.overpayment == "lower":
                    self.solve()
            if day in resets:
                self._change()
            if day == self.as_of:
                self.overdue_then = self.overdue()
            if (expected := self._expected(day, before)) > 0:
                more = self.receive(expected)
                fees, interest = fees + more[0], interest + more[1]
            due = sum(d.asked for d in self.dues if d.day == day)
            if day in days:
                self.rows.append(
                    Row(day, due, received, max(expected, 0), fees, interest, self.principal,
                        self.settlement())
                )  # fmt: skip
        return self.rows

    def _change(self) -> None:
        """Let the rate change: the schedule's instalments, or anew once money came early."""
        if self.early and self.loan.method == LEVEL:
            self.solve()
        elif not self.early:
            payments = build(self._before(self.today)).payment
            for due, payment in zip(self.dues, payments, strict=False):
                if due.day > self.today and due.left == due.asked:
                    due.asked = due.left = payment

    def _expected(self, day: date, _: int) -> int:
        """Return what the rows to come assume to be paid on a day."""
        how = self.terms.overdue
        if day < self.as_of or (day == self.as_of and how != "now"):
            return 0
        owed = self.principal + self.fees + self.interest()
        if day == self.as_of or how == "next" or how == "now":
            wanted = self.overdue() + self.fees
        else:
            wanted = sum(due.left for due in self.dues if due.day == day)
        later = any(due.left for due in self.dues if due.day > day)
        last = self.dues[-1]
        if how != "unpaid" and not later and last.day == day:
            if owed > wanted:
                last.asked += owed - wanted
                last.left += owed - wanted
            return owed
        return min(wanted, owed)

    def solve(self) -> None:
        """Work out anew the instalments to come that nothing has been paid to.

        Each period bears simple interest on what is then owed, so that the debt after the last
        one is a line in the instalment, and its zero is the instalment.
        """
        still = [due for due in self.dues if due.day > self.today and due.left]
        open_ = [due for due in still if due.left == due.asked]
        if not open_:
            return
        owed_now = self.overdue()
        debt = [Fraction(self.principal), Fraction(0)]
        carried = [Fraction(self.interest()), Fraction(0)]
        if owed_now:
            debt[0] -= owed_now - min(self.posted, owed_now)
            carried[0] -= min(self.posted, owed_now)
        since, period = self.today, self.period
        for due in still:
            while self.dues[self.period].day < due.day:
                end = self.dues[self.period].day
                for k in (0, 1):
                    carried[k] += debt[k] * self.growth(since, end)
                since, self.period = end, self.period + 1
            growth = self.growth(since, due.day)
            pays = (Fraction(0), Fraction(1)) if due in open_ else (Fraction(due.left), Fraction(0))
            for k in (0, 1):
                debt[k] += carried[k] + debt[k] * growth - pays[k]
                carried[k] = Fraction(0)
            since = due.day
            self.period += 1
        self.period = period
        exact = debt[0] / -debt[1]
        pay = self.loan.instalment_rounding.round(exact.numerator, exact.denominator)
        for due in open_:
            due.asked = due.left = pay
