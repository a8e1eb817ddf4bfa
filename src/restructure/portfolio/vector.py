"""The vectorised engine: loans side by side, whole minor units, the figures of the reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from restructure.measures import Plan
from restructure.portfolio.columns import Setting


class Figures(NamedTuple):
    """What was computed: `taken` says for which loan (row) and pair (column: as agreed, plans).

    `values` has the figures by name, of the same shape: amounts in units of `Setting.scale`
    decimals. What is not taken has no meaning.
    """

    taken: npt.NDArray[np.bool_]
    values: dict[str, npt.NDArray[Any]]


def figures(batch: pa.RecordBatch, plans: Sequence[Plan], setting: Setting) -> Figures:
    """Return the figures of the pairs that the engine takes."""
    return Figures(np.zeros((batch.num_rows, len(plans) + setting.agreed), np.bool_), {})
