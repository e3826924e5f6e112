"""The tutorial's plugin, found by its entry point, from a region to a week."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from inline_snapshot import snapshot

from diary_api.settings import Settings
from tests.api.running import RunningGateway, running

pytestmark = pytest.mark.anyio


@pytest.fixture
async def gate(settings: Settings) -> AsyncGenerator[RunningGateway, None]:
    """A running gateway with every installed plugin, the example included."""
    async with running(settings.model_copy(update={"plugins_off": frozenset()})) as gateway:
        yield gateway


async def test_from_a_region_to_a_week(gate: RunningGateway) -> None:
    """A parent's whole way through an installed plugin."""
    region = (await gate.client.get("/v1/regions/77")).json()
    (diary,) = [shown for shown in region["instances"] if shown["provider"] == "example"]
    assert diary == snapshot(
        {
            "provider": "example",
            "provider_title": {"ru": "Пример", "en": "Example"},
            "instance": "town",
            "title": {"ru": "Вымышленный город", "en": "An invented town"},
            "zone": "Europe/Moscow",
            "status": "active",
            "note": None,
            "methods": [
                {
                    "slug": "password",
                    "title": {"ru": "Логин и пароль", "en": "Login and password"},
                    "note": {"ru": "Логин parent, пароль example", "en": "Login parent, password example"},
                    "kind": "form",
                    "identity": None,
                    "abilities": ["ReadsDays", "ReadsHomework", "ReadsMarks"],
                }
            ],
            "abilities": ["ReadsDays", "ReadsHomework", "ReadsMarks"],
        }
    )
    parent = await gate.parent()
    link = (
        await parent.post(
            "/v1/connections", json={"provider": "example", "instance": "town", "method": "password"}
        )
    ).json()
    names = [field["name"] for field in link["pending"]["step"]["fields"]]
    values = dict(zip(names, ("parent", "example"), strict=True))
    done = await parent.post(f"/v1/connections/{link['id']}/steps", json={"values": values})
    assert done.json()["state"] == "active"
    children = (await parent.get("/v1/children")).json()["items"]
    assert [child["name"]["first"] for child in children] == snapshot(["Вера", "Лада"])
    week = (await parent.get(f"/v1/children/{children[0]['id']}/week")).json()
    assert week["items"][2]["lessons"][1] == snapshot(
        {
            "id": "vera-2026-09-16-2",
            "date": "2026-09-16",
            "slot": 2,
            "kind": "lesson",
            "planned": {
                "subject": {"id": "2", "name": "Русский язык"},
                "starts": "10:00:00",
                "ends": "10:45:00",
                "room": "102",
                "teachers": {"state": "unavailable", "reason": "unsupported"},
            },
            "actual": {
                "subject": {"id": "2", "name": "Русский язык"},
                "starts": "10:00:00",
                "ends": "10:45:00",
                "room": "102",
                "teachers": {"state": "unavailable", "reason": "unsupported"},
            },
            "change": "none",
            "topic": None,
            "control": {"state": "not_loaded"},
            "remote": {"state": "not_loaded"},
            "homework": [],
            "marks": [
                {
                    "id": "mark-vera-2026-09-16-2",
                    "subject": {"id": "2", "name": "Русский язык"},
                    "date": "2026-09-16",
                    "display": "4-",
                    "value": "4",
                    "modifier": "-",
                    "parts": [],
                    "status": "graded",
                    "scale": {"kind": "five", "raw": None},
                    "counts": True,
                    "weight": "1",
                    "form": "Ответ на уроке",
                    "important": False,
                    "comment": None,
                    "due_on": None,
                    "lesson_id": "vera-2026-09-16-2",
                    "entered_at": {"state": "unavailable", "reason": "unsupported"},
                    "edited_at": {"state": "unavailable", "reason": "unsupported"},
                    "teacher": {"state": "unavailable", "reason": "unsupported"},
                    "history": {"state": "unavailable", "reason": "unsupported"},
                }
            ],
            "attendance": {"state": "unavailable", "reason": "unsupported"},
            "remark": {"state": "not_loaded"},
        }
    )
