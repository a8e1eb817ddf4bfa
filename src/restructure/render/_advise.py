"""The view of advice: the plans of the front, for whom each is best, why, and what binds."""

from __future__ import annotations

from typing import Any

from restructure.advice import Advice, Found
from restructure.affordability import Household
from restructure.comparison import Comparison, PlanResult
from restructure.limits import Limit
from restructure.rates import Every
from restructure.reasons import binds, changes, reason, roles
from restructure.render._compare import loan as loan_record
from restructure.render._compare import plan as plan_record
from restructure.render._compare import rate_number
from restructure.render._view import Cell, Column, Table, View
from restructure.stress import Outcome, Shock, outcome
from restructure.viability import flags
from restructure.words import join, say

ROLE_WORDS = {
    "cheapest": say("cheapest"),
    "lender": say("for lender"),
    "quickest": say("quickest"),
}
_SHOCKS = {"income": say("income"), "rate": say("rate")}


class _Shown:
    """What is shown of an advice: the plans, and what was asked besides."""

    def __init__(
        self,
        advice: Advice,
        shocks: list[Shock],
        home: Household | None,
        limits: list[Limit],
        earlier: int,
    ) -> None:
        self.advice, self.shocks, self.home = advice, shocks, home
        self.limits, self.earlier = limits, earlier
        self.found = advice.shown or ([advice.nearest] if advice.nearest else [])
        named = [found for found in self.found if found.plan.text]
        lines = iter((comparison := Comparison(advice.loan, [f.plan for f in named])).plans[1:])
        self.lines: list[PlanResult] = [
            next(lines) if found.plan.text else comparison.plans[0] for found in self.found
        ]

    def outcomes(self, found: Found) -> list[Outcome]:
        """Return how a plan fares under each shock."""
        return [outcome(self.advice, found, s, self.home, self.limits) for s in self.shocks]

    def record(self, found: Found, line: PlanResult) -> dict[str, Any]:
        """Return a plan with the fields of a comparison, and why it is advised."""
        advice, money = self.advice, self.advice.loan.currency.decimal
        record = plan_record(line)
        head = {name: record.pop(name) for name in ("name", "plan", "description")}
        fits = bool(advice.front)
        return {
            **head,
            "best": roles(advice, found),
            "reason": reason(advice, found) if fits else None,
            "binds": binds(advice, found) if fits else [],
            "excess": money(max(found.excess, 0)),
            **record,
            "viability": [
                {"name": f.name, "good": f.good, "found": f.found, "rule": f.rule}
                for f in flags(advice, found, self.earlier)
            ],
            "stress": [
                {
                    "shock": o.shock.text,
                    "survives": o.survives,
                    "excess": None if o.excess is None else money(o.excess),
                    "period": o.period,
                    **({"refused": o.refused} if o.refused else {}),
                }
                for o in self.outcomes(found)
            ],
        }

    def records(self) -> list[dict[str, Any]]:
        """Return one record a plan."""
        return [self.record(f, line) for f, line in zip(self.found, self.lines, strict=True)]

    def flat(self) -> list[dict[str, Any]]:
        """Return one flat record a plan, for CSV."""
        found = []
        for record in self.records():
            relief = record.pop("relief", {})
            flagged = [f["name"] for f in record.pop("viability") if not f["good"]]
            stress = record.pop("stress")
            record["best"] = " ".join(record["best"])
            record["binds"] = "; ".join(record["binds"])
            record.update({f"relief_{periods}": amount for periods, amount in relief.items()})
            record["flags"] = "; ".join(flagged)
            record.update({f"survives {o['shock']}": o["survives"] for o in stress})
            found.append({k: "" if v is None else v for k, v in record.items()})
        return found


def view(
    advice: Advice,
    shocks: list[Shock],
    home: Household | None,
    limits: list[Limit],
    earlier: int = 0,
) -> View:
    """Return the view: a line a plan of the front, or the nearest plan if nothing fits."""
    shown = _Shown(advice, shocks, home, limits, earlier)
    return View(
        document=lambda: document(shown),
        records=shown.flat,
        lines=shown.records,
        table=lambda: table(shown),
    )


def document(shown: _Shown) -> dict[str, Any]:
    """Return the document `restructure.advise/1`."""
    advice, fits = shown.advice, bool(shown.advice.front)
    records = shown.records()
    return {
        "schema": "restructure.advise/1",
        "currency": advice.loan.currency.code,
        "loan": loan_record(advice.loan),
        "notes": list(advice.loan.notes),
        "capacity": advice.capacity.text(advice.loan.currency),
        "limits": {
            "longest_term": advice.limits.longest_term,
            "npv_loss_rate": rate_number(advice.limits.npv_loss_rate),
        },
        "offers": advice.family.offers,
        "combinations": advice.family.size,
        "built": advice.built,
        "fits": fits,
        "cheapest": advice.cheapest and advice.cheapest.plan.name,
        "lender": advice.lender and advice.lender.plan.name,
        "quickest": advice.quickest and advice.quickest.plan.name,
        "plans": records if fits else [],
        "rest": advice.rest,
        "nearest": records[0] if records and not fits else None,
        "changes": [] if fits else changes(advice),
    }


def table(shown: _Shown) -> Table:
    """Return the plans for people, and below them the reasons."""
    advice = shown.advice
    text, every = advice.loan.currency.text, advice.loan.every
    fits = bool(advice.front)
    columns = [
        Column(say("plan"), right=False),
        Column(say("best"), right=False),
        Column(say("highest\ninstalment")),
        Column(every.heading),
        Column(say("total paid"), optional=2),
        Column(say("extra cost")),
        Column(say("lender\nloses"), optional=1),
    ]
    columns += [] if fits else [Column(say("too much"))]
    short = say("below a shock: kept, or what is short at most and where that begins")
    columns += [Column(_shock(shock), right=False, help=short) for shock in shown.shocks]
    rows = []
    for found, line in zip(shown.found, shown.lines, strict=True):
        best = [ROLE_WORDS[role] for role in roles(advice, found)]
        cells = [
            line.name,
            join("\n", best) if fits else say("nearest"),
            text(found.figures.highest),
            str(line.periods),
            text(found.figures.total_paid),
            f"{line.extra_cost:,.{advice.loan.currency.exponent}f}",
            f"{line.npv_loss:,.{advice.loan.currency.exponent}f}",
        ]
        cells += [] if fits else [text(found.excess)]
        cells += [_survival(o, text, every) for o in shown.outcomes(found)]
        rows.append([Cell(cell) for cell in cells])
    title = say(
        "Within {capacity} a {unit}: {size:,} plans looked at, {built:,} schedules built",
        capacity=advice.capacity.text(advice.loan.currency),
        unit=every.word(),
        size=advice.family.size,
        built=advice.built,
    )
    return Table(title, columns, rows, _below(shown, fits))


def _shock(shock: Shock) -> str:
    kind, _, size = shock.text.partition(" ")
    return join("\n", [_SHOCKS.get(kind, kind), size])


def _survival(found: Outcome, text: Any, every: Every) -> str:
    if found.refused:
        return say("refused")
    if found.survives or found.excess is None:
        return say("kept")
    return say(
        "-{excess}\n{span}",
        excess=text(found.excess),
        span=every.span(found.period or 0, found.period or 0),
    )


def _below(shown: _Shown, fits: bool) -> list[str | tuple[str, str]]:
    advice = shown.advice
    if not fits:
        return [say("Nothing fits."), *changes(advice)]
    below: list[str | tuple[str, str]] = []
    for found, line in zip(shown.found, shown.lines, strict=True):
        words = [reason(advice, found)]
        if roles(advice, found):
            words.append(say("Binds: {what}.", what=join(say("; "), binds(advice, found))))
            words += [
                say(
                    "Look at: {name}: {found} ({rule}).",
                    name=flag.name,
                    found=flag.found,
                    rule=flag.rule,
                )
                for flag in flags(advice, found, shown.earlier)
                if not flag.good
            ]
        below.append((line.name, join(say(" "), words)))
    if advice.rest:
        below.append(
            say(
                "{rest} more plans are neither worse nor better in all of cost, highest "
                "instalment, {units} and the lender's loss.",
                rest=advice.rest,
                units=advice.loan.every.heading,
            )
        )
    return below
