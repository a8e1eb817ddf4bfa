"""Disclosure: the yields of a loan and of each plan as countries ask for them.

The advance of a plan is what is owed on the day of restructuring, less arrears paid at once;
that of the loan is what was drawn, less its fee. `apr_us` of a plan is informational:
Regulation Z treats a change of the schedule for delinquency as no new credit (1026.20(a)(5)).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from restructure.arrears import Arrears
from restructure.comparison import Comparison, PlanResult
from restructure.engine import build
from restructure.metrics import annual
from restructure.schedule import Schedule
from restructure.words import say
from restructure.yields import Yield, apr_us, aprc, irr, nominal_irr, nominal_irr_of


class Flows(NamedTuple):
    """An advance and the schedule that repays it, from `day` on (None without dates)."""

    advance: int
    schedule: Schedule
    day: date | None

    @property
    def dated(self) -> list[tuple[date, int]]:
        """The payments with their dates."""
        dues = self.schedule.due_dates()
        paid = zip(dues, self.schedule.payment, strict=True)
        return [(due, payment) for due, payment in paid if due is not None and payment]


def _apr_us(flows: Flows) -> Yield:
    if flows.day is not None:
        return apr_us([(flows.day, flows.advance)], flows.dated)
    unit = flows.schedule.loan.every.name
    payments = [(k, paid) for k, paid in enumerate(flows.schedule.payment, start=1) if paid]
    return apr_us([(0, flows.advance)], payments, unit)


def _aprc(flows: Flows) -> Yield:
    if flows.day is not None:
        return aprc([(flows.day, -flows.advance), *flows.dated])
    found = irr(flows.advance, flows.schedule.payment)  # equal months and weeks, as Annex I says
    if found.rate is None:
        return found
    return Yield(annual(found.rate, float(flows.schedule.loan.every.per_year)))


def _nominal(flows: Flows, simple: bool) -> Yield:
    if flows.day is not None:
        found = nominal_irr_of([(flows.day, -flows.advance), *flows.dated])
    else:
        per_year = float(flows.schedule.loan.every.per_year)
        found = nominal_irr(flows.advance, flows.schedule.payment, per_year)
    return found.simple if simple else found.compound


YIELDS: dict[str, tuple[str, Callable[[Flows], Yield]]] = {
    "apr_us": ("nominal, Regulation Z, Appendix J", _apr_us),
    "aprc": (say("effective, Directives 2008/48/EC and 2014/17/EU, Annex I"), _aprc),
    "nominal_compound": (
        say("annualised by the compound method (IRR), PBoC Announcement 2021 No. 3"),
        lambda flows: _nominal(flows, simple=False),
    ),
    "nominal_simple": (
        say("annualised by the simple method, PBoC Announcement 2021 No. 3; to be labelled simple"),
        lambda flows: _nominal(flows, simple=True),
    ),
}
"""Each yield by name: what it is, and the function that finds it."""


def plan_flows(line: PlanResult) -> Flows:
    """Return the flows of a plan: what is owed on the day, and what is then paid."""
    loan = line.comparison.loan
    day = loan.calendar.due(loan.passed - 1) if loan.calendar is not None else None
    return Flows(loan.owed - line.schedule.loan.at_once, line.schedule, day)


def loan_flows(comparison: Comparison) -> Flows:
    """Return the original flows of the loan, from the day it was drawn, with its fee."""
    loan = replace(comparison.drawn, arrears=Arrears())
    contract = build(loan)
    day = loan.calendar.due(-1) if loan.calendar is not None else None
    return Flows(contract.opening[0] - loan.fee, contract, day)


def yield_of(name: str, flows: Flows) -> Yield:
    """Return the yield called `name`, or None with the reason."""
    if flows.advance <= 0 or not any(flows.schedule.payment):
        return Yield(None, say("nothing is owed or paid"))
    return YIELDS[name][1](flows)
