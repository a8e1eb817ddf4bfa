"""What commands share: the loan options, reading a loan, and writing the answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, NamedTuple

import typer

from restructure.errors import RestructureError, UnreadableFile, UsageError, shown
from restructure.loan import Loan
from restructure.measures import Plan, parse_plans
from restructure.render import Setting, View, format_of, formats, render
from restructure.terms import FIELDS, choice, loan_of, option

Command = Callable[..., None]

FILES = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE]", help="Loan file, TOML or JSON; - is standard input."),
]
PLANS = Annotated[
    list[str] | None,
    typer.Option(
        "--plan", metavar="PLAN", help="A plan, such as defer:3+extend:6; may be repeated."
    ),
]
FORMAT = Annotated[
    str | None,
    typer.Option("--format", metavar="FORMAT", help="table, markdown, csv, json or jsonl."),
]
OUTPUT = Annotated[
    str | None,
    typer.Option(
        "-o", "--output", metavar="FILE", help="Write to FILE; its suffix gives the format."
    ),
]


def loan_options(command: Command) -> Command:
    """Give a command the loan options, one for each field; it gets them as `values`."""
    own = [p for p in signature(command, eval_str=True).parameters.values() if p.name != "values"]
    shared = [
        Parameter(
            name,
            Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[
                str | None,
                typer.Option(option(name), metavar=field.metavar, help=field.help),
            ],
        )
        for name, field in FIELDS.items()
    ]

    def run(**given: Any) -> None:
        values = {name: given.pop(name) for name in FIELDS}
        command(**given, values=values)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    parameters = [p.replace(kind=Parameter.KEYWORD_ONLY) for p in own] + shared
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    return run


class Given(NamedTuple):
    """What the options and the loan file say together; an option wins over the file."""

    values: dict[str, Any]
    plans: list[Plan]
    rules: dict[str, Any] = {}  # noqa: RUF012
    agreed: list[Any] = []  # noqa: RUF012

    def loan(self) -> Loan:
        """Return the loan, on the day it was drawn."""
        return loan_of(self.values)


_WAYS = (("rate", "payment"), ("principal", "outstanding"), ("term", "remaining"))


def read(files: list[str] | None, plans: list[str] | None, values: dict[str, Any]) -> Given:
    """Return the options and the loan file; raises UsageError for words that are no file."""
    files = files or []
    for word in files:
        if len(files) > 1 or not os.path.exists(word):
            _not_a_file(word, files)
    found = Given({}, [])
    if files:
        from restructure.files import read_loan_file

        found = Given(*read_loan_file(files[0]))
    given = {name: value for name, value in values.items() if value is not None}
    merged = dict(found.values)
    for one, other in _WAYS:
        # An option replaces what it stands in for in the file: --payment the file's rate.
        for name, instead in ((one, other), (other, one)):
            if name in given and instead not in given:
                merged.pop(instead, None)
    chosen = parse_plans(plans) if plans else found.plans
    return found._replace(values={**merged, **given}, plans=chosen)


def _not_a_file(word: str, files: list[str]) -> None:
    if not os.path.exists(word) and word != "-":
        try:
            parse_plans([word])
        except RestructureError:
            pass
        else:
            raise UsageError(
                f"{shown(word)} is a plan, and stands where a file is expected. Write each plan "
                f"with its own --plan={word}; for the shell's braces use = as in "
                "--plan=extend:{6,12,24}."
            )
    if len(files) > 1:
        raise UsageError(
            f"only one loan file can be read, and {len(files)} words stand where it is "
            f"expected: {', '.join(map(shown, files[:4]))}."
        )


def chosen_format(name: str | None, output: str | None) -> str:
    """Return the format asked for, or the one that the output file's suffix gives."""
    if name is not None:
        return choice(name, "format", formats())
    return (format_of(output) if output else None) or "table"


def emit(view: View, format: str | None, output: str | None) -> None:
    """Write the view to standard output, or to a file that appears whole or not at all."""
    name = chosen_format(format, output)
    if output is None or output == "-":
        sys.stdout.write(render(name, view, _setting()))
        return
    write(render(name, view, Setting()), output)


def write(text: str, output: str) -> None:
    """Write a text to a file that appears whole or not at all."""
    from tempfile import NamedTemporaryFile

    folder = os.path.dirname(os.path.abspath(output))
    temporary = None
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=folder, prefix=".restructure-", delete=False
        ) as file:
            temporary = file.name
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, output)
    except OSError as error:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)
        raise UnreadableFile(f"{shown(output)}: cannot be written ({error.strerror}).") from error


def _setting() -> Setting:
    """Return the terminal's width and colour; a pipe is as wide as the table needs."""
    terminal = sys.stdout.isatty()
    columns = os.environ.get("COLUMNS", "")
    width = int(columns) if columns.isascii() and columns.isdigit() and columns != "0" else None
    if width is None and terminal:
        width = os.get_terminal_size(sys.stdout.fileno()).columns or None
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Setting(None if width is None else max(width, 40), colour)


def say(notes: list[str]) -> None:
    """Write notes to standard error, a line each."""
    for note in notes:
        print(f"Note: {note}", file=sys.stderr)
