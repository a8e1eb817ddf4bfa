"""Columns: where a book keeps the fields of its loans, and which figures are asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from restructure.comparison import HORIZONS
from restructure.errors import (
    InvalidValue,
    RestructureError,
    UnknownName,
    UsageError,
    nearest,
    shown,
)
from restructure.fields import FIELDS, option
from restructure.money import Currency
from restructure.words import say

TEXT, AMOUNT, RATE, COUNT, DATE = "text", "amount", "rate", "count", "date"

RESULTS: dict[str, str] = {
    "plan": TEXT,
    "measures": TEXT,
    "description": TEXT,
    "payment": AMOUNT,
    "lowest_payment": AMOUNT,
    "highest_payment": AMOUNT,
    "last_payment": AMOUNT,
    "instalments": COUNT,
    "periods": COUNT,
    "extra_periods": COUNT,
    "maturity": DATE,
    "total_paid": AMOUNT,
    "total_interest": AMOUNT,
    "total_charges": AMOUNT,
    "arrears": AMOUNT,
    "extra_cost": AMOUNT,
    "forgiven": AMOUNT,
    **{f"relief_{periods}": AMOUNT for periods in HORIZONS},
    "effective_rate": RATE,
    "npv_loss": AMOUNT,
    "npv_loss_rate": RATE,
}
"""Every figure of a loan and plan with its kind: those of `compare`, whose `name` is `plan` here
and whose `plan` is `measures`. Amounts are major units, rates fractions of 6 decimals."""

DEFAULT_COLUMNS = (
    "plan",
    "payment",
    "total_paid",
    "total_interest",
    "npv_loss",
    "effective_rate",
    "relief_3",
)

_INSTEAD = {
    "rate": "payment", "payment": "rate", "principal": "outstanding", "outstanding": "principal",
    "term": "remaining", "remaining": "term",
}  # fmt: skip
_LARGEST_EXPONENT = 4
"""The most decimals that a currency of ISO 4217 has."""


class Setting(NamedTuple):
    """What holds for a whole book, plans apart. It can be pickled.

    `fields` has the column of each loan field that the book holds; `given` the values that hold
    for all loans. `plan_column` names the column with plans of the loan's own ("" : none),
    `agreed` says whether the loan as agreed has a record, `prefix` stands in front of the names
    of the results.
    """

    fields: Mapping[str, str]
    given: Mapping[str, Any] = {}
    columns: tuple[str, ...] = DEFAULT_COLUMNS
    plan_column: str = ""
    agreed: bool = True
    prefix: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the results as they are written, prefix included."""
        return tuple(self.prefix + name for name in self.columns)

    @property
    def scale(self) -> int:
        """Decimals that hold every amount of the book exactly.

        The decimals of the one currency; 4 where a column gives the currency; 12 where a
        column gives the decimals.
        """
        if "decimals" in self.fields:
            return 12
        if "decimals" in self.given:
            return int(FIELDS["decimals"].read(self.given["decimals"], "decimals"))
        if "currency" in self.fields:
            return _LARGEST_EXPONENT
        return Currency.of(self.given.get("currency", "CNY")).exponent

    @property
    def default_rate(self) -> bool:
        """Whether the book says nothing of rates, so that 14.4 % is assumed for all its loans."""
        known = (*self.fields, *self.given)
        return "rate" not in known and "payment" not in known


def setting_for(
    header: Sequence[str],
    maps: Iterable[str] = (),
    given: Mapping[str, Any] | None = None,
    columns: Sequence[str] = DEFAULT_COLUMNS,
    plan_column: str = "",
    agreed: bool = True,
    prefix: str = "",
) -> Setting:
    """Return the setting for a book with these columns.

    A column that has the name of a field is that field. Each of `maps` is FIELD=COLUMN; an
    empty COLUMN says that the book's column of that name is something else. What is `given` for
    all loans wins over a column. Raises UnknownName and InvalidValue.
    """
    values = {name: value for name, value in (given or {}).items() if value is not None}
    for name, value in values.items():
        if name not in FIELDS:
            raise UnknownName(
                say("there is no such field.{hint}", hint=nearest(name, FIELDS)), field=name
            )
        FIELDS[name].read(value, name)
    fields = {name: name for name in FIELDS if name in header and name != plan_column}
    mapped: set[str] = set()
    for name, column in _pairs(maps):
        if name in mapped:
            raise UsageError(
                say("--map names the column of {name} twice; give it once.", name=name)
            )
        mapped.add(name)
        if not column:
            fields.pop(name, None)
            continue
        if column not in header:
            raise UnknownName(
                say(
                    "there is no column {column}.{hint} The columns are {names}.",
                    column=shown(column),
                    hint=nearest(column, header),
                    names=_listed(header),
                ),
                field="--map",
            )
        fields[name] = column
    for name in values:
        fields.pop(name, None)
        if _INSTEAD.get(name) not in values:
            fields.pop(_INSTEAD.get(name, ""), None)
    if plan_column and plan_column not in header:
        raise UnknownName(
            say(
                "there is no column {column}.{hint} The columns are {names}.",
                column=shown(plan_column),
                hint=nearest(plan_column, header),
                names=_listed(header),
            ),
            field="--plan-column",
        )
    made = Setting(fields, values, tuple(columns), plan_column, agreed, prefix)
    _check(made, header)
    return made


def wanted(text: str) -> tuple[str, ...]:
    """Return the figures that `text` names, separated by commas; `plan` is always the first."""
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in RESULTS:
            raise UnknownName(
                say(
                    "there is no figure {name}.{hint} The figures are {names}.",
                    name=shown(name),
                    hint=nearest(name, RESULTS),
                    names=", ".join(RESULTS),
                ),
                field="--columns",
            )
    return tuple(dict.fromkeys(["plan", *names]))


def _pairs(maps: Iterable[str]) -> Iterable[tuple[str, str]]:
    for text in maps:
        name, equals, column = text.partition("=")
        name = name.strip()
        if not equals:
            raise InvalidValue(
                say(
                    "{text} is not FIELD=COLUMN, as in principal=OutstandingBal.", text=shown(text)
                ),
                field="--map",
            )
        if name not in FIELDS:
            raise UnknownName(
                say(
                    "there is no field {name}.{hint} The fields are {names}.",
                    name=shown(name),
                    hint=nearest(name, FIELDS),
                    names=", ".join(FIELDS),
                ),
                field="--map",
            )
        yield name, column.strip()


def _listed(header: Sequence[str]) -> str:
    names = ", ".join(shown(name) for name in header[:30])
    return names + (", ..." if len(header) > 30 else "")


def _check(setting: Setting, header: Sequence[str]) -> None:
    """Raise for a book that cannot have a single good row, or whose names would clash."""
    known = {*setting.fields, *setting.given}
    ways = (("principal", "term"), ("outstanding", "remaining"))
    one, other = ways
    names = other if "outstanding" in known else one
    missing = [name for name in names if name not in known]
    if names[1] in missing and {"rate", "payment"} <= known:
        missing.remove(names[1])
    if missing:
        name = missing[0]
        raise InvalidValue(
            say(
                "is in no column. The columns are {names}; say which one it is with "
                "--map {field}=COLUMN, or give it for all loans with {option}.",
                names=_listed(header),
                field=name,
                option=option(name),
            ),
            field=name,
        )
    for name in setting.names:
        if name in header:
            raise InvalidValue(
                say(
                    "is a column of the book and a result as well. Give the results other names, "
                    "such as --prefix new_.",
                ),
                field=name,
            )


def figure_field(error: RestructureError, setting: Setting) -> str:
    """Return the column, option or field that an error is about; "" if it is none."""
    name = error.field
    if name in setting.fields:
        return setting.fields[name]
    return option(name) if name in setting.given else name
