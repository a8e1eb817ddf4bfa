"""Loan: the facts on one day, plus the terms that generate what is left to pay.

A measure maps a Loan to a Loan; `restructure.engine.build` makes a Schedule of it. Nothing
here amortises. All amounts are whole minor units of the loan's currency.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from restructure.arrears import Arrears, PenaltyRate
from restructure.dates import Calendar
from restructure.errors import Refused
from restructure.money import NEAREST, Currency, InstalmentRounding, divide
from restructure.rates import Every, factor_over, percent_text, period_factor
from restructure.uneven import Terms as Unpaid
from restructure.words import Text, join, say, say_n

LEVEL, EQUAL_PRINCIPAL, INTEREST_ONLY, FLAT = METHODS = (
    "level",
    "equal-principal",
    "interest-only",
    "flat",
)


class Leg(NamedTuple):
    """A piece of the rate path: `rows` periods (None: all that follow) at one rate.

    `num` / `den` is the period factor: what one unit of principal bears in a period.
    """

    rate: Fraction
    num: int
    den: int
    rows: int | None = None


class Reset(NamedTuple):
    """From `day` on (its night included) another rate; None: that of the rate path again.

    `keep` leaves the instalment as it is, and the last one takes the difference.
    """

    day: date
    rate: Fraction | None
    keep: bool = False


class Stretch(NamedTuple):
    """Rows before the regular instalments, all shaped alike.

    Each pays `pays` (never more than is owed), first to the interest of its own period, then
    to principal. `unpaid` says what becomes of interest that is not paid: capitalise, simple,
    spread, first, end, waive (none is charged), pay (all of it is paid).
    """

    rows: int
    pays: int
    unpaid: str
    to_principal: bool = False
    """Whether payments go to principal, and all interest is left unpaid."""
    share: Fraction | None = None
    """In place of `pays`: a share of the regular instalment, solved together with it."""


class Extra(NamedTuple):
    """A prepayment of principal on top of row `at`; `anew` works the instalment out again."""

    at: int
    amount: int
    anew: bool


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan on one day: facts, and the terms that generate what is left.

    `Loan.of` reads it from plain values on the day it was drawn. `paid` and `missed` are the
    history since; `restructure.position.locate` turns them into the loan on the day of
    restructuring (smaller balance, fewer instalments, arrears), on which measures act.
    """

    currency: Currency
    method: str
    every: Every
    principal: int
    """The original principal."""
    term: int
    """The original number of instalments."""
    balance: int
    """Interest-bearing principal that is not overdue."""
    count: int
    """Regular instalments still to come, after the last stretch."""
    path: tuple[Leg, ...]
    """The rate of each period from the next due date on."""
    resets: tuple[Reset, ...] = ()
    """Rates by date, in order; they go before the path."""
    skipped: tuple[int, ...] = ()
    """Months (1 to 12) in which no instalment falls due."""
    interest_months: tuple[int, ...] = ()
    """Months (1 to 12) in which interest falls due; in the others it waits and bears none. Empty:
    with each instalment. Equal-principal and interest-only loans alone."""
    unpaid: Unpaid = Unpaid()
    """What becomes of interest that an instalment does not cover."""
    rounding: str = "half-up"
    instalment_rounding: InstalmentRounding = NEAREST
    compounding: Every | None = None
    day_year: int = 360
    day_count: str = "30/360"
    fee: int = 0
    """Paid to the lender when the loan was drawn; counts in the original effective rate."""
    paid: int = 0
    missed: int = 0
    penalty_rate: PenaltyRate = PenaltyRate()
    calendar: Calendar | None = None
    """Due dates and the length of periods; None for equal periods without dates."""
    passed: int = 0
    """Due dates that have passed on the day of restructuring."""
    instalment: int | None = None
    """The as-agreed instalment: the level one, or the next one due of another method."""
    agreed_rows: int | None = None
    """Rows still to come as agreed; None before the loan has been located."""
    parts: tuple[int, ...] = ()
    """Parts of principal that the contract prescribes, row by row from the first due date; the
    last one repeats. Negative: a drawdown. Equal-principal loans only, until terms change."""
    part: int | None = None
    """The agreed part of principal in each instalment (equal-principal and flat)."""
    flat_base: int = 0
    """The principal on which a flat loan bears interest as agreed."""
    original_rate: float | None = None
    """The original effective rate a year, from the original flows with their fees."""
    anew: bool = True
    """Whether the instalment is worked out anew; False keeps the one agreed."""
    fixed: int | None = None
    """An instalment fixed by `reduce` or by `keep=payment`: the count follows from it."""
    fixed_by_reduce: bool = False
    extended: int = 0
    """Instalments added by `extend`."""
    stretches: tuple[Stretch, ...] = ()
    stated_penalty: int | None = None
    """Penalty interest that the reader states, in place of what would be worked out."""
    balloon: int = 0
    set_aside: int = 0
    arrears: Arrears = Arrears()
    accrued: Fraction = Fraction(0)
    """Contract interest of the period under way up to the day, exact, not yet due: the first
    row asks for it, and it bears nothing."""
    at_once: int = 0
    """Arrears paid on the day itself: the as-agreed line only."""
    forgiven: int = 0
    """Given up by `forgive`; `given_up` adds the arrears that are forgiven."""
    extras: tuple[Extra, ...] = ()
    notes: tuple[str, ...] = ()
    """What was assumed or understood, in sentences for the reader."""
    short: tuple[int, int, int, int, int, int | None] | None = field(init=False, default=None)
    """For the engine's short way, where nothing but level instalments at one rate is left:
    balance, count, num, den, `half` of the leg, and the agreed instalment if it stands."""

    def __post_init__(self) -> None:
        """Note once whether the engine may take its short way."""
        if (
            self.method == LEVEL
            and len(self.path) == 1
            and self.calendar is None
            and not self.uneven
            and not self.instalment_rounding.searched
            and self.count > 0
            and self.fixed is None
            and not self.stretches
            and not self.extras
            and not self.balloon
            and not self.set_aside
            and not self.arrears.total
            and self.path[0].num >= 0
            and self.balance > 0
        ):
            leg = self.path[0]
            agreed = None if self.anew else self.instalment
            short = (self.balance, self.count, leg.num, leg.den, self.half(leg), agreed)
            object.__setattr__(self, "short", short)

    def interest_due(self, row: int) -> bool:
        """Whether interest falls due with the row (from 0) of the plan."""
        if not self.interest_months or self.calendar is None:
            return True
        return self.calendar.unmoved(self.passed + row).month in self.interest_months

    def half(self, leg: Leg) -> int:
        """Return what is added before the division by `leg.den`; -1 for half-even.

        floor((x + half) / den) then rounds x / den in the loan's mode.
        """
        return {"half-up": leg.den // 2, "down": 0, "up": leg.den - 1}.get(self.rounding, -1)

    @classmethod
    def of(cls, **values: Any) -> Loan:
        """Read a loan from plain values, named as the options of the command line.

        `Loan.of(principal=50_000, term=12, rate="14.4%")`. Amounts are in major units, as
        int, Decimal, float or text. Raises RestructureError with the field, the value and
        what is allowed.
        """
        from restructure.terms import loan_of

        return loan_of(values)

    @property
    def start(self) -> date | None:
        """The day from which interest runs; None if it is not known."""
        return self.calendar.start if self.calendar is not None else None

    @property
    def first_due(self) -> date | None:
        """The first due date of the contract; None without dates."""
        return self.calendar.first if self.calendar is not None else None

    @property
    def uneven(self) -> bool:
        """Whether months are skipped or unpaid interest waits."""
        return bool(self.skipped) or self.unpaid != Unpaid()

    @property
    def bearing(self) -> int:
        """Interest-bearing principal on the day, with the arrears that are capitalised."""
        return self.balance + self.arrears.treated("capitalise")

    @property
    def waiting(self) -> int:
        """Overdue interest that joins the debt but bears none: level loans under the US Rule."""
        waits = self.unpaid.waits and self.method == LEVEL and self.arrears.how == "capitalise"
        return self.arrears.interest if waits else 0

    @property
    def owed(self) -> int:
        """Everything still owed on the day, interest-bearing or not, less what is given up."""
        return self.balance + self.set_aside + self.arrears.total - self.arrears.treated("forgive")

    @property
    def given_up(self) -> int:
        """All that the lender gives up: forgiven debt and forgiven arrears."""
        return self.forgiven + self.arrears.treated("forgive")

    @property
    def rate(self) -> Fraction:
        """The nominal annual rate of the next period."""
        return self.path[0].rate

    def share(self, part: Fraction, whole: int) -> int:
        """Return `part` of `whole` minor units, to the nearest; `rounding` is that of interest."""
        exact = part * whole
        return divide(exact.numerator, exact.denominator)

    def leg(self, rate: Fraction, rows: int | None = None) -> Leg:
        """Return the piece of rate path with this nominal annual rate."""
        factor = (
            rate / self.every.per_year
            if rate < 0  # refused later, when the whole plan is judged
            else period_factor(rate, self.every, self.compounding)
        )
        return Leg(rate, factor.numerator, factor.denominator, rows)

    def leg_of(self, row: int) -> Leg:
        """Return the piece of rate path that a row of the plan falls in."""
        return self.leg_and_rows(row, 1)[0]

    def leg_and_rows(self, row: int, left: int) -> tuple[Leg, int]:
        """Return the piece of rate path at a row, and how many of the rows left it lasts."""
        for leg in self.path:
            if leg.rows is None:
                return leg, left
            if row < leg.rows:
                return leg, min(leg.rows - row, left)
            row -= leg.rows
        return leg, left

    @property
    def by_days(self) -> Loan:
        """The loan with interest by actual days: over 360 if its day count is, else over 365."""
        calendar = self.calendar
        if calendar is None or calendar.day_count.startswith("Act"):
            return self
        days = "Act/360" if "360" in calendar.day_count else "Act/365F"
        return replace(self, calendar=calendar._replace(day_count=days))

    def leg_at(self, row: int, leg: Leg) -> Leg:
        """Return `leg` with the factor of the period that ends at row `row` of the plan."""
        if self.calendar is None:
            return leg
        k = self.passed + row
        before = self._accrued_share() if row == 0 and self.accrued else 0
        if not self.resets:
            factor = factor_over(leg.rate, self.calendar.years(k), self.compounding) + before
            return Leg(leg.rate, factor.numerator, factor.denominator, leg.rows)
        grown, shown = Fraction(1), leg.rate
        start, end = self.calendar.ends(k)
        inside = [reset.day for reset in self.resets if start < reset.day < end]
        for day, until in pairwise([start, *inside, end]):
            rate, shown = self._rates_on(day, leg.rate)
            years = self.calendar.part(k, day, until)
            piece = factor_over(rate, years, self.compounding)
            grown = grown + piece if self.compounding is None else grown * (1 + piece)
        factor = grown - 1 + before
        return Leg(shown, factor.numerator, factor.denominator, leg.rows)

    def _accrued_share(self) -> Fraction:
        """Return `accrued` as a part of the principal on which the first row bears interest."""
        agreed = self.method == FLAT and not self.anew and self.bearing == self.balance
        base = self.flat_base if agreed else self.bearing - self.waiting
        return self.accrued / base if base > 0 else Fraction(0)

    def _rates_on(self, day: date, path: Fraction) -> tuple[Fraction, Fraction]:
        """Return the rate in force on `day`, and the one that instalments are solved at."""
        rate = shown = path
        for reset in self.resets:
            if reset.day <= day:
                rate = path if reset.rate is None else reset.rate
                if not reset.keep:
                    shown = rate
        return rate, shown

    def rate_on(self, day: date) -> Fraction:
        """Return the nominal annual rate in force on `day`."""
        row, calendar = 0, self.calendar
        if calendar is not None:
            most = sum(leg.rows or 0 for leg in self.path)
            ends = (calendar.ends(self.passed + row)[1] for row in range(most))
            row = next((row for row, end in enumerate(ends) if day < end), most)
        return self._rates_on(day, self.leg_of(row).rate)[0]

    def with_reset(self, new: Reset, until: date | None) -> Loan:
        """Return the loan with another rate from `new.day` to `until` (None: for good)."""
        after = next((r for r in reversed(self.resets) if until and r.day <= until), None)
        kept = [r for r in self.resets if r.day < new.day or (until and r.day > until)]
        # A change inside the time that re-solves the instalment does so when the time is over.
        keep = new.keep and (after is None or after.day < new.day or after.keep)
        back = [] if until is None else [Reset(until, after and after.rate, keep)]
        resets = tuple(sorted([*kept, new, *back], key=lambda reset: reset.day))
        return replace(self, resets=resets, anew=self.anew or not new.keep)

    def with_rates(self, new: Any, rows: int | None = None) -> Loan:
        """Return the loan with `new(rate)` as the rate of the next `rows` periods (None: all)."""
        path: list[Leg] = []
        left = rows
        for leg in self.path:
            if left == 0:
                path.append(leg)
            elif left is None or (leg.rows is not None and leg.rows <= left):
                path.append(self.leg(new(leg.rate), leg.rows))
                left = None if left is None or leg.rows is None else left - leg.rows
            else:
                path.append(self.leg(new(leg.rate), left))
                path.append(leg._replace(rows=None if leg.rows is None else leg.rows - left))
                left = 0
        return replace(self, path=_merged(path), anew=True)

    def with_rhythm(self) -> Loan:
        """Return the loan without a last due date off the rhythm, if its rows have changed."""
        rows = sum(stretch.rows for stretch in self.stretches) + self.count
        if self.calendar is None or self.calendar.last is None:
            return self
        if self.fixed is None and rows == self.agreed_rows:
            return self
        return replace(self, calendar=self.calendar._replace(last=None))

    def then(self, stretch: Stretch, keep: str) -> Loan:
        """Return the loan with one more stretch queued before its regular instalments.

        `keep`: count moves the maturity; maturity takes the stretch's rows from the regular
        ones; payment fixes the as-agreed instalment.
        """
        fixed = self.fixed
        if keep == "payment":
            if self.method == EQUAL_PRINCIPAL:
                raise Refused(
                    say(
                        "keep=payment has no meaning for equal-principal instalments, which differ "
                        "from each other. Use keep=count or keep=maturity."
                    )
                )
            if not self.fixed_by_reduce:
                fixed = self.instalment
        return replace(
            self,
            stretches=(*self.stretches, stretch),
            count=self.count - (stretch.rows if keep == "maturity" else 0),
            fixed=fixed,
            anew=True,
        )

    def instalments_text(self, count: int) -> Text:
        """Return a count of instalments for people: "1 instalment", "12 instalments"."""
        return say_n("{count} instalment", "{count} instalments", count)

    def rate_text(self) -> Text:
        """Return the rate path for people: "10 % for 3, then 14.4 %"."""
        return join(
            say(", then "),
            [
                say("{rate} for {rows}", rate=percent_text(leg.rate), rows=leg.rows)
                if leg.rows
                else percent_text(leg.rate)
                for leg in self.path
            ],
        )


def _merged(path: list[Leg]) -> tuple[Leg, ...]:
    """Join neighbours of equal rate, so that a path changes only where the rate does."""
    merged: list[Leg] = []
    for leg in path:
        if merged and merged[-1].rate == leg.rate:
            before = merged.pop().rows
            both = None if before is None or leg.rows is None else before + leg.rows
            merged.append(leg._replace(rows=both))
        else:
            merged.append(leg)
    return tuple(merged)
