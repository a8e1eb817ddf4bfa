"""Book: the contract's schedule and dated movements, day by day, up to the day of a position.

Rounding: what accrues (penalty interest, interest on unpaid interest) is kept exact for each
instalment. It is rounded, in the loan's mode, when money is allocated to it, and on the day of
the position; from an allocation on it accrues anew.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from restructure.engine import build
from restructure.ledger.meter import Meter, contract_rates, day_count_of
from restructure.ledger.movements import Days
from restructure.ledger.rules import (
    COMPOUNDED,
    COSTS,
    FEES,
    INTEREST,
    KINDS,
    PENALTY,
    PRINCIPAL,
    Rules,
)
from restructure.loan import Extra, Loan
from restructure.money import divide
from restructure.schedule import Schedule
from restructure.words import say

_ACCRUING = (PENALTY, COMPOUNDED)
_STILL = (COSTS, INTEREST, PRINCIPAL)  # kinds that never grow once an item is entered
_NEVER = date.max


class Entry(NamedTuple):
    """One movement of the ledger; `amount` in minor units.

    `what`: due, accrued and charged raise what is owed of `kind`, allocated lowers it; paid
    raises the credit, allocated and prepaid lower it. `number` is the instalment; None for
    costs and fees of the statement.
    """

    day: date
    what: str
    number: int | None
    kind: str
    amount: int


class Item:
    """What is owed of one instalment (or of one charge, `number` None).

    `owed` is unpaid by kind. `penalty` and `compounded` are exact amounts x den not yet
    rounded, `room` the same under the cap; `waiting` is a late fee that the cap holds back.
    """

    __slots__ = (
        "at",
        "charged",
        "cleared",
        "compounded",
        "due",
        "interest",
        "number",
        "owed",
        "penalty",
        "principal",
        "room",
        "waiting",
    )

    def __init__(
        self, number: int | None, due: date, owed: list[int], at: tuple[int, int, int]
    ) -> None:
        self.number, self.due, self.owed, self.at = number, due, owed, at
        self.principal, self.interest = owed[PRINCIPAL], owed[INTEREST]
        self.penalty = self.compounded = self.room = self.charged = self.waiting = 0
        self.cleared: date | None = None


class Dues(NamedTuple):
    """What a schedule's rows ask for, by kind, and when."""

    schedule: Schedule
    days: list[date]
    owed: list[list[int]]


def dues_of(loan: Loan) -> Dues:
    """Return what the rows of the loan's schedule ask for.

    A row that pays less than its interest asks for that much interest. Penalty interest and
    fees that a plan collects on top stay penalty interest, and bear nothing; other sums that a
    plan collects on top count as principal.
    """
    schedule = build(loan)
    arrears = loan.arrears
    bare = schedule.payment
    late = arrears._replace(principal=0, interest=0)
    if late.total - late.treated("capitalise") - late.treated("forgive"):
        without = arrears._replace(
            penalty=arrears.penalty if arrears.penalty_how == "capitalise" else 0,
            fees=arrears.fees if (arrears.fees_how or arrears.penalty_how) == "capitalise" else 0,
        )
        bare = build(replace(loan, arrears=without)).payment
        bare = [*bare, *[0] * (len(schedule) - len(bare))]
    owed = []
    for interest, payment, kept in zip(schedule.interest, schedule.payment, bare, strict=True):
        row = [0] * len(KINDS)
        row[PENALTY] = max(payment - kept, 0)
        rest = payment - row[PENALTY]
        row[INTEREST] = max(min(interest, rest), 0)
        row[PRINCIPAL] = rest - row[INTEREST]
        owed.append(row)
    return Dues(schedule, [day for day in schedule.due_dates() if day is not None], owed)


class Book:
    """A ledger that is being kept: run once, up to one day."""

    def __init__(self, loan: Loan, rules: Rules, days: Days) -> None:
        self.loan, self.rules, self.days = loan, rules, days
        self.dues = dues_of(loan)
        self.entries: list[Entry] = []
        self.items: list[Item] = []
        self.first = 0  # items before it are closed
        self.heads: dict[tuple[int, ...], int] = {}  # the same for the kinds of one stage
        self.oldest = 0  # items before it have their principal and interest paid
        self.row = 0  # rows that have fallen due
        self.credit = 0
        self.prepaid = 0
        self.due = [0] * len(KINDS)
        self.paid = [0] * len(KINDS)
        self.fees: deque[tuple[date, Item]] = deque()
        count = day_count_of(loan, rules.penalty_day_count)
        contract = contract_rates(loan)
        penalty = [(day, loan.penalty_rate.of(rate)) for day, rate in contract]
        none = [(date.min, Fraction(0))]
        compound = {"none": none, "contract": contract, "penalty": penalty}.get(
            rules.compound
        ) or self._until_maturity(contract, penalty)
        cap = none if rules.cap is None else [(date.min, rules.cap)]
        self.meters = [Meter(rates, count) for rates in (penalty, compound, cap)]
        self.compounds = rules.compound != "none"

    def _until_maturity(
        self, contract: list[tuple[date, Fraction]], penalty: list[tuple[date, Fraction]]
    ) -> list[tuple[date, Fraction]]:
        end = self.dues.days[-1]
        after = [rate for day, rate in penalty if day <= end][-1]
        return [x for x in contract if x[0] < end] + [(end, after)]

    def run(self, as_of: date) -> None:
        """Keep the ledger up to the end of `as_of`."""
        moves = iter(sorted({*self.days.received, *self.days.charged}))
        move = next(moves, _NEVER)
        while True:
            row, days = self.row, self.dues.days
            due = days[row] if row < len(days) else _NEVER
            fee = self.fees[0][0] if self.fees else _NEVER
            day = min(due, fee, move)
            if day > as_of:
                break
            now = self.read(day)
            if day == due:
                self.fall_due(day, now)
            while self.fees and self.fees[0][0] == day:
                self.late_fee(day, self.fees.popleft()[1])
            if day == move:
                self.take(day, now)
                move = next(moves, _NEVER)
            if self.credit:
                self.credit = self.allocate(day, now, self.credit)
                if day == due and self.credit:
                    self.prepay(day)
        now = self.read(as_of)
        for item in self.items[self.first :]:
            self.touch(item, now)
            self.settle(as_of, item)

    def read(self, day: date) -> tuple[int, int, int]:
        """Return the readings of the three meters on a day."""
        penalty, compound, cap = self.meters
        return penalty.read(day), compound.read(day), cap.read(day)

    # -- what raises the debt -----------------------------------------------------------

    def fall_due(self, day: date, now: tuple[int, int, int]) -> None:
        """Let the next row of the schedule fall due."""
        owed = list(self.dues.owed[self.row])
        self.row += 1
        if self.rules.compound_penalty:
            for item in self.items[self.first :]:
                self.touch(item, now)
                self.settle(day, item)
        if not any(owed):
            return
        item = Item(self.row, day, owed, now)
        self.raise_owed(day, item, "due")
        if self.rules.late_fee and owed[PRINCIPAL] + owed[INTEREST]:
            late = day + timedelta(days=1 + self.rules.late_fee_after)
            self.fees.append((late, item))

    def raise_owed(self, day: date, item: Item, what: str) -> None:
        """Enter a new item and its amounts."""
        self.items.append(item)
        for kind, amount in enumerate(item.owed):
            if amount:
                self.due[kind] += amount
                self.entries.append(Entry(day, what, item.number, KINDS[kind], amount))

    def late_fee(self, day: date, item: Item) -> None:
        """Charge the late fee of an instalment that is still unpaid."""
        if not item.owed[PRINCIPAL] + item.owed[INTEREST]:
            return
        if self.rules.cap is None:
            self.charge(day, item, FEES, self.rules.late_fee)
        else:
            item.waiting += self.rules.late_fee

    def take(self, day: date, now: tuple[int, int, int]) -> None:
        """Take the lines of the statement of one day: charges first, then money."""
        for name, amount in self.days.charged.get(day, ()):
            owed = [0] * len(KINDS)
            owed[COSTS if name == "cost" else FEES] = amount
            self.raise_owed(day, Item(None, day, owed, now), "charged")
        received = self.days.received.get(day, 0)
        if received:
            self.entries.append(Entry(day, "paid", None, "", received))
            self.credit += received

    def touch(self, item: Item, now: tuple[int, int, int]) -> None:
        """Bring what accrues on an item up to the readings `now`."""
        penalty, compound, cap = item.at
        owed = item.owed
        base = owed[PRINCIPAL]
        item.penalty += base * (now[0] - penalty)
        if self.compounds:
            bears = owed[INTEREST] + (owed[PENALTY] if self.rules.compound_penalty else 0)
            item.compounded += bears * (now[1] - compound)
        item.room += base * (now[2] - cap)
        item.at = now

    def pending(self, item: Item, kind: int) -> int:
        """Return what has accrued of a kind and is not yet entered, rounded."""
        exact = item.penalty if kind == PENALTY else item.compounded
        return divide(exact, self.meters[kind - PENALTY].den, self.loan.rounding) if exact else 0

    def settle(self, day: date, item: Item, kinds: tuple[int, ...] = _ACCRUING) -> None:
        """Round and enter what has accrued on an item, within the cap."""
        if self.rules.cap is None:
            for kind in kinds:
                amount = self.pending(item, kind)
                if not amount:
                    continue  # a part of a minor unit goes on accruing
                if kind == PENALTY:
                    item.penalty = 0
                else:
                    item.compounded = 0
                self.charge(day, item, kind, amount)
            return
        left = item.room // self.meters[2].den - item.charged
        for kind, wanted in (
            (PENALTY, self.pending(item, PENALTY)),
            (FEES, item.waiting),
            (COMPOUNDED, self.pending(item, COMPOUNDED)),
        ):
            amount = max(min(wanted, left), 0)
            exact = amount if amount < wanted else None
            if kind == PENALTY:
                item.penalty -= item.penalty if exact is None else exact * self.meters[0].den
            elif kind == FEES:
                item.waiting -= amount
            else:
                item.compounded -= item.compounded if exact is None else exact * self.meters[1].den
            if amount:
                left -= amount
                self.charge(day, item, kind, amount)

    def charge(self, day: date, item: Item, kind: int, amount: int) -> None:
        """Enter what lateness costs."""
        item.owed[kind] += amount
        item.charged += amount
        self.due[kind] += amount
        what = say("charged") if kind == FEES else say("accrued")
        self.entries.append(Entry(day, what, item.number, KINDS[kind], amount))

    # -- what lowers it -----------------------------------------------------------------

    def days_past_due(self, day: date) -> int:
        """Return the days since the oldest unpaid instalment fell due; 0 on its due date."""
        items = self.items
        while self.oldest < len(items):
            owed = items[self.oldest].owed
            if owed[PRINCIPAL] + owed[INTEREST]:
                return (day - items[self.oldest].due).days
            self.oldest += 1
        return 0

    def allocate(self, day: date, now: tuple[int, int, int], amount: int) -> int:
        """Allocate an amount to what is owed, and return the rest."""
        allocation = self.rules.allocation
        late = 0 if allocation.late is None else self.days_past_due(day)
        items = self.items
        for stage in allocation.on(late):
            head = self.heads.get(stage, 0)
            for k in range(head, len(items)):
                item = items[k]
                if item.at != now:
                    self.touch(item, now)
                amount = self.pay(day, item, stage, amount)
                if k == head and self.done(item, stage):
                    head += 1
                if not amount:
                    break
            self.heads[stage] = head
            if not amount:
                break
        while self.first < len(items) and self.closed(items[self.first]):
            self.first += 1
        return amount

    def pay(self, day: date, item: Item, stage: tuple[int, ...], amount: int) -> int:
        """Pay the kinds of a stage on one item, and return what is left of `amount`."""
        owed = item.owed
        for kind in stage:
            if kind in _ACCRUING and (item.penalty or item.compounded):
                self.settle(day, item, (kind,))
            elif kind == FEES and item.waiting:
                self.settle(day, item)
            part = min(owed[kind], amount)
            if part:
                owed[kind] -= part
                amount -= part
                self.paid[kind] += part
                self.entries.append(Entry(day, "allocated", item.number, KINDS[kind], part))
                if kind >= INTEREST and not owed[INTEREST] + owed[PRINCIPAL]:
                    item.cleared = day
            if not amount:
                break
        return amount

    def done(self, item: Item, stage: tuple[int, ...]) -> bool:
        """Whether nothing of these kinds is owed of an item, and none of it can come."""
        owed = item.owed
        for kind in stage:
            if owed[kind]:
                return False
        if len(stage) == 1 and stage[0] in _STILL:
            return True
        if owed[PRINCIPAL] or owed[INTEREST]:
            return False
        if owed[PENALTY] and self.rules.compound_penalty:
            return False
        return not self.claims(item)

    def closed(self, item: Item) -> bool:
        """Whether nothing is owed of an item and nothing more can accrue on it."""
        return not any(item.owed) and not self.claims(item)

    def claims(self, item: Item) -> bool:
        """Whether something has accrued on an item that is not entered, and may be charged."""
        if self.rules.cap is not None and item.room // self.meters[2].den <= item.charged:
            return False
        if item.waiting or (item.penalty and self.pending(item, PENALTY)):
            return True
        return bool(item.compounded and self.pending(item, COMPOUNDED))

    def prepay(self, day: date) -> None:
        """Use what is left on a due date to shorten the term or to lower the instalment."""
        if self.rules.overpayment == "hold" or self.loan.uneven or self.first < len(self.items):
            return
        if self.row >= len(self.dues.days):
            return
        extra = Extra(self.row, self.credit, self.rules.overpayment == "lower")
        loan = replace(self.loan, extras=(*self.loan.extras, extra))
        changed = dues_of(loan)
        row = self.row - 1
        applied = changed.schedule.principal[row] - self.dues.schedule.principal[row]
        if applied <= 0:
            return
        self.loan, self.dues = loan, changed
        self.credit -= applied
        self.prepaid += applied
        self.entries.append(Entry(day, "prepaid", self.row, "principal", applied))
