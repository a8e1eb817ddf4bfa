"""Explanations of rows and of instalments: interest, payment, and the annuity behind it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from restructure import metrics
from restructure.comparison import Comparison, PlanResult
from restructure.derivation import Live, LiveLoan, Row, Solve, Trace, trace_of
from restructure.errors import InvalidValue, shown
from restructure.explanation._figures import Explanation
from restructure.explanation._numbers import DIGITS, decimal, factor, ratio
from restructure.loan import LEVEL, Loan, Stretch
from restructure.measures import parse_plans
from restructure.rates import factor_over
from restructure.words import say


class Rows:
    """The explanations of what a line's rows hold, and of its instalments."""

    def __init__(self, line: PlanResult) -> None:
        self.line = line
        self.comparison: Comparison = line.comparison
        self.schedule = line.schedule
        self.loan: Loan = self.schedule.loan
        self.money = self.loan.currency.text
        self.trace: Trace = trace_of(self.schedule)
        self.rounded = say("rounded {mode}", mode=self.loan.rounding)

    def _runs(self, amounts: Sequence[int]) -> str:
        """Return a sum of amounts, equal neighbours together: 11 x 4,498.77 + 4,498.79."""
        parts = []
        for amount, run in groupby(amounts):
            count = len(list(run))
            if amount:
                parts.append((f"{count} x " if count > 1 else "") + self._signed(amount))
        return " + ".join(parts) or self.money(0)

    def _signed(self, amount: int) -> str:
        return self.money(amount) if amount >= 0 else f"({self.money(amount)})"

    def _amount(self, name: str, minor: int, formula: str, rounding: str = "") -> Explanation:
        return Explanation(name, self.money(minor), formula, rounding)

    # -- rows ---------------------------------------------------------------------------

    def _of_row(self, key: str, number: int, name: str) -> Explanation:
        """Return the explanation of a column in the row with a number from 1."""
        schedule, row, text = self.schedule, number - 1, self.money
        if row >= len(schedule):
            raise InvalidValue(
                say(
                    "{name} is past the end: {plan} has {rows} rows.",
                    name=name,
                    plan=shown(self.line.name),
                    rows=len(schedule),
                ),
                field="figure",
            )
        opening, interest = schedule.opening[row], schedule.interest[row]
        payment, closing = schedule.payment[row], schedule.closing[row]
        if key == "opening":
            if not row:
                note = say("what is owed on the day")
                return Explanation(name, text(opening), "", note=note)
            return self._of_row("closing", row, name)
        if key == "closing":
            return self._amount(
                name, closing, f"{text(opening)} + {text(interest)} - {text(payment)}"
            )
        if key == "principal":
            return self._amount(
                name, schedule.principal[row], f"{text(payment)} - {text(interest)}"
            )
        if not self.trace.rows:
            note = say("months without an instalment, or interest that waits, give it row by row")
            value = interest if key == "interest" else payment
            return Explanation(name, text(value), "", note=note)
        traced = self.trace.rows[row]
        if key == "interest":
            return self._interest(name, row, traced)
        if key == "instalment":
            return self._instalment_of(name, row, traced)
        return self._payment_of(name, row, traced)

    def _interest(self, name: str, row: int, traced: Row) -> Explanation:
        if traced.leg is None:
            note = say("no interest is charged")
            return Explanation(name, self.money(traced.interest), "", note=note)
        factor = self._factor(row, traced)
        text = f"{self.money(traced.base)} x {factor}"
        return self._amount(name, traced.interest, text, self.rounded)

    def _factor(self, row: int, traced: Row) -> str:
        """Return the period factor of a row in numbers: 0.012, or (0.144 x 31 / 365)."""
        leg, loan = traced.leg, self.loan
        assert leg is not None
        simple = traced.rule == "stretch" and self._stretch(traced).unpaid == "simple"
        lent = loan.by_days if simple else loan
        years = 1 / loan.every.per_year
        if lent.calendar is not None:
            years = lent.calendar.years(loan.passed + row)
        exact = Fraction(leg.num, leg.den)
        if factor_over(leg.rate, years, loan.compounding) != exact:
            return ratio(exact)
        return factor(leg.rate, years, loan, exact)

    def _stretch(self, traced: Row) -> Stretch:
        return self.trace.stretches[traced.stretch]

    def _payment_of(self, name: str, row: int, traced: Row) -> Explanation:
        """Return the explanation of what a row pays: by its rule, and what comes on top."""
        payment, text = self.schedule.payment[row], self.money
        parts = [text(traced.paid)] if traced.paid else []
        regular = traced.rule in ("level", "fixed", "shortened") and traced.paid == traced.pay
        note = say("the instalment") if regular else ""
        if traced.rule == "stretch":
            note = say("as the plan says for this row")
        elif traced.rule == "part" or (traced.rule == "shortened" and self.loan.method != LEVEL):
            part = traced.paid - traced.interest
            parts = [f"{text(part)} + {text(traced.interest)}"]
            note = say("part of principal, and interest")
        elif traced.rule == "interest":
            note = say("the interest of the period")
        elif not regular and traced.rule != "idle":
            parts = [f"{text(traced.balance)} + {text(traced.interest)}"]
            note = say("all that is left, and its interest")
        if traced.extra:
            parts.append(text(traced.extra))
        for top in self.trace.tops:
            if top.amounts[row]:
                parts.append(text(top.amounts[row]))
        if len(parts) == 1 and parts[0] == text(payment):
            return Explanation(name, text(payment), "", note=note)
        return Explanation(name, text(payment), " + ".join(parts) or "0", note=note)

    # -- instalments --------------------------------------------------------------------

    def _usual_row(self) -> int | None:
        """Return the row of the usual payment, if that is not the instalment itself."""
        usual, start = metrics.usual_payment(self.schedule), self.schedule.regular_from
        if not self.trace.rows:
            return None
        for row in range(start, len(self.schedule)):
            traced = self.trace.rows[row]
            if self.schedule.payment[row] == usual:
                alone = traced.rule in ("level", "fixed", "shortened") and traced.pay == usual
                return None if alone else row
        return None

    def _payment(self) -> list[Explanation]:
        row = self._usual_row()
        if row is None:
            return [found._replace(figure="payment") for found in self._instalment()]
        return [self._of_row("payment", row + 1, "payment")]

    def _first_payment(self) -> list[Explanation]:
        row = next((k for k, paid in enumerate(self.schedule.payment) if paid), 0)
        return [self._of_row("payment", row + 1, "first_payment")]

    def _last_payment(self) -> list[Explanation]:
        return [self._of_row("payment", len(self.schedule), "last_payment")]

    def _solves(self) -> bool:
        return bool(self.trace.solves) or self._contract_solve() is not None

    def _instalment(self) -> list[Explanation]:
        if self.loan.fixed is not None:
            return [self._fixed("instalment", self.loan.fixed)]
        if self.trace.solves:
            return [self._solved("instalment", self.trace.solves[0], self.trace, self.loan)]
        return [self._agreed("instalment")]

    def _instalment_of(self, name: str, row: int, traced: Row) -> Explanation:
        if traced.rule == "fixed":
            return self._fixed(name, traced.pay)
        if 0 <= traced.solve < len(self.trace.solves):
            return self._solved(name, self.trace.solves[traced.solve], self.trace, self.loan)
        if self.loan.instalment is not None and traced.pay == self.loan.instalment:
            return self._agreed(name)
        return Explanation(name, self.money(traced.pay), "", note=say("as the plan says"))

    def _contract_solve(self) -> tuple[Solve, Trace, Loan] | None:
        """Return how the contract's instalment was worked out, if it was."""
        drawn = self.comparison.drawn
        if drawn.agreed_rows is not None or drawn.instalment is not None or drawn.method != LEVEL:
            return None
        from restructure.position import contract_of

        schedule = contract_of(drawn)
        made = trace_of(schedule)
        return (made.solves[0], made, schedule.loan) if made.solves else None

    def _agreed(self, name: str) -> Explanation:
        found = self._contract_solve()
        if found is not None:
            return self._solved(name, *found)
        instalment = self.comparison.loan.instalment or 0
        note = say("as the contract has it")
        return Explanation(name, self.money(instalment), "", note=note)

    def _fixed(self, name: str, pay: int) -> Explanation:
        """Return the explanation of a fixed instalment: a share of the agreed one, or given."""
        live = self._live()
        share = live.fixed.share if live is not None and isinstance(live.fixed, Live) else None
        if share is not None:
            text = f"{self.money(share[1])} x {ratio(share[0])}"
            return self._amount(name, pay, text, say("rounded half-up"))
        note = say("fixed by the plan")
        if self.comparison.loan.instalment == pay:
            note = say("the instalment as agreed, which stays")
        return Explanation(name, self.money(pay), "", note=note)

    def _live(self) -> LiveLoan | None:
        """Return the plan's loan with where its amounts come from."""
        if not self.line.plan:
            return None
        loan = self.comparison.loan
        (plan,) = parse_plans([self.line.plan])
        agreed = Live(loan.instalment or 0, "")
        made = plan.apply(LiveLoan.like(loan, instalment=agreed))
        return made if isinstance(made, LiveLoan) else None

    def _solved(self, name: str, solve: Solve, made: Trace, loan: Loan) -> Explanation:
        """Return the annuity formula with the numbers of one instalment in it."""
        text, balloon, mode = self.money, loan.balloon, loan.instalment_rounding
        words = say("rounded up") if mode.up else say("rounded half-up")
        if mode.step > 1:
            words = (
                say("rounded up to a multiple of {step}", step=text(mode.step))
                if mode.up
                else say("rounded to a multiple of {step}", step=text(mode.step))
            )
        debt = text(solve.balance)
        if loan.method != LEVEL:
            left = f"({debt} - {text(balloon)})" if balloon else debt
            formula = f"{left} / {solve.over}"
            return self._amount(name, solve.pay, formula, say("rounded half-up"))
        if loan.calendar is not None:
            return self._by_factors(name, solve, loan, words)
        exact = Fraction(solve.leg.num, solve.leg.den)
        if not exact:
            left = f"({debt} - {text(balloon)})" if balloon else debt
            return self._amount(name, solve.pay, f"{left} / {solve.over}", words)
        bears = factor(solve.leg.rate, 1 / loan.every.per_year, loan, exact)
        grown = f"(1 + {bears})" if decimal(exact) is None else f"{ratio(1 + exact)}"
        shrunk = f"{grown}^-{solve.over}"
        left = f"({debt} - {text(balloon)} x {shrunk})" if balloon else debt
        formula = f"{left} x {bears} / (1 - {shrunk})"
        return self._amount(name, solve.pay, formula, words)

    def _by_factors(self, name: str, solve: Solve, loan: Loan, words: str) -> Explanation:
        """Explain an instalment over periods of different lengths by its discount factors."""
        from dataclasses import replace

        first = replace(loan, resets=tuple(r for r in loan.resets if not r.keep))
        rest = replace(loan, resets=())
        value, total = Fraction(1), Decimal(0)
        for k in range(solve.over):
            source = first if k == 0 else rest
            leg = source.leg_at(solve.row + k, solve.leg)
            value /= 1 + Fraction(leg.num, leg.den)
            total += DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))
            value = Fraction(value).limit_denominator(10**45)
        left = self.money(solve.balance)
        if loan.balloon:
            last = DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))
            left = f"({left} - {self.money(loan.balloon)} x {last:.24f})"
        note = say(
            "over the sum of the discount factors of {count} periods, 1/(1 + f) each, "
            "one upon the other",
            count=solve.over,
        )
        found = self._amount(name, solve.pay, f"{left} / {total:.24f}", words)
        return found._replace(note=note)
