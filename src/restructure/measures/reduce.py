"""reduce: a lower instalment (降低月供)."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from restructure.errors import Refused
from restructure.loan import Loan, Stretch
from restructure.measures._spec import (
    Measure,
    Slot,
    all_or_count_slot,
    instalment_of,
    quantity_slot,
)
from restructure.words import say


class ReducedPayment(Measure):
    """Lower instalment: for as long as it takes, or for a while and then re-amortised."""

    name = "reduce"
    summary = say("lower the instalment")
    example = "reduce:30%"
    value = quantity_slot(say("new instalment, or % taken off the as-agreed one"))
    keys: ClassVar[dict[str, Slot]] = {
        "for": all_or_count_slot(say("all, or a number of instalments and then level again"))
    }

    tries: ClassVar[dict[str, list[str]]] = {"for": ["4"], "": ["reduce:3000"]}

    def apply(self, loan: Loan) -> Loan:
        """Fix the instalment, or queue a stretch of it that leaves the end date as it is."""
        rows = self.count_or_all("for")
        if not self.quantity().value or rows == 0:
            return loan
        pays = self._instalment(loan)
        if rows is None:
            return replace(loan, fixed=pays, fixed_by_reduce=True, anew=True)
        return loan.then(Stretch(rows, pays, "capitalise"), "maturity")

    def _instalment(self, loan: Loan) -> int:
        wanted, agreed = self.quantity(), instalment_of(loan)
        if wanted.percent and wanted.value > 100:
            raise Refused(
                say(
                    "{text} off is more than the instalment itself; take off less.",
                    text=wanted.text,
                )
            )
        if wanted.percent:
            return loan.share(1 - wanted.value / 100, agreed)
        return wanted.of_whole(loan, agreed, self.name)

    def describe(self, loan: Loan) -> str:
        """Say what is paid and for how long."""
        rows, wanted = self.count_or_all("for"), self.quantity()
        pays = say("{amount} an instalment", amount=loan.currency.text(self._instalment(loan)))
        if wanted.percent:
            less = wanted.text.removesuffix("%")
            pays = say("{pays} ({less} % less)", pays=pays, less=less)
        if rows is None:
            return say("pay {pays}, for as long as it takes", pays=pays)
        return say(
            "pay {pays} for {span}, then level instalments to the same end",
            pays=pays,
            span=loan.every.noun(rows),
        )
