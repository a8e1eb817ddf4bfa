"""Terms of a running account: how interest that runs from day to day is paid, and its limits.

Each is an option of `restructure account`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from restructure.errors import InvalidValue, UnknownName, nearest
from restructure.ledger.rules import OVERPAYMENTS, RULES, RuleField, choice
from restructure.loan import Loan
from restructure.quantity import Quantity
from restructure.words import say

POSTINGS = ("daily", "instalment")
OVERDUE = ("unpaid", "now", "next")
INTEREST = ("daily", "add-on")
LAST = ("rest", "same")


class Terms(NamedTuple):
    """How an account is kept; `late_fee` in minor units.

    `posting` daily: money pays all interest up to its day, then principal. instalment: the
    interest of a period is rounded once, and money for an instalment that is due pays its
    interest and its principal. `overpayment`: money before its day pays the next instalments
    (hold), lets the last ones fall away (shorten), or lowers those to come (lower). `overdue`
    says what the rows to come assume: what is overdue stays unpaid, is paid now, or with the
    next instalment; in the last two, the last instalment pays all that is left. `cap` limits
    the interest of the whole loan. `free_days`: whoever repays all within so many days pays no
    interest. `late_fees`: at most so many (None: no limit). `add_on`: the interest of the whole
    term is owed from the start, and paid before principal; what closes the loan counts interest
    up to the day only. `last`: the last instalment is the rest of the schedule, or the same as
    the others, so that a rest may stay owed after it.
    """

    posting: str = "daily"
    overpayment: str = "hold"
    overdue: str = "next"
    last: str = "rest"
    add_on: bool = False
    cap: Quantity | None = None
    free_days: int = 0
    late_fee: int = 0
    late_fee_after: int = 0
    late_fees: int | None = None

    def most_interest(self, loan: Loan) -> int | None:
        """Return the cap in minor units."""
        return None if self.cap is None else self.cap.of_whole(loan, loan.principal, "interest_cap")


def _interest(value: Any, field: str) -> bool:
    found: str = choice(*INTEREST)(value, field)
    return found == "add-on"


TERMS: dict[str, RuleField] = {
    "posting": RuleField(
        "HOW",
        say(
            "What a payment pays first: daily, all interest up to its day; instalment, the "
            "interest and the principal of the instalment that is due."
        ),
        choice(*POSTINGS),
    ),
    "overpayment": RuleField(
        "HOW",
        say(
            "Money before its day: hold, it pays the next instalments; shorten, the last ones "
            "fall away; lower, those to come get lower."
        ),
        choice(*OVERPAYMENTS),
    ),
    "overdue": RuleField(
        "HOW",
        say(
            "What the rows to come assume of what is overdue: unpaid, paid now, or with the "
            "next instalment."
        ),
        choice(*OVERDUE),
    ),
    "last": RuleField(
        "HOW",
        say(
            "The last instalment: the rest of the schedule, or the same as the others, with a "
            "rest that stays owed."
        ),
        choice(*LAST),
    ),
    "interest": RuleField(
        "HOW",
        say(
            "daily: it runs from day to day; add-on: that of the whole term is owed from the "
            "start and paid before principal."
        ),
        _interest,
    ),
    "interest_cap": RuleField(
        "AMOUNT|P%",
        say(
            "Most interest of the whole loan: an amount, or a share of the principal, such as 100%."
        ),
        Quantity.of,
    ),
    "interest_free_days": RuleField(
        "DAYS",
        say("Who repays all within so many days pays no interest."),
        RULES["late_fee_after"].read,
    ),
    "late_fee": RULES["late_fee"],
    "late_fee_after": RuleField(
        "DAYS",
        say("Days of grace; a late fee is dated back to the due date."),
        RULES["late_fee_after"].read,
    ),
    "late_fees": RuleField("N", say("At most so many late fees."), RULES["late_fee_after"].read),
}


def terms_of(values: Mapping[str, Any], currency: Any) -> Terms:
    """Return the Terms that `values` describe; names as in TERMS, None for not given."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in TERMS:
            raise UnknownName(say("there is no such term.") + nearest(name, TERMS), field=name)
        if value is not None:
            found[name] = TERMS[name].read(value, name)
    if "late_fee" in found:
        found["late_fee"] = currency.minor(found["late_fee"], "late_fee")
    for name, ours in (
        ("interest", "add_on"), ("interest_cap", "cap"), ("interest_free_days", "free_days"),
    ):  # fmt: skip
        if name in found:
            found[ours] = found.pop(name)
    if found.get("add_on") and found.get("posting") == "instalment":
        raise InvalidValue(say("add-on goes with posting daily."), field="interest")
    return Terms(**found)
