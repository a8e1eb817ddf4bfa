"""The file of a programme: what it may hold, read strictly."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from restructure.errors import (
    InvalidValue,
    RestructureError,
    UnknownName,
    UnreadableFile,
    nearest,
    shown,
)
from restructure.money import number
from restructure.reading import shipped, toml_text
from restructure.words import say

_LARGEST = 10**6
KINDS = ("waterfall", "options")
TARGETS = ("instalment", "income", "capacity")
FACT_KINDS = ("amount", "rate", "count")
STEPS: dict[str, dict[str, str]] = {
    "capitalise": {"interest": "", "penalty": "", "add": ""},
    "cut-rate": {"by": say('a step such as "0.125%"'), "floor": say("the lowest rate")},
    "extend": {"by": "", "to": "", "add": ""},
    "set-aside": {"cap": say('the largest share of the debt, such as "30%"'), "down_to": ""},
    "defer": {"cap": say("the most periods paused")},
    "interest-only": {"cap": say("the periods of interest only")},
}
"""The steps, their keys, and what a key that has to be there says."""
ORIGINAL_TERM = "original-term"
_LEAST_STEP = Fraction(1, 100_000)
"""The smallest step of a rate: with less, a run takes millions of steps."""


class Fact(NamedTuple):
    """Something that the programme asks for: an amount, a rate or a count."""

    name: str
    kind: str
    help: str
    optional: bool


class Step(NamedTuple):
    """One step: what it does, its keys as read, and when it applies (loan to value)."""

    do: str
    keys: dict[str, Any]
    least_ltv: Fraction | None
    above_ltv: Fraction | None
    note: str


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme as its file states it."""

    name: str
    title: str
    kind: str
    source: str
    effective_from: date | None
    effective_to: date | None
    unconfirmed: tuple[str, ...]
    notes: tuple[str, ...]
    target: str
    share: Fraction
    strictly_below: bool
    exhausted: str
    """What is asked of the instalment if the steps end above the target: none (then there is
    no offer), below or not-above the old one."""
    exhausted_overdue: str
    longest_original: int | None
    """The loans it is for: original terms of at most so many months; None: any."""
    facts: tuple[Fact, ...]
    steps: tuple[Step, ...]


def names() -> list[str]:
    """Return the names of the programmes that are shipped."""
    return shipped("restructure.programmes")


def load(name: str) -> Programme:
    """Read a shipped programme by its name, or a file; raises RestructureError with the place."""
    text = toml_text("restructure.programmes", name, _LARGEST)
    if text is None:
        raise UnknownName(
            say(
                "there is no programme {name}.{nearest} The programmes are {names}; or name a "
                "TOML file.",
                name=shown(name),
                nearest=nearest(name, names()),
                names=", ".join(names()),
            ),
            field="programme",
        )
    return read(text, name)


def read(text: str, name: str) -> Programme:
    """Return the programme that a TOML text states."""
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            say("{name}: is not valid TOML: {error}.", name=name, error=error)
        ) from error
    try:
        return _programme(document)
    except RestructureError as error:
        raise type(error)(say("programme {name}: {error}", name=name, error=error)) from error


_KEYS = (
    "name", "title", "kind", "source", "effective_from", "effective_to", "unconfirmed", "notes",
    "target", "applies", "exhausted", "exhausted_overdue", "facts", "step",
)  # fmt: skip


def known(found: Mapping[str, Any], names: tuple[str, ...], where: str) -> None:
    """Raise UnknownName for a key that is none of `names`."""
    for key in found:
        if key not in names:
            raise UnknownName(
                say(
                    "there is no {key}.{nearest} The keys are {names}.",
                    key=shown(key),
                    nearest=nearest(key, names),
                    names=", ".join(names),
                ),
                field=where,
            )


def _programme(found: Mapping[str, Any]) -> Programme:
    known(found, _KEYS, say("the file"))
    for key in ("name", "title", "source"):
        if not isinstance(found.get(key), str) or not found[key]:
            raise InvalidValue(say("is missing or not text."), field=key)
    kind = _one_of(found.get("kind", "waterfall"), "kind", KINDS)
    target = found.get("target", {"of": "capacity"})
    known(target, ("of", "share", "strictly_below"), "target")
    of = _one_of(target.get("of"), "target of", TARGETS)
    if of != "capacity" and "share" not in target:
        raise InvalidValue(
            say('is missing; give for instance share = "80%".'), field="target share"
        )
    applies = found.get("applies", {})
    known(applies, ("longest_original_months",), "applies")
    facts = tuple(_fact(name, value) for name, value in found.get("facts", {}).items())
    steps = found.get("step", [])
    if not isinstance(steps, list) or not steps:
        raise InvalidValue(say("is missing; a programme has at least one [[step]]."), field="step")
    rules = ("none", "below", "not-above")
    return Programme(
        name=found["name"],
        title=found["title"],
        kind=kind,
        source=found["source"],
        effective_from=_day(found, "effective_from"),
        effective_to=_day(found, "effective_to"),
        unconfirmed=_texts(found, "unconfirmed"),
        notes=_texts(found, "notes"),
        target=of,
        share=share(target.get("share", "100%"), "target share"),
        strictly_below=bool(target.get("strictly_below", False)),
        exhausted=_one_of(found.get("exhausted", "none"), "exhausted", rules),
        exhausted_overdue=_one_of(
            found.get("exhausted_overdue", found.get("exhausted", "none")),
            "exhausted_overdue",
            rules,
        ),
        longest_original=applies.get("longest_original_months"),
        facts=facts,
        steps=tuple(_step(n, step, facts) for n, step in enumerate(steps, start=1)),
    )


def _one_of(value: Any, field: str, names: tuple[str, ...]) -> str:
    if value not in names:
        hint = nearest(str(value), names)
        raise UnknownName(
            say(
                "{value} is not one of {names}.{hint}",
                value=shown(value),
                names=", ".join(names),
                hint=hint,
            ),
            field=field,
        )
    return str(value)


def _day(found: Mapping[str, Any], name: str) -> date | None:
    value = found.get(name)
    if value is not None and not isinstance(value, date):
        raise InvalidValue(
            say("{value} is not a date such as 2024-12-01.", value=shown(value)), field=name
        )
    return value


def _texts(found: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = found.get(name, [])
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise InvalidValue(say("is not a list of texts."), field=name)
    return tuple(value)


def share(value: Any, field: str) -> Fraction:
    """Read a share written in per cent, such as "80%"."""
    allowed = say('a share written as text in per cent, such as "80%"')
    text = value.strip() if isinstance(value, str) else ""
    if not text.endswith("%"):
        raise InvalidValue(
            say("{value} is not {allowed}.", value=shown(value), allowed=allowed), field=field
        )
    found = number(text[:-1], field, allowed)
    if found < 0:
        raise InvalidValue(
            say("{value} is not {allowed}.", value=shown(value), allowed=allowed), field=field
        )
    return Fraction(found) / 100


def _fact(name: str, value: Any) -> Fact:
    where = f"facts {name}"
    if not isinstance(value, Mapping):
        raise InvalidValue(
            say('is not a table such as {kind = "amount", help = "..."}.'), field=where
        )
    known(value, ("kind", "help", "optional"), where)
    kind = _one_of(value.get("kind", "amount"), f"{where} kind", FACT_KINDS)
    return Fact(name, kind, str(value.get("help", "")), bool(value.get("optional", False)))


def _step(place: int, found: Any, facts: tuple[Fact, ...]) -> Step:
    where = f"step {place}"
    if not isinstance(found, Mapping):
        raise InvalidValue(say("is not a table."), field=where)
    do = found.get("do")
    if do not in STEPS:
        raise UnknownName(
            say(
                "there is no step {do}.{nearest} The steps are {names}.",
                do=shown(do),
                nearest=nearest(str(do), STEPS),
                names=", ".join(STEPS),
            ),
            field=where,
        )
    where = f"step {place} ({do})"
    keys = STEPS[do]
    known(found, ("do", "note", "least_ltv", "above_ltv", *keys), where)
    for key, meaning in keys.items():
        if meaning and key not in found:
            raise InvalidValue(
                say("has no {key}: {meaning}. A step needs its cap.", key=key, meaning=meaning),
                field=where,
            )
    if do == "extend" and ("to" in found) == ("add" in found):
        raise InvalidValue(
            say(
                "has no cap, or two: give to = 480 (instalments in all), or add = 12 or "
                '"original-term" (periods added, pauses included).'
            ),
            field=where,
        )
    values = {key: _value(key, found[key], do, facts, where) for key in keys if key in found}
    return Step(
        do,
        values,
        share(found["least_ltv"], f"{where} least_ltv") if "least_ltv" in found else None,
        share(found["above_ltv"], f"{where} above_ltv") if "above_ltv" in found else None,
        str(found.get("note", "")),
    )


class Ref(NamedTuple):
    """The value of a fact that is given when the programme runs."""

    name: str


def _value(key: str, value: Any, do: str, facts: tuple[Fact, ...], where: str) -> Any:
    field = f"{where} {key}"
    if isinstance(value, Mapping):
        known(value, ("fact",), field)
        named = [fact.name for fact in facts]
        if value.get("fact") not in named:
            hint = nearest(str(value.get("fact")), named)
            raise UnknownName(
                say("{get} is no fact of it.{hint}", get=shown(value.get("fact")), hint=hint),
                field=field,
            )
        return Ref(value["fact"])
    if key == "add" and do == "capitalise":
        named = [fact.name for fact in facts]
        for name in value if isinstance(value, list) else [value]:
            if name not in named:
                raise UnknownName(
                    say("{name} is no fact of it.", name=shown(name)) + nearest(str(name), named),
                    field=field,
                )
        return tuple(value)
    if key == "interest":
        return _one_of(value, field, ("owed", "simple"))
    if key == "penalty":
        return _one_of(value, field, ("waive", "capitalise"))
    if key == "add" and value == ORIGINAL_TERM:
        return ORIGINAL_TERM
    if do in ("extend", "defer", "interest-only"):
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 5200:
            loop = say(" A step of 0 would never end.") if key == "by" and value == 0 else ""
            raise InvalidValue(
                say(
                    "{value} is not a whole number from 1 to 5200.{loop}",
                    value=shown(value),
                    loop=loop,
                ),
                field=field,
            )
        return value
    part = share(value, field)
    if key == "by" and not part:
        raise InvalidValue(say('"0%" is a step of nothing, which would never end.'), field=field)
    if key == "by" and part < _LEAST_STEP:
        raise InvalidValue(
            say("{value} is too small a step; give 0.001% or more.", value=shown(value)),
            field=field,
        )
    return part
