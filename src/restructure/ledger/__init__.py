"""Ledger: from the contract and a dated payment history to the position on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from restructure.ledger.account import Account
    from restructure.ledger.followup import FollowUp, follow_up, rows_of
    from restructure.ledger.movements import MOVEMENT_KINDS, Movement
    from restructure.ledger.position import Position, position_on
    from restructure.ledger.rebate import early_settlement_rebate
    from restructure.ledger.rules import (
        ALLOCATIONS,
        KINDS,
        RULES,
        Rules,
        read_allocation,
        rules_of,
    )
    from restructure.ledger.settlement import Settlement, settlement_of
    from restructure.ledger.standing import Facts, Standing, facts_of, stand
    from restructure.ledger.statement import Form, form_of, read_statement
    from restructure.ledger.terms import TERMS, Terms, terms_of

_HOMES = {
    "account": ("Account",),
    "followup": ("FollowUp", "follow_up", "rows_of"),
    "movements": ("MOVEMENT_KINDS", "Movement"),
    "position": ("Position", "position_on"),
    "rebate": ("early_settlement_rebate",),
    "rules": ("ALLOCATIONS", "KINDS", "RULES", "Rules", "read_allocation", "rules_of"),
    "settlement": ("Settlement", "settlement_of"),
    "standing": ("Facts", "Standing", "facts_of", "stand"),
    "statement": ("Form", "form_of", "read_statement"),
    "terms": ("TERMS", "Terms", "terms_of"),
}

__all__ = [
    "ALLOCATIONS",
    "KINDS",
    "MOVEMENT_KINDS",
    "RULES",
    "TERMS",
    "Account",
    "Facts",
    "FollowUp",
    "Form",
    "Movement",
    "Position",
    "Rules",
    "Settlement",
    "Standing",
    "Terms",
    "early_settlement_rebate",
    "facts_of",
    "follow_up",
    "form_of",
    "position_on",
    "read_allocation",
    "read_statement",
    "rows_of",
    "rules_of",
    "settlement_of",
    "stand",
    "terms_of",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first used."""
    for module, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
