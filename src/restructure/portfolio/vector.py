"""The vectorised engine: loans side by side, whole minor units, the figures of the reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from restructure.measures import Plan
from restructure.portfolio.columns import AMOUNT, COUNT, RATE, RESULTS, Setting
from restructure.portfolio.vector_book import Book, book
from restructure.portfolio.vector_figures import Yields, amounts
from restructure.portfolio.vector_kernel import Ints
from restructure.portfolio.vector_position import Position, located
from restructure.portfolio.vector_stream import Stream, build
from restructure.portfolio.vector_terms import Untaken, planned, rates_of


class Figures(NamedTuple):
    """What was computed: `taken` says for which loan (row) and pair (column: as agreed, plans).

    `values` has the figures by name, of the same shape: amounts in units of `Setting.scale`
    decimals. What is not taken has no meaning.
    """

    taken: npt.NDArray[np.bool_]
    values: dict[str, npt.NDArray[Any]]


def figures(batch: pa.RecordBatch, plans: Sequence[Plan], setting: Setting) -> Figures:
    """Return the figures of the pairs that the engine takes."""
    taken = np.zeros((batch.num_rows, len(plans) + setting.agreed), np.bool_)
    result = Figures(taken, {})
    if "description" in setting.columns:  # words about each loan
        return result
    loans = book(batch, setting, rates_of(list(plans), 360))
    if loans is None or not loans.fits.any():
        return result
    with np.errstate(all="ignore"):
        _fill(result, loans, plans, setting)
    return result


def _fill(result: Figures, loans: Book, plans: Sequence[Plan], setting: Setting) -> None:
    """Compute the pairs, plan by plan."""
    position = located(loans)
    names = {name for name in setting.columns if RESULTS[name] in (AMOUNT, RATE, COUNT)}
    for name in names:
        kind = np.float64 if RESULTS[name] == RATE else np.int64
        result.values[name] = np.zeros(result.taken.shape, kind)
    yields = Yields(position.x, float(loans.every.per_year), position.agreed)
    if setting.agreed:
        advance = position.agreed.owed
        _column(result, 0, position, position.agreed, advance, yields, loans, names)
    for place, plan in enumerate(plans, int(setting.agreed)):
        try:
            stream = build(planned(position.terms, plan))
        except Untaken:
            continue
        _column(result, place, position, stream, position.owed, yields, loans, names)


def _column(
    result: Figures,
    place: int,
    position: Position,
    stream: Stream,
    advance: Ints,
    yields: Yields,
    loans: Book,
    names: set[str],
) -> None:
    """Put one line of all loans in its place."""
    found = amounts(stream, position.agreed, names)
    more, fits = yields.figures(stream, advance, names)
    result.taken[:, place] = stream.fits & position.terms.fits & fits
    for name, values in {**found, **more}.items():
        if RESULTS[name] == AMOUNT:
            values = values * loans.up
        result.values[name][:, place] = values
