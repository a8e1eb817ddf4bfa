"""Settings of the tests: Hypothesis draws the same examples on every run, and keeps none.

With EXAMPLES_TIMES=20 it draws others, and twenty times as many. Messages are read in English,
whatever the locale of who runs the tests.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from loans import EXAMPLES_TIMES

settings.register_profile(
    "steady",
    deadline=None,
    database=None,
    derandomize=EXAMPLES_TIMES == 1,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
os.environ["LANGUAGE"] = "en"

settings.load_profile("steady")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Start the system's Chromium once, without a window; nothing is ever downloaded."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if found is None:
        pytest.skip("needs Debian's chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
