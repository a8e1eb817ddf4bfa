"""What loans owe and pay as agreed, and what each plan would do, by the engine for books.

With NumPy and PyArrow the loans of a chunk are worked out together, otherwise one by one; the
figures are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from importlib.util import find_spec
from typing import Any, NamedTuple

from restructure.measures import Plan
from restructure.portfolio.columns import Setting
from restructure.triage.book import Loans

_AGREED = ("payment", "total_paid", "total_interest", "total_charges")
_OFFERED = ("plan", "highest_payment", "npv_loss", "extra_cost")
_ROW, _PREFIX = "restructure row", "restructure "


class Agreed(NamedTuple):
    """A loan as agreed: its instalment, and all that is owed today. Major units."""

    row: int
    payment: Decimal
    owed: Decimal


class Offered(NamedTuple):
    """A plan for a loan; `plan` is its position in the list. Major units."""

    row: int
    plan: int
    highest: Decimal
    npv_loss: Decimal
    extra_cost: Decimal


class Wrong(NamedTuple):
    """A loan, or one plan of it, that could not be computed."""

    row: int
    plan: str
    field: str
    value: str
    reason: str


class Engine:
    """The engine for the loans of a book, with the plans that are offered."""

    def __init__(self, setting: Setting, plans: Sequence[Plan]) -> None:
        self.plans = list(plans)
        self._places = {plan.name: place for place, plan in enumerate(plans)}
        self._columns = list(dict.fromkeys(setting.fields.values()))
        base = setting._replace(prefix=_PREFIX)
        self._agreed = base._replace(columns=_AGREED, agreed=True)
        self._offered = base._replace(columns=_OFFERED, agreed=False)
        self._arrow = find_spec("numpy") is not None and find_spec("pyarrow") is not None

    def agreed(self, loans: Loans) -> tuple[list[Agreed], list[Wrong]]:
        """Return the loans as agreed, and those that cannot be computed.

        Owed is what is paid from today on, less the interest and charges still to come.
        """
        lines, wrong = self._run(loans, range(len(loans.lines)), [], self._agreed)
        return [
            Agreed(row, payment, paid - interest - charges)
            for row, payment, paid, interest, charges in lines
        ], wrong

    def offers(self, loans: Loans, rows: Sequence[int]) -> tuple[list[Offered], list[Wrong]]:
        """Return the plans for some of the loans, and those that are refused for them."""
        if not rows or not self.plans:
            return [], []
        lines, wrong = self._run(loans, rows, self.plans, self._offered)
        places = self._places
        return [Offered(row, places[name], *rest) for row, name, *rest in lines], wrong

    def _run(
        self, loans: Loans, rows: Sequence[int], plans: list[Plan], setting: Setting
    ) -> tuple[Iterator[Any], list[Wrong]]:
        if not self._arrow:
            return self._one_by_one(loans, rows, plans, setting)
        import pyarrow

        from restructure.portfolio.arrow import evaluate

        if loans.batch is not None:
            batch = loans.batch.select(self._columns)
        else:
            texts = [pyarrow.array(loans.columns[name], pyarrow.string()) for name in self._columns]
            batch = pyarrow.record_batch(texts, names=self._columns)
        if len(rows) != len(loans.lines):
            batch = batch.take(pyarrow.array(rows, pyarrow.int32()))
        batch = batch.append_column(_ROW, pyarrow.array(rows, pyarrow.int32()))
        found, rejects = evaluate(batch, plans, setting)
        columns = [found.column(name).to_pylist() for name in (_ROW, *setting.names)]
        wrong = [
            Wrong(rows[one["row"]], one["plan"], one["field"], one["value"], one["reason"])
            for one in rejects.to_pylist()
        ]
        return zip(*columns, strict=True), wrong

    def _one_by_one(
        self, loans: Loans, rows: Sequence[int], plans: list[Plan], setting: Setting
    ) -> tuple[Iterator[Any], list[Wrong]]:
        from restructure.portfolio.rows import evaluate_row

        lines: list[Any] = []
        wrong: list[Wrong] = []
        records = loans.records(rows, self._columns)
        for row, record in zip(rows, records, strict=True):
            outcome = evaluate_row(record, plans, setting, row)
            lines += [(row, *line) for line in outcome.lines]
            wrong += [
                Wrong(one.row, one.plan, one.field, one.value, one.reason)
                for one in outcome.rejects
            ]
        return iter(lines), wrong
