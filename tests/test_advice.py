"""The search against brute force, and the advice of the founding case."""

from __future__ import annotations

import random
from typing import Any

import pytest

import brute
import restructure as rs
from restructure import metrics
from restructure.advice import Limits, advise
from restructure.bounds import Bounds
from restructure.engine import build
from restructure.errors import InvalidValue, Refused
from restructure.family import family_of
from restructure.money import Currency
from restructure.position import as_agreed, locate
from restructure.series import Series, Step
from restructure.tally import Tallies

CNY = Currency.of("CNY")

CHARGED = (
    "defer:1..{a}", "defer:1..{a},keep=maturity", "defer:2,keep=payment", "defer:1..3,pays=20%",
    "defer:1..{a},interest=simple", "defer:{a},interest=spread", "defer:2,interest=first",
    "defer:{a},interest=end", "defer:1..{a},interest=pay", "interest-only:1..{a}",
    "interest-only:2,keep=count", "extend:1..{b}", "extend:{b}..30/5", "reduce:10%..40%/10%",
    "reduce:{c}", "reduce:{c},for=1..{a}", "reduce:50%,for={a}", "step:50%x{a}/75%x2",
)  # fmt: skip
CONCESSIONS = (
    "rate:cut=0..4/1", "rate:cut=2,for={b}", "rate:10%", "rate:0%,for={a}", "balloon:10%..30%/10%",
    "balloon:{c}", "set-aside:10%", "forgive:5%", "defer:{a},interest=waive", "extra:{c},at=2",
    "arrears:spread", "arrears:set-aside", "arrears:capitalise,penalty=forgive",
    "arrears:spread,over=2", "forgive:50%,of=penalty",
)  # fmt: skip


DATED = (
    {"start": "2026-01-15"}, {"start": "2026-01-31", "day_count": "Act/365F"},
    {"start": "2026-03-10", "first_due": "2026-04-30", "day_count": "Act/360"},
)  # fmt: skip


def a_loan(rng: random.Random, dated: bool = False) -> rs.Loan:
    """Return a small random loan, located; one in eight of another method than level."""
    term = rng.randint(2, 30)
    values: dict[str, Any] = {
        "principal": rng.choice([100, 2_500, 50_000, 123_456]),
        "term": term,
        "rate": rng.choice(["0%", "3%", "7.3%", "14.4%", "24%", "36%"]),
        "method": rng.choice(["level"] * 21 + ["equal-principal", "interest-only", "flat"]),
        "rounding": rng.choice(["half-up", "half-up", "half-even", "up", "down"]),
        "instalment_rounding": rng.choice(["nearest"] * 5 + ["up", "1", "up:10"]),
        "every": rng.choice(["month", "month", "week", "quarter"]),
        "currency": rng.choice(["CNY", "CNY", "JPY", "KWD"]),
    }
    if rng.random() < 0.3 and term > 3:
        values["paid"] = rng.randint(0, term - 3)
        values["missed"] = rng.randint(0, 2)
        values["penalty_rate"] = rng.choice(["1x", "1.5x"])
    if rng.random() < 0.2:
        values["fee"] = "2%"
    if dated:
        values |= {"every": "month", "term": min(term, 8)} | rng.choice(DATED)
        values.pop("paid", None)
    try:
        return locate(rs.Loan.of(**values))
    except InvalidValue:  # rounding up repaid it before the day
        return locate(rs.Loan.of(principal=50_000, term=term, rate="14.4%"))


def some_offers(rng: random.Random, loan: rs.Loan, most: int = 4) -> list[str]:
    """Return a few offers, of which one in three or so is a concession."""
    count = rng.randint(1, most)
    pool = [rng.choice(CHARGED if rng.random() < 0.7 else CONCESSIONS) for _ in range(count)]
    part = loan.currency.decimal((loan.instalment or 0) * rng.randint(30, 110) // 100)
    filled = {"a": rng.randint(1, 4), "b": rng.randint(1, 12), "c": f"{part:f}"}
    return [text.format(**filled) for text in pool]


def a_capacity(rng: random.Random, loan: rs.Loan) -> list[tuple[int, int]]:
    """Return a random capacity as (first period, amount) pairs."""
    agreed, first, steps = loan.instalment or 0, 1, []
    for _ in range(rng.randint(1, 3)):
        steps.append((first, agreed * rng.choice([0, 20, 50, 70, 90, 100, 110, 200]) // 100))
        first += rng.randint(1, 5)
    return steps


def series_of(steps: list[tuple[int, int]]) -> Series:
    """Return the pairs as a series."""
    return Series(tuple(Step(first, amount) for first, amount in steps)).merged()


def check(seed: int, dated: bool = False) -> tuple[int, int, bool]:
    """Compare the search with brute force on one random family; return schedules built."""
    rng = random.Random(seed)
    loan = a_loan(rng, dated)
    offers, steps = some_offers(rng, loan), a_capacity(rng, loan)
    longest = rng.choice([None, None, loan.count + 6])
    loss_rate = rng.choice([0.01, 0.01, 0.05, 1.0])
    expected = brute.search(loan, steps, offers, longest, loss_rate)
    found = advise(loan, series_of(steps), offers, Limits(longest, loss_rate))
    shown = f"seed {seed}: {offers}, {steps}, {loan}"
    front = {tuple(plan.figures): plan.plan.name for plan in found.front}
    assert front == expected.front, shown
    for plan, key in ((found.cheapest, 0), (found.lender, 3), (found.quickest, 2)):
        # Equal in that figure: the least total paid, then highest, periods and loss.
        least = min(expected.front, key=lambda figures: (figures[key], figures), default=None)
        assert (plan and plan.plan.name) == (least and expected.front[least]), shown
    nearest = found.nearest
    assert (nearest and nearest.plan.name) == (expected.nearest and expected.nearest.text), shown
    if nearest and expected.nearest:
        assert nearest.excess == expected.nearest.excess, shown
    return found.built, expected.built, bool(front)


@pytest.mark.parametrize("part", range(4))
def test_the_search_equals_brute_force(part: int) -> None:
    """On 1,200 random families: the same front, the same best plans, the same nearest plan."""
    results = [check(seed) for seed in range(part * 300, (part + 1) * 300)]
    assert sum(fits for *_, fits in results) > 60  # plans fit in many cases, not in all
    assert any(not fits for *_, fits in results)
    assert sum(built for built, *_ in results) < sum(brute for _, brute, _ in results)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_the_search_equals_brute_force_on_thousands_more(part: int) -> None:
    """The same on 2,000 other random families."""
    for seed in range(10_000 + part * 500, 10_000 + (part + 1) * 500):
        check(seed)


def test_the_search_equals_brute_force_with_dates() -> None:
    """The same on 40 random families of loans with dates and day counts."""
    results = [check(seed, dated=True) for seed in range(50_000, 50_040)]
    assert any(fits for *_, fits in results)


@pytest.mark.slow
def test_the_search_equals_brute_force_with_dates_on_many_more() -> None:
    """The same on 200 other families of loans with dates."""
    for seed in range(51_000, 51_200):
        check(seed, dated=True)


def check_tallies(seed: int, dated: bool) -> int:
    """Compare the tally of every plan of a random family with its schedule; return how many."""
    rng = random.Random(seed)
    loan = a_loan(rng, dated)
    capacity = series_of(a_capacity(rng, loan))
    agreed = build(as_agreed(loan))
    value = metrics.value_of(agreed, loan.original_rate or 0.0)
    tallies = Tallies(loan, capacity, value)
    known = 0
    for measures in family_of(some_offers(rng, loan), at_most=rng.choice([1, 1, 2])).combinations():
        shown = f"seed {seed}: {[measure.text for measure in measures]}, {loan}"
        try:
            after = loan
            for measure in measures:
                after = measure.apply(after)
            schedule = build(after)
        except (Refused, InvalidValue):
            continue
        tally = tallies.of(after)
        if tally is None:
            continue
        known += 1
        loss = metrics.npv_loss(schedule, agreed, loan.original_rate or 0.0)
        paid = schedule.payment
        assert tally.figures == (sum(paid), max(paid), len(paid), round(loss)), shown
        assert tally.excess == max(p - capacity.at(k) for k, p in enumerate(paid, start=1)), shown
    return known


def test_tallies_are_those_of_the_schedules() -> None:
    """Figures and excess of a tally equal those of the schedule, with dates and without."""
    assert sum(check_tallies(seed, dated=False) for seed in range(60_000, 60_250)) > 1_200
    assert sum(check_tallies(seed, dated=True) for seed in range(61_000, 61_020)) > 60


@pytest.mark.slow
def test_tallies_are_those_of_the_schedules_for_many_more() -> None:
    """The same on 800 other families."""
    assert sum(check_tallies(seed, dated=False) for seed in range(62_000, 62_700)) > 3_000
    assert sum(check_tallies(seed, dated=True) for seed in range(65_000, 65_100)) > 300


def check_bounds(seed: int) -> int:
    """Compare the bounds of every plan of a random family with its schedule; return how many."""
    rng = random.Random(seed)
    loan = a_loan(rng)
    capacity = series_of(a_capacity(rng, loan))
    agreed = build(as_agreed(loan))
    value = metrics.value_of(agreed, loan.original_rate or 0.0)
    bounds = Bounds(loan, capacity, value)
    known = 0
    for measures in family_of(some_offers(rng, loan), at_most=rng.choice([1, 1, 2])).combinations():
        shown = f"seed {seed}: {[measure.text for measure in measures]}, {loan}"
        after = loan
        try:
            for measure in measures:
                after = measure.apply(after)
        except (Refused, InvalidValue):
            continue
        least = bounds.of(after)
        try:
            schedule = build(after)
        except Refused:
            continue
        assert not isinstance(least, str), shown
        if least is None:
            continue
        known += 1
        loss = metrics.npv_loss(schedule, agreed, loan.original_rate or 0.0)
        over = max(paid - capacity.at(k) for k, paid in enumerate(schedule.payment, start=1))
        assert least.cost <= sum(schedule.payment), shown
        assert least.highest <= max(schedule.payment), shown
        assert least.periods == len(schedule), shown
        assert least.loss_value <= loss, shown
        assert least.loss <= round(loss), shown
        assert least.excess <= over, shown
    return known


def test_the_bounds_are_sound() -> None:
    """No schedule of 250 random families is below the bounds of its terms, in any figure."""
    assert sum(check_bounds(seed) for seed in range(20_000, 20_250)) > 1_200


@pytest.mark.slow
def test_the_bounds_are_sound_for_many_more() -> None:
    """The same on 1,500 other families."""
    assert sum(check_bounds(seed) for seed in range(30_000, 31_500)) > 7_500
