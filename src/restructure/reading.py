"""Reading text from a file or standard input, with an error that says what is wrong."""

from __future__ import annotations

import os
import sys

from restructure.errors import UnreadableFile, visible
from restructure.words import say

UTF_8 = "utf-8-sig"


def name_of(path: str) -> str:
    """Return the name of a source for messages; "-" is standard input."""
    return say("standard input") if path == "-" else visible(path)


def read_text(path: str, what: str, largest: int, encoding: str = UTF_8) -> str:
    """Return the text of a file, or of standard input for "-".

    `what` says what it should have been, such as "a TOML or JSON file"; `largest` is the most
    bytes. Raises UnreadableFile, which names the source; LookupError for an unknown encoding.
    """
    name = name_of(path)
    try:
        if path == "-":
            data = sys.stdin.buffer.read(largest + 1)
        else:
            with open(path, "rb") as file:
                data = file.read(largest + 1)
    except FileNotFoundError as error:
        raise UnreadableFile(say("there is no such file; check its name."), field=name) from error
    except IsADirectoryError as error:
        raise UnreadableFile(say("is a folder; give {what}.", what=what), field=name) from error
    except (OSError, ValueError, AttributeError) as error:
        odd = say("it is closed") if path == "-" else say("no file can have this name")
        reason = getattr(error, "strerror", None) or odd
        raise UnreadableFile(say("cannot be read: {reason}.", reason=reason), field=name) from error
    if len(data) > largest:
        raise UnreadableFile(
            say("is larger than {largest} MB.", largest=largest // 10**6), field=name
        )
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        label = "UTF-8" if encoding == UTF_8 else encoding
        raise UnreadableFile(
            say(
                "is not {label} text (byte {start}); save it as UTF-8.",
                label=label,
                start=error.start + 1,
            ),
            field=name,
        ) from error


def shipped(package: str) -> list[str]:
    """Return the names of the TOML files in a package, without their suffix."""
    from importlib import resources

    here = resources.files(package).iterdir()
    return sorted(f.name.removesuffix(".toml") for f in here if f.name.endswith(".toml"))


def toml_text(package: str, name: str, largest: int) -> str | None:
    """Return the text of a TOML file of a package by its name, or of any by its path.

    None where the package has none of this name and it is no path. Raises UnreadableFile.
    """
    from importlib import resources

    if name in shipped(package):
        return resources.files(package).joinpath(f"{name}.toml").read_text("utf-8")
    if not name.endswith(".toml") and not os.path.exists(name):
        return None
    return read_text(name, say("a TOML file"), largest)
