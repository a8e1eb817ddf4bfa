"""The view of a comparison: JSON fields of design, columns of the table, the best marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from restructure.comparison import HORIZONS, Comparison, PlanResult
from restructure.loan import Loan
from restructure.rates import rate_number as rate_number
from restructure.render import book
from restructure.render._view import Cell, Column, Setting, Table, View
from restructure.words import Text, join, say


def view(comparison: Comparison, schedules: bool = False, yields: Sequence[str] = ()) -> View:
    """Return the view of a comparison, with the rows of each plan if `schedules`.

    `yields` names the yields of `restructure.disclosure` that are wanted besides.
    """
    return View(
        document=lambda: document(comparison, schedules, yields),
        records=lambda: [flat(line, yields) for line in comparison.plans],
        lines=lambda: [plan(line, schedules, yields) for line in comparison.plans],
        table=lambda: table(comparison, yields),
        page=None if yields else lambda setting: _page(comparison, setting),
        book=lambda: book(comparison),
    )


def _page(comparison: Comparison, setting: Setting) -> str:
    from restructure.render._page import Page
    from restructure.render._page.report import report

    return report(comparison, Page(comparison.loan.currency, setting.lang))


def document(comparison: Comparison, schedules: bool, yields: Sequence[str] = ()) -> dict[str, Any]:
    """Return the document `restructure.compare/1`."""
    return {
        "schema": "restructure.compare/1",
        "currency": comparison.loan.currency.code,
        "loan": {**loan(comparison.loan), **_loan_yields(comparison, yields)},
        "notes": comparison.notes,
        "plans": [plan(line, schedules, yields) for line in comparison.plans],
    }


def _loan_yields(comparison: Comparison, yields: Sequence[str]) -> dict[str, Any]:
    if not yields:
        return {}
    from restructure.disclosure import loan_flows, yield_of

    flows = loan_flows(comparison)
    return {name: rate_number(yield_of(name, flows).rate) for name in yields}


def _plan_yield(line: PlanResult, name: str) -> float | None:
    from restructure.disclosure import plan_flows, yield_of

    return yield_of(name, plan_flows(line)).rate


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
        **_contract(found),
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


def _contract(found: Loan) -> dict[str, Any]:
    """Return what the contract says of dates and of interest besides."""
    calendar, money = found.calendar, found.currency.decimal
    return {
        "due_day": (calendar and calendar.due_day) or None,
        "maturity": calendar and calendar.last and calendar.last[1],
        "odd_first": "actual" if calendar and calendar.odd_days else "day-count",
        "business_days": (calendar and calendar.rule) or "none",
        "holidays": (calendar and calendar.holidays) or None,
        "rate_changes": [
            {"from": reset.day, "rate": rate_number(reset.rate)} for reset in found.resets
        ],
        "skip_months": list(found.skipped),
        "interest_months": list(found.interest_months),
        "unpaid_interest": "us-rule" if found.unpaid.waits else "capitalise",
        "capitalise_every": found.unpaid.every,
        "principal_parts": [money(part) for part in found.parts],
    }


def _rounding(found: Loan) -> str:
    up, step, least, even = found.instalment_rounding
    mode = "even" if even else "least" if least else "up" if up else ""
    if step == 1:
        return mode or "nearest"
    return (mode and f"{mode}:") + f"{found.currency.decimal(step).normalize():f}"


def plan(line: PlanResult, schedules: bool = False, yields: Sequence[str] = ()) -> dict[str, Any]:
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
    record.update((name, rate_number(_plan_yield(line, name))) for name in yields)
    if schedules:
        from restructure.render._schedule import row_record

        record["schedule"] = [row_record(row) for row in line.schedule.rows]
    return record


def flat(line: PlanResult, yields: Sequence[str] = ()) -> dict[str, Any]:
    """Return one line of a comparison for CSV: relief as relief_3 and so on."""
    record = plan(line, yields=yields)
    relief = record.pop("relief", dict.fromkeys(map(str, HORIZONS)))
    reason = record.pop("refused", "")
    out: dict[str, Any] = {}
    for name, value in record.items():
        if name == "effective_rate":
            out.update({f"relief_{periods}": amount for periods, amount in relief.items()})
        out[name] = value
    return {**out, "refused": reason}


def _rounded(rate: float | None, digits: int) -> float | None:
    return None if rate is None else round(rate, digits)


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


_FREED = say("freed: what is paid less than as agreed")
_LOSES = say("lender loses: in present value, at the original effective rate")


class _Kind(NamedTuple):
    """A column of the comparison: its figure, how it is written, and what is best in it.

    `judged` is what is compared where that is not the figure as shown.
    """

    column: Column
    figure: Callable[[PlanResult], Any]
    text: Callable[[Any], str]
    most: bool = False
    judged: Callable[[PlanResult], Any] | None = None


def table(comparison: Comparison, yields: Sequence[str] = ()) -> Table:
    """Return the table for people."""
    lines, money = comparison.plans, comparison.loan.currency
    every = comparison.loan.every

    def amount(value: Decimal) -> str:
        return f"{value:,.{money.exponent}f}"

    def rate(value: float | None) -> str:
        return say("none") if value is None else f"{value * 100:.2f} %"

    # Where two rates look alike, or two losses differ by rounding alone, no plan is better.
    kinds = [
        _Kind(Column(say("instalment")), lambda p: p.payment, amount),
        _Kind(Column(every.heading, optional=6), lambda p: p.periods, str),
        _Kind(Column(say("interest"), optional=3), lambda p: p.total_interest, amount),
        _Kind(Column(say("extra cost"), optional=7), lambda p: p.extra_cost, amount),
        _Kind(
            Column(say("freed in\n{span}", span=every.noun(3)), optional=5, help=_FREED),
            _freed(3),
            amount,
            most=True,
        ),
        _Kind(
            Column(say("freed in\n{span}", span=every.noun(6)), optional=2, help=_FREED),
            _freed(6),
            amount,
            most=True,
        ),
        _Kind(
            Column(say("effective\nrate"), optional=1),
            lambda p: p.effective_rate,
            rate,
            judged=lambda p: _rounded(p.effective_rate, 4),
        ),
        _Kind(
            Column(say("lender\nloses"), optional=4, help=_LOSES),
            lambda p: p.npv_loss,
            amount,
            judged=lambda p: _rounded(p.npv_loss_rate, 5),
        ),
    ]
    kinds += [_yield_kind(name, rate) for name in yields]
    best = [_best(lines, kind.judged or kind.figure, kind.most) for kind in kinds]
    rows = []
    for position, line in enumerate(lines):
        if line.refused:
            rows.append([Cell(_label(line)), Cell(say("refused")), *[Cell("")] * (len(kinds) - 1)])
            continue
        cells = [Cell(_label(line))]
        for kind, winners in zip(kinds, best, strict=True):
            cells.append(Cell(kind.text(kind.figure(line)), position in winners))
        cells[1] = cells[1]._replace(text=join("\n", [cells[1].text, *_differing(line, amount)]))
        rows.append(cells)
    below: list[str | tuple[str, str]] = [(_label(line), _words(line)) for line in lines]
    if yields:
        of_loan = _loan_yields(comparison, yields)
        shown = [join(" ", [n, rate(None if v is None else float(v))]) for n, v in of_loan.items()]
        below.append(say("The loan as drawn, with its fee: {names}.", names=join(", ", shown)))
    from restructure.render._title import title

    return Table(
        title(comparison.loan),
        [Column(say("plan"), right=False), *(kind.column for kind in kinds)],
        rows,
        below,
        star=say("the best of the plans in its column"),
    )


def _yield_kind(name: str, rate: Callable[[float | None], str]) -> _Kind:
    from restructure.disclosure import YIELDS

    column = Column(
        name.replace("_", "\n", 1), help=say("{name}: {yields}", name=name, yields=YIELDS[name][0])
    )

    def figure(line: PlanResult) -> float | None:
        return _plan_yield(line, name)

    return _Kind(column, figure, rate, judged=lambda line: _rounded(figure(line), 4))


def _freed(periods: int) -> Callable[[PlanResult], Decimal]:
    return lambda line: line.relief_within(periods)


def _label(line: PlanResult) -> str:
    """Return the plan's name for people: on one line."""
    return line.name if isinstance(line.name, Text) else " ".join(line.name.split())


def _words(line: PlanResult) -> str:
    """Return what the plan does, behind its grammar if the name hides it; or why it is refused."""
    words = (
        say("refused: {refused}", refused=line.refused)
        if line.refused
        else say("{description}.", description=line.description)
    )
    return (
        say("[{plan}] {words}", plan=line.plan, words=words)
        if line.plan not in ("", line.name)
        else words
    )


def _differing(line: PlanResult, amount: Callable[[Decimal], str]) -> list[str]:
    """Return the first and last payments where they differ from the usual one."""
    found: list[str] = []
    if line.arrears:
        found.append(say("now {amount}", amount=amount(line.arrears)))
    if line.first_payment != line.payment:
        found.append(say("first {amount}", amount=amount(line.first_payment)))
    if line.last_payment != line.payment:
        found.append(say("last {amount}", amount=amount(line.last_payment)))
    return found
