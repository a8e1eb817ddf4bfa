"""Explanations: for any figure of a plan, the formula with the numbers in it.

"4,498.77 = 50,000.00 x 0.012 / (1 - 1.012^-12), rounded half-up". What stands behind the
equals sign can be worked out again as it is written: +, -, x, / and ^ with brackets, commas
between thousands.
"""

from __future__ import annotations

from collections.abc import Sequence

from restructure.comparison import PlanResult
from restructure.explanation._explainer import Explainer
from restructure.explanation._figures import Explanation, figures

__all__ = ["Explanation", "explain", "figures"]


def explain(line: PlanResult, wanted: Sequence[str] = ()) -> list[Explanation]:
    """Return the explanations of the figures that are wanted of a line; by default the main ones.

    A refused line has none. Raises InvalidValue for a row that the plan does not have.
    """
    if line.refused:
        return []
    explainer = Explainer(line)
    if wanted:
        return [found for name in wanted for found in explainer.of(name)]
    return [explainer.of(name)[0] for name in explainer.main()]
