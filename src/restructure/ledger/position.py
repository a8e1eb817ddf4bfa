"""Position: what is owed on a day, and what puts it right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from restructure.errors import InvalidValue
from restructure.ledger.book import Book, Entry, Item
from restructure.ledger.movements import Movement, by_day
from restructure.ledger.rules import COMPOUNDED, INTEREST, KINDS, PENALTY, PRINCIPAL, Rules
from restructure.loan import Loan
from restructure.schedule import Schedule
from restructure.words import say


class PerDay(NamedTuple):
    """What one more day costs, exact, in minor units: contract interest on what is not yet
    due, penalty interest, and interest on unpaid interest."""

    interest: Fraction
    penalty: Fraction
    compounded: Fraction


class Position(NamedTuple):
    """Where a loan stands at the end of a day. Amounts in minor units, lists in order of KINDS.

    `due`, `paid` and `overdue` count all that has fallen due or been charged by then; overdue
    is unpaid and was due before the day, `due_today` unpaid and due on it. `cure` pays both.
    `balance` is what is not yet due, `rows` the rows of `schedule` that have fallen due.
    """

    loan: Loan
    rules: Rules
    as_of: date
    schedule: Schedule
    rows: int
    entries: Sequence[Entry]
    items: Sequence[Item]
    due: list[int]
    paid: list[int]
    overdue: list[int]
    due_today: list[int]
    credit: int
    prepaid: int
    capped: int
    days_past_due: int
    oldest: Item | None
    balance: int
    accrued: Fraction
    per_day: PerDay

    @property
    def cure(self) -> int:
        """All that is due and unpaid: paying it on the day leaves no arrears."""
        return sum(self.overdue) + sum(self.due_today)

    @property
    def unpaid(self) -> list[int]:
        """What is due and unpaid, by kind."""
        return [a + b for a, b in zip(self.overdue, self.due_today, strict=True)]

    @property
    def received(self) -> int:
        """All money received up to the day, reversed payments left out."""
        return sum(self.paid) + self.credit + self.prepaid


def start_of(loan: Loan) -> date:
    """Return the day from which a loan bears interest; without dates there is no ledger."""
    if loan.calendar is None:
        raise InvalidValue(
            say("is needed with a payment history, which has dates: give start (or first_due)."),
            field="start",
        )
    if loan.interest_months:
        raise InvalidValue(
            say("a payment history cannot go with it: take the position, --paid and --missed."),
            field="interest_months",
        )
    return loan.calendar.due(loan.passed - 1)


def position_on(
    loan: Loan,
    rules: Rules,
    movements: Iterable[Movement],
    as_of: date,
    known: date | None = None,
    credit: int = 0,
) -> Position:
    """Return the position of `loan` at the end of `as_of`.

    Movements up to `known` (by default `as_of`) count: with an earlier `known`, the position is
    what it will be if nothing else is paid. The loan is as drawn, or as a plan left it; `credit`
    is money that it begins with.
    """
    start = start_of(loan)
    if as_of < start:
        raise InvalidValue(
            say("{as_of} is before the loan begins, {start}.", as_of=as_of, start=start),
            field="as_of",
        )
    assert loan.calendar is not None
    days = by_day(movements, start, min(known or as_of, as_of), loan.currency)
    book = Book(loan, rules, days)
    if credit:
        book.credit = credit
        book.entries.append(Entry(start, "paid", None, "", credit))
    book.run(as_of)
    overdue, today = [0] * len(KINDS), [0] * len(KINDS)
    for item in book.items[book.first :]:
        into = today if item.due == as_of else overdue
        for kind, amount in enumerate(item.owed):
            into[kind] += amount
    dpd = book.days_past_due(as_of)
    oldest = book.items[book.oldest] if book.oldest < len(book.items) else None
    schedule, rows = book.dues.schedule, book.row
    return Position(
        loan=book.loan,
        rules=rules,
        as_of=as_of,
        schedule=schedule,
        rows=rows,
        entries=book.entries,
        items=book.items,
        due=book.due,
        paid=book.paid,
        overdue=overdue,
        due_today=today,
        credit=book.credit,
        prepaid=book.prepaid,
        capped=_capped(book),
        days_past_due=dpd,
        oldest=oldest,
        balance=(schedule.closing[rows - 1] if rows else schedule.opening[0]),
        accrued=accrued(book.loan, schedule, rows, as_of),
        per_day=_per_day(book, as_of),
    )


def accrued(loan: Loan, schedule: Schedule, row: int, day: date) -> Fraction:
    """Return the contract interest from the last due date to `day`, exact, in minor units.

    The part of the period's exact interest that its days have of the period's time under the
    loan's day count. `row` is the row (from 0) that falls due next.
    """
    calendar = loan.calendar
    assert calendar is not None
    if row >= len(schedule):
        return Fraction(0)
    k = loan.passed + row
    start, end = calendar.ends(k)
    if day <= start:
        return loan.accrued if row == 0 else Fraction(0)
    whole = calendar.years(k)
    part = calendar.part(k, start, min(day, end))
    before = loan.accrued if row == 0 else Fraction(0)
    return before + (schedule.interest[row] - before) * part / whole if whole else before


def _capped(book: Book) -> int:
    """Return what the cap keeps from being charged: it bites where this is above 0."""
    if book.rules.cap is None:
        return 0
    return sum(
        book.pending(item, PENALTY) + item.waiting + book.pending(item, COMPOUNDED)
        for item in book.items
    )


def _per_day(book: Book, day: date) -> PerDay:
    items = book.items[book.first :]
    principal = sum(item.owed[PRINCIPAL] for item in items)
    interest = sum(item.owed[INTEREST] for item in items)
    if book.rules.compound_penalty:
        interest += sum(item.owed[PENALTY] for item in items)
    tomorrow = day + timedelta(days=1)
    rates = [Fraction(m.read(tomorrow) - m.read(day), m.den) for m in book.meters]
    late = rates[0] if book.rules.cap is None else min(rates[0], rates[2])
    loan, schedule, row = book.loan, book.dues.schedule, book.row
    contract = accrued(loan, schedule, row, tomorrow) - accrued(loan, schedule, row, day)
    return PerDay(contract, principal * late, interest * rates[1])
