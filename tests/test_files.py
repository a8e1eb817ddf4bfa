"""Loan files: what they may hold, and what is said of those that cannot be read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from commandline import refused, run

GOOD = '[loan]\nprincipal = 50000\nterm = 12\nrate = "14.4%"\n'


def written(folder: Path, name: str, content: str | bytes) -> str:
    """Write a loan file and return its path."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        b"\xef\xbb\xbf" + GOOD.encode(),
        "[loan]\nprincipal = 5e4\nterm = 12.0\nrate = 14.4\n",
        '[loan]\nprincipal = "50000"\nterm = "12"\nrate = 14.40\n[household]\nincome = 8000\n',
        '{"loan": {"principal": 50000, "term": 12, "rate": 14.4}}',
    ],
)
def test_ways_to_write_the_same_loan(tmp_path: Path, content: str | bytes) -> None:
    """Windows line ends, a byte order mark, numbers as text, and JSON all mean the same."""
    ran = run("compare", written(tmp_path, "loan.toml", content), "--format", "csv")
    assert ran.code == 0
    assert ran.err == ""
    assert ran.out == run(
        "compare", "--principal=50000", "--term=12", "--rate=14.4", "--format=csv"
    ).out  # fmt: skip


def test_position_of_a_file_end_to_end(tmp_path: Path) -> None:
    """A position with its outstanding principal gives the founding case after six months.

    Figures: design's check values for four paid and two missed, where the debt is 25,894.26
    not yet due, 8,227.69 + 769.85 overdue and 49.07 penalty; defer:3 then pays 6,282.83.
    """
    path = written(
        tmp_path,
        "loan.toml",
        '[loan]\nrate = "14.4%"\n[position]\noutstanding = 25894.26\nremaining = 6\n'
        "overdue_principal = 8227.69\noverdue_interest = 769.85\npenalty = 49.07\n"
        '[[plan]]\nname = "breather"\nmeasures = "defer:3"\n',
    )
    ran = run("compare", path, "--format", "jsonl")
    assert ran.code == 0
    assert '"name": "breather"' in ran.out
    assert '"payment": 6282.83' in ran.out
    assert '"last_payment": 6282.84' in ran.out
    rows = run("schedule", path, "--plan", "breather", "--format", "csv").out.splitlines()
    # 34,891.80 is 36,163.04 after three months at 1.2 %; 433.96 interest; 6,282.83 + 49.07 paid.
    assert rows[4] == "4,,36212.11,433.96,0.00,5897.94,6331.90,30314.17"


def test_options_override_the_file(tmp_path: Path) -> None:
    """An option replaces the file's value, and --payment its rate; --plan replaces its plans."""
    path = written(tmp_path, "loan.toml", GOOD + '[[plan]]\nmeasures = ["defer:1", "extend:2"]\n')
    assert "defer:1+extend:2" in run("compare", path).out
    assert "defer:1" not in run("compare", path, "--plan", "defer:3").out
    assert "CNY 60,000.00" in run("compare", path, "--principal", "60000").out
    assert "at 0 %," in run("compare", path, "--payment", "4166.67").out  # 50,000 / 12


def test_a_plan_of_the_file_is_chosen_by_its_name(tmp_path: Path) -> None:
    """Schedule takes the name of a plan, and tells the names when it does not know one."""
    path = written(
        tmp_path, "loan.toml", GOOD + '[[plan]]\nname = "rest 期"\nmeasures = "defer:3"\n'
    )
    assert run("schedule", path, "--plan", "rest 期").out.startswith("rest 期: CNY 50,000.00")
    refused(run("schedule", path, "--plan", "rset 期"), "'rest 期'", codes=(2,))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.toml", "[lona]\nprincipal = 5\n", ["'lona'", "'loan'"]),
        ("a.toml", "[loan]\nprincpal = 5\n", ["[loan]", "'princpal'", "'principal'"]),
        ("a.toml", "principal = 5\n", ["principal stands outside", "[loan]"]),
        ("a.toml", "[loan]\npaid = 3\n", ["paid belongs in [position]"]),
        ("a.toml", "loan = 5\n", ["'5'", "[loan]"]),
        ("a.toml", GOOD + "[plan]\nmeasures = 'defer:3'\n", ["[[plan]]"]),
        ("a.toml", GOOD + "[[plan]]\nname = 'x'\n", ["[[plan]] 1", "measures is missing"]),
        ("a.toml", GOOD + "[[plan]]\nmesures = 'x'\n", ["'mesures'", "'measures'"]),
        ("a.toml", GOOD + "[[plan]]\nmeasures = 'defre:3'\n", ["'defre'", "'defer'"]),
        ("a.toml", GOOD + "[[plan]]\nmeasures = [1]\n", ["measures"]),
        ("a.toml", GOOD + "[[plan]]\nname = 5\nmeasures = 'defer:1'\n", ["name is not text"]),
        ("a.toml", "[loan]\nprincipal = true\n", ["principal", "'True'", "50000"]),
        ("a.toml", "[loan]\nprincipal = {a = 1}\n", ["principal", "one value"]),
        ("a.toml", "[loan]\nprincipal = [1]\n", ["principal", "one value"]),
        ("a.toml", "[loan]\nprincipal = nan\n", ["principal", "'NaN'"]),
        ("a.toml", "[loan]\nprincipal = 1e400\n", ["principal", "'1E+400'"]),
        ("a.toml", "[loan]\nprincipal = -5\n", ["principal", "'-5'", "above 0"]),
        ("a.toml", "[loan]\nprincipal = 1" + "0" * 5000, ["digits"]),
        ("a.toml", GOOD + "start = 2026-01-01T10:00:00\n", ["start", "time of day"]),
        ("a.toml", GOOD + "start = 10:00:00\n", ["start", "2026-03-31"]),
        ("a.toml", GOOD + "start = 2026-02-30\n", ["line 5"]),
        ("a.toml", GOOD + "start = 5\n", ["start", "'5'"]),
        ("a.toml", GOOD + "currency = 'CNZ'\n", ["[loan]", "'CNZ'", "'CNY'"]),
        ("a.toml", GOOD + "currency = 5\n", ["[loan]", "currency", "'5'"]),
        ("a.toml", "[loan]\nrate = '12 apples'\n", ["[loan]", "rate", "'12 apples'", "0.04%/day"]),
        ("a.toml", GOOD + "term = 12\n", ["line 5"]),
        ("a.toml", "[loan\n", ["not valid TOML", "line 1", "principal = 50000"]),
        ("a.toml", "[loan]\nprincipal = " + "[" * 100_000, ["nested too deeply"]),
        ("a.toml", "", ["is empty", "[loan]"]),
        ("a.toml", " \n\n", ["is empty", "[loan]"]),
        ("a.toml", b"[loan]\nprincipal = \xff\n", ["UTF-8", "byte 20"]),
        ("a.toml", GOOD.encode("utf-16"), ["UTF-8"]),
        ("a.toml", "x" * 10_000_001, ["10 MB"]),
        ("a.json", "[1, 2]", ["[loan]"]),
        ("a.json", "5", ["[loan]"]),
        ("a.json", '{"loan": null}', ["loan is 'None'"]),
        ("a.json", '{"loan": {"principal": NaN}}', ["principal", "'nan'"]),
        ("a.json", '{"loan": {"principal": null}}', ["principal", "'None'"]),
        ("a.json", '{"loan": {"principal": 1e999999999}}', ["principal"]),
        ("a.json", '{"loan": {"principal": 1' + "0" * 5000 + "}}", ["digits"]),
        ("a.json", '{"loan": {"principal": 5, "principal": 6}}', ["'principal'", "twice"]),
        ("a.json", '{"loan": ' * 3000, ["nested too deeply"]),
        ("a.json", "[" * 100_000, ["nested too deeply"]),
        ("a.json", '{"loan": {"principal": 5', ["not valid JSON", "line 1"]),
        ("a.json", '{"loan": {"principal": 50000, "term": 12}, "plan": ["xx"]}', ["'xx'"]),
    ],
)  # fmt: skip
def test_bad_files_get_one_clear_message(
    tmp_path: Path, name: str, content: str | bytes, words: list[str]
) -> None:
    """The message names the file and what is wrong in it, and nothing is computed."""
    refused(run("compare", written(tmp_path, name, content)), name, *words, codes=(3,))


def test_files_that_are_not_there(tmp_path: Path) -> None:
    """Absent, a folder, two at once, and a name that would do something to a terminal."""
    refused(run("compare", str(tmp_path / "absent.toml")), "absent.toml", "no such file")
    refused(run("compare", str(tmp_path)), "is a folder")
    refused(run("compare", "a.toml", "b.toml"), "'a.toml', 'b.toml'", codes=(2,))
    refused(run("compare", "a\x1b[31m.toml"), r"a\x1b[31m.toml")
    refused(run("compare", "a\0b.toml"), "cannot be read" if os.name == "nt" else "a")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without the right to read it is said to be so (root may read all, so it is played)."""
    path = written(tmp_path, "loan.toml", GOOD)
    real = open

    def barred(file: object, *rest: object, **more: object) -> object:
        if str(file) == str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return real(file, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr("builtins.open", barred)
    refused(run("compare", path), "cannot be read: Permission denied")


def test_standard_input(tmp_path: Path) -> None:
    """- reads TOML and JSON from standard input; an empty one is said to be empty."""
    ran = run("compare", "-", "--format", "csv", stdin=GOOD.encode())
    assert ran.code == 0
    assert ran.out.count("\n") == 5
    json = b'{"loan": {"principal": 50000, "term": 12, "rate": 14.4}}'
    assert run("compare", "-", "--format", "csv", stdin=json).out == ran.out
    refused(run("compare", "-"), "standard input is empty", "[loan]", codes=(3,))


@pytest.mark.parametrize("months", ["[7, 8]", '"7,8"', '["7", 8]'])
def test_lists_are_lists_or_texts(months: str, tmp_path: Path) -> None:
    """TOML's own list and a text with commas say the same; a nested list is refused."""
    path = tmp_path / "loan.toml"
    text = f"[loan]\nprincipal = 1000\nterm = 12\nstart = 2026-01-31\nskip_months = {months}\n"
    path.write_text(text, encoding="utf-8")
    ran = run("compare", str(path), "--format", "json")
    assert json.loads(ran.out)["loan"]["skip_months"] == [7, 8]
    path.write_text(text.replace(months, "[[7], 8]"), encoding="utf-8")
    ran = run("compare", str(path))
    assert ran.code == 3
    assert "skip_months is a list or a table" in ran.err
