"""What status and compare share: the options of a payment history, and reading it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from restructure.cli._options import Command, Given, with_options, write
from restructure.errors import InvalidValue, Refused, UsageError, nearest, shown
from restructure.fields import FIELDS, option
from restructure.ledger.rules import RULES
from restructure.position import locate
from restructure.words import say

if TYPE_CHECKING:
    from restructure.agreements import History
    from restructure.comparison import Comparison
    from restructure.ledger.movements import Movement
    from restructure.loan import Loan
    from restructure.schedule import Schedule

_STATEMENT: dict[str, tuple[str, str, Any]] = {
    "payments": (
        "FILE",
        say("Payment history: CSV with a header; - is standard input."),
        str | None,
    ),
    "map": (
        "NAME=COLUMN",
        say(
            "Where the columns are: date, amount, currency, kind, reference; and the words "
            "for payment, reversal, fee, cost. May be repeated."
        ),
        list[str] | None,
    ),
    "date_format": (
        "FORM",
        say("How dates are written: YYYY-MM-DD, DD.MM.YYYY, MM/DD/YYYY."),
        str | None,
    ),
    "number_format": (
        "FORM",
        say("How amounts are written: 1234.56, 1,234.56, 1.234,56 and so on."),
        str | None,
    ),
    "delimiter": ("CHAR", say("What is between cells: , or ; or tab."), str | None),
    "encoding": ("NAME", say("Encoding of the file: utf-8, gb18030, cp1252."), str | None),
    "duplicates": ("HOW", say("Lines that repeat one before: refuse, keep or drop."), str | None),
}


def ledger_options(command: Command) -> Command:
    """Give a command the options of a payment history and its rules, as `ledger`."""
    rules = {name: (rule.metavar, rule.help, str | None) for name, rule in RULES.items()}
    return with_options(command, "ledger", {**_STATEMENT, **rules})


def start_from(
    given: Given, ledger: dict[str, Any], file: list[str] | None, notes: list[str]
) -> tuple[Loan, Schedule | None]:
    """Return the loan on which measures act, and the rest as agreed if a payment history gives it.

    Without --payments the loan file or the options say where the loan stands.
    """
    if ledger["payments"]:
        there = read_history(given, ledger, (file or ["options"])[0], notes).stand()
        return there.loan, there.agreed
    no_history(given, ledger)
    return locate(given.loan()), None


def in_force(given: Given, file: str, notes: list[str]) -> Comparison:
    """Return the agreed plan of a file beside the loan on the day on which it was agreed."""
    from restructure.agreements import read_agreed, terms_after
    from restructure.comparison import compare
    from restructure.ledger import stand
    from restructure.terms import loan_of

    drawn = loan_of(contract_values(given))
    agreed = read_agreed(given.agreed, drawn, file)
    last = agreed[-1]
    there = stand(terms_after(drawn, agreed[:-1]), last.facts)
    notes.append(
        say(
            "These are the rows of {plan}, agreed on {day}.",
            plan=last.plan.name,
            day=last.facts.as_of,
        )
    )
    return compare(there.loan, [last.plan], there.agreed)


def account_options(command: Command) -> Command:
    """Give a command the options of a payment history and the terms of an account, as `kept`."""
    from restructure.ledger.terms import TERMS

    terms = {name: (term.metavar, term.help, str | None) for name, term in TERMS.items()}
    return with_options(command, "kept", {**_STATEMENT, **terms})


def statement_of(kept: dict[str, Any], drawn: Loan) -> list[Movement]:
    """Return the lines of the payment history, none where no file is given."""
    from restructure.ledger import form_of, read_statement
    from restructure.ledger.position import start_of

    form = form_of(
        kept["map"] or (),
        kept["date_format"],
        kept["number_format"],
        kept["delimiter"],
        kept["encoding"],
        kept["duplicates"],
    )
    start = start_of(drawn)
    return read_statement(kept["payments"], form, drawn.currency, start) if kept["payments"] else []


def no_history(given: Given, ledger: dict[str, Any], waiting: str | None = None) -> None:
    """Raise UsageError for what means nothing without a payment history."""
    if waiting:
        raise UsageError(say("--waiting goes with --payments FILE, which says what is owed."))
    if given.agreed:
        raise UsageError(
            say("this file holds an agreed plan; give the payments since with --payments FILE.")
        )
    for name, value in ledger.items():
        if value is not None:
            raise UsageError(say("{option} goes with --payments FILE.", option=option(name)))


def rules_given(given: Given, ledger: dict[str, Any]) -> dict[str, Any]:
    """Return the rules as written: an option wins over the file."""
    options = {name: ledger[name] for name in RULES if ledger[name] is not None}
    return {**given.rules, **options}


def contract_values(given: Given) -> dict[str, Any]:
    """Return the loan's values without its position, which the payment history gives."""
    values = dict(given.values)
    values.pop("as_of", None)
    for name, value in values.items():
        if FIELDS[name].section == "position" and value is not None:
            raise InvalidValue(
                say("goes without a payment history, which says what is paid; leave it out."),
                field=name,
            )
    return values


def day_of(given: Given, notes: list[str]) -> date:
    """Return the day of the position; today where none is given, with a note."""
    value = given.values.get("as_of")
    if value is not None:
        day: date = FIELDS["as_of"].read(value, "as_of")
        return day
    today = date.today()
    notes.append(say("No --as-of was given: today, {today}, is taken.", today=today))
    return today


def read_history(given: Given, ledger: dict[str, Any], file: str, notes: list[str]) -> History:
    """Return where the loan stands, from the loan file and the payment history."""
    from restructure.agreements import history, read_agreed
    from restructure.ledger import rules_of
    from restructure.terms import loan_of

    drawn = loan_of(contract_values(given))
    agreed = read_agreed(given.agreed, drawn, file)
    rules = rules_of(rules_given(given, ledger), drawn.currency)
    lines = statement_of(ledger, drawn)
    known = history(drawn, rules, agreed, lines, day_of(given, notes))
    if known.ignored:
        notes.append(
            say(
                "Lines up to {as_of} ({ignored}) belong to the time before the plan {name!r}; "
                "what they left is in it.",
                as_of=agreed[-1].facts.as_of,
                ignored=known.ignored,
                name=agreed[-1].plan.name,
            )
        )
    if known.later:
        notes.append(
            say(
                "Lines after {as_of} ({later}) are not counted.",
                as_of=known.position.as_of,
                later=known.later,
            )
        )
    notes[:0] = drawn.notes
    return known


def keep(
    path: str,
    name: str,
    comparison: Comparison,
    given: Given,
    ledger: dict[str, Any],
    known: History | None,
) -> None:
    """Write the loan file that keeps the plan called `name` as agreed."""
    from restructure.agreements import DEFAULT_AFTER, Agreed, facts_without_history, written
    from restructure.measures import parse_plan

    lines = {line.name: line for line in comparison.plans[1:]}
    if name not in lines:
        raise UsageError(
            say(
                "--accept: there is no plan {name} among {names}.",
                name=shown(name),
                names=", ".join(lines),
            )
            + nearest(name, lines)
        )
    line = lines[name]
    if line.refused:
        raise Refused(
            say("{name} cannot be carried out: {refused}", name=name, refused=line.refused)
        )
    loan = given.loan() if known is None else known.drawn
    facts = facts_without_history(loan) if known is None else known.facts()
    defaulted = facts.days_past_due > DEFAULT_AFTER or line.npv_loss_rate > 0.01
    agreed = Agreed(parse_plan(line.plan)._replace(name=name), facts, defaulted)
    before = [] if known is None else known.agreed
    write(path, written(given.values, rules_given(given, ledger), [*before, agreed], loan))
