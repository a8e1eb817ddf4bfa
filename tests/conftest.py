"""Settings of the tests: Hypothesis draws the same examples on every run, and keeps none.

HYPOTHESIS_PROFILE=explore draws new ones, and many more of them.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

_SLOW_DRAWS = [HealthCheck.too_slow, HealthCheck.filter_too_much]

settings.register_profile(
    "steady", deadline=None, database=None, derandomize=True, suppress_health_check=_SLOW_DRAWS
)
settings.register_profile(
    "explore",
    deadline=None,
    database=None,
    max_examples=5000,
    suppress_health_check=_SLOW_DRAWS,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
