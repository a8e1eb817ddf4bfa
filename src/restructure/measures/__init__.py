"""Measures: one file each, each a map from a Loan to a Loan; and the grammar of plans."""

from __future__ import annotations

from restructure.measures._grammar import (
    Plan,
    measure_type,
    names,
    parse_plan,
    parse_plans,
)
from restructure.measures._spec import Measure

__all__ = ["Measure", "Plan", "measure_type", "names", "parse_plan", "parse_plans"]
