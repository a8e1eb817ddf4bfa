"""Explanations below a table, and beside the figures of a JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from restructure.comparison import PlanResult
from restructure.errors import InvalidValue
from restructure.explanation import Explanation, explain
from restructure.render._view import Table, View
from restructure.words import Text, say


def with_explanations(view: View, lines: Sequence[PlanResult], wanted: Sequence[str]) -> View:
    """Return a view with the explanations of the lines' figures, `wanted` or the main ones.

    In a document with a list of plans they stand in each plan, otherwise in the document.
    A plan that ends before a row is left out of its figures; raises InvalidValue for a row that
    no plan has.
    """
    found = _explained(lines, wanted)
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
                name = line.name if isinstance(line.name, Text) else " ".join(line.name.split())
                below.append(say("{name}, how each figure comes about:", name=name))
                below += [(one.figure, one.text) for one in made]
        return shown._replace(below=below)

    def per_line() -> list[dict[str, Any]]:
        return [add(line) for line in view.lines()]

    return view._replace(document=document, lines=per_line, table=table)


def _explained(
    lines: Sequence[PlanResult], wanted: Sequence[str]
) -> list[tuple[PlanResult, list[Explanation]]]:
    if not wanted:
        return [(line, explain(line)) for line in lines]
    found: list[tuple[PlanResult, list[Explanation]]] = [(line, []) for line in lines]
    for name in wanted:
        missing: InvalidValue | None = None
        known = False
        for line, made in found:
            try:
                explained = explain(line, [name])
            except InvalidValue as error:
                missing = error
            else:
                known = known or bool(explained)
                made += explained
        if missing is not None and not known:
            raise missing
    return found


def _record(one: Explanation) -> dict[str, Any]:
    return {
        "figure": one.figure,
        "value": one.value,
        "formula": one.formula,
        "rounding": one.rounding,
        "note": one.note,
    }
