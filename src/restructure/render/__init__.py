"""Output formats: one module each, all of the signature `render(view, setting) -> str`.

A command makes a View of its result; a format turns any View into text. Adding a format
means adding a module here with a `render` function. One that gives bytes in place of text has
`BINARY = True` as well.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from restructure.render._view import Cell, Column, Setting, Table, View

if TYPE_CHECKING:
    from restructure.comparison import Comparison
    from restructure.render._book import Book

__all__ = [
    "Cell",
    "Column",
    "Setting",
    "Table",
    "View",
    "binary",
    "book",
    "format_of",
    "formats",
    "render",
]

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


def binary(name: str) -> bool:
    """Whether a format gives bytes, which no terminal can show."""
    return bool(getattr(import_module(f"restructure.render.{name}"), "BINARY", False))


def book(comparison: Comparison) -> Book:
    """Return the workbook of a comparison."""
    from restructure.render._workbook import book as made

    return made(comparison)


def render(name: str, view: View, setting: Setting) -> str | bytes:
    """Return `view` as text in the format `name`, or as bytes if the format is binary."""
    module = import_module(f"restructure.render.{name}")
    return cast("str | bytes", module.render(view, setting))
