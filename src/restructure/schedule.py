"""Schedule: the columns of a repayment plan.

Columns are lists of whole minor units, one entry a row; row objects are made only when
somebody iterates over `rows`. On every row opening + interest + charges - payment = closing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from restructure.loan import Loan


class Instalment(NamedTuple):
    """One row of a schedule, in major units of the currency.

    `principal` is payment - interest - charges: negative where interest joins the debt.
    `closing` is all that is still owed, interest-bearing or not. `due` is None without dates.
    """

    number: int
    due: date | None
    opening: Decimal
    interest: Decimal
    charges: Decimal
    principal: Decimal
    payment: Decimal
    closing: Decimal


class Schedule:
    """The rows that a loan generates from the day of restructuring to the last payment.

    The columns opening, interest, charges, principal, payment, closing are lists of minor
    units. `regular_from` is the index of the first regular row, after all stretches. `residue`
    is what the last level instalment takes beyond the others because they are rounded.
    """

    __slots__ = (
        "closing",
        "interest",
        "loan",
        "opening",
        "payment",
        "principal",
        "regular_from",
        "residue",
    )

    def __init__(
        self,
        loan: Loan,
        opening: list[int],
        interest: list[int],
        principal: list[int],
        payment: list[int],
        closing: list[int],
        regular_from: int = 0,
        residue: int = 0,
    ) -> None:
        self.loan = loan
        self.opening = opening
        self.interest = interest
        self.principal = principal
        self.payment = payment
        self.closing = closing
        self.regular_from = regular_from
        self.residue = residue

    @property
    def charges(self) -> list[int]:
        """Charges of each row: none of our terms has any yet."""
        return [0] * len(self.closing)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.closing)

    @property
    def rows(self) -> Iterator[Instalment]:
        """Yield the rows with amounts in major units and their due dates, if any."""
        decimal = self.loan.currency.decimal
        columns = zip(
            self.opening,
            self.interest,
            self.charges,
            self.principal,
            self.payment,
            self.closing,
            strict=True,
        )
        dues = self.due_dates()
        for number, (due, amounts) in enumerate(zip(dues, columns, strict=True), start=1):
            yield Instalment(number, due, *map(decimal, amounts))

    def due_dates(self) -> list[date] | list[None]:
        """Return the due date of each row, or Nones for a loan without dates."""
        calendar, passed = self.loan.calendar, self.loan.passed
        if calendar is None:
            return [None] * len(self)
        return [calendar.due(passed + row) for row in range(len(self))]

    @property
    def maturity(self) -> date | None:
        """The due date of the last row; None without dates or rows."""
        dues = self.due_dates()
        return dues[-1] if dues else None
