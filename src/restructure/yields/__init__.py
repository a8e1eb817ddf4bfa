"""Yields of flows: per period, by dates, and as the US, the EU, the UK and China state them.

Signs: a function that takes an advance and payments apart wants both positive. One that takes
flows wants what the lender pays out below 0 and what it is paid above 0. The rates of flows and
of the same flows with all signs changed are the same.

Every function returns a `Yield`: a rate as a fraction, or None with the reason. Flows that never
change sign have no yield; flows that change sign more than once may have several or none.
Floats are for yields alone: no amount comes out of here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from restructure.yields._solver import Yield, irr

if TYPE_CHECKING:
    from restructure.yields._apr_us import apr_us, unit_period_of, unit_periods
    from restructure.yields._aprc import CONVENTIONS, aprc, interval, round_half_up
    from restructure.yields._dated import (
        NominalIrr,
        effective_rate,
        nominal_irr,
        nominal_irr_of,
        xirr,
    )
    from restructure.yields._times import UnitPeriod

_HOMES = {
    "CONVENTIONS": "_aprc",
    "NominalIrr": "_dated",
    "UnitPeriod": "_times",
    "apr_us": "_apr_us",
    "aprc": "_aprc",
    "effective_rate": "_dated",
    "interval": "_aprc",
    "nominal_irr": "_dated",
    "nominal_irr_of": "_dated",
    "round_half_up": "_aprc",
    "unit_period_of": "_apr_us",
    "unit_periods": "_apr_us",
    "xirr": "_dated",
}

__all__ = [
    "CONVENTIONS",
    "NominalIrr",
    "UnitPeriod",
    "Yield",
    "apr_us",
    "aprc",
    "effective_rate",
    "interval",
    "irr",
    "nominal_irr",
    "nominal_irr_of",
    "round_half_up",
    "unit_period_of",
    "unit_periods",
    "xirr",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first used, so that a start is quick."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
