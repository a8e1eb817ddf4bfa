"""What commands share: the loan options, reading a loan, and writing the answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, NamedTuple

import typer

from restructure.cli._language import language, told
from restructure.cli._streams import complain, write_bytes, write_out
from restructure.errors import (
    PlanSyntaxError,
    RestructureError,
    UnreadableFile,
    UsageError,
    nearest,
    shown,
    visible,
)
from restructure.fields import FIELDS, option, option_choice
from restructure.loan import Loan
from restructure.measures import Plan, parse_plans
from restructure.render import Setting, View, binary, format_of, formats, render
from restructure.terms import loan_of
from restructure.words import say

Command = Callable[..., None]

FILES = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE]", help=say("Loan file, TOML or JSON; - is standard input.")),
]
PLANS = Annotated[
    list[str] | None,
    typer.Option(
        "--plan", metavar="PLAN", help=say("A plan, such as defer:3+extend:6; may be repeated.")
    ),
]
FORMAT = Annotated[
    str | None,
    typer.Option(
        "--format", metavar="FORMAT", help=say("table, markdown, csv, json, jsonl, html or xlsx.")
    ),
]
OUTPUT = Annotated[
    str | None,
    typer.Option(
        "-o", "--output", metavar="FILE", help=say("Write to FILE; its suffix gives the format.")
    ),
]


def with_options(command: Command, into: str, options: dict[str, tuple[str, str, Any]]) -> Command:
    """Give a command more options, which it gets together as the argument `into`.

    `options` has the metavar, the help and the type of each by name; none is required.
    """
    own = [p for p in signature(command, eval_str=True).parameters.values() if p.name != into]
    shared = [
        Parameter(
            name,
            Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[kind, typer.Option(option(name), metavar=metavar, help=help)],
        )
        for name, (metavar, help, kind) in options.items()
    ]

    def run(**given: Any) -> None:
        command(**{into: {name: given.pop(name) for name in options}}, **given)

    run.__name__, run.__doc__ = command.__name__, command.__doc__
    parameters = [p.replace(kind=Parameter.KEYWORD_ONLY) for p in own] + shared
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    return run


def loan_options(command: Command) -> Command:
    """Give a command the loan options, one for each field; it gets them as `values`."""
    fields = {name: (field.metavar, field.help, str | None) for name, field in FIELDS.items()}
    return with_options(command, "values", fields)


class Given(NamedTuple):
    """What the options and the loan file say together; an option wins over the file."""

    values: dict[str, Any]
    plans: list[Plan]
    household: dict[str, Any] = {}  # noqa: RUF012
    rules: dict[str, Any] = {}  # noqa: RUF012
    agreed: list[Any] = []  # noqa: RUF012
    parties: dict[str, Any] = {}  # noqa: RUF012

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
    found = Given({}, [], {})
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
                say(
                    "{word} is a plan, but stands where a loan file is expected. Write --plan in "
                    "front of every plan: --plan={word2}. For a list in the shell's braces use =, "
                    "as in --plan=extend:{{6,12,24}}.",
                    word=shown(word),
                    word2=word,
                )
            )
    if len(files) > 1:
        raise UsageError(
            say(
                "only one loan file can be read, but {files} words stand where it is expected: "
                "{names}. Leave out all but one; a value with spaces needs quotes.",
                files=len(files),
                names=", ".join(map(shown, files[:4])),
            )
        )


def one_plan(asked: list[str] | None, known: list[Plan]) -> list[Plan]:
    """Return the plan asked for, by its name in the loan file or in the grammar; none if none."""
    if not asked:
        return []
    if len(asked) == 1:
        for plan in known:
            if plan.name == asked[0]:
                return [plan]
    try:
        plans = parse_plans(asked)
    except PlanSyntaxError as error:
        if not known:
            raise
        names = [plan.name for plan in known]
        raise PlanSyntaxError(
            say(
                "{error} The plans of the loan file are {names}.",
                error=error,
                names=", ".join(map(shown, names[:20])),
            )
            + nearest(asked[0], names)
        ) from error
    if len(plans) > 1:
        raise UsageError(
            say(
                "a schedule shows one plan, but {plans} are asked for. Give one --plan; to see "
                "them all: restructure compare --schedules --format json.",
                plans=len(plans),
            )
        )
    return plans


class Target(NamedTuple):
    """Where the answer goes, and in which format."""

    format: str
    path: str | None

    def emit(self, view: View) -> None:
        """Write the view to standard output, or to a file that appears whole or not at all."""
        if self.path is None:
            text = render(self.format, view, _setting())
            if isinstance(text, bytes):
                write_bytes(text)
            else:
                write_out(text, data=self.format not in ("table", "markdown"))
            return
        _replace(self.path, render(self.format, view, Setting(lang=language())))


def target(format: str | None, output: str | None) -> Target:
    """Return where the answer goes; raises before anything is computed if it cannot go there.

    Without --format the suffix of the file decides; without a suffix it is the table.
    """
    path = None if output in (None, "-") else output
    if format is None:
        suffix = os.path.splitext(os.path.basename(path))[1] if path else ""
        found = format_of(suffix) if suffix else "table"
        if found is None:
            raise UsageError(
                say(
                    "{path} does not say which format it is to have: no format has the suffix "
                    "{suffix}. Add --format {names}.",
                    path=shown(path),
                    suffix=shown(suffix),
                    names="|".join(formats()),
                )
            )
    else:
        found = option_choice(format, "--format", formats())
    if path is not None:
        check_writable(path)
    elif binary(found) and sys.stdout is not None and sys.stdout.isatty():
        raise UsageError(
            say("{format} is not for a terminal; write it to a file with -o FILE.", format=found)
        )
    return Target(found, path)


def check_writable(path: str) -> None:
    """Raise UnreadableFile where a file can be seen not to be writable."""
    if not path:
        raise UsageError(say("--output is empty; give the name of a file."))
    if os.path.isdir(path):
        raise UnreadableFile(
            say("{path} is a folder; give the name of a file in it.", path=_quoted(path))
        )
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise UnreadableFile(
            say(
                "{path} cannot be written: there is no folder {folder}. Make it first.",
                path=_quoted(path),
                folder=_quoted(folder),
            )
        )
    device = os.path.exists(path) and not os.path.isfile(path)
    if not device and not os.access(folder, os.W_OK | os.X_OK):
        raise UnreadableFile(
            say(
                "{path} cannot be written: nothing may be written in the folder {folder}. Choose "
                "another one, or allow writing.",
                path=_quoted(path),
                folder=_quoted(folder),
            )
        )
    # Replacing a file needs no right to write to it, so a read-only one is asked about here.
    if os.path.exists(path) and not os.stat(path).st_mode & 0o222:
        raise UnreadableFile(
            say("{path} is read-only; choose another name, or allow writing.", path=_quoted(path))
        )


def send(text: str, output: str | None) -> None:
    """Write a text for people to a file, or to standard output without one."""
    if output in (None, "-"):
        write_out(text, data=True)
    else:
        write(str(output), text)


def write(path: str, text: str) -> None:
    """Write a text to a file that appears whole or not at all."""
    check_writable(path)
    _replace(path, text)


def _quoted(path: str) -> str:
    return f"'{visible(path)}'"


def _replace(path: str, text: str | bytes) -> None:
    """Write `text` beside the file and move it into place; its permissions stay."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
    try:
        if os.path.exists(path) and not os.path.isfile(path):  # a device or a named pipe
            with open(path, "wb") as file:
                file.write(data)
            return
        path = os.path.realpath(path)  # a link stays a link
        temporary = os.path.join(os.path.dirname(path), f".restructure-{os.getpid()}.tmp")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            with open(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if os.path.exists(path):
                os.chmod(temporary, os.stat(path).st_mode & 0o7777)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise UnreadableFile(
            say(
                "{path} cannot be written: {strerror}.", path=_quoted(path), strerror=error.strerror
            )
        ) from error


def _setting() -> Setting:
    """Return what the terminal can show; a pipe is as wide as the table needs."""
    out = sys.stdout
    terminal = out is not None and out.isatty()
    columns = os.environ.get("COLUMNS", "")
    width = int(columns) if columns.isascii() and columns.isdigit() and len(columns) < 6 else 0
    if not width and terminal:
        with suppress(OSError, ValueError):
            width = os.get_terminal_size(out.fileno()).columns
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    encoding = (out.encoding if out is not None else None) or "utf-8"
    return Setting(max(width, 40) if width else None, colour, encoding, language())


def tell(notes: Sequence[str]) -> None:
    """Write notes to standard error, a line each."""
    for note in notes:
        complain(visible(told(say("Note: {note}", note=note))))
