"""The view of the plan grammar, generated from the measures themselves."""

from __future__ import annotations

import re
from typing import Any

from restructure.comparison import PlanResult, compare
from restructure.loan import Loan
from restructure.measures import Measure, measure_type, names
from restructure.measures._spec import Slot
from restructure.render._view import Cell, Column, Table, View
from restructure.words import Text, capital, say

_BELOW: list[str | tuple[str, str]] = [
    ("plan", say('measures joined by "+", perhaps with a label: breather=defer:3+extend:6')),
    ("measure", say("a name, a value and keys: defer:3,interest=simple")),
    ("value", say("a count, an amount, a percentage, or a range that is one plan each: 6..24/6")),
    say("The keys of a measure, and what each does: restructure measures NAME"),
]


def founding_case(kind: type[Measure], example: str) -> Loan:
    """Return 50,000 over 12 months at 14.4 %.

    With four paid and two missed where the example treats arrears, and drawn on 8 January 2026
    where it names days.
    """
    more: dict[str, object] = {}
    if kind.name == "arrears" or re.search(r"of=(interest|penalty|fees)", example):
        more = {"paid": 4, "missed": 2}
    elif kind.dated or "from=" in example:
        more = {"start": "2026-01-08"}
    return Loan.of(principal=50_000, term=12, rate="14.4%", **more)


def effect(kind: type[Measure], example: str) -> PlanResult:
    """Return what an example does to the founding case."""
    return compare(founding_case(kind, example), [example]).plans[1]


def _record(example: str, line: PlanResult) -> dict[str, Any]:
    head = {"example": example, "description": line.description}
    if line.refused:
        return {**head, "refused": line.refused}
    return {
        **head,
        "payment": line.payment,
        "periods": line.periods,
        "extra_cost": line.extra_cost,
        "relief_3": line.relief_within(3),
    }


_COLUMNS = [
    Column(say("instalment")),
    Column(say("months")),
    Column(say("extra cost")),
    Column(say("freed in\n3 months"), optional=1),
]


def _cells(line: PlanResult) -> list[Cell]:
    if line.refused:
        return [Cell(say("refused")), Cell(""), Cell(""), Cell("")]
    amounts = (line.payment, None, line.extra_cost, line.relief_within(3))
    return [Cell(str(line.periods) if a is None else say("{a:,.2f}", a=a)) for a in amounts]


def all_measures() -> View:
    """Return the view of all measures, an example each."""
    kinds = [measure_type(name) for name in names()]

    def records() -> list[dict[str, Any]]:
        return [
            {
                "name": kind.name,
                "summary": kind.summary,
                **_record(kind.example, effect(kind, kind.example)),
            }
            for kind in kinds
        ]

    def table() -> Table:
        rows = [
            [Cell(kind.example), Cell(kind.summary), *_cells(effect(kind, kind.example))]
            for kind in kinds
        ]
        columns = [Column(say("example"), right=False), Column(say("what it does"), right=False)]
        title = say("Measures, and what an example does to 50,000 over 12 months at 14.4 %")
        return Table(title, [*columns, *_COLUMNS], rows, _BELOW)

    return View(lambda: _document(records()), records, records, table)


def _document(measures: list[dict[str, Any]]) -> dict[str, Any]:
    return {"schema": "restructure.measures/1", "measures": measures}


def examples(kind: type[Measure]) -> list[str]:
    """Return the measure's example, and one more for each choice of its keys."""
    found = [kind.example]
    for key, slot in kind.keys.items():
        if "|" in slot.form and slot.form.replace("|", "").replace("-", "").islower():
            words = slot.form.split("|")[1:]
        else:
            words = kind.tries.get(key, [])
        found += [f"{kind.example},{key}={word}" for word in words]
    return found + kind.tries.get("", [])


def one_measure(name: str) -> View:
    """Return the view of one measure: value, keys, and the effect of each choice."""
    kind = measure_type(name)

    def records() -> list[dict[str, Any]]:
        return [
            {"name": kind.name, **_record(example, effect(kind, example))}
            for example in examples(kind)
        ]

    def table() -> Table:
        rows = [[Cell(example), *_cells(effect(kind, example))] for example in examples(kind)]
        below: list[str | tuple[str, str]] = [
            _fixed(" ".join((kind.__doc__ or kind.summary).split("\n\n")[0].split())),
            _meaning(f"{kind.name}:", kind.value),
            *(_meaning(f"{key}=", slot) for key, slot in kind.keys.items()),
        ]
        case = say("50,000 over 12 months at 14.4 %")
        if kind.name == "arrears":
            case = say("50,000 over 12 months at 14.4 %, four paid and two missed")
        title = say(
            "{name}: {summary}. Examples with {case}",
            name=kind.name,
            summary=kind.summary,
            case=case,
        )
        return Table(title, [Column(say("example"), right=False), *_COLUMNS], rows, below)

    return View(lambda: _document(records()), records, records, table)


def _meaning(head: str, slot: Slot) -> tuple[str, str]:
    """Return a value or key with its form, and what it means, may be, and is by default."""
    words = slot.form.split("|")
    choices = say(" One of {names}.", names=", ".join(words)) if len(words) > 2 else ""
    default = "" if slot.default is None else say(" Default: {default}.", default=slot.default)
    help = say("{description}.", description=capital(slot.help))
    return head + ("..." if choices else slot.form), help + choices + default


def _fixed(line: str) -> Text:
    """Return a line of a docstring as a text; the catalogue has these lines."""
    return say(line)
