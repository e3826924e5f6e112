"""The control door shows, moves, edits, breaks and resets; the sandbox keeps to loopback and ends cleanly."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from datetime import datetime

import httpx2
import pytest
from tests.ports import free_ports

from diary_sandbox.clock import MOSCOW
from diary_sandbox.serve import Sandbox, SandboxError, running_sandbox
from diary_sandbox.world import LessonKind

from .running import HOST, HOSTS, small_sandbox

pytestmark = pytest.mark.anyio

Opened = tuple[Sandbox, httpx2.AsyncClient]


@pytest.fixture
async def opened() -> AsyncIterator[Opened]:
    """A running sandbox and a client of its control door."""
    async with small_sandbox() as pair:
        yield pair


async def test_it_shows_itself(opened: Opened) -> None:
    """The door tells seed, size, year, time, hosts, faults, edits, store and requests."""
    sandbox, door = opened
    sandbox.state.store.bucket("small.tokens", str)["one"] = "secret"
    shown = (await door.get("/_sandbox")).json()
    assert shown == {
        "sandbox": True,
        "seed": 1,
        "families": 12,
        "year": {"since": "2026-09-01", "until": "2027-08-31"},
        "clock": {"now": "2026-11-25T12:00:00+03:00", "running": False},
        "hosts": {f"https://{HOST}": sandbox.url(HOST), f"https://www.{HOST}": sandbox.url(HOST)},
        "faults": [],
        "edits": [],
        "store": {"small.tokens": 1},
        "requests": {},
    }
    assert (await door.get("/_sandbox/hosts")).json() == shown["hosts"]


async def test_it_names_the_personas(opened: Opened) -> None:
    """Personas come with logins and the children they see."""
    _, door = opened
    personas = {persona["key"]: persona for persona in (await door.get("/_sandbox/personas")).json()}
    mother = personas["moscow_mother"]
    assert mother["logins"][0]["username"] == "moscow@example.test"
    assert [child["class"] for child in mother["children"]] == ["7-Б", "3-А"]
    assert personas["no_diary"]["children"] == []


async def test_it_tells_the_truth_about_a_pupil(opened: Opened) -> None:
    """A week of a pupil is the world's own, without asking any host."""
    sandbox, door = opened
    child = sandbox.world.children_of(sandbox.world.personas()[0].parent_id)[0]
    told = (await door.get(f"/_sandbox/children/{child.id}")).json()
    assert (told["since"], told["until"]) == ("2026-11-23", "2026-11-29")
    span = datetime(2026, 11, 23).date(), datetime(2026, 11, 29).date()
    assert [one["id"] for one in told["lessons"]] == [
        one.id for one in sandbox.world.lessons(child.id, *span)
    ]
    assert [one["display"] for one in told["marks"]] == [
        m.display for m in sandbox.world.marks(child.id, *span)
    ]
    day = (await door.get(f"/_sandbox/children/{child.id}?since=2026-11-24&until=2026-11-24")).json()
    assert {one["actual"]["on"] for one in day["lessons"] if one["actual"]} == {"2026-11-24"}


@pytest.mark.parametrize(
    "path", ["/_sandbox/children/1", "/_sandbox/children/7850?since=24.11.2026", "/_sandbox/no"]
)
async def test_what_is_not_there_is_said(opened: Opened, path: str) -> None:
    """An unknown pupil, a misspelt date, an unknown path: a refusal in JSON."""
    answer = await opened[1].get(path)
    assert answer.status_code in (404, 422)
    assert answer.json()["error"]


async def test_requests_are_counted_by_host(opened: Opened) -> None:
    """Each call of an emulated host is counted under its path, unknown ones too; the door's are not."""
    sandbox, door = opened
    async with httpx2.AsyncClient(base_url=sandbox.url(f"www.{HOST}")) as client:
        for path in ("/marks", "/marks?from=1", "/nothing"):
            await client.get(path)
    counted = (await door.get("/_sandbox/requests")).json()
    assert counted == {HOST: {"total": 3, "calls": {"GET /marks": 2, "GET /nothing": 1}}}
    await door.delete("/_sandbox/requests")
    assert (await door.get("/_sandbox/requests")).json() == {}


async def test_the_clock_is_moved(opened: Opened) -> None:
    """Set to a moment, advanced by a span, started and stopped."""
    sandbox, door = opened
    moved = await door.post("/_sandbox/clock", json={"now": "2026-12-01T09:00:00+03:00", "advance": "P1DT2H"})
    assert moved.json() == {"now": "2026-12-02T11:00:00+03:00", "running": False}
    assert sandbox.clock.now() == datetime(2026, 12, 2, 11, 0, tzinfo=MOSCOW)
    await door.post("/_sandbox/clock", json={"advance": -3600})
    assert sandbox.clock.now() == datetime(2026, 12, 2, 10, 0, tzinfo=MOSCOW)
    await door.post("/_sandbox/clock", json={"running": True})
    assert sandbox.clock.running


async def test_edits_are_made_and_remembered(opened: Opened) -> None:
    """One edit or several; each answers with the edited thing and is listed with its time."""
    sandbox, door = opened
    world = sandbox.world
    child = world.children_of(world.personas()[2].parent_id)[0]
    day = datetime(2026, 11, 24).date()
    lesson = next(
        one
        for one in world.lessons(child.id, day, day)
        if one.happened
        and one.kind is LessonKind.REGULAR
        and not any(a.lesson_id == one.id for a in world.absences(child.id, day, day))
    )
    order = {"kind": "set_mark", "child_id": child.id, "lesson_id": lesson.id, "display": "4", "form": "oral"}
    (mark,) = (await door.post("/_sandbox/edits", json=order)).json()
    assert world.mark(mark["id"]).display == "4"
    orders = [
        {"kind": "change_mark", "mark_id": mark["id"], "display": "5"},
        {"kind": "withdraw_mark", "mark_id": mark["id"]},
    ]
    changed, withdrawn = (await door.post("/_sandbox/edits", json=orders)).json()
    assert (changed["display"], changed["history"][-1]["display"]) == ("5", "4")
    assert withdrawn["display"] == "5"
    remembered = (await door.get("/_sandbox")).json()["edits"]
    assert [one["edit"]["kind"] for one in remembered] == ["set_mark", "change_mark", "withdraw_mark"]
    assert {one["at"] for one in remembered} == {"2026-11-25T12:00:00+03:00"}


@pytest.mark.parametrize(
    ("path", "body", "status", "word"),
    [
        ("edits", {"kind": "set_mark", "child_id": 7850, "lesson_id": 1, "display": "5"}, 404, "set_mark"),
        ("edits", {"kind": "set_mark", "child_id": 7850}, 422, "lesson_id"),
        ("edits", {"kind": "burn_school"}, 422, "burn_school"),
        ("edits", {"kind": "withdraw_mark", "mark_id": 1, "why": "so"}, 422, "why"),
        ("faults", {"kind": "status", "probability": 2}, 422, "probability"),
        ("faults", {"kind": "earthquake"}, 422, "kind"),
        ("clock", {"now": "2026-12-01T09:00:00"}, 422, "now"),
        ("clock", {"later": 1}, 422, "later"),
        ("clock", {"now": "9999-12-31T23:59:59+03:00"}, 422, "9999"),
        ("clock", {"now": "2026-12-01T09:00:00+03:00", "advance": "P99999999D"}, 422, "moved"),
        ("edits", {"kind": "withdraw_mark", "mark_id": -1}, 404, "withdraw_mark"),
        ("edits", {"kind": "cancel_lesson", "lesson_id": 10**25}, 404, "cancel_lesson"),
        ("edits", {"kind": "withdraw_homework", "task_id": 10**25}, 404, "withdraw_homework"),
        ("edits", {"kind": "withdraw_absence", "absence_id": -7}, 404, "withdraw_absence"),
        ("edits", {"kind": "announce", "school_id": 0, "title": "А", "text": "Б"}, 404, "announce"),
        ("clock", ["now"], 422, ""),
    ],
)
async def test_bad_orders_are_refused(
    opened: Opened, path: str, body: object, status: int, word: str
) -> None:
    """What is misspelt, unheard of or out of range is refused in one sentence, and nothing happens."""
    sandbox, door = opened
    answer = await door.post(f"/_sandbox/{path}", json=body)
    assert (answer.status_code, word in answer.json()["error"]) == (status, True)
    shown = (await door.get("/_sandbox")).json()
    assert (shown["edits"], shown["faults"]) == ([], [])
    assert sandbox.clock.now() == datetime(2026, 11, 25, 12, 0, tzinfo=MOSCOW)


async def test_a_school_refuses(opened: Opened) -> None:
    """What no school would do is a conflict with its reason."""
    sandbox, door = opened
    child = sandbox.world.children_of(sandbox.world.personas()[0].parent_id)[0]
    day = datetime(2026, 11, 24).date()
    lesson = sandbox.world.lessons(child.id, day, day)[0]
    answer = await door.post("/_sandbox/edits", json={"kind": "cancel_lesson", "lesson_id": lesson.id})
    assert answer.status_code == 409
    assert str(lesson.id) in answer.json()["error"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_web_page_cannot_give_orders(opened: Opened, content_type: str) -> None:
    """Only bodies that say they are JSON are read: a page in a browser cannot send those unasked."""
    headers = {"content-type": content_type} if content_type else {}
    answer = await opened[1].post("/_sandbox/clock", content=b'{"advance": 60}', headers=headers)
    assert answer.status_code == 415
    assert opened[0].clock.now() == datetime(2026, 11, 25, 12, 0, tzinfo=MOSCOW)


async def test_faults_are_set_and_removed(opened: Opened) -> None:
    """One fault or several, listed while in force, taken away one by one or all."""
    sandbox, door = opened
    faults = [{"kind": "status", "status": 502, "host": HOST}, {"kind": "latency", "delay_s": 0}]
    answer = await door.post("/_sandbox/faults", json=faults)
    assert answer.status_code == 201
    first, second = answer.json()
    async with httpx2.AsyncClient(base_url=sandbox.url(HOST)) as client:
        assert (await client.get("/marks")).status_code == 502
        assert (await door.delete(f"/_sandbox/faults/{first['id']}")).status_code == 200
        assert (await client.get("/marks")).status_code == 200
    shown = (await door.get("/_sandbox")).json()["faults"]
    assert [fault["id"] for fault in shown] == [second["id"]]
    assert (await door.delete(f"/_sandbox/faults/{first['id']}")).status_code == 404
    await door.delete("/_sandbox/faults")
    assert sandbox.faults.in_force() == ()


async def test_reset_brings_everything_back(opened: Opened) -> None:
    """Clock, edits, faults, tokens and counters are as at the start."""
    sandbox, door = opened
    before = (await door.get("/_sandbox")).json()
    secret = sandbox.state.store.secret()
    bucket = sandbox.state.store.bucket("small.tokens", str)
    bucket["one"] = secret
    await door.post("/_sandbox/clock", json={"advance": "P3D"})
    await door.post("/_sandbox/faults", json={"kind": "drop", "path": "/never"})
    news = {"kind": "announce", "school_id": 1, "title": "А", "text": "Б"}
    await door.post("/_sandbox/edits", json=news)
    async with httpx2.AsyncClient(base_url=sandbox.url(HOST)) as client:
        await client.get("/marks")
    assert (await door.get("/_sandbox")).json() != before
    await door.post("/_sandbox/reset")
    assert (await door.get("/_sandbox")).json() == before | {"store": {"small.tokens": 0}}
    assert bucket == {}
    assert sandbox.state.store.secret() == secret


async def test_the_index_page_says_sandbox(opened: Opened) -> None:
    """The page for people names itself, the hosts and the personas."""
    page = await opened[1].get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert [word for word in ("SANDBOX", HOST, "moscow@example.test") if word not in page.text] == []


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.1", "::", "example.test", ""])
async def test_only_loopback_is_listened_on(address: str) -> None:
    """Any address another machine could reach is refused."""
    with pytest.raises(SandboxError, match="loopback"):
        async with running_sandbox(address=address, hosts=HOSTS):
            pytest.fail("it listens")


async def test_it_is_bound_to_loopback(opened: Opened) -> None:
    """Every address given out is 127.0.0.1."""
    sandbox, _ = opened
    assert {url.rpartition(":")[0] for url in (*sandbox.hosts.values(), sandbox.control_url)} == {
        "http://127.0.0.1"
    }


async def test_a_taken_port_is_one_sentence() -> None:
    """A taken port names itself; the ports bound before it are free again."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port: int = taken.getsockname()[1]
        with pytest.raises(SandboxError, match=str(port)):
            async with running_sandbox(port_base=port - 1, hosts=HOSTS):
                pytest.fail("it runs")
    async with running_sandbox(port_base=port - 1, hosts=HOSTS) as sandbox:
        assert sandbox.control_url.endswith(f":{port - 1}")


async def test_a_day_outside_the_year_is_refused() -> None:
    """The town's time must lie in its school year."""
    with pytest.raises(SandboxError, match="2026 - 2027"):
        async with running_sandbox(now=datetime(2026, 8, 31, 12, tzinfo=MOSCOW), hosts=HOSTS):
            pytest.fail("it runs")


async def test_two_sandboxes_do_not_know_each_other() -> None:
    """Tests may run one beside another: ports, worlds and stores are their own."""
    async with small_sandbox() as (one, _), small_sandbox() as (two, _):
        assert set(one.hosts.values()).isdisjoint(two.hosts.values())
        one.state.store.bucket("small.tokens", str)["a"] = "b"
        assert two.state.store.counts() == {}


async def test_the_command_prints_its_table_and_stops_on_ctrl_c() -> None:
    """`python -m diary_sandbox` lists hosts and personas, serves, and ends with 0 on Ctrl-C."""
    port = free_ports(9)
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "diary_sandbox", "--port-base", str(port), "--today", "2026-11-25"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert program.stdout
    table = b""
    while b"Ctrl-C" not in table:
        line = await program.stdout.readline()
        assert line, (await program.communicate())[1].decode()
        table += line
    async with httpx2.AsyncClient() as client:
        hosts = (await client.get(f"http://127.0.0.1:{port}/_sandbox/hosts")).json()
    program.send_signal(signal.SIGINT)
    _, errors = await asyncio.wait_for(program.communicate(), 20)
    assert (program.returncode, errors) == (0, b"")
    shown = table.decode()
    assert "SANDBOX" in shown
    assert [url for url in hosts.values() if url not in shown] == []
    assert "moscow@example.test" in shown


@pytest.mark.parametrize(
    ("arguments", "word"),
    [(("--address", "0.0.0.0"), "loopback"), (("--today", "2026-11-25", "--year", "2025"), "2025 - 2026")],
)
async def test_the_command_refuses_in_one_sentence(arguments: tuple[str, ...], word: str) -> None:
    """A start that cannot be is one line on stderr and exit code 2."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "diary_sandbox", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(program.communicate(), 20)
    assert (program.returncode, output, len(errors.splitlines())) == (2, b"", 1)
    assert word in errors.decode()
