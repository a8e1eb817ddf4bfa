"""Loan files: TOML, or JSON with the same names, with [loan] [position] [household] [[plan]]."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from restructure.errors import (
    InvalidValue,
    PlanSyntaxError,
    RestructureError,
    UnknownName,
    UnreadableFile,
    nearest,
    shown,
    visible,
)
from restructure.fields import FIELDS, LISTS, listed
from restructure.measures import Plan, parse_plans
from restructure.reading import name_of, read_text
from restructure.words import say

SECTIONS = (
    "loan",
    "position",
    "household",
    "plan",
    "ledger",
    "agreed",
    "lender",
    "borrower",
    "letter",
)
_LARGEST = 10_000_000


class LoanFile(NamedTuple):
    """What a loan file holds: field values as written, its plans, the household's budget, the
    rules of its ledger, the plans that have been agreed, and who writes to whom, as written."""

    values: dict[str, Any]
    plans: list[Plan]
    household: dict[str, Any] = {}  # noqa: RUF012
    rules: dict[str, Any] = {}  # noqa: RUF012
    agreed: list[Any] = []  # noqa: RUF012
    parties: dict[str, Any] = {}  # noqa: RUF012


def read_loan_file(path: str) -> LoanFile:
    """Read a loan file; "-" is standard input.

    Raises UnreadableFile for a file that is missing, a folder, not UTF-8, or neither TOML nor
    JSON; UnknownName and InvalidValue, with file and section, for what is in it.
    """
    name = name_of(path)
    document = _parse(_text(path, name), name, path.lower().endswith(".json"))
    if not isinstance(document, Mapping):
        raise UnreadableFile(
            say("{name}: holds no [loan] section. {shape}", name=name, shape=_SHAPE)
        )
    values: dict[str, Any] = {}
    for section, content in document.items():
        if section in FIELDS:
            raise UnknownName(
                say(
                    "{name}: {section} stands outside of a section; write it below [{section2}].",
                    name=name,
                    section=section,
                    section2=FIELDS[section].section,
                )
            )
        if section not in SECTIONS:
            hint = nearest(section, (*SECTIONS, *FIELDS))
            raise UnknownName(
                say(
                    "{name}: there is no section {section}.{hint} {shape}",
                    name=name,
                    section=shown(section),
                    hint=hint,
                    shape=_SHAPE,
                )
            )
        if section in ("loan", "position"):
            values.update(_section(name, section, content))
    household = _household(name, document.get("household", {}))
    try:
        plans = _plans(name, document.get("plan", []))
    except PlanSyntaxError as error:
        raise InvalidValue(say("{name}: {error}", name=name, error=error)) from error
    rules = _rules(name, document.get("ledger", {}))
    return LoanFile(
        values, plans, household, rules, document.get("agreed", []), _parties(name, document)
    )


_SHAPE = say(
    "A loan file has a line [loan], below it for instance principal = 50000 and "
    "term = 12; [position], [household] and [[plan]] may follow."
)


def _text(path: str, name: str) -> str:
    text = read_text(path, say("a TOML or JSON file"), _LARGEST)
    if not text.strip():
        raise UnreadableFile(say("is empty. {shape}", shape=_SHAPE), field=name)
    return text


def _parse(text: str, name: str, as_json: bool) -> Any:
    if as_json or text.lstrip()[:1] == "{":
        import json

        try:
            return json.loads(text, parse_float=Decimal, object_pairs_hook=_once)
        except RecursionError as error:
            raise UnreadableFile(
                say("is nested too deeply for a loan file."), field=name
            ) from error
        except InvalidValue as error:
            raise UnreadableFile(
                error.text if isinstance(error, RestructureError) else str(error), field=name
            ) from error
        except (ValueError, ArithmeticError) as error:
            raise UnreadableFile(
                say("is not valid JSON: {words}.", words=_words(error)), field=name
            ) from error
    import tomllib

    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError as error:
        raise UnreadableFile(say("is nested too deeply for a loan file."), field=name) from error
    except (ValueError, ArithmeticError) as error:
        raise UnreadableFile(
            say(
                "is not valid TOML: {words}. A line is for instance principal = 50000, rate = "
                '"14.4%" or start = 2026-03-31.',
                words=_words(error),
            ),
            field=name,
        ) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object; TOML refuses a name written twice by itself."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InvalidValue(
                say("{key} is written twice in one object; leave one out.", key=shown(key))
            )
        found[key] = value
    return found


def _words(error: Exception) -> str:
    """Return a parser's message on one line, without the advice that is meant for programmers."""
    return visible(str(error).split(";")[0])[:200] or say("a number cannot be read")


def _section(name: str, section: str, content: Any) -> dict[str, Any]:
    """Return one section's values, each read once so that its error names the file."""
    if not isinstance(content, Mapping):
        raise InvalidValue(
            say(
                "{name}: {section} is {content}, not a section; write [{section}] on a line of "
                "its own, and below it a name and a value a line.",
                name=name,
                section=section,
                content=shown(content),
            )
        )
    values = {}
    for key, value in content.items():
        field = FIELDS.get(key)
        where = f"{name}, [{section}]"
        if field is None:
            here = [known for known, entry in FIELDS.items() if entry.section == section]
            raise UnknownName(
                say(
                    "{where}: there is no {key}.{nearest} The names are {names}.",
                    where=where,
                    key=shown(key),
                    nearest=nearest(key, FIELDS),
                    names=", ".join(here),
                )
            )
        if field.section != section:
            raise UnknownName(
                say(
                    "{where}: {key} belongs in [{section}].",
                    where=where,
                    key=key,
                    section=field.section,
                )
            )
        if key in LISTS:
            value = listed(value)
        if isinstance(value, Mapping | list):
            raise InvalidValue(
                say(
                    "{where}: {key} is a list or a table; give one value, such as 12.",
                    where=where,
                    key=key,
                )
            )
        try:
            field.read(value, key)
        except RestructureError as error:
            raise InvalidValue(say("{where}: {error}", where=where, error=error)) from error
        values[key] = value
    return values


def _household(name: str, content: Any) -> dict[str, Any]:
    """Return the household's budget as written, read once so that its error names the file."""
    if not isinstance(content, Mapping):
        raise InvalidValue(
            say("{name}: [household] is not a table of names and values.", name=name)
        )
    if not content:
        return {}
    from restructure.affordability import Household
    from restructure.money import Currency

    try:
        Household.of({"income": 0, **content}, Currency("", 12))
    except RestructureError as error:
        raise type(error)(
            say("{where}: {error}", where=f"{name}, [household]", error=error)
        ) from error
    return dict(content)


def _parties(name: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the details of [lender], [borrower] and [letter], by the names of their options."""
    found: dict[str, Any] = {}
    for section in ("lender", "borrower", "letter"):
        content = document.get(section, {})
        if not isinstance(content, Mapping):
            raise InvalidValue(
                say(
                    "{name}: [{section}] is not a table of names and values.",
                    name=name,
                    section=section,
                )
            )
        if content:
            from restructure.parties import read_section

            try:
                found.update(read_section(section, content))
            except RestructureError as error:
                raise type(error)(
                    say("{name}, [{section}]: {error}", name=name, section=section, error=error)
                ) from error
    return found


def _rules(name: str, content: Any) -> dict[str, Any]:
    """Return the rules of [ledger], each read once so that its error names the file."""
    if not isinstance(content, Mapping):
        raise InvalidValue(say("{name}: [ledger] is not a table of names and values.", name=name))
    if not content:
        return {}
    from restructure.ledger.rules import RULES

    for key, value in content.items():
        where = f"{name}, [ledger]"
        if key not in RULES:
            raise UnknownName(
                say(
                    "{where}: there is no {key}.{nearest} The names are {names}.",
                    where=where,
                    key=shown(key),
                    nearest=nearest(key, RULES),
                    names=", ".join(RULES),
                )
            )
        try:
            RULES[key].read(value, key)
        except RestructureError as error:
            raise InvalidValue(say("{where}: {error}", where=where, error=error)) from error
    return dict(content)


def _plans(name: str, entries: Any) -> list[Plan]:
    if not isinstance(entries, list):
        raise InvalidValue(
            say(
                "{name}: plan is no list; write [[plan]], in double brackets, above each plan.",
                name=name,
            )
        )
    plans: list[Plan] = []
    for number, entry in enumerate(entries, start=1):
        where = f"{name}, [[plan]] {number}"
        if isinstance(entry, str):
            plans += parse_plans([entry])
            continue
        if not isinstance(entry, Mapping):
            raise InvalidValue(say("{where}: is not a table with name and measures.", where=where))
        for key in entry:
            if key not in ("name", "measures"):
                raise UnknownName(
                    say(
                        "{where}: there is no {key}.{nearest} A plan has name and measures.",
                        where=where,
                        key=shown(key),
                        nearest=nearest(key, ("name", "measures")),
                    )
                )
        label, measures = entry.get("name"), entry.get("measures")
        if isinstance(measures, list) and all(isinstance(part, str) for part in measures):
            measures = "+".join(measures)
        if not isinstance(measures, str) or not measures:
            raise InvalidValue(
                say(
                    '{where}: measures is missing or not text; write measures = "defer:3+extend:6" '
                    'or ["defer:3", "extend:6"].',
                    where=where,
                )
            )
        if label is not None and not isinstance(label, str):
            raise InvalidValue(say("{where}: name is not text.", where=where))
        try:
            found = parse_plans([measures])
        except PlanSyntaxError as error:
            raise InvalidValue(say("{where}: {error}", where=where, error=error)) from error
        if label:
            found = [
                plan._replace(name=label if len(found) == 1 else f"{label} ({plan.text})")
                for plan in found
            ]
        plans += found
    return plans
