"""The line above a table: the loan in a few words."""

from __future__ import annotations

from restructure.loan import Loan
from restructure.rates import percent_text
from restructure.words import say


def title(found: Loan) -> str:
    """Return the loan in one line: amount, term, rate, method, and where it stands today."""
    text = found.currency.text
    unit = found.every.noun(found.term).split(" ", 1)[1]
    words = say(
        "{code} {principal} over {term} {unit} at {rate}, {method}",
        code=found.currency.code,
        principal=text(found.principal),
        term=found.term,
        unit=unit,
        rate=percent_text(found.rate),
        method=found.method,
    )
    if found.passed:
        words += f"; {found.paid} paid, {found.missed} missed"
    if found.owed != found.principal:
        words += f"; {text(found.owed)} owed today"
    return words
