"""Derivation: how each figure of a schedule came about.

`trace` replays a build and keeps, row by row, which rule gave the interest and the payment.
`Live` amounts and rates carry the formula of a workbook with them, through any measure.
"""

from restructure.derivation._live import Live, LiveLoan, LiveRate, formula
from restructure.derivation._trace import Row, Solve, Trace, trace

__all__ = ["Live", "LiveLoan", "LiveRate", "Row", "Solve", "Trace", "formula", "trace"]
