"""Dated flows: the CSV file that holds them, and all their yields beside each other."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from restructure.errors import InvalidValue, UnreadableFile, shown
from restructure.money import LARGEST, number
from restructure.reading import name_of, read_text
from restructure.words import say
from restructure.yields import (
    CONVENTIONS,
    Yield,
    apr_us,
    aprc,
    nominal_irr_of,
    unit_period_of,
    xirr,
)
from restructure.yields._aprc import convention_named
from restructure.yields._times import unit_named

HEADER = ("date", "amount")
_SHAPE = say(
    "The first line is date,amount; each other line is a flow, such as "
    "2026-01-31,-50000 for what the lender pays out or 2026-02-28,4498.77 for what "
    "it is paid."
)
_LARGEST_FILE = 10_000_000

Flow = tuple[date, Decimal]


class Flows(NamedTuple):
    """Flows in order of their dates, with what is worth saying of the file."""

    flows: list[Flow]
    notes: list[str]


class Line(NamedTuple):
    """One yield: its name, the rate or the reason, and how it is counted."""

    name: str
    found: Yield
    convention: str


class Yields(NamedTuple):
    """The yields of the flows of one file."""

    flows: list[Flow]
    lines: list[Line]
    notes: list[str]


def read_flows(path: str) -> Flows:
    """Read a CSV file of flows; "-" is standard input.

    Raises UnreadableFile for a file that is missing, a folder, not UTF-8 or without flows;
    InvalidValue, with file and line, for a date or an amount that is none.
    """
    name = name_of(path)
    rows = csv.reader(read_text(path, say("a CSV file"), _LARGEST_FILE).splitlines())
    flows: list[Flow] = []
    header: list[str] | None = None
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise UnreadableFile(
                say(
                    "{name}, line {line_num}: is not CSV ({error}).",
                    name=name,
                    line_num=rows.line_num,
                    error=error,
                )
            ) from error
        if row is None:
            break
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if header is None:
            header = [cell.lower() for cell in cells]
            missing = [word for word in HEADER if word not in header]
            if missing:
                raise UnreadableFile(
                    say(
                        "{name}, line {line_num}: the header has no column {missing}. {shape}",
                        name=name,
                        line_num=rows.line_num,
                        missing=missing[0],
                        shape=_SHAPE,
                    )
                )
            continue
        where = f"{name}, line {rows.line_num}"
        if len(cells) != len(header):
            raise InvalidValue(
                say(
                    "{where}: has {cells} cells, and the header {header}. A decimal point is a "
                    "point, and amounts have no separators.",
                    where=where,
                    cells=len(cells),
                    header=len(header),
                )
            )
        cell = dict(zip(header, cells, strict=True))
        flows.append((_date(cell["date"], where), _amount(cell["amount"], where)))
    if header is None:
        raise UnreadableFile(say("{name}: is empty. {shape}", name=name, shape=_SHAPE))
    if not flows:
        raise UnreadableFile(
            say("{name}: has a header and no flows. {shape}", name=name, shape=_SHAPE)
        )
    ordered = sorted(flows, key=lambda flow: flow[0])
    notes: list[str] = []
    if ordered != flows:
        notes.append(
            say("{name}: the dates are not in order; the flows were sorted by date.", name=name)
        )
    if not (any(amount < 0 for _, amount in flows) and any(amount > 0 for _, amount in flows)):
        sign = "below" if any(amount < 0 for _, amount in flows) else "above"
        raise InvalidValue(
            say(
                "{name}: no amount is {side} 0, so the flows never change sign and have no "
                "yield. Write what the lender pays out below 0 and what it is paid above 0.",
                name=name,
                side=say("above") if sign == "below" else say("below"),
            )
        )
    return Flows(ordered, notes)


def _date(text: str, where: str) -> date:
    try:
        if len(text) == 10 and text.isascii():
            return date.fromisoformat(text)
        problem = ""
    except ValueError as error:
        problem = say(" ({error})", error=error)
    raise InvalidValue(
        say(
            "{where}: {text} is not a date{problem}; write year-month-day, such as 2026-02-28.",
            where=where,
            text=shown(text),
            problem=problem,
        ),
        field="date",
    )


def _amount(text: str, where: str) -> Decimal:
    try:
        amount = number(text, "amount", say("an amount, such as -50000 or 4498.77"))
    except InvalidValue as error:
        raise InvalidValue(say("{where}: {error}", where=where, error=error)) from error
    if abs(amount) > LARGEST:
        raise InvalidValue(
            say(
                "{where}: {text} is above the largest amount, 10^15.", where=where, text=shown(text)
            ),
            field="amount",
        )
    return amount


def all_yields(read: Flows, convention: str = "eu", unit_period: str | None = None) -> Yields:
    """Return every yield of flows: effective, US, EU or UK, and China's two."""
    flows = read.flows
    convention = convention_named(convention, "aprc")
    unit = None if unit_period is None else unit_named(unit_period)
    advances = [(day, -amount) for day, amount in flows if amount < 0]
    payments = [(day, amount) for day, amount in flows if amount > 0]
    notes = list(read.notes)
    first = advances[0][0]
    if payments[0][0] < first:
        us = Yield(
            None,
            say(
                "a payment on {payments} comes before the first advance on {first}",
                payments=payments[0][0],
                first=first,
            ),
        )
        counted = say("actuarial method")
    else:
        us = apr_us(advances, payments, unit)
        used = unit or unit_period_of(advances, payments)
        counted = say("unit-period: {name}", name=used.name)
    nominal = nominal_irr_of(flows)
    return Yields(
        flows,
        [
            Line("effective_rate", xirr(flows), say("compound, days / 365")),
            Line("apr_us", us, say("nominal, Regulation Z, {counted}", counted=counted)),
            Line(
                "aprc",
                aprc(flows, convention),
                say("compound, {CONVENTIONS}", CONVENTIONS=CONVENTIONS[convention]),
            ),
            Line(
                "nominal_irr_compound",
                nominal.compound,
                say("compound, equal periods (PBoC 2021 No. 3)"),
            ),
            Line(
                "nominal_irr_simple",
                nominal.simple,
                say("simple, equal periods (PBoC 2021 No. 3)"),
            ),
        ],
        notes,
    )
