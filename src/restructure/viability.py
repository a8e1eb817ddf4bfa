"""Viability as a banker reads it: flags on a plan, each with the rule behind it.

From EBA/GL/2018/06 (management of non-performing and forborne exposures) and EBA/GL/2016/07
(default). The list of short-term measures is that of the annex of the former; its wording has
not been checked against the text, and the rules here say so.
"""

from __future__ import annotations

from typing import NamedTuple

from restructure import metrics
from restructure.advice import LOSS_RATE, Advice, Found
from restructure.reasons import shock
from restructure.words import say

SHORT_TERM = ("defer", "interest-only", "step", "arrears")
"""Short-term measures; `reduce` is one where it lasts for a while (`for=`)."""
SHORT_MONTHS = 24

ANNEX = say("EBA/GL/2018/06, annex (not checked)")
VIABLE = say("EBA/GL/2018/06, viable forbearance (not checked)")
DEFAULT = "EBA/GL/2016/07, 51"
SIGNS = say("EBA/GL/2016/07, other signs of unlikeliness to pay (not checked)")


_KINDS = {"temporary": say("temporary"), "permanent": say("permanent")}


class Flag(NamedTuple):
    """One thing looked at: its name, whether it is well, what was found, and the rule."""

    name: str
    good: bool
    found: str
    rule: str


def flags(advice: Advice, found: Found, earlier: int = 0) -> list[Flag]:
    """Return the flags of a plan; `earlier` is how often the loan got relief before."""
    schedule, loan = found.schedule, advice.loan
    text, noun = loan.currency.text, loan.every.noun
    kind, short = shock(advice), _short(found)
    early = schedule.regular_from
    months = early / float(loan.every.per_year) * 12
    terms = say("short-term") if short else say("long-term")
    result = [
        Flag(
            say("measure fits the shock"),
            kind == "none" or (kind == "temporary") == short or (kind == "temporary" and early > 0),
            say("a {kind} shock and {terms} measures", kind=_KINDS.get(kind, kind), terms=terms)
            if kind != "none"
            else say("no shock"),
            ANNEX,
        ),
        Flag(
            say("short-term measures are short"),
            months <= SHORT_MONTHS,
            say(
                "{span} before the regular instalments, at most {most} months",
                span=noun(early),
                most=SHORT_MONTHS,
            ),
            ANNEX,
        ),
        Flag(
            say("arrears dealt with"),
            not (loan.arrears.total and schedule.loan.arrears.treated("set-aside")),
            say("no arrears")
            if not loan.arrears.total
            else say("{total} of arrears", total=text(loan.arrears.total)),
            VIABLE,
        ),
        Flag(
            say("surplus positive"),
            found.excess <= 0,
            say("every payment is within what can be paid")
            if found.excess <= 0
            else say("up to {excess} more than can be paid", excess=text(found.excess)),
            VIABLE,
        ),
    ]
    rising = [row for row, principal in enumerate(schedule.principal) if principal < 0]
    paying = [row for row in rising if schedule.payment[row]]
    after = [row for row in rising if row >= early]
    result.append(
        Flag(
            say("balance falls"),
            not after,
            say("the debt grows in {span}", span=noun(len(rising)))
            if rising
            else say("in every period"),
            VIABLE,
        )
    )
    result.append(
        Flag(
            say("no negative amortisation"),
            not paying,
            say("payments below the interest in {span}", span=noun(len(paying)))
            if paying
            else say("none"),
            SIGNS,
        )
    )
    usual, last = metrics.usual_payment(schedule), schedule.payment[-1]
    result.append(
        Flag(
            say("no balloon"),
            last <= 2 * usual,
            say("{last} with the last instalment", last=text(last))
            if last > 2 * usual
            else say("none"),
            SIGNS,
        )
    )
    result.append(
        Flag(
            say("no repeated relief"),
            earlier == 0,
            say("relief given {earlier} times before", earlier=earlier)
            if earlier
            else say("none before, as far as told"),
            SIGNS,
        )
    )
    result.append(
        Flag(
            say("loss within 1 %"),
            found.npv_loss_rate <= LOSS_RATE,
            say(
                "{share:.2f} % of present value",
                share=found.npv_loss_rate * 100 + 0.0,
            ),
            DEFAULT,
        )
    )
    return result


def _short(found: Found) -> bool:
    """Whether all measures of the plan are short-term ones."""
    return all(
        measure.name in SHORT_TERM
        or (measure.name == "reduce" and measure.count_or_all("for") is not None)
        for measure in found.plan.measures
    )
