"""Programmes: published waterfalls of relief as data files, one TOML each, and how they run.

A file has a title, a source, its dates of effect, what of it is not confirmed, a target, the
facts that it asks for, and its steps in order. A bank can write its own; docs/advice.md says
how.
"""

from __future__ import annotations

from restructure.programmes._file import Fact, Programme, Step, load, names
from restructure.programmes._run import Done, Outcome, run

__all__ = ["Done", "Fact", "Outcome", "Programme", "Step", "load", "names", "run"]
