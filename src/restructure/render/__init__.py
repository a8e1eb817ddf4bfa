"""Output formats: one module each, all of the signature `render(view, setting) -> str`.

A command makes a View of its result; a format turns any View into text. Adding a format
means adding a module here with a `render` function.
"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from restructure.render._view import Cell, Column, Setting, Table, View

__all__ = ["Cell", "Column", "Setting", "Table", "View", "format_of", "formats", "render"]

_FIRST = ("table", "markdown", "csv", "json", "jsonl")
_SUFFIXES = {"md": "markdown", "txt": "table"}


def formats() -> list[str]:
    """Return the names of all formats: the modules of this package, without the helpers."""
    from pkgutil import iter_modules

    found = [m.name for m in iter_modules(__path__) if not m.name.startswith("_")]
    return sorted(found, key=lambda name: (*_FIRST, *sorted(found)).index(name))


def format_of(suffix: str) -> str | None:
    """Return the format for a file's suffix: .csv is csv, .md is markdown. None if unknown."""
    name = suffix.removeprefix(".").lower()
    name = _SUFFIXES.get(name, name)
    return name if name in formats() else None


def render(name: str, view: View, setting: Setting) -> str:
    """Return `view` as text in the format `name`."""
    module = import_module(f"restructure.render.{name}")
    return cast(str, module.render(view, setting))
