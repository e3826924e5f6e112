"""A family of each system asks for homework by subject, for what is late, ticks it and fetches its files."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import quote

import httpx2
import pytest

from diary_sandbox.faults import Fault, FaultKind
from diary_sandbox.world import HomeworkTask
from tests.api.households import SYSTEMS, Household
from tests.api.running import on_a_socket

pytestmark = pytest.mark.anyio

AUTUMN: Final = {"since": "2026-09-01", "until": "2026-11-30"}
FILES: Final = {"mesh": "/api/ej/attachments/*", "dnevnik": "/files/*"}


@pytest.fixture(params=SYSTEMS)
def system(request: pytest.FixtureRequest) -> str:
    """Each system in turn."""
    return request.param


@pytest.fixture
def home(households: Mapping[str, Household], system: str) -> Household:
    """Its family, with nothing broken and nothing ticked by hand."""
    home = households[system]
    home.sandbox.faults.clear()
    home.sandbox.world.forget_edits()
    return home


def given(home: Household) -> list[HomeworkTask]:
    """Return what the town has given the child to do."""
    return list(home.sandbox.world.homework(home.child.id, date(2026, 9, 1), date(2026, 11, 30)))


async def a_file(home: Household, ending: str = ".pdf") -> tuple[str, str, bytes]:
    """Return the path of a file of the autumn, its name, and what is inside as the town knows it."""
    inside = {
        one.name: home.sandbox.world.attachment_bytes(one.id)[1]
        for task in given(home)
        for one in task.attachments
    }
    names = [one.name for task in given(home) for one in task.attachments]
    for task in await home.read("homework", **AUTUMN):
        for one in task["attachments"]:
            if one["name"].endswith(ending) and names.count(one["name"]) == 1:
                return f"homework/{task['id']}/attachments/{one['id']}", one["name"], inside[one["name"]]
    raise AssertionError("the autumn must have a file of a name of its own")


async def test_homework_of_one_subject(home: Household) -> None:
    """The subjects of a span, each asked for alone, are the whole of it; an unknown one has none."""
    whole = await home.read("homework", **AUTUMN)
    found: list[dict[str, Any]] = []
    for subject_id in sorted({task["subject"]["id"] for task in whole}):
        found += await home.read("homework", **AUTUMN, subject_id=subject_id)
    assert sorted(found, key=lambda task: task["id"]) == sorted(whole, key=lambda task: task["id"])
    assert len(whole) == len(given(home))
    assert await home.read("homework", **AUTUMN, subject_id="no-such-subject") == []


async def test_overdue_is_what_was_due_and_is_not_done(home: Household) -> None:
    """From two weeks back unless asked otherwise, up to the school's yesterday."""
    late = [task for task in given(home) if not task.done and task.due_on < home.today]
    told = await home.read("homework/overdue", since="2026-09-01")
    assert sorted((task["due_on"], task["text"]) for task in told) == sorted(
        (str(task.due_on), task.text) for task in late
    )
    assert [task["due_on"] for task in told if task["done"] is not False] == []
    fortnight = str(home.today - timedelta(days=14))
    assert await home.read("homework/overdue") == [task for task in told if task["due_on"] >= fortnight]
    for since in (home.today, home.today + timedelta(days=1)):
        refused = await home.ask("homework/overdue", since=str(since))
        assert (refused.status_code, refused.json()["code"]) == (422, "span_reversed")
    long_ago = await home.ask("homework/overdue", since="2024-09-01")
    assert (long_ago.status_code, long_ago.json()["code"]) == (422, "span_too_long")


async def test_a_tick_is_seen_by_the_next_read(home: Household, system: str) -> None:
    """In the list, in the week and among what is late; a system without ticks says so."""
    late = (await home.read("homework/overdue"))[0]
    address = f"/v1/children/{home.child_id}/homework/{late['id']}/done"
    if system == "dnevnik":
        refused = await home.parent.put(address)
        assert (refused.status_code, refused.json()["code"]) == (409, "not_supported")
        return
    span = {"since": late["due_on"], "until": late["due_on"]}

    async def seen() -> list[object]:
        listed = [task["done"] for task in await home.read("homework", **span) if task["id"] == late["id"]]
        days = await home.read("days", **span)
        on_lessons = [task for one in days for lesson in one["lessons"] for task in lesson["homework"]]
        on_days = [task["done"] for task in on_lessons if task["id"] == late["id"]]
        overdue = [task["id"] for task in await home.read("homework/overdue", since=late["due_on"])]
        return [listed, on_days, late["id"] in overdue]

    assert await seen() == [[False], [False], True]
    for _ in range(2):
        assert (await home.parent.put(address)).status_code == 204
        assert await seen() == [[True], [True], False]
    assert (await home.parent.delete(address)).status_code == 204
    assert await seen() == [[False], [False], True]


async def test_a_tick_whose_answer_is_lost_is_seen_too(households: Mapping[str, Household]) -> None:
    """The call fails, the diary has heard it, and the next read does not show what was known before."""
    home = households["mesh"]
    home.sandbox.world.forget_edits()
    late = (await home.read("homework/overdue"))[0]
    home.sandbox.faults.add(Fault(FaultKind.LOST_ANSWER, path="*/done", count=1))
    lost = await home.parent.put(f"/v1/children/{home.child_id}/homework/{late['id']}/done")
    assert (lost.status_code, lost.json()["code"]) == (502, "region_down")
    assert late["id"] not in [task["id"] for task in await home.read("homework/overdue")]


async def test_a_file_arrives_as_the_town_has_it(home: Household) -> None:
    """Byte by byte, as an attachment that no browser shows, with its length and the type of its content."""
    path, name, inside = await a_file(home)
    answer = await home.ask(path)
    assert (answer.status_code, answer.content) == (200, inside)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-length"] == str(len(inside))
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["content-disposition"].endswith(f"; filename*=UTF-8''{quote(name)}")


@pytest.mark.parametrize(
    ("kind", "more", "status", "code"),
    [
        (FaultKind.DISGUISED, {}, 409, "attachment_unsafe"),
        (FaultKind.STATUS, {"status": 404}, 404, "attachment_gone"),
        (FaultKind.STATUS, {"status": 200, "body": "words"}, 409, "attachment_mistyped"),
        (FaultKind.HTML, {}, 503, "region_maintenance"),
        (FaultKind.DROP, {}, 502, "region_down"),
    ],
)
async def test_a_broken_file_is_a_problem(
    home: Household, system: str, kind: FaultKind, more: Mapping[str, Any], status: int, code: str
) -> None:
    """What lies, is gone or cannot be had is told before a byte is sent."""
    path, _, _ = await a_file(home)
    home.sandbox.faults.add(Fault(kind, path=FILES[system], content_type="a/pdf", **more))
    answer = await home.ask(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_file_over_the_limit_is_never_whole(home: Household, system: str) -> None:
    """Its length was told by nobody: it is cut at the limit, and the client knows that it is not whole."""
    path, _, _ = await a_file(home)
    limit = home.gate.gateway.settings.upstream.file_bytes_max
    home.sandbox.faults.add(Fault(FaultKind.PADDED, path=FILES[system], size=limit + 10**6))
    taken = 0
    headers = {"Authorization": home.parent.headers["Authorization"]}
    async with (
        on_a_socket(home.gate) as url,
        httpx2.AsyncClient(base_url=url, headers=headers) as client,
        client.stream("GET", f"/v1/children/{home.child_id}/{path}") as answer,
    ):
        assert answer.status_code == 200
        with pytest.raises(httpx2.RemoteProtocolError):  # noqa: PT012  it breaks somewhere on the way
            async for piece in answer.aiter_bytes():
                taken += len(piece)
    assert 0 < taken <= limit


async def test_one_family_leaves_files_to_the_others(home: Household, system: str) -> None:
    """Who opens files and does not read them has four of them, and may open another when one is closed."""
    path, _, _ = await a_file(home)
    home.sandbox.faults.add(Fault(FaultKind.PADDED, path=FILES[system], size=20 * 10**6))
    headers = {"Authorization": home.parent.headers["Authorization"]}
    address = f"/v1/children/{home.child_id}/{path}"
    async with (
        on_a_socket(home.gate) as url,
        httpx2.AsyncClient(base_url=url, headers=headers) as client,
        AsyncExitStack() as files,
    ):
        opened = [await files.enter_async_context(client.stream("GET", address)) for _ in range(5)]
        assert [answer.status_code for answer in opened] == [200] * 4 + [429]
        await files.aclose()
        seen = set[int]()
        async with asyncio.timeout(10):  # until the gateway has noticed
            while 200 not in seen:
                async with client.stream("GET", address) as answer:
                    seen.add(answer.status_code)
                await asyncio.sleep(0.05)
        assert seen <= {200, 429}


async def test_what_is_not_there_does_not_open(home: Household, households: Mapping[str, Household]) -> None:
    """Unknown ids, another child's homework, and another family's child."""
    path, _, _ = await a_file(home)
    _, homework_id, _, attachment_id = path.split("/")
    other = next(one for one in households.values() if one is not home)
    children = (await home.parent.get("/v1/children")).json()["items"]
    sister = next(one["id"] for one in children if one["id"] != home.child_id)
    mine = f"/v1/children/{home.child_id}/homework"
    asked = {
        f"{mine}/{homework_id}/attachments/999": "attachment_unknown",
        f"{mine}/{homework_id}/attachments/%2e%2e%2fdone": "not_found",
        f"{mine}/999/attachments/{attachment_id}": "homework_unknown",
        f"/v1/children/{sister}/{path}": "homework_unknown",
        f"/v1/children/{other.child_id}/{path}": "child_unknown",
    }
    told = {address: (await home.parent.get(address)).json()["code"] for address in asked}
    assert told == asked
    stranger = await home.gate.parent("stranger@example.org")
    refused = await stranger.get(f"/v1/children/{home.child_id}/{path}")
    assert (refused.status_code, refused.json()["code"]) == (404, "child_unknown")


async def test_nothing_of_a_file_is_written(home: Household) -> None:
    """No file is opened for writing on the way, and the database does not hold it."""
    path, _, inside = await a_file(home, ".txt")
    written: list[object] = []
    watching = True

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event == "open" and set(str(arguments[1])) & set("wax+"):
            written.append(arguments[0])

    sys.addaudithook(watch)
    try:
        assert (await home.ask(path)).content == inside
    finally:
        watching = False
    assert written == []
    folder = home.gate.gateway.settings.key_file.parent
    kept = [file.name for file in folder.iterdir() if inside in file.read_bytes()]
    assert kept == []


async def test_a_digital_task_is_no_file(households: Mapping[str, Household]) -> None:
    """It is a page of the city's library; that it cannot be fetched is told by name."""
    home = households["mesh"]
    for task in await home.read("homework", **AUTUMN):
        for one in task["attachments"]:
            if one["kind"] == "digital":
                answer = await home.ask(f"homework/{task['id']}/attachments/{one['id']}")
                assert (answer.status_code, answer.json()["code"]) == (409, "attachment_not_a_file")
                return
    raise AssertionError("the autumn must have a digital task")
