"""Show what a household can carry, beside the loan as agreed."""

from __future__ import annotations

from typing import Any

from restructure.affordability import Affordability
from restructure.cli._household import (
    household_options,
    household_values,
    read_household,
    read_limits,
)
from restructure.cli._ledger import ledger_options, start_from
from restructure.cli._options import FILES, FORMAT, OUTPUT, loan_options, read, target, tell


@loan_options
@ledger_options
@household_options
def afford(
    values: dict[str, Any],
    ledger: dict[str, Any],
    household: dict[str, Any],
    file: FILES = None,
    format: FORMAT = None,
    output: OUTPUT = None,
) -> None:
    """Show what a household can carry, beside the loan as agreed.

    Prints the budget, what is left for the loan, the shares of income against the limits that
    are named, which cost to cut by how much, and how long the reserve lasts. The budget comes
    from the options, or from [household] of the loan file.
    """
    from restructure.render._afford import view

    to = target(format, output)
    given = read(file, None, values)
    notes: list[str] = []
    loan, agreed = start_from(given, ledger, file, notes)
    budget = household_values(given.household, household)
    home = read_household(budget, loan.currency)
    found = Affordability(loan, home, read_limits(household["limit"]), agreed)
    tell([*notes, *(note for note in found.notes if note not in notes)])
    to.emit(view(found))
