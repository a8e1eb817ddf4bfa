"""Shell completion: scripts that know every command, option and choice, and start nothing.

The scripts are made from the command line itself and shipped with the package:

    python tests/test_completion.py --update

writes them anew after a command or an option has changed. The tests themselves never write.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import shtab
import typer

import restructure
from commandline import run
from restructure.cli import COMMANDS, app, command_of
from restructure.cli.completion import SHELLS
from restructure.daycount import DAY_COUNTS
from restructure.ledger.rules import ALLOCATIONS, COMPOUNDS, OVERPAYMENTS, REBATES
from restructure.limits import LIMITS
from restructure.loan import METHODS
from restructure.measures import names
from restructure.money import ROUNDINGS
from restructure.programmes import names as programmes
from restructure.render import formats

HOME = Path(restructure.__file__).parent / "completions"
CHOICES: dict[str, Iterable[str]] = {
    "allocation": ALLOCATIONS,
    "compound": COMPOUNDS,
    "day_count": DAY_COUNTS,
    "every": ("week", "2 weeks", "4 weeks", "month", "quarter", "half-year", "year"),
    "form": ("markdown", "html"),
    "format": formats(),
    "lang": ("en", "zh"),
    "lens": ("household", "lender"),
    "limit": LIMITS,
    "method": METHODS,
    "name": names(),
    "overpayment": OVERPAYMENTS,
    "programme": programmes(),
    "rebate": REBATES,
    "rounding": ROUNDINGS,
    "shell": SHELLS,
}
"""What may follow an option or stand as an argument, by the name of the parameter."""


def commands() -> dict[str, Any]:
    """Return every command as it is called."""
    found = {}
    for name in COMMANDS:
        one = typer.Typer(add_completion=False, rich_markup_mode=None)
        one.command(name)(command_of(name))
        found[name] = typer.main.get_command(one)
    return found


def scripts() -> dict[str, str]:
    """Return the completion script of each shell, made from the command line as it is."""
    parser = argparse.ArgumentParser("restructure", add_help=False)
    add(parser, typer.main.get_command(app))
    branches = parser.add_subparsers()
    for name, command in commands().items():
        branch = branches.add_parser(name, help=COMMANDS[name], add_help=False)
        add(branch, command)
    made = {}
    for shell in SHELLS:
        lines = shtab.complete(parser, shell).split("\n")
        made[shell] = "\n".join(line.rstrip() for line in lines).strip() + "\n"
    return made


def add(parser: argparse.ArgumentParser, command: Any) -> None:
    """Add a command's parameters to the parser, with their choices and files."""
    context = typer.Context(command, info_name=command.name)
    for param in command.get_params(context):
        takes: dict[str, Any] = {}
        if not getattr(param, "is_flag", False) and param.name != "help":
            allowed = CHOICES.get(str(param.name))
            if allowed is not None:
                takes["choices"] = [value for value in allowed if " " not in value]
        else:
            takes["action"] = "store_true"
        if param.param_type_name == "argument":
            added = parser.add_argument(str(param.name), nargs="?", **takes)
        else:
            help = (param.help or "").split(". ")[0].rstrip(".")
            added = parser.add_argument(*param.opts, help=help.replace("%", "%%"), **takes)
        if "FILE" in str(param.metavar) and "choices" not in takes:
            added.complete = shtab.FILE  # type: ignore[attr-defined]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shipped_scripts_are_those_of_the_command_line(shell):
    """A command, option or choice that is added or taken away is in the scripts too."""
    assert (HOME / f"restructure.{shell}").read_text("utf-8") == scripts()[shell]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_command_prints_the_script(shell):
    """`restructure completion SHELL` prints the shipped script, unchanged."""
    done = run("completion", shell)
    assert done == (0, (HOME / f"restructure.{shell}").read_text("utf-8"), "")


def test_an_unknown_shell_is_named_with_those_that_there_are():
    """Another shell is a clear error, not an empty script."""
    done = run("completion", "csh")
    assert done.code == 2
    assert "bash, zsh, fish" in done.err


def completed(*words: str) -> set[str]:
    """Return what bash offers for the last of the words."""
    quoted = " ".join(f"'{word}'" for word in words)
    asked = (
        f"source {HOME}/restructure.bash; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; "
        "$(complete -p restructure | sed 's/.*-F \\([^ ]*\\) .*/\\1/') restructure; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=False)
    return set(done.stdout.split())


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("restructure", "sc"), {"schedule"}),
        (("restructure", "compare", "--princ"), {"--principal", "--principal-parts"}),
        (("restructure", "compare", "--view", "l"), {"lender"}),
        (("restructure", "compare", "--format", "j"), {"json", "jsonl"}),
        (("restructure", "measures", "set"), {"set-aside"}),
        (("restructure", "advise", "--programme", "flex"), {"flex-modification"}),
    ],
)
def test_bash_offers_what_fits(words, offered):
    """In bash, Tab offers the commands, options and values that begin as typed."""
    assert completed(*words) == offered


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells_can_read_their_script(shell):
    """zsh and fish find no error in their script."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run(
        [shell, "-n", f"{HOME}/restructure.{shell}"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit(__doc__)
    HOME.mkdir(exist_ok=True)
    for shell, text in scripts().items():
        (HOME / f"restructure.{shell}").write_text(text, "utf-8")
