"""Every example in the documentation runs, and prints what the page says.

A ```console block holds commands, each after "$ ", and their standard output at 80 columns. A
line "..." stands for lines left out. A ```python block is executed; the ```text block right
behind it is what it prints. Other blocks are not run.

Where a change of output is meant:

    python tests/test_docs.py --update

writes the new outputs into the pages and into examples/expected; read the difference before
you keep it. The tests themselves never write.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import pytest

import restructure
from restructure.cli import COMMANDS, main
from restructure.daycount import DAY_COUNTS
from restructure.fields import FIELDS, option
from restructure.measures import measure_type, names
from restructure.render import formats

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    "README.md",
    "CHANGELOG.md",
    "examples/README.md",
    *sorted(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")),
]
"""The pages whose examples run here; those of CONTRIBUTING.md run in test_contributing.py."""

_FENCE = re.compile(r"( *)(`{3,})([a-z]*)\s*\Z")


class Block(NamedTuple):
    """A fenced block: its language, and the numbers of its first line and of the line after."""

    language: str
    start: int
    end: int


class Example(NamedTuple):
    """A command of a console block, and the numbers of the lines of its output."""

    command: str
    start: int
    end: int


def lines_of(page: str) -> list[str]:
    """Return the lines of a page, named from the root of the repository."""
    return (ROOT / page).read_text(encoding="utf-8").splitlines()


def blocks(lines: list[str]) -> list[Block]:
    """Return the fenced blocks among `lines`."""
    found, opened = [], None
    for number, line in enumerate(lines):
        match = _FENCE.match(line)
        if opened is None and match:
            opened = (match[2], match[3], number + 1)
        elif opened is not None and line.strip() == opened[0]:
            found.append(Block(opened[1], opened[2], number))
            opened = None
    assert opened is None, f"the block from line {opened[2]} on is not closed"
    return found


def examples(lines: list[str]) -> list[Example]:
    """Return the commands of all console blocks among `lines`."""
    found: list[Example] = []
    for block in blocks(lines):
        if block.language != "console":
            continue
        assert lines[block.start].startswith("$ "), f"line {block.start + 1}: no command"
        number = block.start
        while number < block.end:
            command = lines[number].removeprefix("$ ")
            while command.endswith("\\"):
                number += 1
                command = command[:-1].rstrip() + " " + lines[number].strip()
            start = number = number + 1
            while number < block.end and not lines[number].startswith("$ "):
                number += 1
            found.append(Example(command, start, number))
    return found


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """Work in a new folder with the examples in it, with `restructure` on the path."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shutil.copytree(ROOT / "examples", place / "examples")
        command = place / "bin" / "restructure"
        command.parent.mkdir()
        command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m restructure "$@"\n')
        command.chmod(0o755)
        there = {
            "COLUMNS": "80",
            "LC_ALL": "C.UTF-8",
            "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        }
        with mock.patch.dict(os.environ, there), contextlib.chdir(place):
            yield place


class Result(NamedTuple):
    """What a command printed, and its exit code."""

    output: str
    code: int


def run(command: str, last_code: int = 0) -> Result:
    """Run a command as a shell would; plain calls of restructure without a new process."""
    if command == "echo $?":
        return Result(f"{last_code}\n", 0)
    words = shlex.split(command.removesuffix(" 2>&1"))
    if words[0] != "restructure" or re.search(r"[|<>{;&]", command.removesuffix(" 2>&1")):
        if "jq" in shlex.split(command) and shutil.which("jq") is None:
            pytest.skip("jq is not installed")
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
        return Result(done.stdout, done.returncode)
    out = io.StringIO()
    errors = out if command.endswith(" 2>&1") else io.StringIO()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(errors),
        pytest.raises(SystemExit) as ended,
    ):
        main(words[1:])
    code = ended.value.code
    return Result(out.getvalue(), code if isinstance(code, int) else 0)


def trimmed(lines: list[str]) -> list[str]:
    """Return `lines` without blanks at their ends and without empty last lines."""
    lines = [line.rstrip() for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def refreshed(written: list[str], real: list[str]) -> list[str]:
    """Return the real output, shortened where `written` has a line "..."."""
    written, real = trimmed(written), trimmed(real)
    if "..." not in written:
        return real
    head = written.index("...")
    tail = len(written) - head - 1
    assert "..." not in written[head + 1 :], "only one line '...' in an output"
    return [*real[:head], "...", *real[max(len(real) - tail, head) :]]


def check_console(page: str) -> int:
    """Run every command of a page and compare its output; return how many there are."""
    lines, code, found = lines_of(page), 0, examples(lines_of(page))
    with workplace():
        for example in found:
            result = run(example.command, code)
            code = result.code
            written = trimmed(lines[example.start : example.end])
            real = refreshed(written, result.output.splitlines())
            assert real == written, f"{page}, line {example.start}: $ {example.command}"
    return len(found)


def check_python(page: str) -> int:
    """Run the Python blocks of a page one after the other and compare what they print."""
    lines = lines_of(page)
    found = blocks(lines)
    space: dict[str, Any] = {}
    count = 0
    with workplace():
        for block, behind in zip(found, [*found[1:], None], strict=False):
            if block.language != "python":
                continue
            count += 1
            source = "\n" * block.start + "\n".join(lines[block.start : block.end])
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(source, page, "exec"), space)
            written = trimmed(_printed(lines, block, behind)[0])
            assert trimmed(out.getvalue().splitlines()) == written, f"{page}, {block.start}"
    return count


def _printed(lines: list[str], block: Block, behind: Block | None) -> tuple[list[str], bool]:
    """Return the text block right behind a Python block, and whether there is one."""
    if behind is None or behind.language != "text":
        return [], False
    if any(line.strip() for line in lines[block.end + 1 : behind.start - 1]):
        return [], False
    return lines[behind.start : behind.end], True


def update(page: str) -> None:
    """Write the real outputs into a page. Only a person calls this, on purpose."""
    lines, code = lines_of(page), 0
    changes: list[tuple[int, int, list[str]]] = []
    with workplace():
        for example in examples(lines):
            result = run(example.command, code)
            code = result.code
            written = lines[example.start : example.end]
            real = refreshed(written, result.output.splitlines())
            # A blank line before the next command stays.
            blank = [""] if written and not written[-1].strip() else []
            changes.append((example.start, example.end, real + blank))
        space: dict[str, Any] = {}
        found = blocks(lines)
        for block, behind in zip(found, [*found[1:], None], strict=False):
            if block.language != "python":
                continue
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec("\n".join(lines[block.start : block.end]), space)
            if behind is not None and _printed(lines, block, behind)[1]:
                changes.append((behind.start, behind.end, trimmed(out.getvalue().splitlines())))
    for start, end, text in sorted(changes, reverse=True):
        lines[start:end] = text
    (ROOT / page).write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_commands_print_what_the_page_says(page: str) -> None:
    """Every command of the page prints exactly the output below it."""
    check_console(page)


@pytest.mark.parametrize("page", PAGES)
def test_python_prints_what_the_page_says(page: str) -> None:
    """Every Python example of the page runs and prints exactly the text behind it."""
    check_python(page)


def test_the_pages_have_examples() -> None:
    """The two tests above find something to run: no page loses its examples unnoticed."""
    commands = {page: len(examples(lines_of(page))) for page in PAGES}
    assert commands["README.md"] == 1
    assert min(commands[f"docs/{name}.md"] for name in ("plans", "command-line", "json")) >= 5
    assert check_python("docs/library.md") >= 4
    assert check_python("README.md") == 1


def test_a_wrong_output_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page with one wrong figure fails, and `update` puts it right."""
    (tmp_path / "examples").mkdir()
    page = tmp_path / "page.md"
    page.write_text("```console\n$ restructure --version\nrestructure 0.0.0\n```\n")
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    with pytest.raises(AssertionError, match=r"page\.md, line 2"):
        check_console("page.md")
    update("page.md")
    assert f"\nrestructure {restructure.__version__}\n" in page.read_text()
    assert check_console("page.md") == 1


def test_left_out_lines_are_few_and_hide_nothing_around_them() -> None:
    """A line "..." stands for what is between; the lines around it must be the real ones."""
    real = ["a", "b", "c", "d"]
    assert refreshed(["a", "...", "d"], real) == ["a", "...", "d"]
    assert refreshed(["x", "...", "d"], real) == ["a", "...", "d"]
    assert refreshed(["a", "...", "c"], real) == ["a", "...", "d"]
    assert refreshed(["a", "b"], real) == real


# -- links ------------------------------------------------------------------------------

DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for pattern in ("*.md", "docs/**/*.md", "examples/**/*.md", "tests/**/*.md", "benchmarks/*.md")
    for path in ROOT.glob(pattern)
)


def prose(page: str) -> list[str]:
    """Return the lines of a page outside its fenced blocks."""
    lines = lines_of(page)
    for block in reversed(blocks(lines)):
        del lines[block.start - 1 : block.end + 1]
    return lines


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    heads = (line.lstrip("#").strip().lower() for line in prose(page) if line.startswith("#"))
    return {re.sub(r"[^\w\- ]", "", head).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", DOCUMENTS)
def test_relative_links_resolve(page: str) -> None:
    """Every relative link leads to a file or folder of the repository, and to a heading in it."""
    for target in re.findall(r"\]\(([^)\s]+)\)", "\n".join(prose(page))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (ROOT / page).parent / path if path else ROOT / page
        assert found.exists(), f"{page}: {target}"
        assert found.resolve().is_relative_to(ROOT), f"{page}: {target} leaves the repository"
        if anchor:
            assert anchor in anchors(str(found.resolve().relative_to(ROOT))), f"{page}: {target}"


# -- completeness -----------------------------------------------------------------------


@pytest.mark.parametrize("name", names())
def test_every_measure_has_its_section(name: str) -> None:
    """docs/plans.md has a section for each measure, with its keys and an example of it."""
    text = "\n".join(lines_of("docs/plans.md"))
    section = re.search(rf"^### `{name}`.*?(?=^##|\Z)", text, re.DOTALL | re.MULTILINE)
    assert section, f"docs/plans.md lacks a section '### `{name}`'"
    assert f"{name}:" in section[0]
    for key in measure_type(name).keys:
        assert f"`{key}=" in section[0], f"docs/plans.md, {name}: {key}= is missing"


def test_every_command_option_and_format_is_named() -> None:
    """docs/command-line.md names each command, each loan option and each format."""
    text = "\n".join(lines_of("docs/command-line.md"))
    for name in COMMANDS:
        assert re.search(rf"^### `restructure {name}", text, re.MULTILINE), name
    for name in FIELDS:
        assert f"`{option(name)}" in text, option(name)
    for name in formats():
        assert f"`{name}`" in text, name
    for name in COMMANDS:
        page = run(f"restructure {name} --help").output
        for found in re.findall(r"^  (?:-o, )?(--[a-z-]+) [A-Z ]", page, re.MULTILINE):
            assert found == "--help" or f"`{found}" in text, f"{name}: {found}"


def test_every_day_count_is_named() -> None:
    """docs/dates.md names each day count, in any case."""
    text = "\n".join(lines_of("docs/dates.md")).lower()
    for name in DAY_COUNTS:
        assert f"`{name.lower()}`" in text, name


def test_every_json_field_is_explained() -> None:
    """docs/json.md explains each field of each document, in a table or a list."""
    text = "\n".join(prose("docs/json.md"))
    import json

    calls = [
        "compare examples/mr-li.toml --schedules --columns apr_us,aprc --format json",
        "compare examples/mr-li.toml --start 2026-01-15 --rate-changes 2026-09-01=9% --format json",
        "compare examples/mr-li.toml --view lender --format json",
        "yield flows.csv --format json",
        "triage book.csv --history states.csv --format json",
        "schedule examples/mr-li.toml --format json",
        "solve --principal 50000 --term 12 --payment 3000 --rate 14.4% --format json",
        "measures forgive --format json",
        "afford examples/mr-li.toml --income 8000 --expense rent=4000 --limit china --format json",
        "advise --principal 50000 --term 12 --capacity 0x3,5000 --stress rate=+2% --format json",
        "advise --principal 50000 --term 12 --capacity 9 --format json",
        "advise --principal 50000 --term 12 --capacity 2000 --programme cn-card-article-70 "
        "--format json",
        "status examples/in-arrears.toml --payments examples/in-arrears.csv --as-of 2024-11-13"
        " --ledger --until 2024-12-13 --format json",
    ]
    with workplace() as place:
        (place / "flows.csv").write_text("date,amount\n2026-01-31,-100\n2026-02-28,101\n")
        run("restructure sample --loans 100 --history states.csv -o book.csv")
        for call in calls:
            stack = [json.loads(run(f"restructure {call}").output)]
            while stack:
                thing = stack.pop()
                if isinstance(thing, list):
                    stack += thing
                elif isinstance(thing, dict):
                    for key, value in thing.items():
                        assert key.isdigit() or f"`{key}`" in text, f"{call}: {key}"
                        stack.append(value)


def test_public_names_are_in_the_library_page() -> None:
    """docs/library.md names everything that the package exports."""
    text = "\n".join(lines_of("docs/library.md"))
    for name in restructure.__all__:
        assert f"`{name}" in text, name


def _update_everything() -> None:
    import_module("test_contributing").update_contributing()
    import_module("test_examples").update_expected()
    for page in PAGES:
        update(page)


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit(__doc__)
    _update_everything()
