"""The rules once more, with exact fractions and row by row.

Nothing here is shared with the product: only the rules are. README.md, beside this file,
lists where they leave a choice, and what was chosen here.

A debt is kept in separate pots. One bears interest; it is walked first (`_walk`), because the
interest-free pots never touch it. The others (set-aside, spread, due first, due last) are laid
over the walked rows afterwards (`_lay_out`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

Method: TypeAlias = Literal["level", "equal-principal", "interest-only", "flat"]
Rounding: TypeAlias = Literal["half-up", "half-even", "up", "down"]
Every: TypeAlias = Literal[
    "week", "2 weeks", "4 weeks", "month", "2 months", "quarter", "half-year", "year"
]
Keep: TypeAlias = Literal["count", "maturity", "payment"]
Treatment: TypeAlias = Literal["capitalise", "simple", "spread", "first", "end", "waive", "pay"]
How: TypeAlias = Literal["capitalise", "spread", "set-aside", "pay", "forgive"]
Of: TypeAlias = Literal["principal", "interest", "penalty", "fees"]

PERIODS_A_YEAR: dict[Every, int] = {
    "week": 52,
    "2 weeks": 26,
    "4 weeks": 13,
    "month": 12,
    "2 months": 6,
    "quarter": 4,
    "half-year": 2,
    "year": 1,
}
LONGEST_YEARS = 100


# What goes in


@dataclass(frozen=True)
class Amount:
    """Money in minor units; a fraction of one has more decimals than the currency."""

    minor: Fraction


@dataclass(frozen=True)
class Percent:
    """A part of something: 30 % is 3/10."""

    part: Fraction


Quantity: TypeAlias = Amount | Percent
NOTHING = Amount(Fraction(0))


@dataclass(frozen=True)
class Multiple:
    """A penalty rate as a multiple of the contract rate."""

    times: Fraction


@dataclass(frozen=True)
class LoanSpec:
    """The contract as it was signed (principal in minor units), and where it stands."""

    principal: int
    term: int
    rate: Fraction
    method: Method = "level"
    every: Every = "month"
    rounding: Rounding = "half-up"
    paid: int = 0
    missed: int = 0
    penalty_rate: Fraction | Multiple = Multiple(Fraction(1))
    fees: int = 0


@dataclass(frozen=True)
class Defer:
    """`defer:N`."""

    count: int
    interest: Treatment = "capitalise"
    pays: Quantity = NOTHING
    keep: Keep = "count"


@dataclass(frozen=True)
class InterestOnly:
    """`interest-only:N`."""

    count: int
    keep: Keep = "maturity"


@dataclass(frozen=True)
class Extend:
    """`extend:N`."""

    count: int


@dataclass(frozen=True)
class Reduce:
    """`reduce:X`, `reduce:P%`; `length` is `for=`, None for all."""

    value: Quantity
    length: int | None = None


@dataclass(frozen=True)
class NewRate:
    """`rate:R`."""

    rate: Fraction
    length: int | None = None


@dataclass(frozen=True)
class CutRate:
    """`rate:cut=P`."""

    points: Fraction
    length: int | None = None


@dataclass(frozen=True)
class Balloon:
    """`balloon:X`."""

    value: Quantity


@dataclass(frozen=True)
class SetAside:
    """`set-aside:X`."""

    value: Quantity


@dataclass(frozen=True)
class Forgive:
    """`forgive:X`."""

    value: Quantity
    of: Of = "principal"


@dataclass(frozen=True)
class Arrears:
    """`arrears:HOW`."""

    how: How = "capitalise"
    over: int | None = None
    penalty: How = "pay"


@dataclass(frozen=True)
class Extra:
    """`extra:X`."""

    value: Amount
    at: int = 1
    then: Literal["term", "instalment"] = "term"


@dataclass(frozen=True)
class Step:
    """`step:P%xN/P%xM`: pairs of a part of the as-agreed instalment and a count."""

    steps: tuple[tuple[Fraction, int], ...]


MeasureSpec: TypeAlias = (
    Defer
    | InterestOnly
    | Extend
    | Reduce
    | NewRate
    | CutRate
    | Balloon
    | SetAside
    | Forgive
    | Arrears
    | Extra
    | Step
)


@dataclass(frozen=True)
class Readings:
    """The second reading of some rules, to find out in one line which one the engine took.

    - `ties`: how amounts other than interest are rounded at a tie: always half up, or in the
      rounding mode of the loan (then `up` and `down` too).
    - `penalty`: penalty interest rounded once in all, or once for each missed instalment.
    - `contract_instalment`: kept while no term that shapes it has changed (so with
      `arrears:pay`, and before an `extra`), or only when the plan as a whole changes nothing.
    - `pools`: what is overdue is spread as one sum and the interest of pauses as another; or all
      that is spread over equally many instalments as one; or each sum on its own.
    - `forgive_above`: forgiving more interest, penalty or fees than there are is refused, or
      forgives what there is.
    """

    ties: Literal["half-up", "mode"] = "half-up"
    penalty: Literal["once", "each"] = "once"
    contract_instalment: Literal["untouched", "no-op"] = "untouched"
    pools: Literal["kind", "window", "each"] = "kind"
    forgive_above: Literal["refuse", "cap"] = "refuse"


DEFAULT = Readings()


# What comes out


class Row(NamedTuple):
    """One row of a schedule in minor units, as the JSON has it."""

    number: int
    opening: int
    interest: int
    charges: int
    principal: int
    payment: int
    closing: int


Reason: TypeAlias = Literal[
    "decimals",
    "instalment-too-small",
    "over-100-years",
    "both-fixed",
    "balloon-with-fixed",
    "balloon-above-debt",
    "no-regular-instalment",
    "forgives-all",
    "forgives-too-much",
    "sets-aside-too-much",
    "negative-rate",
    "negative-payment",
    "keep-payment",
    "no-instalment-due",
]


@dataclass(frozen=True)
class Refused:
    """A plan that the rules refuse, and which rule it is."""

    reason: Reason


class _RefusedError(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


# Rounding


def rounded(value: Fraction, mode: Rounding) -> int:
    """Round an exact amount of minor units, never negative here, to a whole one."""
    whole, rest = divmod(value.numerator, value.denominator)
    twice = 2 * rest - value.denominator
    if rest == 0 or mode == "down":
        return whole
    if mode == "up" or twice > 0:
        return whole + 1
    if twice < 0:
        return whole
    return whole + (1 if mode == "half-up" else whole % 2)


# The terms of the debt that bears interest

Segment: TypeAlias = tuple[int | None, Fraction]  # the last row of a rate (None: no end), the rate


@dataclass(frozen=True)
class _Stretch:
    """Rows before the regular ones. `amount` is what `pays`, `reduce` or a step sets."""

    kind: Literal["pause", "interest-only", "shaped"]
    count: int
    amount: int = 0
    treatment: Treatment = "capitalise"


@dataclass
class _Terms:
    loan: LoanSpec
    readings: Readings
    balance: int
    count: int  # regular instalments
    rates: list[Segment]
    flat_base: int
    kept: int | None = None  # the contract's own instalment (level) or principal part
    stretches: list[_Stretch] = field(default_factory=list)
    fixed: int | None = None
    balloon: int = 0
    extras: list[Extra] = field(default_factory=list)

    def nearest(self, value: Fraction) -> int:
        mode = self.loan.rounding if self.readings.ties == "mode" else "half-up"
        return rounded(value, mode)

    def factor(self, row: int) -> Fraction:
        rate = next(r for last, r in self.rates if last is None or row <= last)
        return rate / PERIODS_A_YEAR[self.loan.every]

    def interest(self, row: int, balance: int) -> int:
        if balance <= 0:
            return 0
        base = self.flat_base if self.loan.method == "flat" else balance
        return rounded(base * self.factor(row), self.loan.rounding)

    def solve(self, row: int, balance: int, left: int) -> int:
        """Solve the instalment (level), or the principal part of one (the other methods).

        Level: the balance grown over what is left, less the balloon, over the sum of what one
        unit paid in each period grows to; all times the denominators, so that they are integers.
        """
        if self.loan.method == "interest-only" or not balance:
            return 0
        if self.loan.method != "level":
            return self.nearest(_not_negative(Fraction(balance - self.balloon, left)))
        growth = 1 + self.factor(row)
        top, bottom = growth.numerator, growth.denominator
        debt_grown, one, units_grown = balance, 1, 0
        for _ in range(left):
            debt_grown *= top
            units_grown = units_grown * top + one
            one *= bottom
        paid_off = debt_grown - self.balloon * one
        return self.nearest(_not_negative(Fraction(paid_off, units_grown * bottom)))


def _not_negative(payment: Fraction) -> Fraction:
    """Return an instalment as it is; refuse one that a balloon above the debt makes negative."""
    if payment < 0:
        raise _RefusedError("negative-payment")
    return payment


@dataclass
class _WalkedRow:
    interest: int
    payment: int
    regular: int  # the how-manieth regular instalment; 0 in a stretch


@dataclass
class _Walk:
    rows: list[_WalkedRow]
    solved: list[int]  # the instalment, or principal part, of each regular row
    unpaid: dict[Treatment, int]  # interest that waits in the pots spread, first and end


def _walk(terms: _Terms, extras: Sequence[Extra], given: Sequence[int] | None) -> _Walk:
    """Walk the debt that bears interest. With `given`, the instalments are not solved anew."""
    balance = terms.balance
    row = 0
    rows: list[_WalkedRow] = []
    unpaid: dict[Treatment, int] = {"spread": 0, "first": 0, "end": 0}

    def prepaid() -> int:
        nonlocal balance
        total = 0
        for extra in extras:
            if extra.at == row:
                part = min(int(extra.value.minor), balance)
                balance -= part
                total += part
        return total

    for stretch in terms.stretches:
        accrued = 0
        for _ in range(stretch.count):
            row += 1
            interest = terms.interest(row, balance)
            if stretch.kind == "interest-only":
                payment = interest
            elif stretch.kind == "shaped" or stretch.treatment == "capitalise":
                payment = min(stretch.amount, balance + interest)
                balance += interest - payment
            elif stretch.treatment == "pay":
                payment = min(max(stretch.amount, interest), balance + interest)
                balance += interest - payment
            elif stretch.treatment == "waive":
                interest = 0
                payment = min(stretch.amount, balance)
                balance -= payment
            else:
                to_interest = min(stretch.amount, interest)
                to_principal = min(stretch.amount - to_interest, balance)
                balance -= to_principal
                payment = to_interest + to_principal
                if stretch.treatment == "simple":
                    to_accrued = min(stretch.amount - payment, accrued)
                    accrued += interest - to_interest - to_accrued
                    payment += to_accrued
                else:
                    unpaid[stretch.treatment] += interest - to_interest
            payment += prepaid()
            rows.append(_WalkedRow(interest, payment, 0))
        balance += accrued

    first_regular = row + 1
    solved: list[int] = []
    amount = 0
    j = 0
    last = False
    while not last:
        row += 1
        j += 1
        interest = terms.interest(row, balance)
        owed = balance + interest
        if terms.fixed is not None:
            if row > LONGEST_YEARS * PERIODS_A_YEAR[terms.loan.every]:
                raise _RefusedError("over-100-years")
            amount = terms.fixed
            last = owed <= amount + j
            if not last and amount <= interest:
                raise _RefusedError("instalment-too-small")
            payment = amount
        else:
            if given is not None:
                amount = given[j - 1]
            elif j == 1:
                kept = terms.kept
                amount = kept if kept is not None else terms.solve(row, balance, terms.count)
            elif (
                terms.loan.method == "level" and terms.factor(row) != terms.factor(row - 1)
            ) or any(e.at == row - 1 and e.then == "instalment" for e in extras):
                amount = terms.solve(row, balance, terms.count - j + 1)
            shortened = any(e.at < row and e.then == "term" for e in extras)
            if terms.loan.method == "level":
                payment = min(amount, owed)
                reached = owed - terms.balloon <= amount + j
            else:
                payment = min(amount, balance) + interest
                reached = balance - terms.balloon <= amount + j
                if terms.loan.method == "interest-only":
                    reached = balance == 0
            last = j == terms.count or (shortened and reached)
        solved.append(amount)
        if last:
            payment = owed
        balance = owed - payment
        payment += prepaid()
        rows.append(_WalkedRow(interest, payment, row - first_regular + 1))
    return _Walk(rows, solved, unpaid)


def _walk_with_extras(terms: _Terms) -> _Walk:
    """Walk a plan whose prepayments may shorten the term.

    With `then=term` the instalment stays: it is that of the plan without those prepayments.
    """
    keep_instalment = [e for e in terms.extras if e.then == "term"]
    if not keep_instalment or terms.fixed is not None:
        return _walk(terms, terms.extras, None)
    without = _walk(terms, [e for e in terms.extras if e.then == "instalment"], None)
    return _walk(terms, terms.extras, without.solved)


@dataclass
class _Pots:
    """Sums that bear no interest."""

    first_payment: int = 0
    set_aside: int = 0
    spread: list[tuple[int | None, int]] = field(default_factory=list)  # over how many, the sum


def _lay_out(terms: _Terms, pots: _Pots) -> list[Row]:
    walk = _walk_with_extras(terms)
    count = max(r.regular for r in walk.rows)
    overdue = pots.spread
    if terms.readings.pools == "kind" and overdue:
        overdue = [(overdue[0][0], sum(amount for _, amount in overdue))]
    sums = [*overdue, (None, walk.unpaid["spread"])]
    windows = [(min(over or count, count), amount) for over, amount in sums]
    if terms.readings.pools == "window":
        lengths = sorted({length for length, _ in windows})
        windows = [(n, sum(amount for m, amount in windows if m == n)) for n in lengths]
    parts = [terms.nearest(Fraction(amount, length)) for length, amount in windows]
    left = [amount for _, amount in windows]

    opening = terms.balance + pots.first_payment + pots.set_aside + sum(a for _, a in pots.spread)
    first_payment = pots.first_payment
    rows: list[Row] = []
    for walked in walk.rows:
        if opening == 0:
            break
        payment = walked.payment
        if walked.regular:
            for i, (length, _) in enumerate(windows):
                part = left[i] if walked.regular == length else min(parts[i], left[i])
                left[i] -= part
                payment += part
        if walked.regular == 1:
            payment += walk.unpaid["first"]
        if walked.regular == count:
            payment += pots.set_aside + walk.unpaid["end"]
        if payment > 0 or walked.regular == count:
            payment += first_payment
            first_payment = 0
        closing = opening + walked.interest - payment
        principal = payment - walked.interest
        rows.append(Row(len(rows) + 1, opening, walked.interest, 0, principal, payment, closing))
        opening = closing
    assert opening == 0, "the last closing is 0"
    return rows


# As agreed, and where the loan stands


@dataclass(frozen=True)
class Position:
    """What is owed on the day of restructuring, in minor units."""

    balance: int  # scheduled, after the paid and the missed instalments
    remaining: int
    overdue_principal: int
    overdue_interest: int
    penalty: int
    fees: int

    @property
    def arrears(self) -> int:
        """All that is overdue."""
        return self.overdue_principal + self.overdue_interest + self.penalty + self.fees


@lru_cache(maxsize=64)
def _contract(loan: LoanSpec, readings: Readings) -> tuple[list[Row], int]:
    """Return the rows as signed, and the contract's instalment or principal part."""
    terms = _Terms(
        loan, readings, loan.principal, loan.term, [(None, loan.rate)], flat_base=loan.principal
    )
    return _lay_out(terms, _Pots()), _walk(terms, (), None).solved[0]


def position(loan: LoanSpec, readings: Readings = DEFAULT) -> Position:
    """Return what is owed, after `paid` and `missed` instalments, on the last missed due date."""
    rows, _ = _contract(loan, readings)
    missed = rows[loan.paid : loan.paid + loan.missed]
    rate = loan.penalty_rate
    if isinstance(rate, Multiple):
        rate = rate.times * loan.rate
    factor = rate / PERIODS_A_YEAR[loan.every]
    each = [r.principal * factor * (len(missed) - k) for k, r in enumerate(missed, 1)]
    if readings.penalty == "once":
        each = [sum(each, Fraction(0))]
    so_far = rows[: loan.paid + loan.missed]
    return Position(
        balance=so_far[-1].closing if so_far else loan.principal,
        remaining=loan.term - loan.paid - loan.missed,
        overdue_principal=sum(r.principal for r in missed),
        overdue_interest=sum(r.interest for r in missed),
        penalty=max(sum(rounded(x, loan.rounding) for x in each), 0),
        fees=loan.fees,
    )


def baseline(loan: LoanSpec, readings: Readings = DEFAULT) -> list[Row]:
    """Return the remaining rows as agreed, numbered from 1; the arrears are paid before them."""
    rows, _ = _contract(loan, readings)
    rest = rows[loan.paid + loan.missed :]
    return [row._replace(number=k) for k, row in enumerate(rest, 1)]


def agreed_instalment(loan: LoanSpec, readings: Readings = DEFAULT) -> int | None:
    """Return the rounded instalment that percentages are of; None if nothing more is due."""
    if loan.method == "level":
        return _contract(loan, readings)[1]
    rest = baseline(loan, readings)
    return rest[0].payment if rest else None


# Plans


def _is_nothing(measure: MeasureSpec) -> bool:
    """Tell a measure that changes nothing: a count, an amount, a percentage or points of 0."""
    match measure:
        case Defer(count=count) | InterestOnly(count=count) | Extend(count=count):
            return count == 0
        case Reduce(value=value, length=length):
            return length == 0 or value in (NOTHING, Percent(Fraction(0)))
        case NewRate(length=length):
            return length == 0
        case CutRate(points=points, length=length):
            return points == 0 or length == 0
        case Balloon(value=value) | SetAside(value=value) | Forgive(value=value):
            return value in (NOTHING, Percent(Fraction(0)))
        case Extra(value=amount):
            return amount == NOTHING
        case Step(steps=steps):
            return all(count == 0 for _, count in steps)
        case Arrears():
            return False


def _whole(amount: Amount) -> int:
    if amount.minor.denominator != 1:
        raise _RefusedError("decimals")
    return int(amount.minor)


def _replace_rates(
    rates: list[Segment], length: int | None, new: Fraction | None, cut: Fraction
) -> list[Segment]:
    """Set (or cut) the rate of the first `length` rows, or of all."""
    result: list[Segment] = []
    start = 0
    for last, rate in rates:
        changed = new if new is not None else rate - cut
        if length is None or (last is not None and last <= length):
            result.append((last, changed))
        elif start >= length:
            result.append((last, rate))
        else:
            result += [(length, changed), (last, rate)]
        start = last if last is not None else start
    return result


class _Plan:
    """A plan being read, measure by measure."""

    def __init__(self, loan: LoanSpec, measures: Sequence[MeasureSpec], readings: Readings):
        self.loan = loan
        self.readings = readings
        self.measures = [m for m in measures if not _is_nothing(m)]
        self.start = position(loan, readings)
        self.agreed = agreed_instalment(loan, readings)
        self.balance = self.start.balance
        self.count = self.start.remaining
        self.rates: list[Segment] = [(None, loan.rate)]
        self.pots: dict[How, int] = {"pay": 0, "set-aside": 0, "forgive": 0}
        self.spread = {"arrears": 0, "penalty": 0}
        self.stretches: list[_Stretch] = []
        self.reduced: int | None = None
        self.keeps_payment = False
        self.extends = False
        self.balloon = 0
        self.extras: list[Extra] = []
        self.overdue: dict[Of, int] = {
            "interest": self.start.overdue_interest,
            "penalty": self.start.penalty,
            "fees": self.start.fees,
        }
        written = [m for m in self.measures if isinstance(m, Arrears)]
        self.arrears = written[-1] if written else Arrears()
        start = self.start
        self._place("arrears", self.arrears.how, start.overdue_principal + start.overdue_interest)
        self._place("penalty", self.arrears.penalty, start.penalty + start.fees)
        if self.arrears.how == "forgive":
            self.overdue["interest"] = 0
        if self.arrears.penalty == "forgive":
            self.overdue["penalty"] = self.overdue["fees"] = 0
        if (
            self.balance + sum(self.spread.values()) + self.pots["pay"] + self.pots["set-aside"]
            == 0
        ):
            raise _RefusedError("forgives-all")

    def _place(self, what: str, how: How, amount: int) -> None:
        """Put overdue sums where they belong; a negative amount takes them out again."""
        if how == "capitalise":
            self.balance += amount
        elif how == "spread":
            self.spread[what] += amount
        else:
            self.pots[how] += amount

    def _nearest(self, value: Fraction) -> int:
        mode = self.loan.rounding if self.readings.ties == "mode" else "half-up"
        return rounded(value, mode)

    def _of(self, base: int, value: Quantity) -> int:
        if isinstance(value, Amount):
            return _whole(value)
        return self._nearest(base * value.part)

    def _of_agreed(self, value: Quantity) -> int:
        if isinstance(value, Amount):
            return _whole(value)
        if self.agreed is None:
            raise _RefusedError("no-instalment-due")
        return self._nearest(self.agreed * value.part)

    def _queue(self, stretch: _Stretch, keep: Keep) -> None:
        self.stretches.append(stretch)
        if keep == "maturity":
            self.count -= stretch.count
        elif keep == "payment":
            if self.loan.method == "equal-principal":
                raise _RefusedError("keep-payment")
            self.keeps_payment = True

    def _forgive(self, value: Quantity, of: Of) -> None:
        if of == "principal":
            self.balance -= self._of(self.balance, value)
            if self.balance <= 0:
                raise _RefusedError("forgives-all")
            return
        there = self.overdue[of]
        amount = self._of(there, value)
        if amount > there:
            if self.readings.forgive_above == "refuse":
                raise _RefusedError("forgives-too-much")
            amount = there
        self.overdue[of] -= amount
        if of == "interest":
            self._place("arrears", self.arrears.how, -amount)
        else:
            self._place("penalty", self.arrears.penalty, -amount)

    def read(self) -> None:
        """Apply the measures from left to right."""
        for measure in self.measures:
            match measure:
                case Defer(count, treatment, pays, keep):
                    stretch = _Stretch("pause", count, self._of_agreed(pays), treatment)
                    self._queue(stretch, keep)
                case InterestOnly(count, keep):
                    self._queue(_Stretch("interest-only", count), keep)
                case Extend(count):
                    self.count += count
                    self.extends = True
                case Reduce(value, length):
                    if isinstance(value, Percent):
                        value = Percent(1 - value.part)
                        if value.part < 0:
                            raise _RefusedError("negative-payment")
                    payment = self._of_agreed(value)
                    if length is None:
                        self.reduced = payment
                    else:
                        self._queue(_Stretch("shaped", length, payment), "maturity")
                case Step(steps):
                    for part, count in steps:
                        if count:
                            payment = self._of_agreed(Percent(part))
                            self._queue(_Stretch("shaped", count, payment), "maturity")
                case NewRate(rate, length):
                    self.rates = _replace_rates(self.rates, length, rate, Fraction(0))
                case CutRate(points, length):
                    self.rates = _replace_rates(self.rates, length, None, points)
                case Balloon(value):
                    self.balloon = self._of(self.balance, value)
                case SetAside(value):
                    amount = self._of(self.balance, value)
                    if amount > self.balance:
                        raise _RefusedError("sets-aside-too-much")
                    self.balance -= amount
                    self.pots["set-aside"] += amount
                case Forgive(value, of):
                    self._forgive(value, of)
                case Extra(amount):
                    _whole(amount)
                    self.extras.append(measure)
                case Arrears():
                    pass  # treated first, wherever it is written

    def _contract_holds(self) -> bool:
        """Tell whether no term that shapes the instalment has changed."""
        if self.readings.contract_instalment == "no-op":
            effective = [m for m in self.measures if not isinstance(m, Arrears)]
            return not effective and self.start.arrears == 0
        changed = any(isinstance(m, NewRate | CutRate) for m in self.measures)
        same = self.balance == self.start.balance and self.count == self.start.remaining
        return same and not (changed or self.stretches or self.balloon)

    def terms(self) -> _Terms:
        """Judge the plan as a whole, and return the terms of the debt that bears interest."""
        fixed = self.reduced
        if fixed is None and self.keeps_payment:
            if self.agreed is None:
                raise _RefusedError("no-instalment-due")
            fixed = self.agreed
        if fixed is not None:
            if self.extends:
                raise _RefusedError("both-fixed")
            if self.balloon:
                raise _RefusedError("balloon-with-fixed")
        elif self.count <= 0:
            raise _RefusedError("no-regular-instalment")
        if self.balloon > self.balance:
            raise _RefusedError("balloon-above-debt")
        if any(rate < 0 for _, rate in self.rates):
            raise _RefusedError("negative-rate")
        holds = fixed is None and self._contract_holds()
        return _Terms(
            loan=self.loan,
            readings=self.readings,
            balance=self.balance,
            count=self.count,
            rates=self.rates,
            flat_base=self.loan.principal if holds else self.balance,
            kept=_contract(self.loan, self.readings)[1] if holds else None,
            stretches=self.stretches,
            fixed=fixed,
            balloon=self.balloon,
            extras=self.extras,
        )

    def rows(self) -> list[Row]:
        """Return the schedule."""
        terms = self.terms()
        over = self.arrears.over
        spread = [(over, amount) for amount in self.spread.values()]
        return _lay_out(terms, _Pots(self.pots["pay"], self.pots["set-aside"], spread))


def reference(
    loan: LoanSpec, measures: Sequence[MeasureSpec], readings: Readings = DEFAULT
) -> list[Row] | Refused:
    """Return the schedule of a plan, or why it is refused."""
    try:
        plan = _Plan(loan, measures, readings)
        plan.read()
        return plan.rows()
    except _RefusedError as refused:
        return Refused(refused.reason)
