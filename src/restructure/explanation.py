"""Explanations: for any figure of a plan, the formula with the numbers in it.

"4,498.77 = 50,000.00 x 0.012 / (1 - 1.012^-12), rounded half-up". What stands behind the
equals sign can be worked out again as it is written: +, -, x, / and ^ with brackets, commas
between thousands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from itertools import accumulate, groupby
from typing import NamedTuple

from restructure import metrics
from restructure.comparison import HORIZONS, Comparison, PlanResult
from restructure.derivation import Live, LiveLoan, Row, Solve, Trace, trace_of
from restructure.errors import InvalidValue, nearest, shown
from restructure.loan import LEVEL, Loan, Stretch
from restructure.measures import parse_plans
from restructure.rates import factor_over
from restructure.words import say

_DIGITS = Context(prec=40)
_PLAIN = (
    "instalment", "payment", "first_payment", "last_payment", "debt_after_pause", "total_paid",
    "total_interest", "extra_cost", "effective_rate", "present_value", "npv_loss",
    "npv_loss_rate", "arrears", "penalty",
)  # fmt: skip
_OF_ROW = ("opening", "interest", "principal", "payment", "closing", "instalment")
_RELIEF = re.compile(r"relief_([1-9][0-9]{0,3})\Z", re.ASCII)
_AT = re.compile(r"([a-z]+)@([1-9][0-9]{0,4})\Z", re.ASCII)


class Explanation(NamedTuple):
    """A figure: its name, its value, the formula that gives it, how that is rounded.

    `formula` is empty for what follows from no formula; `note` then says what it is.
    """

    figure: str
    value: str
    formula: str
    rounding: str = ""
    note: str = ""

    @property
    def text(self) -> str:
        """The explanation in one line, without the figure's name."""
        if not self.formula:
            return say("{value}: {note}", value=self.value, note=self.note)
        line = f"{self.value} = {self.formula}"
        if self.rounding:
            line = say("{line}, {rounding}", line=line, rounding=self.rounding)
        return say("{line}; {note}", line=line, note=self.note) if self.note else line


def figures(text: str) -> list[str]:
    """Read names of figures, separated by commas; raises InvalidValue for an unknown one."""
    found = []
    for name in (part.strip() for part in text.split(",")):
        at = _AT.match(name)
        if name not in _PLAIN and not _RELIEF.match(name) and not (at and at[1] in _OF_ROW):
            raise InvalidValue(
                say(
                    "{name} is not a figure: {plain}, relief_N, or of a row {rows} with @N, as in "
                    "interest@5.{nearest}",
                    name=shown(name),
                    plain=", ".join(_PLAIN),
                    rows=", ".join(_OF_ROW),
                    nearest=nearest(name, _PLAIN),
                ),
                field="figure",
            )
        found.append(name)
    return found


def explain(line: PlanResult, wanted: Sequence[str] = ()) -> list[Explanation]:
    """Return the explanations of the figures that are wanted of a line; by default the main ones.

    A refused line has none. Raises InvalidValue for a row that the plan does not have.
    """
    if line.refused:
        return []
    explainer = _Explainer(line)
    if wanted:
        return [found for name in wanted for found in explainer.of(name)]
    return [explainer.of(name)[0] for name in explainer.main()]


class _Explainer:
    """The explanations of one line."""

    def __init__(self, line: PlanResult) -> None:
        self.line = line
        self.comparison: Comparison = line.comparison
        self.schedule = line.schedule
        self.loan: Loan = self.schedule.loan
        self.money = self.loan.currency.text
        self.trace: Trace = trace_of(self.schedule)
        self.rounded = say("rounded {mode}", mode=self.loan.rounding)

    def main(self) -> list[str]:
        """Return the names of the figures that are explained by default."""
        rows = len(self.schedule)
        names = ["instalment"] if self._solves() or self.loan.fixed is not None else []
        names += ["payment"] if self._usual_row() is not None else []
        names += ["debt_after_pause"] if self.schedule.regular_from else []
        names += [f"interest@{row}" for row in dict.fromkeys((1, rows)) if rows]
        names += ["last_payment", "total_paid", "total_interest", "extra_cost"]
        names += ["penalty"] if self.comparison.loan.arrears.penalty else []
        names += [f"relief_{n}" for n in HORIZONS[:2]] if self.line.plan else []
        names += ["effective_rate"]
        return names + (["npv_loss"] if self.line.plan else [])

    def of(self, name: str) -> list[Explanation]:
        """Return the explanation of a figure, perhaps with others that it rests on."""
        if at := _AT.match(name):
            return [self._of_row(at[1], int(at[2]), name)]
        if relief := _RELIEF.match(name):
            return [self._relief(int(relief[1]), name)]
        made: Callable[[], list[Explanation]] = getattr(self, f"_{name}")
        return made()

    # -- sums ---------------------------------------------------------------------------

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

    def _total_paid(self) -> list[Explanation]:
        paid = self._runs(self.schedule.payment)
        if self.loan.at_once:
            paid = f"{self.money(self.loan.at_once)} + {paid}"
        return [self._amount("total_paid", metrics.total_paid(self.schedule), paid)]

    def _total_interest(self) -> list[Explanation]:
        paid, owed = sum(self.schedule.payment), self.schedule.opening[0]
        text = f"{self.money(paid)} - {self.money(owed)}"
        note = say("all that the rows pay, less what is owed when they begin")
        found = self._amount("total_interest", sum(self.schedule.interest), text)
        return [found._replace(note=note)]

    def _extra_cost(self) -> list[Explanation]:
        here = metrics.total_paid(self.schedule)
        there = metrics.total_paid(self.comparison.agreed)
        return [
            self._amount("extra_cost", here - there, f"{self.money(here)} - {self.money(there)}")
        ]

    def _relief(self, periods: int, name: str) -> Explanation:
        agreed, here = self.comparison.agreed, self.schedule
        value = metrics.paid_within(agreed, periods) - metrics.paid_within(here, periods)
        parts = []
        for schedule in (agreed, here):
            once = f"{self.money(schedule.loan.at_once)} + " if schedule.loan.at_once else ""
            paid = once + self._runs(schedule.payment[:periods])
            parts.append(f"({paid})" if " + " in paid else paid)
        return self._amount(name, value, f"{parts[0]} - {parts[1]}")

    def _arrears(self) -> list[Explanation]:
        arrears = self.comparison.loan.arrears
        parts = [arrears.principal, arrears.interest, arrears.penalty, arrears.fees]
        text = " + ".join(self.money(part) for part in parts)
        note = say("principal, interest, penalty interest, fees")
        return [self._amount("arrears", arrears.total, text)._replace(note=note)]

    def _penalty(self) -> list[Explanation]:
        """Overdue principal x penalty rate x time since its due date, of each missed row."""
        loan, penalty = self.comparison.loan, self.comparison.loan.arrears.penalty
        drawn = self.comparison.drawn
        known = drawn.agreed_rows is None and loan.missed and loan.stated_penalty is None
        if not known:
            note = say("as stated, or as the payment history gives it")
            return [Explanation("penalty", self.money(penalty), "", note=note)]
        from restructure.position import contract_of

        contract, past, calendar = contract_of(drawn), loan.passed, loan.calendar
        parts = []
        for row in range(loan.paid, past):
            years = (
                calendar.between(row, past - 1)
                if calendar is not None
                else (past - row - 1) / loan.every.per_year
            )
            if years:
                parts.append(f"{self.money(contract.principal[row])} x {_ratio(years)}")
        text = f"({' + '.join(parts) or '0'}) x {_ratio(loan.penalty_rate.of(loan.rate))}"
        return [self._amount("penalty", penalty, text, self.rounded)]

    def _debt_after_pause(self) -> list[Explanation]:
        schedule, row = self.schedule, self.schedule.regular_from
        if not row:
            note = say("there is no pause")
            return [Explanation("debt_after_pause", self.money(schedule.opening[0]), "", note=note)]
        text = f"{self.money(schedule.opening[0])} + {self._runs(schedule.interest[:row])}"
        if any(schedule.payment[:row]):
            text += f" - ({self._runs(schedule.payment[:row])})"
        return [self._amount("debt_after_pause", schedule.closing[row - 1], text)]

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
            return _ratio(exact)
        return _factor(leg.rate, years, loan, exact)

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
            text = f"{self.money(share[1])} x {_ratio(share[0])}"
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
        factor = _factor(solve.leg.rate, 1 / loan.every.per_year, loan, exact)
        grown = f"(1 + {factor})" if _decimal(exact) is None else f"{_ratio(1 + exact)}"
        shrunk = f"{grown}^-{solve.over}"
        left = f"({debt} - {text(balloon)} x {shrunk})" if balloon else debt
        formula = f"{left} x {factor} / (1 - {shrunk})"
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
            total += _DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))
            value = Fraction(value).limit_denominator(10**45)
        left = self.money(solve.balance)
        if loan.balloon:
            last = _DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))
            left = f"({left} - {self.money(loan.balloon)} x {last:.24f})"
        note = say(
            "over the sum of the discount factors of {count} periods, 1/(1 + f) each, "
            "one upon the other",
            count=solve.over,
        )
        found = self._amount(name, solve.pay, f"{left} / {total:.24f}", words)
        return found._replace(note=note)

    # -- yields and present values ------------------------------------------------------

    def _worth(self, payments: Sequence[int], growth: str, once: int) -> str:
        """Return the present value of payments a period apart, `growth` each period."""
        parts = [self.money(once)] if once else []
        at = 0
        for amount, run in groupby(payments):
            count = len(list(run))
            if amount and float(growth) == 1:
                parts.append(f"{count} x {self.money(amount)}")
            elif amount and count == 1:
                parts.append(f"{self.money(amount)} x {growth}^-{at + 1}")
            elif amount:
                began = f"{growth}^-{at}" if at else "1"
                worth = f"({began} - {growth}^-{at + count}) / ({growth} - 1)"
                parts.append(f"{self.money(amount)} x {worth}")
            at += count
        return " + ".join(parts) or "0"

    def _worth_dated(self, payments: Sequence[int], growth: str, once: int) -> str:
        """Return the present value of payments on dates, `growth` a year."""
        calendar, passed = self.loan.calendar, self.loan.passed
        assert calendar is not None
        years = accumulate(calendar.years(passed + row) for row in range(len(payments)))
        parts = [self.money(once)] if once else []
        parts += [
            f"{self.money(paid)} x {growth}^-{_ratio(time)}"
            for paid, time in zip(payments, years, strict=True)
            if paid
        ]
        return " + ".join(parts) or "0"

    def _valued(self, rate: float, once: int) -> str:
        """Return the present value of the plan's payments at an effective annual rate."""
        payments = self.schedule.payment
        if self.loan.calendar is not None:
            return self._worth_dated(payments, _long(1 + rate), once)
        period = metrics.period_rate(rate, float(self.loan.every.per_year))
        return self._worth(payments, _long(1 + period), once)

    def _effective_rate(self) -> list[Explanation]:
        rate = self.line.effective_rate
        if rate is None:
            return [Explanation("effective_rate", "none", "", note=say("no rate fits"))]
        loan = self.comparison.loan
        owed = loan.owed + round(loan.accrued)
        proof = Explanation(
            "owed",
            self.money(owed),
            self._valued(rate, self.loan.at_once),
            say("rounded half-up"),
            say("what is paid, discounted at the effective rate: its proof"),
        )
        per = self.loan.every.per_year
        if self.loan.calendar is not None:
            note = say("the rate at which what is paid is worth what is owed")
            return [Explanation("effective_rate", f"{rate:.6f}", "", note=note), proof]
        growth = _long(1 + metrics.period_rate(rate, float(per)))
        found = Explanation(
            "effective_rate",
            f"{rate:.6f}",
            f"{growth}^{_exponent(per)} - 1",
            say("rounded to 6 decimals"),
        )
        return [found, proof]

    def _present_value(self) -> list[Explanation]:
        rate = self.comparison.loan.original_rate or 0.0
        value = round(metrics.value_of(self.schedule, rate))
        note = say("at the original effective rate, {rate} a year", rate=f"{rate:.6f}")
        found = self._amount(
            "present_value", value, self._valued(rate, self.loan.at_once), say("rounded half-up")
        )
        return [found._replace(note=note)]

    def _npv_loss(self) -> list[Explanation]:
        rate = self.comparison.loan.original_rate or 0.0
        before, after = (
            metrics.value_of(schedule, rate) for schedule in (self.comparison.agreed, self.schedule)
        )
        unit = 10**self.loan.currency.exponent
        text = f"{before / unit:,.6f} - {after / unit:,.6f}"
        note = say("present values as agreed and of the plan")
        found = self._amount("npv_loss", round(before - after), text, say("rounded half-up"))
        return [found._replace(note=note)]

    def _npv_loss_rate(self) -> list[Explanation]:
        rate = self.comparison.loan.original_rate or 0.0
        before, after = (
            metrics.value_of(schedule, rate) for schedule in (self.comparison.agreed, self.schedule)
        )
        unit = 10**self.loan.currency.exponent
        text = f"({before / unit:,.6f} - {after / unit:,.6f}) / {before / unit:,.6f}"
        value = f"{self.line.npv_loss_rate:.6f}"
        return [Explanation("npv_loss_rate", value, text, say("rounded to 6 decimals"))]


def _decimal(exact: Fraction) -> str | None:
    """Return a fraction as a decimal number if it has at most 12 decimals."""
    scaled = exact * 10**12
    if scaled.denominator != 1:
        return None
    text = f"{Decimal(scaled.numerator).scaleb(-12):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _ratio(exact: Fraction) -> str:
    """Return a fraction as a decimal number, or as a division in brackets."""
    return _decimal(exact) or f"({exact.numerator} / {exact.denominator})"


def _exponent(exact: Fraction) -> str:
    return str(exact.numerator) if exact.denominator == 1 else _ratio(exact)


def _factor(rate: Fraction, years: Fraction, loan: Loan, exact: Fraction) -> str:
    """Return the period factor: a number, or the rate for a part of the year in brackets."""
    often = loan.compounding
    if often is not None and rate and often.per_year * years != 1:
        power = _ratio(often.per_year * years)
        return f"((1 + {_ratio(rate)} / {_ratio(often.per_year)})^{power} - 1)"
    if (short := _decimal(exact)) is not None and loan.calendar is None:
        return short
    basis = next((b for b in (360, 365) if (years * b).denominator == 1), None)
    if loan.calendar is None or basis is None:
        return f"({_ratio(rate)} x {years.numerator} / {years.denominator})"
    return f"({_ratio(rate)} x {int(years * basis)} / {basis})"


def _long(growth: float) -> str:
    """Return a growth factor with all its digits."""
    return f"{Decimal(growth):.17f}".rstrip("0") + ("0" if growth == 1 else "")
