"""Derivation: how each figure of a schedule came about.

`trace` replays a build and keeps, row by row, which rule gave the interest and the payment.
`Live` amounts and rates carry the formula of a workbook with them, through any measure.
"""

from restructure.derivation._live import Live, LiveLoan, LiveRate, formula
from restructure.derivation._tops import Top
from restructure.derivation._trace import Row, Solve, Trace, trace, trace_of

__all__ = ["Live", "LiveLoan", "LiveRate", "Row", "Solve", "Top", "Trace"]
__all__ += ["formula", "trace", "trace_of"]
