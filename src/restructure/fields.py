"""Fields as people write them: every field of a loan, how it is read, and its help.

One table serves the command line, loan files and `Loan.of`, so that a field has one name,
one meaning and one error message everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from restructure.arrears import PenaltyRate
from restructure.errors import (
    InvalidValue,
    RestructureError,
    UnknownName,
    UsageError,
    nearest,
    shown,
)
from restructure.loan import METHODS
from restructure.money import ROUNDINGS, Currency, number
from restructure.rates import Every, Rate, parse_every, signed_rate
from restructure.words import say

_METHOD_NAMES = {"等额本息": 0, "等额本金": 1, "先息后本": 2, "等本等息": 3}


class Field(NamedTuple):
    """One field of a loan: where it stands in a file, how it is read, what it means."""

    name: str
    section: str
    metavar: str
    help: str
    read: Callable[[Any, str], Any]


def _amount(allowed: str, low: int = 0) -> Callable[[Any, str], Decimal]:
    def read(value: Any, field: str) -> Decimal:
        amount = number(value, field, allowed)
        if amount < low or (low == 0 and "above 0" in allowed and amount == 0):
            raise InvalidValue(
                say("{value} is not {allowed}.", value=shown(value), allowed=allowed), field=field
            )
        return amount

    return read


def count(value: Any, field: str, low: int = 0, high: int = 5200) -> int:
    """Read a whole number between `low` and `high`."""
    allowed = say("a whole number from {low} to {high}", low=low, high=high)
    found = number(value, field, allowed)
    if found != int(found) or not low <= found <= high:
        raise InvalidValue(
            say("{value} is not {allowed}.", value=shown(value), allowed=allowed), field=field
        )
    return int(found)


def _count(low: int, high: int = 5200) -> Callable[[Any, str], int]:
    return lambda value, field: count(value, field, low, high)


def choice(value: Any, field: str, names: Iterable[str]) -> str:
    """Read one of `names`, in any case."""
    names = list(names)
    text = value.strip().lower() if isinstance(value, str) else ""
    if value == "":
        raise InvalidValue(
            say("is empty; give one of {names}.", names=", ".join(names)), field=field
        )
    if text not in names:
        raise UnknownName(
            say("{value} is not one of {names}.", value=shown(value), names=", ".join(names))
            + nearest(text, names),
            field=field,
        )
    return text


def option_choice(value: str, option: str, names: Iterable[str]) -> str:
    """Read one of the words of an option, which is no field of a loan; raises UsageError."""
    try:
        return choice(value, option, names)
    except RestructureError as error:
        raise UsageError(error.reason, field=option) from error


def _choice(names: Iterable[str]) -> Callable[[Any, str], str]:
    return lambda value, field: choice(value, field, names)


def _method(value: Any, field: str) -> str:
    if isinstance(value, str) and value.strip() in _METHOD_NAMES:
        return METHODS[_METHOD_NAMES[value.strip()]]
    text = value.replace("_", "-") if isinstance(value, str) else value
    try:
        return choice(text, field, METHODS)
    except UnknownName as error:
        chinese = ", ".join(_METHOD_NAMES)
        raise UnknownName(
            say("{reason} Or in Chinese: {chinese}.", reason=error.reason, chinese=chinese),
            field=field,
        ) from error


def _date(value: Any, field: str) -> date:
    if isinstance(value, datetime):
        raise InvalidValue(
            say(
                "{value} has a time of day; write the date alone, {date}.",
                value=shown(value),
                date=value.date(),
            ),
            field=field,
        )
    if isinstance(value, date):
        return value
    if value == "":
        raise InvalidValue(say("is empty; give a date, written as 2026-03-31."), field=field)
    try:
        if not (isinstance(value, str) and value.strip().isascii()):
            raise ValueError
        return date.fromisoformat(value.strip())
    except ValueError as error:
        raise InvalidValue(
            say(
                "{value} is not a date of the calendar, written as 2026-03-31.", value=shown(value)
            ),
            field=field,
        ) from error


def _penalty_rate(value: Any, field: str) -> PenaltyRate:
    if isinstance(value, str) and value.strip().lower().endswith(("x", "×")):
        allowed = say("a multiple such as 1.5x, or a rate such as 21.6%")
        times = number(value.strip()[:-1], field, allowed)
        if not 0 <= times <= 100:
            raise InvalidValue(
                say("{value} is not {allowed} (0x to 100x).", value=shown(value), allowed=allowed),
                field=field,
            )
        return PenaltyRate(Fraction(times))
    try:
        return PenaltyRate(annual=Rate.of(value, field).annual)
    except InvalidValue as error:
        words = say(
            "{reason} Or a multiple of the contract rate, such as 1.5x.", reason=error.reason
        )
        raise InvalidValue(words, field=field) from error


def _fee(value: Any, field: str) -> Any:
    from restructure.quantity import Quantity

    return Quantity.of(value, field)


def _instalment_rounding(value: Any, field: str) -> tuple[str, Decimal]:
    allowed = say("nearest, up, least, even, a multiple such as 10, up:10 or least:10")
    text = value.strip().lower() if isinstance(value, str) else value
    mode = ""
    for name in ("up", "least", "even"):
        if isinstance(text, str) and text.startswith(name):
            mode, text = name, text.removeprefix(name).removeprefix(":") or "0"
    if text == "nearest":
        text = "0"
    step = number(text, field, allowed)
    if step < 0:
        raise InvalidValue(
            say("{value} is not {allowed}.", value=shown(value), allowed=allowed), field=field
        )
    return mode, step


def _every(value: Any, field: str) -> Every:
    if value == "":
        raise InvalidValue(say("is empty; give for instance week, month or quarter."), field=field)
    return parse_every(value, field)


def _compounding(value: Any, field: str) -> Every | None:
    if isinstance(value, str) and value.strip().lower() == "period":
        return None
    try:
        return _every(value, field)
    except InvalidValue as error:
        words = say("{reason} Or period: as often as instalments are due.", reason=error.reason)
        raise InvalidValue(words, field=field) from error


def _currency(value: Any, field: str) -> str:
    if value == "":
        raise InvalidValue(say("is empty; give a code such as CNY, EUR or JPY."), field=field)
    return Currency.of(value).code


def _rate(value: Any, field: str) -> Any:
    Rate.of(value, field)  # read again when the day count is known: a rate a day depends on it
    return value


LISTS = ("rate_changes", "principal_parts", "skip_months", "interest_months")
"""Fields that hold several values: a text with commas, or a list."""


def listed(value: Any) -> Any:
    """Return a list of single values as the text with commas; anything else as it is."""
    if not isinstance(value, list | tuple) or any(isinstance(x, list | dict) for x in value):
        return value
    return ",".join(f"{x:f}" if isinstance(x, Decimal) else str(x) for x in value)


def _parts(value: Any, field: str) -> tuple[Decimal, ...]:
    value = listed(value)
    allowed = say("amounts such as 500 or 500,400,300")
    parts = tuple(number(part.strip(), field, allowed) for part in str(value).split(","))
    if not any(parts):
        raise InvalidValue(
            say("{value} repays nothing; give {allowed}.", value=shown(value), allowed=allowed),
            field=field,
        )
    return parts


def _months(value: Any, field: str) -> tuple[int, ...]:
    value = _filled(listed(value), field, say("months such as 6,7,8"))
    parts = str(value).split(",")
    months = tuple(sorted({count(part.strip(), field, 1, 12) for part in parts}))
    if len(months) == 12:
        raise InvalidValue(
            say("names all months; leave at least one with an instalment."), field=field
        )
    return months


def _filled(value: Any, field: str, allowed: str) -> Any:
    if isinstance(value, str) and not value.strip():
        raise InvalidValue(say("is empty; give {allowed}.", allowed=allowed), field=field)
    return value


def _day_count(value: Any, field: str) -> str:
    _filled(value, field, say("a day count such as 30/360 or act/365"))
    from restructure.daycount import named

    return named(value, field).name


def _business_days(value: Any, field: str) -> str:
    from restructure.dates import RULES, UNADJUSTED

    names = ["none", *RULES, *(rule + UNADJUSTED for rule in RULES)]
    name = choice(value, field, names)
    return "" if name == "none" else name


def _holidays(value: Any, field: str) -> str:
    allowed = say("a country such as CN, GB-ENG or DE-BY")
    if not isinstance(_filled(value, field, allowed), str):
        raise InvalidValue(
            say("{value} is not {allowed}.", value=shown(value), allowed=allowed), field=field
        )
    return str(value).strip()


def _rate_changes(value: Any, field: str) -> tuple[tuple[date, str], ...]:
    """Read days and rates; what a rate a day comes to a year depends on the day count."""
    found = []
    value = _filled(listed(value), field, say("DATE=RATE, such as 2026-03-01=5%"))
    for part in str(value).split(","):
        day, equals, rate = part.partition("=")
        if not equals:
            raise InvalidValue(
                say("{part} is not DATE=RATE, such as 2026-03-01=5%.", part=shown(part)),
                field=field,
            )
        signed_rate(rate, field)
        found.append((_date(day.strip(), field), rate.strip()))
    return tuple(sorted(found))


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("principal", "loan", "AMOUNT",
              say("Original principal."), _amount(say("an amount above 0, such as 50000"))),
        Field("term", "loan", "N", say("Original number of instalments."), _count(1)),
        Field("rate", "loan", "RATE",
              say("Nominal annual rate: 14.4, 14.4%, 1.2%/month, 0.04%/day."), _rate),
        Field("rate_changes", "loan", "DATE=RATE,..",
              say("Rate changes that the contract prescribes, on a loan with dates."),
              _rate_changes),
        Field("payment", "loan", "AMOUNT",
              say("Instalment; in place of --rate it finds the rate, in place of --term the term."),
              _amount(say("an amount above 0, such as 4500"))),
        Field("method", "loan", "METHOD",
              say("level, equal-principal, interest-only or flat."), _method),
        Field("currency", "loan", "CODE",
              say("ISO 4217 code, which gives the decimals."), _currency),
        Field("decimals", "loan", "N", say("Other number of decimals, 0 to 12."), _count(0, 12)),
        Field("every", "loan", "PERIOD",
              say("Time between instalments: week, 2 weeks, month, quarter, half-year, year."),
              _every),
        Field("compounding", "loan", "PERIOD",
              say("Compounding: period, month, quarter, semi-annual, annual."), _compounding),
        Field("start", "loan", "DATE", say("Day the loan was drawn."), _date),
        Field("first_due", "loan", "DATE", say("First due date."), _date),
        Field("due_day", "loan", "DAY",
              say("Day of the month on which instalments fall due; 31: month ends."),
              _count(1, 31)),
        Field("maturity", "loan", "DATE", say("Last due date, where it is off the rhythm."), _date),
        Field("day_count", "loan", "NAME",
              say("Day count: 30/360, 30E/360, act/360, act/365, act/act, equal and others."),
              _day_count),
        Field("odd_first", "loan", "HOW",
              say("An odd first period: day-count, as the others; actual, its days over 360, or "
                  "over 365 where the day count has no 360."), _choice(("day-count", "actual"))),
        Field("business_days", "loan", "RULE",
              say("Due dates that are no business days: following, modified-following, preceding."),
              _business_days),
        Field("holidays", "loan", "COUNTRY",
              say("Holidays for --business-days: CN, GB-ENG, DE-BY."), _holidays),
        Field("principal_parts", "loan", "X,X,..",
              say("Parts of principal that the contract prescribes, for equal-principal; "
                  "the last repeats."), _parts),
        Field("skip_months", "loan", "M,M",
              say("Months without an instalment, such as 6,7,8."), _months),
        Field("interest_months", "loan", "M,M",
              say("Months in which interest falls due, such as 3,6,9,12; in others it waits."),
              _months),
        Field("unpaid_interest", "loan", "HOW",
              say("Interest that an instalment does not cover: capitalise, or us-rule "
                  "(it waits and bears none)."), _choice(("capitalise", "us-rule"))),
        Field("capitalise_every", "loan", "N",
              say("Interest accrues on principal alone and joins it after every N periods."),
              _count(1)),
        Field("rounding", "loan", "MODE",
              say("Rounding of interest: half-up, half-even, up, down."), _choice(ROUNDINGS)),
        Field("instalment_rounding", "loan", "HOW",
              say("Rounding of the instalment: nearest, up, a multiple such as 10, "
                  "up:10, least (the last one is not above it), or even (the last one differs "
                  "least)."), _instalment_rounding),
        Field("fee", "loan", "X", say("Fee paid when the loan was drawn: amount or %."), _fee),
        Field("penalty_rate", "loan", "RATE",
              say("Penalty rate: 21.6% or a multiple, 1.5x."), _penalty_rate),
        Field("paid", "position", "K", say("Instalments paid."), _count(0)),
        Field("missed", "position", "M", say("Instalments due and unpaid."), _count(0)),
        Field("as_of", "position", "DATE",
              say("Day of restructuring: the due date of the last instalment paid or missed."),
              _date),
        Field("outstanding", "position", "AMOUNT",
              say("Principal not yet due, in place of --principal."),
              _amount(say("an amount above 0, such as 25894.26"))),
        Field("remaining", "position", "N",
              say("Instalments not yet due, in place of --term."), _count(1)),
        Field("overdue_principal", "position", "AMOUNT",
              say("Overdue principal, with --outstanding."),
              _amount(say("an amount of 0 or more"))),
        Field("overdue_interest", "position", "AMOUNT",
              say("Overdue interest, with --outstanding."), _amount(say("an amount of 0 or more"))),
        Field("penalty", "position", "AMOUNT",
              say("Penalty interest owed."), _amount(say("an amount of 0 or more"))),
        Field("fees", "position", "AMOUNT",
              say("Fees owed."), _amount(say("an amount of 0 or more"))),
    )
}  # fmt: skip


def option(name: str) -> str:
    """Return a field's name as the command line writes it: first_due is --first-due."""
    return "--" + name.replace("_", "-")
