"""Limits of affordability as data: shares of income, and the headings of a budget, with sources.

A limit holds for the lenders and loans that its source names; here it binds only if somebody
asks for it by name.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from restructure.errors import InvalidValue, UnknownName, nearest, shown
from restructure.money import number
from restructure.words import say


class Limit(NamedTuple):
    """The largest shares of income: `payment` for this instalment, `debt` for all debts.

    None: no limit. `basis` is the income meant, gross or net; empty where the source does not
    say.
    """

    name: str
    payment: Fraction | None
    debt: Fraction | None
    basis: str
    source: str


LIMITS = {
    limit.name: limit
    for limit in (
        Limit(
            "china",
            Fraction(50, 100),
            Fraction(55, 100),
            "",
            say(
                "China, guideline on the risk management of housing loans (2004), article 36: "
                "instalment at most 50 %, all debts at most 55 % of income; written for "
                "mortgages."
            ),
        ),
        Limit(
            "hamp",
            Fraction(31, 100),
            None,
            "gross",
            say(
                "US, Home Affordable Modification Program, Tier 1: housing payment (with taxes "
                "and insurance) at most 31 % of gross income; the programme has ended."
            ),
        ),
        Limit(
            "fha-hamp",
            Fraction(31, 100),
            Fraction(55, 100),
            "gross",
            say(
                "US, FHA-HAMP (Mortgagee Letter 2009-23): 31 % and 55 % of gross income; the 55 % "
                "were dropped by Mortgagee Letter 2012-22."
            ),
        ),
        Limit(
            "sfs",
            None,
            None,
            "net",
            say(
                "UK, Standard Financial Statement: no share of income; income less fixed "
                "costs, flexible costs and savings is what all creditors share. Its spending "
                "guidelines are not in this program."
            ),
        ),
    )
}

SFS_HEADINGS = {
    "home and contents": "fixed",
    "utilities": "fixed",
    "water": "fixed",
    "care and health": "fixed",
    "transport and travel": "fixed",
    "school": "fixed",
    "pensions and insurances": "fixed",
    "professional": "fixed",
    "other essential": "fixed",
    "communications and leisure": "flexible",
    "food and housekeeping": "flexible",
    "personal": "flexible",
    "savings": "savings",
}
"""The headings of the UK Standard Financial Statement, and which of them are flexible costs.

As the household budget of Business Debtline lists them, which uses the statement: fixed outgoings,
flexible ones (communications and leisure, food and housekeeping, personal costs), and savings.
"""


def limit_of(text: str) -> Limit:
    """Read a limit: a name such as china, or payment=40% or debt=60% of one's own."""
    name, equals, share = text.strip().partition("=")
    name = name.strip().lower()
    if not equals:
        if name not in LIMITS:
            raise UnknownName(
                say(
                    "{text} is not one of {names}.{nearest} Or give one of your own: payment=40% "
                    "or debt=60%.",
                    text=shown(text),
                    names=", ".join(LIMITS),
                    nearest=nearest(name, LIMITS),
                ),
                field="limit",
            )
        return LIMITS[name]
    if name not in ("payment", "debt"):
        raise UnknownName(
            say("{name} is neither payment nor debt.", name=shown(name))
            + nearest(name, ("payment", "debt")),
            field="limit",
        )
    allowed = say("a share of income above 0, such as 40%")
    found = number(share.strip().removesuffix("%"), f"limit {name}", allowed)
    if not 0 < found <= 100 or (found <= 1 and not share.strip().endswith("%")):
        raise InvalidValue(
            say("{share} is not {allowed}.", share=shown(share), allowed=allowed),
            field=f"limit {name}",
        )
    part = Fraction(found) / 100
    own = say("stated by the user")
    return Limit(
        text.strip(),
        part if name == "payment" else None,
        part if name == "debt" else None,
        "",
        own,
    )
