"""Pipes, files and interruptions: what is written whole, and what ends quietly."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import pytest

from commandline import LOAN, command, process, refused, run

LONG = ("schedule", "--principal", "50000", "--term", "5000", "--rate", "0", "--format", "csv")
posix = pytest.mark.skipif(os.name != "posix", reason="needs the files of a Unix system")


def names(folder: Path) -> list[str]:
    """Return everything in a folder, hidden files too."""
    return sorted(os.listdir(folder))


# -- pipes ------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("format", ["csv", "json", "table"])
def test_a_reader_that_goes_away_ends_it_quietly(format: str) -> None:
    """As in `| head -1`, with more output than the pipe holds: exit 0 and not a word."""
    started = subprocess.Popen(
        command(*LONG[:-1], format), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert started.stdout is not None
    assert len(started.stdout.read(10)) == 10
    started.stdout.close()
    assert started.stderr is not None
    assert started.stderr.read() == b""
    started.stderr.close()
    assert started.wait(60) == 0


@posix
@pytest.mark.parametrize("args", [("compare", *LOAN), LONG, ("--help",), ("compare", "--help")])
def test_a_full_disk_is_said_to_be_full(args: tuple[str, ...]) -> None:
    """/dev/full takes nothing: one message, exit 3, no traceback now or at exit."""
    with open("/dev/full", "wb") as full:
        ran = process(*args, stdout=full, stderr=subprocess.PIPE, capture_output=False)
    assert ran.returncode == 3
    assert ran.stderr == b"Error: standard output cannot be written: No space left on device.\n"


@posix
def test_closed_streams() -> None:
    """Without standard output there is an error; without standard error the data still comes."""
    line = " ".join([sys.executable, "-m", "restructure", "compare", *LOAN])
    ran = subprocess.run(["sh", "-c", f"{line} >&-"], capture_output=True)
    assert ran.returncode == 3
    assert ran.stderr.startswith(b"Error: standard output is closed")
    assert ran.stderr.count(b"\n") == 1
    whole = process("compare", "--principal", "50000", "--term", "12").stdout
    noted = line.removesuffix(" --rate 14.4")
    for elsewhere in ("2>&-", "2>/dev/full"):
        ran = subprocess.run(["sh", "-c", f"{noted} {elsewhere}"], capture_output=True)
        assert ran.returncode == 0
        assert ran.stdout == whole
    ran = subprocess.run(["sh", "-c", f"{line} - <&-"], capture_output=True)
    assert ran.returncode == 3
    assert ran.stderr == b"Error: standard input cannot be read: it is closed.\n"


@posix
def test_an_interruption_exits_with_130() -> None:
    """Ctrl-C while a loan is awaited from standard input: 130, and nothing is said."""
    started = subprocess.Popen(
        command("compare", "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell that runs the tests in the background has them ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    time.sleep(1)
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=60)
    assert (started.returncode, out, err) == (130, b"", b"")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk", "cp1252"])
def test_every_encoding_can_be_written(encoding: str) -> None:
    """Tables keep their shape in the encoding at hand; data is UTF-8 everywhere."""
    env = {**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "80", "PYTHONUTF8": "0"}
    plan = ("--plan", "延期 €=defer:3", "--plan", "extend:6")
    ran = process("compare", *LOAN, *plan, env=env)
    assert ran.returncode == 0
    assert ran.stderr == b""
    lines = ran.stdout.decode(encoding).splitlines()
    assert max(map(len, lines)) <= 80
    plans = [line for line in lines if "4,662.68" in line or "3,105.14" in line]
    assert len({line.index(".") for line in plans}) <= 2  # a wide character takes two columns
    rule = "─" if encoding == "gbk" else "-"
    assert any(line and set(line) == {rule} for line in lines)
    for format in ("csv", "json", "jsonl"):
        ran = process("compare", *LOAN, *plan, "--format", format, env=env)
        assert "延期 €" in ran.stdout.decode("utf-8")
    ran = process("compare", *LOAN, "--method", "等额", env=env)
    assert ran.returncode == 3
    ran.stderr.decode(encoding)


def test_a_plain_locale_is_no_trouble() -> None:
    """With LANG=C the default table is drawn."""
    env = {
        name: text for name, text in os.environ.items() if not name.startswith(("LC_", "PYTHON"))
    }
    ran = process("compare", *LOAN, env={**env, "LANG": "C", "LC_ALL": "C"})
    assert ran.returncode == 0
    assert b"4,498.77" in ran.stdout


# -- files ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("x.json", "{"),
        ("x.jsonl", '{"name"'),
        ("x.CSV", "name,plan,"),
        ("x.md", "**CNY"),
        ("x.markdown", "**CNY"),
        ("x.txt", "CNY 50,000.00"),
        ("x", "CNY 50,000.00"),
        (".x", "CNY 50,000.00"),
    ],
)
def test_the_suffix_gives_the_format(tmp_path: Path, name: str, start: str) -> None:
    """The file has what its name promises, nothing goes to standard output, no file is left."""
    ran = run("compare", *LOAN, "-o", str(tmp_path / name))
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(start)
    assert names(tmp_path) == [name]


def test_format_wins_over_the_suffix(tmp_path: Path) -> None:
    """--format decides where both are given, for a suffix that is unknown too."""
    assert run("compare", *LOAN, "--format", "csv", "-o", str(tmp_path / "x.json")).code == 0
    assert (tmp_path / "x.json").read_text().startswith("name,")
    assert run("compare", *LOAN, "--format", "csv", "-o", str(tmp_path / "x.dat")).code == 0
    assert (tmp_path / "x.dat").read_text() == (tmp_path / "x.json").read_text()
    assert run("compare", *LOAN, "--format", "csv", "-o", "-").out.startswith("name,")


def test_a_file_is_never_as_wide_as_the_terminal_only(tmp_path: Path) -> None:
    """A table in a file has all columns, whatever the width of the terminal."""
    run("compare", *LOAN, "-o", str(tmp_path / "x.txt"), columns=40)
    assert (tmp_path / "x.txt").read_text(encoding="utf-8") == run("compare", *LOAN).out


@posix
def test_overwriting_keeps_permissions_and_links(tmp_path: Path) -> None:
    """The new content has the old file's permissions; a link still points to it."""
    old, link = tmp_path / "x.csv", tmp_path / "link.csv"
    old.write_text("old")
    old.chmod(0o640)
    link.symlink_to(old)
    assert run("compare", *LOAN, "-o", str(link)).code == 0
    assert link.is_symlink()
    assert old.read_text().startswith("name,")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert names(tmp_path) == ["link.csv", "x.csv"]


@posix
def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    """Others may read what the umask lets them."""
    before = os.umask(0o022)
    try:
        run("compare", *LOAN, "-o", str(tmp_path / "x.csv"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x.csv").stat().st_mode) == 0o644


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["os.replace", "os.fsync"])
def test_a_failure_leaves_the_old_file(tmp_path: Path, failure: BaseException, step: str) -> None:
    """A full disk or Ctrl-C half-way: the old content stands, and nothing lies beside it."""
    path = tmp_path / "x.csv"
    path.write_text("old")
    with mock.patch(step, side_effect=failure):
        ran = run("compare", *LOAN, "-o", str(path))
    assert path.read_text() == "old"
    assert names(tmp_path) == ["x.csv"]
    if isinstance(failure, OSError):
        refused(ran, "x.csv", "No space left on device", codes=(3,))
    else:
        assert (ran.code, ran.out, ran.err) == (130, "", "")


def test_an_error_leaves_the_old_file(tmp_path: Path) -> None:
    """Input that is refused writes nothing; plans that are refused write their reasons."""
    path = tmp_path / "x.csv"
    path.write_text("old")
    refused(run("compare", "--principal", "x", "-o", str(path)))
    assert path.read_text() == "old"
    assert run("compare", *LOAN, "--plan", "reduce:10", "-o", str(path)).code == 3
    assert "600.01" in path.read_text()


def test_places_where_nothing_can_be_written(tmp_path: Path) -> None:
    """A folder, a missing folder, a read-only file: one message, before anything is computed."""
    refused(run("compare", *LOAN, "-o", str(tmp_path)), "is a folder", codes=(3,))
    refused(run("compare", *LOAN, "-o", str(tmp_path / "no" / "x.csv")), "there is no folder")
    refused(run("compare", *LOAN, "-o", str(tmp_path / ("x" * 300 + ".csv"))), "cannot be written")
    path = tmp_path / "x.csv"
    path.write_text("old")
    path.chmod(0o444)
    refused(run("compare", *LOAN, "-o", str(path)), "read-only", codes=(3,))
    assert path.read_text() == "old"
    path.chmod(0o644)


@posix
def test_devices_are_written_to_and_stay(tmp_path: Path) -> None:
    """/dev/stdout, /dev/full and a named pipe are no files to be replaced."""
    ran = process("compare", *LOAN, "-o", "/dev/stdout", "--format", "csv")
    assert ran.stdout.startswith(b"name,plan,")
    refused(run("compare", *LOAN, "-o", "/dev/full", "--format", "csv"), "No space left")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    started = subprocess.Popen(command("compare", *LOAN, "-o", str(pipe), "--format", "csv"))
    assert pipe.read_bytes().startswith(b"name,plan,")
    assert started.wait(60) == 0
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("format", ["csv", "json"])
def test_machine_formats_start_lean(format: str) -> None:
    """A CSV or JSON run without dates loads neither rich nor dateutil nor numpy."""
    code = (
        "import sys\nfrom restructure.cli import main\n"
        f"try: main({['compare', *LOAN, '--format', format]!r})\nexcept SystemExit: pass\n"
        "print([m for m in ('rich', 'dateutil', 'numpy', 'difflib', 'tempfile', 'pkgutil')"
        " if m in sys.modules], file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    loaded = ran.stderr.strip()
    assert "rich" not in loaded
    assert "dateutil" not in loaded
    assert "numpy" not in loaded
    assert "tempfile" not in loaded
