"""Terms: from a loan's fields to the Loan on the day it was drawn, with what was assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from restructure.arrears import Arrears, PenaltyRate
from restructure.dates import Calendar
from restructure.errors import InvalidValue, RestructureError, UnknownName, nearest
from restructure.fields import FIELDS, option
from restructure.loan import EQUAL_PRINCIPAL, INTEREST_ONLY, LEVEL, Loan, Reset
from restructure.money import NEAREST, Currency, InstalmentRounding
from restructure.rates import Every, Rate, parse_every, percent_text, signed_rate
from restructure.uneven import Terms as Unpaid
from restructure.words import say

DEFAULT_RATE = "14.4%"
"""0.04 % a day times 360: the usual rate of Chinese consumer loans of the founding case."""


def _rounded(mode: str, step: int) -> InstalmentRounding:
    if not mode and step <= 1:
        return NEAREST
    return InstalmentRounding(mode in ("up", "least"), step or 1, mode == "least", mode == "even")


def day_year(day_count: str) -> int:
    """Return the days by which a rate a day is multiplied under a day count."""
    return 360 if "360" in day_count or day_count == "equal" else 365


def loan_of(values: Mapping[str, Any]) -> Loan:
    """Return the Loan that `values` describe, on the day it was drawn, with its notes.

    Two of principal (or outstanding), term (or remaining) and payment, and the rate, or three
    without it; the rate is 14.4 % when neither it nor the payment is given.
    """
    given: dict[str, Any] = {}
    for name, value in values.items():
        if name not in FIELDS:
            raise UnknownName(say("there is no such field.") + nearest(name, FIELDS), field=name)
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
        interest_months=given.get("interest_months", ()),
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
            raise InvalidValue(say("goes with --method equal-principal."), field="principal_parts")
        parts = tuple(currency.minor(p, "principal_parts") for p in given["principal_parts"])
        loan = replace(loan, parts=parts, anew=False)
    if "fee" in given:
        loan = replace(loan, fee=given["fee"].of_whole(loan, principal, "fee"))
    if loan.uneven and method != LEVEL:
        name = next(n for n in ("skip_months", "unpaid_interest", "capitalise_every") if n in given)
        raise InvalidValue(say("goes with level instalments."), field=name)
    if loan.interest_months and method not in (EQUAL_PRINCIPAL, INTEREST_ONLY):
        raise InvalidValue(
            say("goes with --method equal-principal or interest-only."), field="interest_months"
        )
    loan = _with_dates(loan, given)
    loan = _with_rate(loan, given, notes)
    return replace(loan, notes=tuple(notes))


def _complete(given: Mapping[str, Any]) -> None:
    """Say what is missing, or what does not go together."""
    if "outstanding" in given:
        for other in ("principal", "term", "paid", "missed"):
            if other in given:
                raise InvalidValue(
                    say(
                        "outstanding and remaining take the place of {other}; leave one or the "
                        "other "
                        "out.",
                        other=other,
                    ),
                    field="outstanding",
                )
        names = ("outstanding", "remaining")
    else:
        names = ("principal", "term")
        for other in ("remaining", "overdue_principal", "overdue_interest"):
            if other in given:
                raise InvalidValue(
                    say(
                        "goes with outstanding, the principal that is not yet due: give "
                        "{option} and "
                        "{option2} in place of --principal and --term.",
                        option=option("outstanding"),
                        option2=option("remaining"),
                    ),
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
            say(
                "is missing; give for instance {names}, or a loan file that says it.",
                names=" ".join(example[name] for name in missing),
            ),
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
            notes.append(
                say("No rate was given: 14.4 % a year is assumed (0.04 % a day times 360).")
            )
        elif rate.unit == "day":
            notes.append(
                say(
                    "The rate a day is times {day_year} ({day_count}): {annual} a year.",
                    day_year=loan.day_year,
                    day_count=loan.day_count,
                    annual=percent_text(rate.annual),
                )
            )
        elif rate.bare and 0 < rate.annual < Fraction(5, 1000):
            notes.append(
                say(
                    "The rate is read as {annual} a year. If it is a fraction, write {replace}.",
                    annual=percent_text(rate.annual),
                    replace=percent_text(rate.annual * 100).replace(" ", ""),
                )
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
            say(
                "The rate that fits the payment is {annual} a year (nominal, {name} by {name}).",
                annual=percent_text(annual),
                name=loan.every.name,
            )
        )
        return replace(loan, path=(loan.leg(annual),))
    try:
        rows = len(term_for(loan, payment))
    except RestructureError as error:
        raise InvalidValue(error.reason, field="payment") from error
    notes.append(say("The payment repays the loan in {rows} instalments.", rows=rows))
    loan = replace(loan, term=rows, count=rows)
    return replace(loan, instalment=payment, anew=False) if loan.method == LEVEL else loan


def _prescribed(loan: Loan, payment: int, notes: list[str]) -> Loan:
    """Return a level loan whose contract names the instalment besides rate and term."""
    if loan.method != LEVEL:
        raise InvalidValue(
            say(
                "cannot be given besides rate and term for {method} instalments; leave it out.",
                method=loan.method,
            ),
            field="payment",
        )
    notes.append(
        say(
            "Rate, term and payment are all given: the payment is the contract's "
            "instalment, and the last one takes what is left."
        )
    )
    resets = tuple(reset._replace(keep=True) for reset in loan.resets)
    return replace(loan, instalment=payment, anew=False, resets=resets)


def _with_maturity(calendar: Calendar, term: int, day: date) -> Calendar:
    before = calendar.unmoved(term - 2)
    if day <= before:
        raise InvalidValue(
            say(
                "{day} is not after the due date before the last, {before}.", day=day, before=before
            ),
            field="maturity",
        )
    return calendar._replace(last=(term - 1, day))


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
        raise InvalidValue(
            say("goes with periods of months, not {name}.", name=every.name), field="due_day"
        )
    if due_day and on_day(first, due_day) != first:
        raise InvalidValue(
            say(
                "{due_day} is not the day of the first due date, {first}.",
                due_day=due_day,
                first=first,
            ),
            field="due_day",
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
            "odd_first",
            "rate_changes",
            "skip_months",
            "interest_months",
        ):
            if given.get(name):
                raise InvalidValue(
                    say("goes with due dates; give start or first_due as well."), field=name
                )
        return loan

    if first is None:
        assert start is not None
        first = _first_due(start, loan.every, given.get("due_day", 0))
    elif start is not None and first < start:
        raise InvalidValue(
            say(
                "{first} is before the start, {start}. On the start itself, instalments are "
                "paid in advance.",
                first=first,
                start=start,
            ),
            field="first_due",
        )
    if "holidays" in given and not given.get("business_days"):
        raise InvalidValue(say("goes with --business-days, such as following."), field="holidays")
    calendar = Calendar(
        first,
        loan.every,
        start,
        loan.day_count,
        given.get("business_days", ""),
        given.get("holidays", ""),
        due_day=_due_day(given, loan.every, first),
        odd_days=given.get("odd_first") == "actual",
    )
    if "maturity" in given:
        if "term" not in given and "remaining" not in given:
            raise InvalidValue(
                say("goes with the number of instalments; give it too, as in --term 12."),
                field="maturity",
            )
        calendar = _with_maturity(calendar, loan.term, given["maturity"])
    calendar.due(loan.term)  # a term that would pass the year 9999 is refused here
    passed = loan.paid + loan.missed
    if "as_of" in given:
        expected = calendar.due(passed - 1)
        if given["as_of"] != expected:
            which = (
                say("the start")
                if not passed
                else say("the due date of the last one paid or missed")
            )
            raise InvalidValue(
                say(
                    "{given} is not {expected}, {which}: with {paid} paid and {missed} missed, the "
                    "plans begin on that day.",
                    given=given["as_of"],
                    expected=expected,
                    which=which,
                    paid=loan.paid,
                    missed=loan.missed,
                ),
                field="as_of",
            )
    resets = tuple(
        Reset(day, signed_rate(rate, "rate_changes", loan.day_year))
        for day, rate in given.get("rate_changes", ())
    )
    return replace(loan, calendar=calendar, resets=resets)
