"""What can be read of a child's diary: every kind is told, timed and answered."""

from __future__ import annotations

from typing import Any

import pytest

from diary_api.school.readings import Kind
from diary_api.settings import Freshness
from tests.api.running import RunningGateway, described_paths

QUERIES = {"since": "2026-09-14", "until": "2026-09-20"}
AIM = {"subject": "Математика", "target": "5"}


def diary_reads() -> dict[str, Any]:
    """Return every route that reads a diary, by path."""
    return {
        path: methods["get"]
        for path, methods in described_paths().items()
        if path.startswith("/v1/children/{child_id}/")
        and "304" in methods.get("get", {}).get("responses", {})
    }


def test_every_kind_has_a_freshness_of_its_own() -> None:
    """What is read can be timed by an operator, and nothing else can."""
    assert sorted(Freshness.model_fields) == sorted(Kind)


@pytest.mark.anyio
async def test_a_diary_that_has_no_such_thing_says_so(tiny: RunningGateway) -> None:
    """A route answers what the diary can do, and names every other as not supported."""
    family = await tiny.family()
    told: dict[str, str] = {}
    for path in diary_reads():
        what = path.removeprefix("/v1/children/{child_id}/").format(thread_id="th-1", mark_id="mk-1")
        answer = await family.read(what, **QUERIES, **AIM)
        told[what] = "answered" if answer.status_code == 200 else answer.json()["code"]
    assert {what for what, outcome in told.items() if outcome == "answered"} == {
        "week",
        "days",
        "marks",
        "debts",
        "homework",
        "terms",
        "school",
        "averages",
        "progress",
        "forecast",
    }
    assert set(told.values()) == {"answered", "not_supported"}
    assert len(told) > len(Kind)
