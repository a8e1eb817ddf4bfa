"""What a measure is made of: a name, a value, keys, its effect on a loan, and its words.

A measure is one module of this package whose name is the measure's (`set-aside` lives in
`set_aside.py`) and which holds one subclass of Measure. Nothing else registers it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple, cast

from restructure.errors import InvalidValue, PlanSyntaxError, RestructureError, nearest, shown
from restructure.loan import Loan
from restructure.money import number
from restructure.quantity import Quantity
from restructure.rates import Rate
from restructure.words import say

MOST = 5200
"""The largest count in a plan: the weeks of 100 years."""


class Slot(NamedTuple):
    """One place for a value: how it is read, how the grammar shows it, what it means."""

    read: Callable[[object, str], Any]
    form: str
    help: str
    default: Any = None


def count_slot(help: str, default: Any = None, *, least: int = 0, form: str = "N") -> Slot:
    """Return a slot for a whole number from `least` to 5200."""

    def read(value: object, field: str) -> int:
        allowed = say("a whole number from {least} to {most}", least=least, most=MOST)
        found = number(value, field, allowed)
        if found != int(found) or not least <= found <= MOST:
            raise InvalidValue(
                say("{value} is not {allowed}.", value=shown(value), allowed=allowed), field=field
            )
        return int(found)

    return Slot(read, form, help, default)


def all_or_count_slot(help: str) -> Slot:
    """Return a slot for a count of instalments or `all` (None), which is the default."""
    whole = count_slot(help)

    def read(value: object, field: str) -> int | None:
        if value is None or value == "all":
            return None
        try:
            return cast(int, whole.read(value, field))
        except InvalidValue as error:
            raise InvalidValue(say("{error} Or 'all'.", error=error)) from error

    return Slot(read, "all|N", help, "all")


def choice_slot(help: str, *names: str) -> Slot:
    """Return a slot for one of `names`, the first of which is the default."""

    def read(value: object, field: str) -> str:
        if value not in names:
            raise InvalidValue(
                say("{value} is not one of {names}.", value=shown(value), names=", ".join(names))
                + nearest(str(value), names),
                field=field,
            )
        return str(value)

    return Slot(read, "|".join(names), help, names[0])


def quantity_slot(help: str, default: Any = None) -> Slot:
    """Return a slot for an amount or a percentage; what is too much, the measure refuses."""
    return Slot(Quantity.of, "AMOUNT|P%", help, default)


def date_slot(help: str) -> Slot:
    """Return a slot for a day of the calendar, such as 2026-03-31."""

    def read(value: object, field: str) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError as error:
            raise InvalidValue(
                say(
                    "{value} is not a day of the calendar, written as 2026-03-31.",
                    value=shown(value),
                ),
                field=field,
            ) from error

    return Slot(read, "DATE", help)


def rate_slot(help: str, form: str = "R") -> Slot:
    """Return a slot for a rate, such as 10% or 1%/month."""

    def read(value: object, field: str) -> Rate | str:
        Rate.of(value, field)  # the loan's day count decides what a rate a day is a year
        return value if isinstance(value, str) else Rate.of(value, field)

    return Slot(read, form, help)


class Measure:
    """One relief step: it maps a Loan to a Loan and says in words what it does.

    Subclasses declare `name`, `summary`, `example`, `value` (None if the value may be left
    out) and `keys`, and define `apply` and `describe`. `Deferral(3, interest="simple")`
    reads its arguments exactly as the grammar does.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    example: ClassVar[str]
    value: ClassVar[Slot]
    keys: ClassVar[dict[str, Slot]] = {}
    value_optional: ClassVar[bool] = False
    dated: ClassVar[bool] = False
    """Whether the measure needs a loan with dates, which its examples then get."""
    reads_count: ClassVar[bool] = False
    """Whether `apply` depends on the count of instalments still to come: a search that adds
    instalments then keeps to the written order."""
    tries: ClassVar[dict[str, list[str]]] = {}
    """More examples for the manual: values for a key, or ("") whole plans."""

    def __init__(self, value: object = None, **keys: object) -> None:
        """Read the value and the keys; raises PlanSyntaxError with what is allowed."""
        self.given: dict[str, Any] = {}
        try:
            if value is not None:
                self.given["value"] = self.value.read(value, self.name)
            elif not self.value_optional:
                raise InvalidValue(
                    say(
                        "needs a value, as in {example}: {help}.",
                        example=self.example,
                        help=self.value.help,
                    ),
                    field=self.name,
                )
            for key, text in keys.items():
                if key.rstrip("_") not in self.keys:
                    have = ", ".join(f"{k}=" for k in self.keys) or "none"
                    raise InvalidValue(
                        say("has no key {key} (its keys: {have}).", key=shown(key), have=have)
                        + nearest(key, self.keys),
                        field=self.name,
                    )
                name = key.rstrip("_")
                self.given[name] = self.keys[name].read(text, f"{self.name} {name}=")
            for key, slot in self.keys.items():
                if key not in self.given:
                    default = None if slot.default is None else slot.read(slot.default, key)
                    self.given[key] = default
            self.check()
        except PlanSyntaxError:
            raise
        except RestructureError as error:
            raise PlanSyntaxError(error.text) from error
        self.text = self._text(value, keys)

    def _text(self, value: object, keys: dict[str, object]) -> str:
        head = self.name if value is None else f"{self.name}:{_plain(value)}"
        tail = [f"{key.rstrip('_')}={_plain(text)}" for key, text in keys.items()]
        if value is None and tail:
            return f"{head}:" + ",".join(tail)
        return ",".join([head, *tail])

    def check(self) -> None:
        """Raise InvalidValue if value and keys do not go together; by default nothing."""

    def apply(self, loan: Loan) -> Loan:
        """Return the loan after the measure. The loan given is located, and is not changed."""
        raise NotImplementedError

    def describe(self, loan: Loan) -> str:
        """Return what the measure does to `loan` (before it), as a clause in plain words."""
        raise NotImplementedError

    def follows(self, loan: Loan) -> str:
        """Return what follows, in words, where this is the only measure; by default nothing."""
        return ""

    # Typed access to what was read.

    def count(self, key: str = "value") -> int:
        """Return a whole number that was read."""
        return cast(int, self.given[key])

    def count_or_all(self, key: str) -> int | None:
        """Return a whole number that was read, or None for all."""
        return cast("int | None", self.given[key])

    def quantity(self, key: str = "value") -> Quantity:
        """Return an amount or percentage that was read."""
        return cast(Quantity, self.given[key])

    def word(self, key: str) -> str:
        """Return a choice that was read."""
        return cast(str, self.given[key])

    def day(self, key: str = "value") -> date:
        """Return a day that was read."""
        return cast(date, self.given[key])

    def rate(self, loan: Loan, key: str = "value") -> Fraction:
        """Return a nominal annual rate that was read."""
        return Rate.of(self.given[key], self.name, loan.day_year).annual


def _plain(value: object) -> str:
    return value.text if isinstance(value, Quantity) else str(value)


def instalment_of(loan: Loan) -> int:
    """Return the as-agreed instalment of a located loan."""
    if loan.instalment is None:
        raise ValueError("locate the loan before measures act on it")
    return loan.instalment
