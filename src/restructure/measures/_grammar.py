"""The plan grammar: one text for the command line, files and the library.

plan    = [label "="] measure { "+" measure }
measure = name [ ":" value ] { "," key "=" value }
value   = N | amount | percent | A..B[/STEP]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from importlib import import_module
from itertools import product
from typing import NamedTuple

from restructure.errors import PlanSyntaxError, nearest, shown
from restructure.loan import Loan
from restructure.measures import _spec
from restructure.measures._spec import Measure
from restructure.money import EXACT
from restructure.words import capital, join, say

MOST_PLANS = 10_000
_LABEL = re.compile(r"([^:=]+)=(.*)\Z", re.DOTALL)
_NAME = re.compile(r"[a-z]+(-[a-z]+)*\Z", re.ASCII)
_RANGE = r"([0-9]+(?:\.[0-9]+)?)(%?)\.\.([0-9]+(?:\.[0-9]+)?)(%?)(?:/([0-9]+(?:\.[0-9]+)?)(%?))?\Z"


def names() -> list[str]:
    """Return the names of all measures: the modules of this package, without the helpers."""
    from pkgutil import iter_modules

    package = import_module("restructure.measures")
    found = (module.name for module in iter_modules(package.__path__))
    return sorted(name.replace("_", "-") for name in found if not name.startswith("_"))


def measure_type(name: str) -> type[Measure]:
    """Return the class of the measure called `name`; only its module is imported."""
    module = None
    if _NAME.match(name):
        target = f"{_spec.__package__}.{name.replace('-', '_')}"
        try:
            module = import_module(target)
        except ModuleNotFoundError as error:
            if error.name != target:
                raise
    if module is None:
        raise PlanSyntaxError(
            say(
                "plan: there is no measure {name}.{nearest} The measures are {names}.",
                name=shown(name),
                nearest=nearest(name, names()),
                names=", ".join(names()),
            )
        )
    for thing in vars(module).values():
        # The class that the module defines; one that it imports is another's.
        if not isinstance(thing, type) or thing.__module__ != module.__name__:
            continue
        if issubclass(thing, Measure):
            return thing
    raise PlanSyntaxError(say("plan: {name} holds no measure.", name=module.__name__))


class Plan(NamedTuple):
    """A list of measures for one loan, with the name under which it is shown."""

    name: str
    text: str
    measures: tuple[Measure, ...]

    def apply(self, loan: Loan) -> Loan:
        """Return the located `loan` after all measures, left to right.

        Arrears come first: they are treated before a percentage of the debt is taken.
        """
        for measure in self._in_order():
            loan = measure.apply(loan)
        return loan.with_rhythm()

    def _in_order(self) -> list[Measure]:
        return sorted(self.measures, key=lambda measure: measure.name != "arrears")

    def describe(self, loan: Loan) -> str:
        """Return the plan in plain words, one clause a measure, built on the located loan."""
        clauses: list[str] = []
        follows = ""
        for measure in self._in_order():
            after = measure.apply(loan)
            if after is not loan:
                clauses.append(measure.describe(loan))
                follows = measure.follows(loan)
            loan = after
        if len(clauses) == 1 and follows:
            clauses.append(follows)
        elif len(clauses) > 1 and loan.stretches and loan.fixed is None and loan.count > 0:
            clauses.append(say("then {instalments}", instalments=loan.instalments_text(loan.count)))
        return capital(join(say("; "), clauses) if clauses else say("nothing changes"))


def parse_plan(text: str) -> Plan:
    """Return the one plan that `text` stands for; a range is refused here."""
    plans = parse_plans([text])
    if len(plans) != 1:
        raise PlanSyntaxError(
            say(
                "plan: {text} is a range of {plans} plans; give one.",
                text=shown(text),
                plans=len(plans),
            )
        )
    return plans[0]


def parse_plans(texts: Iterable[str]) -> list[Plan]:
    """Return the plans of all texts, with each range written out as one plan each.

    Raises PlanSyntaxError, which names the part that is wrong and what is allowed.
    """
    plans: list[Plan] = []
    for text in texts:
        for plan in _plans(text):
            plans.append(plan)
            if len(plans) > MOST_PLANS:
                raise PlanSyntaxError(
                    say(
                        "plan: the ranges stand for more than {most_plans:,} plans; narrow them.",
                        most_plans=MOST_PLANS,
                    )
                )
    return plans


def _plans(text: str) -> Iterator[Plan]:
    label, body = "", text.strip() if isinstance(text, str) else ""
    if match := _LABEL.match(body):
        label, body = match[1].strip(), match[2].strip()
    if not body or (not label and text.strip().startswith("=")):
        raise PlanSyntaxError(
            say(
                "plan: {text} is empty; write a measure such as defer:3, or a label and "
                "measures such as breather=defer:3+extend:6.",
                text=shown(text),
            )
        )
    # A "+" inside a number's sign is no separator; "defer:3+" is an error, not a plan.
    parts = [_options(part.strip(), text) for part in body.split("+")]
    for choice in product(*parts):
        measures = "+".join(choice)
        many = any(len(options) > 1 for options in parts)
        name = (f"{label} ({measures})" if many else label) if label else measures
        yield Plan(name, measures, tuple(map(_measure, choice)))


def _options(part: str, whole: str) -> list[str]:
    """Return one measure's text with each range in it written out."""
    if not part:
        raise PlanSyntaxError(
            say(
                "plan: a measure is missing beside a '+' in {whole}; write for instance "
                "defer:3+extend:6.",
                whole=shown(whole),
            )
        )
    pieces = re.split(r"([:,=])", part)
    return ["".join(choice) for choice in product(*(_range(piece) for piece in pieces))]


def _range(piece: str) -> list[str]:
    if ".." not in piece:
        return [piece]
    match = re.match(_RANGE, piece.strip(), re.ASCII)  # compiled only where a range is
    if not match or (match[2] and not match[4]):
        raise PlanSyntaxError(
            say(
                "plan: {piece} is not a range such as 1..6, 6..24/6 or 10%..30%/5%.",
                piece=shown(piece),
            )
        )
    low, high = Decimal(match[1]), Decimal(match[3])
    step = Decimal(match[5] or 1)
    sign = match[4]
    if step == 0 or high < low:
        raise PlanSyntaxError(
            say(
                "plan: {piece} runs from {low} to {high} in steps of {step}; write the smaller "
                "number first and a step above 0.",
                piece=shown(piece),
                low=low,
                high=high,
                step=step,
            )
        )
    steps = EXACT.divide_int(EXACT.subtract(high, low), step)
    if steps > MOST_PLANS:
        raise PlanSyntaxError(
            say(
                "plan: {piece} stands for more than {most_plans:,} plans; narrow it.",
                piece=shown(piece),
                most_plans=MOST_PLANS,
            )
        )
    each = (EXACT.fma(step, k, low) for k in range(int(steps) + 1))
    return [f"{value.normalize(EXACT):f}{sign}" for value in each]


def _measure(text: str) -> Measure:
    """Return the measure written in `text`, for instance "defer:3,interest=simple"."""
    name, colon, rest = text.partition(":")
    head, *tail = name.split(",") if not colon else (name,)
    kind = measure_type(head.strip())
    pieces = [piece.strip() for piece in rest.split(",")] if colon else list(tail)
    value: str | None = None
    keys: dict[str, object] = {}
    for position, piece in enumerate(pieces):
        key, equals, given = piece.partition("=")
        if equals:
            if key.strip() in keys:
                raise PlanSyntaxError(
                    say(
                        "{name}: the key {strip}= is written twice.",
                        name=kind.name,
                        strip=key.strip(),
                    )
                )
            keys[key.strip()] = given.strip()
        elif position == 0 and colon:
            value = piece
        else:
            raise PlanSyntaxError(
                say(
                    "{name}: {piece} is not a key and a value, such as key=value.",
                    name=kind.name,
                    piece=shown(piece),
                )
            )
    if value == "" or (value is None and colon and not keys):
        raise PlanSyntaxError(
            say(
                "{name}: has no value after the colon; write for instance {example}.",
                name=kind.name,
                example=kind.example,
            )
        )
    return kind(value, **keys)
