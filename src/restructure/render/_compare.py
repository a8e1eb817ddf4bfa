"""The view of a comparison: JSON fields of design, columns of the table, the best marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from restructure.comparison import HORIZONS, Comparison, PlanResult
from restructure.loan import Loan
from restructure.rates import percent_text
from restructure.render._schedule import row_record
from restructure.render._view import Cell, Column, Table, View

if TYPE_CHECKING:
    from restructure.waiting import Waited

DIGITS = 6
"""Decimals of a rate in machine formats."""


def view(
    comparison: Comparison, schedules: bool = False, waited: Sequence[Waited] | None = None
) -> View:
    """Return the view of a comparison, with the rows of each plan if `schedules`.

    `waited` are the lines of agreeing later: in documents, and below the table.
    """
    if waited is not None:
        from restructure.render._waiting import with_waiting

        return with_waiting(view(comparison, schedules), waited, comparison.loan)
    return View(
        document=lambda: document(comparison, schedules),
        records=lambda: [flat(line) for line in comparison.plans],
        lines=lambda: [plan(line, schedules) for line in comparison.plans],
        table=lambda: table(comparison),
    )


def document(comparison: Comparison, schedules: bool) -> dict[str, Any]:
    """Return the document `restructure.compare/1`."""
    return {
        "schema": "restructure.compare/1",
        "currency": comparison.loan.currency.code,
        "loan": loan(comparison.loan),
        "notes": comparison.notes,
        "plans": [plan(line, schedules) for line in comparison.plans],
    }


def rate_number(rate: Fraction | float | None) -> Decimal | None:
    """Return a rate as a decimal number, exact if it has at most 12 decimals."""
    if rate is None:
        return None
    if isinstance(rate, float):
        return Decimal(f"{rate:.{DIGITS}f}") + 0  # no negative zero
    exact = Decimal(round(rate * 10**12)).scaleb(-12).normalize()
    return exact.quantize(Decimal(1)) if exact == exact.to_integral() else exact


def loan(found: Loan) -> dict[str, Any]:
    """Return the loan as understood, on the day of restructuring."""
    money = found.currency.decimal
    penalty = found.penalty_rate.of(found.rate)
    arrears = found.arrears
    return {
        "principal": money(found.principal),
        "term": found.term,
        "rate": rate_number(found.rate),
        "method": found.method,
        "every": found.every.name,
        "compounding": found.compounding.name if found.compounding else "period",
        "day_count": found.day_count,
        "decimals": found.currency.exponent,
        "rounding": found.rounding,
        "instalment_rounding": _rounding(found),
        "fee": money(found.fee),
        "penalty_rate": rate_number(penalty),
        "start": found.calendar and found.calendar.start,
        "first_due": found.calendar and found.calendar.first,
        "business_days": (found.calendar and found.calendar.rule) or "none",
        "holidays": (found.calendar and found.calendar.holidays) or None,
        "paid": found.paid,
        "missed": found.missed,
        "instalment": money(found.instalment or 0),
        "outstanding": money(found.balance),
        "remaining": found.agreed_rows,
        "overdue_principal": money(arrears.principal),
        "overdue_interest": money(arrears.interest),
        "penalty": money(arrears.penalty),
        "fees": money(arrears.fees),
        "owed": money(found.owed),
    }


def _rounding(found: Loan) -> str:
    up, step = found.instalment_rounding
    if step == 1:
        return "up" if up else "nearest"
    return ("up:" if up else "") + f"{found.currency.decimal(step).normalize():f}"


def plan(line: PlanResult, schedules: bool = False) -> dict[str, Any]:
    """Return one line of a comparison with the JSON field names."""
    record: dict[str, Any] = {
        "name": line.name,
        "plan": line.plan,
        "description": line.description,
    }
    if line.refused:
        return {**record, "refused": line.refused}
    record.update(
        payment=line.payment,
        lowest_payment=line.lowest_payment,
        highest_payment=line.highest_payment,
        last_payment=line.last_payment,
        instalments=line.instalments,
        periods=line.periods,
        extra_periods=line.extra_periods,
        maturity=line.maturity,
        total_paid=line.total_paid,
        total_interest=line.total_interest,
        total_charges=line.total_charges,
        arrears=line.arrears,
        extra_cost=line.extra_cost,
        forgiven=line.forgiven,
        relief={str(periods): amount for periods, amount in line.relief.items()},
        effective_rate=rate_number(line.effective_rate),
        npv_loss=line.npv_loss,
        npv_loss_rate=rate_number(line.npv_loss_rate),
    )
    if schedules:
        record["schedule"] = [row_record(row) for row in line.schedule.rows]
    return record


def flat(line: PlanResult) -> dict[str, Any]:
    """Return one line of a comparison for CSV: relief as relief_3 and so on."""
    record = plan(line)
    relief = record.pop("relief", dict.fromkeys(map(str, HORIZONS)))
    reason = record.pop("refused", "")
    out: dict[str, Any] = {}
    for name, value in record.items():
        if name == "effective_rate":
            out.update({f"relief_{periods}": amount for periods, amount in relief.items()})
        out[name] = "" if value is None else value
    return {**out, "refused": reason}


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 5)


def _best(
    lines: list[PlanResult], figure: Callable[[PlanResult], Decimal | float | None], most: bool
) -> set[int]:
    """Return the positions of the plans that are best in a column; none if all are alike."""
    found = {
        position: value
        for position, line in enumerate(lines)
        if position and not line.refused and (value := figure(line)) is not None
    }
    if len(set(found.values())) < 2:
        return set()
    best = max(found.values()) if most else min(found.values())
    return {position for position, value in found.items() if value == best}


def table(comparison: Comparison) -> Table:
    """Return the table for people."""
    lines, money = comparison.plans, comparison.loan.currency
    unit = comparison.loan.every.noun(2)[2:]

    def amount(value: Decimal) -> str:
        return f"{value:,.{money.exponent}f}"

    def rate(value: float | None) -> str:
        return "none" if value is None else f"{value * 100:.2f} %"

    kinds: list[tuple[Column, Callable[[PlanResult], Any], Callable[[Any], str], bool]] = [
        (Column("instalment"), lambda p: p.payment, amount, False),
        (Column(unit), lambda p: p.periods, str, False),
        (Column("interest", optional=3), lambda p: p.total_interest, amount, False),
        (Column("extra cost"), lambda p: p.extra_cost, amount, False),
        (Column(f"freed in\n3 {unit}"), lambda p: p.relief_within(3), amount, True),
        (Column(f"freed in\n6 {unit}", optional=2), lambda p: p.relief_within(6), amount, True),
        (Column("effective\nrate", optional=1), lambda p: p.effective_rate, rate, False),
        (Column("lender\nloses", optional=4), lambda p: p.npv_loss, amount, False),
    ]
    best = [_best(lines, figure, most) for _, figure, _, most in kinds[:-2]]
    # Below a thousandth of a per cent a difference is rounding, and no plan is the better one.
    best.append(_best(lines, lambda p: _rounded(p.effective_rate), False))
    best.append(_best(lines, lambda p: _rounded(p.npv_loss_rate), False))
    rows = []
    for position, line in enumerate(lines):
        if line.refused:
            rows.append([Cell(line.name), Cell("refused"), *[Cell("")] * (len(kinds) - 1)])
            continue
        cells = [Cell(line.name)]
        for (_, figure, text, _), winners in zip(kinds, best, strict=True):
            cells.append(Cell(text(figure(line)), position in winners))
        cells[1] = cells[1]._replace(text="\n".join([cells[1].text, *_differing(line, amount)]))
        rows.append(cells)
    below = []
    for line in lines:
        words = f"refused: {line.refused}" if line.refused else f"{line.description}."
        below.append(f"{line.name}: {words}")
    return Table(
        _title(comparison.loan), [Column("plan", right=False), *(k[0] for k in kinds)], rows, below
    )


def _differing(line: PlanResult, amount: Callable[[Decimal], str]) -> list[str]:
    """Return the first and last payments where they differ from the usual one."""
    found = []
    if line.first_payment != line.payment:
        found.append(f"first {amount(line.first_payment)}")
    if line.last_payment != line.payment:
        found.append(f"last {amount(line.last_payment)}")
    if line.arrears:
        found.append(f"now {amount(line.arrears)}")
    return found


def _title(found: Loan) -> str:
    text = found.currency.text
    unit = found.every.noun(found.term).split(" ")[1]
    words = (
        f"{found.currency.code} {text(found.principal)} over {found.term} {unit} at "
        f"{percent_text(found.rate)}, {found.method}"
    )
    if found.passed:
        words += f"; {found.paid} paid, {found.missed} missed"
    if found.owed != found.principal:
        words += f"; {text(found.owed)} owed today"
    return words
