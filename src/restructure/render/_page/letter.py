"""The letter: one plan as an offer to the borrower, in plain words, every number from the plan.

`letter` works out what the templates write: the key facts, and sections of prose with their
tables. A lender's own template may use these, or the single values (docs/letter.md names them).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from restructure.comparison import Comparison, PlanResult
from restructure.metrics import late_interest, usual_payment
from restructure.parties import Parties
from restructure.rates import percent_text
from restructure.render._page import BLANK, Name
from restructure.words import Text, join, say, say_n

LONGEST_CALENDAR = 60
"""Up to so many payments, the letter lists each of them."""


class Run(NamedTuple):
    """Equal payments one after the other: `times` of them, from number `first` to `last`."""

    first: int
    last: int
    times: int
    amount: Decimal
    first_due: date | None
    last_due: date | None


class Grid(NamedTuple):
    """A small table: headings, and rows of values. The first column heads its row."""

    headings: Sequence[Any]
    rows: Sequence[Sequence[Any]]


class Section(NamedTuple):
    """A part of the letter: a heading, paragraphs, perhaps a table behind them."""

    heading: Text
    paragraphs: Sequence[Text]
    grid: Grid | None = None


class Letter(NamedTuple):
    """What a template of a letter may use. Amounts are in major units."""

    parties: Parties
    currency: str
    title: Text
    greeting: Text
    opening: Sequence[Text]
    facts: Sequence[tuple[Text, Any]]
    sections: Sequence[Section]
    plan: Any
    description: str
    measures: str
    as_of: date | None
    owed: Decimal
    overdue: Decimal
    missed: int
    payments: Sequence[Run]
    rows: Sequence[Any]
    total_paid: Decimal
    total_interest: Decimal
    extra_cost: Decimal
    forgiven: Decimal
    rate: str
    effective_rate: str
    late_rate: str
    periods: int
    maturity: date | None


def letter(
    comparison: Comparison,
    line: PlanResult,
    parties: Parties,
    as_of: date | None = None,
    credit: int = 0,
) -> Letter:
    """Return the letter that offers one plan of a comparison. Raises Refused if it is refused.

    `as_of` is the day of the position where a payment history gives it; else it is the due date
    of the last instalment paid or missed. `credit` is money held for the next instalment, in
    minor units.
    """
    schedule, loan = line.schedule, comparison.loan
    money, after = loan.currency.decimal, schedule.loan
    rate = line.effective_rate
    parts: dict[str, Any] = {
        "parties": _named(parties),
        "currency": loan.currency.code,
        "plan": Name(line.name) if line.name != line.plan else line.description,
        "description": line.description,
        "measures": line.plan,
        "as_of": as_of or (loan.calendar and loan.calendar.due(loan.passed - 1)),
        "owed": money(loan.owed),
        "overdue": money(loan.arrears.total),
        "missed": loan.missed,
        "payments": runs(line),
        "rows": list(schedule.rows),
        "total_paid": line.total_paid,
        "total_interest": line.total_interest,
        "extra_cost": line.extra_cost,
        "forgiven": line.forgiven,
        "rate": after.rate_text(),
        "effective_rate": "" if rate is None else f"{rate * 100:.2f} %",
        "late_rate": percent_text(loan.penalty_rate.of(after.rate)),
        "periods": line.periods,
        "maturity": line.maturity,
    }
    draft = Letter(
        title=say("Your new payment plan"),
        greeting=_greeting(parts["parties"]),
        opening=_opening(parts["parties"], loan.missed, bool(loan.arrears.total)),
        facts=(),
        sections=(),
        **parts,
    )
    return draft._replace(
        facts=_facts(draft, comparison.loan.every.noun, money(credit)),
        sections=[
            _change(draft, comparison, line),
            _calendar(draft, comparison),
            _cost(draft),
            _late(draft, line),
            _ask(draft),
        ],
    )


def _named(parties: Parties) -> Parties:
    values: dict[str, Any] = parties._asdict()
    for key, value in values.items():
        values[key] = Name(value) if isinstance(value, str) and value else value
    return Parties(**values)


def runs(line: PlanResult) -> list[Run]:
    """Return the payments of a plan, equal ones that follow each other together."""
    found, number = [], 0
    dues, money = line.schedule.due_dates(), line.schedule.loan.currency.decimal
    for amount, same in groupby(line.schedule.payment):
        count = len(list(same))
        found.append(
            Run(number + 1, number + count, count, money(amount),
                dues[number], dues[number + count - 1])
        )  # fmt: skip
        number += count
    return found


def _greeting(parties: Parties) -> Text:
    if parties.borrower:
        return say("Dear {name},", name=parties.borrower)
    return say("Dear customer,")


def _opening(parties: Parties, missed: int, overdue: bool) -> list[Text]:
    """Return the first sentences: no blame, and what this letter is."""
    if missed:
        first = say_n(
            "One payment on your loan has not been made in full. This can happen to anybody: an "
            "illness in the family, less work, a month in which everything comes at once.",
            "We see that {count} payments on your loan have not been made in full. This can "
            "happen to anybody: an illness in the family, less work, a month in which everything "
            "comes at once.",
            missed,
        )
    elif overdue:
        first = say(
            "Part of your loan is overdue. This can happen to anybody: an illness in the family, "
            "less work, a month in which everything comes at once."
        )
    else:
        first = say(
            "Life does not always go to plan, and payments that were easy once can become too much."
        )
    second = say(
        "We want to help you to get through this time. This letter says what the new plan for "
        "your loan is, what you pay and when, and what it costs in all. Please take your time to "
        "read it, and ask us about anything that is not clear."
    )
    found = [first, second]
    if parties.answer_by:
        found.append(
            say(
                "Please tell us by {day} whether you accept the plan. Until then, your loan stays "
                "as it was agreed.",
                day=parties.answer_by,
            )
        )
    return found


def _facts(letter: Letter, noun: Callable[[int], str], credit: Decimal) -> list[tuple[Text, Any]]:
    """Return the key facts, as the SECCI, India's Key Facts Statement and China's table ask."""
    parties = letter.parties
    facts: list[tuple[Text, Any]] = []
    if parties.lender:
        facts.append((say("Paid to"), parties.lender))
    facts += [
        (
            say("You owe on {day}", day=letter.as_of) if letter.as_of else say("You owe today"),
            letter.owed,
        ),
    ]
    if credit:
        facts.append((say("We hold for your next payment"), credit))
    facts += [
        (say("You pay"), [_run_words(run, noun(run.times)) for run in _main(letter.payments)]),
    ]
    if letter.maturity:
        facts.append((say("Last payment"), letter.maturity))
    facts += [
        (say("Interest rate a year"), letter.rate),
        (say("Interest in all"), letter.total_interest),
    ]
    if letter.forgiven:
        facts.append((say("We give up"), letter.forgiven))
    facts.append((say("You pay in all"), letter.total_paid))
    if letter.effective_rate:
        facts.append((say("Yearly cost of the debt, all included"), letter.effective_rate))
    facts += [
        (say("Interest rate on late principal"), letter.late_rate),
        (say("Whom to ask"), parties.contact or BLANK),
    ]
    return facts


_SHOWN_RUNS = 6


def _main(payments: Sequence[Run]) -> Sequence[Run]:
    return payments if len(payments) <= _SHOWN_RUNS else [*payments[:3], *payments[-1:]]


def _run_words(run: Run, time: str) -> Text:
    """Return some equal payments in words."""
    if not run.amount:
        return say("nothing for {time}", time=time)
    if run.times == 1:
        return say("once {amount}", amount=run.amount)
    return say("{count} times {amount}", count=run.times, amount=run.amount)


def _change(letter: Letter, comparison: Comparison, line: PlanResult) -> Section:
    """Return what was agreed before, and what is new."""
    agreed, noun = comparison.plans[0], comparison.loan.every.noun
    rows: list[list[Any]] = []
    if agreed.arrears:
        rows.append([say("at once"), agreed.arrears, comparison.loan.currency.decimal(0)])
    rows += [
        [say("usual payment"), agreed.payment, line.payment],
        [say("highest payment"), agreed.highest_payment, line.highest_payment],
        [say("repaid after"), noun(agreed.periods), noun(line.periods)],
    ]
    if line.maturity:
        rows.append([say("last payment on"), agreed.maturity, line.maturity])
    rows.append([say("paid in all"), agreed.total_paid, line.total_paid])
    words = [
        say(
            "The new plan is called “{plan}”. In short: {description}.",
            plan=letter.plan,
            description=letter.description,
        )
        if letter.plan != letter.description
        else say("{description}.", description=letter.description)
    ]
    if comparison.loan.arrears.total:
        words.append(_overdue_words(line, letter))
    words.append(say("All else in your loan contract stays as it is."))
    headings = [say("amounts in {currency}", currency=letter.currency), say("before"), say("new")]
    return Section(say("What changes"), words, Grid(headings, rows))


def _overdue_words(line: PlanResult, letter: Letter) -> Text:
    return say(
        "Of the {owed} that you owe, {overdue} is overdue. With this plan you do not have to pay "
        "that at once: it is part of the payments below.",
        owed=letter.owed,
        overdue=letter.overdue,
    )


def _calendar(letter: Letter, comparison: Comparison) -> Section:
    """Return what to pay when: each payment if they are few, else the equal ones together."""
    dated = letter.maturity is not None
    number = say("number") if dated else comparison.loan.every.word(1)
    headings: list[Any] = [number, *([say("due on")] if dated else []), say("you pay"),
                           say("you still owe")]  # fmt: skip
    if len(letter.rows) <= LONGEST_CALENDAR:
        rows: list[list[Any]] = [
            [str(row.number), *([row.due] if dated else []), row.payment, row.closing]
            for row in letter.rows
        ]
    else:
        rows = []
        for run in letter.payments:
            span = str(run.first) if run.times == 1 else f"{run.first}-{run.last}"
            days = say("{first} to {last}", first=run.first_due, last=run.last_due)
            day = [run.first_due if run.times == 1 else days] if dated else []
            rows.append([span, *day, run.amount, letter.rows[run.last - 1].closing])
    words = []
    quiet = next((run for run in letter.payments[:1] if not run.amount), None)
    if quiet is not None:
        words.append(
            say(
                "For the first {time} you pay nothing at all.",
                time=comparison.loan.every.noun(quiet.times),
            )
        )
    first = next(run for run in letter.payments if run.amount)
    if first.first_due:
        words.append(say("Your first payment is {amount} on {day}.",
                         amount=first.amount, day=first.first_due))  # fmt: skip
    else:
        words.append(
            say("Your first payment is {amount}, {time} from now.",
                amount=first.amount, time=comparison.loan.every.noun(first.first))
        )  # fmt: skip
    return Section(say("What you pay, and when"), words, Grid(headings, rows))


def _cost(letter: Letter) -> Section:
    """Return what the plan costs in all, and against the loan as agreed."""
    words = [
        _owe(letter),
        say("Until the end, {interest} of interest is added.", interest=letter.total_interest),
    ]
    if letter.forgiven:
        words.append(say("We give up {amount} of the debt.", amount=letter.forgiven))
    words.append(say("So you pay {total} in all.", total=letter.total_paid))
    if letter.extra_cost > 0:
        words.append(
            say(
                "That is {amount} more than if you paid what is overdue now, and all the rest as "
                "first agreed. It is the price of more time.",
                amount=letter.extra_cost,
            )
            if letter.overdue
            else say(
                "That is {amount} more than if you paid as first agreed. It is the price of more "
                "time.",
                amount=letter.extra_cost,
            )
        )
    elif letter.extra_cost < 0:
        words.append(say("That is {amount} less than as first agreed.", amount=-letter.extra_cost))
    else:
        words.append(say("That is no more than as first agreed."))
    return Section(say("What it costs in all"), [join(" ", words)])


def _owe(letter: Letter) -> Text:
    if letter.as_of:
        return say("On {day} you owe {owed}.", day=letter.as_of, owed=letter.owed)
    return say("You owe {owed} today.", owed=letter.owed)


def _late(letter: Letter, line: PlanResult) -> Section:
    """Return what a missed payment leads to, with its price in an example."""
    words = [
        say(
            "If you see that you will not be able to pay on a day, please tell us before it. The "
            "sooner we know, the more we can do."
        ),
        say(
            "On principal that is paid late, interest of {rate} a year runs until it is paid.",
            rate=letter.late_rate,
        ),
    ]
    usual, schedule = usual_payment(line.schedule), line.schedule
    row = next(
        (
            k
            for k, paid in enumerate(schedule.payment)
            if paid == usual and schedule.principal[k] > 0
        ),
        None,
    )
    if row is not None:
        money, every = line.schedule.loan.currency.decimal, line.schedule.loan.every
        words.append(
            say(
                "For instance: of a payment of {payment}, {principal} is principal. If it comes "
                "{time} late, that costs {cost}.",
                payment=money(line.schedule.payment[row]),
                principal=money(line.schedule.principal[row]),
                time=every.noun(1),
                cost=money(late_interest(line.schedule, row)),
            )
        )
    return Section(say("If a payment is missed"), words)


def _ask(letter: Letter) -> Section:
    contact = letter.parties.contact
    if contact:
        first = say("Please ask us about anything in this letter: {contact}", contact=contact)
    else:
        first = say("Please ask us about anything in this letter. Name and telephone: {blank}",
                    blank=BLANK)  # fmt: skip
    second = say(
        "You may show this letter to a debt adviser, or to somebody whom you trust, before you "
        "decide."
    )
    return Section(say("Whom to ask"), [first, second])
