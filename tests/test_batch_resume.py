"""restructure batch --resume: a killed run loses nothing, and ends in the same bytes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from commandline import refused, run

_CODE = """
import sys
import restructure.portfolio.run as running
running.PERIOD = 0  # note each chunk, so that a short run has many places to go on from
from restructure.cli import main
main(sys.argv[1:])
"""


def book(folder: Path, loans: int, form: str = "csv") -> Path:
    """Write a book of synthetic loans, every seventh of them spoilt where it is text."""
    path = folder / f"book.{form}"
    assert run("sample", "--loans", str(loans), "-o", str(path)).code == 0
    if form == "csv":
        head, *lines = path.read_text().splitlines(keepends=True)
        spoilt = ["x" + line.replace(",", ',"', 1) if k % 7 == 3 else line
                  for k, line in enumerate(lines)]  # fmt: skip
        path.write_text(head + "".join(spoilt))
    return path


def words(source: Path, folder: Path, form: str, *more: str) -> list[str]:
    """Return the command line of a run into a folder, with small chunks."""
    return [
        "batch", str(source), "--plan", "defer:3", "--plan", "defer:9,keep=maturity",
        "--chunk", "10", "-o", str(folder / f"out.{form}"),
        "--errors", str(folder / "rejects.csv"), *more,
    ]  # fmt: skip


def files(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder, hidden folders included, by name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def noted(journal: Path) -> int:
    """Return how many entries a journal has; it may be gone, or cut at any moment."""
    try:
        return journal.read_bytes().count(b"\n")
    except FileNotFoundError:
        return 0


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(("come", "go"), [("csv", "csv"), ("parquet", "parquet")])
def test_killed_at_random_moments(tmp_path: Path, come: str, go: str, jobs: str) -> None:
    """SIGKILL again and again: nothing appears before its time, and the end is the same."""
    source = book(tmp_path, 300, come)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    whole.mkdir()
    killed.mkdir()
    args = [sys.executable, "-c", _CODE]
    done = subprocess.run([*args, *words(source, whole, go, "--jobs", jobs)], capture_output=True)
    assert done.returncode == 1
    random, kills = Random(f"{come}{jobs}"), 0
    command = [*args, *words(source, killed, go, "--jobs", jobs, "--resume")]
    journal = killed / f".out.{go}.parts" / "journal"
    for _ in range(60):
        with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
            # Some chunks further and a little later; by chunks, as no two runs are equally fast.
            wanted = noted(journal) + random.randint(1, 8)
            while noted(journal) < wanted and process.poll() is None:
                time.sleep(0.001)
            time.sleep(random.uniform(0, 0.02))
            process.send_signal(signal.SIGKILL)
            _, err = process.communicate()
        for path in killed.glob("[!.]*"):  # what is to be seen is whole
            assert path.read_bytes() == (whole / path.name).read_bytes()
        if process.returncode == 1:
            break
        kills += 1
    if process.returncode != 1:  # whoever is killed while leaving begins anew: let one run end
        assert subprocess.run(command, capture_output=True).returncode == 1
    assert kills >= 1
    if process.returncode == 1:
        assert err.split(b", see")[0] == done.stderr.split(b", see")[0]
    assert files(killed) == files(whole)


class Killed(BaseException):
    """Stands for the end of a process."""


@pytest.mark.parametrize("go", ["csv", "parquet"])
def test_stopped_at_every_step(tmp_path: Path, go: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped at each call that makes bytes safe or moves a file, then resumed: the same bytes."""
    from restructure.portfolio import journal
    from restructure.portfolio import run as running

    source = book(tmp_path, 25)
    whole = tmp_path / "whole"
    whole.mkdir()
    monkeypatch.setattr(running, "PERIOD", 0)
    assert run(*words(source, whole, go)).code == 1
    steps = 0

    def counted(function):  # type: ignore[no-untyped-def]
        def call(*args):  # type: ignore[no-untyped-def]
            nonlocal steps
            steps -= 1
            if steps < 0:
                raise Killed
            return function(*args)

        return call

    for name in ("fsync", "replace"):
        monkeypatch.setattr(journal.os, name, counted(getattr(journal.os, name)))
    for limit in range(100):
        folder = tmp_path / str(limit)
        folder.mkdir()
        steps = limit
        try:
            run(*words(source, folder, go))
        except Killed:
            steps = 10_000
            assert run(*words(source, folder, go, "--resume")).code == 1
            assert files(folder) == files(whole), limit
        else:
            break
    assert limit > 8  # there were steps to stop at, and at last none was left


def interrupted(folder: Path, source: Path, monkeypatch: pytest.MonkeyPatch, after: int = 2) -> str:
    """Interrupt a run as Ctrl-C does after some chunks; return what it says."""
    from restructure.portfolio import run as running

    real, calls = running.work, 0

    def work(*args):  # type: ignore[no-untyped-def]
        nonlocal calls
        calls += 1
        if calls > after:
            raise KeyboardInterrupt
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(running, "work", work)
        ran = run(*words(source, folder, "csv"))
    assert ran.code == 130
    return ran.err


def test_ctrl_c_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 130, a hint at --resume, no output yet; without --resume it is not overwritten."""
    source = book(tmp_path, 40)
    assert "--resume" in interrupted(tmp_path, source, monkeypatch)
    assert not (tmp_path / "out.csv").exists()
    refused(run(*words(source, tmp_path, "csv")), "--resume", "--restart", "out.csv")
    assert run(*words(source, tmp_path, "csv", "--resume")).code == 1
    assert (tmp_path / "out.csv").exists()
    assert not (tmp_path / ".out.csv.parts").exists()


def test_what_is_done_is_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A resumed run works on the chunks that are left and on no other."""
    from restructure.portfolio import run as running

    source = book(tmp_path, 50)
    interrupted(tmp_path, source, monkeypatch, after=3)
    worked = []
    real = running.work

    def work(job, chunk):  # type: ignore[no-untyped-def]
        worked.append(chunk.line)
        return real(job, chunk)

    monkeypatch.setattr(running, "work", work)
    ran = run(*words(source, tmp_path, "csv", "--resume"))
    assert worked == [31, 41]
    assert ran.err.startswith("50 loans, 150 pairs")


@pytest.mark.parametrize(
    ("more", "what"), [(["--plan", "extend:6"], "plans"), (["--penalty-rate", "2x"], "options")]
)
def test_a_run_with_other_options_is_not_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str], what: str
) -> None:
    """The message says what changed; --restart begins anew; --engine may change."""
    source = book(tmp_path, 40)
    interrupted(tmp_path, source, monkeypatch)
    refused(run(*words(source, tmp_path, "csv", "--resume", *more)), "--resume", what, "--restart")
    assert run(*words(source, tmp_path, "csv", "--resume", "--engine", "core")).code == 1
    interrupted(tmp_path, source, monkeypatch)
    assert run(*words(source, tmp_path, "csv", "--restart", *more)).code == 1


def test_a_book_that_changed_is_not_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more loan since: the run is refused, and what it had is kept."""
    source = book(tmp_path, 40)
    interrupted(tmp_path, source, monkeypatch)
    before = files(tmp_path / ".out.csv.parts")
    with source.open("a") as file:
        file.write("one,more\n")
    refused(run(*words(source, tmp_path, "csv", "--resume")), "size of FILE")
    assert files(tmp_path / ".out.csv.parts") == before
