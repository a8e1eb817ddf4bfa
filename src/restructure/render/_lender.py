"""The view of a comparison for the lender: figure, threshold and rule."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from restructure.comparison import Comparison, PlanResult
from restructure.lender import CAVEATS, DIMINISHED_OBLIGATION, SUBSTANTIAL, lender_figures
from restructure.render._compare import document as compare_document
from restructure.render._compare import rate_number
from restructure.render._title import title
from restructure.render._view import Cell, Column, Table, View
from restructure.words import say


def record(line: PlanResult, fee: Decimal) -> dict[str, Any]:
    """Return a line's figures with machine-readable names."""
    head: dict[str, Any] = {"name": line.name, "plan": line.plan}
    if line.refused:
        return {**head, "refused": line.refused}
    found = lender_figures(line, fee)
    return {
        **head,
        "agreed_value": found.agreed_value,
        "present_value": found.present_value,
        "npv_loss": found.npv_loss,
        "npv_loss_rate": rate_number(found.npv_loss_rate),
        "npv_loss_threshold": DIMINISHED_OBLIGATION,
        "diminished": found.diminished,
        "ten_percent": rate_number(found.ten_percent),
        "ten_percent_threshold": SUBSTANTIAL,
        "substantial": found.substantial,
        "gain": found.gain,
    }


def view(comparison: Comparison, fee: Decimal) -> View:
    """Return the view: a line a plan, and below the table what the figures do not settle."""

    def records() -> list[dict[str, Any]]:
        return [record(line, fee) for line in comparison.plans]

    def document() -> dict[str, Any]:
        return {
            "schema": "restructure.lender/1",
            **{
                name: value
                for name, value in compare_document(comparison, False).items()
                if name in ("currency", "loan", "notes")
            },
            "fee": fee,
            "original_effective_rate": rate_number(comparison.original_effective_rate),
            "caveats": list(CAVEATS),
            "plans": records(),
        }

    return View(document, records, records, lambda: table(comparison, fee))


def table(comparison: Comparison, fee: Decimal) -> Table:
    """Return the table for people."""
    digits = comparison.loan.currency.exponent

    def amount(value: Decimal) -> str:
        return f"{value:,.{digits}f}"

    rows = []
    for line in comparison.plans:
        if line.refused:
            rows.append([Cell(line.name), Cell(say("refused")), *[Cell("")] * 6])
            continue
        found = lender_figures(line, fee)
        rows.append(
            [
                Cell(line.name),
                Cell(amount(found.present_value)),
                Cell(amount(found.npv_loss)),
                Cell(f"{found.npv_loss_rate * 100:.2f} %"),
                Cell(say("yes") if found.diminished else say("no")),
                Cell(f"{found.ten_percent * 100:.2f} %"),
                Cell(say("yes") if found.substantial else say("no")),
                Cell(amount(found.gain)),
            ]
        )
    rate = comparison.original_effective_rate
    shown = say("none") if rate is None else f"{rate * 100:.4f} %"
    columns = [
        Column(say("plan"), right=False),
        Column(say("present\nvalue"), optional=2),
        Column(say("lender\nloses")),
        Column(say("share")),
        Column(
            say("over\n1 %"),
            right=False,
            help=say("over 1 %: whether the diminished obligation means default"),
        ),
        Column(say("ten-\npercent"), optional=3),
        Column(
            say("reaches\n10 %"),
            right=False,
            help=say("reaches 10 %: whether the terms are substantially other ones"),
        ),
        Column(say("gain or\nloss"), optional=1),
    ]
    below: list[str | tuple[str, str]] = [
        say("Discounted at the original effective rate, {shown} a year.", shown=shown)
    ]
    if fee:
        below.append(
            say(
                "With a fee of {amount} for the change, in the ten-percent test.",
                amount=amount(fee),
            )
        )
    below += [
        say("{name}: refused: {refused}", name=x.name, refused=x.refused)
        for x in comparison.plans
        if x.refused
    ]
    return Table(title(comparison.loan), columns, rows, [*below, *CAVEATS])
