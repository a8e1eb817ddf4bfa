"""The command line: one file a command; a command's module loads only when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from restructure.errors import RestructureError

COMMANDS = {
    "compare": "Compare relief plans with the loan as agreed.",
    "schedule": "Print the rows of one plan.",
    "status": "Say what is owed today, from a payment history, and whether a plan is kept.",
    "solve": "Find payment, term, rate or principal from the others.",
    "measures": "Explain the plan grammar, with examples.",
}
"""Every command with its line of help: that of its module's docstring (a test holds them)."""


class LazyGroup(TyperGroup):
    """A group that knows its commands' names, and loads a command when it is called."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        for name, line in COMMANDS.items():
            self.commands[name] = TyperCommand(name, help=line)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that `args` name, built from its module."""
        name, stub, rest = super().resolve_command(ctx, args)
        if name is None or stub is None:
            return name, stub, rest
        one = typer.Typer(add_completion=False, rich_markup_mode=None)
        one.command(name)(getattr(import_module(f"restructure.cli.{name}"), name))
        return name, typer.main.get_command(one), rest


app = typer.Typer(
    cls=LazyGroup,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from restructure import __version__

        print(f"restructure {__version__}")
        raise typer.Exit


@app.callback()
def _start(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Compare ways to re-plan a loan in trouble, right to the cent.

    Start with: restructure compare --principal 50000 --term 12
    """


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 2 usage, 3 invalid input, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_run(args))


def _run(args: list[str] | None) -> int:
    try:
        code = app(args=args, prog_name="restructure", standalone_mode=False)
        sys.stdout.flush()
    except RestructureError as error:
        return _fail(str(error), error.exit_code)
    except BrokenPipeError:
        # The reader has gone, as in `| head -1`: nothing is wrong, and nothing is to be said.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except Exception as error:
        usage = getattr(error, "format_message", None)
        if usage is None:
            raise
        return _usage(error, usage())
    return code if isinstance(code, int) else 0


def _usage(error: Exception, message: str) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        print(message)
        return 2
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "restructure"
    return _fail(f"{message}\nTry '{path} --help'.", 2)


def _fail(message: str, code: int) -> int:
    print(f"Error: {message}", file=sys.stderr)
    return code
