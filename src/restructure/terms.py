"""Terms as people write them: every field of a loan, how it is read, and its help.

One table serves the command line, loan files and `Loan.of`, so that a field has one name,
one meaning and one error message everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from restructure.dates import Calendar
from restructure.errors import InvalidValue, RestructureError, UnknownName, nearest, shown
from restructure.loan import (
    EQUAL_PRINCIPAL,
    LEVEL,
    METHODS,
    Arrears,
    Loan,
    PenaltyRate,
    Reset,
)
from restructure.money import NEAREST, ROUNDINGS, Currency, InstalmentRounding, number
from restructure.rates import Every, Rate, parse_every, percent_text
from restructure.uneven import Terms as Unpaid

DEFAULT_RATE = "14.4%"
"""0.04 % a day times 360: the usual rate of Chinese consumer loans of the founding case."""

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
            raise InvalidValue(f"{shown(value)} is not {allowed}.", field=field)
        return amount

    return read


def count(value: Any, field: str, low: int = 0, high: int = 5200) -> int:
    """Read a whole number between `low` and `high`."""
    allowed = f"a whole number from {low} to {high}"
    found = number(value, field, allowed)
    if found != int(found) or not low <= found <= high:
        raise InvalidValue(f"{shown(value)} is not {allowed}.", field=field)
    return int(found)


def _count(low: int, high: int = 5200) -> Callable[[Any, str], int]:
    return lambda value, field: count(value, field, low, high)


def choice(value: Any, field: str, names: Iterable[str]) -> str:
    """Read one of `names`, in any case."""
    names = list(names)
    text = value.strip().lower() if isinstance(value, str) else ""
    if value == "":
        raise InvalidValue(f"is empty; give one of {', '.join(names)}.", field=field)
    if text not in names:
        raise UnknownName(
            f"{shown(value)} is not one of {', '.join(names)}.{nearest(text, names)}", field=field
        )
    return text


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
        raise UnknownName(f"{error.reason} Or in Chinese: {chinese}.", field=field) from error


def _date(value: Any, field: str) -> date:
    if isinstance(value, datetime):
        raise InvalidValue(
            f"{shown(value)} has a time of day; write the date alone, {value.date()}.", field=field
        )
    if isinstance(value, date):
        return value
    if value == "":
        raise InvalidValue("is empty; give a date, written as 2026-03-31.", field=field)
    try:
        if not (isinstance(value, str) and value.strip().isascii()):
            raise ValueError
        return date.fromisoformat(value.strip())
    except ValueError as error:
        raise InvalidValue(
            f"{shown(value)} is not a date of the calendar, written as 2026-03-31.", field=field
        ) from error


def _penalty_rate(value: Any, field: str) -> PenaltyRate:
    if isinstance(value, str) and value.strip().lower().endswith(("x", "×")):
        allowed = "a multiple such as 1.5x, or a rate such as 21.6%"
        times = number(value.strip()[:-1], field, allowed)
        if not 0 <= times <= 100:
            raise InvalidValue(f"{shown(value)} is not {allowed} (0x to 100x).", field=field)
        return PenaltyRate(Fraction(times))
    try:
        return PenaltyRate(annual=Rate.of(value, field).annual)
    except InvalidValue as error:
        words = f"{error.reason} Or a multiple of the contract rate, such as 1.5x."
        raise InvalidValue(words, field=field) from error


def _fee(value: Any, field: str) -> Any:
    from restructure.quantity import Quantity

    return Quantity.of(value, field)


def _instalment_rounding(value: Any, field: str) -> tuple[str, Decimal]:
    allowed = "nearest, up, least, a multiple such as 10, up:10 or least:10"
    text = value.strip().lower() if isinstance(value, str) else value
    mode = ""
    for name in ("up", "least"):
        if isinstance(text, str) and text.startswith(name):
            mode, text = name, text.removeprefix(name).removeprefix(":") or "0"
    if text == "nearest":
        text = "0"
    step = number(text, field, allowed)
    if step < 0:
        raise InvalidValue(f"{shown(value)} is not {allowed}.", field=field)
    return mode, step


def _rounded(mode: str, step: int) -> InstalmentRounding:
    if not mode and step <= 1:
        return NEAREST
    return InstalmentRounding(bool(mode), step or 1, mode == "least")


def _every(value: Any, field: str) -> Every:
    if value == "":
        raise InvalidValue("is empty; give for instance week, month or quarter.", field=field)
    return parse_every(value, field)


def _compounding(value: Any, field: str) -> Every | None:
    if isinstance(value, str) and value.strip().lower() == "period":
        return None
    try:
        return _every(value, field)
    except InvalidValue as error:
        words = f"{error.reason} Or period: as often as instalments are due."
        raise InvalidValue(words, field=field) from error


def _currency(value: Any, field: str) -> str:
    if value == "":
        raise InvalidValue("is empty; give a code such as CNY, EUR or JPY.", field=field)
    return Currency.of(value).code


def _rate(value: Any, field: str) -> Any:
    Rate.of(value, field)  # read again when the day count is known: a rate a day depends on it
    return value


def _parts(value: Any, field: str) -> tuple[Decimal, ...]:
    allowed = "amounts such as 500 or 500,400,300"
    parts = tuple(number(part.strip(), field, allowed) for part in str(value).split(","))
    if not any(parts):
        raise InvalidValue(f"{shown(value)} repays nothing; give {allowed}.", field=field)
    return parts


def _months(value: Any, field: str) -> tuple[int, ...]:
    _filled(value, field, "months such as 6,7,8")
    parts = str(value).split(",")
    months = tuple(sorted({count(part.strip(), field, 1, 12) for part in parts}))
    if len(months) == 12:
        raise InvalidValue("names all months; leave at least one with an instalment.", field=field)
    return months


def _filled(value: Any, field: str, allowed: str) -> Any:
    if isinstance(value, str) and not value.strip():
        raise InvalidValue(f"is empty; give {allowed}.", field=field)
    return value


def _day_count(value: Any, field: str) -> str:
    _filled(value, field, "a day count such as 30/360 or act/365")
    from restructure.daycount import named

    return named(value, field).name


def _business_days(value: Any, field: str) -> str:
    from restructure.dates import RULES, UNADJUSTED

    names = ["none", *RULES, *(rule + UNADJUSTED for rule in RULES)]
    name = choice(value, field, names)
    return "" if name == "none" else name


def _holidays(value: Any, field: str) -> str:
    allowed = "a country such as CN, GB-ENG or DE-BY"
    if not isinstance(_filled(value, field, allowed), str):
        raise InvalidValue(f"{shown(value)} is not {allowed}.", field=field)
    return str(value).strip()


def day_year(day_count: str) -> int:
    """Return the days by which a rate a day is multiplied under a day count."""
    return 360 if "360" in day_count or day_count == "equal" else 365


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("principal", "loan", "AMOUNT", "Original principal.",
              _amount("an amount above 0, such as 50000")),
        Field("term", "loan", "N", "Original number of instalments.", _count(1)),
        Field("rate", "loan", "RATE", "Nominal annual rate: 14.4, 14.4%, 1.2%/month, "
              "0.04%/day.", _rate),
        Field("rate_changes", "loan", "DATE=RATE,..", "Rate changes that the contract prescribes, "
              "on a loan with dates.", lambda value, field: _rate_changes(value, field)),
        Field("payment", "loan", "AMOUNT", "Instalment; in place of --rate it finds the rate, "
              "in place of --term the term.", _amount("an amount above 0, such as 4500")),
        Field("method", "loan", "METHOD", "level, equal-principal, interest-only or flat.",
              _method),
        Field("currency", "loan", "CODE", "ISO 4217 code, which gives the decimals.",
              _currency),
        Field("decimals", "loan", "N", "Other number of decimals, 0 to 12.", _count(0, 12)),
        Field("every", "loan", "PERIOD", "Time between instalments: week, 2 weeks, month, "
              "quarter, half-year, year.", _every),
        Field("compounding", "loan", "PERIOD", "Compounding: period, month, quarter, "
              "semi-annual, annual.", _compounding),
        Field("start", "loan", "DATE", "Day the loan was drawn.", _date),
        Field("first_due", "loan", "DATE", "First due date.", _date),
        Field("due_day", "loan", "DAY", "Day of the month on which instalments fall due; 31: month "
              "ends.", _count(1, 31)),
        Field("maturity", "loan", "DATE", "Last due date, where it is off the rhythm.", _date),
        Field("day_count", "loan", "NAME", "Day count: 30/360, 30E/360, act/360, act/365, "
              "act/act, equal and others.", _day_count),
        Field("business_days", "loan", "RULE", "Due dates that are no business days: following, "
              "modified-following, preceding.", _business_days),
        Field("holidays", "loan", "COUNTRY", "Holidays for --business-days: CN, GB-ENG, DE-BY.",
              _holidays),
        Field("principal_parts", "loan", "X,X,..", "Parts of principal that the contract "
              "prescribes, for equal-principal; the last repeats.", _parts),
        Field("skip_months", "loan", "M,M", "Months without an instalment, such as 6,7,8.",
              _months),
        Field("unpaid_interest", "loan", "HOW", "Interest that an instalment does not cover: "
              "capitalise, or us-rule (it waits and bears none).",
              _choice(("capitalise", "us-rule"))),
        Field("capitalise_every", "loan", "N", "Interest accrues on principal alone and joins it "
              "after every N periods.", _count(1)),
        Field("rounding", "loan", "MODE", "Rounding of interest: half-up, half-even, up, down.",
              _choice(ROUNDINGS)),
        Field("instalment_rounding", "loan", "HOW", "Rounding of the instalment: nearest, up, "
              "a multiple such as 10, up:10, or least (the last one is not above it).",
              _instalment_rounding),
        Field("fee", "loan", "X", "Fee paid when the loan was drawn: amount or %.", _fee),
        Field("penalty_rate", "loan", "RATE", "Penalty rate: 21.6% or a multiple, 1.5x.",
              _penalty_rate),
        Field("paid", "position", "K", "Instalments paid.", _count(0)),
        Field("missed", "position", "M", "Instalments due and unpaid.", _count(0)),
        Field("as_of", "position", "DATE", "Day of restructuring: the due date of the last "
              "instalment paid or missed.", _date),
        Field("outstanding", "position", "AMOUNT", "Principal not yet due, in place of "
              "--principal.", _amount("an amount above 0, such as 25894.26")),
        Field("remaining", "position", "N", "Instalments not yet due, in place of --term.",
              _count(1)),
        Field("overdue_principal", "position", "AMOUNT", "Overdue principal, with "
              "--outstanding.", _amount("an amount of 0 or more")),
        Field("overdue_interest", "position", "AMOUNT", "Overdue interest, with "
              "--outstanding.", _amount("an amount of 0 or more")),
        Field("penalty", "position", "AMOUNT", "Penalty interest owed.",
              _amount("an amount of 0 or more")),
        Field("fees", "position", "AMOUNT", "Fees owed.", _amount("an amount of 0 or more")),
    )
}  # fmt: skip


def option(name: str) -> str:
    """Return a field's name as the command line writes it: first_due is --first-due."""
    return "--" + name.replace("_", "-")


def loan_of(values: Mapping[str, Any]) -> Loan:
    """Return the Loan that `values` describe, on the day it was drawn, with its notes.

    Two of principal (or outstanding), term (or remaining) and payment, and the rate, or three
    without it; the rate is 14.4 % when neither it nor the payment is given.
    """
    given: dict[str, Any] = {}
    for name, value in values.items():
        if name not in FIELDS:
            raise UnknownName(f"there is no such field.{nearest(name, FIELDS)}", field=name)
        if value is not None:
            given[name] = FIELDS[name].read(value, name)
    _complete(given)
    currency = Currency.of(given.get("currency", "CNY"), given.get("decimals"))
    day_count = given.get("day_count", "30/360")
    notes: list[str] = []
    standing = "outstanding" in given
    name = "outstanding" if standing else "principal"
    principal = currency.minor(given[name], name)
    term = given.get("remaining" if standing else "term", 1)
    method = given.get("method", LEVEL)
    mode, step = given.get("instalment_rounding", ("", Decimal(0)))
    loan = Loan(
        currency=currency,
        method=method,
        every=given.get("every") or parse_every("month"),
        principal=principal,
        term=term,
        balance=principal,
        count=term,
        path=(),
        rounding=given.get("rounding", "half-up"),
        instalment_rounding=_rounded(mode, currency.minor(step, "instalment_rounding")),
        compounding=given.get("compounding"),
        day_year=day_year(day_count),
        day_count=day_count,
        skipped=given.get("skip_months", ()),
        unpaid=Unpaid(given.get("unpaid_interest") == "us-rule", given.get("capitalise_every", 1)),
        paid=given.get("paid", 0),
        missed=given.get("missed", 0),
        penalty_rate=given.get("penalty_rate", PenaltyRate()),
        flat_base=principal,
        stated_penalty=currency.minor(given["penalty"], "penalty") if "penalty" in given else None,
        arrears=Arrears(
            principal=currency.minor(
                given.get("overdue_principal", Decimal(0)), "overdue_principal"
            ),
            interest=currency.minor(given.get("overdue_interest", Decimal(0)), "overdue_interest"),
            penalty=currency.minor(given.get("penalty", Decimal(0)), "penalty"),
            fees=currency.minor(given.get("fees", Decimal(0)), "fees"),
        ),
    )
    if "principal_parts" in given:
        if method != EQUAL_PRINCIPAL:
            raise InvalidValue("goes with --method equal-principal.", field="principal_parts")
        parts = tuple(currency.minor(p, "principal_parts") for p in given["principal_parts"])
        loan = replace(loan, parts=parts, anew=False)
    if "fee" in given:
        loan = replace(loan, fee=given["fee"].of_whole(loan, principal, "fee"))
    if loan.uneven and method != LEVEL:
        name = next(n for n in ("skip_months", "unpaid_interest", "capitalise_every") if n in given)
        raise InvalidValue("goes with level instalments.", field=name)
    loan = _with_dates(loan, given)
    loan = _with_rate(loan, given, notes)
    return replace(loan, notes=tuple(notes))


def _complete(given: Mapping[str, Any]) -> None:
    """Say what is missing, or what does not go together."""
    if "outstanding" in given:
        for other in ("principal", "term", "paid", "missed"):
            if other in given:
                raise InvalidValue(
                    f"outstanding and remaining take the place of {other}; leave one or the "
                    "other out.",
                    field="outstanding",
                )
        names = ("outstanding", "remaining")
    else:
        names = ("principal", "term")
        for other in ("remaining", "overdue_principal", "overdue_interest"):
            if other in given:
                raise InvalidValue(
                    "goes with outstanding, the principal that is not yet due: give "
                    f"{option('outstanding')} and {option('remaining')} in place of "
                    "--principal and --term.",
                    field=other,
                )
    missing = [name for name in names if name not in given]
    if names[1] in missing and "payment" in given and "rate" in given:
        missing.remove(names[1])
    if missing:
        example = {
            "principal": "--principal 50000", "outstanding": "--outstanding 25894.26",
            "term": "--term 12", "remaining": "--remaining 6",
        }  # fmt: skip
        raise InvalidValue(
            f"is missing; give for instance {' '.join(example[name] for name in missing)}, or a "
            "loan file that says it.",
            field=missing[0],
        )


def _with_rate(loan: Loan, given: Mapping[str, Any], notes: list[str]) -> Loan:
    """Return the loan with its rate path, and with the rate or term that a payment gives."""
    payment = given.get("payment")
    if payment is not None:
        payment = loan.currency.minor(payment, "payment")
    if "rate" in given or payment is None:
        rate = Rate.of(given.get("rate", DEFAULT_RATE), "rate", loan.day_year)
        if "rate" not in given:
            notes.append("No rate was given: 14.4 % a year is assumed (0.04 % a day times 360).")
        elif rate.unit == "day":
            notes.append(
                f"The rate a day is times {loan.day_year} ({loan.day_count}): "
                f"{percent_text(rate.annual)} a year."
            )
        elif rate.bare and 0 < rate.annual < Fraction(5, 1000):
            notes.append(
                f"The rate is read as {percent_text(rate.annual)} a year. If it is a fraction, "
                f"write {percent_text(rate.annual * 100).replace(' ', '')}."
            )
        loan = replace(loan, path=(loan.leg(rate.annual),))
    if payment is None:
        return loan
    if "rate" in given and ("remaining" in given or "term" in given):
        # The contract names its instalment; the last one takes what is left.
        return _prescribed(loan, payment, notes)
    from restructure.solving import rate_for, term_for

    if not loan.path:
        loan = replace(loan, path=(loan.leg(Fraction(0)),))
        annual = rate_for(loan, payment)
        notes.append(
            f"The rate that fits the payment is {percent_text(annual)} a year "
            f"(nominal, {loan.every.name} by {loan.every.name})."
        )
        return replace(loan, path=(loan.leg(annual),))
    try:
        rows = len(term_for(loan, payment))
    except RestructureError as error:
        raise InvalidValue(error.reason, field="payment") from error
    notes.append(f"The payment repays the loan in {rows} instalments.")
    loan = replace(loan, term=rows, count=rows)
    return replace(loan, instalment=payment, anew=False) if loan.method == LEVEL else loan


def _prescribed(loan: Loan, payment: int, notes: list[str]) -> Loan:
    """Return a level loan whose contract names the instalment besides rate and term."""
    if loan.method != LEVEL:
        raise InvalidValue(
            f"cannot be given besides rate and term for {loan.method} instalments; leave it out.",
            field="payment",
        )
    notes.append(
        "Rate, term and payment are all given: the payment is the contract's instalment, and "
        "the last one takes what is left."
    )
    resets = tuple(reset._replace(keep=True) for reset in loan.resets)
    return replace(loan, instalment=payment, anew=False, resets=resets)


def _with_maturity(calendar: Calendar, term: int, day: date) -> Calendar:
    before = calendar.unmoved(term - 2)
    if day <= before:
        raise InvalidValue(
            f"{day} is not after the due date before the last, {before}.", field="maturity"
        )
    return calendar._replace(last=(term - 1, day))


def _rate_changes(value: Any, field: str) -> tuple[tuple[date, Fraction], ...]:
    found = []
    _filled(value, field, "DATE=RATE, such as 2026-03-01=5%")
    for part in str(value).split(","):
        day, equals, rate = part.partition("=")
        if not equals:
            raise InvalidValue(
                f"{shown(part)} is not DATE=RATE, such as 2026-03-01=5%.", field=field
            )
        found.append((_date(day.strip(), field), Rate.of(rate.strip(), field).annual))
    return tuple(sorted(found))


def _first_due(start: date, every: Every, due_day: int) -> date:
    """Return the first due date: one period after the start, or the due day that follows it."""
    from restructure.dates import on_day, shift

    first = shift(start, every, 1)
    if not due_day or every.unit != "month":
        return first
    here = on_day(first, due_day)
    month = Every("month", "month", 1)
    return here if here >= first else on_day(shift(first.replace(day=1), month, 1), due_day)


def _due_day(given: Mapping[str, Any], every: Every, first: date) -> int:
    """Return the due day, which goes with periods of months and with the first due date."""
    from restructure.dates import on_day

    due_day: int = given.get("due_day", 0)
    if due_day and every.unit != "month":
        raise InvalidValue(f"goes with periods of months, not {every.name}.", field="due_day")
    if due_day and on_day(first, due_day) != first:
        raise InvalidValue(
            f"{due_day} is not the day of the first due date, {first}.", field="due_day"
        )
    return due_day


def _with_dates(loan: Loan, given: Mapping[str, Any]) -> Loan:
    start: date | None = given.get("start")
    first: date | None = given.get("first_due")
    if start is None and first is None:
        for name in (
            "as_of",
            "due_day",
            "maturity",
            "business_days",
            "holidays",
            "rate_changes",
            "skip_months",
        ):
            if given.get(name):
                raise InvalidValue(
                    "goes with due dates; give start or first_due as well.", field=name
                )
        return loan

    if first is None:
        assert start is not None
        first = _first_due(start, loan.every, given.get("due_day", 0))
    elif start is not None and first < start:
        raise InvalidValue(
            f"{first} is before the start, {start}. On the start itself, instalments are paid in "
            "advance.",
            field="first_due",
        )
    if "holidays" in given and not given.get("business_days"):
        raise InvalidValue("goes with --business-days, such as following.", field="holidays")
    calendar = Calendar(
        first,
        loan.every,
        start,
        loan.day_count,
        given.get("business_days", ""),
        given.get("holidays", ""),
        due_day=_due_day(given, loan.every, first),
    )
    if "maturity" in given:
        calendar = _with_maturity(calendar, loan.term, given["maturity"])
    calendar.due(loan.term)  # a term that would pass the year 9999 is refused here
    passed = loan.paid + loan.missed
    if "as_of" in given:
        expected = calendar.due(passed - 1)
        if given["as_of"] != expected:
            which = "the start" if not passed else "the due date of the last one paid or missed"
            raise InvalidValue(
                f"{given['as_of']} is not {expected}, {which}: with {loan.paid} paid and "
                f"{loan.missed} missed, the plans begin on that day.",
                field="as_of",
            )
    resets = tuple(Reset(day, rate) for day, rate in given.get("rate_changes", ()))
    return replace(loan, calendar=calendar, resets=resets)
