"""Rates and periods: nominal annual rates as exact fractions, and what a period bears.

Units: a rate is a fraction of principal a year (0.144 for 14.4 %). Without dates all periods
are equal: a month is 1/12 of a year, a week 1/52 (12 equal months and 52 weeks, as in
Directive 2008/48/EC, Annex I, and the unit periods of Regulation Z, Appendix J).
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from fractions import Fraction
from typing import NamedTuple

from restructure.errors import InvalidValue, nearest, shown
from restructure.money import number
from restructure.words import Text, say, say_as, say_n

HIGHEST = 100
"""The highest nominal annual rate accepted: 100, that is 10,000 %."""

_FORM = say("a rate such as 14.4, 14.4%, 1.2%/month or 0.04%/day")
_PERCENT = re.compile(r"\s*([^%/]*?)\s*(%?)\s*(?:/\s*([A-Za-z]+))?\s*\Z")
_UNITS = {
    "year": 1, "a": 1, "y": 1, "annum": 1, "month": 12, "m": 12, "quarter": 4, "week": 52,
    "w": 52, "half": 2, "day": 0, "d": 0,
}  # fmt: skip


class Rate(NamedTuple):
    """A nominal annual rate and the form in which it was written."""

    annual: Fraction
    unit: str = "year"
    bare: bool = True

    @classmethod
    def of(cls, value: object, field: str = "rate", day_year: int = 360) -> Rate:
        """Read a rate: 14.4 and 14.4% are a year, 1.2%/month is times 12.

        A rate a day is times 360 under 30/360 and Act/360, times 365 under Act/365
        (`day_year`). Raises InvalidValue for anything else, below 0 or above 10,000 %.
        """
        if isinstance(value, Rate):
            return value
        if isinstance(value, Fraction):
            return cls(_in_range(value, field))
        text = value if isinstance(value, str) else ""
        match = _PERCENT.match(text) if text else None
        if match is None:
            return cls(_in_range(Fraction(number(value, field, _FORM)) / 100, field))
        digits, sign, unit = match.groups()
        unit = (unit or "year").lower()
        if unit not in _UNITS:
            raise InvalidValue(
                say(
                    "{text} is not {form}: the unit is year, quarter, month, week or day.",
                    text=shown(text),
                    form=_FORM,
                )
                + nearest(unit, ("year", "quarter", "month", "week", "day")),
                field=field,
            )
        try:
            percent = Fraction(number(digits, field, _FORM))
        except InvalidValue as error:
            if not digits.strip() and text.strip():
                raise InvalidValue(
                    say("{text} is not {form}.", text=shown(text), form=_FORM), field=field
                ) from error
            raise
        times = _UNITS[unit] or day_year
        name = {12: "month", 4: "quarter", 52: "week", 2: "half", 1: "year"}.get(times, "day")
        annual = _in_range(percent * times / 100, field)
        return cls(annual, "day" if _UNITS[unit] == 0 else name, not sign)


def signed_rate(text: str, field: str, day_year: int = 360) -> Fraction:
    """Read the nominal annual rate of a contract's rate change, which may be below 0.

    A reference rate may fall below 0, and a contract without a floor follows it. At least
    -100 %.
    """
    text = text.strip()
    if not text.startswith(("-", "\u2212")):
        return Rate.of(text, field, day_year).annual
    annual = -Rate.of(text[1:], field, day_year).annual
    if annual < -1:
        raise InvalidValue(
            say("{annual} is below -100 %; give {form}.", annual=percent_text(annual), form=_FORM),
            field=field,
        )
    return annual


def _in_range(annual: Fraction, field: str) -> Fraction:
    if annual < 0:
        raise InvalidValue(
            say("{annual} is below 0; give {form}.", annual=percent_text(annual), form=_FORM),
            field=field,
        )
    if annual > HIGHEST:
        raise InvalidValue(
            say(
                "{annual} is above 10,000 % a year; give {form}.",
                annual=shown(percent_text(annual)),
                form=_FORM,
            ),
            field=field,
        )
    return annual


def percent_text(rate: Fraction | float, digits: int = 6) -> str:
    """Return a rate for people: "14.4 %"; at most `digits` decimals, no trailing zeros."""
    text = f"{float(rate) * 100:.{digits}f}"
    return f"{text.rstrip('0').rstrip('.')} %"


DIGITS = 6
"""Decimals of a yield in machine formats."""


def rate_number(rate: Fraction | float | None) -> Decimal | None:
    """Return a rate as a decimal number, exact if it has at most 12 decimals."""
    if rate is None:
        return None
    if isinstance(rate, float):
        return Decimal(f"{rate:.{DIGITS}f}") + 0  # no negative zero
    exact = Decimal(round(rate * 10**12)).scaleb(-12).normalize()
    return exact.quantize(Decimal(1)) if exact == exact.to_integral() else exact


class Every(NamedTuple):
    """The distance between two due dates: `size` days, weeks or months."""

    name: str
    unit: str
    size: int

    @property
    def per_year(self) -> Fraction:
        """Return the number of periods a year (52 weeks, 12 months)."""
        return Fraction({"day": 365, "week": 52, "month": 12}[self.unit], self.size)

    def noun(self, count: int) -> Text:
        """Return the period as a noun for `count` of them: "3 months"; else "3 periods"."""
        if self.name == "month":
            return say_n("{count} month", "{count} months", count)
        if self.name == "week":
            return say_n("{count} week", "{count} weeks", count)
        if self.name == "quarter":
            return say_n("{count} quarter", "{count} quarters", count)
        if self.name == "year":
            return say_n("{count} year", "{count} years", count)
        return say_n("{count} period", "{count} periods", count)

    def word(self, count: int = 1) -> Text:
        """Return the noun without its number: "month", "months"."""
        if self.name == "month":
            return say_n("month", "months", count)
        if self.name == "week":
            return say_n("week", "weeks", count)
        if self.name == "quarter":
            return say_n("quarter", "quarters", count)
        if self.name == "year":
            return say_n("year", "years", count)
        return say_n("period", "periods", count)

    @property
    def heading(self) -> Text:
        """Return the heading of a column that counts periods: "months"."""
        if self.name == "month":
            return say("months")
        if self.name == "week":
            return say("weeks")
        if self.name == "quarter":
            return say("quarters")
        return say("years") if self.name == "year" else say("periods")

    @property
    def number(self) -> Text:
        """Return the heading of a column that numbers periods: "month"."""
        if self.name == "month":
            return say_as("number of a period", "month")
        if self.name == "week":
            return say_as("number of a period", "week")
        if self.name == "quarter":
            return say_as("number of a period", "quarter")
        if self.name == "year":
            return say_as("number of a period", "year")
        return say_as("number of a period", "period")

    @property
    def each(self) -> Text:
        """Return the name in words, to stand behind "every"."""
        if self.name in ("month", "week", "quarter", "year"):
            return self.word()
        if self.name == "half-year":
            return say("half-year")
        if self.unit == "day":
            return say_n("{count} day", "{count} days", self.size)
        if self.unit == "week":
            return say_n("{count} week", "{count} weeks", self.size)
        return say_n("{count} month", "{count} months", self.size)

    def span(self, first: int, last: int) -> Text:
        """Return periods by their numbers: "month 3", "months 3-5"."""
        if first == last:
            return say("{unit} {first}", unit=self.word(), first=first)
        return say("{units} {first}-{last}", units=self.word(2), first=first, last=last)


_EVERY = {
    "week": ("week", 1), "2 weeks": ("week", 2), "4 weeks": ("week", 4),
    "month": ("month", 1), "2 months": ("month", 2), "quarter": ("month", 3),
    "4 months": ("month", 4), "half-year": ("month", 6), "year": ("month", 12),
}  # fmt: skip
_ALIASES = {
    "weekly": "week", "fortnight": "2 weeks", "fortnightly": "2 weeks", "biweekly": "2 weeks",
    "monthly": "month", "quarterly": "quarter", "semi-annual": "half-year", "1 month": "month",
    "half-yearly": "half-year", "semiannual": "half-year", "annual": "year", "yearly": "year",
    "annually": "year", "3 months": "quarter", "6 months": "half-year", "12 months": "year",
    "semi-annually": "half-year", "1 week": "week", "1 year": "year", "bi-weekly": "2 weeks",
}  # fmt: skip


def parse_every(value: object, field: str = "every") -> Every:
    """Read the distance between due dates, from "week" to "year"."""
    if isinstance(value, Every):
        return value
    if isinstance(value, str) and value in _EVERY:  # the usual words need no patterns
        return Every(value, *_EVERY[value])
    text = " ".join(re.split(r"[\s_]+", str(value).strip().lower()))
    text = re.sub(r"^([0-9]+)-?([a-z])", r"\1 \2", text)
    name = _ALIASES.get(text, text)
    counted = re.match(r"([1-9][0-9]{0,2}) (day|week|month)s?\Z", name, re.ASCII)
    if name not in _EVERY and counted:
        size, unit = int(counted[1]), counted[2]
        if size <= {"day": 365, "week": 52, "month": 12}[unit]:
            return Every(f"{size} {unit}s", unit, size)
    if name not in _EVERY:
        raise InvalidValue(
            say(
                "{value} is not one of {names}, or N days, weeks or months.",
                value=shown(value),
                names=", ".join(_EVERY),
            )
            + nearest(text, [*_EVERY, *_ALIASES]),
            field=field,
        )
    unit, count = _EVERY[name]
    return Every(name, unit, count)


def period_factor(rate: Fraction, every: Every, compounding: Every | None = None) -> Fraction:
    """Return what one unit of principal bears in one period.

    rate / periods a year; with `compounding` m times a year, (1 + rate/m)^(m/periods) - 1
    (Canada's Interest Act, section 6, has m = 2). Exact where the exponent is whole,
    otherwise to 40 decimals.
    """
    return factor_over(rate, 1 / every.per_year, compounding)


def factor_over(rate: Fraction, years: Fraction, compounding: Every | None = None) -> Fraction:
    """Return what one unit of principal bears in `years`: rate x years, or compounded."""
    if compounding is None or compounding.per_year * years == 1 or rate == 0:
        return rate * years
    times = compounding.per_year
    exponent = times * years
    base = 1 + rate / times
    if exponent.denominator == 1:
        return base**exponent.numerator - 1
    context = Context(prec=60)
    ratio = context.divide(Decimal(base.numerator), Decimal(base.denominator))
    power = context.divide(Decimal(exponent.numerator), Decimal(exponent.denominator))
    grown = context.power(ratio, power)
    return Fraction(int(context.scaleb(context.subtract(grown, 1), 40)), 10**40)
