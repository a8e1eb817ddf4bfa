"""The document and records of a triage."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from restructure.money import Currency
from restructure.triage.run import Ranked, Triage
from restructure.triage.sums import OfferSum, Segment, Sum

CHEAPEST = "cheapest that fits"


LEFT = "left"


def document(found: Triage, notes: list[str]) -> dict[str, Any]:
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
        "notes": notes,
        "classes": [
            {
                "class": rank.name,
                "local": rank.local or None,
                "failed": rank.failed,
                **sum_record(total, found, one),
            }
            for rank, total in zip(scheme.classes, found.by_class, strict=True)
        ],
        "buckets": [
            {"bucket": name, "from": least, **sum_record(total, found, one)}
            for name, least, total in zip(
                scheme.buckets, scheme.least, found.by_bucket, strict=True
            )
        ],
        "ranked_of": found.ranked_of,
        "ranked": loans(found),
        "segments": segments(found),
        "rolls": rolls_document(found),
        "rejects": [one._asdict() for one in found.bad],
    }


def amount(value: Decimal | None, currency: str) -> Decimal | None:
    if value is None:
        return None
    return value.quantize(Decimal(1).scaleb(-Currency.of(currency).exponent))


def text(value: Decimal | None, currency: str) -> str:
    return "" if value is None else f"{amount(value, currency):,f}"


def ratio(value: Decimal | float | None) -> Decimal | None:
    return None if value is None else round(Decimal(value), 6) + 0  # no -0


def percent(value: Decimal | float | None, places: int = 1) -> str:
    return "" if value is None else f"{float(value) * 100:z.{places}f} %"


def sum_record(total: Sum, found: Triage, one: bool) -> dict[str, Any]:
    owed = amount(total.owed, found.currencies[0]) if one else None
    return {"loans": total.loans, "owed": owed}


def loans(found: Triage) -> list[dict[str, Any]]:
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
        "owed": amount(loan.owed, code),
        "payment": amount(loan.payment, code),
        "income": amount(loan.income, code),
        "payment_to_income": ratio(loan.payment_to_income),
        "capacity": amount(loan.capacity, code),
        "chance": ratio(loan.chance),
        "chance_from": loan.chance_from,
        "lgd": loan.lgd,
        "at_risk": loan.at_risk,
        "plan": None if plan is None else found.options.plans[plan.plan].name,
        "plan_payment": None if plan is None else amount(plan.highest, code),
        "plan_extra_cost": None if plan is None else amount(plan.extra_cost, code),
        "plan_npv_loss": None if plan is None else amount(plan.npv_loss, code),
    }


def segments(found: Triage) -> list[dict[str, Any]]:
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
        "owed": amount(segment.owed, code),
        "failed": segment.failed.loans,
        "failed_owed": amount(segment.failed.owed, code),
        "need_help": segment.help.loans,
        "need_help_owed": amount(segment.help.owed, code),
        "expected_loss": amount(segment.expected_loss, code) if valued else None,
        "recovery_rate": ratio(segment.recovery_rate),
        "plan": name,
        "offered": offer.loans,
        "fits": offer.fits,
        "unknown": offer.unknown,
        "refused": offer.refused,
        "offered_owed": amount(offer.owed, code),
        "extra_cost": amount(offer.extra_cost, code),
        "npv_loss": amount(offer.npv_loss, code),
        "npv_loss_rate": ratio(offer.npv_loss_rate),
        "break_even": ratio(offer.break_even),
    }


def rolls(found: Triage) -> list[dict[str, Any]]:
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
                    f"rate_to_{to}": None if rates is None else ratio(rates[other])
                    for other, to in enumerate(names)
                },
                "loans_now": found.history.counts[place],
                "loans_next": ratio(found.foretold[place]),
            }
        )
    return records


def rolls_document(found: Triage) -> dict[str, Any] | None:
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
                    {"bucket": to, "count": count, "rate": None if row is None else ratio(row[k])}
                    for k, (to, count) in enumerate(zip(names, found.moves[place], strict=True))
                ],
            }
            for place, name in enumerate(found.scheme.buckets)
            for row in [found.rates[place]]
        ],
        "expected": [
            {"bucket": name, "loans_now": now, "loans_next": ratio(then)}
            for name, now, then in zip(names, counts, found.foretold, strict=True)
        ],
        "backtest": None
        if test is None
        else {
            "months": [month.month for month in test.months],
            "learnt_from": test.learnt_from,
            "error": ratio(test.error),
            "error_unchanged": ratio(test.error_unchanged),
            "hit_rate": ratio(test.hit_rate),
            "hit_rate_unchanged": ratio(test.hit_rate_unchanged),
        },
    }
