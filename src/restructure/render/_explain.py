"""Explanations below a table, and beside the figures of a JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from restructure.comparison import PlanResult
from restructure.explanation import Explanation, explain
from restructure.render._view import Table, View
from restructure.words import say


def with_explanations(view: View, lines: Sequence[PlanResult], wanted: Sequence[str]) -> View:
    """Return a view with the explanations of the lines' figures, `wanted` or the main ones.

    In a document with a list of plans they stand in each plan, otherwise in the document.
    Raises InvalidValue for a row that a plan does not have.
    """
    found = [(line, explain(line, wanted)) for line in lines]
    records = {line.name: [_record(one) for one in made] for line, made in found if made}

    def add(record: dict[str, Any]) -> dict[str, Any]:
        explained = records.get(record.get("name", ""))
        return record if explained is None else {**record, "explanations": explained}

    def document() -> dict[str, Any]:
        made = view.document()
        if "plans" in made:
            return {**made, "plans": [add(plan) for plan in made["plans"]]}
        return add(made)

    def table() -> Table:
        shown = view.table()
        below = list(shown.below)
        for line, made in found:
            if made:
                name = " ".join(line.name.split())
                below.append(say("{name}, how each figure comes about:", name=name))
                below += [(one.figure, one.text) for one in made]
        return shown._replace(below=below)

    def per_line() -> list[dict[str, Any]]:
        return [add(line) for line in view.lines()]

    return view._replace(document=document, lines=per_line, table=table)


def _record(one: Explanation) -> dict[str, Any]:
    return {
        "figure": one.figure,
        "value": one.value,
        "formula": one.formula,
        "rounding": one.rounding,
        "note": one.note,
    }
