"""Money: the one gate between exact numbers and payable amounts.

Inside, an amount is a whole number of minor units (`int`); outside it is a `Decimal`. The
currency gives the exponent: 4,498.77 yuan are 449877 fen (exponent 2), yen have none (0),
Kuwaiti dinars three. A float never carries money.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from typing import NamedTuple

from restructure.errors import InvalidValue, UnknownName, nearest, shown
from restructure.words import say

ROUNDINGS = ("half-up", "half-even", "up", "down")
LARGEST = 10**15
"""The largest amount accepted, in major units: far above any loan, far below absurdity."""

# ISO 4217 list one (active codes); those below have another number of decimals than two.
_EXPONENTS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_TWO_DECIMALS = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
    "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR "
    "LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD "
    "PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
    "SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR "
    "ZMW ZWG"
)

EXACT = Context(prec=1000)
"""Digits for any amount: the caller's own decimal context (28 digits, or fewer) rounds none."""

_POINTS_GROUP = r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]*"
_GROUPED = r"[^,]*,[0-9]{3}(\.|\Z)"
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z", re.ASCII)


class Currency(NamedTuple):
    """A currency code with the number of decimals in which its amounts are paid."""

    code: str
    exponent: int

    @classmethod
    def of(cls, code: str, decimals: int | None = None) -> Currency:
        """Return the currency with its ISO 4217 exponent, or with `decimals` (0 to 12)."""
        known = code.upper() if isinstance(code, str) else ""
        exponent = 2
        for digits, codes in _EXPONENTS.items():
            if known in codes.split():
                exponent = digits
                break
        else:
            if known not in _TWO_DECIMALS.split():
                every = " ".join([_TWO_DECIMALS, *_EXPONENTS.values()]).split()
                raise UnknownName(
                    say(
                        "{code} is not an ISO 4217 currency code such as CNY, EUR or JPY.",
                        code=shown(code),
                    )
                    + nearest(known, every),
                    field="currency",
                )
        return cls(known, exponent if decimals is None else decimals)

    def minor(self, amount: Decimal, field: str) -> int:
        """Return `amount` in minor units; refuse more decimals than the currency has."""
        if abs(amount) > LARGEST:
            raise InvalidValue(
                say("{value} is above the largest amount, 10^15.", value=shown(f"{amount:f}")),
                field=field,
            )
        scaled = amount.scaleb(self.exponent, EXACT)
        whole = int(scaled)
        if whole != scaled:
            raise InvalidValue(
                say(
                    "{value} has more decimals than {code} has ({exponent}); round it, or set "
                    "decimals.",
                    value=shown(f"{amount:f}"),
                    code=self.code,
                    exponent=self.exponent,
                ),
                field=field,
            )
        return whole

    def decimal(self, minor: int) -> Decimal:
        """Return an amount of minor units as an exact Decimal with the currency's decimals."""
        return Decimal(minor).scaleb(-self.exponent, EXACT)

    def text(self, minor: int) -> str:
        """Return an amount for people: 4,498.77."""
        return f"{self.decimal(minor):,.{self.exponent}f}"


def divide(numerator: int, denominator: int, rounding: str = "half-up") -> int:
    """Return numerator / denominator, rounded once to a whole number.

    half-up takes a tie away from the smaller whole number, half-even to the even one; up and
    down always go to the next or the previous whole number. The numerator is not negative.
    """
    if rounding == "half-up":
        return (2 * numerator + denominator) // (2 * denominator)
    if rounding == "down":
        return numerator // denominator
    if rounding == "up":
        return -(-numerator // denominator)
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))


def number(value: object, field: str, allowed: str) -> Decimal:
    """Read a plain decimal number written with the digits 0 to 9 and a point.

    `allowed` ends the message of the error, for instance "an amount above 0, such as 50000".
    """
    if isinstance(value, bool):
        raise InvalidValue(
            say("{value} is not a number; give {allowed}.", value=shown(value), allowed=allowed),
            field=field,
        )
    if isinstance(value, int):
        if abs(value) >= 10**30:
            raise InvalidValue(
                say("{value} is too large; give {allowed}.", value=shown(value), allowed=allowed),
                field=field,
            )
        return Decimal(value)
    if isinstance(value, float):
        value = repr(value) if abs(value) < 1e16 else str(value)
    if isinstance(value, Decimal) and value.is_finite():
        value = f"{value:f}" if abs(value.adjusted()) < 40 else str(value)
    text = value.strip() if isinstance(value, str) else ""
    if not _NUMBER.match(text):
        hint = ""
        if isinstance(value, str):
            if not text:
                raise InvalidValue(say("is empty; give {allowed}.", allowed=allowed), field=field)
            plain = text.replace(",", "").replace("_", "").replace(" ", "")
            if re.fullmatch(_POINTS_GROUP, text):  # 50.000,00
                plain = text.replace(".", "").replace(",", ".")
            pointed = text.replace(",", ".")
            if _NUMBER.match(pointed) and not re.match(_GROUPED, text):
                hint = say(" Write it with a point: {pointed}.", pointed=pointed)
            elif _NUMBER.match(plain):
                hint = say(" Write it without separators: {plain}.", plain=plain)
            elif not text.isascii():
                from unicodedata import normalize

                plain = normalize("NFKC", text)
                if _NUMBER.match(plain):
                    hint = say(" Write it with the digits 0 to 9: {plain}.", plain=plain)
        raise InvalidValue(
            say("{value} is not {allowed}.{hint}", value=shown(value), allowed=allowed, hint=hint),
            field=field,
        )
    if len(text) > 60:
        raise InvalidValue(
            say("{text} has too many digits; give {allowed}.", text=shown(text), allowed=allowed),
            field=field,
        )
    return Decimal(text)


class InstalmentRounding(NamedTuple):
    """How the level instalment is rounded: nearest (ties up), or up; to a multiple of `step`.

    `least` takes the least multiple with which the last instalment is not above it: with
    interest rounded down it may lie below the exact instalment. `even` takes the one from
    which the last instalment differs least.

    Apart from the rounding of interest, since contracts state it apart: many lenders round
    interest half-up and the instalment up, or to whole tens.
    """

    up: bool = False
    step: int = 1
    least: bool = False
    even: bool = False

    @property
    def searched(self) -> bool:
        """Whether the instalment is found by looking at what the last one comes to."""
        return self.least or self.even

    def round(self, numerator: int, denominator: int) -> int:
        """Return numerator / denominator as a multiple of `step`."""
        return self.step * divide(
            numerator, denominator * self.step, "up" if self.up else "half-up"
        )


NEAREST = InstalmentRounding()
"""The default: the whole minor unit that is nearest, ties up."""
