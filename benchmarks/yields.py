"""Yields a second: restructure.yields.irr beside pyxirr.irr, in one run.

Both get the same flows as lists of floats, each loan of a different size, so that nothing can be
remembered. The solvers take turns; the ratio is the median of the rounds' ratios. Before
anything is timed, the yields are checked against each other.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from random import Random
from statistics import median
from time import perf_counter

import pyxirr

from restructure.yields import irr

ROUNDS = 15
SECONDS = 0.05  # that a solver works in one round
TARGETS = {12: 0.5, 360: 1.0}

Payments = list[float]


def level(count: int) -> Payments:
    """Return level instalments for 50,000 at 1.2 % a month, the last with the residue."""
    paid = round(50_000 * 0.012 / (1 - 1.012**-count), 2)
    return [paid] * (count - 1) + [paid + 0.02]


def deferred(count: int) -> Payments:
    """Return three months without payments, then level instalments."""
    return [0.0] * 3 + [50_000 * 1.012**3 / 50_000 * paid for paid in level(count - 3)]


def equal_principal(count: int) -> Payments:
    """Return equal principal parts with interest: every payment differs."""
    return [50_000 / count * (1 + 0.012 * (count - k)) for k in range(count)]


def irregular(count: int) -> Payments:
    """Return payments that differ by chance."""
    draw = Random(count)
    return [paid * draw.uniform(0.5, 1.5) for paid in level(count)]


SHAPES: tuple[Callable[[int], Payments], ...] = (level, deferred, equal_principal, irregular)


def measure(payments: Payments) -> tuple[float, float, float]:
    """Return our solves a second, theirs, and the median ratio."""
    theirs = pyxirr.irr([-50_000.0, *payments])
    ours = irr(50_000.0, payments).rate
    assert ours is not None, "no yield"
    assert abs(ours - theirs) < 1e-9, "the yields differ"
    sizes = [1 + k / 1000 for k in range(200)]
    loans = [(50_000.0 * size, [paid * size for paid in payments]) for size in sizes]
    flows = [[-advance, *paid] for advance, paid in loans]
    rates: list[tuple[float, float]] = []
    start = perf_counter()
    for advance, paid in loans:
        irr(advance, paid)
    repeats = max(1, int(SECONDS / (perf_counter() - start)))
    for turn in range(ROUNDS):
        pair = [0.0, 0.0]
        for step in range(2):
            gc.collect()
            which = (turn + step) % 2
            start = perf_counter()
            if which:
                for _ in range(repeats):
                    for flow in flows:
                        pyxirr.irr(flow)
            else:
                for _ in range(repeats):
                    for advance, paid in loans:
                        irr(advance, paid)
            pair[which] = repeats * len(loans) / (perf_counter() - start)
        rates.append((pair[0], pair[1]))
    own, other = zip(*rates, strict=True)
    return median(own), median(other), median(a / b for a, b in rates)


def main() -> None:
    """Print the rates and the ratios."""
    print(f"Yields of 50,000 against pyxirr {pyxirr.__version__}; {ROUNDS} interleaved rounds")
    print(f"{'flows':>5}  {'payments':<20}{'ours/s':>12}{'pyxirr/s':>12}{'ratio':>8}{'target':>8}")
    for count, target in TARGETS.items():
        for shape in SHAPES:
            own, other, ratio = measure(shape(count))
            name = shape.__name__.replace("_", " ")
            verdict = "met" if ratio >= target else "MISSED"
            print(
                f"{count:>5}  {name:<20}{own:>12,.0f}{other:>12,.0f}{ratio:>7.2f}x"
                f"{target:>7.1f}x  {verdict}"
            )


if __name__ == "__main__":
    main()
