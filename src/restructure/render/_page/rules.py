"""The conventions behind a report's figures, and where they come from."""

from __future__ import annotations

from restructure.comparison import Comparison
from restructure.rates import percent_text
from restructure.render._title import method_words
from restructure.words import Text, say


def rules(comparison: Comparison) -> list[tuple[Text, Text]]:
    """Return what was reckoned how, each with its rule."""
    loan = comparison.loan
    found = [
        (
            say("Repayment"),
            say("Method {method}; interest of a period goes by the day count {count}.",
                method=method_words(loan.method), count=loan.day_count),
        ),
        (
            say("Rounding"),
            say("Interest is rounded once a period, {mode}, to {digits} decimals; the last "
                "instalment takes what rounding leaves.",
                mode=loan.rounding, digits=loan.currency.exponent),
        ),
        (
            say("As agreed"),
            say("The arrears at once, then the remaining instalments as scheduled.")
            if loan.arrears.total
            else say("The remaining instalments as scheduled."),
        ),
        (
            say("Freed"),
            say("What is paid less than as agreed from today until then."),
        ),
        (
            say("Effective rate"),
            say("The yearly yield of all payments for what is owed today, compounded."),
        ),
        (
            say("Lender loses"),
            say("Present value as agreed less that of the plan, at the original effective rate "
                "(EBA/GL/2016/07, 49 to 51)."),
        ),
    ]  # fmt: skip
    if loan.missed:
        penalty = percent_text(loan.penalty_rate.of(loan.rate))
        found.append(
            (
                say("Penalty interest"),
                say("{rate} a year on overdue principal, simple, in place of the contract rate.",
                    rate=penalty),
            )
        )  # fmt: skip
    return found
