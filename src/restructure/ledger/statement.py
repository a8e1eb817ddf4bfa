"""Statements: a payment history as banks export it, a CSV file with a header.

Nothing is guessed: columns are found by name, dates and numbers have one stated form each, and
a line that does not fit is refused with file and line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from restructure.errors import InvalidValue, UnknownName, UnreadableFile, nearest, shown
from restructure.ledger.movements import MOVEMENT_KINDS, Movement
from restructure.money import Currency
from restructure.reading import name_of, read_text
from restructure.words import say

COLUMNS = ("date", "amount", "currency", "kind", "reference")
NUMBER_FORMATS = ("1234.56", "1,234.56", "1234,56", "1.234,56", "1 234,56", "1'234.56")
DUPLICATES = ("refuse", "keep", "drop")
_SPACES = " \u00a0\u202f"


class Form(NamedTuple):
    """How a statement is written.

    `names` maps date, amount, currency, kind and reference to the header's names, and payment,
    reversal, fee and cost to the words in the column of kinds. `dates` is written with YYYY,
    MM, DD (M, D without zeros), `numbers` is one of NUMBER_FORMATS.
    """

    names: dict[str, str] = {}  # noqa: RUF012
    dates: str = "YYYY-MM-DD"
    numbers: str = "1234.56"
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    duplicates: str = "refuse"


def form_of(
    maps: Iterable[str] = (),
    dates: str | None = None,
    numbers: str | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    duplicates: str | None = None,
) -> Form:
    """Read how a statement is written; each of `maps` is "date=Buchungstag,amount=Betrag"."""
    names: dict[str, str] = {}
    known = (*COLUMNS, *MOVEMENT_KINDS)
    for text in maps:
        for part in text.split(","):
            name, equals, given = part.partition("=")
            name = name.strip().lower()
            if not equals or not given.strip():
                raise InvalidValue(
                    say("{part} is not NAME=TEXT, as in date=Day.", part=shown(part)), field="map"
                )
            if name not in known:
                raise UnknownName(
                    say("{name} is none of {names}.", name=shown(name), names=", ".join(known))
                    + nearest(name, known),
                    field="map",
                )
            names[name] = given.strip()
    form = Form(
        names,
        dates or "YYYY-MM-DD",
        numbers or "1234.56",
        {"tab": "\t", "\\t": "\t"}.get(delimiter or ",", delimiter or ","),
        encoding or "utf-8-sig",
        duplicates or "refuse",
    )
    _date_pattern(form.dates)
    for value, allowed, field in (
        (form.numbers, NUMBER_FORMATS, "number_format"),
        (form.duplicates, DUPLICATES, "duplicates"),
    ):
        if value not in allowed:
            quoted = ", ".join(allowed)
            raise UnknownName(
                say("{value} is not one of {quoted}.", value=shown(value), quoted=quoted)
                + nearest(value, allowed),
                field=field,
            )
    if len(form.delimiter) != 1:
        raise InvalidValue(
            say(
                "{delimiter} is not one character, such as ; or tab.",
                delimiter=shown(form.delimiter),
            ),
            field="delimiter",
        )
    return form


def read_statement(path: str, form: Form, currency: Currency, start: date) -> list[Movement]:
    """Read the movements of a statement; "-" is standard input.

    An amount below 0 in a line of payment is a reversal. Raises UnreadableFile, InvalidValue or
    UnknownName with file, line and field.
    """
    text = _text(path, form.encoding)
    return list(_movements(name_of(path), text, form, currency, start))


_LARGEST = 500_000_000


def _text(path: str, encoding: str) -> str:
    try:
        return read_text(path, say("a CSV file"), _LARGEST, encoding)
    except LookupError as error:
        raise UnknownName(
            say(
                "{encoding} is not an encoding such as utf-8, gb18030 or cp1252.",
                encoding=shown(encoding),
            ),
            field="encoding",
        ) from error
    except UnreadableFile as error:
        if isinstance(error.__cause__, UnicodeDecodeError):
            raise UnreadableFile(
                say("{error} Or state --encoding (gb18030, cp1252).", error=error)
            ) from error
        raise


def _movements(
    path: str, text: str, form: Form, currency: Currency, start: date
) -> Iterator[Movement]:
    rows = csv.reader(io.StringIO(text), delimiter=form.delimiter)
    header = next(rows, None)
    if header is None or not any(header):
        raise UnreadableFile(say("{path}: is empty; its first line names the columns.", path=path))
    at = _columns(path, header, form)
    to_date, to_amount = _date_reader(form.dates), _amount_reader(form.numbers, currency)
    words = {form.names.get(kind, kind).lower(): kind for kind in MOVEMENT_KINDS}
    seen: dict[tuple[Any, ...], int] = {}
    end = len(header)
    for cells in _checked(path, rows):
        line = rows.line_num
        where = f"{path}, line {line}"
        if not any(cells):
            continue
        if len(cells) != end:
            raise InvalidValue(
                say(
                    "{where}: has {cells} cells, and the header {end}; quote a cell that holds "
                    "{delimiter}.",
                    where=where,
                    cells=len(cells),
                    end=end,
                    delimiter=shown(form.delimiter),
                )
            )
        kind = "payment"
        if "kind" in at:
            word = cells[at["kind"]].strip()
            if word.lower() not in words:
                given = ", ".join(words)
                raise UnknownName(
                    say(
                        "{where}: kind: {word} is not one of {given}; say what it is with "
                        "--map, such "
                        "as --map reversal={value}, or take the line out.",
                        where=where,
                        word=shown(word),
                        given=given,
                        value=word or "WORD",
                    )
                )
            kind = words[word.lower()]
        day = to_date(cells[at["date"]], where)
        amount = to_amount(cells[at["amount"]], where)
        if "currency" in at:
            code = cells[at["currency"]].strip()
            if code.upper() != currency.code:
                raise InvalidValue(
                    say(
                        "{where}: currency: {code} is not that of the loan, {code2}. Take the line "
                        "out, or convert it.",
                        where=where,
                        code=shown(code),
                        code2=currency.code,
                    )
                )
        if amount < 0 and kind in ("payment", "reversal"):
            kind, amount = "reversal", -amount
        if amount <= 0:
            raise InvalidValue(
                say(
                    "{where}: amount: {cells} is not above 0",
                    where=where,
                    cells=shown(cells[at["amount"]]),
                )
                + ("." if kind in ("fee", "cost") else say("; a returned payment is below 0."))
            )
        if day < start:
            raise InvalidValue(
                say(
                    "{where}: date: {day} is before the loan was drawn, {start}. Take the line "
                    "out, or correct the date or the loan's start.",
                    where=where,
                    day=day,
                    start=start,
                )
            )
        reference = cells[at["reference"]].strip() if "reference" in at else ""
        if form.duplicates != "keep":
            key = (day, amount, kind, reference)
            if key in seen:
                if form.duplicates == "drop":
                    continue
                raise InvalidValue(
                    say(
                        "{where}: repeats line {seen} (same date, amount, kind{extra}). Take "
                        "it out; "
                        "or, if both are right, state --duplicates keep; if the export repeats "
                        "lines, "
                        "drop.",
                        where=where,
                        seen=seen[key],
                        extra=(say(" and reference") if "reference" in at else ""),
                    )
                )
            seen[key] = line
        yield Movement(day, amount, kind, reference, where)


def _checked(path: str, rows: Any) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error as error:
        raise UnreadableFile(
            say(
                "{path}, line {line_num}: is not CSV ({error}).",
                path=path,
                line_num=rows.line_num,
                error=error,
            )
        ) from error


def _columns(path: str, header: list[str], form: Form) -> dict[str, int]:
    names = [name.strip() for name in header]
    lower = [name.lower() for name in names]
    at = {}
    for column in COLUMNS:
        wanted = form.names.get(column, column)
        if wanted.lower() in lower:
            if lower.count(wanted.lower()) > 1:
                raise InvalidValue(
                    say(
                        "{path}, line 1: there are two columns {wanted}.",
                        path=path,
                        wanted=shown(wanted),
                    )
                )
            at[column] = lower.index(wanted.lower())
        elif column in ("date", "amount") or column in form.names:
            raise UnknownName(
                say(
                    "{path}, line 1: there is no column {wanted} for the {column}. The columns are "
                    "{names}; name it with --map {column}=COLUMN.",
                    path=path,
                    wanted=shown(wanted),
                    column=column,
                    names=", ".join(map(shown, names)),
                )
            )
    return at


def _date_pattern(form: str) -> re.Pattern[str]:
    parts = re.split("(YYYY|MM|DD|M|D)", form)
    letters = sorted(part[0] for part in parts[1::2])
    if letters != ["D", "M", "Y"]:
        raise InvalidValue(
            say(
                "{form} does not say where year, month and day stand; write for instance "
                "YYYY-MM-DD, DD.MM.YYYY or MM/DD/YYYY.",
                form=shown(form),
            ),
            field="date_format",
        )
    digits = {"YYYY": "([0-9]{4})", "MM": "([0-9]{2})", "DD": "([0-9]{2})"}
    pattern = "".join(
        digits.get(part, "([0-9]{1,2})") if k % 2 else re.escape(part)
        for k, part in enumerate(parts)
    )
    return re.compile(pattern + r"\Z", re.ASCII)


def _date_reader(form: str) -> Any:
    pattern = _date_pattern(form)
    order = [part[0] for part in re.findall("YYYY|MM|DD|M|D", form)]
    year, month, day = (order.index(letter) + 1 for letter in "YMD")
    known: dict[str, date] = {}

    def read(text: str, where: str) -> date:
        if text in known:
            return known[text]
        match = pattern.match(text.strip())
        try:
            if match is None:
                raise ValueError
            known[text] = date(int(match[year]), int(match[month]), int(match[day]))
        except ValueError as error:
            raise InvalidValue(
                say(
                    "{where}: date: {text} is not a date of the calendar written {form}; state "
                    "another form with --date-format, such as DD.MM.YYYY.",
                    where=where,
                    text=shown(text),
                    form=form,
                )
            ) from error
        return known[text]

    return read


def _amount_reader(form: str, currency: Currency) -> Any:
    point = form[-3]
    group = form[1] if len(form) == 8 else ""
    groups = f"[{_SPACES}]" if group == " " else re.escape(group)
    whole = rf"[0-9]{{1,3}}(?:{groups}[0-9]{{3}})+|[0-9]+" if group else "[0-9]+"
    pattern = re.compile(rf"([+-]?)({whole})(?:{re.escape(point)}([0-9]+))?\Z", re.ASCII)
    exponent = currency.exponent

    def read(text: str, where: str) -> int:
        match = pattern.match(text.strip())
        if match is None:
            raise InvalidValue(
                say(
                    "{where}: amount: {text} is not a number written as {form}; state another form "
                    "with --number-format: {names}.",
                    where=where,
                    text=shown(text),
                    form=form,
                    names=", ".join(NUMBER_FORMATS),
                )
            )
        digits = "".join(c for c in match[2] if c.isdigit())
        decimals = match[3] or ""
        if len(decimals) > exponent and decimals[exponent:].strip("0"):
            raise InvalidValue(
                say(
                    "{where}: amount: {text} has more decimals than {code} has ({exponent}).",
                    where=where,
                    text=shown(text),
                    code=currency.code,
                    exponent=exponent,
                )
            )
        if len(digits) > 16:
            currency.minor(Decimal(digits), f"{where}: amount")
        minor = int(digits + decimals[:exponent].ljust(exponent, "0"))
        return -minor if match[1] == "-" else minor

    return read
