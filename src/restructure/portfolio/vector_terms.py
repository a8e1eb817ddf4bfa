"""Terms of many loans: what each measure changes, on columns in place of one loan.

The rules are those of the measures' own `apply`; what a column cannot say is left to them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from restructure.measures import Measure, Plan
from restructure.portfolio.vector_kernel import Bools, Ints, Rounding, share
from restructure.quantity import Quantity
from restructure.rates import Every, Rate

MOST_ROWS = 60
"""Rows of stretches in a plan, beyond which the reference takes over."""


class Untaken(Exception):
    """A plan that the engine leaves to the reference for all loans."""


class Stretch(NamedTuple):
    """Rows before the regular ones, as `loan.Stretch`; `pays` is a column or 0."""

    rows: int
    pays: Any
    unpaid: str
    to_principal: bool = False


class Overdue(NamedTuple):
    """Columns of what is overdue, and what becomes of it, as `loan.Arrears`."""

    principal: Ints
    interest: Ints
    penalty: Ints
    fees: Ints
    how: str = "capitalise"
    penalty_how: str = "pay"
    over: int = 0
    fees_how: str = ""

    @property
    def total(self) -> Ints:
        """All that is overdue."""
        return self.principal + self.interest + self.penalty + self.fees

    def treated(self, how: str) -> Any:
        """The part that is treated in the way `how`, a column or 0."""
        amount: Any = self.principal + self.interest if self.how == how else 0
        amount = amount + self.penalty if self.penalty_how == how else amount
        return amount + self.fees if (self.fees_how or self.penalty_how) == how else amount


@dataclass(frozen=True)
class Terms:
    """Columns of the terms that `loan.Loan` has for one loan, all over one denominator.

    `fits` says which loans the engine can carry on with.
    """

    how: Rounding
    every: Every
    day_year: int
    units: Any
    """Minor units in a major one: a column, or one number for all."""
    balance: Ints
    count: Ints
    path: tuple[tuple[int | None, Ints], ...]
    """The rate path: periods (None: all that follow) and the column of `num`."""
    instalment: Ints
    fits: Bools
    steady: Bools
    """Whether a balance stays above 0 to the last row for certain under the agreed instalment."""
    overdue: Overdue | None = None
    anew: bool = False
    fixed: Ints | None = None
    fixed_by_reduce: bool = False
    extended: int = 0
    stretches: tuple[Stretch, ...] = ()
    balloon: Any = 0
    set_aside: Any = 0
    forgiven: Any = 0

    @property
    def bearing(self) -> Ints:
        """Interest-bearing principal on the day, arrears that are capitalised included."""
        return self.balance if self.overdue is None else self.balance + self.treated("capitalise")

    def treated(self, how: str) -> Any:
        """The part of the arrears that is treated in the way `how`."""
        return 0 if self.overdue is None else self.overdue.treated(how)

    @property
    def owed(self) -> Ints:
        """All that is owed on the day, less the arrears given up."""
        total: Ints = self.balance + self.set_aside
        if self.overdue is not None:
            total = total + self.overdue.total - self.treated("forgive")
        return total

    @property
    def given_up(self) -> Any:
        """All that the lender gives up."""
        return self.forgiven + self.treated("forgive")

    def only(self, fits: Bools) -> Terms:
        """Return the terms with fewer loans that fit."""
        return replace(self, fits=self.fits & fits)

    def amount(self, wanted: Quantity, whole: Ints) -> tuple[Ints, Bools]:
        """Return an amount, or a percentage of `whole`, and for which loans it can be told."""
        if wanted.percent:
            return share(wanted.value / 100, whole)
        return in_units(wanted.value, self.units, len(self.balance))

    def then(self, stretch: Stretch, keep: str) -> Terms:
        """Return the terms with one more stretch, as `loan.Loan.then`."""
        fixed = self.fixed
        if keep == "payment" and not self.fixed_by_reduce:
            fixed = self.instalment
        count = self.count - stretch.rows if keep == "maturity" else self.count
        stretches = (*self.stretches, stretch)
        if sum(each.rows for each in stretches) > MOST_ROWS:
            raise Untaken
        return replace(self, stretches=stretches, count=count, fixed=fixed, anew=True)

    def num_of(self, annual: Fraction) -> int:
        """Return the numerator of the factor of a nominal annual rate."""
        exact = annual / self.every.per_year * self.how.den
        if exact.denominator != 1:
            raise Untaken
        return exact.numerator


def in_units(amount: Fraction, units: Any, size: int) -> tuple[Ints, Bools]:
    """Return an amount in each loan's minor units, and for which loans it is a whole number."""
    minor, fits = np.zeros(size, np.int64), np.zeros(size, np.bool_)
    units = np.broadcast_to(units, size)
    for unit in np.unique(units).tolist():
        exact = amount * unit
        if exact.denominator == 1 and exact < 2**53:
            here = units == unit
            minor[here], fits[here] = int(exact), True
    return minor, fits


def planned(terms: Terms, plan: Plan) -> Terms:
    """Return the terms after a plan's measures; raises Untaken for what is not taken."""
    for measure in sorted(plan.measures, key=lambda measure: measure.name != "arrears"):
        if measure.name not in _TAKEN:
            raise Untaken
        terms = _TAKEN[measure.name](terms, measure)
    return terms


def _defer(terms: Terms, measure: Measure) -> Terms:
    rows, wanted = measure.count(), measure.quantity("pays")
    if not rows:
        return terms
    pays: Any = 0
    if wanted.value:
        pays, fits = terms.amount(wanted, terms.instalment)
        terms = terms.only(fits)
    stretch = Stretch(rows, pays, measure.word("interest"), measure.word("to") == "principal")
    return terms.then(stretch, measure.word("keep"))


def _interest_only(terms: Terms, measure: Measure) -> Terms:
    rows = measure.count()
    return terms.then(Stretch(rows, 0, "pay"), measure.word("keep")) if rows else terms


def _extend(terms: Terms, measure: Measure) -> Terms:
    added = measure.count()
    if not added:
        return terms
    return replace(terms, count=terms.count + added, extended=terms.extended + added, anew=True)


def _reduce(terms: Terms, measure: Measure) -> Terms:
    rows, wanted = measure.count_or_all("for"), measure.quantity()
    if not wanted.value or rows == 0:
        return terms
    if wanted.percent and wanted.value >= 100:
        raise Untaken
    if wanted.percent:
        pays, fits = share(1 - wanted.value / 100, terms.instalment)
    else:
        pays, fits = terms.amount(wanted, terms.instalment)
    terms = terms.only(fits)
    if rows is None:
        return replace(terms, fixed=pays, fixed_by_reduce=True, anew=True)
    return terms.then(Stretch(rows, pays, "capitalise"), "maturity")


def _rate(terms: Terms, measure: Measure) -> Terms:
    rows = measure.count_or_all("for")
    if rows == 0:
        return terms
    if measure.given["from"] is not None:
        raise Untaken
    if "value" in measure.given:
        new = terms.num_of(Rate.of(measure.given["value"], "rate", terms.day_year).annual)
        return _with_rates(terms, lambda num: np.full_like(num, new), rows)
    cut = terms.num_of(Rate.of(measure.given["cut"], "rate", terms.day_year).annual)
    return _with_rates(terms, lambda num: num - cut, rows) if cut else terms


def _with_rates(terms: Terms, new: Callable[[Ints], Ints], rows: int | None) -> Terms:
    """Return the terms with another rate for the next `rows`, as `loan.Loan.with_rates`."""
    path: list[tuple[int | None, Ints]] = []
    left = rows
    for span, num in terms.path:
        if left == 0:
            path.append((span, num))
        elif left is None or (span is not None and span <= left):
            path.append((span, new(num)))
            left = None if left is None or span is None else left - span
        else:
            path.append((left, new(num)))
            path.append((None if span is None else span - left, num))
            left = 0
    return replace(terms, path=tuple(path), anew=True)


def _some(terms: Terms, measure: Measure) -> tuple[Ints, Bools] | None:
    """Return the amount of a measure on the debt, above 0 for the loans that fit."""
    if not measure.quantity().value:
        return None
    amount, fits = terms.amount(measure.quantity(), terms.bearing)
    return amount, fits & (amount > 0) & (amount < terms.bearing)


def _balloon(terms: Terms, measure: Measure) -> Terms:
    found = _some(terms, measure)
    return terms if found is None else replace(terms.only(found[1]), balloon=found[0], anew=True)


def _set_aside(terms: Terms, measure: Measure) -> Terms:
    found = _some(terms, measure)
    if found is None:
        return terms
    amount, fits = found
    return replace(
        terms.only(fits),
        balance=terms.balance - amount,
        set_aside=terms.set_aside + amount,
        anew=True,
    )


def _forgive(terms: Terms, measure: Measure) -> Terms:
    if measure.word("of") != "principal":
        raise Untaken
    found = _some(terms, measure)
    if found is None:
        return terms
    amount, fits = found
    return replace(
        terms.only(fits),
        balance=terms.balance - amount,
        forgiven=terms.forgiven + amount,
        anew=True,
    )


def _step(terms: Terms, measure: Measure) -> Terms:
    if measure.word("of") != "agreed":
        raise Untaken
    for part, rows in measure.given["value"]:
        if rows:
            pays: Any = 0
            if part:
                pays, fits = share(part, terms.instalment)
                terms = terms.only(fits)
            terms = terms.then(Stretch(rows, pays, "capitalise"), "maturity")
    return terms


def _arrears(terms: Terms, measure: Measure) -> Terms:
    if terms.overdue is None:
        return terms
    fees = measure.word("fees")
    overdue = terms.overdue._replace(
        how=measure.word("value"),
        penalty_how=measure.word("penalty"),
        over=measure.count_or_all("over") or 0,
        fees_how="" if fees == "as-penalty" else fees,
    )
    return replace(terms, overdue=overdue)


_TAKEN: dict[str, Callable[[Terms, Measure], Terms]] = {
    "arrears": _arrears,
    "balloon": _balloon,
    "defer": _defer,
    "extend": _extend,
    "forgive": _forgive,
    "interest-only": _interest_only,
    "rate": _rate,
    "reduce": _reduce,
    "set-aside": _set_aside,
    "step": _step,
}


def rates_of(plans: list[Plan], day_year: int) -> list[Fraction]:
    """Return the nominal annual rates that plans name, which the denominator should hold."""
    found = []
    for plan in plans:
        for measure in plan.measures:
            if measure.name == "rate":
                value = measure.given.get("value", measure.given["cut"])
                found.append(Rate.of(value, "rate", day_year).annual)
    return found
