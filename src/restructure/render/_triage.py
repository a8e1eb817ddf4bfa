"""The views of a triage: the ranking, the sums by segment and offer, and the roll rates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from restructure.money import Currency
from restructure.render._view import Cell, Column, Table, View
from restructure.triage.run import Ranked, Triage
from restructure.triage.sums import OfferSum, Segment, Sum
from restructure.words import say, say_n

SHOWN = ("loans", "segments", "rolls")
CHEAPEST = "cheapest that fits"
LEFT = "left"


def view(found: Triage, shown: str) -> View:
    """Return the view; the document has everything, the other shapes what is asked for."""
    records = {"loans": _loans, "segments": _segments, "rolls": _rolls}[shown]
    tables = {"loans": _loans_table, "segments": _segments_table, "rolls": _rolls_table}
    return View(
        document=lambda: document(found),
        records=lambda: records(found),
        lines=lambda: records(found),
        table=lambda: tables[shown](found),
    )


def document(found: Triage) -> dict[str, Any]:
    """Return everything as one document."""
    scheme, one = found.scheme, len(found.currencies) == 1
    return {
        "schema": "restructure.triage/1",
        "scheme": scheme.name,
        "source": scheme.source,
        "loans": found.loans,
        "rejected": found.rejected,
        "horizon": found.options.horizon,
        "share": found.options.share if found.facts.income else None,
        "plans": [plan.name for plan in found.options.plans],
        "notes": notes(found),
        "classes": [
            {
                "class": rank.name,
                "local": rank.local or None,
                "failed": rank.failed,
                **_sum(total, found, one),
            }
            for rank, total in zip(scheme.classes, found.by_class, strict=True)
        ],
        "buckets": [
            {"bucket": name, "from": least, **_sum(total, found, one)}
            for name, least, total in zip(
                scheme.buckets, scheme.least, found.by_bucket, strict=True
            )
        ],
        "ranked_of": found.ranked_of,
        "ranked": _loans(found),
        "segments": _segments(found),
        "rolls": _rolls_document(found),
        "rejects": [one._asdict() for one in found.bad],
    }


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


# -- amounts ------------------------------------------------------------------------------


def _amount(value: Decimal | None, currency: str) -> Decimal | None:
    if value is None:
        return None
    return value.quantize(Decimal(1).scaleb(-Currency.of(currency).exponent))


def _text(value: Decimal | None, currency: str) -> str:
    return "" if value is None else f"{_amount(value, currency):,f}"


def _ratio(value: Decimal | float | None) -> Decimal | None:
    return None if value is None else round(Decimal(value), 6)


def _percent(value: Decimal | float | None, places: int = 1) -> str:
    return "" if value is None else f"{float(value) * 100:.{places}f} %"


def _sum(total: Sum, found: Triage, one: bool) -> dict[str, Any]:
    owed = _amount(total.owed, found.currencies[0]) if one else None
    return {"loans": total.loans, "owed": owed}


# -- loans --------------------------------------------------------------------------------


def _loans(found: Triage) -> list[dict[str, Any]]:
    return [_loan(found, place, loan) for place, loan in enumerate(found.ranked, 1)]


def _loan(found: Triage, place: int, loan: Ranked) -> dict[str, Any]:
    scheme, code, plan = found.scheme, loan.currency, loan.plan
    return {
        "rank": place,
        "id": loan.id,
        "line": loan.line,
        "segment": loan.segment or None,
        "currency": code,
        "days_past_due": loan.days,
        "trend_days": loan.trend,
        "bucket": scheme.buckets[scheme.bucket(loan.days)],
        "class": scheme.classes[scheme.class_of(loan.days)].name,
        "owed": _amount(loan.owed, code),
        "payment": _amount(loan.payment, code),
        "income": _amount(loan.income, code),
        "payment_to_income": _ratio(loan.payment_to_income),
        "capacity": _amount(loan.capacity, code),
        "chance": _ratio(loan.chance),
        "chance_from": loan.chance_from,
        "lgd": loan.lgd,
        "at_risk": loan.at_risk,
        "plan": None if plan is None else found.options.plans[plan.plan].name,
        "plan_payment": None if plan is None else _amount(plan.highest, code),
        "plan_extra_cost": None if plan is None else _amount(plan.extra_cost, code),
        "plan_npv_loss": None if plan is None else _amount(plan.npv_loss, code),
    }


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
            owed = say("; {code} {owed} owed", code=code, owed=_text(total.owed, code))
        name = f"{rank.local} {rank.name}".strip()
        loans = say_n(
            "{count:,} loan, {share}{owed}",
            "{count:,} loans, {share}{owed}",
            total.loans,
            share=_percent(share, 2),
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
                Cell(_text(loan.owed, loan.currency) + (f" {loan.currency}" if several else "")),
                Cell(_percent(loan.payment_to_income)),
                Cell(_percent(loan.chance)),
                Cell(_text(loan.at_risk, loan.currency)),
                Cell(nothing if plan is None else found.options.plans[plan.plan].name),
                Cell("" if plan is None else _text(plan.highest, loan.currency)),
                Cell("" if plan is None else _text(plan.npv_loss, loan.currency)),
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
                "plan: the cheapest for the {side} that fits", side=found.options.cheapest_for
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


# -- segments -----------------------------------------------------------------------------


def _segments(found: Triage) -> list[dict[str, Any]]:
    records = []
    for _, segment in sorted(found.segments.items()):
        named = [
            (plan.name, offer)
            for plan, offer in zip(found.options.plans, segment.offers, strict=True)
        ]
        for name, offer in [*named, (CHEAPEST, segment.cheapest)]:
            records.append(_offer(segment, name, offer))
    return records


def _offer(segment: Segment, name: str, offer: OfferSum) -> dict[str, Any]:
    code = segment.currency
    valued = segment.valued.loans > 0
    return {
        "segment": segment.name or None,
        "currency": code,
        "loans": segment.loans,
        "owed": _amount(segment.owed, code),
        "failed": segment.failed.loans,
        "failed_owed": _amount(segment.failed.owed, code),
        "need_help": segment.help.loans,
        "need_help_owed": _amount(segment.help.owed, code),
        "expected_loss": _amount(segment.expected_loss, code) if valued else None,
        "recovery_rate": _ratio(segment.recovery_rate),
        "plan": name,
        "offered": offer.loans,
        "fits": offer.fits,
        "unknown": offer.unknown,
        "refused": offer.refused,
        "offered_owed": _amount(offer.owed, code),
        "extra_cost": _amount(offer.extra_cost, code),
        "npv_loss": _amount(offer.npv_loss, code),
        "npv_loss_rate": _ratio(offer.npv_loss_rate),
        "break_even": _ratio(offer.break_even),
    }


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
                    Cell(_text(segment.help.owed, code) if first else ""),
                    Cell(_text(segment.expected_loss, code) if first and valued else ""),
                    Cell(_percent(segment.recovery_rate) if first else ""),
                    Cell(plan),
                    Cell(f"{offer.loans:,}"),
                    Cell(f"{offer.fits:,}"),
                    Cell(_text(offer.npv_loss, code)),
                    Cell(_percent(offer.break_even, 2)),
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


# -- roll rates ---------------------------------------------------------------------------


def _rolls(found: Triage) -> list[dict[str, Any]]:
    if found.history is None:
        return []
    names = [*found.scheme.buckets, LEFT]
    records = []
    for place, name in enumerate(found.scheme.buckets):
        rates = found.rates[place]
        records.append(
            {
                "bucket": name,
                "months_seen": sum(found.moves[place]),
                **{f"to_{to}": count for to, count in zip(names, found.moves[place], strict=True)},
                **{
                    f"rate_to_{to}": None if rates is None else _ratio(rates[other])
                    for other, to in enumerate(names)
                },
                "loans_now": found.history.counts[place],
                "loans_next": _ratio(found.foretold[place]),
            }
        )
    return records


def _rolls_document(found: Triage) -> dict[str, Any] | None:
    from restructure.triage.history import month_name

    history, test = found.history, found.backtest
    if history is None:
        return None
    names = [*found.scheme.buckets, LEFT]
    counts = [*history.counts, None]
    return {
        "first_month": month_name(history.first),
        "last_month": month_name(history.last),
        "loans": history.loans,
        "states": history.states,
        "rejected": history.rejected,
        "gaps": history.gaps,
        "moves": [
            {
                "bucket": name,
                "to": [
                    {"bucket": to, "count": count, "rate": None if row is None else _ratio(row[k])}
                    for k, (to, count) in enumerate(zip(names, found.moves[place], strict=True))
                ],
            }
            for place, name in enumerate(found.scheme.buckets)
            for row in [found.rates[place]]
        ],
        "expected": [
            {"bucket": name, "loans_now": now, "loans_next": _ratio(then)}
            for name, now, then in zip(names, counts, found.foretold, strict=True)
        ],
        "backtest": None
        if test is None
        else {
            "months": [month.month for month in test.months],
            "learnt_from": test.learnt_from,
            "error": _ratio(test.error),
            "error_unchanged": _ratio(test.error_unchanged),
            "hit_rate": _ratio(test.hit_rate),
            "hit_rate_unchanged": _ratio(test.hit_rate_unchanged),
        },
    }


def _rolls_table(found: Triage) -> Table:
    history = found.history
    names = [*found.scheme.buckets, LEFT]
    rows = []
    for place, name in enumerate(found.scheme.buckets):
        rates = found.rates[place]
        shares = [""] * len(names) if rates is None else [_percent(rate) for rate in rates]
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
                error=_percent(test.error, 3),
                naive=_percent(test.error_unchanged, 3),
                hits=_percent(test.hit_rate, 3),
                still=_percent(test.hit_rate_unchanged, 3),
            )
        )
    title = say(
        "Monthly roll rates of {loans} loans, {states} states",
        loans=f"{history.loans:,}" if history else "0",
        states=f"{history.states:,}" if history else "0",
    )
    return Table(title, columns, rows, below)
