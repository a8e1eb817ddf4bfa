"""The view of a household's budget beside the loan as agreed."""

from __future__ import annotations

from typing import Any

from restructure.affordability import Affordability, Breach, Cut, Span
from restructure.render._compare import rate_number
from restructure.render._view import Cell, Column, Table, View
from restructure.words import say


def record(found: Affordability, span: Span) -> dict[str, Any]:
    """Return the periods of one budget with machine-readable names."""
    money = found.loan.currency.decimal
    return {
        "from": span.first,
        "to": span.last,
        "income": money(span.income),
        "expenses": money(span.costs),
        "other_debt": money(span.other_debt),
        "surplus": money(span.surplus),
        "instalment": money(span.instalment),
        "left": money(span.left),
        "payment_to_income": rate_number(span.payment_to_income),
        "debt_to_income": rate_number(span.debt_to_income),
        "capacity": money(span.capacity),
    }


def view(found: Affordability) -> View:
    """Return the view: a line for the periods of one budget."""

    def records() -> list[dict[str, Any]]:
        return [
            {name: "" if value is None else value for name, value in record(found, s).items()}
            for s in found.spans
        ]

    def lines() -> list[dict[str, Any]]:
        return [record(found, span) for span in found.spans]

    return View(lambda: document(found, lines()), records, lines, lambda: table(found))


def document(found: Affordability, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the document `restructure.afford/1`."""
    home, currency = found.household, found.loan.currency
    money = currency.decimal
    return {
        "schema": "restructure.afford/1",
        "currency": currency.code,
        "basis": home.basis,
        "every": found.loan.every.name,
        "notes": found.notes,
        "affordable": found.affordable,
        "capacity": found.capacity.text(currency),
        "gap": money(found.gap),
        "reserve": money(home.reserve),
        "reserve_lasts": found.reserve_lasts(),
        "reserve_lasts_without_income": found.reserve_lasts(income=False),
        "periods": lines,
        "limits": [
            {
                "name": limit.name,
                "payment_to_income": rate_number(limit.payment),
                "debt_to_income": rate_number(limit.debt),
                "basis": limit.basis or None,
                "source": limit.source,
                "passed": any(breach.limit is limit for breach in found.breaches),
            }
            for limit in found.limits
        ],
        "cuts": [
            {
                "name": cut.name,
                "amount": money(cut.amount),
                "cut": money(cut.cut),
                "share": rate_number(cut.share),
                "enough": cut.enough,
                "flexible": cut.flexible,
            }
            for cut in found.cuts
        ],
    }


def table(found: Affordability) -> Table:
    """Return the budget for people, and below it what it means."""
    text, unit = found.loan.currency.text, found.loan.every.noun(2)[2:]
    debts = any(span.other_debt for span in found.spans)
    columns = [Column(unit, right=False), Column(say("income")), Column(say("costs"))]
    columns += [Column(say("other\ndebts"))] if debts else []
    columns += [
        Column(say("left for\nthe loan")),
        Column(say("instalment")),
        Column(say("over or\nshort")),
        Column(say("instalment\nto income"), optional=2),
        Column(say("debts to\nincome"), optional=1),
        Column(say("can\ncarry")),
    ]
    rows = []
    for span in found.spans:
        amounts = [span.income, span.costs, *([span.other_debt] if debts else [])]
        cells = [between(span.first, span.last), *map(text, amounts)]
        cells += [text(span.surplus), text(span.instalment), text(span.left)]
        cells += [_share(span.payment_to_income), _share(span.debt_to_income)]
        rows.append([Cell(cell) for cell in [*cells, text(span.capacity)]])
    title = f"Household budget a {found.loan.every.noun(1)[2:]}, {found.household.basis} income"
    return Table(title, columns, rows, [*_verdict(found), *_reserve(found)])


def between(first: int, last: int) -> str:
    """Return periods for people: 1, or 1-4."""
    return str(first) if first == last else f"{first}-{last}"


def _share(share: float | None) -> str:
    return "none" if share is None else f"{share * 100:.2f} %"


def _verdict(found: Affordability) -> list[str]:
    text, unit = found.loan.currency.text, found.loan.every.noun(1)[2:]
    lines = [f"Can carry, as --capacity of advise: {found.capacity.text(found.loan.currency)}"]
    for breach in found.breaches:
        lines.append(_breach(breach, unit))
    if found.affordable:
        return [*lines, "The loan as agreed can be kept."]
    short = [span for span in found.spans if span.left < 0]
    if short:
        spans = ", ".join(between(span.first, span.last) for span in short)
        lines.append(
            f"The loan as agreed cannot be kept: up to {text(found.gap)} a "
            f"{unit} are missing ({unit}s {spans})."
        )
    cuts = found.cuts
    lines += [_cut(cut, text) for cut in cuts if cut.enough]
    if short and not any(cut.enough for cut in cuts):
        costs = sum(cut.amount for cut in cuts)
        if costs >= found.gap:
            lines.append(
                f"No single cost is large enough; all of them cut by "
                f"{found.gap / costs * 100:.0f} % would do."
            )
        else:
            lines.append("Even without all these costs the instalment could not be paid.")
    return lines


def _breach(breach: Breach, unit: str) -> str:
    what = say("the instalment") if breach.kind == "payment" else say("all debts")
    found = "no income" if breach.share is None else f"{breach.share * 100:.2f} % of income"
    return (
        f"Limit {breach.limit.name}: {what} at most {float(breach.most) * 100:g} %; found "
        f"{found} from {unit} {breach.first} on."
    )


def _cut(cut: Cut, text: Any) -> str:
    soft = " (can be cut)" if cut.flexible else ""
    return (
        f"To keep the loan as agreed: {cut.name}{soft} down by {text(cut.cut)} "
        f"({cut.share * 100:.0f} %) from {text(cut.amount)}."
    )


def _reserve(found: Affordability) -> list[str]:
    if not found.household.reserve:
        return []
    noun, lines = found.loan.every.noun, []
    for income, what in ((True, "this budget"), (False, "a loss of all income")):
        lasts = found.reserve_lasts(income)
        carried = "to the end of the loan" if lasts is None else f"for {noun(lasts)}"
        lines.append(f"The reserve carries {what} {carried}.")
    return lines
