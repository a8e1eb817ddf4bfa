"""The engine: `build` is the only place that amortises.

Terms come in as a Loan, columns of whole minor units go out as a Schedule. Interest-bearing
principal is simulated first, row by row or in runs of equal rows; sums that bear no interest
(penalty interest, spread interest, set-aside principal) are then collected on top of the
payments, and the closing column is what is still owed of both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from operator import sub

from restructure.errors import Refused
from restructure.level import level_instalment, level_over
from restructure.loan import (
    EQUAL_PRINCIPAL,
    FLAT,
    INTEREST_ONLY,
    LEVEL,
    Arrears,
    Leg,
    Loan,
    Stretch,
)
from restructure.money import divide
from restructure.rates import percent_text
from restructure.schedule import Schedule
from restructure.uneven import instalment, walk

LONGEST = 100
"""With a fixed instalment no debt may last longer than this many years."""


def build(loan: Loan) -> Schedule:
    """Return the schedule that the loan's terms generate, up to the row that repays it.

    Interest of a period = round(balance x period factor), rounded once. Raises Refused, with
    the bound, for terms that cannot be carried out.
    """
    if loan.short is None:
        return _Amortiser(*_with_shares(loan)).schedule()
    balance, count, num, den, half, agreed = loan.short
    pay = agreed or level_instalment(balance, num, den, count, 0, loan.instalment_rounding)
    interest, principal, closing = _run(balance, pay, num, den, half, count)
    opening = [balance, *closing]
    residue = opening.pop()
    if opening[-1] <= 0:  # the rounded instalment repays it before its last row: rare
        return _Amortiser(loan).schedule()
    payment = [pay] * count
    payment[-1] += residue
    principal[-1] += residue
    closing[-1] = 0
    return Schedule(loan, opening, interest, principal, payment, closing, 0, residue)


def _run(
    balance: int, pay: int, num: int, den: int, half: int, rows: int
) -> tuple[list[int], list[int], list[int]]:
    """Return interest, principal and closing balance of `rows` periods that each pay `pay`.

    The hot loop of the engine: one division a row, and no test whether the debt has ended; a
    closing balance of 0 or less says so afterwards. `half` is that of the loan.
    """
    interest, principal, closing = [0] * rows, [0] * rows, [0] * rows
    if half < 0:
        for row in range(rows):
            interest[row] = bears = divide(balance * num, den, "half-even")
            principal[row] = falls = pay - bears
            closing[row] = balance = balance - falls
        return interest, principal, closing
    for row in range(rows):
        interest[row] = bears = (balance * num + half) // den
        principal[row] = falls = pay - bears
        closing[row] = balance = balance - falls
    return interest, principal, closing


def interest_of(balance: int, num: int, den: int, rounding: str) -> int:
    """Return round(balance x num / den) in one of the four modes of `money.divide`."""
    if rounding == "half-up":
        return (balance * num + den // 2) // den
    return divide(balance * num, den, rounding)


class _Amortiser:
    """One build: the columns so far and the sums that bear no interest."""

    def __init__(self, loan: Loan, regular: int | None = None) -> None:
        _judge(loan)
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
        return self.collected(start)

    # -- what a period bears ------------------------------------------------------------

    def leg(self) -> Leg:
        """Return the piece of rate path of the next row."""
        row = len(self.interest)
        return self.loan.leg_at(row, self.leg_of(row))

    def leg_of(self, row: int) -> Leg:
        """Return the piece of rate path that a row falls in."""
        for leg in self.loan.path:
            if leg.rows is None or row < leg.rows:
                return leg
            row -= leg.rows
        return self.loan.path[-1]

    def rows_of_leg(self) -> int:
        """Return how many rows the factor of the next row lasts from there."""
        if self.loan.calendar is not None:
            return 1
        row = len(self.interest)
        for leg in self.loan.path:
            if leg.rows is None:
                break
            if row < leg.rows:
                return leg.rows - row
            row -= leg.rows
        return self.most

    def pause_leg(self, how: str) -> Leg:
        """Return the leg of the next row of a pause: `simple` interest goes by actual days."""
        row = len(self.interest)
        loan = self.loan.by_days if how == "simple" else self.loan
        return loan.leg_at(row, self.leg_of(row))

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
            f"an instalment of {text(pay)} does not exceed the interest of a period, "
            f"{text(interest)}"
            if pay <= interest
            else f"with an instalment of {text(pay)} the debt lasts over {LONGEST} years"
        )
        least = _least_fixed(self.loan, pay)
        return why + (f". The least that works is {text(least)}." if least is not None else ".")

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
                    owed = self.balance + interest
                    if loan.method == LEVEL:
                        self.residue = owed - loan.balloon - pay
                    self.row(interest, owed)
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
        without = _Amortiser(replace(loan, extras=others))
        for stretch in loan.stretches:
            without.stretch(stretch)
        without.counted()
        prepaid = min(extra.at for extra in loan.extras if not extra.anew)
        start = len(self.interest)
        for row in range(start, end):
            interest = self.bears(self.leg())
            pay = next((pay for since, pay in reversed(without.pays) if since <= row), 0)
            if loan.method != LEVEL:
                pay += interest
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
        for row in rows:
            owed += row.interest
            last = len(self.interest) == start + count - 1 or owed <= row.payment
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
        legs = [loan.leg_at(start + k, self.leg_of(start + k)) for k in range(count)]
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
        if self.idle_sums() and missing > 0:
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
                f"a balloon of {text(balloon)} is above the debt when the regular instalments "
                f"begin, {text(self.balance)}."
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
                first.leg_at(row, self.leg_of(row)),
                *(rest.leg_at(row + k, leg) for k in range(1, count)),
            ]
            factors = [(leg.num, leg.den) for leg in legs]
            pay = level_over(self.balance, factors, loan.balloon, rounding)
        return self.least(pay, factors) if rounding.least else pay

    def least(self, pay: int, factors: Sequence[tuple[int, int]]) -> int:
        """Return the least instalment near `pay` with which the last one is not above it."""
        step = self.loan.instalment_rounding.step

        def covers(pay: int) -> bool:
            balance = self.balance
            for num, den in factors:
                balance += interest_of(balance, num, den, self.rounding) - pay
            return balance <= self.loan.balloon

        while pay > step and covers(pay - step):
            pay -= step
        while not covers(pay):
            pay += step
        return pay

    def level(self, pay: int, rows: int) -> bool:
        """Add `rows` level instalments of one rate, or fewer if they repay the debt."""
        leg = self.leg()
        half = self.loan.half(leg)
        interest, _, closing = _run(self.balance, pay, leg.num, leg.den, half, rows - 1)
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

    def in_parts(self, part: int, rows: int) -> bool:
        """Add `rows` instalments with equal parts of principal, interest on top."""
        leg, anew = self.leg(), False
        parts = self.loan.parts if self.agreed else ()
        for _ in range(rows):
            if not self.balance:
                break
            if parts:
                part = parts[min(self.loan.passed + len(self.interest), len(parts) - 1)]
            interest = self.bears(leg)
            anew = self.row(interest, interest + min(part, self.balance))
        return anew

    def only_interest(self, _: int, rows: int) -> bool:
        """Add `rows` instalments of interest alone; principal falls due with the last."""
        leg, anew = self.leg(), False
        for _ in range(rows):
            interest = self.bears(leg)
            anew = self.row(interest, interest)
        return anew

    # -- what bears no interest ---------------------------------------------------------

    def idle_sums(self) -> int:
        """Return the interest-free sums that are still to be collected."""
        arrears = self.loan.arrears
        idle = arrears.treated("pay") + arrears.treated("spread") + arrears.treated("set-aside")
        return idle + self.loan.set_aside + sum(self.accrued.values())

    def collected(self, start: int) -> Schedule:
        """Collect the interest-free sums on top of the payments and close the columns."""
        loan, arrears, payment = self.loan, self.loan.arrears, self.payment
        count = len(payment) - start
        if count <= 0 and self.idle_sums():
            raise _no_regular(loan)
        if self.idle_sums():
            self.spread(start, self.accrued["spread"], count)
            over = min(arrears.over or count, count)
            self.spread(start, arrears.treated("spread"), over)
            payment[start] += self.accrued["first"]
            payment[-1] += self.accrued["end"] + loan.set_aside + arrears.treated("set-aside")
            if arrears.treated("pay"):
                paying = next((k for k, paid in enumerate(payment) if paid), len(payment) - 1)
                payment[paying] += arrears.treated("pay")
        opening = loan.owed
        closing = list(accumulate(map(sub, self.interest, payment), initial=opening))
        if (rows := closing.index(0)) < len(payment):
            del closing[rows + 1 :], payment[rows:], self.interest[rows:]
        openings = closing[:-1]
        return Schedule(
            loan,
            openings,
            self.interest,
            list(map(sub, payment, self.interest)),
            payment,
            closing[1:],
            min(start, len(payment)),
            self.residue,
        )

    def spread(self, start: int, amount: int, count: int) -> None:
        """Put `amount` on top of `count` regular rows: equal parts, the residue last."""
        if not amount:
            return
        part = divide(amount, count)
        for row in range(start, start + count - 1):
            paid = min(part, amount)
            self.payment[row] += paid
            amount -= paid
        self.payment[start + count - 1] += amount


def _no_regular(loan: Loan) -> Refused:
    """Return the refusal of stretches that take all instalments, with how many they may take."""
    left = (loan.agreed_rows or 0) + loan.extended
    return Refused(
        f"no regular instalment is left after the stretches. They may take at most "
        f"{max(left - 1, 0)} of the {loan.instalments_text(left)}: shorten them, use keep=count, "
        "or add instalments with extend."
    )


def level_payment(loan: Loan) -> int:
    """Return the level instalment of a loan, before any measure."""
    amortiser = _Amortiser(replace(loan, arrears=Arrears()))
    return amortiser.level_payment(amortiser.leg(), loan.count)


def _with_shares(loan: Loan) -> tuple[Loan, int | None]:
    """Return the loan with what its steps pay as shares of the regular instalment, and that.

    The more the steps pay, the lower is the instalment that is left to pay after them.
    Bisection finds where the two meet to the minor unit; a line through two points around it,
    the exact place, of which the shares are taken and rounded.
    """
    if all(stretch.share is None for stretch in loan.stretches):
        return loan, None
    if loan.fixed is not None:
        return _paying(loan, Fraction(loan.fixed)), None

    def left(regular: int) -> int:
        amortiser = _Amortiser(_paying(loan, Fraction(regular)))
        for stretch in amortiser.loan.stretches:
            amortiser.stretch(stretch)
        if amortiser.balance <= 0:
            return 0
        return amortiser.level_payment(amortiser.leg(), loan.count)

    low, high = 0, left(0) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if left(middle) >= middle else (low, middle)
    before, after = low - low // 1000, high + low // 1000
    above, below = left(before) - before, left(after) - after
    exact = before + Fraction((after - before) * above, above - below)
    return _paying(loan, exact), loan.instalment_rounding.round(exact.numerator, exact.denominator)


def _paying(loan: Loan, regular: Fraction) -> Loan:
    """Return the loan whose steps pay their shares of a regular instalment."""
    stretches = []
    for stretch in loan.stretches:
        if stretch.share is not None:
            pays = stretch.share * regular
            stretch = stretch._replace(pays=divide(pays.numerator, pays.denominator), share=None)
        stretches.append(stretch)
    return replace(loan, stretches=tuple(stretches))


def _judge(loan: Loan) -> None:
    """Refuse terms that contradict each other, before anything is computed."""
    text = loan.currency.text
    lowest = min(loan.path, key=lambda leg: leg.rate)
    if lowest.rate < 0:
        raise Refused(
            f"a rate of {percent_text(lowest.rate)} is below 0. A cut takes at most the rate "
            "itself."
        )
    if loan.owed <= 0 and loan.given_up:
        raise Refused("this forgives the whole debt, and leaves nothing to plan.")
    if loan.uneven and loan.extras:
        raise Refused(
            "a prepayment cannot go with skipped months, the US Rule or capitalisation every N "
            "periods. Leave it out."
        )
    if loan.fixed is not None and (loan.skipped or loan.unpaid.every > 1):
        raise Refused(
            "a fixed instalment cannot go with skipped months or capitalisation every N periods. "
            "Use reduce with for=N, or keep=count."
        )
    if loan.balloon > loan.bearing:
        raise Refused(f"a balloon of {text(loan.balloon)} is above the debt, {text(loan.bearing)}.")
    if loan.fixed is not None:
        if loan.extended:
            raise Refused(
                "the plan fixes both the instalment and the count. Leave out extend, or reduce "
                "for a number of instalments (for=N), or use keep=count."
            )
        if loan.balloon:
            raise Refused(
                "a balloon cannot go with a fixed instalment, which repays the whole debt. "
                "Leave out one of the two."
            )
    elif loan.count < 1 and (loan.stretches or loan.bearing):
        raise _no_regular(loan)


def _least_fixed(loan: Loan, low: int) -> int | None:
    """Return the least fixed instalment above `low` with which the debt is repaid in time.

    None if no instalment does, because something else of the plan is refused.
    """
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
    amortiser = _Amortiser(loan)
    amortiser.too_low = lambda pay, interest: ""  # type: ignore[method-assign]
    try:
        amortiser.schedule()
    except Refused:
        return False
    return True
