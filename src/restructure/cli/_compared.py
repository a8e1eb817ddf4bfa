"""What compare, report and letter share: the loan beside its plans, from options and files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from restructure.cli._ledger import no_history, read_history
from restructure.cli._options import Given
from restructure.comparison import DEFAULT_PLANS, Comparison, compare

if TYPE_CHECKING:
    from restructure.agreements import History
    from restructure.measures import Plan


def compared(
    given: Given,
    ledger: dict[str, Any],
    files: list[str] | None,
    plans: Sequence[str | Plan] = (),
    waiting: str | None = None,
) -> tuple[Comparison, list[str], History | None]:
    """Return the comparison, the notes on what was read, and the payment history if there is one.

    The plans are those given, or those of the file, or three usual ones.
    """
    chosen = plans or given.plans or DEFAULT_PLANS
    notes: list[str] = []
    known: History | None = None
    if ledger["payments"]:
        known = read_history(given, ledger, (files or ["options"])[0], notes)
        there = known.stand()
        comparison = compare(there.loan, chosen, there.agreed)
    else:
        no_history(given, ledger, waiting)
        comparison = compare(given.loan(), chosen)
    return comparison, [*notes, *(n for n in comparison.notes if n not in notes)], known
