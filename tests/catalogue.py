"""The messages of the package and their catalogue: what the sources say, and what zh has.

Messages are the literals in `say(...)` and `say_n(...)`, found by Babel, and the docstrings
that the help shows.
"""

from __future__ import annotations

import inspect
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import restructure
from restructure.cli import COMMANDS, app, command_of
from restructure.measures._grammar import measure_type, names

PACKAGE = Path(restructure.__file__).parent
PO = PACKAGE / "locale" / "zh" / "LC_MESSAGES" / "restructure.po"
MO = PO.with_suffix(".mo")
KEYWORDS: dict[str, Any] = {"say": None, "say_n": (1, 2), "say_as": ((1, "c"), 2)}


def paragraphs(docstring: str | None) -> list[str]:
    """Return the paragraphs of a docstring, each on one line, as help looks them up."""
    return [" ".join(p.split()) for p in inspect.cleandoc(docstring or "").split("\n\n") if p]


def shown_docstrings() -> list[tuple[str, str]]:
    """Return the docstrings that people read, with the module of each."""
    found = [("cli/__init__.py", p) for p in paragraphs(_start_doc())]
    for name in COMMANDS:
        found += [(f"cli/{name}.py", p) for p in paragraphs(command_of(name).__doc__)]
    for name in names():
        kind = measure_type(name)
        found += [(f"measures/{name}.py", p) for p in paragraphs(kind.__doc__)]
    return found


def _start_doc() -> str | None:
    callback = app.registered_callback
    assert callback is not None
    assert callback.callback is not None
    return callback.callback.__doc__


def extracted() -> Catalog:
    """Return all messages of the sources."""
    catalogue = Catalog(locale="zh", domain="restructure", charset="utf-8", fuzzy=False)
    catalogue.project = "restructure"
    ways = [("**.py", "python"), ("**.jinja", "jinja2")]
    found = extract_from_dir(
        str(PACKAGE), ways, keywords=KEYWORDS, directory_filter=lambda path: True
    )
    for path, _, message, _, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalogue.add(message, locations=[(path, None)], context=context)  # type: ignore[list-item]
    for path, message in shown_docstrings():
        catalogue.add(message, locations=[(path, None)])  # type: ignore[list-item]
    return catalogue


def stored() -> Catalog:
    """Return the catalogue that is shipped."""
    if not PO.exists():
        return Catalog(locale="zh")
    with PO.open("rb") as file:
        return read_po(file, locale="zh", domain="restructure")


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue in the form that gettext reads."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def update() -> list[str]:
    """Write the catalogue anew with the messages of now; return those without a translation."""
    old, new = stored(), extracted()
    for message in new:
        known = old.get(message.id, message.context) if message.id else None
        if known is not None and known.string:
            message.string = known.string
    lines = BytesIO()
    new.header_comment = "# Chinese catalogue of restructure."
    write_po(lines, new, width=100, sort_output=True, omit_header=False, include_lineno=False)
    text = lines.getvalue().decode()
    head, _, rest = text.partition("\n\n")
    kept = [line for line in head.splitlines() if "-Date:" not in line and "EMAIL" not in line]
    kept = [line for line in kept if "Last-Translator" not in line and "Generated" not in line]
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_text("\n".join(kept) + "\n\n" + rest, encoding="utf-8")
    MO.write_bytes(compiled(stored()))
    return [str(message.id) for message in new if message.id and not filled(message.string)]


def filled(string: Any) -> bool:
    """Whether a translation is there, of one and of many."""
    return bool(string) and (isinstance(string, str) or all(string))
