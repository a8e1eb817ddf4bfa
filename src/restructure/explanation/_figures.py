"""Figures that can be explained: their names, and what an explanation says."""

from __future__ import annotations

import re
from typing import NamedTuple

from restructure.errors import InvalidValue, nearest, shown
from restructure.words import say

_PLAIN = (
    "instalment", "payment", "first_payment", "last_payment", "debt_after_pause", "total_paid",
    "total_interest", "extra_cost", "effective_rate", "present_value", "npv_loss",
    "npv_loss_rate", "arrears", "penalty",
)  # fmt: skip
_OF_ROW = ("opening", "interest", "principal", "payment", "closing", "instalment")
RELIEF = re.compile(r"relief_([1-9][0-9]{0,3})\Z", re.ASCII)
AT = re.compile(r"([a-z]+)@([1-9][0-9]{0,4})\Z", re.ASCII)


class Explanation(NamedTuple):
    """A figure: its name, its value, the formula that gives it, how that is rounded.

    `formula` is empty for what follows from no formula; `note` then says what it is.
    """

    figure: str
    value: str
    formula: str
    rounding: str = ""
    note: str = ""

    @property
    def text(self) -> str:
        """The explanation in one line, without the figure's name."""
        if not self.formula:
            return say("{value}: {note}", value=self.value, note=self.note)
        line = f"{self.value} = {self.formula}"
        if self.rounding:
            line = say("{line}, {rounding}", line=line, rounding=self.rounding)
        return say("{line}; {note}", line=line, note=self.note) if self.note else line


def figures(text: str) -> list[str]:
    """Read names of figures, separated by commas; raises InvalidValue for an unknown one."""
    found = []
    for name in (part.strip() for part in text.split(",")):
        at = AT.match(name)
        if name not in _PLAIN and not RELIEF.match(name) and not (at and at[1] in _OF_ROW):
            raise InvalidValue(
                say(
                    "{name} is not a figure: {plain}, relief_N, or of a row {rows} with @N, as in "
                    "interest@5.{nearest}",
                    name=shown(name),
                    plain=", ".join(_PLAIN),
                    rows=", ".join(_OF_ROW),
                    nearest=nearest(name, _PLAIN),
                ),
                field="figure",
            )
        found.append(name)
    return found
