"""The lines of waiting: what it costs to agree on the same plan some months later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from restructure.loan import Loan
from restructure.render._view import Table, View
from restructure.waiting import Waited


def with_waiting(view: View, waited: Sequence[Waited], loan: Loan) -> View:
    """Return the view of a comparison with the lines of waiting added."""
    records = [record(one, loan) for one in waited]

    def document() -> dict[str, Any]:
        return {**view.document(), "waiting": records}

    def flat() -> list[dict[str, Any]]:
        now = [{"waiting_months": 0, **line} for line in view.records()]
        later = [{k: "" if v is None else v for k, v in one.items()} for one in records]
        return [*now, *({"waiting_months": one.pop("months"), **one} for one in later)]

    def table() -> Table:
        found = view.table()
        return found._replace(below=[*found.below, *(sentence(one, loan) for one in waited)])

    return View(document, flat, lambda: [*view.lines(), *records], table)


def record(one: Waited, loan: Loan) -> dict[str, Any]:
    """Return a line of waiting with the JSON field names."""
    found: dict[str, Any] = one._asdict()
    found["class"] = found.pop("loan_class")
    for name in ("arrears", "late_cost", "payment", "total_paid", "cost"):
        value = found[name]
        found[name] = None if value is None else loan.currency.decimal(value)
    return {**found, "refused": one.refused or None}


def sentence(one: Waited, loan: Loan) -> str:
    """Return a line of waiting in words."""
    text = loan.currency.text
    months = f"{one.months} month{'' if one.months == 1 else 's'}"
    head = f"{one.name}, agreed {months} later: "
    tail = (
        f"by then {one.days_past_due} days past due ({one.loan_class}), arrears "
        f"{text(one.arrears)}, of them {text(one.late_cost)} for being late."
    )
    if one.refused or one.total_paid is None:
        return f"{head}refused ({one.refused}); {tail}"
    if one.cost is None:
        return f"{head}{text(one.total_paid)} in all; {tail}"
    return f"{head}{text(one.cost)} more in all; {tail}"
