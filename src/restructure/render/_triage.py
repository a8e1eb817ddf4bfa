"""The views of a triage: the ranking, the sums by segment and offer, and the roll rates."""

from __future__ import annotations

from restructure.render._triage_records import (
    CHEAPEST,
    LEFT,
    document,
    loans,
    percent,
    rolls,
    segments,
    text,
)
from restructure.render._view import Cell, Column, Table, View
from restructure.triage.run import Ranked, Triage
from restructure.words import say, say_n

_SIDES = {"lender": say("lender"), "household": say("household")}
SHOWN = ("loans", "segments", "rolls")


def view(found: Triage, shown: str) -> View:
    """Return the view; the document has everything, the other shapes what is asked for."""
    records = {"loans": loans, "segments": segments, "rolls": rolls}[shown]
    tables = {"loans": _loans_table, "segments": _segments_table, "rolls": _rolls_table}
    return View(
        document=lambda: document(found, notes(found)),
        records=lambda: records(found),
        lines=lambda: records(found),
        table=lambda: tables[shown](found),
    )


def notes(found: Triage) -> list[str]:
    """Return what the reader should know, in sentences."""
    told: list[str] = []
    if not found.facts.days_past_due:
        told.append(say("The book has no days past due; 30 for each missed instalment are taken."))
    if found.facts.income and not found.facts.capacity:
        share = f"{(found.options.share * 100).normalize():f}"
        told.append(say("A loan can pay {share} % of its income; see --share.", share=share))
    if not found.facts.income and not found.facts.capacity:
        told.append(
            say("The book has neither income nor capacity, so nobody knows which plan fits.")
        )
    if found.undated:
        told.append(
            say(
                "{count} loans are past due but have no instalment missed in the book; their "
                "plans treat no arrears.",
                count=f"{found.undated:,}",
            )
        )
    if found.refused:
        told.append(
            say(
                "{count} times a plan was refused for a loan; it counts as refused in the sums.",
                count=f"{found.refused:,}",
            )
        )
    if len(found.currencies) > 1:
        told.append(
            say("The book has several currencies; amounts are ranked as numbers and never added.")
        )
    history = found.history
    if history is not None and (history.rejected or history.gaps):
        told.append(
            say(
                "The history has {rejected} lines that were not taken and {gaps} moves over "
                "missing months that were not counted.",
                rejected=f"{history.rejected:,}",
                gaps=f"{history.gaps:,}",
            )
        )
    return told


def _title(found: Triage) -> str:
    rejected = say(", {count} rejected", count=f"{found.rejected:,}") if found.rejected else ""
    return say("{loans} loans{rejected}", loans=f"{found.loans:,}", rejected=rejected)


def _classes(found: Triage) -> list[str | tuple[str, str]]:
    scheme, one = found.scheme, len(found.currencies) == 1
    lines: list[str | tuple[str, str]] = []
    for rank, total in zip(scheme.classes, found.by_class, strict=True):
        share = total.loans / found.loans if found.loans else 0.0
        owed = ""
        if one:
            code = found.currencies[0]
            owed = say("; {code} {owed} owed", code=code, owed=text(total.owed, code))
        name = f"{rank.local} {rank.name}".strip()
        loans = say_n(
            "{count:,} loan, {share}{owed}",
            "{count:,} loans, {share}{owed}",
            total.loans,
            share=percent(share, 2),
            owed=owed,
        )
        lines.append((name, loans))
    return lines


def _loans_table(found: Triage) -> Table:
    rows = []
    ranked = found.ranked
    several = len(found.currencies) > 1
    for place, loan in enumerate(ranked, 1):
        plan = loan.plan
        local = found.scheme.classes[found.scheme.class_of(loan.days)]
        nothing = say("unknown") if loan.capacity is None else say("none fits")
        rows.append(
            [
                Cell(str(place)),
                Cell(loan.id),
                Cell(loan.segment),
                Cell(f"{loan.days}"),
                Cell("" if loan.trend is None else f"{loan.trend:+d}"),
                Cell(local.local or local.name),
                Cell(text(loan.owed, loan.currency) + (f" {loan.currency}" if several else "")),
                Cell(percent(loan.payment_to_income)),
                Cell(percent(loan.chance)),
                Cell(text(loan.at_risk, loan.currency)),
                Cell(nothing if plan is None else found.options.plans[plan.plan].name),
                Cell("" if plan is None else text(plan.highest, loan.currency)),
                Cell("" if plan is None else text(plan.npv_loss, loan.currency)),
            ]
        )
    months = found.options.horizon
    columns = [
        Column(""),
        Column(say("loan"), right=False),
        Column(say("segment"), right=False, optional=3),
        Column(say("days\nlate")),
        Column(say("in 3\nmonths"), optional=2, help=say("in 3 months: days later than then")),
        Column(say("class"), right=False, optional=5),
        Column(say("owed"), optional=6),
        Column(say("of\nincome"), help=say("of income: the instalment as agreed")),
        Column(
            say("chance"),
            help=say("chance: to fail within {months} months, by {from_}",
                     months=months, from_=_sources(ranked)),
        ),
        Column(say("at risk"), help=say("at risk: owed x chance x loss given default")),
        Column(
            say("plan"),
            right=False,
            help=say(
                "plan: the cheapest for the {side} that fits",
                side=_SIDES[found.options.cheapest_for],
            ),
        ),
        Column(say("it pays"), optional=4),
        Column(say("lender\nloses"), optional=1),
    ]  # fmt: skip
    if found.history is None:
        trend = 4
        columns = columns[:trend] + columns[trend + 1 :]
        rows = [row[:trend] + row[trend + 1 :] for row in rows]
    below: list[str | tuple[str, str]] = [*_classes(found)]
    below.append(
        say(
            "Ranked: {shown} of the {all} loans that need help and have not failed.",
            shown=f"{len(ranked):,}",
            all=f"{found.ranked_of:,}",
        )
    )
    below.append(say("Classes: {title}.", title=found.scheme.title))
    return Table(_title(found), columns, rows, below)


def _sources(ranked: list[Ranked]) -> str:
    names = {"history": say("the history"), "pd": say("pd"), "days": say("days late")}
    kinds = dict.fromkeys(loan.chance_from for loan in ranked)
    return ", ".join(names[kind] for kind in kinds) or say("nothing")


def _segments_table(found: Triage) -> Table:
    rows = []
    several = len(found.currencies) > 1
    for _, segment in sorted(found.segments.items()):
        code = segment.currency
        valued = segment.valued.loans > 0
        name = (segment.name or say("all loans")) + (f" {code}" if several else "")
        named = [
            (plan.name, offer)
            for plan, offer in zip(found.options.plans, segment.offers, strict=True)
        ]
        for place, (plan, offer) in enumerate([*named, (CHEAPEST, segment.cheapest)]):
            first = not place
            rows.append(
                [
                    Cell(name if first else ""),
                    Cell(f"{segment.loans:,}" if first else ""),
                    Cell(f"{segment.help.loans:,}" if first else ""),
                    Cell(text(segment.help.owed, code) if first else ""),
                    Cell(text(segment.expected_loss, code) if first and valued else ""),
                    Cell(percent(segment.recovery_rate) if first else ""),
                    Cell(plan),
                    Cell(f"{offer.loans:,}"),
                    Cell(f"{offer.fits:,}"),
                    Cell(text(offer.npv_loss, code)),
                    Cell(percent(offer.break_even, 2)),
                ]
            )
    columns = [
        Column(say("segment"), right=False),
        Column(say("loans"), optional=3),
        Column(say("need\nhelp"), help=say("need help: past due, or instalment above capacity")),
        Column(say("owed\nby them"), optional=2),
        Column(say("expected\nloss"), optional=5,
               help=say("expected loss: pd x lgd x owed of those that need help, with no plan")),
        Column(say("recovery\nrate"), optional=1),
        Column(say("plan"), right=False),
        Column(say("offered"), optional=4),
        Column(say("fits")),
        Column(say("lender\nloses"), help=say("lender loses: npv_loss of all that it is offered")),
        Column(say("break\neven"), optional=6,
               help=say("break even: share of the expected loss that the plan has to avert")),
    ]  # fmt: skip
    return Table(_title(found), columns, rows, _classes(found))


def _rolls_table(found: Triage) -> Table:
    history = found.history
    names = [*found.scheme.buckets, LEFT]
    rows = []
    for place, name in enumerate(found.scheme.buckets):
        rates = found.rates[place]
        shares = [""] * len(names) if rates is None else [percent(rate) for rate in rates]
        now = history.counts[place] if history else 0
        rows.append(
            [
                Cell(name),
                Cell(f"{sum(found.moves[place]):,}"),
                *(Cell("" if text == "0.0 %" else text) for text in shares),
                Cell(f"{now:,}"),
                Cell(f"{found.foretold[place]:,.1f}"),
            ]
        )
    columns = [
        Column(say("days late"), right=False),
        Column(say("seen")),
        *(Column(name, optional=1) for name in names),
        Column(say("now")),
        Column(say("next\nmonth"), help=say("next month: the loans that the rates foretell")),
    ]
    below: list[str | tuple[str, str]] = []
    test = found.backtest
    if test is None:
        below.append(say("No backtest: the history is too short for the months held out."))
    else:
        below.append(
            say(
                "Backtest on {months}, rates from the {learnt} months before: error {error} of "
                "the loans (no change: {naive}); {hits} in the likeliest bucket (no change: "
                "{still}).",
                months=", ".join(month.month for month in test.months),
                learnt=test.learnt_from,
                error=percent(test.error, 3),
                naive=percent(test.error_unchanged, 3),
                hits=percent(test.hit_rate, 3),
                still=percent(test.hit_rate_unchanged, 3),
            )
        )
    title = say(
        "Monthly roll rates of {loans} loans, {states} states",
        loans=f"{history.loans:,}" if history else "0",
        states=f"{history.states:,}" if history else "0",
    )
    return Table(title, columns, rows, below)
