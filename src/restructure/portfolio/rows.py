"""The reference: one loan record and its plans to result records, or to what was wrong.

Every other way to work on a book has to give these records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from restructure.comparison import HORIZONS, Comparison, PlanResult, distinct
from restructure.errors import RestructureError, shown
from restructure.measures import Plan, parse_plans
from restructure.portfolio.columns import AMOUNT, RESULTS, Setting, figure_field
from restructure.rates import rate_number
from restructure.terms import loan_of
from restructure.words import say

DIGITS = 38
"""The digits of an amount in a result, as Arrow's decimals have them: the same in every form."""
_LARGE = 10**20
_LONGEST = 200
"""The most characters of a bad value that are repeated beside its reason."""


class Reject(NamedTuple):
    """What was not computed: a loan with all its pairs, or one plan of it.

    `row` is the position of the record, `plan` is empty for the whole loan, `pairs` is how many
    records are missing because of it.
    """

    row: int
    plan: str
    pairs: int
    field: str
    value: str
    reason: str


class Outcome(NamedTuple):
    """The result records of one loan, each with the values of `Setting.columns`, and rejects."""

    lines: list[tuple[Any, ...]]
    rejects: list[Reject]


def _relief(periods: int) -> Callable[[PlanResult], Any]:
    return lambda line: line.relief_within(periods)


_FIGURES: dict[str, Callable[[PlanResult], Any]] = {
    **{name: attrgetter(name) for name in RESULTS},
    "plan": attrgetter("name"),
    "measures": attrgetter("plan"),
    **{f"relief_{periods}": _relief(periods) for periods in HORIZONS},
    "effective_rate": lambda line: rate_number(line.effective_rate),
    "npv_loss_rate": lambda line: rate_number(line.npv_loss_rate),
}


def prepared(plans: Iterable[str | Plan]) -> list[Plan]:
    """Return plans ready for a book: parsed, ranges written out, with names of their own."""
    parsed: list[Plan] = []
    for plan in plans:
        parsed += [plan] if isinstance(plan, Plan) else parse_plans([plan])
    return distinct(parsed)


def evaluate_row(
    record: Mapping[str, Any], plans: Sequence[Plan], setting: Setting, row: int = 0
) -> Outcome:
    """Return the result records of one loan, in the order as agreed, plans, plans of its own.

    `record` has the book's values by column: text, numbers, dates, or None. `plans` come from
    `prepared`. Nothing about a record raises: what cannot be computed is among the rejects, and
    lines + the rejects' pairs are the pairs asked for.
    """
    pairs = len(plans) + setting.agreed
    try:
        if setting.plan_column:
            pairs += 1  # as many as can be known while its text cannot be read
            own = _own_plans(record.get(setting.plan_column))
            if not own and not plans and not setting.agreed:
                words = say("is empty, and there is no other plan for the loan.")
                return _rejected(row, pairs, setting.plan_column, record, words)
            plans = _together(tuple(plans), own) if own else plans
            pairs = len(plans) + setting.agreed
    except RestructureError as error:
        return _rejected(row, pairs, setting.plan_column, record, str(error))
    values = values_of(record, setting)
    if "rate" not in values and "payment" not in values and not setting.default_rate:
        field = "rate" if "rate" in setting.fields else "payment"
        words = say("is empty; give a rate such as 14.4% or 14.4.")
        return _rejected(row, pairs, setting.fields[field], record, words)
    try:
        comparison = Comparison(loan_of(values), plans)
        lines = comparison.plans if setting.agreed else comparison.plans[1:]
        return _outcome(lines, setting, row)
    except RestructureError as error:
        return _rejected(row, pairs, figure_field(error, setting), record, error.reason)
    except Exception as error:  # one loan must not stop a book, whatever is wrong with it
        words = say("cannot be computed: {what}.", what=shown(f"{type(error).__name__}: {error}"))
        return _rejected(row, pairs, "", record, words)


def values_of(record: Mapping[str, Any], setting: Setting) -> dict[str, Any]:
    """Return the fields of a record's loan; empty text, None and NaN are no value.

    A moment at midnight is its day, as data frames write dates.
    """
    values = dict(setting.given)
    for field, column in setting.fields.items():
        value = record.get(column)
        if value is None or value != value or (isinstance(value, str) and not value.strip()):
            continue
        if isinstance(value, datetime) and value.time() == time():
            value = value.date()
        values[field] = value
    return values


def _outcome(lines: Sequence[PlanResult], setting: Setting, row: int) -> Outcome:
    figures = [_FIGURES[name] for name in setting.columns]
    amounts = [k for k, name in enumerate(setting.columns) if RESULTS[name] == AMOUNT]
    found = Outcome([], [])
    for line in lines:
        if line.refused:
            found.rejects.append(Reject(row, line.name, 1, "plan", line.plan, line.refused))
            continue
        values = tuple(figure(line) for figure in figures)
        large = next((k for k in amounts if abs(values[k]) >= _LARGE), None)
        if large is not None and abs(values[large]) >= 10 ** (DIGITS - setting.scale):
            words = say("has more digits than an amount may have, {digits}.", digits=DIGITS)
            field, text = setting.columns[large], f"{values[large]:.6E}"
            found.rejects.append(Reject(row, line.name, 1, field, text, words))
        else:
            found.lines.append(values)
    return found


def _rejected(row: int, pairs: int, field: str, record: Mapping[str, Any], reason: str) -> Outcome:
    value = record.get(field)
    text = "" if value is None else str(value)
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "..."
    return Outcome([], [Reject(row, "", pairs, field, text, reason)])


def _own_plans(value: Any) -> tuple[Plan, ...]:
    """Return the plans that a cell names, separated by semicolons."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    return _parsed(text)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> tuple[Plan, ...]:
    return tuple(parse_plans(part for part in text.split(";") if part.strip()))


@lru_cache(maxsize=4096)
def _together(plans: tuple[Plan, ...], own: tuple[Plan, ...]) -> tuple[Plan, ...]:
    return tuple(distinct([*plans, *own]))
