"""Terms that contradict each other: refused, with the bound, before anything is computed."""

from __future__ import annotations

from restructure.errors import Refused
from restructure.loan import Loan
from restructure.rates import percent_text
from restructure.words import say


def judge(loan: Loan) -> None:
    """Refuse terms that contradict each other, before anything is computed."""
    text = loan.currency.text
    lowest = min(loan.path, key=lambda leg: leg.rate)
    if lowest.rate < 0:
        raise Refused(
            say(
                "a rate of {rate} is below 0. A cut takes at most the rate itself.",
                rate=percent_text(lowest.rate),
            )
        )
    if loan.owed <= 0 and loan.given_up:
        raise Refused(say("this forgives the whole debt, and leaves nothing to plan."))
    if loan.uneven and loan.extras:
        raise Refused(
            say(
                "a prepayment cannot go with skipped months, the US Rule or capitalisation "
                "every N periods. Leave it out."
            )
        )
    if loan.interest_months and (loan.extras or loan.fixed is not None):
        raise Refused(
            say(
                "a prepayment or a fixed instalment cannot go with interest_months. Leave one of "
                "them out."
            )
        )
    if loan.fixed is not None and (loan.skipped or loan.unpaid.every > 1):
        raise Refused(
            say(
                "a fixed instalment cannot go with skipped months or capitalisation every N "
                "periods. Use reduce with for=N, or keep=count."
            )
        )
    if loan.balloon > loan.bearing:
        raise Refused(
            say(
                "a balloon of {balloon} is above the debt, {bearing}.",
                balloon=text(loan.balloon),
                bearing=text(loan.bearing),
            )
        )
    if loan.fixed is not None:
        if loan.extended:
            raise Refused(
                say(
                    "the plan fixes both the instalment and the count. Leave out extend, or reduce "
                    "for a number of instalments (for=N), or use keep=count."
                )
            )
        if loan.balloon:
            raise Refused(
                say(
                    "a balloon cannot go with a fixed instalment, which repays the whole debt. "
                    "Leave out one of the two."
                )
            )
    elif loan.count < 1 and (loan.stretches or loan.bearing):
        raise no_regular(loan)


def no_regular(loan: Loan) -> Refused:
    """Return the refusal of stretches that take all instalments, with how many they may take."""
    left = (loan.agreed_rows or 0) + loan.extended
    return Refused(
        say(
            "no regular instalment is left after the stretches. They may take at most "
            "{left} of the {instalments_text}: shorten them, use keep=count, or add "
            "instalments with extend.",
            left=max(left - 1, 0),
            instalments_text=loan.instalments_text(left),
        )
    )
