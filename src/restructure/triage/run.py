"""A triage: every loan of a book classed, those that need help ranked, and the offers summed.

A loan needs help if it is past due, or if its instalment is above what can be paid (capacity:
the book's own figure, else a share of income). Loans that have not failed yet are ranked by
at_risk = chance x owed x lgd, the money that is expected to be lost if they fail within the
horizon. The chance is that of the loan's bucket by the history's roll rates; without a history,
that of the loan's pd; without either, days past due / days at which loans fail. Without lgd, all
that is owed counts.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from restructure.errors import InvalidValue, RestructureError, shown
from restructure.measures import Plan
from restructure.money import Currency, number
from restructure.portfolio.columns import Setting
from restructure.triage.book import Bad, BookFile, Loans
from restructure.triage.columns import Facts
from restructure.triage.engine import Agreed, Engine, Offered, Wrong
from restructure.triage.history import History, whole_days
from restructure.triage.rolls import Backtest, Rates, backtest, chances, expected, rates_of
from restructure.triage.schemes import Scheme
from restructure.triage.sums import ZERO, Segment, Sum
from restructure.words import say

DEFAULT_PLANS = ("defer:3", "extend:6", "extend:12", "reduce:30%", "rate:cut=2+extend:12")
LENDER, HOUSEHOLD = SIDES = ("lender", "household")
"""For whom the cheapest plan is the cheapest."""
MOST_BAD = 100
_AMOUNT = say("an amount of 0 or more")
_SHARE = say("a fraction from 0 to 1, such as 0.05 or 5%")


class Options(NamedTuple):
    """What is asked: the offers, the share of income, months ahead, and values for all loans."""

    plans: Sequence[Plan]
    share: Decimal
    horizon: int = 3
    top: int = 20
    pd: Decimal | None = None
    lgd: Decimal | None = None
    held_out: int = 3
    cheapest_for: str = LENDER


class Ranked(NamedTuple):
    """A loan that needs help and has not failed. Amounts are major units.

    `plan` is the cheapest plan that fits (see `cost`); None if none fits or nobody knows what
    can be paid.
    """

    id: str
    line: int
    segment: str
    currency: str
    days: int
    trend: int | None
    owed: Decimal
    payment: Decimal
    income: Decimal | None
    capacity: Decimal | None
    chance: float
    chance_from: str
    lgd: Decimal | None
    at_risk: Decimal
    plan: Offered | None
    plans: int

    @property
    def payment_to_income(self) -> float | None:
        """The instalment as a share of income."""
        return float(self.payment / self.income) if self.income else None


class _Loan(NamedTuple):
    """A loan that needs help, before its plans are known."""

    agreed: Agreed
    days: int
    income: Decimal | None
    capacity: Decimal | None
    segment: Segment


class Triage:
    """The answer: sums, and the first of the ranking. Reads the book once."""

    def __init__(
        self,
        setting: Setting,
        facts: Facts,
        by: str,
        scheme: Scheme,
        options: Options,
        history: History | None = None,
    ) -> None:
        self.scheme, self.options, self.history = scheme, options, history
        self.facts, self.by = facts, by
        self.by_class = [Sum() for _ in scheme.classes]
        self.by_bucket = [Sum() for _ in scheme.least]
        self.segments: dict[tuple[str, str], Segment] = {}
        self.loans = self.rejected = self.ranked_of = self.undated = self.refused = 0
        self.bad: list[Bad] = []
        self.moves: list[list[int]] = []
        self.rates: Rates = []
        self.backtest: Backtest | None = None
        self._chances: list[float | None] = [None] * len(scheme.least)
        if history is not None:
            size = len(scheme.least)
            self.moves, self.rates = rates_of(history.moves.values(), size)
            self._chances = chances(self.rates, scheme.failed_bucket, options.horizon)
            self.backtest = backtest(history.moves, size, options.held_out)
        self._failed_from = scheme.failed_from
        self._setting = setting
        self._engine = Engine(setting, options.plans)
        self._heap: list[tuple[Any, ...]] = []
        self._currency = str(setting.given.get("currency", "CNY"))

    @property
    def ranked(self) -> list[Ranked]:
        """The first of the ranking, the worst in front."""
        return [entry[-1] for entry in sorted(self._heap, reverse=True)]

    @property
    def currencies(self) -> list[str]:
        """The currencies of the book."""
        return sorted({currency for _, currency in self.segments})

    @property
    def foretold(self) -> list[float]:
        """The expected number of loans by bucket next month, "left" last; [] without history."""
        return expected(self.history.counts, self.rates) if self.history else []

    def read(self, book: BookFile, on_bad: Any = None) -> Triage:
        """Take all loans of a book; `on_bad` is called with each line that was not taken."""
        fields = [*self._setting.fields.values(), *self.facts, self.by]
        names = [name for name in dict.fromkeys(fields) if name]
        for loans, bad in book.chunks(names):
            for one in bad:
                self._reject(one, on_bad)
            self._take(loans, on_bad)
        return self

    def _reject(self, bad: Bad, on_bad: Any) -> None:
        self.rejected += 1
        if len(self.bad) < MOST_BAD:
            self.bad.append(bad)
        if on_bad is not None:
            on_bad(bad)

    def _take(self, loans: Loans, on_bad: Any) -> None:
        agreed, wrong = self._engine.agreed(loans)
        for one in wrong:
            self._reject(self._bad(loans, one), on_bad)
        needing: list[_Loan] = []
        for loan in agreed:
            try:
                found = self._classed(loans, loan)
            except RestructureError as error:
                value = self._value(loans, error.field, loan.row)
                wrong_one = Wrong(loan.row, "", error.field, str(value)[:200], error.reason)
                self._reject(self._bad(loans, wrong_one), on_bad)
                continue
            if found is not None:
                needing.append(found)
        self._help(loans, needing, on_bad)

    def _bad(self, loans: Loans, wrong: Wrong) -> Bad:
        line = loans.lines[wrong.row]
        return Bad(line, self._id(loans, wrong.row), wrong.field, wrong.value, wrong.reason)

    def _id(self, loans: Loans, row: int) -> str:
        value = self._value(loans, self.facts.id, row)
        return str(loans.lines[row]) if value is None else str(value)

    @staticmethod
    def _value(loans: Loans, column: str, row: int) -> Any:
        return loans.columns[column][row] if column in loans.columns else None

    def _classed(self, loans: Loans, loan: Agreed) -> _Loan | None:
        """Count a loan; return it if it needs help. Raises RestructureError, field the column."""
        row, facts = loan.row, self.facts
        days = self._days(loans, row)
        income = self._amount(loans, facts.income, row)
        capacity = self._amount(loans, facts.capacity, row)
        if capacity is None and income is not None:
            capacity = income * self.options.share
        needs_help = days > 0 or (capacity is not None and loan.payment > capacity)
        if needs_help:
            self._share(loans, facts.pd, row)
            self._share(loans, facts.lgd, row)
        self.loans += 1
        self.by_class[self.scheme.class_of(days)].add(loan.owed)
        self.by_bucket[self.scheme.bucket(days)].add(loan.owed)
        segment = self._segment(loans, row)
        segment.add(loan.owed)
        if days >= self._failed_from:
            segment.failed.add(loan.owed)
        if not needs_help:
            return None
        segment.help.add(loan.owed)
        return _Loan(loan, days, income, capacity, segment)

    def _days(self, loans: Loans, row: int) -> int:
        column = self.facts.days_past_due
        if not column:
            missed = self._value(loans, self._setting.fields.get("missed", ""), row)
            return 30 * (whole_days(missed) or 0)
        value = loans.columns[column][row]
        days = 0 if value == 0 or value == "0" else whole_days(value)
        if days is None:
            words = (
                say("is empty; give the days past due, 0 if none.")
                if value in (None, "")
                else say("{value} is not a whole number of days, 0 or more.", value=shown(value))
            )
            raise InvalidValue(words, field=column)
        missed_column = self._setting.fields.get("missed", "")
        if days and missed_column and not whole_days(loans.columns[missed_column][row]):
            self.undated += 1
        return days

    def _amount(self, loans: Loans, column: str, row: int) -> Decimal | None:
        value = self._value(loans, column, row)
        if value is None or value == "" or value != value:
            return None
        if type(value) is int and value >= 0:
            return Decimal(value)
        amount = number(value, column, _AMOUNT)
        if amount < 0:
            raise InvalidValue(
                say("{value} is not {allowed}.", value=shown(value), allowed=_AMOUNT), field=column
            )
        return amount

    def _share(self, loans: Loans, column: str, row: int) -> Decimal | None:
        value = self._value(loans, column, row)
        if value is None or value == "" or value != value:
            return None
        return share_of(value, column)

    def _segment(self, loans: Loans, row: int) -> Segment:
        name = self._value(loans, self.by, row) if self.by else ""
        currency = self._value(loans, self._setting.fields.get("currency", ""), row)
        key = ("" if name is None else str(name), str(currency or self._currency).upper())
        found = self.segments.get(key)
        if found is None:
            found = self.segments[key] = Segment(*key, len(self.options.plans))
        return found

    def _help(self, loans: Loans, needing: list[_Loan], on_bad: Any) -> None:
        """Work out the offers for the loans that need help, sum them, and rank the loans."""
        offers, wrong = self._engine.offers(loans, [loan.agreed.row for loan in needing])
        by_row: dict[int, list[Offered]] = {}
        for offer in offers:
            by_row.setdefault(offer.row, []).append(offer)
        segments = {loan.agreed.row: loan.segment for loan in needing}
        places = {plan.name: place for place, plan in enumerate(self.options.plans)}
        for one in wrong:
            self.refused += 1
            for place in [places[one.plan]] if one.plan else range(len(places)):
                segments[one.row].offers[place].refused += 1
        for loan in needing:
            row = loan.agreed.row
            pd = self._share(loans, self.facts.pd, row) if self.facts.pd else self.options.pd
            lgd = self._share(loans, self.facts.lgd, row) if self.facts.lgd else self.options.lgd
            best = self._sum(loan, by_row.get(row, []), pd, lgd)
            if loan.days < self._failed_from:
                self.ranked_of += 1
                self._rank(loans, loan, best, len(by_row.get(row, [])), pd, lgd)

    def _sum(
        self, loan: _Loan, offers: list[Offered], pd: Decimal | None, lgd: Decimal | None
    ) -> Offered | None:
        """Add a loan and its offers to the sums; return the cheapest offer that it can carry."""
        segment, owed = loan.segment, loan.agreed.owed
        loss = ZERO
        if pd is not None and lgd is not None:
            loss = pd * lgd * owed
            segment.valued.add(owed)
            segment.expected_loss += loss
        best: Offered | None = None
        for offer in offers:
            into = segment.offers[offer.plan]
            into.add(owed)
            into.npv_loss += offer.npv_loss
            into.extra_cost += offer.extra_cost
            into.expected_loss += loss
            if loan.capacity is None:
                into.unknown += 1
            elif offer.highest <= loan.capacity:
                into.fits += 1
                side = self.options.cheapest_for
                if best is None or cost(offer, owed, side) < cost(best, owed, side):
                    best = offer
        if best is not None:
            segment.cheapest.add(owed)
            segment.cheapest.fits += 1
            segment.cheapest.npv_loss += best.npv_loss
            segment.cheapest.extra_cost += best.extra_cost
            segment.cheapest.expected_loss += loss
        elif loan.capacity is None:
            segment.cheapest.unknown += 1
        return best

    def _rank(
        self,
        loans: Loans,
        loan: _Loan,
        best: Offered | None,
        plans: int,
        pd: Decimal | None,
        lgd: Decimal | None,
    ) -> None:
        chance, source = self._chance(loan.days, pd)
        owed = loan.agreed.owed
        exponent = Currency.of(loan.segment.currency).exponent
        weight = Decimal(str(round(chance, 6))) * (1 if lgd is None else lgd)
        at_risk = (owed * weight).quantize(Decimal(1).scaleb(-exponent))
        share = loan.agreed.payment / loan.income if loan.income else ZERO
        key = (at_risk, share, loan.days, -loans.lines[loan.agreed.row])
        if len(self._heap) >= self.options.top and (
            not self._heap or key <= self._heap[0][: len(key)]
        ):
            return
        row = loan.agreed.row
        name = self._id(loans, row)
        trend = self.history.trend(name, loan.days) if self.history else None
        found = Ranked(
            name, loans.lines[row], loan.segment.name, loan.segment.currency, loan.days, trend,
            owed, loan.agreed.payment, loan.income, loan.capacity, chance, source, lgd, at_risk,
            best, plans,
        )  # fmt: skip
        push = heapq.heappush if len(self._heap) < self.options.top else heapq.heapreplace
        push(self._heap, (*key, found))

    def _chance(self, days: int, pd: Decimal | None) -> tuple[float, str]:
        """Return the chance to fail within the horizon, and what it is taken from."""
        rolled = self._chances[self.scheme.bucket(days)]
        if rolled is not None:
            return rolled, "history"
        if pd is not None:
            return 1 - (1 - float(pd)) ** (self.options.horizon / 12), "pd"
        return min(1.0, days / self._failed_from), "days"


def cost(offer: Offered, owed: Decimal, side: str) -> tuple[Decimal, Decimal, int]:
    """Return what plans are compared by, the less the better.

    For the lender: the loss in present value, in steps of a ten-thousandth of what is owed,
    since less is rounding; then what the household pays in addition. For the household the
    other way round. Then the order of the list.
    """
    loss = round(offer.npv_loss / owed, 4) if owed else ZERO
    if side == HOUSEHOLD:
        return offer.extra_cost, loss, offer.plan
    return loss, offer.extra_cost, offer.plan


def share_of(value: Any, field: str) -> Decimal:
    """Read a fraction from 0 to 1, written as 0.05 or 5%. Raises InvalidValue."""
    percent = isinstance(value, str) and value.strip().endswith("%")
    share = number(value.strip()[:-1] if percent else value, field, _SHARE)
    share = share / 100 if percent else share
    if not 0 <= share <= 1:
        raise InvalidValue(
            say("{value} is not {allowed}.", value=shown(value), allowed=_SHARE), field=field
        )
    return share
