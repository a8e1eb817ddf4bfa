"""A batch of loans as columns of whole numbers: the facts, and which loans are plain enough.

The engine takes level loans of equal periods without dates, of one currency or of a column of
them, at any point of their term, with arrears or without. What a loan has besides goes to the
reference, as does all that is wrong with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from restructure.arrears import PenaltyRate
from restructure.errors import RestructureError
from restructure.fields import FIELDS
from restructure.loan import LEVEL
from restructure.money import Currency
from restructure.portfolio.columns import Setting
from restructure.portfolio.vector_columns import Read, absent, is_text, plain, scaled
from restructure.portfolio.vector_kernel import (
    FINEST,
    LONGEST,
    Bools,
    Ints,
    Rounding,
    denominator,
    room,
)
from restructure.portfolio.vector_terms import in_units
from restructure.rates import Every, Rate, parse_every
from restructure.terms import DEFAULT_RATE

_AMOUNTS = (
    "principal", "payment", "outstanding", "overdue_principal", "overdue_interest", "penalty",
    "fees",
)  # fmt: skip
_COUNTS = ("term", "remaining", "paid", "missed")
_COLUMNS = {*_AMOUNTS, *_COUNTS, "rate", "method", "currency"}
_FOR_ALL = {*_COLUMNS, "every", "rounding", "decimals", "penalty_rate"}
_DAY_YEAR = 360
_MOST_MISSED = 60
_MOST_DECIMALS = 6
_LEAST_FACTOR = 1e-6
"""Below it, rates of a period meet the reference's own short cuts near 0."""


class Book(NamedTuple):
    """Columns of loans on the day they were drawn, or as they stand, and which are taken."""

    how: Rounding
    every: Every
    penalty_rate: PenaltyRate
    units: Any
    """Minor units in a major one."""
    up: Any
    """By what minor units are multiplied for the scale of the results."""
    principal: Ints
    term: Ints
    num: Ints
    payment: Ints
    prescribed: Bools
    paid: Ints
    missed: Ints
    overdue_principal: Ints
    overdue_interest: Ints
    penalty: Ints
    penalty_given: Bools
    fees: Ints
    fits: Bools


def book(batch: pa.RecordBatch, setting: Setting, rates: Sequence[Fraction]) -> Book | None:
    """Return the batch as columns; None if the engine takes nothing of such a book.

    `rates` are those that the plans name, which the common denominator should hold.
    """
    if not set(setting.given) <= _FOR_ALL or not batch.num_rows:
        return None
    given = {name: FIELDS[name].read(value, name) for name, value in setting.given.items()}
    if given.get("method", LEVEL) != LEVEL:
        return None
    return _Reader(batch, setting, given).book(rates)


class _Reader:
    def __init__(self, batch: pa.RecordBatch, setting: Setting, given: dict[str, Any]) -> None:
        self.batch = batch
        self.setting = setting
        self.given = given
        self.size = batch.num_rows
        self.fits: Bools = np.ones(self.size, np.bool_)
        for name, column in setting.fields.items():
            if name not in _COLUMNS:
                self.fits &= absent(batch.column(column))
        if setting.plan_column:
            self.fits &= absent(batch.column(setting.plan_column))
        self.every = given.get("every") or parse_every("month")

    def book(self, rates: Sequence[Fraction]) -> Book | None:
        """Return the columns."""
        self.methods()
        units, up = self.currencies()
        if np.max(up) > FINEST:
            return None
        amounts = {name: self.amount(name, units) for name in _AMOUNTS}
        counts = {name: self.counts(name) for name in _COUNTS}
        standing = amounts["outstanding"].given
        for name in ("principal", "term", "paid", "missed"):
            self.fits &= ~(standing & {**amounts, **counts}[name].given)
        for name in ("remaining", "overdue_principal", "overdue_interest"):
            self.fits &= standing | ~{**amounts, **counts}[name].given
        principal = amounts["principal"].values + amounts["outstanding"].values
        term = counts["term"].values + counts["remaining"].values
        self.fits &= (principal > 0) & (term > 0) & (term <= LONGEST)
        num, den = self.rates(rates)
        f = num / den
        self.fits &= (num == 0) | (f > _LEAST_FACTOR)
        self.fits &= room(principal.astype(np.float64), num, den)
        past = counts["paid"].values + counts["missed"].values
        self.fits &= (past < term) & (counts["missed"].values <= _MOST_MISSED)
        payment = amounts["payment"]
        self.fits &= ~payment.given | (payment.values > 0)
        safe = self.fits
        return Book(
            how=Rounding(self.given.get("rounding", "half-up"), den),
            every=self.every,
            penalty_rate=self.given.get("penalty_rate", PenaltyRate()),
            units=units,
            up=up,
            principal=np.where(safe, principal, 1),
            term=np.where(safe, term, 1),
            num=np.where(safe, num, 0),
            payment=np.where(safe, payment.values, 0),
            prescribed=payment.given & safe,
            paid=np.where(safe, counts["paid"].values, 0),
            missed=np.where(safe, counts["missed"].values, 0),
            overdue_principal=np.where(safe, amounts["overdue_principal"].values, 0),
            overdue_interest=np.where(safe, amounts["overdue_interest"].values, 0),
            penalty=np.where(safe, amounts["penalty"].values, 0),
            penalty_given=amounts["penalty"].given & safe,
            fees=np.where(safe, amounts["fees"].values, 0),
            fits=self.fits,
        )

    def methods(self) -> None:
        """Leave loans of other methods out."""
        if "method" not in self.setting.fields:
            return
        column = plain(self.batch.column(self.setting.fields["method"]))
        none = absent(column)
        if not is_text(column.type):
            self.fits &= none
            return
        level = np.asarray([text == LEVEL for text in column.to_pylist()], np.bool_)
        self.fits &= none | level

    def currencies(self) -> tuple[Any, Any]:
        """Return the minor units in a major one, and how the results are scaled up."""
        decimals, scale = self.given.get("decimals"), self.setting.scale
        name = self.setting.fields.get("currency")
        if name is None or decimals is not None:
            code = self.given.get("currency", "CNY")
            exponent = Currency.of(code, decimals).exponent
            if name is not None:  # codes are still read, and may be wrong
                self.exponents(name)
            return 10**exponent, 10 ** (scale - exponent)
        exponents = self.exponents(name)
        return 10**exponents, 10 ** (scale - exponents)

    def exponents(self, name: str) -> Ints:
        """Return the decimals of each loan's currency."""
        column = plain(self.batch.column(name))
        none = absent(column)
        if not is_text(column.type):
            self.fits &= none
            return np.full(self.size, Currency.of("CNY").exponent, np.int64)
        known: dict[Any, int] = {}
        for code in column.unique().to_pylist():
            try:
                known[code] = Currency.of(code).exponent if code and code.strip() else 2
            except RestructureError:
                known[code] = -1
        found = np.asarray([known[code] for code in column.to_pylist()], np.int64)
        self.fits &= found >= 0
        return np.where(found < 0, 2, found)

    def constant(self, value: int) -> Read:
        """Return a column of one value."""
        every = np.ones(self.size, np.bool_)
        return Read(np.full(self.size, value, np.int64), every, every)

    def nothing(self) -> Read:
        """Return a column without a value."""
        none = np.zeros(self.size, np.bool_)
        return Read(np.zeros(self.size, np.int64), none, ~none)

    def amount(self, name: str, units: Any) -> Read:
        """Return an amount in minor units, from its column or the same for all."""
        if name in self.setting.fields:
            found = scaled(self.batch.column(self.setting.fields[name]), units)
        elif name in self.given:
            minor, whole = in_units(Fraction(self.given[name]), units, self.size)
            found = Read(minor, self.constant(1).given, whole)
        else:
            return self.nothing()
        self.fits &= found.sure & (found.values >= 0)
        return found

    def counts(self, name: str) -> Read:
        """Return a count, from its column or the same for all."""
        if name in self.setting.fields:
            found = scaled(self.batch.column(self.setting.fields[name]), 1)
        elif name in self.given:
            found = self.constant(self.given[name])
        else:
            return self.nothing()
        self.fits &= found.sure & (found.values >= 0) & (found.values <= 5200)
        return found

    def rates(self, others: Sequence[Fraction]) -> tuple[Ints, int]:
        """Return the period factors over one denominator, with as many decimals as it takes."""
        name = self.setting.fields.get("rate")
        if name is None:
            value = self.given.get("rate", DEFAULT_RATE if self.setting.default_rate else None)
            if value is None:
                self.fits &= False
                value = 0
            others = [*others, Rate.of(value, "rate", _DAY_YEAR).annual]
        least = next((k for k in range(_MOST_DECIMALS) if all(
            (rate * 100 * 10**k).denominator == 1 for rate in others)), _MOST_DECIMALS)  # fmt: skip
        if name is None:
            den, times = denominator(self.every, least)
            exact = others[-1] * 100 * 10**least * times
            if exact.denominator != 1:
                self.fits &= False
            return np.full(self.size, int(exact), np.int64), den
        column = self.batch.column(name)
        wanted = self.fits
        for decimals in range(least, _MOST_DECIMALS + 1):
            found = scaled(column, 10**decimals, percent=True)
            # A few rates of many decimals do not make the denominator large for all.
            if (found.sure | ~wanted).mean() > 0.999:
                break
        self.fits &= found.sure & found.given & (found.values >= 0)
        self.fits &= found.values <= 10_000 * 10**decimals
        den, times = denominator(self.every, decimals)
        return found.values * times, den
