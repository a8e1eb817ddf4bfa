"""Agreements: plans that have been agreed, one after the other, and the file that keeps them.

The file is a loan file with the contract as drawn, the rules of its ledger, and an [[agreed]]
table for each plan: its measures, the day, and what was overdue on it. The terms after each
plan follow from these, so a second restructuring starts where the first has led.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from restructure.errors import (
    InvalidValue,
    PlanSyntaxError,
    RestructureError,
    UnknownName,
    nearest,
    shown,
)
from restructure.fields import FIELDS
from restructure.ledger.followup import after
from restructure.ledger.movements import Movement
from restructure.ledger.position import Position, position_on, start_of
from restructure.ledger.rules import Rules
from restructure.ledger.standing import Facts, Standing, facts_of, stand
from restructure.loan import Extra, Loan
from restructure.measures import Plan, parse_plan
from restructure.money import number
from restructure.position import locate
from restructure.words import say

AMOUNTS = ("principal", "interest", "penalty", "compounded", "fees", "costs", "credit")
_KEYS = ("name", "measures", "as_of", "days_past_due", "paid", "missed", "defaulted", "prepaid")
DEFAULT_AFTER = 90
"""Days past due after which an obligor is in default (EBA/GL/2016/07; CRR article 178)."""


class Agreed(NamedTuple):
    """One plan that was agreed: with what, on which facts, and whether in default then."""

    plan: Plan
    facts: Facts
    defaulted: bool = False


class History(NamedTuple):
    """A loan with the plans agreed for it, and where it stands.

    `terms` are those in force: as drawn, or as the last plan left them; `position` counts the
    movements since then. `ignored` movements are older than the last plan, `later` ones come
    after the day.
    """

    drawn: Loan
    terms: Loan
    rules: Rules
    agreed: Sequence[Agreed]
    movements: Sequence[Movement]
    position: Position
    ignored: int
    later: int

    def on(self, day: date) -> Position:
        """Return the position on a later day if nothing else is paid."""
        return position_on(
            self.terms, self.rules, self.movements, day, self.position.as_of, _credit(self.agreed)
        )

    def facts(self, day: date | None = None) -> Facts:
        """Return the facts on the day of the position, or on a later one."""
        return facts_of(self.position if day is None else self.on(day), self.terms)

    def stand(self, day: date | None = None) -> Standing:
        """Return the loan on which measures act on that day, and its rest as agreed."""
        return stand(self.terms, self.facts(day))

    def waited(self, months: int) -> date:
        """Return the day so many months after that of the position."""
        return after(self.position.as_of, months)


def _credit(agreed: Sequence[Agreed]) -> int:
    return agreed[-1].facts.credit if agreed else 0


def terms_after(drawn: Loan, agreed: Iterable[Agreed]) -> Loan:
    """Return the terms after the agreed plans, one after the other.

    Raises Refused if one of them cannot be carried out.
    """
    terms = drawn
    for one in agreed:
        terms = one.plan.apply(stand(terms, one.facts).loan)
    return terms


def history(
    drawn: Loan,
    rules: Rules,
    agreed: Sequence[Agreed],
    movements: Sequence[Movement],
    as_of: date,
) -> History:
    """Return where a loan stands on a day, after its agreed plans and its payments."""
    terms = terms_after(drawn, agreed)
    mine = list(movements)
    if agreed:
        since = agreed[-1].facts.as_of
        if as_of < since:
            raise InvalidValue(
                say(
                    "{as_of} is before the day on which the last plan was agreed, {since}.",
                    as_of=as_of,
                    since=since,
                ),
                field="as_of",
            )
        mine = [one for one in movements if one.day > since]
    else:
        start_of(drawn)
    position = position_on(terms, rules, mine, as_of, None, _credit(agreed))
    later = sum(1 for one in mine if one.day > as_of)
    return History(drawn, terms, rules, agreed, mine, position, len(movements) - len(mine), later)


def facts_without_history(loan: Loan) -> Facts:
    """Return the facts of a loan that says itself what is paid and missed."""
    start_of(loan)
    assert loan.calendar is not None
    arrears = locate(loan).arrears
    past = loan.paid + loan.missed
    day = loan.calendar.due(past - 1)
    late = (day - loan.calendar.due(loan.paid)).days if loan.missed else 0
    return Facts(
        as_of=day,
        principal=arrears.principal,
        interest=arrears.interest,
        penalty=arrears.penalty,
        fees=arrears.fees,
        days_past_due=late,
        paid=loan.paid,
        missed=loan.missed,
    )


# -- the file ---------------------------------------------------------------------------


def read_agreed(entries: Any, loan: Loan, where: str) -> list[Agreed]:
    """Read the [[agreed]] tables of a loan file; `where` names it for messages."""
    if not isinstance(entries, list) or not all(isinstance(one, Mapping) for one in entries):
        raise InvalidValue(say("{where}: agreed is not a list of [[agreed]] tables.", where=where))
    found: list[Agreed] = []
    for count, entry in enumerate(entries, start=1):
        here = f"{where}, [[agreed]] {count}"
        for key in entry:
            if key not in (*_KEYS, *AMOUNTS):
                known = [*_KEYS, *AMOUNTS]
                raise UnknownName(
                    say("{here}: there is no {key}.", here=here, key=shown(key))
                    + nearest(key, known)
                )
        try:
            found.append(_read_one(entry, loan))
        except (RestructureError, PlanSyntaxError) as error:
            raise InvalidValue(say("{here}: {error}", here=here, error=error.text)) from error
        if count > 1 and found[-1].facts.as_of < found[-2].facts.as_of:
            raise InvalidValue(
                say("{here}: as_of is before that of the plan before it.", here=here)
            )
    return found


def _read_one(entry: Mapping[str, Any], loan: Loan) -> Agreed:
    text, day = entry.get("measures"), entry.get("as_of")
    if not isinstance(text, str):
        raise InvalidValue(say('is missing; write the plan, as in measures = "extend:6".'),
                           field="measures")  # fmt: skip
    if not isinstance(day, date) or isinstance(day, datetime):
        raise InvalidValue(say("is missing or no date; write it as 2026-03-31."), field="as_of")
    amounts = {}
    for name in AMOUNTS:
        value = number(entry.get(name, 0), name, say("an amount of 0 or more"))
        amounts[name] = loan.currency.minor(value, name)
        if value < 0:
            raise InvalidValue(
                say("{value} is not an amount of 0 or more.", value=shown(value)), field=name
            )
    counts = {
        name: int(number(entry.get(name, 0), name, say("a whole number")))
        for name in ("days_past_due", "paid", "missed")
    }
    prepaid = tuple(_extra(one, loan) for one in entry.get("prepaid", []))
    plan = parse_plan(text)._replace(name=str(entry.get("name") or text))
    facts = Facts(as_of=day, prepaid=prepaid, **amounts, **counts)
    return Agreed(plan, facts, bool(entry.get("defaulted", False)))


def _extra(text: Any, loan: Loan) -> Extra:
    parts = str(text).split(":")
    if len(parts) != 3 or not parts[0].isdigit() or parts[2] not in ("lower", "shorten"):
        raise InvalidValue(
            say("{text} is not ROW:AMOUNT:lower or ROW:AMOUNT:shorten.", text=shown(text)),
            field="prepaid",
        )
    amount = loan.currency.minor(number(parts[1], "prepaid", say("an amount")), "prepaid")
    return Extra(int(parts[0]), amount, parts[2] == "lower")


_LEFT_OUT = ("paid", "missed", "as_of", "penalty", "fees")


def written(
    values: Mapping[str, Any], rules: Mapping[str, Any], agreed: Iterable[Agreed], loan: Loan
) -> str:
    """Return the loan file of agreed plans: contract, rules, and what was agreed when."""
    money = loan.currency.decimal
    lines = ["[loan]"]
    for name, field in FIELDS.items():
        if values.get(name) is not None and name not in _LEFT_OUT:
            lines.append(f"{name} = {_toml(values[name])}")
            assert field.section == "loan" or name in ("outstanding", "remaining")
    given = {name: value for name, value in rules.items() if value is not None}
    if given:
        lines += ["", "[ledger]", *(f"{name} = {_toml(value)}" for name, value in given.items())]
    for one in agreed:
        facts = one.facts
        lines += [
            "",
            "[[agreed]]",
            f"name = {_toml(one.plan.name)}",
            f"measures = {_toml(one.plan.text)}",
            f"as_of = {facts.as_of}",
            f"defaulted = {_toml(one.defaulted)}",
        ]
        for name in ("days_past_due", "paid", "missed"):
            lines.append(f"{name} = {getattr(facts, name)}")
        for name in AMOUNTS:
            if getattr(facts, name):
                lines.append(f"{name} = {money(getattr(facts, name)):f}")
        if facts.prepaid:
            texts = (
                f"{extra.at}:{money(extra.amount):f}:{'lower' if extra.anew else 'shorten'}"
                for extra in facts.prepaid
            )
            lines.append(f"prepaid = [{', '.join(map(_toml, texts))}]")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int | float | date):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in text) + '"'
