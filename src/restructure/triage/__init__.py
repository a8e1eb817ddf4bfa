"""Triage of a loan book: which loans fail soonest and worst, and what can be offered to them.

A scheme puts days past due into buckets and classes. A history of monthly states gives the rates
at which loans roll from bucket to bucket. Every loan that needs help gets the cheapest of the
offered plans that it can carry. Books are read in chunks; memory does not grow with their size.
"""

from __future__ import annotations
