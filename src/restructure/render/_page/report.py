"""The report: one page on a loan and the plans for it, for borrower, counsellor and lender."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any, NamedTuple

from restructure.comparison import Comparison, PlanResult
from restructure.parties import Parties
from restructure.rates import percent_text
from restructure.render._page import Name, Page
from restructure.render._page.budget import Budget
from restructure.render._page.charts import MOST, Chart, Curve, draw
from restructure.render._page.filling import fill
from restructure.render._page.rules import rules
from restructure.words import Text, say

NOW = 3
"""Periods that count as "now": the first of the horizons for which relief is shown."""
ROWS = 4000
"""Rows of schedules that are shown at most in all: about half a megabyte."""


class Fact(NamedTuple):
    """A label and what stands beside it; `best` where no other plan has a better figure."""

    label: Text
    value: Any
    best: bool = False
    more: Sequence[Text] = ()


class Plan(NamedTuple):
    """One plan on the page. `letter` names it in the charts."""

    place: int
    letter: str
    line: PlanResult
    name: str | Text
    figures: list[Fact]

    @property
    def charted(self) -> bool:
        """Whether the charts show it."""
        return bool(self.letter)


class Picture(NamedTuple):
    """A chart with its heading and what it shows, in words."""

    heading: Text
    words: list[tuple[Any, Text]]
    chart: Chart


def report(
    comparison: Comparison,
    page: Page,
    budget: Budget | None = None,
    parties: Parties | None = None,
) -> str:
    """Return the report as a page of HTML that stands alone."""
    from restructure.render._title import title

    plans = _plans(comparison, budget)
    return fill(
        page,
        "report.html.jinja",
        title=title(comparison.loan),
        comparison=comparison,
        loan=comparison.loan,
        answers=_answers(comparison, plans, budget),
        position=_position(comparison),
        plans=plans,
        budget=budget,
        head=_head(parties or Parties()),
        rows=2 + max(len(plan.figures) for plan in plans),
        pictures=_pictures(comparison, [plan for plan in plans if plan.charted]),
        schedules=_within(plans),
        rules=rules(comparison),
        told=[*comparison.notes, *(budget.found.notes if budget else [])],
        every=comparison.loan.every,
    )


def _head(parties: Parties) -> list[Any]:
    """Return who the page is from and for, as far as it is known."""
    names = [Name(text) for text in (parties.lender, parties.borrower, parties.reference) if text]
    return [*names, *([parties.date] if parties.date else [])]


# -- the answers ------------------------------------------------------------------------


def _answers(comparison: Comparison, plans: list[Plan], budget: Budget | None) -> list[Fact]:
    """Return what most readers want to know first."""
    noun = comparison.loan.every.noun
    found = [plan for plan in plans[1:] if not plan.line.refused]
    if not found:
        return [Fact(say("The plans"), say("None of these plans can be carried out; see below."))]
    answers = []
    most = max(plan.line.relief_within(NOW) for plan in found)
    freeing = [plan for plan in found if plan.line.relief_within(NOW) == most]
    if most > 0:
        words = say(
            "{names}: {amount} less to pay in the next {time} than as agreed.",
            names=_names(freeing), amount=most, time=noun(NOW),
        )  # fmt: skip
    else:
        words = say("None of these plans frees money in the next {time}.", time=noun(NOW))
    answers.append(Fact(say("Frees the most money now"), words))
    least = min(plan.line.extra_cost for plan in found)
    cheap = [plan for plan in found if plan.line.extra_cost == least]
    answers.append(Fact(say("Costs the least in all"), _cost(_names(cheap), least)))
    if budget is not None:
        of = {plan.line.name: plan for plan in found}
        words = budget.answer(
            [plan.line for plan in found], lambda lines: _names([of[line.name] for line in lines])
        )
        answers.append(Fact(say("Fits the budget"), words))
    return answers


def _cost(names: Text | Name, extra: Decimal) -> Text:
    if extra > 0:
        return say("{names}: {amount} more than as agreed.", names=names, amount=extra)
    if extra < 0:
        return say("{names}: {amount} less than as agreed.", names=names, amount=-extra)
    return say("{names}: no more than as agreed.", names=names)


def _names(plans: Sequence[Plan]) -> Any:
    """Return the names of plans that are equally good; of many, how many more there are."""
    names = [say("“{name}”", name=plan.name) for plan in plans]
    if len(names) > 3:
        return say("{name} and {count} others", name=names[0], count=len(names) - 1)
    joined = names[0]
    for name in names[1:]:
        joined = say("{one} and {other}", one=joined, other=name)
    return joined


# -- the position -----------------------------------------------------------------------


def _position(comparison: Comparison) -> list[Fact]:
    """Return where the loan stands on the day of restructuring."""
    loan = comparison.loan
    money, arrears = loan.currency.decimal, loan.arrears
    facts = [
        Fact(say("Borrowed"), money(loan.principal)),
        Fact(say("Rate a year"), percent_text(loan.rate)),
        Fact(
            say("Instalments"),
            say("{paid} paid, {missed} missed, {left} to come",
                paid=loan.paid, missed=loan.missed, left=loan.agreed_rows),
        ),
        Fact(say("Instalment as agreed"), money(loan.instalment or 0)),
        Fact(say("Owed today, in all"), money(loan.owed)),
    ]  # fmt: skip
    if arrears.total:
        facts += [Fact(say("of it overdue"), money(arrears.total))]
        for label, part in (
            (say("overdue principal"), arrears.principal),
            (say("overdue interest"), arrears.interest),
            (say("penalty interest"), arrears.penalty),
            (say("fees"), arrears.fees),
        ):
            facts += [Fact(label, money(part))] if part else []
    return facts


# -- the plans --------------------------------------------------------------------------


def _plans(comparison: Comparison, budget: Budget | None) -> list[Plan]:
    best = _best(comparison)
    shown = _charted(comparison)
    plans = []
    for place, line in enumerate(comparison.plans):
        letter = chr(ord("A") + shown.index(place)) if place in shown else ""
        name = say("as agreed") if not place else Name(line.name)
        figures = [] if line.refused else _figures(line, place, best)
        if budget is not None and figures:
            figures.append(Fact(say("Fits the budget"), budget.fits(line)))
        plans.append(Plan(place, letter, line, name, figures))
    return plans


def _charted(comparison: Comparison) -> list[int]:
    """Return the places of the plans in the charts: those named first, then in order."""
    best = _best(comparison)
    named = [place for column in ("freed", "extra") for place in sorted(best[column])]
    found = [place for place, line in enumerate(comparison.plans) if not line.refused]
    chosen = list(dict.fromkeys([0, *named[:MOST], *found]))[:MOST]
    return sorted(chosen)


def _best(comparison: Comparison) -> dict[str, set[int]]:
    found = {k: line for k, line in enumerate(comparison.plans) if k and not line.refused}

    def pick(figure: Any, choose: Any) -> set[int]:
        values = {k: figure(line) for k, line in found.items()}
        if len(set(values.values())) < 2:
            return set()
        return {k for k, value in values.items() if value == choose(values.values())}

    return {
        "payment": pick(lambda line: line.payment, min),
        "periods": pick(lambda line: line.periods, min),
        "extra": pick(lambda line: line.extra_cost, min),
        "freed": pick(lambda line: line.relief_within(NOW), max),
    }


def _figures(line: PlanResult, place: int, best: dict[str, set[int]]) -> list[Fact]:
    every = line.comparison.loan.every
    rate = line.effective_rate
    ends: Any = line.maturity or every.noun(line.periods)
    facts = [
        Fact(say("Instalment"), line.payment, place in best["payment"], _odd(line)),
        Fact(say("Repaid after"), every.noun(line.periods), place in best["periods"],
             [say("on {day}", day=ends)] if isinstance(ends, date) else ()),
        Fact(say("Paid in all"), line.total_paid),
        Fact(say("of it interest"), line.total_interest),
        Fact(say("More than as agreed"), line.extra_cost, place in best["extra"]),
        Fact(say("Freed in {time}", time=every.noun(NOW)), line.relief_within(NOW),
             place in best["freed"]),
        Fact(say("Effective rate a year"), say("none") if rate is None else f"{rate * 100:.2f} %"),
        Fact(say("Lender loses"), line.npv_loss),
    ]  # fmt: skip
    if any(other.forgiven for other in line.comparison.plans if not other.refused):
        facts.append(Fact(say("Forgiven"), line.forgiven))
    return facts


def _odd(line: PlanResult) -> list[Text]:
    """Return the payments that are not the usual instalment, in short."""
    found = []
    if line.arrears:
        found.append(say("now {amount}", amount=line.arrears))
    paid = line.schedule.payment
    first = next((row for row, amount in enumerate(paid) if amount), 0)
    if first:
        found.append(say("after {time} without", time=line.comparison.loan.every.noun(first)))
    if line.first_payment != line.payment:
        found.append(say("first {amount}", amount=line.first_payment))
    if line.highest_payment not in (line.payment, line.first_payment, line.last_payment):
        found.append(say("highest {amount}", amount=line.highest_payment))
    if line.last_payment != line.payment:
        found.append(say("last {amount}", amount=line.last_payment))
    return found


# -- charts and schedules ---------------------------------------------------------------


def _pictures(comparison: Comparison, plans: list[Plan]) -> list[Picture]:
    money, noun = comparison.loan.currency.decimal, comparison.loan.every.noun
    balance, payment, interest = [], [], []
    words: list[list[tuple[Any, Text]]] = [[], [], []]
    for order, plan in enumerate(plans):
        schedule = plan.line.schedule
        opening = schedule.opening[0] if schedule.opening else 0
        owed = [money(amount) for amount in (opening, *schedule.closing)]
        paid = [money(amount) for amount in schedule.payment]
        borne = [money(amount) for amount in accumulate((0, *schedule.interest))]
        balance.append(Curve(order, plan.letter, 0, owed))
        payment.append(Curve(order, plan.letter, 1, paid))
        interest.append(Curve(order, plan.letter, 0, borne))
        words[0].append((plan, say("{most} at most, repaid after {time}.",
                                   most=max(owed), time=noun(len(paid)))))  # fmt: skip
        words[1].append((plan, say("from {least} to {most}.",
                                   least=min(paid, default=money(0)),
                                   most=max(paid, default=money(0)))))  # fmt: skip
        words[2].append((plan, say("{sum} in the end.", sum=borne[-1])))
    return [
        Picture(say("What is still owed"), words[0], draw(balance)),
        Picture(say("What is paid each time"), words[1], draw(payment, steps=True)),
        Picture(say("Interest so far"), words[2], draw(interest)),
    ]


def _within(plans: list[Plan]) -> list[Plan]:
    """Return the plans whose schedules the page has room for."""
    found, room = [], ROWS
    for plan in plans:
        if not plan.line.refused and plan.line.periods <= room:
            room -= plan.line.periods
            found.append(plan)
    return found
