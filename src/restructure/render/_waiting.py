"""The lines of waiting: what it costs to agree on the same plan some months later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from restructure.loan import Loan
from restructure.render._view import Table, View
from restructure.waiting import Waited
from restructure.words import say, say_n


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
    months = say_n("{count} month", "{count} months", one.months)
    head = say("{name}, agreed {months} later: ", name=one.name, months=months)
    tail = say(
        "by then {days_past_due} days past due ({loan_class}), arrears {arrears}, of "
        "them {late_cost} for being late.",
        days_past_due=one.days_past_due,
        loan_class=one.loan_class,
        arrears=text(one.arrears),
        late_cost=text(one.late_cost),
    )
    if one.refused or one.total_paid is None:
        return say("{head}refused ({refused}); {tail}", head=head, refused=one.refused, tail=tail)
    if one.cost is None:
        return say(
            "{head}{total_paid} in all; {tail}",
            head=head,
            total_paid=text(one.total_paid),
            tail=tail,
        )
    return say("{head}{cost} more in all; {tail}", head=head, cost=text(one.cost), tail=tail)
