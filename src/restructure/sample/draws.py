"""Draws: random whole numbers by position, for one loan or for an array of loans.

The generator is SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators,
OOPSLA 2014), used by position instead of in turn: a draw is a function of seed, stream and loan.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

GOLDEN = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
_FIRST, _SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
BITS = 31


def mix(state: int) -> int:
    """Return the output of SplitMix64 for a state of 64 bits."""
    state = ((state ^ (state >> 30)) * _FIRST) & _MASK
    state = ((state ^ (state >> 27)) * _SECOND) & _MASK
    return state ^ (state >> 31)


class Draws:
    """Draws for one loan, as ints: the reference."""

    def __init__(self, seed: int, index: Any) -> None:
        self._seed = seed & _MASK
        self._index = index

    def _key(self, stream: int) -> int:
        return mix((self._seed + (stream + 1) * GOLDEN) & _MASK)

    def bits(self, stream: int) -> Any:
        """Return 31 random bits of a stream."""
        return mix((self._key(stream) + (self._index + 1) * GOLDEN) & _MASK) >> (64 - BITS)

    def below(self, stream: int, bound: Any) -> Any:
        """Return a whole number from 0 to `bound` - 1; `bound` is at most 2^31."""
        return (self.bits(stream) * bound) >> BITS

    def pick(self, stream: int, weights: Sequence[int]) -> Any:
        """Return a position in `weights`, each as likely as its weight."""
        return bisect_right(list(accumulate(weights)), self.below(stream, sum(weights)))

    def take(self, table: Sequence[int], position: Any) -> Any:
        """Return what stands in `table` at a position."""
        return table[position]

    def choose(self, condition: Any, yes: Any, no: Any) -> Any:
        """Return `yes` where the condition holds, else `no`."""
        return yes if condition else no

    def least(self, one: Any, other: Any) -> Any:
        """Return the smaller of the two."""
        return min(one, other)


class ArrayDraws(Draws):
    """The same draws for an array of loans, as NumPy arrays of int64."""

    def __init__(self, seed: int, first: int, count: int) -> None:
        import numpy

        super().__init__(seed, None)
        self._np = numpy
        steps = numpy.arange(first + 1, first + count + 1, dtype=numpy.uint64)
        self._steps = steps * numpy.uint64(GOLDEN)

    def bits(self, stream: int) -> Any:
        """Return 31 random bits of a stream for each loan."""
        u64 = self._np.uint64
        state = self._steps + u64(self._key(stream))
        state = (state ^ (state >> u64(30))) * u64(_FIRST)
        state = (state ^ (state >> u64(27))) * u64(_SECOND)
        state ^= state >> u64(31)
        return (state >> u64(64 - BITS)).astype(self._np.int64)

    def pick(self, stream: int, weights: Sequence[int]) -> Any:
        """Return a position in `weights` for each loan."""
        bounds = self._np.cumsum(self._np.array(weights, dtype=self._np.int64))
        return self._np.searchsorted(bounds, self.below(stream, sum(weights)), side="right")

    def take(self, table: Sequence[int], position: Any) -> Any:
        """Return what stands in `table` at each position."""
        return self._np.array(table, dtype=self._np.int64)[position]

    def choose(self, condition: Any, yes: Any, no: Any) -> Any:
        """Return `yes` where the condition holds, else `no`."""
        return self._np.where(condition, yes, no)

    def least(self, one: Any, other: Any) -> Any:
        """Return the smaller of the two for each loan."""
        return self._np.minimum(one, other)
