"""The model of a made-up loan: its contract, its borrower, and how it has been paid.

The shares and ranges are plausible for Chinese retail and small-business lending, and rounded.
They come from no bank: nothing may be concluded from them about any market.

Every month a loan's borrower misses the instalment, pays one, pays two or clears the arrears;
the chances depend on how many are missed already and on a hidden risk from 0 to 999.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from restructure.sample.draws import Draws


class Product(NamedTuple):
    """What loans of a kind have in common; principal in whole units, rates in 0.01 %."""

    name: str
    weight: int
    principal: tuple[int, int]
    step: int
    rate: tuple[int, int]
    term: tuple[int, int]
    lgd: int


PRODUCTS = (
    Product("personal", 40, (5_000, 200_000), 1_000, (600, 1_800), (12, 60), 6_000),
    Product("card", 25, (2_000, 50_000), 500, (1_300, 1_800), (6, 36), 7_500),
    Product("car", 15, (40_000, 300_000), 1_000, (350, 900), (12, 60), 4_000),
    Product("mortgage", 12, (300_000, 3_000_000), 10_000, (300, 550), (60, 360), 2_000),
    Product("business", 8, (50_000, 1_000_000), 10_000, (400, 1_200), (12, 60), 5_000),
)
SEGMENTS = ("salaried", "self-employed", "gig work", "retired")
_SEGMENT_WEIGHTS = (62, 20, 12, 6)
_SEGMENT_RISK = (0, 80, 180, 30)
MONTHS = 24
"""Months of payment behaviour that a loan is followed for; the oldest were paid before."""
MOST_MISSED = 18
LONGEST_AGE = 120

# Of 1,000 borrowers with 0, 1, 2, ... missed: how many miss another one, pay one, pay two;
# the others clear the arrears. Those who owe nothing can only miss or pay.
_MISS = (6, 200, 480, 700, 800, 830, 830)
_STAY = (0, 200, 180, 140, 100, 80, 60)
_BACK = (0, 100, 100, 60, 40, 30, 20)
_PD = (60, 1_500, 3_500, 6_000, 10_000, 10_000, 10_000)
_HARD_MONTHS = (2, 8)
"""February and August: more is spent, a quarter more instalments are missed."""

STREAMS = (
    "product", "segment", "principal", "rate", "term", "round_term", "age", "day", "risk",
    "share", "shock", "lgd",
)  # fmt: skip
_AT = {name: number for number, name in enumerate(STREAMS)}
_FIRST_MONTH_STREAM = 100


class Made(NamedTuple):
    """Loans made: whole numbers, one each or an array; see the columns of a book."""

    product: Any
    segment: Any
    principal: Any
    rate: Any
    term: Any
    age: Any
    day: Any
    missed: list[Any]
    """By month back from the last: instalments missed at its end."""
    income: Any
    pd: Any
    lgd: Any


def make(draw: Draws, month: int) -> Made:
    """Return loans as they stand at the end of a calendar month (1 to 12)."""

    def of(name: str) -> Any:
        return draw.take([_of(product, name) for product in PRODUCTS], product)

    def between(stream: str, low: str, high: str, step: Any = 1) -> Any:
        """Draw between two figures of the product, low ones more often than high ones."""
        root = draw.below(_AT[stream], 1 << 10)
        span = (of(high) - of(low)) // step
        return of(low) + (span * root * root >> 20) * step

    product = draw.pick(_AT["product"], [p.weight for p in PRODUCTS])
    segment = draw.pick(_AT["segment"], _SEGMENT_WEIGHTS)
    principal = between("principal", "principal_low", "principal_high", of("step"))
    rate = of("rate_low") + draw.below(_AT["rate"], (of("rate_high") - of("rate_low")) // 5 + 1) * 5
    term = of("term_low") + draw.below(_AT["term"], of("term_high") - of("term_low") + 1)
    # Half of all contracts run for whole half-years.
    term = draw.choose(draw.below(_AT["round_term"], 2) == 0, (term + 5) // 6 * 6, term)
    age = 1 + draw.below(_AT["age"], draw.least(term - 1, LONGEST_AGE))
    root = draw.below(_AT["risk"], 1 << 10)
    risk = draw.least((root * root * 850 >> 20) + draw.take(_SEGMENT_RISK, segment), 999)
    missed = _missed(draw, month, age, risk)
    # About the level instalment, in whole units: exact enough to know what share of it is income.
    instalment = principal // term + principal * rate * 55 // (12 * 1_000_000) + 1
    share = 12 + draw.below(_AT["share"], 43)
    shock = draw.choose(missed[0] > 0, 45 + draw.below(_AT["shock"], 50), 100)
    income = (instalment * shock // share + 9) // 10 * 10
    steps = draw.least(missed[0], len(_PD) - 1)
    pd = draw.least(draw.take(_PD, steps) * (500 + risk) // 500, 10_000)
    lgd = of("lgd") + draw.below(_AT["lgd"], 31) * 50 - 750
    day = 1 + draw.below(_AT["day"], 28)
    return Made(product, segment, principal, rate, term, age, day, missed, income, pd, lgd)


def _of(product: Product, name: str) -> int:
    field, _, end = name.partition("_")
    value = getattr(product, field)
    return int(value[end == "high"] if end else value)


def _missed(draw: Draws, month: int, age: Any, risk: Any) -> list[Any]:
    """Return the instalments missed at the end of each of the last months, the last one first."""
    missed = age * 0
    found = []
    for back in reversed(range(MONTHS)):
        chance = draw.below(_FIRST_MONTH_STREAM + back, 1_000_000)
        state = draw.least(missed, len(_MISS) - 1)
        hard = 5 if (month - 1 - back) % 12 + 1 in _HARD_MONTHS else 4
        miss = draw.take(_MISS, state) * 1000
        miss = miss * draw.choose(state == 0, 250 + risk * 4, 850 + risk // 2) // 1000
        miss = draw.least(miss * hard // 4, 970_000)
        miss = draw.choose(missed >= MOST_MISSED, 0, miss)
        stay = miss + draw.take(_STAY, state) * 1000
        stay = draw.choose(
            missed == 0, 1_000_000, draw.choose(missed >= MOST_MISSED, 850_000, stay)
        )
        step = draw.choose(chance < stay + draw.take(_BACK, state) * 1000, missed - 1, 0)
        after = draw.choose(chance < miss, missed + 1, draw.choose(chance < stay, missed, step))
        # Before its first due date a loan has nothing to miss.
        missed = draw.choose(age - back >= 1, after, 0)
        found.append(missed)
    return found[::-1]
