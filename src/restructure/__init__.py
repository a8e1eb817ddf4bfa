"""restructure: compare ways to re-plan a loan in trouble, right to the cent.

import restructure as rs
loan = rs.Loan.of(principal=50_000, term=12, rate="14.4%")
for plan in rs.compare(loan, ["defer:3", "extend:6", "reduce:3000"]).plans:
    print(plan.name, plan.payment, plan.total_interest, plan.npv_loss)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from restructure.advice import advise
    from restructure.affordability import Household
    from restructure.comparison import Comparison, PlanResult, compare
    from restructure.engine import build
    from restructure.errors import RestructureError
    from restructure.loan import Loan
    from restructure.measures import Measure, Plan, parse_plan, parse_plans
    from restructure.position import locate
    from restructure.schedule import Instalment, Schedule

_HOMES = {
    "Household": "affordability",
    "advise": "advice",
    "Comparison": "comparison",
    "Instalment": "schedule",
    "Loan": "loan",
    "Measure": "measures",
    "Plan": "measures",
    "PlanResult": "comparison",
    "RestructureError": "errors",
    "Schedule": "schedule",
    "build": "engine",
    "compare": "comparison",
    "locate": "position",
    "parse_plan": "measures",
    "parse_plans": "measures",
}

__all__ = [
    "Comparison",
    "Household",
    "Instalment",
    "Loan",
    "Measure",
    "Plan",
    "PlanResult",
    "RestructureError",
    "Schedule",
    "advise",
    "build",
    "compare",
    "locate",
    "parse_plan",
    "parse_plans",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first used, so that a start is quick."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
