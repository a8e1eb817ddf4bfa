"""The view of a household's budget beside the loan as agreed."""

from __future__ import annotations

from typing import Any

from restructure.affordability import BASES, Affordability, Breach, Cut, Span
from restructure.rates import Every
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
    text, every = found.loan.currency.text, found.loan.every
    debts = any(span.other_debt for span in found.spans)
    columns = [Column(every.heading, right=False), Column(say("income")), Column(say("costs"))]
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
    title = say(
        "Household budget a {unit}, {basis} income",
        unit=every.word(),
        basis=BASES[found.household.basis],
    )
    return Table(title, columns, rows, [*_verdict(found), *_reserve(found)])


def between(first: int, last: int) -> str:
    """Return periods for people: 1, or 1-4."""
    return str(first) if first == last else f"{first}-{last}"


def _share(share: float | None) -> str:
    return say("none") if share is None else f"{share * 100:.2f} %"


def _verdict(found: Affordability) -> list[str]:
    text, every = found.loan.currency.text, found.loan.every
    lines: list[str] = [
        say(
            "Can carry, as --capacity of advise: {currency}",
            currency=found.capacity.text(found.loan.currency),
        )
    ]
    for breach in found.breaches:
        lines.append(_breach(breach, every))
    if found.affordable:
        return [*lines, say("The loan as agreed can be kept.")]
    short = [span for span in found.spans if span.left < 0]
    if short:
        spans = ", ".join(between(span.first, span.last) for span in short)
        lines.append(
            say(
                "The loan as agreed cannot be kept: up to {gap} a {unit} are missing ({units} "
                "{spans}).",
                gap=text(found.gap),
                unit=every.word(),
                units=every.word(2),
                spans=spans,
            )
        )
    cuts = found.cuts
    lines += [_cut(cut, text) for cut in cuts if cut.enough]
    if short and not any(cut.enough for cut in cuts):
        costs = sum(cut.amount for cut in cuts)
        if costs >= found.gap:
            lines.append(
                say(
                    "No single cost is large enough; all of them cut by {gap:.0f} % would do.",
                    gap=found.gap / costs * 100,
                )
            )
        else:
            lines.append(say("Even without all these costs the instalment could not be paid."))
    return lines


def _breach(breach: Breach, every: Every) -> str:
    what = say("the instalment") if breach.kind == "payment" else say("all debts")
    found = (
        say("no income")
        if breach.share is None
        else say("{share:.2f} % of income", share=breach.share * 100)
    )
    return say(
        "Limit {name}: {what} at most {most:g} %; found {found} in {span}.",
        name=breach.limit.name,
        what=what,
        most=float(breach.most) * 100,
        found=found,
        span=every.span(breach.first, breach.last),
    )


def _cut(cut: Cut, text: Any) -> str:
    name = say("{name} (can be cut)", name=cut.name) if cut.flexible else cut.name
    return say(
        "To keep the loan as agreed: {name} down by {cut} ({share:.0f} %) from {amount}.",
        name=name,
        cut=text(cut.cut),
        share=cut.share * 100,
        amount=text(cut.amount),
    )


def _reserve(found: Affordability) -> list[str]:
    if not found.household.reserve:
        return []
    every = found.loan.every
    lines: list[str] = []
    for income, what in ((True, say("this budget")), (False, say("a loss of all income"))):
        lasts = found.reserve_lasts(income)
        lines.append(
            say("The reserve carries {what} to the end of the loan.", what=what)
            if lasts is None
            else say("The reserve carries {what} for {span}.", what=what, span=every.noun(lasts))
        )
    return lines
