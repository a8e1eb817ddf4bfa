"""One build, row by row: interest-bearing principal first, then what bears no interest.

Interest-bearing principal is simulated here, in runs of equal rows where it can be; `collect`
then puts what bears no interest on top of the payments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from restructure.collect import collect, idle_sums
from restructure.errors import Refused
from restructure.fixed import least_fixed
from restructure.interest import interest_of, level_run
from restructure.level import level_instalment, level_over
from restructure.loan import EQUAL_PRINCIPAL, FLAT, INTEREST_ONLY, LEVEL, Leg, Loan, Stretch
from restructure.money import divide
from restructure.refusals import judge
from restructure.schedule import Schedule
from restructure.uneven import instalment, walk
from restructure.words import say

LONGEST = 100
"""With a fixed instalment no debt may last longer than this many years."""


class Amortiser:
    """One build: the columns so far and the sums that bear no interest."""

    def __init__(self, loan: Loan, regular: int | None = None) -> None:
        judge(loan)
        self.regular = regular
        self.loan = loan
        self.rounding = loan.rounding
        self.waiting = loan.waiting
        self.balance = loan.bearing - self.waiting
        self.agreed = not loan.anew and loan.bearing == loan.balance
        self.flat_base = loan.flat_base if self.agreed else self.balance
        self.interest: list[int] = []
        self.payment: list[int] = []
        self.residue = 0
        self.accrued = {"simple": 0, "spread": 0, "first": 0, "end": 0}
        self.longest = int(LONGEST * loan.every.per_year)
        self.most = max(self.longest, loan.count)
        self.pays: list[tuple[int, int]] = []  # from which row on, what a regular row pays
        self.extras: dict[int, list[tuple[int, bool]]] = {}
        for extra in loan.extras:
            self.extras.setdefault(extra.at - 1, []).append((extra.amount, extra.anew))

    def schedule(self) -> Schedule:
        """Return the finished schedule."""
        loan = self.loan
        for stretch in loan.stretches:
            self.stretch(stretch)
        start = len(self.interest)
        if loan.fixed is not None:
            self.fixed(loan.fixed)
        elif loan.count > 0:
            self.counted()
        return collect(loan, self.interest, self.payment, self.accrued, start, self.residue)

    # -- what a period bears ------------------------------------------------------------

    def leg(self) -> Leg:
        """Return the piece of rate path of the next row."""
        row = len(self.interest)
        return self.loan.leg_at(row, self.loan.leg_of(row))

    def rows_of_leg(self) -> int:
        """Return how many rows the factor of the next row lasts from there."""
        if self.loan.calendar is not None:
            return 1
        return self.loan.leg_and_rows(len(self.interest), self.most)[1]

    def pause_leg(self, how: str) -> Leg:
        """Return the leg of the next row of a pause: `simple` interest goes by actual days."""
        row = len(self.interest)
        loan = self.loan.by_days if how == "simple" else self.loan
        return loan.leg_at(row, loan.leg_of(row))

    def bears(self, leg: Leg) -> int:
        """Return the interest of one period at the rate of `leg`."""
        base = self.flat_base if self.loan.method == FLAT else self.balance
        return interest_of(base, leg.num, leg.den, self.rounding) if self.balance else 0

    def row(self, interest: int, payment: int, unpaid: int = 0) -> bool:
        """Add a row; `unpaid` interest does not join the principal (negative: some
        that waited is paid). True to work out anew."""
        balance = self.balance + interest - unpaid - payment
        anew = False
        for amount, again in self.extras.get(len(self.interest), ()):
            amount = min(amount, balance)
            balance -= amount
            payment += amount
            anew |= again
        self.balance = balance
        self.interest.append(interest)
        self.payment.append(payment)
        return anew

    # -- the rows before the regular ones -----------------------------------------------

    def stretch(self, stretch: Stretch) -> None:
        """Add the rows of a pause, of interest only, or of payments of a given size."""
        how = stretch.unpaid
        for _ in range(stretch.rows):
            interest = 0 if how == "waive" else self.bears(self.pause_leg(how))
            wanted = max(stretch.pays, interest) if how == "pay" else stretch.pays
            payment = min(wanted, self.balance + (0 if stretch.to_principal else interest))
            unpaid = interest if stretch.to_principal else max(interest - payment, 0)
            if how in self.accrued and unpaid:
                self.accrued[how] += unpaid
                self.row(interest, payment, unpaid)
            else:
                self.row(interest, payment)
        self.balance += self.accrued["simple"]
        self.accrued["simple"] = 0

    # -- the regular rows ---------------------------------------------------------------

    def fixed(self, pay: int) -> None:
        """Pay `pay` until what is owed is at most `pay` plus j minor units at the j-th row."""
        j = 0
        while True:
            j += 1
            interest = self.bears(self.leg())
            owed = self.balance + self.waiting + interest
            too_long = len(self.interest) >= self.longest
            if owed <= pay + j and not too_long:
                self.row(interest, owed)
                return
            if pay <= interest or too_long:
                raise Refused(self.too_low(pay, interest))
            waited = min(self.waiting, pay - interest)
            self.waiting -= waited
            self.row(interest, pay, -waited)

    def too_low(self, pay: int, interest: int) -> str:
        """Say why a fixed instalment never repays the debt, and the least one that does."""
        text = self.loan.currency.text
        why = (
            say(
                "an instalment of {pay} does not exceed the interest of a period, {interest}",
                pay=text(pay),
                interest=text(interest),
            )
            if pay <= interest
            else say(
                "with an instalment of {pay} the debt lasts over {LONGEST} years",
                pay=text(pay),
                LONGEST=LONGEST,
            )
        )
        least = _least_fixed(self.loan, pay)
        return why + (
            say(". The least that works is {least}.", least=text(least))
            if least is not None
            else "."
        )

    def counted(self) -> None:
        """Add the loan's count of regular rows; the last one takes what is left."""
        loan = self.loan
        end = len(self.interest) + loan.count
        if loan.method != INTEREST_ONLY and not all(extra.anew for extra in loan.extras):
            self.shortened(end)
            return
        if loan.uneven:
            self.uneven(loan.count)
            return
        pay = self.regular
        if self.agreed:
            pay = loan.instalment if loan.method == LEVEL else loan.part
        at: Leg | None = None
        regular: Callable[[int, int], bool] = {
            LEVEL: self.level,
            EQUAL_PRINCIPAL: self.in_parts,
            FLAT: self.in_parts,
            INTEREST_ONLY: self.only_interest,
        }[loan.method]
        while self.balance and (left := end - len(self.interest)) > 0:
            leg = self.leg()
            if pay is None or (at is not None and at.rate != leg.rate and loan.method == LEVEL):
                pay = self.regular_payment(leg, left)
            self.pays.append((len(self.interest), pay))
            at = leg
            rows = min(self.rows_of_leg(), left)
            for row in range(len(self.interest), len(self.interest) + rows - 1):
                if row in self.extras:
                    rows = row + 1 - len(self.interest)
                    break
            if rows == left:
                rows -= 1
                anew = rows > 0 and regular(pay, rows)
                if self.balance and not anew:
                    interest = self.bears(leg)
                    owed = self.balance + interest + self.waiting
                    if loan.method == LEVEL:
                        self.residue = owed - loan.balloon - pay
                    self.row(interest, owed, -self.waiting)
            else:
                anew = regular(pay, rows)
            if anew:
                pay = None
        # A debt that was prepaid to shorten it matures with the row after it ends.
        now = len(self.interest)
        shortening = [max(extra.at, now) + 1 for extra in loan.extras if not extra.anew]
        self.idle(min([end, *shortening]))

    def shortened(self, end: int) -> None:
        """Add regular rows up to the one that repays a debt that was prepaid to shorten it.

        The instalments are those of the same plan without these prepayments. After the first
        of them, the row at which what is owed, less the balloon, is at most the instalment
        plus j minor units (the j-th regular row) is the last.
        """
        loan = self.loan
        self.balance += self.waiting
        others = tuple(extra for extra in loan.extras if extra.anew)
        without = Amortiser(replace(loan, extras=others))
        for stretch in loan.stretches:
            without.stretch(stretch)
        without.counted()
        prepaid = min(extra.at for extra in loan.extras if not extra.anew)
        start = len(self.interest)
        for row in range(start, end):
            interest = self.bears(self.leg())
            pay = next((pay for since, pay in reversed(without.pays) if since <= row), 0)
            if loan.method != LEVEL:
                pay = self.part_at(row, pay) + interest
            owed = self.balance + interest
            near = owed - loan.balloon <= pay + row + 1 - start
            if row == end - 1 or owed <= pay or (row >= prepaid and near):
                self.row(interest, owed)
                if row < prepaid:  # rounding alone ended it
                    self.idle(min(end, prepaid + 1))
                return
            self.row(interest, pay)

    def uneven(self, count: int) -> None:
        """Add regular rows of which some are skipped or leave interest waiting."""
        loan, start = self.loan, len(self.interest)
        factors, skipped = self.uneven_terms(count)
        agreed = loan.instalment if self.agreed else self.regular
        pay = self.uneven_payment(count) if agreed is None else agreed
        self.pays.append((start, pay))
        rows = walk(self.balance, pay, factors, skipped, loan.unpaid, self.rounding, self.waiting)
        owed = self.balance + self.waiting
        end = start + count - 1
        if not loan.balloon:  # nothing falls due in a skipped month, what is left by rounding too
            end -= next((k for k, skip in enumerate(reversed(skipped)) if not skip), 0)
        for row in rows:
            owed += row.interest
            last = len(self.interest) == end or owed <= row.payment
            paid = owed if last else row.payment
            owed -= paid
            self.interest.append(row.interest)
            self.payment.append(paid)
            if last:
                break
        self.balance = 0

    def uneven_terms(self, count: int) -> tuple[list[tuple[int, int]], list[bool]]:
        """Return the factors of the next `count` rows, and which of them are skipped."""
        loan, start = self.loan, len(self.interest)
        legs = [loan.leg_at(start + k, loan.leg_of(start + k)) for k in range(count)]
        calendar = loan.calendar
        months = loan.skipped
        skipped = [
            calendar is not None and calendar.unmoved(loan.passed + start + k).month in months
            for k in range(count)
        ]
        return [(leg.num, leg.den) for leg in legs], skipped

    def uneven_payment(self, count: int) -> int:
        """Return the instalment of the rows that are not skipped."""
        loan = self.loan
        factors, skipped = self.uneven_terms(count)
        return instalment(
            self.balance,
            loan.balloon,
            factors,
            skipped,
            loan.unpaid,
            loan.instalment_rounding,
            self.waiting,
        )

    def idle(self, end: int) -> None:
        """Add empty rows up to the maturity while an interest-free sum waits for it."""
        missing = end - len(self.interest)
        if idle_sums(self.loan, self.accrued) and missing > 0:
            self.interest += [0] * missing
            self.payment += [0] * missing

    def regular_payment(self, leg: Leg, count: int) -> int:
        """Return the level instalment, or the part of principal of the other methods."""
        loan = self.loan
        balloon = loan.balloon
        if loan.method == INTEREST_ONLY:
            return 0
        if loan.method == LEVEL:
            pay = self.level_payment(leg, count)
        else:
            pay = divide(self.balance - balloon, count)
        if balloon > self.balance and (pay < 0 or loan.method != LEVEL):
            text = loan.currency.text
            raise Refused(
                say(
                    "a balloon of {balloon} is above the debt when the regular instalments begin, "
                    "{balance}.",
                    balloon=text(balloon),
                    balance=text(self.balance),
                )
            )
        return pay

    def level_payment(self, leg: Leg, count: int) -> int:
        """Return the level instalment at the rate of `leg` over `count` rows from here."""
        loan, row = self.loan, len(self.interest)
        rounding = loan.instalment_rounding
        if loan.uneven:
            return self.uneven_payment(count)
        if loan.calendar is None:
            factors = [(leg.num, leg.den)] * count
            pay = level_instalment(self.balance, leg.num, leg.den, count, loan.balloon, rounding)
        else:
            # The row's own mixture of rates, less pauses of interest that keep the instalment;
            # then the rate at its end.
            first = replace(loan, resets=tuple(r for r in loan.resets if not r.keep))
            rest = replace(loan, resets=())
            legs = [
                first.leg_at(row, first.leg_of(row)),
                *(rest.leg_at(row + k, leg) for k in range(1, count)),
            ]
            factors = [(leg.num, leg.den) for leg in legs]
            pay = level_over(self.balance, factors, loan.balloon, rounding)
        return self.searched(pay, factors) if rounding.searched else pay

    def searched(self, pay: int, factors: Sequence[tuple[int, int]]) -> int:
        """Return the instalment near `pay` that the rounding asks for.

        least: the least with which the last one is not above it. even: the one from which the
        last one differs least; of two alike, the one nearer to `pay`.
        """
        step = self.loan.instalment_rounding.step

        def beyond(pay: int) -> int:
            balance = self.balance
            for num, den in factors:
                balance += interest_of(balance, num, den, self.rounding) - pay
            return balance - self.loan.balloon

        if self.loan.instalment_rounding.even:
            for move in (step, -step):
                while pay + move > 0 and abs(beyond(pay + move)) < abs(beyond(pay)):
                    pay += move
            return pay
        while pay > step and beyond(pay - step) <= 0:
            pay -= step
        while beyond(pay) > 0:
            pay += step
        return pay

    def level(self, pay: int, rows: int) -> bool:
        """Add `rows` level instalments of one rate, or fewer if they repay the debt."""
        leg = self.leg()
        half = self.loan.half(leg)
        interest, _, closing = level_run(self.balance, pay, leg.num, leg.den, half, rows - 1)
        if closing and closing[-1] <= 0:
            ended = next(k for k, balance in enumerate(closing) if balance <= 0)
            del interest[ended:], closing[ended:]
        self.interest += interest
        self.payment += [pay] * len(interest)
        if closing:
            self.balance = closing[-1]
        bears = self.bears(leg)
        owed = self.balance + bears
        self.residue = min(owed - pay, 0)
        return self.row(bears, min(pay, owed))

    def part_at(self, row: int, part: int) -> int:
        """Return the part of principal of a row: as the contract lists them, else `part`."""
        parts = self.loan.parts if self.agreed else ()
        return parts[min(self.loan.passed + row, len(parts) - 1)] if parts else part

    def in_parts(self, part: int, rows: int) -> bool:
        """Add `rows` instalments with equal parts of principal, interest on top."""
        leg, anew = self.leg(), False
        for _ in range(rows):
            if not self.balance:
                break
            part = self.part_at(len(self.interest), part)
            interest = self.bears(leg)
            part = min(part, self.balance)
            pays = self.interest_due(interest, part == self.balance)
            anew = self.row(interest, pays + part, interest - pays)
        return anew

    def only_interest(self, _: int, rows: int) -> bool:
        """Add `rows` instalments of interest alone; principal falls due with the last."""
        leg, anew = self.leg(), False
        for _ in range(rows):
            interest = self.bears(leg)
            pays = self.interest_due(interest)
            anew = self.row(interest, pays, interest - pays)
        return anew

    def interest_due(self, interest: int, last: bool = False) -> int:
        """Return the interest that the next row pays; what is not due in its month waits."""
        if not self.loan.interest_months:
            return interest
        self.waiting += interest
        if not last and not self.loan.interest_due(len(self.interest)):
            return 0
        pays, self.waiting = self.waiting, 0
        return pays


def _least_fixed(loan: Loan, low: int) -> int | None:
    """Return the least fixed instalment above `low` with which the debt is repaid in time.

    None if no instalment does, because something else of the plan is refused.
    """
    amortiser = Amortiser(loan)
    for stretch in loan.stretches:
        amortiser.stretch(stretch)
    start = len(amortiser.interest)
    leg, rows = loan.path[-1], amortiser.longest - start
    plain = loan.method == LEVEL and loan.calendar is None and not (loan.uneven or loan.extras)
    if plain and loan.leg_of(start) is leg and rows > 0 and amortiser.balance > 0:
        return least_fixed(amortiser.balance, leg.num, leg.den, loan.rounding, rows, low)
    high = max(2 * low, 1)
    for _ in range(200):
        if _repays(replace(loan, fixed=high)):
            break
        high *= 2
    else:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if _repays(replace(loan, fixed=middle)):
            high = middle
        else:
            low = middle
    return high


def _repays(loan: Loan) -> bool:
    """Whether the fixed instalment of `loan` repays it; without asking for the least again."""
    amortiser = Amortiser(loan)
    amortiser.too_low = lambda pay, interest: ""  # type: ignore[method-assign]
    try:
        amortiser.schedule()
    except Refused:
        return False
    return True
