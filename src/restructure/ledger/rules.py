"""Rules of a ledger: in which order money is taken, and what being late costs.

Each rule is a field of `[ledger]` in a loan file and an option of the command line. The
penalty rate itself is a term of the loan (`penalty_rate`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from restructure.errors import InvalidValue, UnknownName, nearest, shown
from restructure.money import number
from restructure.rates import Rate
from restructure.words import say

KINDS = ("costs", "fees", "penalty", "compounded", "interest", "principal")
"""What can be owed: costs of enforcement, fees, penalty interest, interest on unpaid interest,
contract interest, principal."""
COSTS, FEES, PENALTY, COMPOUNDED, INTEREST, PRINCIPAL = range(6)

Order = tuple[tuple[int, ...], ...]
"""Stages, one after the other. A stage goes through the instalments, oldest first, and in each
takes its kinds in the order written."""


class Allocation(NamedTuple):
    """An allocation order: `order`, and from `late_from` days past due on `late`."""

    name: str
    order: Order
    late: Order | None = None
    late_from: int = 0

    def on(self, days_past_due: int) -> Order:
        """Return the stages that hold at so many days past due."""
        if self.late is not None and days_past_due >= self.late_from:
            return self.late
        return self.order


_EACH: Order = tuple((kind,) for kind in range(6))

ALLOCATIONS: dict[str, tuple[Allocation, str]] = {
    entry.name: (entry, words)
    for entry, words in (
        (
            Allocation("oldest-first", (tuple(range(6)),)),
            say(
                "The oldest instalment first; in it costs, fees, penalty interest, compounded "
                "interest, interest, principal."
            ),
        ),
        (
            Allocation("kind-first", _EACH),
            say(
                "All costs, then all fees, penalty interest, compounded interest, interest, "
                "principal; of each the oldest first."
            ),
        ),
        (
            Allocation(
                "civil-code-561",
                ((COSTS,), (FEES,), (INTEREST,), (COMPOUNDED,), (PENALTY,), (PRINCIPAL,)),
            ),
            say(
                "China, Civil Code, article 561: costs of enforcement (fees with them), then "
                "interest of every kind, then the principal debt."
            ),
        ),
        (
            Allocation(
                "cards-57",
                _EACH,
                ((PRINCIPAL,), (INTEREST,), (COMPOUNDED,), (PENALTY,), (FEES,), (COSTS,)),
                91,
            ),
            say(
                "China, credit card rules (2011), article 57: up to 90 days past due interest "
                "and fees before principal; from 91 days principal first."
            ),
        ),
        (
            Allocation(
                "fees-last", ((PENALTY, COMPOUNDED, INTEREST, PRINCIPAL), (FEES,), (COSTS,))
            ),
            say(
                "The oldest instalment first; in it penalty interest, compounded interest, "
                "interest, principal; fees and costs only when no instalment is overdue."
            ),
        ),
    )
}

OVERPAYMENTS = ("hold", "shorten", "lower")
COMPOUNDS = ("none", "contract", "penalty", "maturity")
REBATES = ("pro-rata", "rule-of-78", "none")


class Rules(NamedTuple):
    """How a ledger is kept; amounts are in minor units.

    `late_fee` is charged once an instalment, when it is unpaid `late_fee_after` days after its
    due date. `cap` limits penalty interest, late fees and compounded interest of an instalment
    together: a nominal annual rate on its overdue principal.
    """

    allocation: Allocation = ALLOCATIONS["oldest-first"][0]
    overpayment: str = "hold"
    penalty_day_count: str = "act/360"
    compound: str = "none"
    compound_penalty: bool = False
    late_fee: int = 0
    late_fee_after: int = 0
    cap: Fraction | None = None
    rebate: str = "pro-rata"


class RuleField(NamedTuple):
    """One rule as people write it."""

    metavar: str
    help: str
    read: Callable[[Any, str], Any]


def choice(*names: str) -> Callable[[Any, str], str]:
    """Return a reader of one of these names."""

    def read(value: Any, field: str) -> str:
        text = str(value).strip().lower()
        if text not in names:
            raise UnknownName(
                say("{value} is not one of {names}.", value=shown(value), names=", ".join(names))
                + nearest(text, names),
                field=field,
            )
        return text

    return read


def read_allocation(value: Any, field: str = "allocation") -> Allocation:
    """Read a named order, or one such as "penalty,interest,principal/fees".

    Commas: in each instalment, oldest first. A slash: only when nothing of the former is left
    in any instalment. penalty, interest and principal must be named; compounded interest goes
    behind penalty interest, fees and costs come last, where they are not.
    """
    text = str(value).strip().lower()
    if text in ALLOCATIONS:
        return ALLOCATIONS[text][0]
    stages = [[part.strip() for part in stage.split(",")] for stage in text.split("/")]
    named = [kind for stage in stages for kind in stage]
    allowed = say(
        "one of {names}, or an order such as penalty,interest,principal/fees",
        names=", ".join(ALLOCATIONS),
    )
    for kind in named:
        if kind not in KINDS:
            raise UnknownName(
                say(
                    "{kind} in {value} is none of {names}; give {allowed}.",
                    kind=shown(kind),
                    value=shown(value),
                    names=", ".join(KINDS),
                    allowed=allowed,
                )
                + nearest(kind, [*KINDS, *ALLOCATIONS]),
                field=field,
            )
        if named.count(kind) > 1:
            raise InvalidValue(
                say("names {kind} twice; give {allowed}.", kind=kind, allowed=allowed), field=field
            )
    for kind in ("penalty", "interest", "principal"):
        if kind not in named:
            raise InvalidValue(
                say(
                    "{value} does not say where {kind} comes; give {allowed}.",
                    value=shown(value),
                    kind=kind,
                    allowed=allowed,
                ),
                field=field,
            )
    if "compounded" not in named:
        for stage in stages:
            if "penalty" in stage:
                stage.insert(stage.index("penalty") + 1, "compounded")
    stages += [[kind] for kind in ("fees", "costs") if kind not in named]
    order = tuple(tuple(KINDS.index(kind) for kind in stage) for stage in stages)
    return Allocation(text, order)


def _switch(value: Any, field: str) -> bool:
    if isinstance(value, bool):
        return value
    return choice("yes", "no")(value, field) == "yes"


def _amount(value: Any, field: str) -> Decimal:
    allowed = say("an amount of 0 or more, such as 50")
    found = number(value, field, allowed)
    if found < 0:
        raise InvalidValue(
            say("{value} is not {allowed}.", value=shown(value), allowed=allowed), field=field
        )
    return found


def _days(value: Any, field: str) -> int:
    allowed = say("a whole number of days from 0 to 3660")
    found = number(value, field, allowed)
    if found != int(found) or not 0 <= found <= 3660:
        raise InvalidValue(
            say("{value} is not {allowed}.", value=shown(value), allowed=allowed), field=field
        )
    return int(found)


def _cap(value: Any, field: str) -> Fraction:
    """Read a rate, or a multiple of one such as "4x3.1%" (4 times LPR)."""
    text = str(value).strip().lower().replace("×", "x")
    times, x, rate = text.partition("x")
    if not x:
        return Rate.of(value, field).annual
    factor = number(times.strip(), field, say("a rate such as 24%, or a multiple such as 4x3.1%"))
    return Fraction(factor) * Rate.of(rate.strip(), field).annual


def _penalty_day_count(value: Any, field: str) -> str:
    from restructure.ledger.meter import DAY_COUNTS  # each compare knows the rules, few use them

    found: str = choice(*DAY_COUNTS, "loan")(value, field)
    return found


RULES: dict[str, RuleField] = {
    "allocation": RuleField(
        "ORDER",
        say(
            "Order in which money is taken: oldest-first, kind-first, civil-code-561, cards-57, "
            "fees-last, or an own one such as penalty,interest,principal/fees."
        ),
        read_allocation,
    ),
    "overpayment": RuleField(
        "HOW",
        say(
            "Money beyond what is due: hold it for the next instalment, shorten the term, "
            "or lower the instalment."
        ),
        choice(*OVERPAYMENTS),
    ),
    "penalty_day_count": RuleField(
        "NAME",
        say("Days of penalty interest: act/360, act/365, act/act, 30/360, or loan."),
        _penalty_day_count,
    ),
    "compound": RuleField(
        "RATE",
        say(
            "Interest on unpaid interest: none, at the contract or the penalty rate, or "
            "maturity (contract rate until the last due date, then penalty rate)."
        ),
        choice(*COMPOUNDS),
    ),
    "compound_penalty": RuleField(
        "YES|NO",
        say("Whether unpaid penalty interest bears it too, from the next due date on."),
        _switch,
    ),
    "late_fee": RuleField("AMOUNT", say("Flat fee for each instalment that is late."), _amount),
    "late_fee_after": RuleField(
        "DAYS", say("Days after the due date before it is charged."), _days
    ),
    "penalty_cap": RuleField(
        "RATE",
        say(
            "Cap on penalty, late fees and compounded interest together, on overdue "
            "principal: 24%, or a multiple such as 4x3.1%."
        ),
        _cap,
    ),
    "rebate": RuleField(
        "HOW",
        say("Interest given back when a flat loan is settled early: pro-rata, rule-of-78, none."),
        choice(*REBATES),
    ),
}


def rules_of(values: Mapping[str, Any], currency: Any) -> Rules:
    """Return the Rules that `values` describe; names as in RULES, None for not given."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in RULES:
            raise UnknownName(say("there is no such rule.") + nearest(name, RULES), field=name)
        if value is not None:
            found[name] = RULES[name].read(value, name)
    if "late_fee" in found:
        found["late_fee"] = currency.minor(found["late_fee"], "late_fee")
    if "penalty_cap" in found:
        found["cap"] = found.pop("penalty_cap")
    if found.get("compound_penalty") and found.get("compound", "none") == "none":
        raise InvalidValue(
            say("goes with compound, which says the rate: give contract, penalty or maturity."),
            field="compound_penalty",
        )
    return Rules(**found)
