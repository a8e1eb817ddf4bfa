"""The view of a status: what was due, paid and is overdue; the ledger; whether a plan is kept."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from restructure.agreements import Agreed, History
from restructure.ledger.followup import FollowUp, follow_up, rows_of
from restructure.ledger.position import Position
from restructure.ledger.rules import COMPOUNDS, FEES, INTEREST, KINDS, PRINCIPAL
from restructure.ledger.settlement import settlement_of
from restructure.loan import FLAT, Loan
from restructure.money import Currency
from restructure.rates import percent_text
from restructure.render._compare import rate_number
from restructure.render._title import method_words, sum_of
from restructure.render._view import Cell, Column, Table, View
from restructure.waiting import loan_class
from restructure.words import Text, join, say, say_n

_WORDS = {
    "costs": say("costs"),
    "fees": say("fees"),
    "penalty": say("penalty interest"),
    "compounded": say("compounded interest"),
    "interest": say("interest"),
    "principal": say("principal"),
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
_SHOWN = [PRINCIPAL, INTEREST, *range(2, 4), FEES, 0]


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


def followed(known: History) -> FollowUp | None:
    """Return the follow-up of the plan in force; None where none has been agreed."""
    if not known.agreed:
        return None
    last = known.agreed[-1]
    return follow_up(known.position, last.facts.as_of, last.defaulted)


def split(amounts: list[int], currency: Currency) -> dict[str, Decimal]:
    """Return amounts by kind, with their sum as `total`."""
    found = {"total": currency.decimal(sum(amounts))}
    found.update((KINDS[kind], currency.decimal(amounts[kind])) for kind in _SHOWN)
    return found


def exact(amount: Fraction, currency: Currency) -> Decimal:
    """Return an amount a day with four decimals more than the currency has."""
    return Decimal(round(amount * 10**4)).scaleb(-currency.exponent - 4)


def settlement(position: Position) -> dict[str, Any]:
    """Return the settlement quote with the JSON field names."""
    money, quote = position.loan.currency.decimal, settlement_of(position)
    return {
        "as_of": quote.as_of,
        "total": money(quote.total),
        "arrears": money(quote.arrears),
        "principal": money(quote.principal),
        "interest": money(quote.interest),
        "rebate": money(quote.rebate),
        "credit": money(quote.credit),
    }


def standing_record(position: Position) -> dict[str, Any]:
    """Return what a position says, with the JSON field names."""
    currency = position.loan.currency
    money, oldest, per_day = currency.decimal, position.oldest, position.per_day
    return {
        "as_of": position.as_of,
        "cure": money(position.cure),
        "overdue": split(position.overdue, currency),
        "due_today": money(sum(position.due_today)),
        "days_past_due": position.days_past_due,
        "class": loan_class(position.days_past_due),
        "oldest_unpaid": None
        if oldest is None
        else {
            "number": oldest.number,
            "due": oldest.due,
            "principal": money(oldest.owed[PRINCIPAL]),
            "interest": money(oldest.owed[INTEREST]),
        },
        "per_day": {
            "interest": exact(per_day.interest, currency),
            "penalty": exact(per_day.penalty, currency),
            "compounded": exact(per_day.compounded, currency),
        },
        "capped": money(position.capped),
        "outstanding": money(position.balance),
        "owed": money(position.balance + position.cure),
        "settlement": settlement(position),
    }


def document(
    known: History,
    later: Position | None,
    notes: list[str],
    entries: bool,
    kept: FollowUp | None,
) -> dict[str, Any]:
    """Return the document `restructure.status/1`."""
    position = known.position
    currency = position.loan.currency
    money = currency.decimal
    found: dict[str, Any] = {
        "schema": "restructure.status/1",
        "currency": currency.code,
        "loan": contract(known.drawn),
        "rules": rules(known),
        "notes": notes,
        **standing_record(position),
        "due": split(position.due, currency),
        "paid": split(position.paid, currency),
        "received": money(position.received),
        "credit": money(position.credit),
        "prepaid": money(position.prepaid),
        "until": None if later is None else standing_record(later),
        "instalments": [
            {
                "number": row.number,
                "due": row.due,
                "payment": money(row.payment),
                "unpaid": money(row.unpaid),
                "paid_on": row.paid_on,
                "days_late": row.days_late,
                "state": row.state,
            }
            for row in rows_of(position)
        ],
        "agreed": [agreed(one, currency) for one in known.agreed],
        "follow_up": None if kept is None else followed_record(kept),
    }
    if entries:
        found["ledger"] = movements(position)
    return found


def contract(drawn: Loan) -> dict[str, Any]:
    """Return the contract as understood."""
    calendar = drawn.calendar
    return {
        "principal": drawn.currency.decimal(drawn.principal),
        "term": drawn.term,
        "rate": rate_number(drawn.rate),
        "method": drawn.method,
        "every": drawn.every.name,
        "start": calendar and calendar.unmoved(-1),
        "first_due": calendar and calendar.first,
        "day_count": drawn.day_count,
        "penalty_rate": rate_number(drawn.penalty_rate.of(drawn.rate)),
    }


def rules(known: History) -> dict[str, Any]:
    """Return the rules of the ledger."""
    found = known.rules
    return {
        "allocation": found.allocation.name,
        "overpayment": found.overpayment,
        "penalty_day_count": found.penalty_day_count,
        "compound": found.compound,
        "compound_penalty": found.compound_penalty,
        "late_fee": known.drawn.currency.decimal(found.late_fee),
        "late_fee_after": found.late_fee_after,
        "penalty_cap": rate_number(found.cap),
        "rebate": found.rebate,
    }


def agreed(one: Agreed, currency: Currency) -> dict[str, Any]:
    """Return an agreed plan with what was overdue on its day."""
    arrears = one.facts.arrears
    return {
        "name": one.plan.name,
        "plan": one.plan.text,
        "as_of": one.facts.as_of,
        "arrears": currency.decimal(arrears.total),
        "days_past_due": one.facts.days_past_due,
        "defaulted": one.defaulted,
    }


def followed_record(kept: FollowUp) -> dict[str, Any]:
    """Return the follow-up with the JSON field names."""
    return {
        "kept": kept.kept,
        "on_time": kept.counts["on time"],
        "late": kept.counts["late"],
        "short": kept.counts["short"],
        "missed": kept.counts["missed"],
        "clean_instalments": kept.clean,
        "clean_months": kept.clean_months,
        "counters": [counter._asdict() for counter in kept.counters],
    }


def movements(position: Position) -> list[dict[str, Any]]:
    """Return every movement, with what is due and unpaid after it."""
    money, owed, found = position.loan.currency.decimal, 0, []
    for entry in position.entries:
        if entry.what in ("due", "accrued", "charged"):
            owed += entry.amount
        elif entry.what == "allocated":
            owed -= entry.amount
        found.append(
            {
                "date": entry.day,
                "movement": entry.what,
                "instalment": entry.number,
                "kind": entry.kind or None,
                "amount": money(entry.amount),
                "unpaid": money(owed),
            }
        )
    return found


def flat(position: Position) -> dict[str, Any]:
    """Return a position as one line for CSV."""
    currency = position.loan.currency
    money, oldest = currency.decimal, position.oldest
    found: dict[str, Any] = {"as_of": position.as_of}
    for name, amounts in (
        ("due", position.due),
        ("paid", position.paid),
        ("overdue", position.overdue),
    ):
        found.update(
            (name if kind == "total" else f"{name}_{kind}", amount)
            for kind, amount in split(amounts, currency).items()
        )
    return {
        **found,
        "due_today": money(sum(position.due_today)),
        "cure": money(position.cure),
        "days_past_due": position.days_past_due,
        "oldest_number": "" if oldest is None else oldest.number,
        "oldest_due": "" if oldest is None else oldest.due,
        "per_day_interest": exact(position.per_day.interest, currency),
        "per_day_penalty": exact(position.per_day.penalty, currency),
        "per_day_compounded": exact(position.per_day.compounded, currency),
        "capped": money(position.capped),
        "credit": money(position.credit),
        "prepaid": money(position.prepaid),
        "outstanding": money(position.balance),
        "settlement": money(settlement_of(position).total),
    }


def table(known: History, later: Position | None, kept: FollowUp | None) -> Table:
    """Return the table for people."""
    position = known.position
    text = position.loan.currency.text
    columns = [Column("", right=False), Column(say("due")), Column(say("paid"))]
    columns += [Column(say("overdue"))]
    columns += [Column(say("overdue\n{as_of}", as_of=later.as_of))] if later else []
    rows = []
    used = [k for k in _SHOWN if position.due[k] or (later and later.due[k])]
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
            entry["movement"],
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
