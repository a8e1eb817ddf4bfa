"""Columns of a record batch as exact whole numbers, and which of them were read for certain.

What is not certain (another spelling, too many digits, a type that is no number) is left to
the reference, which reads it or says what is wrong.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from restructure.portfolio.vector_kernel import Bools, Ints

_PLAIN = r"^[0-9]{1,12}(\.[0-9]{1,12})?$"
_MOST_DIGITS = 15
"""Two decimal numbers of up to 15 digits never share a float of 64 bits."""
_LARGEST = 2**62


class Read(NamedTuple):
    """A column: whole numbers, those that are given, and those that are none or for certain."""

    values: Ints
    given: Bools
    sure: Bools


def absent(column: pa.Array) -> Bools:
    """Return where a column has no value: null, NaN or blank text."""
    column = plain(column)
    if pa.types.is_null(column.type):
        return np.ones(len(column), np.bool_)
    none = column.is_null(nan_is_null=True)
    if is_text(column.type):
        none = pc.or_kleene(none, pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(column)), 0))
    return bools(none)


def plain(column: pa.Array) -> pa.Array:
    """Return a column without its dictionary."""
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def is_text(kind: pa.DataType) -> bool:
    """Return whether a type is text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def bools(column: pa.Array) -> Bools:
    """Return a column of truths, null being false."""
    return np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False), np.bool_)


def scaled(column: pa.Array, units: Any, percent: bool = False) -> Read:
    """Return a column times `units` (a power of ten: a number, or a column of them).

    Not sure is what would not be whole then, or is below 0. `percent` allows the sign behind it.
    """
    column = plain(column)
    kind, given = column.type, ~absent(column)
    units = np.broadcast_to(np.asarray(units, np.int64), len(column))
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind):
        found = np.asarray(pc.fill_null(column, 0).to_numpy(zero_copy_only=False), np.int64)
        sure = (found >= 0) & (found <= _LARGEST // units)
        return _read(found * units, given, sure)
    if pa.types.is_decimal(kind) and kind.bit_width == 128:
        return _decimals(column, kind.scale, units, given)
    if pa.types.is_floating(kind):
        floats = _floats(column)
        return _read(*_exact(floats, units), given)
    if is_text(kind):
        column = pc.utf8_trim_whitespace(column)
        if percent:
            column = pc.replace_substring_regex(column, pattern=r"\s*%$", replacement="")
        good = bools(pc.match_substring_regex(column, _PLAIN))
        length = np.asarray(pc.fill_null(pc.utf8_length(column), 0).to_numpy(zero_copy_only=False))
        good &= length <= _MOST_DIGITS + 1
        digits = pc.if_else(pa.array(good), column, "0").cast(pa.float64())
        found, sure = _exact(_floats(digits), units)
        return _read(found, sure & good, given)
    return _read(np.zeros(len(column), np.int64), np.zeros(len(column), np.bool_), given)


def _read(values: Ints, sure: Bools, given: Bools) -> Read:
    return Read(np.where(sure & given, values, 0), given, sure | ~given)


def _floats(column: pa.Array) -> npt.NDArray[np.float64]:
    return np.asarray(pc.fill_null(column, 0).to_numpy(zero_copy_only=False), np.float64)


def _exact(floats: npt.NDArray[np.float64], units: Ints) -> tuple[Ints, Bools]:
    """Return floats times a power of ten, where the shortest decimal of each becomes whole."""
    with np.errstate(all="ignore"):
        whole = np.rint(floats * units)
        sure = (np.abs(whole) < 10.0**_MOST_DIGITS) & (whole / units == floats)
    return np.where(sure, whole, 0).astype(np.int64), sure


def _decimals(column: pa.Array, scale: int, units: Ints, given: Bools) -> Read:
    """Return a decimal column times a power of ten, from its own whole numbers."""
    raw = np.frombuffer(column.buffers()[1], np.int64)
    raw = raw[2 * column.offset : 2 * (column.offset + len(column))].reshape(-1, 2)
    low, high = raw[:, 0], raw[:, 1]
    if not 0 <= scale <= 18:
        return _read(low, np.zeros(len(column), np.bool_), given)
    own = 10**scale
    finer = np.maximum(units // own, 1)
    coarser = np.maximum(own // units, 1)
    sure = (high == 0) & (low >= 0) & (low <= _LARGEST // finer) & (low % coarser == 0)
    return _read(low * finer // coarser, sure, given)
