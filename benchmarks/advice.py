"""Advice: 100,000 combinations on a 60-month loan, beside brute force, in one run.

Brute force builds the schedule of every combination and works out the same figures; the search
leaves plans out on sound bounds. Both must give the same best plans. The ratio is that of two
times measured one after the other; brute force is sampled evenly and scaled up with `--sample N`
(every N-th combination; 1 for all).
"""

from __future__ import annotations

import sys
from time import perf_counter

from restructure import metrics
from restructure.advice import Advice, Limits
from restructure.engine import build
from restructure.errors import InvalidValue, Refused
from restructure.family import family_of, plan_of
from restructure.loan import Loan
from restructure.money import Currency
from restructure.position import as_agreed, locate
from restructure.series import Series
from restructure.tally import Figures

TARGET_TIME, TARGET_BUILT = 0.3, 0.1
OFFERS = ["defer:0..6", "interest-only:0..6", "rate:cut=0..4/0.25", "reduce:10%,for=1..5",
          "reduce:30%,for=1..5", "extend:0..12"]  # fmt: skip
CASES = (
    ("a pause fits", "0x3,1300", OFFERS),
    ("a lower instalment, for ever", "1050", OFFERS),
    ("the term in the middle", "0x3,1300", [OFFERS[0], OFFERS[5], *OFFERS[1:5]]),
    ("nothing fits", "500", OFFERS),
)


def brute_force(
    loan: Loan, capacity: Series, offers: list[str], every: int
) -> tuple[int, list[Figures]]:
    """Return the schedules built and the figures of the plans that fit."""
    agreed = build(as_agreed(loan))
    rate = loan.original_rate or 0.0
    value = metrics.value_of(agreed, rate)
    built, fit = 0, []
    for place, measures in enumerate(family_of(offers).combinations()):
        if place % every:
            continue
        built += 1
        try:
            schedule = build(plan_of(measures, loan).apply(loan))
        except (Refused, InvalidValue):
            continue
        loss = metrics.npv_loss(schedule, agreed, rate)
        figures = Figures(
            metrics.total_paid(schedule),
            max(schedule.payment),
            len(schedule),
            round(loss),
        )
        if capacity.passed_by(schedule.payment) <= 0 and loss <= 0.01 * value:
            fit.append(figures)
    return built, fit


def main(every: int = 1) -> None:
    """Print times, schedules built and the ratios."""
    loan = locate(Loan.of(principal=50_000, term=60, rate="14.4%"))
    print("60 months at 14.4 %; ratios of the search to brute force")
    print(f"{'case':<30}{'plans':>9}{'brute s':>9}{'search s':>9}{'time':>7}{'built':>8}")
    for name, text, offers in CASES:
        capacity = Series.of(text, "capacity", Currency.of("CNY"))
        start = perf_counter()
        built, fit = brute_force(loan, capacity, offers, every)
        slow = (perf_counter() - start) * every
        start = perf_counter()
        found = Advice(loan, capacity, family_of(offers), Limits())
        quick = perf_counter() - start
        if every == 1:
            best = [min((f[place] for f in fit), default=None) for place in range(4)]
            ours = [
                min((f.figures[place] for f in found.front), default=None) for place in range(4)
            ]
            assert best == ours, (best, ours)
        size = found.family.size
        time, share = quick / slow, found.built / (built * every)
        met = time <= TARGET_TIME and share <= TARGET_BUILT
        print(
            f"{name:<30}{size:>9,}{slow:>9.1f}{quick:>9.2f}{time:>7.3f}{share:>8.4f}  "
            f"{'met' if met else 'MISSED'}"
        )


if __name__ == "__main__":
    main(int(sys.argv[-1]) if "--sample" in sys.argv else 1)
