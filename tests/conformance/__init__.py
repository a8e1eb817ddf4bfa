"""Conformance: other people's published figures, each under its own convention.

One module a source: how its words map to ours (`CONVENTION`), an adapter from a case to plain
`Loan.of` values and a plan text (`difference`), and the cases that are not met with the reason
(`NOT_MET`). The figures are JSON files in `cases/`, one case a line, with source and licence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from restructure.errors import RestructureError

Case = Mapping[str, Any]
Row = tuple[str, float, float, float]
"""Due date, interest, payment, balance after it."""


class Unsupported(Exception):
    """A case that needs something the library does not have; the text names it."""


@dataclass(frozen=True)
class Source:
    """A source of cases: its name, its figures, its adapter, and what is not met and why."""

    name: str
    table: str
    convention: str
    difference: Callable[[Case], str]
    not_met: Mapping[str, str]

    @property
    def head(self) -> Mapping[str, str]:
        """Where the figures are from, and under which licence."""
        return {key: text for key, text in self._file().items() if key != "cases"}

    @property
    def cases(self) -> Sequence[Case]:
        """The cases of the table."""
        cases: Sequence[Case] = self._file()["cases"]
        return cases

    def _file(self) -> dict[str, Any]:
        path = Path(__file__).parent / "cases" / f"{self.table}.json"
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return content

    def verdict(self, case: Case) -> str:
        """Return how a case fails, "" if it is met."""
        try:
            return self.difference(case)
        except (Unsupported, RestructureError) as error:
            return str(error)


def compared(ours: Sequence[Row], theirs: Sequence[Row], tolerance: float) -> str:
    """Return the first difference between two lists of rows, "" if there is none.

    A figure agrees when it is off by no more than `tolerance`, and dates when they are equal.
    """
    for number, (mine, other) in enumerate(zip(ours, theirs, strict=False), start=1):
        off = (abs(a - b) > tolerance for a, b in zip(mine[1:], other[1:], strict=True))
        if mine[0] != other[0] or any(off):
            return f"row {number}: ours {mine}, theirs {other}"
    if len(ours) != len(theirs):
        return f"ours has {len(ours)} rows, theirs {len(theirs)}"
    return ""


def rows_of(schedule: Any) -> list[Row]:
    """Return a schedule's rows as due date, interest, payment and balance."""
    return [
        (str(row.due), float(row.interest), float(row.payment), float(row.closing))
        for row in schedule.rows
    ]


def figures_compared(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], tolerance: Any
) -> tuple[str, list[str]]:
    """Return the first figure that differs ("" if none does), and the figures we do not give."""
    for name, figure in ours.items():
        within = tolerance.get(name, 0) if isinstance(tolerance, Mapping) else tolerance or 0
        if abs(float(figure) - float(theirs[name])) > within + 1e-9:
            return f"{name}: ours {figure}, theirs {theirs[name]} (within {within})", []
    return "", [name for name in theirs if name not in ours]
