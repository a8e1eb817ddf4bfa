"""Explanations of the figures of one line: sums, yields, present values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, groupby

from restructure import metrics
from restructure.comparison import HORIZONS
from restructure.explanation._figures import AT, RELIEF, Explanation
from restructure.explanation._numbers import exponent, long, ratio
from restructure.explanation._rows import Rows
from restructure.words import say


class Explainer(Rows):
    """The explanations of one line."""

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
        if at := AT.match(name):
            return [self._of_row(at[1], int(at[2]), name)]
        if relief := RELIEF.match(name):
            return [self._relief(int(relief[1]), name)]
        made: Callable[[], list[Explanation]] = getattr(self, f"_{name}")
        return made()

    # -- sums ---------------------------------------------------------------------------

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
                parts.append(f"{self.money(contract.principal[row])} x {ratio(years)}")
        text = f"({' + '.join(parts) or '0'}) x {ratio(loan.penalty_rate.of(loan.rate))}"
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
            f"{self.money(paid)} x {growth}^-{ratio(time)}"
            for paid, time in zip(payments, years, strict=True)
            if paid
        ]
        return " + ".join(parts) or "0"

    def _valued(self, rate: float, once: int) -> str:
        """Return the present value of the plan's payments at an effective annual rate."""
        payments = self.schedule.payment
        if self.loan.calendar is not None:
            return self._worth_dated(payments, long(1 + rate), once)
        period = metrics.period_rate(rate, float(self.loan.every.per_year))
        return self._worth(payments, long(1 + period), once)

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
        growth = long(1 + metrics.period_rate(rate, float(per)))
        found = Explanation(
            "effective_rate",
            f"{rate:.6f}",
            f"{growth}^{exponent(per)} - 1",
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
