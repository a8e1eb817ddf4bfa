"""The view of a status: what was due, paid and is overdue; the ledger; whether a plan is kept."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from restructure.agreements import History
from restructure.ledger.followup import FollowUp
from restructure.ledger.position import Position
from restructure.ledger.rules import COMPOUNDS, INTEREST, KINDS, PRINCIPAL
from restructure.ledger.settlement import settlement_of
from restructure.loan import FLAT
from restructure.rates import percent_text
from restructure.render._status_records import (
    SHOWN,
    document,
    exact,
    flat,
    followed,
    movements,
)
from restructure.render._title import method_words, sum_of
from restructure.render._view import Cell, Column, Table, View
from restructure.words import Text, join, say, say_n

_WORDS = {
    "costs": say("costs"),
    "fees": say("fees"),
    "penalty": say("penalty interest"),
    "compounded": say("compounded interest"),
    "interest": say("interest"),
    "principal": say("principal"),
}
_MOVEMENTS = {
    "due": say("due"),
    "accrued": say("accrued"),
    "charged": say("charged"),
    "paid": say("paid"),
    "allocated": say("allocated"),
    "prepaid": say("prepaid"),
}
_STATES = {
    "on time": say("on time"),
    "late": say("late"),
    "short": say("short"),
    "missed": say("missed"),
    "to come": say("to come"),
}
_COUNTERS = {
    "China observation, 2 periods and 1 year": say("China observation, 2 periods and 1 year"),
    "EBA cure, 1 year": say("EBA cure, 1 year"),
    "EBA probation, 2 years": say("EBA probation, 2 years"),
}
_KEPT = say("The plan is kept: {counts}; {clean} in a row on time, {clean_months} clean months.")
_NOT_KEPT = say(
    "The plan is NOT kept: {counts}; {clean} in a row on time, {clean_months} clean months."
)


def view(known: History, later: Position | None, notes: list[str], entries: bool) -> View:
    """Return the view of where a loan stands; `entries` lists the movements."""
    kept = followed(known)

    def records() -> list[dict[str, Any]]:
        if entries:
            return movements(known.position)
        found = [flat(known.position)]
        return [*found, flat(later)] if later else found

    return View(
        document=lambda: document(known, later, notes, entries, kept),
        records=records,
        lines=records,
        table=lambda: ledger_table(known) if entries else table(known, later, kept),
    )


def table(known: History, later: Position | None, kept: FollowUp | None) -> Table:
    """Return the table for people."""
    position = known.position
    text = position.loan.currency.text
    columns = [Column("", right=False), Column(say("due")), Column(say("paid"))]
    columns += [Column(say("overdue"))]
    columns += [Column(say("overdue\n{as_of}", as_of=later.as_of))] if later else []
    rows = []
    used = [k for k in SHOWN if position.due[k] or (later and later.due[k])]
    for kind in used:
        cells = [_WORDS[KINDS[kind]], text(position.due[kind]), text(position.paid[kind])]
        cells += [text(position.overdue[kind])] + ([text(later.overdue[kind])] if later else [])
        rows.append([Cell(cell) for cell in cells])
    footer: list[str] = [say("sum"), text(sum(position.due)), text(sum(position.paid))]
    footer += [text(sum(position.overdue))] + ([text(sum(later.overdue))] if later else [])
    below = _sentences(position)
    if later:
        quote = settlement_of(later)
        below.append(
            say(
                "On {as_of}, if nothing is paid: {cure} cures it, {days_past_due} days past "
                "due; {total} closes the loan.",
                as_of=later.as_of,
                cure=text(later.cure),
                days_past_due=later.days_past_due,
                total=text(quote.total),
            )
        )
    below += _follow_lines(known, kept)
    title = say(
        "{principal} over {span} at {rate}, {method}; on {as_of}",
        principal=sum_of(known.drawn, known.drawn.principal),
        span=known.drawn.every.noun(known.drawn.term),
        rate=percent_text(known.drawn.rate),
        method=method_words(known.drawn.method),
        as_of=position.as_of,
    )
    return Table(title, columns, rows, [*below], footer)


def _sentences(position: Position) -> list[str]:
    currency = position.loan.currency
    text, oldest = currency.text, position.oldest
    below: list[str] = []
    if oldest is not None and position.days_past_due:
        unpaid = oldest.owed[PRINCIPAL] + oldest.owed[INTEREST]
        below.append(
            say(
                "{days_past_due} days past due: instalment {number} of {due} lacks {unpaid}.",
                days_past_due=position.days_past_due,
                number=oldest.number,
                due=oldest.due,
                unpaid=text(unpaid),
            )
        )
    elif not position.cure:
        below.append(say("Nothing is overdue."))
    if sum(position.due_today):
        below.append(say("Due on the day itself: {sum}.", sum=text(sum(position.due_today))))
    if position.cure:
        below.append(
            say(
                "{cure} paid on {as_of} leaves no arrears.",
                cure=text(position.cure),
                as_of=position.as_of,
            )
        )
    per_day = position.per_day
    if per_day.penalty or per_day.compounded:
        day = exact(per_day.penalty, currency)
        more = exact(per_day.compounded, currency)
        below.append(
            say(
                "Each day adds {day} of penalty interest and {more} on unpaid interest.",
                day=day,
                more=more,
            )
            if per_day.compounded
            else say("Each day adds {day} of penalty interest.", day=day)
        )
    if position.capped:
        rate = percent_text(position.rules.cap or Fraction(0))
        below.append(
            say(
                "The cap of {rate} keeps {capped} from being charged.",
                rate=rate,
                capped=text(position.capped),
            )
        )
    if position.credit and position.balance:
        below.append(
            say(
                "{credit} are held as credit for the next instalment.", credit=text(position.credit)
            )
        )
    if position.prepaid:
        below.append(say("{prepaid} have been prepaid.", prepaid=text(position.prepaid)))
    quote = settlement_of(position)
    words = say("{total} closes the loan on the day", total=text(quote.total))
    if position.loan.method == FLAT:
        words += say(
            " (rebate {rule}: {rebate} of interest)",
            rule=position.rules.rebate,
            rebate=text(quote.rebate),
        )
    if quote.total > 0:
        below.append(
            say(
                "{words}; not yet due: {balance} of principal.",
                words=words,
                balance=text(position.balance),
            )
        )
    elif quote.total < 0:
        below.append(
            say("The loan is repaid, and {value} has been paid too much.", value=text(-quote.total))
        )
    else:
        below.append(say("The loan is repaid."))
    compound = position.rules.compound
    below.append(
        say(
            "Allocation: {name}; unpaid interest bears {what}.",
            name=position.rules.allocation.name,
            what=(
                say("none")
                if compound == COMPOUNDS[0]
                else say("interest ({compound})", compound=compound)
            ),
        )
    )
    return below


def _follow_lines(known: History, kept: FollowUp | None) -> list[str]:
    found: list[str] = []
    for one in known.agreed:
        found.append(
            say(
                "Agreed on {as_of}: {name} ({text}).",
                as_of=one.facts.as_of,
                name=one.plan.name,
                text=one.plan.text,
            )
        )
    if kept is None:
        return found
    counts = join(
        say(", "),
        [
            say("{count} {state}", count=count, state=_STATES[state])
            for state, count in kept.counts.items()
            if count
        ],
    )
    template: Text = _KEPT if kept.kept else _NOT_KEPT
    found.append(
        say(
            template.template,
            counts=counts or say("nothing due yet"),
            clean=kept.clean,
            clean_months=kept.clean_months,
        )
    )
    for counter in kept.counters:
        words = say("stands still while an instalment is unpaid")
        if counter.since is not None:
            words = say("since {since}, ends {ends}", since=counter.since, ends=counter.ends)
            words += say(" (reached)") if counter.met else ""
        if counter.restarts:
            words += say_n("; began again once", "; began again {count} times", counter.restarts)
        name = _COUNTERS.get(counter.name, counter.name)
        found.append(say("{name}: {words}.", name=name, words=words))
    return found


def ledger_table(known: History) -> Table:
    """Return the movements for people."""
    position = known.position
    rows = []
    for entry in movements(position):
        cells = [
            str(entry["date"]),
            _MOVEMENTS.get(entry["movement"], entry["movement"]),
            "" if entry["instalment"] is None else str(entry["instalment"]),
            _WORDS.get(entry["kind"] or "", ""),
            f"{entry['amount']:,.{position.loan.currency.exponent}f}",
            f"{entry['unpaid']:,.{position.loan.currency.exponent}f}",
        ]
        rows.append([Cell(cell) for cell in cells])
    columns = [
        Column(say("date"), right=False),
        Column(say("movement"), right=False),
        Column(say("no.")),
        Column(say("kind"), right=False),
        Column(say("amount")),
        Column(say("unpaid")),
    ]
    return Table(
        say("Ledger up to {as_of}", as_of=position.as_of), columns, rows, [*_sentences(position)]
    )
