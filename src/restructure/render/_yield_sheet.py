"""The sheet of yields on dates: Newton's steps, one a column, that a spreadsheet can follow.

Periods of different lengths have no IRR function that counts time as the loan does, so the
rate at which all flows are worth nothing is found step by step from the contract's rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose

from restructure.render._book import Item, Sheet, letter
from restructure.render._plan_frame import Facts
from restructure.words import say

STEPS = 8


class YieldSheet:
    """A row a yield: where it begins, then a step a column."""

    def __init__(self, name: str) -> None:
        self.sheet = sheet = Sheet(name, frozen=(2, 1), headings=1)
        sheet.put(0, 0, Item(say("Yields of flows on dates, by Newton's steps"), "title"))
        heads = [say("flows of"), say("begins at")]
        heads += [say("step {n}", n=n) for n in range(1, STEPS + 1)]
        for column, head in enumerate(heads):
            sheet.put(1, column, Item(head, "heading"))
            sheet.widths[column] = 13
        sheet.widths[0] = 30
        self.row = 1

    def add(
        self,
        label: str,
        fact: Facts,
        begin: float,
        wanted: float,
        flows: Sequence[tuple[float, float]],
    ) -> str:
        """Add the yield of (amount, years) flows; its address, or "" if the steps miss it.

        `wanted` is what our own solver finds.
        """
        values = [begin]
        for _ in range(STEPS):
            rate = values[-1]
            if rate <= -1:
                return ""
            worths = [amount * (1 + rate) ** -time for amount, time in flows]
            slopes = [w * time for w, (_, time) in zip(worths, flows, strict=True)]
            slope = sum(slopes) / (1 + rate)
            values.append(rate + sum(worths) / slope if slope else rate)
        if not isclose(values[-1], wanted, abs_tol=1e-9):
            return ""
        self.row += 1
        self.sheet.put(self.row, 0, Item(label, "text"))
        self.sheet.put(self.row, 1, Item(begin, "rate", "loan_rate"))
        first = fact.first - 1
        flow, time = fact.range("flow", first), fact.range("time", first)
        for step, value in enumerate(values[1:], start=2):
            at = f"{letter(step - 1)}{self.row + 1}"
            worth = f"SUMPRODUCT({flow}*(1+{at})^(-{time}))"
            slope = f"SUMPRODUCT({flow}*{time}*(1+{at})^(-{time}-1))"
            self.sheet.put(self.row, step, Item(value, "rate", f"{at}+{worth}/{slope}"))
        return self.sheet.at(self.row, STEPS + 1)
