"""The options of a household's budget, shared by the commands that read one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from restructure.affordability import Household
from restructure.cli._options import Command, with_options
from restructure.errors import UsageError, shown
from restructure.limits import Limit, limit_of
from restructure.money import Currency
from restructure.words import say

_OPTIONS: dict[str, tuple[str, str, Any]] = {
    "income": ("SERIES", say("Income a period: 8000, or over time 3000x4,8000."), str | None),
    "basis": ("WORD", say("The income is net or gross."), str | None),
    "expense": (
        "NAME=SERIES",
        say("A cost a period: rent=2500; may be repeated."),
        list[str] | None,
    ),
    "flexible": ("NAME", say("A cost that can be cut; may be repeated."), list[str] | None),
    "other_debt": ("SERIES", say("Instalments of other debts a period."), str | None),
    "reserve": ("AMOUNT", say("Savings set aside."), str | None),
    "limit": (
        "LIMIT",
        say("china, hamp, fha-hamp, sfs, or payment=40% or debt=60% of income; may be repeated."),
        list[str] | None,
    ),
}


def household_options(command: Command) -> Command:
    """Give a command the options of a household's budget and of limits on it, as `household`."""
    return with_options(command, "household", _OPTIONS)


def household_values(found: Mapping[str, Any], budget: Mapping[str, Any]) -> dict[str, Any]:
    """Return the file's budget with what the options say in its place, or besides."""
    names = ("income", "basis", "other_debt", "reserve")
    values = {**found, **{name: budget[name] for name in names if budget[name] is not None}}
    costs = dict(found.get("expenses", {}))
    for text in budget["expense"] or []:
        name, equals, amount = text.partition("=")
        if not equals or not name.strip():
            raise UsageError(
                say("--expense {text} is not NAME=AMOUNT, such as rent=2500.", text=shown(text))
            )
        costs[name.strip()] = amount.strip()
    if costs:
        values["expenses"] = costs
    if budget["flexible"]:
        values["flexible"] = list(budget["flexible"])
    return values


def read_household(values: dict[str, Any], currency: Currency) -> Household:
    """Return the household, its amounts in the loan's currency."""
    return Household.of(values, currency)


def read_limits(texts: list[str] | None) -> list[Limit]:
    """Return the limits that are named."""
    return [limit_of(text) for text in texts or []]
