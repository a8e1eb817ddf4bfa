"""Print a script that completes commands, options and values in a shell."""

from __future__ import annotations

from typing import Annotated

import typer

from restructure.words import say

SHELLS = ("bash", "zsh", "fish")


def completion(
    shell: Annotated[str, typer.Argument(metavar="SHELL", help=say("bash, zsh or fish."))],
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="FILE", help=say("Write to FILE."))
    ] = None,
) -> None:
    """Print a script that completes commands, options and values in a shell.

    The script is static: pressing Tab starts no program. For bash, put this line into
    ~/.bashrc: eval "$(restructure completion bash)"
    """
    from importlib.resources import files

    from restructure.cli._options import write
    from restructure.cli._streams import write_out
    from restructure.fields import option_choice

    name = option_choice(shell, "shell", SHELLS)
    script = (files("restructure") / "completions" / f"restructure.{name}").read_text("utf-8")
    if output in (None, "-"):
        write_out(script, data=True)
    else:
        write(str(output), script)
