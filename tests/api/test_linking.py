"""Linking a diary is a conversation of steps, each answered once."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

import httpx2
import pytest
from dirty_equals import IsStr
from inline_snapshot import snapshot

from diary_api.settings import Settings
from diary_core.errors import (
    RegionDown,
    RegionMaintenance,
)
from tests.api.hot.gateways import Both
from tests.api.running import MovableClock, RunningGateway, running
from tests.api.statements import listening
from tests.api.tiny import TinyTown, tiny_plugins

pytestmark = pytest.mark.anyio

FORM = {"login": "olga", "password": "kestrel-9"}


async def test_linking_by_a_form(tiny: RunningGateway) -> None:
    """The first answer holds the form; the reply to it opens the diary."""
    parent = await tiny.parent()
    begun = await parent.post("/v1/connections", json={"region": "54", "method": "password"})
    assert (begun.status_code, begun.json()) == (
        201,
        snapshot(
            {
                "id": IsStr(regex=r"con_[a-z2-7]{26}"),
                "provider": "tiny",
                "instance": "town",
                "title": {"ru": "Дневник town", "en": "Diary town"},
                "region": "54",
                "method": "password",
                "state": "awaiting_user",
                "outcome": None,
                "outcome_at": None,
                "identity": "unproven",
                "created_at": "2026-09-16T09:00:00Z",
                "pending": {
                    "turn": 1,
                    "expires_at": "2026-09-16T09:10:00Z",
                    "step": {
                        "step": "ask",
                        "fields": [
                            {
                                "name": "login",
                                "label": {"ru": "Логин", "en": "Login"},
                                "secret": False,
                                "required": True,
                                "hint": None,
                            },
                            {
                                "name": "password",
                                "label": {"ru": "Пароль", "en": "Password"},
                                "secret": True,
                                "required": True,
                                "hint": None,
                            },
                        ],
                        "problem": None,
                    },
                },
            }
        ),
    )
    opened = await parent.post(f"/v1/connections/{begun.json()['id']}/steps", json={"values": FORM})
    assert (opened.status_code, opened.json()) == (
        200,
        snapshot(
            {
                "id": IsStr(regex=r"con_[a-z2-7]{26}"),
                "provider": "tiny",
                "instance": "town",
                "title": {"ru": "Дневник town", "en": "Diary town"},
                "region": "54",
                "method": "password",
                "state": "active",
                "outcome": "ok",
                "outcome_at": "2026-09-16T09:00:00Z",
                "identity": "unproven",
                "created_at": "2026-09-16T09:00:00Z",
                "pending": None,
            }
        ),
    )
    assert (await parent.get("/v1/connections")).json() == {"items": [opened.json()]}


async def test_children_appear_with_the_link(tiny: RunningGateway) -> None:
    """Once linked, every child of the diary is listed under an id of ours."""
    family = await tiny.family()
    assert (await family.parent.get("/v1/children")).json() == snapshot(
        {
            "items": [
                {
                    "id": IsStr(regex=r"chd_[a-z2-7]{26}"),
                    "connection_id": IsStr(regex=r"con_[a-z2-7]{26}"),
                    "name": {"last": "Воробьёва", "first": "Вера", "middle": None},
                    "label": None,
                    "birth_date": {"state": "not_loaded"},
                    "current": True,
                    "enrolments": [
                        {
                            "id": IsStr(regex=r"enr_[a-z2-7]{26}"),
                            "school": {
                                "id": "s1",
                                "name": "Школа Воробьёва",
                                "short_name": None,
                                "zone": "Asia/Novosibirsk",
                                "principal": {"state": "not_loaded"},
                                "phone": {"state": "not_loaded"},
                                "email": {"state": "not_loaded"},
                                "website": {"state": "not_loaded"},
                                "hours": {"state": "not_loaded"},
                                "district": {"state": "not_loaded"},
                                "addresses": {"state": "not_loaded"},
                                "class_teachers": {"state": "not_loaded"},
                                "teachers": {"state": "not_loaded"},
                                "study_groups": {"state": "not_loaded"},
                            },
                            "group": {"id": "class-7-Б", "name": "7-Б", "parallel": 7},
                            "since": {"state": "not_loaded"},
                            "role": "parent",
                            "current": True,
                            "listed_at": "2026-09-16T09:00:00Z",
                        }
                    ],
                    "class_standing_shown": False,
                    "granted": None,
                },
                {
                    "id": IsStr(regex=r"chd_[a-z2-7]{26}"),
                    "connection_id": IsStr(regex=r"con_[a-z2-7]{26}"),
                    "name": {"last": "Воробьёва", "first": "Лада", "middle": None},
                    "label": None,
                    "birth_date": {"state": "not_loaded"},
                    "current": True,
                    "enrolments": [
                        {
                            "id": IsStr(regex=r"enr_[a-z2-7]{26}"),
                            "school": {
                                "id": "s1",
                                "name": "Школа Воробьёва",
                                "short_name": None,
                                "zone": "Asia/Novosibirsk",
                                "principal": {"state": "not_loaded"},
                                "phone": {"state": "not_loaded"},
                                "email": {"state": "not_loaded"},
                                "website": {"state": "not_loaded"},
                                "hours": {"state": "not_loaded"},
                                "district": {"state": "not_loaded"},
                                "addresses": {"state": "not_loaded"},
                                "class_teachers": {"state": "not_loaded"},
                                "teachers": {"state": "not_loaded"},
                                "study_groups": {"state": "not_loaded"},
                            },
                            "group": {"id": "class-3-А", "name": "3-А", "parallel": 3},
                            "since": {"state": "not_loaded"},
                            "role": "parent",
                            "current": True,
                            "listed_at": "2026-09-16T09:00:00Z",
                        }
                    ],
                    "class_standing_shown": False,
                    "granted": None,
                },
            ]
        }
    )


async def test_a_longer_conversation(tiny: RunningGateway) -> None:
    """A form, a one-time code and a choice, each shown with what it needs and nothing of what is carried."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "code"})).json()
    steps = f"/v1/connections/{link['id']}/steps"
    code = (await parent.post(steps, json={"values": FORM})).json()["pending"]
    choice = (await parent.post(steps, json={"values": {"code": "123456"}})).json()["pending"]
    assert (code, choice) == snapshot(
        (
            {
                "turn": 2,
                "expires_at": "2026-09-16T09:10:00Z",
                "step": {
                    "step": "enter_code",
                    "medium": "sms",
                    "sent_to": "+7 ••• 45-67",
                    "length": 6,
                    "expires_at": "2026-09-16T09:05:00Z",
                    "attempts_left": 3,
                    "problem": None,
                },
            },
            {
                "turn": 3,
                "expires_at": "2026-09-16T09:10:00Z",
                "step": {
                    "step": "choose",
                    "title": {"ru": "Кто вы?", "en": "Who are you?"},
                    "options": [{"id": "parent", "title": "Родитель"}, {"id": "self", "title": "Ученик"}],
                },
            },
        )
    )
    done = (await parent.post(steps, json={"values": {"choice": "parent"}})).json()
    assert (done["state"], done["outcome"], done["pending"]) == ("active", "ok", None)


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"region": "00", "method": "password"}, 404, "region_unknown", "region"),
        ({"region": "99\x00", "method": "password"}, 404, "region_unknown", "region"),
        ({"region": "77", "method": "password"}, 409, "region_not_served", "region"),
        ({"region": "55", "method": "password"}, 409, "instance_retired", "region"),
        ({"region": "54", "method": "mos_ru"}, 404, "method_unknown", "method"),
        ({"region": "56", "method": "password"}, 422, "invalid_input", "instance"),
        ({"provider": "huge", "instance": "town", "method": "password"}, 404, "provider_unknown", "provider"),
        ({"provider": "tiny", "instance": "city", "method": "password"}, 404, "instance_unknown", "instance"),
        ({"provider": "tiny", "instance": "town", "method": "fax"}, 404, "method_unknown", "method"),
        ({"provider": "tiny", "instance": "old", "method": "password"}, 409, "instance_retired", "instance"),
        (
            {"region": "77", "provider": "tiny", "instance": "town", "method": "password"},
            422,
            "invalid_input",
            "region",
        ),
        ({"provider": "tiny", "method": "password"}, 422, "invalid_input", "body"),
        ({"method": "password"}, 422, "invalid_input", "body"),
        ({"region": "54"}, 422, "invalid_input", "method"),
        ({"region": "54", "method": "password", "role": "admin"}, 422, "invalid_input", "role"),
    ],
)
async def test_a_diary_that_cannot_be_linked(
    tiny: RunningGateway, body: dict[str, str], status: int, code: str, field: str
) -> None:
    """Unknown, retired, unserved and ambiguous diaries each have their problem, with the field to look at."""
    parent = await tiny.parent()
    answer = await parent.post("/v1/connections", json=body)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["field"]) == (status, code, field)
    assert (await parent.get("/v1/connections")).json()["items"] == []


async def test_several_diaries_of_one_region_are_named(tiny: RunningGateway) -> None:
    """The ambiguous region is resolved by naming one of the diaries the problem lists."""
    parent = await tiny.parent()
    refused = await parent.post("/v1/connections", json={"region": "56", "method": "password"})
    assert refused.json()["detail"] == snapshot("several diaries fit, name one: tiny/east, tiny/west")
    named = {"region": "56", "provider": "tiny", "instance": "west", "method": "password"}
    assert (await parent.post("/v1/connections", json=named)).json()["instance"] == "west"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "values.login"),
        ({"login": "olga"}, "values.password"),
        ({"login": "", "password": "x"}, "values.login"),
        ({**FORM, "captcha": "x"}, "values.captcha"),
        ({"login": 1, "password": "x"}, "values.login"),
        ({**FORM, "x" * 101: "y"}, "values." + "x" * 80 + ".[key]"),
    ],
)
async def test_a_reply_that_does_not_fit_its_step(
    tiny: RunningGateway, town: TinyTown, values: dict[str, object], field: str
) -> None:
    """Missing and unknown fields are named; the diary is not bothered and the step waits on."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "password"})).json()
    refused = await parent.post(f"/v1/connections/{link['id']}/steps", json={"values": values})
    assert (refused.status_code, refused.json()["field"]) == (422, field)
    assert town.calls["answer"] == 0
    assert (await parent.get(f"/v1/connections/{link['id']}")).json() == link


async def test_a_wrong_password_ends_the_sign_in_and_says_so(tiny: RunningGateway) -> None:
    """The remedy comes in the language asked for; the connection waits, and a new sign-in goes through."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "password"})).json()
    steps = f"/v1/connections/{link['id']}/steps"
    wrong = await parent.post(
        steps,
        json={"values": {"login": "olga", "password": "guess"}},
        headers={"Accept-Language": "en"},
    )
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["remedy"]) == snapshot(
        (
            409,
            "wrong_credentials",
            "Check the keyboard layout and try again; the class teacher issues a new password.",
        )
    )
    assert (await parent.post(steps, json={"values": FORM})).json()["code"] == "sign_in_expired"
    again = (await parent.post(f"/v1/connections/{link['id']}/sign-in", json={})).json()
    assert (again["state"], again["outcome"]) == ("awaiting_user", "wrong_credentials")
    assert (await parent.post(steps, json={"values": FORM})).json()["state"] == "active"


@pytest.mark.sqlite
async def test_a_sign_in_is_never_over_for_no_reason(tiny: RunningGateway) -> None:
    """Between any two transactions a failed sign-in has its reason: an app that polls is not misled."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "password"})).json()
    database = tiny.gateway.storage.engine.url.database
    seen: set[tuple[str, str | None]] = set()

    def look(_: str) -> None:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as file:
            seen.update(file.execute("SELECT phase, outcome FROM sign_ins, connections"))

    with listening(tiny, look):
        wrong = {"values": {"login": "olga", "password": "guess"}}
        await parent.post(f"/v1/connections/{link['id']}/steps", json=wrong)
        await parent.get(f"/v1/connections/{link['id']}")
    assert seen == {("waiting", None), ("taken", None), ("failed", "wrong_credentials")}


async def test_a_diary_in_trouble_keeps_the_step(tiny: RunningGateway, town: TinyTown) -> None:
    """When the diary is down in the middle of a sign-in, the same reply goes through later."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "password"})).json()
    steps = f"/v1/connections/{link['id']}/steps"
    town.trouble = RegionDown("down", retry_after=timedelta(seconds=30))
    refused = await parent.post(steps, json={"values": FORM})
    assert (refused.status_code, refused.headers["retry-after"]) == (502, "30")
    town.trouble = None
    assert (await parent.post(steps, json={"values": FORM})).json()["state"] == "active"


async def test_nothing_is_linked_when_the_diary_cannot_begin(tiny: RunningGateway, town: TinyTown) -> None:
    """A diary that is down leaves no half-made connection behind, and the idempotency key is free."""
    parent = await tiny.parent()
    town.trouble = RegionMaintenance("works")
    body, key = {"region": "54", "method": "password"}, {"Idempotency-Key": "k"}
    assert (await parent.post("/v1/connections", json=body, headers=key)).status_code == 503
    assert (await parent.get("/v1/connections")).json()["items"] == []
    town.trouble = None
    assert (await parent.post("/v1/connections", json=body, headers=key)).status_code == 201


async def test_a_repeated_request_links_once(tiny: RunningGateway, town: TinyTown) -> None:
    """The same idempotency key gives the same connection and asks the diary once."""
    parent = await tiny.parent()
    body, key = {"region": "54", "method": "password"}, {"Idempotency-Key": "k"}
    first, again = [await parent.post("/v1/connections", json=body, headers=key) for _ in range(2)]
    assert first.json() == again.json()
    assert town.calls["begin"] == 1
    assert len((await parent.get("/v1/connections")).json()["items"]) == 1


async def test_a_step_waits_ten_minutes(tiny: RunningGateway) -> None:
    """At ten minutes the sign-in is over; nothing else is lost."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "password"})).json()
    tiny.clock.move(timedelta(minutes=10))
    late = await parent.post(f"/v1/connections/{link['id']}/steps", json={"values": FORM})
    assert (late.status_code, late.json()["code"]) == (409, "sign_in_expired")
    shown = (await parent.get(f"/v1/connections/{link['id']}")).json()
    assert (shown["state"], shown["pending"]) == ("awaiting_user", None)


async def test_a_half_finished_sign_in_can_be_dropped(tiny: RunningGateway) -> None:
    """Dropping an unfinished second sign-in leaves the first one working."""
    family = await tiny.family()
    sign_in = f"/v1/connections/{family.connection_id}/sign-in"
    begun = (await family.parent.post(sign_in, json={})).json()
    assert (begun["state"], begun["pending"]["turn"]) == ("active", 1)
    assert (await family.parent.delete(sign_in)).status_code == 204
    assert (await family.parent.delete(sign_in)).status_code == 204
    shown = (await family.parent.get(f"/v1/connections/{family.connection_id}")).json()
    assert shown["pending"] is None
    assert (await family.read("week")).status_code == 200


async def test_children_come_when_the_diary_can_tell_them(tiny: RunningGateway, town: TinyTown) -> None:
    """A link stands though the diary is down after the sign-in, and asks again when children are wanted."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "password"})).json()
    town.troubles["enrolments"] = RegionDown("down")
    steps = f"/v1/connections/{link['id']}/steps"
    assert (await parent.post(steps, json={"values": FORM})).json()["state"] == "degraded"
    assert (await parent.get("/v1/children")).json()["items"] == []
    del town.troubles["enrolments"]
    assert len((await parent.get("/v1/children")).json()["items"]) == 2
    assert (await parent.get(f"/v1/connections/{link['id']}")).json()["state"] == "active"
    asked = town.calls["enrolments"]
    await parent.get("/v1/children")
    assert town.calls["enrolments"] == asked


async def test_a_diary_that_hangs_hides_no_other_child(
    settings: Settings, town: TinyTown, clock: MovableClock
) -> None:
    """Those who are known are listed after a moment; the diary is asked once for all who want to know."""
    hasty = settings.model_copy(update={"family_patience": timedelta(seconds=0.2)})
    async with running(hasty, tiny_plugins(town), clock) as gate:
        family = await gate.family()
        new = {"region": "54", "method": "password"}
        link = (await family.parent.post("/v1/connections", json=new)).json()
        town.troubles["enrolments"] = RegionDown("down")
        await family.parent.post(f"/v1/connections/{link['id']}/steps", json={"values": FORM})
        town.troubles.clear()
        town.calls.clear()
        town.held = asyncio.Event()
        lists = await asyncio.gather(*(family.parent.get("/v1/children") for _ in range(3)))
        exported = await family.parent.get("/v1/me/export")
        assert [len(one.json()["items"]) for one in lists] == [2, 2, 2]
        assert (len(exported.json()["children"]), town.calls["enrolments"]) == (2, 1)
        town.held.set()
        await gate.gateway.meetings.close()
        assert len((await family.parent.get("/v1/children")).json()["items"]) == 4


async def test_of_many_replies_one_is_taken(tiny: RunningGateway, town: TinyTown) -> None:
    """Ten replies to one step at the same moment reach the diary once."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "password"})).json()
    steps = f"/v1/connections/{link['id']}/steps"
    answers = await asyncio.gather(*(parent.post(steps, json={"values": FORM}) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {"conflict", "sign_in_expired"}
    assert town.calls["answer"] == 1


@dataclass(frozen=True)
class Stuck:
    """A reply that one process carries to the diary and does not come back with."""

    reply: asyncio.Task[httpx2.Response]
    let_go: asyncio.Event
    elsewhere: httpx2.AsyncClient
    """The same parent at another process."""
    steps: str


async def stuck(both: Both, town: TinyTown) -> Stuck:
    """Reply to the step of a new link, and have the diary keep the first process waiting."""
    parent = await both[0].parent()
    elsewhere = both[1].another_client(Authorization=parent.headers["Authorization"])
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "password"})).json()
    steps = f"/v1/connections/{link['id']}/steps"
    town.held = let_go = asyncio.Event()
    reply = asyncio.create_task(parent.post(steps, json={"values": FORM}))
    await town.waits.wait()
    return Stuck(reply, let_go, elsewhere, steps)


async def test_a_reply_whose_process_died_may_be_given_again(both: Both, town: TinyTown) -> None:
    """The step still waits, is kept from others for as long as an answer can take, and goes on elsewhere."""
    first = await stuck(both, town)
    town.held = None
    assert (await first.elsewhere.post(first.steps, json={"values": FORM})).json()["code"] == "conflict"
    both[0].clock.move(timedelta(seconds=90))
    assert (await first.elsewhere.post(first.steps, json={"values": FORM})).json()["state"] == "active"
    first.let_go.set()
    assert (await first.reply).json()["code"] == "sign_in_expired"


async def test_one_given_up_for_dead_takes_nothing_from_its_heir(both: Both, town: TinyTown) -> None:
    """A process that was only slow fails at last: the reply another has taken over goes on, to its end."""
    first = await stuck(both, town)
    both[0].clock.move(timedelta(seconds=90))
    town.waits.clear()
    town.held = heir = asyncio.Event()
    second = asyncio.create_task(first.elsewhere.post(first.steps, json={"values": FORM}))
    await town.waits.wait()
    town.troubles["answer"] = RegionDown("down")
    town.held = None
    first.let_go.set()
    assert (await first.reply).json()["code"] == "region_down"
    third = await first.elsewhere.post(first.steps, json={"values": FORM})
    assert third.json()["code"] == "conflict"
    link = (await first.elsewhere.get(first.steps.removesuffix("/steps"))).json()
    assert link["outcome"] is None
    town.troubles.clear()
    heir.set()
    assert (await second).json()["state"] == "active"


async def test_a_reply_to_a_step_that_is_over(tiny: RunningGateway) -> None:
    """A reply that names its turn is not taken for the next step."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "code"})).json()
    steps = f"/v1/connections/{link['id']}/steps"
    reply = {"values": FORM, "turn": 1}
    assert (await parent.post(steps, json=reply)).json()["pending"]["turn"] == 2
    late = await parent.post(steps, json=reply)
    assert (late.status_code, late.json()["code"], late.json()["field"]) == (409, "conflict", "turn")
