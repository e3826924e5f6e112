"""Linking a diary is a conversation; its state and its last outcome are always told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from dirty_equals import IsStr
from inline_snapshot import snapshot
from sqlalchemy import select

from diary_api.storage.tables import AnswerRow, ChildRow
from diary_core.errors import (
    ChildLeftSchool,
    LoginRequired,
    NoDiaryAccount,
    RegionChanged,
    RegionDown,
    RegionMaintenance,
)
from tests.api.running import RunningGateway
from tests.api.tiny import TinyTown, a_child

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
                                "addresses": {"state": "not_loaded"},
                                "class_teachers": {"state": "not_loaded"},
                                "teachers": {"state": "not_loaded"},
                            },
                            "group": {"id": "class-7-Б", "name": "7-Б", "parallel": 7},
                            "since": {"state": "not_loaded"},
                            "role": "parent",
                            "current": True,
                            "listed_at": "2026-09-16T09:00:00Z",
                        }
                    ],
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
                                "addresses": {"state": "not_loaded"},
                                "class_teachers": {"state": "not_loaded"},
                                "teachers": {"state": "not_loaded"},
                            },
                            "group": {"id": "class-3-А", "name": "3-А", "parallel": 3},
                            "since": {"state": "not_loaded"},
                            "role": "parent",
                            "current": True,
                            "listed_at": "2026-09-16T09:00:00Z",
                        }
                    ],
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
        ({**FORM, "x" * 101: "y"}, "values." + "x" * 101 + ".[key]"),
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


async def test_of_many_replies_one_is_taken(tiny: RunningGateway, town: TinyTown) -> None:
    """Ten replies to one step at the same moment reach the diary once."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "password"})).json()
    steps = f"/v1/connections/{link['id']}/steps"
    answers = await asyncio.gather(*(parent.post(steps, json={"values": FORM}) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {"conflict", "sign_in_expired"}
    assert town.calls["answer"] == 1


async def test_a_reply_to_a_step_that_is_over(tiny: RunningGateway) -> None:
    """A reply that names its turn is not taken for the next step."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "code"})).json()
    steps = f"/v1/connections/{link['id']}/steps"
    reply = {"values": FORM, "turn": 1}
    assert (await parent.post(steps, json=reply)).json()["pending"]["turn"] == 2
    late = await parent.post(steps, json=reply)
    assert (late.status_code, late.json()["code"], late.json()["field"]) == (409, "conflict", "turn")


async def test_signing_in_again_keeps_everything(tiny: RunningGateway, town: TinyTown) -> None:
    """After the diary ended the session: same connection, same child ids, reading goes on."""
    family = await tiny.family()
    town.access.clear()
    town.refresh.clear()
    refused = await family.read("week")
    assert (refused.status_code, refused.json()["code"]) == (409, "login_required")
    assert await family.state() == ("reauth_required", "login_required")
    calls = town.calls.total()
    assert (await family.read("week")).json()["code"] == "login_required"
    assert town.calls.total() == calls, "a dead session is not tried again and again"
    await family.parent.post(f"/v1/connections/{family.connection_id}/sign-in", json={})
    await family.parent.post(f"/v1/connections/{family.connection_id}/steps", json={"values": FORM})
    assert await family.state() == ("active", "ok")
    children = (await family.parent.get("/v1/children")).json()["items"]
    assert [child["id"] for child in children] == family.child_ids
    assert (await family.read("week")).status_code == 200


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (RegionDown("x"), "degraded"),
        (RegionChanged("x", field="days.0.lessons"), "degraded"),
        (LoginRequired("x"), "reauth_required"),
        (NoDiaryAccount("x"), "blocked"),
        (ChildLeftSchool("x"), "blocked"),
    ],
)
async def test_a_failing_run_moves_the_state(
    tiny: RunningGateway, town: TinyTown, error: Exception, state: str
) -> None:
    """The state says who must act, the outcome says why; one good run mends it."""
    family = await tiny.family()
    town.trouble = error
    assert (await family.read("week")).status_code >= 400
    assert await family.state() == (state, getattr(error, "code", None))
    town.trouble = None
    refresh = await family.parent.post(f"/v1/connections/{family.connection_id}/refresh")
    assert (refresh.status_code, refresh.json()["state"], refresh.json()["outcome"]) == (200, "active", "ok")
    assert (await family.read("week")).status_code == 200


async def test_a_changed_diary_tells_the_path_and_no_data(tiny: RunningGateway, town: TinyTown) -> None:
    """What the diary sent stays out; the field path is told."""
    family = await tiny.family()
    town.trouble = RegionChanged("an answer we do not understand", field="payload.0.marks.3.value")
    problem = (await family.read("week")).json()
    assert (problem["code"], problem["field"]) == ("region_changed", "payload.0.marks.3.value")


async def test_a_plugin_that_breaks_is_named(tiny: RunningGateway) -> None:
    """An error no plugin should let out becomes `plugin_broken`, without its message."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "broken"})).json()
    broken = await parent.post(f"/v1/connections/{link['id']}/steps", json={"values": FORM})
    assert (broken.status_code, broken.json()["code"], broken.json()["field"]) == (
        500,
        "plugin_broken",
        "tiny",
    )
    assert "canary" not in broken.text


async def test_a_child_may_come_and_go(tiny: RunningGateway, town: TinyTown) -> None:
    """A refresh shows a new child and marks one that left; the one that comes back has its old id."""
    family = await tiny.family()
    refresh = f"/v1/connections/{family.connection_id}/refresh"
    vera, lada = town.children["olga"]
    town.children["olga"] = [lada, a_child("zoya", "Зоя")]
    await family.parent.post(refresh)
    items = (await family.parent.get("/v1/children")).json()["items"]
    shown = {child["name"]["first"]: (child["id"], child["current"]) for child in items}
    assert shown == {
        "Вера": (family.child_ids[0], False),
        "Лада": (family.child_ids[1], True),
        "Зоя": (IsStr(regex="chd_.*"), True),
    }
    town.children["olga"] = [vera, lada]
    await family.parent.post(refresh)
    items = (await family.parent.get("/v1/children")).json()["items"]
    assert {child["id"] for child in items if child["current"]} == set(family.child_ids)


async def test_unlinking_erases_and_linking_again_recognises(tiny: RunningGateway, town: TinyTown) -> None:
    """Unlinking ends the session upstream and hides the children; signing in again brings back their ids."""
    family = await tiny.family()
    await family.read("week")
    link = f"/v1/connections/{family.connection_id}"
    assert [(await family.parent.delete(link)).status_code for _ in range(2)] == [204, 204]
    assert town.revoked == ["canary-access-1"]
    assert await family.state() == ("revoked", None)
    assert (await family.parent.get("/v1/children")).json()["items"] == []
    assert (await family.read("week")).json()["code"] == "child_unknown"
    assert (await family.parent.post(f"{link}/refresh")).json()["code"] == "connection_revoked"
    await family.parent.post(f"{link}/sign-in", json={})
    assert (await family.parent.post(f"{link}/steps", json={"values": FORM})).json()["state"] == "active"
    items = (await family.parent.get("/v1/children")).json()["items"]
    assert [child["id"] for child in items] == family.child_ids


async def test_trouble_upstream_does_not_stop_unlinking(tiny: RunningGateway, town: TinyTown) -> None:
    """What the parent withdraws is withdrawn, whatever the diary says."""
    family = await tiny.family()
    town.trouble = ZeroDivisionError()
    assert (await family.parent.delete(f"/v1/connections/{family.connection_id}")).status_code == 204
    assert (await family.state())[0] == "revoked"


async def test_erasing_the_account_unlinks_its_diaries(tiny: RunningGateway, town: TinyTown) -> None:
    """Erasing an account ends its sessions upstream, too."""
    family = await tiny.family()
    assert (await family.parent.delete("/v1/me")).status_code == 204
    assert town.revoked == ["canary-access-1"]


async def test_what_the_diary_answers_after_unlinking_is_not_kept(
    tiny: RunningGateway, town: TinyTown
) -> None:
    """Calls that were on their way when the link was withdrawn bring back neither names nor lessons."""
    family = await tiny.family()
    link = f"/v1/connections/{family.connection_id}"
    town.held = asyncio.Event()
    asking = asyncio.create_task(family.read("week"))
    refreshing = asyncio.create_task(family.parent.post(f"{link}/refresh"))

    async def both_wait() -> bool:
        return town.calls["days"] == 1 and town.calls["enrolments"] == 2

    async def withdrawn() -> bool:
        return (await family.state())[0] == "revoked"

    await _until(both_wait)
    withdrawing = asyncio.create_task(family.parent.delete(link))
    await _until(withdrawn)
    town.held.set()
    assert (await withdrawing).status_code == 204
    assert (await refreshing).json()["code"] == "connection_revoked"
    assert (await asking).status_code == 200  # asked for while it was linked
    assert (await family.parent.get("/v1/children")).json()["items"] == []
    async with tiny.gateway.storage.reading() as session:
        assert (await session.scalars(select(AnswerRow))).all() == []
        assert set(await session.scalars(select(ChildRow.profile_sealed))) == {None}


@pytest.mark.parametrize(
    ("on_the_way", "code"),
    [
        ("/v1/connections", "not_signed_in"),
        ("/v1/connections/{id}/sign-in", "connection_unknown"),
        ("/v1/connections/{id}/refresh", "connection_revoked"),
    ],
)
async def test_an_account_erased_while_the_diary_was_answering(
    tiny: RunningGateway, town: TinyTown, on_the_way: str, code: str
) -> None:
    """Whatever was on its way ends in a problem of its own, never in a fault of ours."""
    family = await tiny.family()
    calls = town.calls.total()
    town.held = asyncio.Event()
    body = {"region": "54", "method": "password"} if on_the_way == "/v1/connections" else {}
    asking = asyncio.create_task(family.parent.post(on_the_way.format(id=family.connection_id), json=body))

    async def waits() -> bool:
        return town.calls.total() > calls

    await _until(waits)
    held, town.held = town.held, None
    assert (await family.parent.delete("/v1/me")).status_code == 204
    held.set()
    assert (await asking).json()["code"] == code


async def _until(happened: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(1000):
        if await happened():
            return
        await asyncio.sleep(0.01)
    pytest.fail("what was waited for did not happen")


async def test_signed_in_while_the_children_cannot_be_read(tiny: RunningGateway, town: TinyTown) -> None:
    """A diary that goes down right after the sign-in is linked; the children come with a refresh."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "password"})).json()

    class DownAfterwards(dict[str, str]):
        def __setitem__(self, key: str, value: str) -> None:
            super().__setitem__(key, value)
            town.trouble = RegionDown("down")

    town.access = DownAfterwards()
    opened = await parent.post(f"/v1/connections/{link['id']}/steps", json={"values": FORM})
    assert (opened.status_code, opened.json()["state"], opened.json()["outcome"]) == (
        200,
        "degraded",
        "region_down",
    )
    town.trouble = None
    await parent.post(f"/v1/connections/{link['id']}/refresh")
    assert len((await parent.get("/v1/children")).json()["items"]) == 2
