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

SHORT_TERM = ("defer", "interest-only", "step", "arrears")
"""Short-term measures; `reduce` is one where it lasts for a while (`for=`)."""
SHORT_MONTHS = 24

ANNEX = "EBA/GL/2018/06, annex (not checked)"
VIABLE = "EBA/GL/2018/06, viable forbearance (not checked)"
DEFAULT = "EBA/GL/2016/07, 51"
SIGNS = "EBA/GL/2016/07, other signs of unlikeliness to pay (not checked)"


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
    terms = "short-term" if short else "long-term"
    result = [
        Flag(
            "measure fits the shock",
            kind == "none" or (kind == "temporary") == short or (kind == "temporary" and early > 0),
            f"a {kind} shock and {terms} measures" if kind != "none" else "no shock",
            ANNEX,
        ),
        Flag(
            "short-term measures are short",
            months <= SHORT_MONTHS,
            f"{noun(early)} before the regular instalments, at most {SHORT_MONTHS} months",
            ANNEX,
        ),
        Flag(
            "arrears dealt with",
            not (loan.arrears.total and schedule.loan.arrears.treated("set-aside")),
            "no arrears" if not loan.arrears.total else f"{text(loan.arrears.total)} of arrears",
            VIABLE,
        ),
        Flag(
            "surplus positive",
            found.excess <= 0,
            "every payment is within what can be paid"
            if found.excess <= 0
            else f"up to {text(found.excess)} more than can be paid",
            VIABLE,
        ),
    ]
    rising = [row for row, principal in enumerate(schedule.principal) if principal < 0]
    paying = [row for row in rising if schedule.payment[row]]
    after = [row for row in rising if row >= early]
    result.append(
        Flag(
            "balance falls",
            not after,
            f"the debt grows in {noun(len(rising))}" if rising else "in every period",
            VIABLE,
        )
    )
    result.append(
        Flag(
            "no negative amortisation",
            not paying,
            f"payments below the interest in {noun(len(paying))}" if paying else "none",
            SIGNS,
        )
    )
    usual, last = metrics.usual_payment(schedule), schedule.payment[-1]
    result.append(
        Flag(
            "no balloon",
            last <= 2 * usual,
            f"{text(last)} with the last instalment" if last > 2 * usual else "none",
            SIGNS,
        )
    )
    result.append(
        Flag(
            "no repeated relief",
            earlier == 0,
            f"relief given {earlier} times before" if earlier else "none before, as far as told",
            SIGNS,
        )
    )
    result.append(
        Flag(
            "loss within 1 %",
            found.npv_loss_rate <= LOSS_RATE,
            f"{found.npv_loss_rate * 100 + 0.0:.2f} % of present value",
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
