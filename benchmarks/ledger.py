"""Movements a second of the ledger: one loan, a growing number of lines, one core.

The time of each size against the one before shows whether it grows in proportion. Payments of
a few sizes fall on every day of the term; in the second run almost all come late.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from time import perf_counter

from restructure import Loan
from restructure.ledger import Movement, Rules, position_on, read_allocation

SIZES = (12_500, 25_000, 50_000, 100_000)
TARGET = 2.0  # seconds for the largest size
START = date(2000, 1, 8)
ORDERS = ("oldest-first", "fees-last", "penalty,interest,principal", "cards-57")


def loan() -> Loan:
    """Return a loan of 360 months, so that most lines meet open instalments."""
    return Loan.of(principal=5_000_000, term=360, rate="6%", start=str(START), penalty_rate="1.5x")


def movements(count: int, of: int) -> Iterator[Movement]:
    """Yield `count` payments over 30 years that together pay `of` minor units."""
    for k in range(count):
        day = START + timedelta(days=40 + k * 10_950 // count)
        yield Movement(day, max(of * (9 + k % 3) // (10 * count), 1), reference=str(k))


def main() -> None:
    """Time each order and size."""
    made = loan()
    total = 360 * 2_997_753
    for order in ORDERS:
        rules = Rules(allocation=read_allocation(order), compound="contract", late_fee=5000)
        before = 0.0
        for size in SIZES:
            lines = list(movements(size, total))
            begin = perf_counter()
            position = position_on(made, rules, lines, date(2030, 3, 1))
            spent = perf_counter() - begin
            growth = f"{spent / before:.2f} x the time of half as many" if before else ""
            print(
                f"{order:<28}{size:>9,} lines {spent:7.2f} s  {len(position.entries):>9,} entries"
                f"  {growth}"
            )
            before = spent
        print(f"{'':28}target {TARGET} s: {'met' if before <= TARGET else 'MISSED'}")


if __name__ == "__main__":
    main()
