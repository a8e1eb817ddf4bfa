"""The command line: one file a command; a command's module loads only when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from keyword import iskeyword
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from restructure.cli._language import LANG_HELP, choose, language, told, with_lang
from restructure.errors import RestructureError, nearest, shown
from restructure.words import Text, say

COMMANDS = {
    "compare": say("Compare relief plans with the loan as agreed."),
    "schedule": say("Print the rows of one plan."),
    "status": say("Say what is owed today, from a payment history, and whether a plan is kept."),
    "account": say(
        "Keep an account in which interest runs from day to day on what is in fact owed."
    ),
    "solve": say("Find payment, term, rate or principal from the others."),
    "afford": say("Show what a household can carry, beside the loan as agreed."),
    "advise": say("Find the plans that a household can keep, and the best of them."),
    "report": say("Write a page on a loan and the plans for it, for people."),
    "letter": say("Write a letter that offers one plan to the borrower."),
    "measures": say("Explain the plan grammar, with examples."),
    "batch": say("Compare relief plans for every loan of a book."),
    "sample": say("Make a book of synthetic loans, for trials and benchmarks."),
    "triage": say(
        "Rank the loans of a book by how soon and how badly they fail, with what to offer."
    ),
    "yield": say("Print the yields of dated flows, as each country states them."),
    "completion": say("Print a script that completes commands, options and values in a shell."),
}
"""Every command with its line of help: that of its module's docstring (a test holds them)."""


def command_of(name: str) -> Any:
    """Return the function of a command from the module of the same name.

    `yield` is a word of Python: its module and its function are called yield_.
    """
    home = f"{name}_" if iskeyword(name) else name
    return getattr(import_module(f"restructure.cli.{home}"), home)


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
        from restructure.cli._help import GroupedCommand

        one = typer.Typer(add_completion=False, rich_markup_mode=None)
        one.command(name, cls=GroupedCommand)(command_of(name))
        return name, with_lang(typer.main.get_command(one)), rest

    def get_help(self, ctx: Any) -> str:
        """Return the help in the language of this run."""
        if language() == "en":
            return super().get_help(ctx)
        from restructure.cli._help import help_of

        return help_of(self, ctx, language())

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands; click shortens English lines, and would cut others."""
        if language() == "en":
            return super().format_commands(ctx, formatter)
        with formatter.section("Commands"):
            formatter.write_dl([(name, str(line)) for name, line in COMMANDS.items()])

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write examples below the list of commands."""
        from restructure.cli._help import write_examples

        write_examples("", formatter)


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
        False, "--version", callback=_version, is_eager=True, help=say("Print the version.")
    ),
    lang: str = typer.Option(None, "--lang", metavar="LANG", help=LANG_HELP),
) -> None:
    """Compare ways to re-plan a loan in trouble, right to the cent.

    What does a pause, a longer term or a lower instalment free up each month, when does it
    end, and what does it cost? Each command explains itself: restructure compare --help.
    """


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 2 usage, 3 invalid input, 130 interrupted."""
    import atexit
    import gc

    # The collection at exit would visit all that was ever imported, a sixth of a short run.
    # What is frozen is left to the operating system.
    atexit.register(gc.freeze)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(_run(list(sys.argv[1:] if args is None else args)))


def _run(args: list[str]) -> int:
    from restructure.cli._streams import abandon, complain

    try:
        choose(args)
        code = app(args=args, prog_name="restructure", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except RestructureError as error:
        complain(told(say("Error: {message}", message=_as_option(error, args))))
        return error.exit_code
    except BrokenPipeError:
        # The reader has gone, as in `| head -1`: nothing is wrong, and nothing is to be said.
        abandon()
        return 0
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except OSError as error:
        abandon()
        reason = say("standard output cannot be written: {reason}.", reason=error.strerror or error)
        complain(told(say("Error: {message}", message=reason)))
        return 3
    except Exception as error:
        usage = getattr(error, "format_message", None)
        if usage is None:
            raise
        complain(_usage(error, usage(), args))
        return 2
    return code if isinstance(code, int) else 0


def _as_option(error: RestructureError, args: list[str]) -> Text:
    """Return the message with the field as it was written: --first-due for first_due."""
    option = "--" + error.field.replace("_", "-")
    given = error.field and any(word == option or word.startswith(f"{option}=") for word in args)
    return error.about(option) if given else error.text


def _usage(error: Exception, message: str, args: list[str]) -> str:
    """Return what to say about words that the command line does not know."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return message
    command = next((word for word in args if word in COMMANDS), None)
    wrong = getattr(error, "option_name", "")
    text: str = message
    if type(error).__name__ == "NoSuchOption" and wrong:
        from restructure.fields import FIELDS, option

        context = getattr(error, "ctx", None)
        params = context.command.get_params(context) if context else []
        known = [name for param in params for name in param.opts if name.startswith("--")]
        text = say("there is no option {option}.", option=shown(wrong)) + nearest(wrong, known)
        if command is None and wrong in map(option, FIELDS):
            text = say(
                "{option} stands behind a command, as in: restructure compare {option} ...",
                option=wrong,
            )
    elif command is None and args and args[0].lower().endswith((".toml", ".json")):
        text = say(
            "{word} is no command; write: restructure compare {file}",
            word=shown(args[0]),
            file=args[0],
        )
    elif language() != "en":
        from restructure.cli._usage import recognised

        text = recognised(message)
    path = f"restructure {command}" if command else "restructure"
    hint = say("Try '{path} --help'.", path=path)
    return told(say("Error: {message}", message=text)) + "\n" + told(hint)
