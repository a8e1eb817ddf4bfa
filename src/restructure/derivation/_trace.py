"""Trace: the rule behind the interest and the payment of each row of one build.

The rows come from the engine itself: this is the amortiser, with an ear at each row. What it
cannot follow (skipped months, interest that waits) it does not trace, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from restructure.amortiser import Amortiser
from restructure.derivation._tops import Top, tops
from restructure.engine import with_shares
from restructure.loan import FLAT, INTEREST_ONLY, LEVEL, Leg, Loan, Stretch
from restructure.schedule import Schedule


class Solve(NamedTuple):
    """An instalment that was worked out: at `row`, over so many rows, from `balance`."""

    row: int
    over: int
    balance: int
    leg: Leg
    pay: int


@dataclass(slots=True)
class Row:
    """How one row was made. Amounts in minor units.

    `rule`: stretch, fixed, level, part, interest, shortened, last, or idle. `pay` is what the
    rule wants to pay, `paid` what is paid of it; `extra` comes on top. `apart` is interest
    that does not join the principal; `joins` what joins it after the row.
    """

    rule: str
    balance: int
    base: int
    leg: Leg | None
    piece: int
    interest: int
    pay: int
    paid: int
    extra: int = 0
    apart: int = 0
    joins: int = 0
    stretch: int = -1
    solve: int = -1


class Trace(NamedTuple):
    """The rows of a schedule with their rules; `solves` are the instalments worked out.

    `rows` is empty where the rules cannot be followed row by row.
    """

    schedule: Schedule
    rows: list[Row]
    solves: list[Solve]
    accrued: dict[str, int]
    tops: list[Top]
    stretches: tuple[Stretch, ...] = ()
    """The loan's stretches with what they pay, once shares of the instalment are solved."""


class _Tracer(Amortiser):
    """The amortiser, keeping a Row for each row."""

    def __init__(self, loan: Loan, regular: int | None = None) -> None:
        super().__init__(loan, regular)
        self.rows: list[Row] = []
        self.solves: list[Solve] = []
        self.solved = -1
        self.rule, self.pay, self.number = "last", 0, -1
        self.heard: tuple[Leg, int] | None = None

    def piece(self, row: int) -> int:
        for piece, leg in enumerate(self.loan.path):
            if leg.rows is None or row < leg.rows:
                return piece
            row -= leg.rows
        return len(self.loan.path) - 1

    def bears(self, leg: Leg) -> int:
        self.heard = (leg, self.flat_base if self.loan.method == FLAT else self.balance)
        return super().bears(leg)

    def row(self, interest: int, payment: int, unpaid: int = 0) -> bool:
        number, balance = len(self.interest), self.balance
        anew = super().row(interest, payment, unpaid)
        leg, base = self.heard or (None, balance)
        self.heard = None
        extra = self.payment[-1] - payment
        if self.rule == "part" and self.loan.parts and self.agreed:
            self.pay, self.solved = payment - interest, -1
        piece = self.piece(number)
        self.rows.append(
            Row(
                self.rule, balance, base, leg, piece, interest, self.pay, payment, extra,
                unpaid, 0, self.number, self.solved,
            )
        )  # fmt: skip
        return anew

    def stretch(self, stretch: Stretch) -> None:
        self.rule, self.pay, self.number = "stretch", stretch.pays, self.number + 1
        before = len(self.rows)
        super().stretch(stretch)
        if stretch.unpaid == "simple" and len(self.rows) > before:
            self.rows[-1].joins = sum(row.apart for row in self.rows[before:])
        self.rule = "last"

    def fixed(self, pay: int) -> None:
        self.number, self.rule, self.pay = -1, "fixed", pay
        super().fixed(pay)

    def counted(self) -> None:
        self.number = -1
        super().counted()

    def regular_payment(self, leg: Leg, count: int) -> int:
        pay = super().regular_payment(leg, count)
        if self.loan.method == INTEREST_ONLY:
            return pay
        self.solves.append(Solve(len(self.interest), count, self.balance, leg, pay))
        self.solved = len(self.solves) - 1
        return pay

    def level(self, pay: int, rows: int) -> bool:
        self.rule, self.pay = "level", pay
        leg, anew = self.leg(), False
        for _ in range(rows):
            if not self.balance:
                break
            bears = self.bears(leg)
            owed = self.balance + bears
            self.residue = min(owed - pay, 0)
            anew = self.row(bears, min(pay, owed))
        self.rule = "last"
        return anew

    def in_parts(self, part: int, rows: int) -> bool:
        self.rule, self.pay = "part", part
        anew = super().in_parts(part, rows)
        self.rule = "last"
        return anew

    def only_interest(self, pay: int, rows: int) -> bool:
        self.rule = "interest"
        anew = super().only_interest(pay, rows)
        self.rule = "last"
        return anew

    def shortened(self, end: int) -> None:
        self.rule = "shortened"
        start = len(self.rows)
        loan = self.loan
        others = tuple(extra for extra in loan.extras if extra.anew)
        without = _Tracer(replace(loan, extras=others))
        for stretch in loan.stretches:
            without.stretch(stretch)
        without.counted()
        super().shortened(end)
        for number, row in enumerate(self.rows[start:], start=start):
            pays = [pay for since, pay in without.pays if since <= number]
            row.pay = pays[-1] if pays else 0
            row.solve = 0 if len(without.pays) == 1 and len(without.solves) == 1 else -1
        # The instalment without the prepayment is the one worked out where these rows begin.
        if len(without.solves) == 1 and without.solves[0].balance == self.rows[start].balance:
            self.solves = without.solves
        else:
            for row in self.rows[start:]:
                row.solve = -1

    def idle(self, end: int) -> None:
        before = len(self.interest)
        super().idle(end)
        for row in range(before, len(self.interest)):
            self.rows.append(Row("idle", 0, 0, None, self.piece(row), 0, 0, 0))


def untraced(schedule: Schedule) -> Trace:
    """Return a schedule without the rules of its rows."""
    return Trace(schedule, [], [], {}, [])


def trace_of(schedule: Schedule) -> Trace:
    """Return the trace of a schedule; without rules if its loan gives another one."""
    made = trace(schedule.loan)
    known = made.schedule
    same = known.payment == schedule.payment and known.interest == schedule.interest
    if same and known.closing == schedule.closing and len(made.rows) == len(schedule):
        return made
    return untraced(schedule)


def trace(loan: Loan) -> Trace:
    """Return the schedule of a loan with the rule of each row."""
    tracer = _Tracer(*with_shares(loan))
    if loan.uneven or loan.waiting:
        return untraced(tracer.schedule())
    schedule = tracer.schedule()
    rows = tracer.rows[: len(schedule)]
    paid = [row.paid + row.extra for row in rows]
    on_top = tops(loan, tracer.accrued, min(schedule.regular_from, max(len(rows) - 1, 0)), paid)
    if loan.method == LEVEL and loan.instalment_rounding.least:
        tracer.solves = []
        for row in rows:
            row.solve = -1
    return Trace(schedule, rows, tracer.solves, tracer.accrued, on_top, tracer.loan.stretches)
