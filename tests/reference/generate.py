"""Random loans and plans, as text for the product and as values for the reference."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import TypeVar, get_args

from .model import (
    NOTHING,
    PERIODS_A_YEAR,
    Amount,
    Arrears,
    Balloon,
    CutRate,
    Defer,
    Every,
    Extend,
    Extra,
    Forgive,
    How,
    InterestOnly,
    Keep,
    LoanSpec,
    MeasureSpec,
    Method,
    Multiple,
    NewRate,
    Of,
    Percent,
    Quantity,
    Reduce,
    Rounding,
    SetAside,
    Step,
    Treatment,
    agreed_instalment,
    baseline,
    position,
)

EXPONENTS = {"CNY": 2, "EUR": 2, "JPY": 0, "KWD": 3}
AWKWARD_RATES = ("0.0001", "1.75", "3.333333", "4.99", "7.125", "13.37", "14.4", "18.25", "59.9999")

T = TypeVar("T")
Written = tuple[str, MeasureSpec]


@dataclass(frozen=True)
class Case:
    """A loan and a plan; `options` are those of the command line, `plan` is in the grammar."""

    loan: LoanSpec
    options: dict[str, str | int]
    plan: str
    measures: tuple[MeasureSpec, ...]


def cases(seed: int, count: int) -> Iterator[Case]:
    """Yield `count` cases, always the same for the same seed."""
    random = Random(seed)
    for _ in range(count):
        yield random_case(random)


def random_case(random: Random) -> Case:
    """Draw a loan and a plan of one to four measures."""
    loan, options = random_loan(random)
    writer = _Writer(random, loan, EXPONENTS[str(options["currency"])])
    written = writer.plan()
    return Case(loan, options, "+".join(t for t, _ in written), tuple(m for _, m in written))


def random_loan(random: Random) -> tuple[LoanSpec, dict[str, str | int]]:
    """Draw a loan; terms are mostly short, methods mostly level."""
    currency = random.choices(list(EXPONENTS), (6, 1, 2, 2))[0]
    exponent = EXPONENTS[currency]
    principal = round(10 ** random.uniform(2, 9)) * 10**exponent
    if random.random() < 0.5:
        principal += random.randrange(10**exponent)
    if random.random() < 0.04:
        principal = random.randint(100, 10_000)
    term = max(1, min(480, round(math.exp(random.uniform(0, math.log(480))))))
    if random.random() < 0.5:
        term = random.choice((6, 12, 18, 24, 36, 48, 60))
    rate = _rate(random)
    method: Method = random.choices(get_args(Method), (14, 2, 2, 2))[0]
    every: Every = "month"
    if random.random() < 0.2:
        every = random.choice(list(PERIODS_A_YEAR))
    rounding: Rounding = "half-up"
    if random.random() < 0.4:
        rounding = random.choice(get_args(Rounding))
    options: dict[str, str | int] = {
        "principal": _text(Fraction(principal, 10**exponent)),
        "term": term,
        "rate": f"{_text(rate * 100)}%",
        "method": method,
        "every": every,
        "currency": currency,
        "rounding": rounding,
    }
    loan = LoanSpec(principal, term, rate, method, every, rounding)
    last = min(term, len(baseline(loan)))
    if last < 2 or random.random() < 0.6:
        return loan, options
    paid = random.randrange(last)
    missed = min(random.choice((0, 1, 1, 2, 3, 6)), last - 1 - paid)
    penalty: Fraction | Multiple = Multiple(Fraction(1))
    options |= {"paid": paid, "missed": missed}
    if missed and random.random() < 0.6:
        if random.random() < 0.5:
            penalty = Multiple(Fraction(random.choice(("0", "1", "1.3", "1.5", "2"))))
            options["penalty_rate"] = f"{_text(penalty.times)}x"
        else:
            penalty = _rate(random)
            options["penalty_rate"] = f"{_text(penalty * 100)}%"
    fees = 0
    if missed and random.random() < 0.25:
        fees = random.randint(1, 100 * 10**exponent)
        options["fees"] = _text(Fraction(fees, 10**exponent))
    loan = LoanSpec(principal, term, rate, method, every, rounding, paid, missed, penalty, fees)
    return loan, options


def _rate(random: Random) -> Fraction:
    drawn = random.random()
    if drawn < 0.07:
        return Fraction(0)
    if drawn < 0.3:
        return Fraction(random.choice(AWKWARD_RATES)) / 100
    decimals = random.choice((0, 1, 2, 4))
    return Fraction(random.randint(0, random.choice((15, 60)) * 10**decimals), 100 * 10**decimals)


def _text(value: Fraction) -> str:
    """Write a terminating fraction as a plain decimal."""
    return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():f}"


class _Writer:
    def __init__(self, random: Random, loan: LoanSpec, exponent: int) -> None:
        self.random = random
        self.loan = loan
        self.exponent = exponent
        start = position(loan)
        self.debt = max(1, start.balance)
        self.overdue = start.overdue_principal + start.overdue_interest
        self.penalty = start.penalty
        self.left = max(1, len(baseline(loan)))
        self.instalment = agreed_instalment(loan) or 1

    def plan(self) -> list[Written]:
        kinds: dict[Callable[[], Written], int] = {
            self.defer: 5,
            self.interest_only: 3,
            self.extend: 3,
            self.reduce: 4,
            self.rate: 3,
            self.balloon: 2,
            self.set_aside: 2,
            self.forgive: 2,
            self.extra: 3,
            self.step: 2,
            self.arrears: 6 if self.loan.missed else 1,
        }
        number = self.random.choices((1, 2, 3, 4), (4, 4, 2, 1))[0]
        written: list[Written] = []
        fixed = extended = ballooned = False
        while len(written) < number:
            text, measure = self.random.choices(list(kinds), list(kinds.values()))[0]()
            fixes = getattr(measure, "keep", None) == "payment" or (
                isinstance(measure, Reduce) and measure.length is None
            )
            extends, balloons = isinstance(measure, Extend), isinstance(measure, Balloon)
            clash = (fixes and (extended or ballooned)) or (fixed and (extends or balloons))
            if clash and self.random.random() < 0.9:
                continue  # most plans are to be feasible
            fixed, extended, ballooned = fixed or fixes, extended or extends, ballooned or balloons
            written.append((text, measure))
        return written

    # Values

    def pick(self, *choices: T) -> T:
        return self.random.choice(choices)

    def often(self, share: float) -> bool:
        return self.random.random() < share

    def small(self) -> int:
        """Draw a count, mostly one that leaves regular instalments."""
        if self.often(0.05):
            return 0
        if self.often(0.04):
            return self.left + self.random.randint(-1, 2)
        return self.random.randint(1, max(1, min(12, self.left // 3)))

    def amount(self, low: float, high: float) -> tuple[str, Amount]:
        """Draw an amount between two numbers of minor units, seldom one with too many decimals."""
        if self.often(0.02):
            return "0", NOTHING
        minor = Fraction(max(1, round(self.random.uniform(low, high))))
        unit = 10**self.exponent
        if minor > unit and self.often(0.4):
            minor = Fraction(minor // unit * unit)
        if self.often(0.015):
            minor += Fraction(1, 10)
        return _text(minor / unit), Amount(minor)

    def percent(self, low: float, high: float) -> tuple[str, Percent]:
        if self.often(0.03):
            return "0%", Percent(Fraction(0))
        decimals = self.pick(0, 0, 0, 1, 2)
        hundredths = Fraction(round(self.random.uniform(low, high) * 10**decimals), 10**decimals)
        return f"{_text(hundredths)}%", Percent(hundredths / 100)

    def quantity(self, whole: int, low: float, high: float) -> tuple[str, Quantity]:
        """Draw an amount or a percentage, from `low` to `high` per cent of the whole."""
        if self.often(0.5):
            return self.percent(low, high)
        return self.amount(whole * low / 100, whole * high / 100)

    def write(self, name: str, value: str, keys: dict[str, str | None]) -> str:
        """Write a measure with its keys in any order; None leaves a key out."""
        given = [f"{key}={text}" for key, text in keys.items() if text is not None]
        self.random.shuffle(given)
        return ",".join([f"{name}:{value}", *given])

    def default(self, value: str, default: str) -> str | None:
        """Leave a default out, most of the time."""
        return None if value == default and self.often(0.7) else value

    # Measures

    def defer(self) -> Written:
        count = self.small()
        treatment: Treatment = self.pick(*get_args(Treatment))
        if self.often(0.3):
            treatment = "capitalise"
        keep: Keep = self.pick("count", "count", "maturity", "payment")
        if keep == "payment" and self.loan.method != "level" and self.often(0.8):
            keep = "count"
        pays_text: str | None = None
        pays: Quantity = NOTHING
        if self.often(0.3):
            pays_text, pays = self.quantity(self.instalment, 1, self.pick(30, 110))
        keys = {
            "interest": self.default(treatment, "capitalise"),
            "pays": pays_text,
            "keep": self.default(keep, "count"),
        }
        return self.write("defer", str(count), keys), Defer(count, treatment, pays, keep)

    def interest_only(self) -> Written:
        count = self.small()
        keep: Keep = self.pick("maturity", "maturity", "count", "payment")
        if keep == "payment" and self.loan.method != "level" and self.often(0.8):
            keep = "count"
        text = self.write("interest-only", str(count), {"keep": self.default(keep, "maturity")})
        return text, InterestOnly(count, keep)

    def extend(self) -> Written:
        count = 0 if self.often(0.05) else self.random.randint(1, self.pick(6, 24, 120))
        return f"extend:{count}", Extend(count)

    def reduce(self) -> Written:
        value: Quantity
        if self.often(0.5):
            text, value = self.percent(1, self.pick(10, 30, 30, 100))
        else:
            lowest = self.pick(90, 70, 70, 20) * self.instalment / 100
            text, value = self.amount(lowest, self.instalment * self.pick(1.0, 1.0, 1.5))
        length = self.small() if self.often(0.5) else None
        keys = {"for": None if length is None else str(length)}
        if length is None and self.often(0.1):
            keys["for"] = "all"
        return self.write("reduce", text, keys), Reduce(value, length)

    def rate(self) -> Written:
        length = self.random.randint(0, self.left) if self.often(0.5) else None
        keys = {"for": None if length is None else str(length)}
        if self.often(0.5):
            highest = 70 if self.often(0.05) else max(1, math.floor(self.loan.rate * 100))
            text, cut = self.percent(0, highest)
            tail = "" if keys["for"] is None else f",for={length}"
            return f"rate:cut={text}{tail}", CutRate(cut.part, length)
        new = _rate(self.random)
        return self.write("rate", f"{_text(new * 100)}%", keys), NewRate(new, length)

    def balloon(self) -> Written:
        text, value = self.quantity(self.debt, 1, 110 if self.often(0.05) else 60)
        return f"balloon:{text}", Balloon(value)

    def set_aside(self) -> Written:
        text, value = self.quantity(self.debt, 1, 110 if self.often(0.05) else 40)
        return f"set-aside:{text}", SetAside(value)

    def forgive(self) -> Written:
        of: Of = "principal"
        if self.loan.missed and self.often(0.5):
            of = self.pick("interest", "penalty", "fees")
        if of == "penalty":
            text, value = self.quantity(self.penalty, 1, 100)
        elif of in ("interest", "fees"):
            text, value = self.percent(1, 100)
        else:
            text, value = self.quantity(self.debt, 1, 110 if self.often(0.05) else 40)
        return self.write("forgive", text, {"of": self.default(of, "principal")}), Forgive(
            value, of
        )

    def arrears(self) -> Written:
        how: How = self.pick(*get_args(How))
        penalty: How = self.pick("pay", "pay", how, *get_args(How))
        over: int | None = None
        if "spread" in (how, penalty) and self.often(0.6):
            over = self.random.randint(1, self.left + self.pick(0, 0, 2))
        keys = {
            "over": None if over is None else str(over),
            "penalty": self.default(penalty, "pay"),
        }
        return self.write("arrears", how, keys), Arrears(how, over, penalty)

    def extra(self) -> Written:
        text, value = self.amount(1, self.debt * self.pick(0.1, 0.3, 0.3, 1.1))
        at = self.random.randint(1, self.left + self.pick(0, 0, 0, 3))
        then = self.pick("term", "instalment")
        keys = {"at": self.default(str(at), "1"), "then": self.default(then, "term")}
        shortens = Extra(value, at, "term")
        return (
            self.write("extra", text, keys),
            shortens if then == "term" else Extra(value, at, "instalment"),
        )

    def step(self) -> Written:
        steps: list[tuple[Fraction, int]] = []
        texts: list[str] = []
        for _ in range(self.pick(1, 2, 2, 3)):
            text, part = self.percent(10, 110)
            count = self.random.randint(0 if self.often(0.1) else 1, max(1, min(6, self.left // 4)))
            steps.append((part.part, count))
            texts.append(f"{text}x{count}")
        return f"step:{'/'.join(texts)}", Step(tuple(steps))
