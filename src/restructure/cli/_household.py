"""The options of a household's budget, shared by the commands that read one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from restructure.affordability import Household
from restructure.errors import UsageError, shown
from restructure.limits import Limit, limit_of
from restructure.money import Currency
from restructure.words import say

INCOME = Annotated[
    str | None,
    typer.Option(
        "--income", metavar="SERIES", help=say("Income a period: 8000, or over time 3000x4,8000.")
    ),
]
BASIS = Annotated[
    str | None, typer.Option("--basis", metavar="WORD", help=say("The income is net or gross."))
]
EXPENSE = Annotated[
    list[str] | None,
    typer.Option(
        "--expense", metavar="NAME=SERIES", help=say("A cost a period: rent=2500; may be repeated.")
    ),
]
FLEXIBLE = Annotated[
    list[str] | None,
    typer.Option(
        "--flexible", metavar="NAME", help=say("A cost that can be cut; may be repeated.")
    ),
]
OTHER_DEBT = Annotated[
    str | None,
    typer.Option(
        "--other-debt", metavar="SERIES", help=say("Instalments of other debts a period.")
    ),
]
RESERVE = Annotated[
    str | None, typer.Option("--reserve", metavar="AMOUNT", help=say("Savings set aside."))
]
LIMIT = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="LIMIT",
        help=say(
            "china, hamp, fha-hamp, sfs, or payment=40% or debt=60% of income; may be repeated."
        ),
    ),
]


def household_values(
    found: Mapping[str, Any],
    income: str | None,
    basis: str | None,
    expense: list[str] | None,
    flexible: list[str] | None,
    other_debt: str | None,
    reserve: str | None,
) -> dict[str, Any]:
    """Return the file's budget with what the options say in its place, or besides."""
    given = {"income": income, "basis": basis, "other_debt": other_debt, "reserve": reserve}
    values = {**found, **{name: value for name, value in given.items() if value is not None}}
    costs = dict(found.get("expenses", {}))
    for text in expense or []:
        name, equals, amount = text.partition("=")
        if not equals or not name.strip():
            raise UsageError(
                say("--expense {text} is not NAME=AMOUNT, such as rent=2500.", text=shown(text))
            )
        costs[name.strip()] = amount.strip()
    if costs:
        values["expenses"] = costs
    if flexible:
        values["flexible"] = list(flexible)
    return values


def read_household(values: dict[str, Any], currency: Currency) -> Household:
    """Return the household, its amounts in the loan's currency."""
    return Household.of(values, currency)


def read_limits(texts: list[str] | None) -> list[Limit]:
    """Return the limits that are named."""
    return [limit_of(text) for text in texts or []]
