"""Find payment, term, rate or principal from the others."""

from __future__ import annotations

from typing import Any

from restructure.cli._options import FILES, FORMAT, OUTPUT, loan_options, read, target, tell


@loan_options
def solve(
    values: dict[str, Any],
    file: FILES = None,
    format: FORMAT = None,
    output: OUTPUT = None,
) -> None:
    """Find payment, term, rate or principal from the others.

    Leave out the one to find. Give all four to learn what a wanted instalment needs: the term
    at this rate, or the rate over this term.
    """
    from restructure.render._solve import view
    from restructure.solutions import solve as find

    to = target(format, output)
    solution = find(read(file, None, values).values)
    tell(solution.notes)
    to.emit(view(solution))
