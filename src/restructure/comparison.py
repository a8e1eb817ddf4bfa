"""Comparison: the as-agreed loan beside the plans, built the same way and subtracted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from restructure import metrics
from restructure.engine import build
from restructure.errors import InvalidValue, Refused
from restructure.loan import Loan
from restructure.measures import Plan, parse_plans
from restructure.position import as_agreed, locate
from restructure.schedule import Schedule
from restructure.words import Text, say

AS_AGREED = say("as agreed")
DEFAULT_PLANS = ("defer:3", "extend:6", "reduce:30%")
HORIZONS = (3, 6, 12)
"""The numbers of periods for which relief is shown."""


class PlanResult:
    """One line of a comparison. Amounts are Decimals in major units, rates are fractions.

    `refused` holds the reason if the plan cannot be carried out; its figures are then absent
    and reading one raises Refused.
    """

    def __init__(
        self,
        comparison: Comparison,
        name: str,
        plan: str,
        description: str,
        schedule: Schedule | None,
        refused: str = "",
    ) -> None:
        self.comparison = comparison
        self.name = name
        self.plan = plan
        self.description = description
        self.refused = refused
        self._schedule = schedule

    @property
    def schedule(self) -> Schedule:
        """The schedule of the plan. Raises Refused if there is none."""
        if self._schedule is None:
            raise Refused(self.refused, field=self.name)
        return self._schedule

    def _amount(self, minor: int) -> Decimal:
        return self.schedule.loan.currency.decimal(minor)

    @property
    def payment(self) -> Decimal:
        """What most regular rows pay; the earliest on a tie."""
        return self._amount(metrics.usual_payment(self.schedule))

    @property
    def first_payment(self) -> Decimal:
        """The first payment that is not 0."""
        return self._amount(next((paid for paid in self.schedule.payment if paid), 0))

    @property
    def lowest_payment(self) -> Decimal:
        """The least that a row pays; a paused row counts as 0."""
        return self._amount(min(self.schedule.payment, default=0))

    @property
    def highest_payment(self) -> Decimal:
        """The most that a row pays, sums on top included."""
        return self._amount(max(self.schedule.payment, default=0))

    @property
    def last_payment(self) -> Decimal:
        """What the last row pays."""
        return self._amount(self.schedule.payment[-1] if self.schedule.payment else 0)

    @property
    def instalments(self) -> int:
        """Rows with a payment."""
        return sum(1 for paid in self.schedule.payment if paid)

    @property
    def periods(self) -> int:
        """Rows, paused ones included."""
        return len(self.schedule)

    @property
    def extra_periods(self) -> int:
        """Rows more than as agreed."""
        return self.periods - len(self.comparison.agreed)

    @property
    def maturity(self) -> date | None:
        """The due date of the last row; None without dates."""
        return self.schedule.maturity

    @property
    def total_paid(self) -> Decimal:
        """Everything paid from the day of restructuring on, arrears paid at once included."""
        return self._amount(metrics.total_paid(self.schedule))

    @property
    def total_interest(self) -> Decimal:
        """Interest of all rows."""
        return self._amount(sum(self.schedule.interest))

    @property
    def total_charges(self) -> Decimal:
        """Charges of all rows."""
        return self._amount(sum(self.schedule.charges))

    @property
    def arrears(self) -> Decimal:
        """Arrears paid on the day of restructuring itself."""
        return self._amount(self.schedule.loan.at_once)

    @property
    def forgiven(self) -> Decimal:
        """What the lender gives up of the debt."""
        return self._amount(self.schedule.loan.given_up)

    @property
    def extra_cost(self) -> Decimal:
        """Total paid against as agreed; negative if less is paid."""
        agreed = metrics.total_paid(self.comparison.agreed)
        return self._amount(metrics.total_paid(self.schedule) - agreed)

    def relief_within(self, periods: int) -> Decimal:
        """What stays in the household's pocket over the next periods, against as agreed."""
        agreed = metrics.paid_within(self.comparison.agreed, periods)
        return self._amount(agreed - metrics.paid_within(self.schedule, periods))

    @property
    def relief(self) -> dict[int, Decimal]:
        """Relief over the next 3, 6 and 12 periods."""
        return {periods: self.relief_within(periods) for periods in HORIZONS}

    @property
    def effective_rate(self) -> float | None:
        """Yield a year, compounded, of what is paid for what is owed; None if there is none."""
        loan = self.comparison.loan
        return metrics.effective_rate(self.schedule, loan.owed + round(loan.accrued))

    def _npv_loss(self) -> float:
        original = self.comparison.loan.original_rate or 0.0
        return metrics.npv_loss(self.schedule, self.comparison.agreed, original)

    @property
    def npv_loss(self) -> Decimal:
        """The lender's loss in present value at the original effective rate (EBA)."""
        return self._amount(round(self._npv_loss()))

    @property
    def npv_loss_rate(self) -> float:
        """The lender's loss as a fraction of the value as agreed."""
        original = self.comparison.loan.original_rate or 0.0
        agreed = self.comparison.agreed
        before = metrics.value_of(agreed, original)
        return self._npv_loss() / before if before else 0.0

    @property
    def notes(self) -> list[str]:
        """What the reader should know about this line, in sentences."""
        return list(_notes(self))


class Comparison:
    """As agreed and the plans of one loan, with notes on what was assumed."""

    def __init__(self, loan: Loan, plans: Sequence[Plan], agreed: Schedule | None = None) -> None:
        self.drawn = loan
        self.loan = locate(loan)
        self.agreed = build(as_agreed(self.loan)) if agreed is None else agreed
        self.plans = [
            PlanResult(self, AS_AGREED, "", _agreed_words(self.loan), self.agreed),
            *(self._line(plan) for plan in plans),
        ]

    def _line(self, plan: Plan) -> PlanResult:
        description = ""
        try:
            description = plan.describe(self.loan)
            schedule = build(plan.apply(self.loan))
        except (Refused, InvalidValue) as error:
            return PlanResult(self, plan.name, plan.text, description, None, error.text)
        return PlanResult(self, plan.name, plan.text, description, schedule)

    @property
    def original_effective_rate(self) -> float | None:
        """The effective annual rate of the original flows with their fees."""
        return self.loan.original_rate

    @property
    def notes(self) -> list[str]:
        """What was assumed, how arrears are treated, and what each line's reader should know."""
        notes = list(self.loan.notes)
        arrears = self.loan.arrears
        if arrears.total:
            text = self.loan.currency.text
            notes.append(
                say(
                    "Overdue: {principal} principal, {interest} interest, {penalty} penalty "
                    "interest, {fees} fees; owed in all {owed}.",
                    principal=text(arrears.principal),
                    interest=text(arrears.interest),
                    penalty=text(arrears.penalty),
                    fees=text(arrears.fees),
                    owed=text(self.loan.owed),
                )
            )
            notes.append(
                say(
                    "As agreed means: the arrears at once, then the remaining instalments. In a "
                    "plan without arrears:, overdue principal and interest join the debt, and "
                    "penalty interest and fees are due with the first payment."
                )
            )
        for line in self.plans:
            notes += [say("{name}: {note}", name=line.name, note=note) for note in line.notes]
        return notes

    @property
    def all_refused(self) -> bool:
        """Whether plans were asked for and not one could be computed."""
        asked = self.plans[1:]
        return bool(asked) and all(line.refused for line in asked)


def compare(
    loan: Loan, plans: Iterable[str | Plan] = DEFAULT_PLANS, agreed: Schedule | None = None
) -> Comparison:
    """Return the as-agreed loan beside `plans`, each written in the plan grammar or parsed.

    `agreed` is the rest of the schedule as agreed, where a ledger gives it.
    Raises PlanSyntaxError for a plan that cannot be read. A plan that cannot be carried out
    takes its line with the reason.
    """
    parsed: list[Plan] = []
    for plan in plans:
        parsed += [plan] if isinstance(plan, Plan) else parse_plans([plan])
    return Comparison(loan, distinct(parsed), agreed)


def distinct(plans: list[Plan]) -> list[Plan]:
    """Return the plans with a number behind each name that stands more than once."""
    seen: dict[str, int] = {AS_AGREED: 1}
    found = []
    for plan in plans:
        seen[plan.name] = count = seen.get(plan.name, 0) + 1
        found.append(plan if count == 1 else plan._replace(name=f"{plan.name} ({count})"))
    return found


def _agreed_words(loan: Loan) -> Text:
    rest = say("{instalments} as scheduled", instalments=loan.instalments_text(loan.count))
    return say("Arrears at once, then {rest}", rest=rest) if loan.arrears.total else rest


def _notes(line: PlanResult) -> Iterable[str]:
    """Yield what is unusual about a line's schedule."""
    if line.refused:
        return
    schedule, text = line.schedule, line.comparison.loan.currency.text
    usual, payments = metrics.usual_payment(schedule), schedule.payment
    loan, kept = schedule.loan, line.comparison.drawn.instalment is not None
    # Where the instalment stays by agreement, the last one takes more than rounding.
    kept = kept or any(reset.keep for reset in loan.resets)
    kept = kept or bool(loan.calendar and loan.calendar.shifted)
    if abs(schedule.residue) * 100 > usual > 0 and not kept:
        yield (
            say(
                "rounding moves the last instalment by {residue}, more than 1 % of {usual}.",
                residue=text(schedule.residue),
                usual=text(usual),
            )
        )
    for extra in schedule.loan.extras:
        if extra.at > len(payments):
            yield say(
                "the prepayment at period {at} is not made: the debt is repaid before.", at=extra.at
            )
    growing = [
        row
        for row, principal in enumerate(schedule.principal)
        if principal < 0 and schedule.payment[row] > 0
    ]
    if growing:
        yield (
            say(
                "the debt grows while payments are below the interest (negative amortisation), "
                "to {closing}.",
                closing=text(max(schedule.closing)),
            )
        )
