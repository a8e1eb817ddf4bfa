"""Solutions: what is missing of principal, term, rate and payment, found from the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from restructure.engine import build
from restructure.errors import InvalidValue, RestructureError
from restructure.fields import FIELDS
from restructure.loan import LEVEL, Loan
from restructure.schedule import Schedule
from restructure.solving import payment_of, principal_for, rate_for, term_for
from restructure.terms import loan_of
from restructure.words import join, say

FOUND = {
    "principal": say("principal"),
    "term": say("term"),
    "rate": say("rate"),
    "payment": say("payment"),
}
"""What can be found, in words."""


class Solved(NamedTuple):
    """One answer: which value was found, and the loan with its schedule; or why there is none."""

    found: str
    loan: Loan
    payment: int
    schedule: Schedule | None
    refused: str = ""


class Solution(NamedTuple):
    """The answers to one question, with what was assumed."""

    answers: list[Solved]
    notes: list[str]


def solve(values: Mapping[str, Any]) -> Solution:
    """Return the missing one of principal, term, rate and payment.

    With all four: the term that the payment needs at this rate, and the rate that it needs
    over this term. A missing rate beside another missing value is 14.4 %, with a note.
    """
    given = {name: value for name, value in values.items() if value is not None}
    for name in given:
        if name in FIELDS and FIELDS[name].section == "position":
            raise InvalidValue(
                say("is not used by solve, which works on the whole loan."), field=name
            )
    missing = [name for name in ("principal", "term", "payment") if name not in given]
    if len(missing) > 1:
        raise InvalidValue(
            say(
                "is missing, and so is {names}; leave out only the one to find.",
                names=join(say(" and "), missing[1:]),
            ),
            field=missing[0],
        )
    wanted = given.pop("payment", None)
    if wanted is None:
        loan = loan_of(given)
        schedule = build(loan)
        return Solution([Solved("payment", loan, payment_of(loan), schedule)], list(loan.notes))
    amount = FIELDS["payment"].read(wanted, "payment")
    if "principal" not in given:
        loan = loan_of({**given, "principal": 1})
        payment = loan.currency.minor(amount, "payment")
        principal = principal_for(loan, payment)
        loan = replace(loan, principal=principal, balance=principal, flat_base=principal)
        return Solution(
            [Solved("principal", loan, payment_of(loan), build(loan))], list(loan.notes)
        )
    if "term" not in given:
        loan = loan_of({**given, "term": 1})
        return Solution([_term(loan, amount)], list(loan.notes))
    if "rate" not in given:
        loan = loan_of({**given, "rate": 0})
        return Solution([_rate(loan, amount)], [])
    loan = loan_of(given)
    answers = []
    for find in (_term, _rate):
        try:
            answers.append(find(loan, amount))
        except RestructureError as error:
            payment = loan.currency.minor(amount, "payment")
            found = "term" if find is _term else "rate"
            answers.append(Solved(found, loan, payment, None, error.reason))
    if all(answer.schedule is None for answer in answers):
        raise InvalidValue(
            join(
                say(" "),
                [
                    say(
                        "No {found} fits: {refused}",
                        found=FOUND[answer.found],
                        refused=answer.refused,
                    )
                    for answer in answers
                ],
            ),
            field="payment",
        )
    return Solution(answers, list(loan.notes))


def _term(loan: Loan, amount: Decimal) -> Solved:
    payment = loan.currency.minor(amount, "payment")
    schedule = term_for(loan, payment)
    count = len(schedule)
    solved = replace(loan, term=count, count=count)
    return Solved("term", solved, payment if loan.method == LEVEL else payment_of(solved), schedule)


def _rate(loan: Loan, amount: Decimal) -> Solved:
    payment = loan.currency.minor(amount, "payment")
    rate: Fraction = rate_for(loan, payment)
    solved = replace(loan, path=(loan.leg(rate),))
    return Solved("rate", solved, payment_of(solved), build(solved))
