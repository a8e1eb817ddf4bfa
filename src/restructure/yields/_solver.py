"""The solver of all yields: closed form where there is one, then Newton, then a bracket.

Unknown is x = ln(1 + i), so that a discount factor is exp(-t x) and no rate of -100 % or less can
come up. Newton works on ln(value of payments / value of advances), which is nearly a straight
line in x.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, pairwise
from math import exp, expm1, inf, isfinite, log, log1p, sinh, sqrt
from typing import Any, NamedTuple

from restructure.words import say


class Yield(NamedTuple):
    """A rate as a fraction (0.144 for 14.4 %), or None with the reason why there is none."""

    rate: float | None
    reason: str = ""


class Term(NamedTuple):
    """A flow to discount: exp(-time x) / (1 + odd i), `odd` a fraction under simple interest."""

    time: float
    amount: float
    odd: float = 0.0

    @property
    def position(self) -> float:
        """Return where the flow stands in time, whole periods and fraction together."""
        return self.time + self.odd


NOTHING = say("there are no flows other than 0")
ONE_SIGN = say("the flows never change sign: there are advances or payments, but not both")
NO_ROOT = say("no rate above -100 % makes the flows worth 0")
TOO_LARGE = say("the rate is too large for a number")
TOO_LOW = say("the rate is too close to -100 % for a number")

LOWEST, HIGHEST = -0.99, 100
"""Of several roots those outside -99 % to 10,000 % are no rates, and are left out."""

_new = tuple.__new__  # half the time of Yield(...)
_CLOSE = 1e-9
_EXACT = 2e-15
_ROUNDS = 60


def irr(advance: Any, payments: Sequence[Any]) -> Yield:
    """Return the yield a period of `payments`, one period apart, for an `advance`.

    The advance is paid out one period before the first payment. Both are positive as the loan
    runs; a further drawdown is a negative payment. With an advance above 0 and no payment
    below 0 there is exactly one yield; otherwise there may be several or none, and then a
    reason says so.
    """
    if payments and advance > 0 and min(payments) >= 0:
        count = len(payments)
        first = payments[0]
        try:
            # Runs of equal payments have a closed form: a level loan needs no loop at all.
            same = payments.count(first) if first == payments[count // 2] else 0
            if same == count or (same == count - 1 and payments[-1] != first):
                root = _level(advance, first, payments[-1] - first, count)
            elif count > 24 and len(set(payments)) * 8 < count:
                root = _runs(advance, payments)
            else:
                root = _each(advance, payments)
        except (TypeError, ArithmeticError, ValueError):
            # Decimals; numbers that leave the range of a float.
            root = None
        if root is not None and -1 < root < inf:
            return _new(Yield, (root, ""))
    terms = [Term(0.0, -float(advance))]
    terms += [Term(float(k), float(paid)) for k, paid in enumerate(payments, 1)]
    return solve(terms)


def _guess(ratio: float, mean: float, variance: float) -> float:
    """Return x from total / advance, with mean and variance of the payments' times.

    ln(value / total) = -mean x + variance x^2 / 2 - ..., cut off after the square.
    """
    gain = log(ratio)
    square = mean * mean - 2 * variance * gain
    return 2 * gain / (mean + sqrt(square)) if square > 0 else gain / mean


def _level(advance: float, payment: float, extra: float, count: int) -> float | None:
    """Return the root of payment x a(count) + extra x v^count = advance.

    a(n) = (1 - v^n) / i. The guess is right to second order; one or two steps of Newton's
    method follow, until what the next one would change, step^2 variance / 2 mean, is nothing.
    """
    ratio = (payment * count + extra) / advance
    if count == 1:
        return float(ratio) - 1 if ratio > 0 else None
    half = (count + 1) / 2
    variance = (count * count - 1) / 12
    gain = log(ratio)
    square = half * half - 2 * variance * gain
    x = 2 * gain / (half + sqrt(square)) if square > 0 else log1p(payment / advance)
    enough = _EXACT * half / variance
    for _ in range(_ROUNDS):
        interest = expm1(x)
        left = expm1(-count * x)
        power = exp(-count * x)
        if -1e-7 < x < 1e-7:
            annuity = count * (1 - half * x)
            slope = payment * count * half
        else:
            annuity = -left / interest
            slope = payment * (annuity * (1 + interest) - count * power) / interest
        value = payment * annuity + extra * power
        step = log(value / advance) * value / (slope + count * extra * power)
        x += step
        if step * step < enough:
            return expm1(x)
    return None


def _runs(advance: float, payments: Sequence[float]) -> float | None:
    """Return the root for payments in runs of equal ones, each run in closed form."""
    runs = []  # periods before, count, payment
    end = 0
    for amount, group in groupby(payments):
        size = len(list(group))
        end += size
        if amount:
            runs.append((end - size, size, amount))
    if len(runs) * 8 > end:
        return _each(advance, payments)
    total = sum(size * paid for _, size, paid in runs)
    mean = sum(size * paid * (k + (size + 1) / 2) for k, size, paid in runs) / total
    second = sum(
        size * paid * ((k + (size + 1) / 2) ** 2 + (size * size - 1) / 12) for k, size, paid in runs
    )
    variance = second / total - mean * mean
    x = _guess(total / advance, mean, variance)
    for _ in range(_ROUNDS):
        interest = expm1(x)
        small = -1e-7 < x < 1e-7
        value = slope = 0.0
        for before, size, paid in runs:
            ahead = paid * exp(-before * x)
            if small:
                half = (size + 1) / 2
                annuity = size * (1 - half * x)
                turn = size * half
            else:
                left = expm1(-size * x)
                annuity = -left / interest
                turn = (annuity * (1 + interest) - size * (1 + left)) / interest
            value += ahead * annuity
            slope += ahead * (turn + before * annuity)
        step = log(value / advance) * value / slope
        x += step
        if step * step * variance < _EXACT * mean:
            return expm1(x)
    return None


def _each(advance: float, payments: Sequence[float]) -> float | None:
    """Return the root for payments that are all discounted one by one.

    A loop that sums values alone costs half of one that sums slopes too, so the slope is first
    the expected one, and then that of the secant. Partial sums of partial sums give the mean
    and the variance of the payments' times: they add up k and k (k + 1) / 2.
    """
    backward = payments[::-1]
    total = once = twice = 0.0
    for paid in backward:
        total += paid
        once += total
        twice += once
    mean = once / total
    variance = 2 * twice / total - mean * (1 + mean)
    gain = log(total / advance)
    square = mean * mean - 2 * variance * gain
    slope = sqrt(square) if square > 0 else mean
    x = 2 * gain / (mean + slope)
    curve = variance / mean
    step = 0.0
    for _ in range(_ROUNDS):
        factor = exp(-x)
        value = 0.0
        for paid in backward:
            value = (value + paid) * factor
        last = step
        before = gain
        gain = log(value / advance)
        if last:
            slope = (before - gain) / last
        step = gain / slope
        x += step
        if -1e-15 < step * curve * (last or 1.0) < 1e-15:
            return expm1(x)
    return None


def solve(terms: Iterable[Term]) -> Yield:
    """Return the rate a unit of time at which terms, some below and some above 0, are worth 0.

    Where they change sign more than once and have several roots, there is no rate, unless one
    root alone lies between -99 % and 10,000 % (a fee paid a year before the loan begets
    another root at 20,000 %).
    """
    flows = _netted(terms)
    if not flows:
        return Yield(None, NOTHING)
    changes = sum((a.amount < 0) != (b.amount < 0) for a, b in pairwise(flows))
    if changes == 0:
        return Yield(None, ONE_SIGN)
    if len(flows) == 2 and not flows[0].odd and not flows[1].odd:
        one, two = flows
        gain = log(abs(two.amount)) - log(abs(one.amount))
        if abs(gain) < 1:  # the logarithm of the ratio is the more exact one
            gain = log(-two.amount / one.amount)
        return _rate(gain / (two.time - one.time))
    # One change of sign, one root: Descartes' rule holds for real exponents, and for simple
    # interest on the fractions, since a later flow is always discounted more.
    if changes == 1:
        x = _newton(flows)
        return _rate(_bracketed(flows, -1.0, 1.0, widen=True) if x is None else x)
    roots = _all_roots(flows)
    sane = [x for x in roots if LOWEST <= expm1(min(x, 700.0)) <= HIGHEST]
    roots = sane or roots
    if len(roots) == 1:
        return _rate(roots[0])
    if not roots:
        return Yield(None, NO_ROOT)
    found = [_rate(x).rate for x in roots[:4]]
    texts = ", ".join(say("a very high one") if r is None else f"{r * 100:.4g} %" for r in found)
    more = say(" and more") if len(roots) > 4 else ""
    return Yield(
        None, say("several rates make the flows worth 0: {texts}{more}", texts=texts, more=more)
    )


def _netted(terms: Iterable[Term]) -> list[Term]:
    """Return the terms in order of time, those of one time summed, without those of 0."""
    sums: dict[tuple[float, float], float] = {}
    for time, amount, odd in terms:
        sums[time, odd] = sums.get((time, odd), 0.0) + amount
    ordered = sorted(sums.items(), key=lambda item: (item[0][0] + item[0][1], item[0][0]))
    return [Term(time, amount, odd) for (time, odd), amount in ordered if amount]


def _rate(x: float) -> Yield:
    if not isfinite(x) or x > 700:
        return Yield(None, TOO_LARGE)
    rate = expm1(x)
    return Yield(None, TOO_LOW) if rate <= -1 else Yield(rate)


def _sides(flows: Sequence[Term], x: float) -> tuple[float, float, float, float]:
    """Return value and -slope of what comes after the change of sign, then of what is before."""
    interest = expm1(x)
    sides = [0.0, 0.0, 0.0, 0.0]
    first = flows[0].amount < 0
    for time, amount, odd in flows:
        worth = exp(-time * x)
        turn = time
        if odd:
            grown = 1 + odd * interest
            worth /= grown
            turn += odd * (1 + interest) / grown
        if (amount < 0) == first:
            worth *= abs(amount)
            sides[2] += worth
            sides[3] += worth * turn
        else:
            worth *= abs(amount)
            sides[0] += worth
            sides[1] += worth * turn
    return sides[0], sides[1], sides[2], sides[3]


def _newton(flows: Sequence[Term]) -> float | None:
    """Return the root of ln(later side / earlier side) by Newton's method, or None."""
    x = 0.0
    try:
        for _ in range(_ROUNDS):
            later, later_turn, earlier, earlier_turn = _sides(flows, x)
            slope = later_turn / later - earlier_turn / earlier
            step = log(later / earlier) / slope
            x += step
            if abs(step) < _CLOSE * min(1.0, 1 / slope) or step == 0:
                return x if isfinite(x) else None
    except (OverflowError, ZeroDivisionError, ValueError):
        pass
    return None


def _worth(flows: Sequence[Term], x: float) -> float:
    """Return the value of the flows over that of their sizes, from -1 to 1, at any x."""
    interest = expm1(min(x, 700.0))
    powers = [-time * x - (log1p(odd * interest) if odd else 0.0) for time, _, odd in flows]
    top = max(powers)
    value = size = 0.0
    for power, flow in zip(powers, flows, strict=True):
        worth = exp(power - top) * flow.amount
        value += worth
        size += abs(worth)
    return value / size


def _bracketed(flows: Sequence[Term], low: float, high: float, widen: bool = False) -> float:
    """Return the root between two points by bisection, after widening them if asked."""
    late = flows[-1].amount > 0
    for _ in range(60 if widen else 0):
        if (_worth(flows, low) > 0) == late:
            break
        low *= 2
    for _ in range(60 if widen else 0):
        if (_worth(flows, high) > 0) != late:
            break
        high *= 2
    return _bisected(lambda x: _worth(flows, x), low, high)


def _bisected(function: Callable[[float], float], low: float, high: float) -> float:
    rising = function(high) > 0
    for _ in range(300):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if (function(middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def _all_roots(flows: Sequence[Term]) -> list[float]:
    """Return every root, found on a fine grid and refined; touching ones count once.

    The grid is dense about 0 on the scale of the whole term, and reaches as far as the
    nearest two flows can carry a root.
    """
    places = [flow.position for flow in flows]
    span = places[-1] - places[0]
    gap = min(b - a for a, b in pairwise(places))
    sizes = [abs(flow.amount) for flow in flows]
    far = (2 + log(len(flows)) + log(max(sizes) / min(sizes))) / gap
    unit = 0.02 / span
    wide = log(2 * far / unit + 1)
    count = 600
    grid = [unit * sinh(wide * k / count) for k in range(-count, count + 1)]
    values = [_worth(flows, x) for x in grid]
    roots = []
    for k in range(len(grid) - 1):
        here, there = values[k], values[k + 1]
        if here == 0:
            roots.append(grid[k])
        elif (here > 0) != (there > 0) and there != 0:
            roots.append(_bracketed(flows, grid[k], grid[k + 1]))
        elif k > 0 and (values[k - 1] > 0) == (here > 0) and _dip(values[k - 1 : k + 2]):
            roots += _touching(flows, grid[k - 1], grid[k + 1], here > 0)
    return roots


def _dip(values: Sequence[float]) -> bool:
    """Return whether the second of three values of one sign is the closest to 0."""
    before, here, after = map(abs, values)
    return here <= before and here < after


def _touching(flows: Sequence[Term], low: float, high: float, above: bool) -> list[float]:
    """Return the roots near a point where the value comes close to 0 without changing sign."""
    ends = low, high
    sign = 1 if above else -1
    for _ in range(100):
        third = (high - low) / 3
        left, right = low + third, high - third
        if sign * _worth(flows, left) < sign * _worth(flows, right):
            high = right
        else:
            low = left
    x = (low + high) / 2
    least = sign * _worth(flows, x)
    if least < -1e-15:
        return [_bracketed(flows, ends[0], x), _bracketed(flows, x, ends[1])]
    return [x] if least <= 1e-14 else []
