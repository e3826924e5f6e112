"""Reading a child's diary: whose, which days, how fresh."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

import pytest
from dirty_equals import IsStr
from inline_snapshot import snapshot

from diary_core.errors import NotPermitted, RegionDown, RegionSlow
from diary_core.model import Missing, Reason
from tests.api.running import RunningGateway, running, settings_for
from tests.api.tiny import TinyTown, a_child, tiny_plugins
from tests.more import quick_first
from tests.waiting import until

pytestmark = pytest.mark.anyio

WEEK = {"since": "2026-09-14", "until": "2026-09-20"}
SPANS = ("days", "marks", "homework")


async def test_a_week_is_told_whole(tiny: RunningGateway) -> None:
    """Everything around the items is there: source, freshness, what is unavailable and why."""
    family = await tiny.family()
    answer = (await family.read("week", of="2026-09-16")).json()
    days = answer.pop("items")
    assert answer == snapshot(
        {
            "stale": False,
            "stale_reason": None,
            "as_of": "2026-09-16T09:00:00Z",
            "source": {
                "provider": "tiny",
                "instance": "town",
                "connection": IsStr(regex=r"con_[a-z2-7]{26}"),
            },
            "unavailable": [
                {"what": "lessons.actual.teachers", "reason": "unsupported"},
                {"what": "lessons.attendance", "reason": "unsupported"},
                {"what": "lessons.homework.done", "reason": "unsupported"},
                {"what": "lessons.homework.edited_at", "reason": "unsupported"},
                {"what": "lessons.homework.minutes", "reason": "unsupported"},
                {"what": "lessons.homework.required", "reason": "unsupported"},
                {"what": "lessons.marks.edited_at", "reason": "unsupported"},
                {"what": "lessons.marks.entered_at", "reason": "unsupported"},
                {"what": "lessons.marks.history", "reason": "unsupported"},
                {"what": "lessons.marks.teacher", "reason": "unsupported"},
                {"what": "lessons.planned.teachers", "reason": "unsupported"},
            ],
            "partial": [],
        }
    )
    assert [day["date"] for day in days] == [f"2026-09-{number}" for number in range(14, 21)]


async def test_marks_homework_terms_and_the_school(tiny: RunningGateway) -> None:
    """Each ability has its route, and all answer in one form."""
    family = await tiny.family()
    answers = {what: await family.read(what, 0, **WEEK) for what in ("marks", "homework")}
    answers |= {what: await family.read(what) for what in ("terms", "school")}
    bodies = {what: answer.json() for what, answer in answers.items()}
    shape = {"as_of", "items", "partial", "source", "stale", "stale_reason", "unavailable"}
    assert [what for what, body in bodies.items() if set(body) != shape] == []
    assert (bodies["terms"]["items"], bodies["school"]["items"][0]["name"]) == snapshot(
        (
            [
                {
                    "id": "y",
                    "parent_id": None,
                    "kind": "year",
                    "number": None,
                    "title": "2026/27",
                    "since": "2026-09-01",
                    "until": "2027-05-31",
                }
            ],
            "Школа Воробьёва",
        )
    )
    assert {mark["display"] for mark in bodies["marks"]["items"]} == snapshot({"4-", "5", "н/а"})


@pytest.mark.parametrize(
    ("utc", "monday"),
    [("2026-09-20T16:59:00+00:00", "2026-09-14"), ("2026-09-20T17:00:00+00:00", "2026-09-21")],
)
async def test_the_present_week_is_the_schools(tiny: RunningGateway, utc: str, monday: str) -> None:
    """A week turns at the school's midnight (Novosibirsk, seven hours ahead), not at UTC's."""
    tiny.clock.now = tiny.clock.now.fromisoformat(utc)
    family = await tiny.family()
    days = (await family.read("week")).json()["items"]
    assert (days[0]["date"], len(days)) == (monday, 7)


@pytest.mark.parametrize("of", ["2026-09-14", "2026-09-20"])
async def test_a_week_is_named_by_any_of_its_days(tiny: RunningGateway, of: str) -> None:
    """Monday and Sunday name the same week, and share the answer of `days` over it."""
    family = await tiny.family()
    week = await family.read("week", of=of)
    assert week.content == (await family.read("days", 0, **WEEK)).content


@pytest.mark.parametrize("what", quick_first(SPANS))
@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({}, "invalid_input", "since"),
        ({"since": "2026-09-14"}, "invalid_input", "until"),
        ({"since": "14.09.2026", "until": "2026-09-20"}, "invalid_input", "since"),
        ({"since": "2026-09-14", "until": "2026-02-30"}, "invalid_input", "until"),
        ({"since": "0", "until": "2026-09-20"}, "invalid_input", "since"),
        ({"since": "2026-09-14T00:00", "until": "2026-09-20"}, "invalid_input", "since"),
        ({"since": "1999-12-31", "until": "2000-01-01"}, "invalid_input", "since"),
        ({"since": "9999-12-31", "until": "9999-12-31"}, "invalid_input", "since"),
        ({"since": "", "until": "2026-09-20"}, "invalid_input", "since"),
        ({"since": "\u0662\u0660\u0662\u0666-09-14", "until": "2026-09-20"}, "invalid_input", "since"),
        ({"since": "2026-09-20", "until": "2026-09-14"}, "span_reversed", "until"),
        ({"since": "2026-09-01", "until": "2027-09-02"}, "span_too_long", "until"),
    ],
)
async def test_a_span_that_is_none(
    tiny: RunningGateway, town: TinyTown, what: str, query: dict[str, str], code: str, field: str
) -> None:
    """Reversed, too long, unparsable or missing: 422 with the field, and the diary is not asked."""
    family = await tiny.family()
    answer = await family.read(what, 0, **query)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)
    assert town.calls[what] == 0


async def test_a_span_may_be_a_day_or_a_school_year(tiny: RunningGateway) -> None:
    """Both ends are inclusive: one day is one day, 366 days are allowed."""
    family = await tiny.family()
    one = await family.read("days", since="2026-09-14", until="2026-09-14")
    year = await family.read("days", since="2026-09-01", until="2027-09-01")
    assert (len(one.json()["items"]), len(year.json()["items"])) == (1, 366)


@pytest.mark.parametrize("of", ["0001-01-01", "9999-12-31", "yesterday", "2026-W38", ""])
async def test_a_week_that_is_none(tiny: RunningGateway, of: str) -> None:
    """A day no diary knows is a malformed request, not a fault."""
    family = await tiny.family()
    answer = await family.read("week", of=of)
    assert (answer.status_code, answer.json()["field"]) == (422, "of")


async def test_the_tag_is_the_hash_of_the_bytes(tiny: RunningGateway) -> None:
    """Strong, the same for the same bytes, and enough to be told that nothing has changed."""
    family = await tiny.family()
    first = await family.read("week")
    tag = first.headers["etag"]
    assert tag == f'"{hashlib.sha256(first.content).hexdigest()[:32]}"'
    address = f"/v1/children/{family.child_ids[0]}/week"
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = await family.parent.get(address, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    changed = await family.parent.get(address, headers={"If-None-Match": '"other"'})
    assert (changed.status_code, changed.content) == (200, first.content)
    assert changed.headers["cache-control"] == "private, no-cache"


async def test_a_fresh_answer_is_served_and_an_old_one_asked_again(
    tiny: RunningGateway, town: TinyTown
) -> None:
    """For five minutes nobody bothers the diary; after that it is asked once more."""
    family = await tiny.family()
    first = await family.read("week")
    tiny.clock.move(timedelta(seconds=299))
    assert (await family.read("week")).content == first.content
    assert town.calls["days"] == 1
    tiny.clock.move(timedelta(seconds=1))
    assert (await family.read("week")).json()["as_of"] == "2026-09-16T09:05:00Z"
    assert town.calls["days"] == 2


def askers(gate: RunningGateway) -> int:
    """Return how many wait for a diary."""
    under_way: dict[str, Any] = vars(gate.gateway.school.answers.flights)["_under_way"]
    return sum(flight.askers for flight in under_way.values())


async def test_askers_of_one_thing_share_one_call(tiny: RunningGateway, town: TinyTown) -> None:
    """Thirty askers at once make one call and get the same bytes."""
    family = await tiny.family()
    town.held = asyncio.Event()
    asking = [asyncio.create_task(family.read("week")) for _ in range(30)]
    await until(lambda: askers(tiny) == 30)
    town.held.set()
    answers = await asyncio.gather(*asking)
    assert {answer.content for answer in answers} == {answers[0].content}
    assert town.calls["days"] == 1


async def test_an_asker_who_goes_away_takes_nobody_along(tiny: RunningGateway, town: TinyTown) -> None:
    """The call goes on for the others when the one who began it is gone."""
    family = await tiny.family()
    town.held = asyncio.Event()
    first = asyncio.create_task(family.read("week"))
    await until(lambda: askers(tiny) == 1)
    second = asyncio.create_task(family.read("week"))
    await until(lambda: askers(tiny) == 2)
    first.cancel()
    await until(lambda: askers(tiny) == 1)
    town.held.set()
    assert (await second).status_code == 200
    assert town.calls["days"] == 1


async def test_a_partial_answer_never_replaces_a_whole_one(tiny: RunningGateway, town: TinyTown) -> None:
    """It is shown, asked for again at the next look, and an outage brings back the last whole answer."""
    family = await tiny.family()
    whole = await family.read("week")
    tiny.clock.move(timedelta(hours=1))
    town.lacking = (Missing(what="lessons.homework", reason=Reason.UPSTREAM_ERROR),)
    assert (await family.read("week")).json()["partial"] != []
    assert (await family.read("week")).json()["partial"] != []
    assert town.calls["days"] == 3
    town.trouble = RegionDown("down")
    stale = (await family.read("week")).json()
    assert (stale["stale"], stale["partial"], stale["as_of"]) == (True, [], whole.json()["as_of"])


async def test_what_no_asking_brings_is_not_asked_for_again(tiny: RunningGateway, town: TinyTown) -> None:
    """An answer cut to what the diary can tell at once is as good as a whole one."""
    family = await tiny.family()
    town.lacking = (Missing(what="older", reason=Reason.UNSUPPORTED),)
    told = [(await family.read("week")).json() for _ in range(2)]
    assert told[0] == told[1]
    assert told[0]["partial"] == [{"what": "older", "reason": "unsupported"}]
    assert town.calls["days"] == 1


async def test_a_partial_answer_is_better_than_none(tiny: RunningGateway, town: TinyTown) -> None:
    """With nothing else known, what came in part is kept for an outage, and asked for again before."""
    family = await tiny.family()
    town.lacking = (Missing(what="lessons.homework", reason=Reason.UPSTREAM_ERROR),)
    await family.read("week")
    town.trouble = RegionDown("down")
    stale = (await family.read("week")).json()
    assert stale["stale"]
    assert stale["partial"] != []


async def test_the_last_known_answer_when_the_diary_is_down(tiny: RunningGateway, town: TinyTown) -> None:
    """Old data is given marked stale with the reason, under another tag; then fresh data again."""
    family = await tiny.family()
    fresh = await family.read("week")
    tiny.clock.move(timedelta(hours=1))
    town.trouble = RegionDown("down")
    stale = await family.read("week")
    expected = {**fresh.json(), "stale": True, "stale_reason": "region_down"}
    assert (stale.status_code, stale.json()) == (200, expected)
    assert stale.headers["etag"] != fresh.headers["etag"]
    assert await family.state() == ("degraded", "region_down")
    town.trouble = None
    again = (await family.read("week")).json()
    assert (again["stale"], again["as_of"]) == (False, "2026-09-16T10:00:00Z")


async def test_nothing_known_and_the_diary_down(tiny: RunningGateway, town: TinyTown) -> None:
    """With nothing to fall back on the trouble itself is told, with when to come again."""
    family = await tiny.family()
    town.trouble = RegionSlow("slow", retry_after=timedelta(seconds=7))
    answer = await family.read("week")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (
        504,
        "region_slow",
        "7",
    )


async def test_known_answers_survive_a_restart(tiny: RunningGateway, town: TinyTown) -> None:
    """Another gateway on the same database serves what was known, without asking."""
    family = await tiny.family()
    first = await family.read("week")
    async with running(tiny.gateway.settings, tiny_plugins(town), tiny.clock) as second:
        headers = {"Authorization": family.parent.headers["Authorization"]}
        again = await second.client.get(f"/v1/children/{family.child_ids[0]}/week", headers=headers)
    assert again.content == first.content
    assert town.calls["days"] == 1


async def test_two_gateways_renew_once(tiny: RunningGateway, town: TinyTown) -> None:
    """Two processes' worth of readers with a dying session spend its single-use renewal once."""
    family = await tiny.family()
    tiny.clock.move(timedelta(minutes=59))
    async with running(tiny.gateway.settings, tiny_plugins(town), tiny.clock) as second:
        other = second.another_client(Authorization=family.parent.headers["Authorization"])
        days = [f"2026-09-{number:02}" for number in range(1, 21)]
        answers = await asyncio.gather(
            *(
                client.get(f"/v1/children/{child}/{what}", params={"since": day, "until": day})
                for day in days
                for client, child, what in (
                    (family.parent, family.child_ids[0], "days"),
                    (other, family.child_ids[1], "marks"),
                )
            )
        )
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert town.calls["renew"] == 1
    assert await family.state() == ("active", "ok")


async def test_a_refused_session_is_renewed_on_the_way(tiny: RunningGateway, town: TinyTown) -> None:
    """A session the diary ended early is renewed once and the parent notices nothing."""
    family = await tiny.family()
    town.access.clear()
    answers = await asyncio.gather(
        *(family.read("days", since=f"2026-09-{d}", until=f"2026-09-{d}") for d in range(10, 20))
    )
    assert [answer.status_code for answer in answers] == [200] * 10
    assert town.calls["renew"] == 1


async def test_what_the_door_does_not_show(tiny: RunningGateway) -> None:
    """A connection made through a narrower door says `not_supported`, by name, and stays healthy."""
    family = await tiny.family(method="narrow")
    answer = await family.read("terms")
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
        409,
        "not_supported",
        "ReadsTerms",
    )
    assert await family.state() == ("active", "ok")
    assert (await family.read("week")).status_code == 200


async def test_what_the_account_may_not_see(tiny: RunningGateway, town: TinyTown) -> None:
    """A refusal of one part does not end the connection."""
    family = await tiny.family()
    town.trouble = NotPermitted("no")
    assert (await family.read("school")).json()["code"] == "not_permitted"
    town.trouble = None
    assert (await family.read("week")).status_code == 200


async def test_a_child_in_two_classes_must_be_named_with_one(tiny: RunningGateway, town: TinyTown) -> None:
    """No enrolment is the default one; the problem lists those to choose from."""
    town.children["ivan"] = [
        a_child("petya", "Пётр", enrolment="morning"),
        a_child("petya", "Пётр", enrolment="evening", group="8-А"),
    ]
    family = await tiny.family("ivan")
    (child,) = (await family.parent.get("/v1/children")).json()["items"]
    refused = await family.read("week")
    assert (refused.status_code, refused.json()["field"]) == (422, "enrolment")
    keys = [enrolment["id"] for enrolment in child["enrolments"]]
    assert [key for key in keys if key not in refused.json()["detail"]] == []
    answers = [await family.read("week", enrolment=key) for key in keys]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (await family.read("week", enrolment="enr_nobody")).json()["field"] == "enrolment"


async def test_one_failing_diary_hides_nothing_of_the_other(tiny: RunningGateway, town: TinyTown) -> None:
    """With one of two links dead, the children of both are listed and the other one is read."""
    family = await tiny.family("olga")
    tiny.clock.move(timedelta(seconds=1))
    link = (
        await family.parent.post(
            "/v1/connections",
            json={"provider": "tiny", "instance": "west", "method": "password"},
        )
    ).json()
    await family.parent.post(
        f"/v1/connections/{link['id']}/steps",
        json={"values": {"login": "ivan", "password": "heron-7"}},
    )
    town.access = {key: login for key, login in town.access.items() if login == "ivan"}
    town.refresh.clear()
    assert (await family.read("week")).json()["code"] == "login_required"
    children = (await family.parent.get("/v1/children")).json()["items"]
    assert [child["name"]["first"] for child in children] == ["Вера", "Лада", "Пётр"]
    assert (await family.parent.get(f"/v1/children/{children[2]['id']}/week")).status_code == 200


async def test_freshness_is_a_setting(tmp_path_factory: pytest.TempPathFactory, town: TinyTown) -> None:
    """With zero seconds of freshness each reading asks the diary."""
    settings = settings_for(tmp_path_factory.mktemp("fresh"), freshness={"days": 0})
    async with running(settings, tiny_plugins(town)) as gate:
        family = await gate.family()
        for _ in range(3):
            await family.read("week")
    assert town.calls["days"] == 3


async def test_the_answer_of_one_child_is_not_anothers(tiny: RunningGateway) -> None:
    """Siblings, spans and kinds do not share a cached answer."""
    family = await tiny.family()
    answers = [
        await family.read("days", 0, **WEEK),
        await family.read("days", 1, **WEEK),
        await family.read("marks", 0, **WEEK),
        await family.read("days", 0, since="2026-09-14", until="2026-09-19"),
    ]
    assert len({answer.headers["etag"] for answer in answers}) == len(answers)
    assert answers[0].json()["source"] == {
        "provider": "tiny",
        "instance": "town",
        "connection": IsStr(regex="con_.*"),
    }
