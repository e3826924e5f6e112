"""With Redis, and without it."""

from __future__ import annotations

import pytest


@pytest.fixture(params=["alone", "redis"])
def url(request: pytest.FixtureRequest) -> str | None:
    """The address of a Redis, or that there is none."""
    return request.getfixturevalue("redis_url") if request.param == "redis" else None
