"""Position: from the contract and its history to the loan on the day of restructuring."""

from __future__ import annotations

from dataclasses import replace

from restructure.arrears import Arrears
from restructure.engine import build
from restructure.errors import InvalidValue
from restructure.loan import LEVEL, Loan
from restructure.metrics import original_rate
from restructure.money import divide
from restructure.schedule import Schedule
from restructure.solving import payment_of
from restructure.words import say


def locate(loan: Loan) -> Loan:
    """Return the loan on the due date of its last paid or missed instalment.

    Owed then: the scheduled balance after `paid` + `missed` instalments; the principal and
    interest of those missed; and penalty interest, which replaces contract interest on
    overdue principal: each missed instalment's principal x penalty rate x whole periods since
    its due date, simple, and the sum is rounded once. A located loan is returned as it is.
    """
    if loan.agreed_rows is not None:
        return loan
    contract = contract_of(loan)
    past = loan.paid + loan.missed
    if past > len(contract) or (past == len(contract) and not loan.missed):
        raise InvalidValue(
            say(
                "{paid} paid and {missed} missed leave nothing to restructure: the loan has "
                "{contract} instalments.",
                paid=loan.paid,
                missed=loan.missed,
                contract=len(contract),
            ),
            field="missed" if loan.paid < len(contract) and loan.missed else "paid",
        )
    level = loan.method == LEVEL
    asked = _interest_asked(loan, contract)
    waiting = sum(contract.interest[:past]) - sum(asked[:past])
    return replace(
        loan,
        balance=contract.closing[past - 1] - waiting if past else loan.balance,
        accrued=loan.accrued + waiting,
        count=loan.count - past,
        passed=past,
        instalment=_agreed(loan, contract, past),
        part=None if level else contract.payment[0] - asked[0],
        agreed_rows=loan.count - past,
        anew=False,
        original_rate=original_rate(contract, loan.fee),
        arrears=_overdue(loan, contract, past) if loan.missed else loan.arrears,
    )


def contract_of(loan: Loan) -> Schedule:
    """Return the whole schedule of a loan as it was drawn."""
    return build(replace(loan, arrears=Arrears()))


def _agreed(loan: Loan, contract: Schedule, past: int) -> int:
    """Return the as-agreed instalment: level, or the next one due of another method."""
    if loan.method != LEVEL:
        return contract.payment[min(past, len(contract) - 1)]
    return loan.instalment if loan.instalment is not None else payment_of(loan)


def _interest_asked(loan: Loan, contract: Schedule) -> list[int]:
    """Return the interest that each row asks for: its own, or all that waited until its month."""
    if not loan.interest_months:
        return contract.interest
    asked, waiting = [], 0
    for row, interest in enumerate(contract.interest):
        waiting += interest
        due = loan.interest_due(row) or row == len(contract) - 1
        asked.append(waiting if due else 0)
        waiting -= asked[-1]
    return asked


def _overdue(loan: Loan, contract: Schedule, past: int) -> Arrears:
    """Return the arrears of the missed instalments, with what the loan states besides."""
    missed = range(loan.paid, past)
    calendar = loan.calendar
    late = [
        calendar.between(row, past - 1)
        if calendar is not None
        else (past - row - 1) / loan.every.per_year
        for row in missed
    ]
    asked = _interest_asked(loan, contract)
    principal = [pays - asks for pays, asks in zip(contract.payment, asked, strict=True)]
    accrued = loan.penalty_rate.of(loan.rate) * sum(
        principal[row] * years for row, years in zip(missed, late, strict=True)
    )
    penalty = divide(max(accrued.numerator, 0), accrued.denominator, loan.rounding)
    return loan.arrears._replace(
        principal=sum(principal[row] for row in missed),
        interest=sum(asked[row] for row in missed),
        penalty=penalty if loan.stated_penalty is None else loan.stated_penalty,
    )


def as_agreed(loan: Loan) -> Loan:
    """Return the baseline of a located loan: arrears at once, then the rest as scheduled."""
    return replace(loan, arrears=Arrears(), at_once=loan.arrears.total)
