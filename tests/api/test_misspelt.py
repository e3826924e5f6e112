"""A setting whose name has a slip in it is told of."""

from __future__ import annotations

import pytest

from diary_api.misspelt import misspelt


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DIARY_DATABSE_URL", "DIARY_DATABASE_URL"),
        ("DIARY_REDISURL", "DIARY_REDIS_URL"),
        ("diary_keyfile", "DIARY_KEY_FILE"),
        ("DIARY_FRESHNES__DAYS", "DIARY_FRESHNESS"),
        ("DIARYFRESHNESS__DAYS", "DIARY_FRESHNESS"),
    ],
)
def test_a_slip_is_told_of(name: str, meant: str) -> None:
    """With the name that was probably meant."""
    assert misspelt({name: "1", "HOME": "/"}) == {name: meant}


@pytest.mark.parametrize(
    "name", ["DIARY_DATABASE_URL", "diary_database_url", "DIARY_FRESHNESS__DAYS", "DIARY_TESTS_ON", "DIARIES"]
)
def test_other_names_are_not(name: str) -> None:
    """Neither those of settings nor those of somebody else."""
    assert misspelt({name: "1"}) == {}
