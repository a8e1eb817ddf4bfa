"""Schedules a second: restructure beside two libraries from PyPI, in one run.

Every engine gets the same level loans, prepared beforehand, each of a different principal, so
that nothing can be remembered from one schedule to the next. The engines take turns, in a
rotating order; the ratio is the median of the rounds' ratios. Before anything is timed, the
sums of the schedules are checked against each other.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from decimal import Decimal
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from amortization import amortization_schedule as peer_rows
from mortgagemath import LoanParams, PaymentRounding
from mortgagemath import amortization_schedule as exact_rows

from restructure import Loan, build

ROUNDS = 15
SECONDS = 0.06  # that an engine works in one round
TERMS = (12, 360)


class Engine(NamedTuple):
    """A library: how it prepares a loan, how it makes the schedule, and our target against it."""

    name: str
    prepare: Callable[[int, int], Any]
    run: Callable[[Any], Any]
    targets: dict[int, float]


def ours_run(loan: Loan) -> tuple[list[int], ...]:
    """Build a schedule and touch every column."""
    made = build(loan)
    return made.opening, made.interest, made.principal, made.payment, made.closing


ENGINES = (
    Engine(
        "restructure",
        lambda principal, term: Loan.of(principal=principal, term=term, rate="14.4%"),
        ours_run,
        {},
    ),
    Engine(
        "amortization 3.0.1",
        lambda principal, term: (float(principal), 0.144, term),
        lambda loan: list(peer_rows(*loan)),
        {12: 3.0, 360: 5.0},
    ),
    Engine(
        "mortgagemath 0.7.1",
        lambda principal, term: LoanParams(
            principal=Decimal(principal),
            annual_rate=Decimal("14.4"),
            term_months=term,
            payment_rounding=PaymentRounding.ROUND_HALF_UP,
        ),
        exact_rows,
        {12: 10.0, 360: 15.0},
    ),
)


def check(term: int) -> None:
    """Fail unless the three engines make the same schedule of 50,000."""
    ours, floats, exact = (engine.run(engine.prepare(50_000, term)) for engine in ENGINES)
    opening, interest, principal, payment, closing = ours
    assert all(len(column) == term for column in ours), "a row is missing"
    assert sum(principal) == opening[0] == 50_000_00, "the principal is not repaid"
    assert closing[-1] == 0, "something is still owed"
    assert opening[1:] == closing[:-1], "a balance is not carried over"
    assert all(i + p == paid for i, p, paid in zip(interest, principal, payment, strict=True))
    assert sum(payment) == 100 * sum(row.payment for row in exact), "mortgagemath differs"
    # Floats put some half cents on the other side: less than a minor unit a row.
    gap = abs(sum(payment) - 100 * sum(row.amount for row in floats))
    assert gap < term, "amortization differs"


def rate(engine: Engine, loans: Sequence[Any]) -> float:
    """Return the schedules a second of one engine over these loans."""
    run = engine.run
    gc.collect()
    start = perf_counter()
    for loan in loans:
        run(loan)
    return len(loans) / (perf_counter() - start)


def measure(term: int) -> list[list[float]]:
    """Return the rates of every round, in the order of ENGINES."""

    def loans(engine: Engine, count: int) -> list[Any]:
        return [engine.prepare(50_000 + extra, term) for extra in range(count)]

    counts = [max(10, int(SECONDS * rate(engine, loans(engine, 50)))) for engine in ENGINES]
    rounds = []
    for turn in range(ROUNDS):
        rates = [0.0] * len(ENGINES)
        for step in range(len(ENGINES)):
            place = (turn + step) % len(ENGINES)
            rates[place] = rate(ENGINES[place], loans(ENGINES[place], counts[place]))
        rounds.append(rates)
    return rounds


def main() -> None:
    """Print the rates and the ratios."""
    print(f"Level loans of 50,000 at 14.4 %; medians of {ROUNDS} interleaved rounds")
    print(f"{'rows':>4}  {'engine':<20}{'schedules/s':>12}{'ratio':>8}{'target':>8}")
    for term in TERMS:
        check(term)
        rounds = measure(term)
        for place, engine in enumerate(ENGINES):
            speed = median(rates[place] for rates in rounds)
            line = f"{term:>4}  {engine.name:<20}{speed:>12,.0f}"
            if term in engine.targets:
                ratio = median(rates[0] / rates[place] for rates in rounds)
                target = engine.targets[term]
                line += f"{ratio:>7.1f}x{target:>7.0f}x  {'met' if ratio >= target else 'MISSED'}"
            print(line)


if __name__ == "__main__":
    main()
