"""Ledger: from the contract and a dated payment history to the position on a day."""

from __future__ import annotations

from restructure.ledger.movements import MOVEMENT_KINDS, Movement
from restructure.ledger.position import Position, position_on
from restructure.ledger.rules import ALLOCATIONS, KINDS, RULES, Rules, read_allocation, rules_of

__all__ = [
    "ALLOCATIONS",
    "KINDS",
    "MOVEMENT_KINDS",
    "RULES",
    "Movement",
    "Position",
    "Rules",
    "position_on",
    "read_allocation",
    "rules_of",
]
