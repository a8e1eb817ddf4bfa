"""Portfolio: many loans by many plans, one record a pair, nothing lost.

`rows` is the reference: one loan record in plain Python. `columns` says which column of a book
holds which field of a loan, and which figures are wanted. What else works on books (files, a
vectorised engine, Arrow) must give the same rows.
"""

from restructure.portfolio.columns import DEFAULT_COLUMNS, RESULTS, Setting, setting_for
from restructure.portfolio.rows import Outcome, Reject, evaluate_row, prepared

__all__ = [
    "DEFAULT_COLUMNS",
    "RESULTS",
    "Outcome",
    "Reject",
    "Setting",
    "evaluate_row",
    "prepared",
    "setting_for",
]
