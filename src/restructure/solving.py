"""Solve a loan of any method for payment, term, rate or principal from the other three."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import expm1, log1p

from restructure.amortiser import LONGEST
from restructure.engine import build, level_payment
from restructure.errors import InvalidValue
from restructure.loan import INTEREST_ONLY, LEVEL, Loan
from restructure.money import divide
from restructure.rates import HIGHEST
from restructure.schedule import Schedule
from restructure.words import say


def payment_of(loan: Loan) -> int:
    """Return the first instalment, in minor units; for level loans the level one.

    Equal-principal: P/n + P f. Interest-only: P f. Flat: P/n + P f in every period.
    """
    if loan.method == LEVEL:
        return level_payment(loan)
    return build(loan).payment[0]


def term_for(loan: Loan, payment: int) -> Schedule:
    """Return the schedule of the term that `payment` needs; its rows are the term.

    Level: `payment` is paid until the loan is repaid. Equal-principal and flat: the least term
    whose first instalment is at most `payment`. Raises Refused or InvalidValue with the least
    instalment that works; the instalment of an interest-only loan says nothing about its term.
    """
    if loan.method == LEVEL:
        return build(replace(loan, fixed=payment, fixed_by_reduce=True))
    text = loan.currency.text
    interest = build(loan).interest[0]
    if loan.method == INTEREST_ONLY:
        raise InvalidValue(
            say(
                "the instalment of an interest-only loan is its interest, {interest}, over any "
                "term; give the term as well.",
                interest=text(interest),
            ),
            field="payment",
        )
    longest = int(LONGEST * loan.every.per_year)
    count = -(-loan.balance // (payment - interest)) if payment > interest else longest + 1
    if count > longest:
        least = interest - (-loan.balance // longest)
        raise InvalidValue(
            say(
                "with a first instalment of {payment}, of which {interest} is interest, the "
                "loan lasts over {longest} years. The least that works is {least}.",
                payment=text(payment),
                interest=text(interest),
                longest=LONGEST,
                least=text(least),
            ),
            field="payment",
        )
    return build(replace(loan, term=count, count=count))


def rate_for(loan: Loan, payment: int) -> Fraction:
    """Return the nominal annual rate at which the first instalment is `payment`.

    For level loans the rate that has the fewest decimals (at least six of a per cent) and
    gives back `payment` exactly. Raises InvalidValue when the payment is too low for any
    rate of 0 or above, or when the rate is above 10,000 %.
    """
    principal, count, per_year = loan.balance, loan.count, loan.every.per_year
    text = loan.currency.text
    part = 0 if loan.method == INTEREST_ONLY else divide(principal, count)
    if payment < part and payment * count < principal:
        raise InvalidValue(
            say(
                "{payment} does not repay {principal} in {count} instalments at any rate; the "
                "least is {value}.",
                payment=text(payment),
                principal=text(principal),
                count=count,
                value=text(-(-principal // count)),
            ),
            field="payment",
        )
    if loan.method != LEVEL or payment <= part:
        factor = Fraction(max(payment - part, 0), principal)
        years = 1 / per_year if loan.calendar is None else loan.calendar.years(0)
        if loan.compounding is None or not factor:
            return _checked(factor / years, loan, payment)
        found = _nominal(float(factor), years, loan)
        return _checked(Fraction(round(found, 12)), loan, payment)
    nominal = _nominal(_level_factor(principal, payment, count), 1 / per_year, loan)
    if loan.calendar is not None:
        nominal = _dated_rate(loan, payment, nominal)
    for digits in range(8, 18):
        rate = Fraction(round(nominal * 10**digits), 10**digits)
        if level_payment(replace(loan, path=(loan.leg(rate),))) == payment:
            break
    return _checked(rate, loan, payment)


def _nominal(factor: float, years: Fraction, loan: Loan) -> float:
    """Return the nominal annual rate at which a period of so many years bears `factor`."""
    if loan.compounding is None:
        return factor / float(years)
    times = float(loan.compounding.per_year)
    return float(((1 + factor) ** (1 / (times * float(years))) - 1) * times)


def _checked(rate: Fraction, loan: Loan, payment: int) -> Fraction:
    if rate > HIGHEST:
        raise InvalidValue(
            say(
                "{payment} would need a rate above 10,000 % a year.",
                payment=loan.currency.text(payment),
            ),
            field="payment",
        )
    return rate


def _dated_rate(loan: Loan, payment: int, near: float) -> float:
    """Return the nominal rate whose exact instalment over the loan's own periods is `payment`.

    The instalment grows with the rate: bracket it around the rate of equal periods, bisect.
    """

    def needs(rate: float) -> int:
        return level_payment(replace(loan, path=(loan.leg(Fraction(rate)),)))

    low, high = 0.0, 2 * near + 0.01
    while needs(high) < payment and high < HIGHEST:
        high *= 2
    edges = []
    for wanted in (payment, payment + 1):  # from the least rate that gives it to the next
        a, b = low, high
        for _ in range(60):
            middle = (a + b) / 2
            a, b = (middle, b) if needs(middle) < wanted else (a, middle)
        edges.append(b)
    return sum(edges) / 2


def _level_factor(principal: int, payment: int, count: int) -> float:
    """Return the interest of a period at which `count` payments repay `principal`.

    The root of f / (1 - (1+f)^-n) = A/P, which grows with f: bracket it, then bisect to the
    precision of a float.
    """
    wanted = payment / principal
    low, high = 0.0, max(wanted, 1e-9)  # f < A/P always
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        needs = middle / -expm1(-count * log1p(middle))
        low, high = (middle, high) if needs < wanted else (low, middle)
    return (low + high) / 2


def principal_for(loan: Loan, payment: int) -> int:
    """Return the largest principal that `payment` repays in the loan's term at its rate.

    In minor units. The search begins a little above payment x term, the principal without
    interest; of an interest-only loan, at what the payment is the interest of.
    """
    if payment <= 0:
        raise InvalidValue(say("must be above 0."), field="payment")

    def needs(principal: int) -> int:
        return payment_of(
            replace(loan, principal=principal, balance=principal, flat_base=principal)
        )

    low, high = 0, payment * (loan.count + 1) * loan.instalment_rounding.step
    if loan.method == INTEREST_ONLY:
        if loan.rate == 0:
            raise InvalidValue(say("without interest any principal fits."), field="payment")
        leg = loan.path[0]
        high = (payment + 2) * leg.den // leg.num + 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if needs(middle) <= payment else (low, middle)
    if low <= 0:
        raise InvalidValue(say("is too small for any principal."), field="payment")
    return low
