"""Long work says so on a terminal, and nothing where nobody looks."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

ADVISE = [
    *(sys.executable, "-m", "restructure", "advise", "--principal", "50000", "--term", "12"),
    *("--rate", "14.4", "--capacity", "3000", "--offer", "extend:1..24", "--format", "csv"),
]


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals here")
def test_a_search_says_on_a_terminal_that_it_goes_on():
    """On a terminal a line stands on standard error while plans are sought; the answer is whole."""
    ours, theirs = os.openpty()
    env = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(ADVISE, stdout=subprocess.PIPE, stderr=theirs, env=env, check=True)
        os.close(theirs)
        told = os.read(ours, 65536).decode()
    finally:
        os.close(ours)
    assert "Looking for the plans that fit" in told
    assert done.stdout.startswith(b"name,plan,")


def test_a_search_says_nothing_in_a_pipe():
    """Where standard error is no terminal, not a byte goes there."""
    done = subprocess.run(ADVISE, capture_output=True, check=True)
    assert done.stderr == b""
