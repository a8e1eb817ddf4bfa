"""Affordability: what a household earns, spends and can carry, beside the loan as agreed.

Amounts are minor units a period of the loan. Surplus = income - costs - other debts, before
this loan's instalment (the UK Standard Financial Statement works so). Payment-to-income =
instalment / income; debt-to-income = (instalment + other debts) / income; the income is gross
or net as the household says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

from restructure.engine import build
from restructure.errors import InvalidValue, UnknownName, nearest, shown
from restructure.limits import SFS_HEADINGS, Limit
from restructure.loan import Loan
from restructure.money import Currency, number
from restructure.position import as_agreed, locate
from restructure.schedule import Schedule
from restructure.series import Series, combined, starts
from restructure.words import say

NAMES = ("income", "basis", "expenses", "flexible", "other_debt", "reserve")
"""What [household] may hold."""
BASES = {"net": say("net"), "gross": say("gross")}


@dataclass(frozen=True, slots=True)
class Household:
    """A household's budget a period: income, costs by name, other debts, and a reserve.

    `basis` says whether the income is net (in hand) or gross; gross income needs its taxes
    among the costs. `flexible` names the costs that can be cut first.
    """

    currency: Currency
    income: Series
    expenses: tuple[tuple[str, Series], ...] = ()
    other_debt: Series = Series.constant(0)
    reserve: int = 0
    basis: str = "net"
    flexible: tuple[str, ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, Any], currency: Currency) -> Household:
        """Read a household from plain values, named as in [household] of a loan file."""
        for name in values:
            if name not in NAMES:
                raise UnknownName(
                    say(
                        "there is no {name}.{nearest} The names are {names}.",
                        name=shown(name),
                        nearest=nearest(str(name), NAMES),
                        names=", ".join(NAMES),
                    ),
                    field="household",
                )
        if values.get("income") is None:
            raise InvalidValue(
                say(
                    "is missing; give for instance --income 8000, or income = 8000 in [household]."
                ),
                field="income",
            )
        basis = values.get("basis", "net")
        if basis not in BASES:
            hint = nearest(str(basis), BASES)
            raise UnknownName(
                say("{basis} is not one of net, gross.{hint}", basis=shown(basis), hint=hint),
                field="basis",
            )
        costs = values.get("expenses", {})
        if not isinstance(costs, Mapping):
            raise InvalidValue(
                say(
                    "is not a table of names and amounts; write [household.expenses] and rent = "
                    "2000."
                ),
                field="expenses",
            )
        expenses = tuple(
            (str(name), Series.of(value, f"expenses {name}", currency))
            for name, value in costs.items()
        )
        reserve = number(values.get("reserve", 0), "reserve", say("an amount of 0 or more"))
        if reserve < 0:
            raise InvalidValue(
                say("{reserve} is negative; give 0 or more.", reserve=shown(reserve)),
                field="reserve",
            )
        return cls(
            currency=currency,
            income=Series.of(values["income"], "income", currency),
            expenses=expenses,
            other_debt=Series.of(values.get("other_debt", 0), "other_debt", currency),
            reserve=currency.minor(reserve, "reserve"),
            basis=basis,
            flexible=_flexible(values.get("flexible", []), [name for name, _ in expenses]),
        )

    @property
    def costs(self) -> Series:
        """All costs of living of a period, without debts."""
        return combined(
            lambda *costs: sum(costs), Series.constant(0), *(s for _, s in self.expenses)
        )

    def surplus(self, period: int) -> int:
        """Return what is left for this loan; negative if income does not cover the rest."""
        return self.income.at(period) - self.costs.at(period) - self.other_debt.at(period)

    def capacity(self, limits: Iterable[Limit] = ()) -> Series:
        """Return the instalment that can be carried in each period, 0 or more.

        The surplus, and no more than each limit's share of income. The reserve is not spent.
        """
        limits = tuple(limits)

        def most(income: int, costs: int, debts: int) -> int:
            found = income - costs - debts
            for limit in limits:
                if limit.payment is not None:
                    found = min(found, int(limit.payment * income))
                if limit.debt is not None:
                    found = min(found, int(limit.debt * income) - debts)
            return max(found, 0)

        return combined(most, self.income, self.costs, self.other_debt)

    def with_income(self, share: Fraction) -> Household:
        """Return the household with its income changed by `share` (-1/10: a tenth less)."""
        changed = self.income.map(lambda amount: max(int(amount * (1 + share)), 0))
        return replace(self, income=changed)


def _flexible(value: Any, names: list[str]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise InvalidValue(say('is not a list of costs, such as ["eating out"].'), field="flexible")
    for name in value:
        if name not in names:
            raise UnknownName(
                say(
                    "{name} is none of the costs{known}; name it with its amount too, as in "
                    "--expense {example}=300.",
                    name=shown(name),
                    known=f" ({', '.join(names)})" if names else "",
                    example=name,
                )
                + nearest(name, names),
                field="flexible",
            )
    return tuple(value)


class Span(NamedTuple):
    """Periods `first` to `last` with one budget; `instalment` is the highest in them.

    `left` = surplus - instalment: negative where the loan as agreed cannot be kept. Ratios are
    fractions; None without income.
    """

    first: int
    last: int
    income: int
    costs: int
    other_debt: int
    surplus: int
    instalment: int
    left: int
    payment_to_income: float | None
    debt_to_income: float | None
    capacity: int


class Breach(NamedTuple):
    """A limit that is passed: `kind` is payment or debt, `share` the highest share found.

    It is found in the periods `first` to `last`.
    """

    limit: Limit
    kind: str
    most: Fraction
    share: float | None
    first: int
    last: int


class Cut(NamedTuple):
    """A cost of `amount` a period, and the `cut` that alone keeps the loan as agreed.

    `enough` is False where even all of it would not do. `share` = cut / amount.
    """

    name: str
    amount: int
    cut: int
    share: float
    enough: bool
    flexible: bool


class Affordability:
    """What the household can carry of the loan as agreed, period by period.

    `agreed` is the rest of the schedule as agreed, where a ledger gives it.
    """

    def __init__(
        self,
        loan: Loan,
        household: Household,
        limits: Iterable[Limit] = (),
        agreed: Schedule | None = None,
    ) -> None:
        self.loan = locate(loan)
        self.household = household
        self.limits = tuple(limits)
        self.agreed = build(as_agreed(self.loan)) if agreed is None else agreed
        self.capacity = household.capacity(self.limits)

    @property
    def spans(self) -> list[Span]:
        """The periods of the loan as agreed, those of one budget together."""
        home, paid = self.household, self.agreed.payment
        series = [home.income, home.other_debt, *(cost for _, cost in home.expenses)]
        first = [start for start in starts(series) if start <= len(paid)]
        found = []
        for start, after in zip(first, [*first[1:], len(paid) + 1], strict=True):
            income, debts = home.income.at(start), home.other_debt.at(start)
            due = max(paid[start - 1 : after - 1])
            surplus = home.surplus(start)
            found.append(
                Span(
                    first=start,
                    last=after - 1,
                    income=income,
                    costs=home.costs.at(start),
                    other_debt=debts,
                    surplus=surplus,
                    instalment=due,
                    left=surplus - due,
                    payment_to_income=due / income if income else None,
                    debt_to_income=(due + debts) / income if income else None,
                    capacity=self.capacity.at(start),
                )
            )
        return found

    @property
    def affordable(self) -> bool:
        """Whether every instalment as agreed is within the capacity of its period."""
        return not self.loan.arrears.total and all(s.instalment <= s.capacity for s in self.spans)

    @property
    def worst(self) -> Span:
        """The first span in which the budget falls short most."""
        return min(self.spans, key=lambda span: span.left)

    @property
    def breaches(self) -> list[Breach]:
        """The limits that the loan as agreed passes, each where it passes them most."""
        found = []
        for limit in self.limits:
            for kind, most in (("payment", limit.payment), ("debt", limit.debt)):
                if most is None:
                    continue
                name = f"{kind}_to_income"
                over = [
                    (float("inf") if getattr(s, name) is None else getattr(s, name), s)
                    for s in self.spans
                ]
                share, span = max(over, key=lambda pair: pair[0])
                paid = span.instalment + (span.other_debt if kind == "debt" else 0)
                if paid > most * span.income:
                    shown_ = None if share == float("inf") else share
                    found.append(Breach(limit, kind, most, shown_, span.first, span.last))
        return found

    @property
    def gap(self) -> int:
        """What is missing a period, at worst, to keep the loan as agreed; 0 if nothing."""
        return max(-self.worst.left, 0)

    @property
    def cuts(self) -> list[Cut]:
        """Which cost to cut by how much, alone, to keep the loan as agreed; flexible first."""
        gap, period = self.gap, self.worst.first
        found = []
        for name, series in self.household.expenses if gap else ():
            amount = series.at(period)
            if amount:
                cut = min(gap, amount)
                soft = (
                    name in self.household.flexible or SFS_HEADINGS.get(name.lower()) == "flexible"
                )
                found.append(Cut(name, amount, cut, cut / amount, gap <= amount, soft))
        return sorted(found, key=lambda cut: (not cut.flexible, not cut.enough, cut.share))

    def reserve_lasts(self, income: bool = True) -> int | None:
        """Return how many periods the reserve carries the loan as agreed; None: to its end.

        With `income` False: a shock in which all income stops.
        """
        left = self.household.reserve - self.agreed.loan.at_once
        for row, paid in enumerate(self.agreed.payment):
            period = row + 1
            surplus = self.household.surplus(period)
            if not income:
                surplus -= self.household.income.at(period)
            left += min(surplus - paid, 0)
            if left < 0:
                return row
        return None

    @property
    def notes(self) -> list[str]:
        """What was understood, in sentences for the reader."""
        home, loan = self.household, self.loan
        notes = list(loan.notes)
        notes.append(
            say("Income is net.")
            if home.basis == "net"
            else say("Income is gross; taxes have to stand among the costs.")
        )
        if loan.every.name != "month":
            notes.append(
                say(
                    "The household's amounts are taken as those of a {name}.",
                    name=loan.every.word(),
                )
            )
        if loan.arrears.total:
            notes.append(
                say(
                    "Arrears of {total} are due at once besides.",
                    total=loan.currency.text(loan.arrears.total),
                )
            )
        for limit in self.limits:
            notes.append(say("Limit {name}: {source}", name=limit.name, source=limit.source))
            shares = limit.payment is not None or limit.debt is not None
            if shares and limit.basis and limit.basis != home.basis:
                notes.append(
                    say(
                        "Limit {name} is a share of {basis} income, and the income given is "
                        "{basis2}.",
                        name=limit.name,
                        basis=BASES[limit.basis],
                        basis2=BASES[home.basis],
                    )
                )
            if limit.name == "sfs":
                for name, _ in home.expenses:
                    if name.lower() not in SFS_HEADINGS:
                        hint = nearest(name, SFS_HEADINGS)
                        notes.append(
                            say(
                                "{name} is no heading of that statement.{hint}",
                                name=shown(name),
                                hint=hint,
                            )
                        )
        return notes
