"""The line above a table: the loan in a few words."""

from __future__ import annotations

from restructure.loan import Loan
from restructure.rates import percent_text
from restructure.words import Amount, Text, amount, say

_METHODS = {
    "level": say("level"),
    "equal-principal": say("equal-principal"),
    "interest-only": say("interest-only"),
    "flat": say("flat"),
}


def method_words(method: str) -> str:
    """Return the name of a repayment method for people."""
    return _METHODS.get(method, method)


def sum_of(found: Loan, minor: int) -> Amount:
    """Return an amount with its currency, "CNY 50,000.00"."""
    money = found.currency
    return amount(money.decimal(minor), money.code, money.text(minor))


def title(found: Loan) -> Text:
    """Return the loan in one line: amount, term, rate, method, and where it stands today."""
    words = say(
        "{principal} over {term} at {rate}, {method}",
        principal=sum_of(found, found.principal),
        term=found.every.noun(found.term),
        rate=percent_text(found.rate),
        method=method_words(found.method),
    )
    if found.passed:
        words += say("; {paid} paid, {missed} missed", paid=found.paid, missed=found.missed)
    if found.owed != found.principal:
        words += say("; {owed} owed today", owed=found.currency.text(found.owed))
    return words
