"""Standing: from a position to the loan on which measures act, and back from a saved plan.

The day of a plan may lie between two due dates. Contract interest of the period under way is
counted up to the day on what is not yet due (`Loan.accrued`); from the day on, the period runs
on with the debt of the plan. So what is capitalised bears interest from that day, not before,
and a plan that changes nothing pays exactly what was scheduled.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from restructure.arrears import Arrears
from restructure.engine import build
from restructure.errors import Refused
from restructure.ledger.position import Position
from restructure.ledger.rules import COMPOUNDED, COSTS, FEES, INTEREST, PENALTY, PRINCIPAL
from restructure.loan import FLAT, LEVEL, Extra, Leg, Loan, Stretch
from restructure.metrics import original_rate, usual_payment
from restructure.position import as_agreed
from restructure.schedule import Schedule
from restructure.words import say


class Facts(NamedTuple):
    """What a ledger says on the day of a plan; with the loan's terms, it gives the loan.

    Amounts in minor units. `prepaid` are the prepayments of the ledger, `credit` money held.
    """

    as_of: date
    principal: int = 0
    interest: int = 0
    penalty: int = 0
    compounded: int = 0
    fees: int = 0
    costs: int = 0
    credit: int = 0
    days_past_due: int = 0
    paid: int = 0
    missed: int = 0
    prepaid: tuple[Extra, ...] = ()

    @property
    def arrears(self) -> Arrears:
        """The arrears as measures treat them: compounded interest with the penalty interest,
        costs with the fees."""
        return Arrears(
            self.principal,
            self.interest,
            self.penalty + self.compounded,
            self.fees + self.costs,
        )


def facts_of(position: Position, terms: Loan) -> Facts:
    """Return the facts of a position; `terms` is the loan with which its ledger began."""
    unpaid = position.unpaid
    rows = [item for item in position.items if item.number is not None]
    missed = sum(1 for item in rows if item.owed[PRINCIPAL] + item.owed[INTEREST])
    return Facts(
        as_of=position.as_of,
        principal=unpaid[PRINCIPAL],
        interest=unpaid[INTEREST],
        penalty=unpaid[PENALTY],
        compounded=unpaid[COMPOUNDED],
        fees=unpaid[FEES],
        costs=unpaid[COSTS],
        credit=position.credit,
        days_past_due=position.days_past_due,
        paid=len(rows) - missed,
        missed=missed,
        prepaid=position.loan.extras[len(terms.extras) :],
    )


class Standing(NamedTuple):
    """A loan on a day: what measures act on, and the rest of its schedule as agreed."""

    loan: Loan
    agreed: Schedule


def stand(terms: Loan, facts: Facts) -> Standing:
    """Return the loan on the day of `facts`. `terms` is as drawn, or as a plan left it.

    Interest-free sums that a former plan still collects are set aside until the end, should
    another plan follow; as agreed they are collected as that plan said.
    """
    loan = replace(terms, extras=(*terms.extras, *facts.prepaid))
    calendar = loan.calendar
    assert calendar is not None
    schedule = build(replace(loan, at_once=0))
    rows = sum(1 for due in schedule.due_dates() if due is not None and due <= facts.as_of)
    passed = loan.passed + rows
    while rows == len(schedule) and calendar.due(passed) <= facts.as_of:
        passed += 1  # past maturity: a new term begins with the next date of the rhythm
    bearing = _bearing(loan)
    left = schedule.closing[rows - 1] if rows else schedule.opening[0]
    balance = bearing.closing[rows - 1] if 0 < rows <= len(bearing) else 0 if rows else left
    balance = min(balance, left)
    stretches = _after(loan.stretches, rows) if rows < len(schedule) else ()
    pending = sum(stretch.rows for stretch in stretches)
    count = len(schedule) - rows - pending
    if count <= 0:  # nothing is left, or the debt ends before its stretches do
        count = loan.count if pending and rows < len(schedule) else 0
    level = loan.method == LEVEL
    following = max(rows, bearing.regular_from)
    part = None
    if following < len(bearing) and not level:
        part = bearing.principal[following] - _extra_at(loan, following)
    agreed = not loan.anew and loan.bearing == loan.balance
    located = replace(
        loan,
        balance=balance,
        count=count,
        path=_path_after(loan.path, rows),
        passed=passed,
        paid=facts.paid,
        missed=facts.missed,
        instalment=_instalment(bearing, rows, loan),
        part=part,
        flat_base=loan.flat_base if agreed else loan.bearing,
        balloon=loan.balloon if rows < len(schedule) else 0,
        agreed_rows=len(schedule) - rows,
        anew=False,
        fixed=loan.fixed if loan.fixed_by_reduce else None,
        stretches=stretches,
        set_aside=left - balance,
        arrears=facts.arrears,
        stated_penalty=None,
        extras=tuple(
            extra._replace(at=extra.at - rows) for extra in loan.extras if extra.at > rows
        ),
        accrued=Fraction(0),
        forgiven=0,
        original_rate=(
            original_rate(build(terms), terms.fee)
            if terms.original_rate is None
            else terms.original_rate
        ),
        notes=(*loan.notes, *_notes(loan, facts, left - balance)),
    )
    located = _opened(located, facts.as_of)
    if facts.credit:
        _check_owed(located, facts)
    base = as_agreed(located)
    return Standing(located, _rest(schedule, rows, base))


def _check_owed(loan: Loan, facts: Facts) -> None:
    """Raise Refused where the money that is held repays the debt."""
    if facts.credit >= loan.owed + loan.accrued:
        text = loan.currency.text
        raise Refused(
            say(
                "{credit} of what was received is held, and {owed} is owed on {day}: the loan is "
                "repaid, and nothing is left to restructure. See `restructure status`.",
                credit=text(facts.credit),
                owed=text(loan.owed),
                day=facts.as_of,
            )
        )


def _notes(loan: Loan, facts: Facts, aside: int) -> list[str]:
    text = loan.currency.text
    found: list[str] = []
    if facts.credit:
        found.append(
            say(
                "A credit of {credit} is held for the next instalment; it is not in these figures.",
                credit=text(facts.credit),
            )
        )
    if aside and not loan.set_aside:
        found.append(
            say(
                "{aside} that the former plan collects without interest are due at the end in "
                "a new plan.",
                aside=text(aside),
            )
        )
    return found


def _opened(loan: Loan, as_of: date) -> Loan:
    """Return the loan with the period under way cut at the day, and what has accrued in it."""
    calendar = loan.calendar
    assert calendar is not None
    k = loan.passed
    if loan.calendar is None or calendar.due(k - 1) >= as_of:
        return loan
    cut = replace(loan, calendar=calendar._replace(opened=(k, as_of)))
    if not loan.balance:
        return cut
    whole, rest = loan.leg_at(0, loan.path[0]), cut.leg_at(0, loan.path[0])
    base = loan.flat_base if loan.method == FLAT else loan.balance
    accrued = base * (Fraction(whole.num, whole.den) - Fraction(rest.num, rest.den))
    return replace(cut, accrued=max(accrued, Fraction(0)))


def _bearing(loan: Loan) -> Schedule:
    """Return the schedule of the interest-bearing principal alone."""
    arrears = loan.arrears
    bears = arrears._replace(
        principal=arrears.principal if arrears.how == "capitalise" else 0,
        interest=arrears.interest if arrears.how == "capitalise" else 0,
        penalty=arrears.penalty if arrears.penalty_how == "capitalise" else 0,
        fees=arrears.fees if (arrears.fees_how or arrears.penalty_how) == "capitalise" else 0,
    )
    stretches = tuple(
        stretch._replace(unpaid="waive")
        if stretch.unpaid in ("spread", "first", "end")
        else stretch
        for stretch in loan.stretches
    )
    return build(replace(loan, arrears=bears, stretches=stretches, set_aside=0))


def _instalment(bearing: Schedule, rows: int, loan: Loan) -> int:
    """Return the instalment that is paid from here on."""
    following = max(rows, bearing.regular_from)
    rest = bearing.payment[following:]
    if not rest:
        return loan.instalment or usual_payment(bearing)
    if loan.method == LEVEL and len(rest) == 1 and rows:
        return usual_payment(bearing)
    return rest[0] - _extra_at(loan, following)


def _extra_at(loan: Loan, row: int) -> int:
    """Return the prepayments on top of a row (from 0)."""
    return sum(extra.amount for extra in loan.extras if extra.at == row + 1)


def _after(stretches: tuple[Stretch, ...], rows: int) -> tuple[Stretch, ...]:
    found = []
    for stretch in stretches:
        gone = min(rows, stretch.rows)
        rows -= gone
        if stretch.rows > gone:
            found.append(stretch._replace(rows=stretch.rows - gone))
    return tuple(found)


def _path_after(path: tuple[Leg, ...], rows: int) -> tuple[Leg, ...]:
    found = []
    for leg in path:
        if leg.rows is None:
            found.append(leg)
            continue
        gone = min(rows, leg.rows)
        rows -= gone
        if leg.rows > gone:
            found.append(leg._replace(rows=leg.rows - gone))
    return tuple(found) or path[-1:]


def _rest(schedule: Schedule, rows: int, loan: Loan) -> Schedule:
    """Return the rows of a schedule that are still to come, as the schedule of `loan`."""
    return Schedule(
        loan,
        schedule.opening[rows:],
        schedule.interest[rows:],
        schedule.principal[rows:],
        schedule.payment[rows:],
        schedule.closing[rows:],
        min(max(schedule.regular_from - rows, 0), len(schedule) - rows),
    )
