"""Planted secrets and names are searched for wherever they must not be."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from diary_api.settings import Settings
from diary_api.storage.tables import MetaRow, Table
from diary_core.errors import RegionDown
from tests.api.running import RunningGateway
from tests.api.tiny import TinyTown

pytestmark = pytest.mark.anyio

SNILS = "112-233-445 95"
PLANTED = (
    "kestrel-9",  # the diary's password
    "three quiet sparrows",  # the gateway's own
    "olga@example.org",
    "Воробьёв",  # the children's surname and the school's name
    "Вера",
    "Лада",
    "canary-access",
    "canary-refresh",
    "canary-code",
    "canary-verifier",
    "canary-profile",
    "canary-fault",
    "canary-words",  # what the school is told of an absence
    "Kitchen screen",  # what the parent calls a token
    "Математика",  # diary text
    "enrolment-of-vera",
    "vera",
    SNILS,
    SNILS.replace("-", "").replace(" ", ""),
)


def found_in(text: str | bytes, words: tuple[str, ...] = PLANTED) -> list[str]:
    data = (text.encode() if isinstance(text, str) else text).replace(b"averages", b"")  # no Vera
    escaped = [word for word in words if ascii(word)[1:-1].encode() in data]
    return sorted({word for word in words if word.encode() in data} | set(escaped))


def leaks_of(folder: Path, words: tuple[str, ...]) -> dict[str, list[str]]:
    """Return what is found in the database's files, its log included."""
    files = sorted(file for file in folder.iterdir() if file.name.startswith("diary.db"))
    assert [file.name for file in files if file.stat().st_size] != []
    return {file.name: found for file in files if (found := found_in(file.read_bytes(), words))}


async def live(gate: RunningGateway, town: TinyTown) -> tuple[list[str], list[httpx2.Response]]:
    """Go through everything a family does; return its secrets and the refusals it met."""
    family = await gate.family("olga")
    parent = family.parent
    token = (
        await parent.post("/v1/tokens", json={"name": "Kitchen screen", "scopes": ["diary:read"]})
    ).json()
    for what in ("week", "terms", "school"):
        await family.read(what)
    town.notices = {}
    told = {"since": "2026-09-17", "reason_code": "3", "comment": "canary-words"}
    for trouble in (None, RegionDown()):
        town.trouble = trouble
        await parent.post(f"/v1/children/{family.child_ids[0]}/absence-notices", json=told)
        told["since"] = "2026-09-18"
    town.trouble = None
    answers: list[httpx2.Response] = []
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "redirect"})).json()
    browser = gate.another_client()
    sent = await browser.get(link["pending"]["step"]["url"], headers={"Accept": "application/json"})
    state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
    code = town.consent("olga")
    answers.append(await gate.client.get("/v1/callback", params={"state": state, "code": code}))
    await browser.get("/v1/callback", params={"state": state, "code": code})
    answers.append(await browser.get("/v1/callback", params={"state": state, "code": code}))
    broken = (await parent.post("/v1/connections", json={"region": "54", "method": "broken"})).json()
    form = {"login": "olga", "password": "kestrel-9"}
    answers.append(await parent.post(f"/v1/connections/{broken['id']}/steps", json={"values": form}))
    answers.append(
        await parent.post(f"/v1/connections/{broken['id']}/steps", json={"values": {**form, "snils": SNILS}})
    )
    answers.append(
        await gate.client.post("/v1/accounts", json={"email": SNILS, "password": "kestrel-9", "snils": SNILS})
    )
    answers.append(
        await gate.client.post("/v1/sessions", json={"email": "olga@example.org", "password": "canary-code"})
    )
    gate.clock.move(gate.gateway.settings.session_lifetime / 2)
    await family.read("week")
    town.trouble = ZeroDivisionError(f"canary-fault {SNILS}")
    answers.append(await family.read("marks", since="2026-09-14", until="2026-09-14"))
    town.trouble = RegionDown("down")
    answers.append(await family.read("homework", since="2026-09-14", until="2026-09-14"))
    town.trouble = None
    secrets = [
        parent.headers["Authorization"].removeprefix("Bearer "),
        token["secret"],
        state,
        link["pending"]["step"]["url"].rpartition("/")[2],
        next(iter(browser.cookies.values())),
    ]
    return secrets, answers


@pytest.mark.sqlite
async def test_the_database_holds_nothing_readable(
    tiny: RunningGateway, town: TinyTown, tmp_path: Path
) -> None:
    """With a whole life in it, its files tell no name, no secret, and not a word of the diary."""
    secrets, _ = await live(tiny, town)
    assert leaks_of(tmp_path, (*PLANTED, *secrets)) == {}


async def test_the_log_holds_nothing_personal(log: io.StringIO, tiny: RunningGateway, town: TinyTown) -> None:
    """A whole life leaves neither names nor secrets nor ids in the log, at its most talkative."""
    secrets, _ = await live(tiny, town)
    assert found_in(log.getvalue(), (*PLANTED, *secrets)) == []
    assert re.findall(r"(?:acc|con|chd|enr|key|sin)_[a-z2-7]{26}", log.getvalue()) == []
    assert "a fault of a plugin" in log.getvalue()


async def test_refusals_repeat_nothing(tiny: RunningGateway, town: TinyTown) -> None:
    """No problem and no page repeats what was typed in, or what the diary said."""
    secrets, answers = await live(tiny, town)
    assert [answer.status_code for answer in answers if answer.status_code < 400] == []
    assert {answer.url.path: found_in(answer.text, (*PLANTED, *secrets)) for answer in answers} == {
        answer.url.path: [] for answer in answers
    }


async def test_addresses_hold_no_secret_of_a_diary(tiny: RunningGateway, town: TinyTown) -> None:
    """What goes into a browser's address bar on the way out are random values only."""
    parent = await tiny.parent()
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "redirect"})).json()
    address = link["pending"]["step"]["url"]
    sent = await tiny.another_client().get(address, headers={"Accept": "application/json"})
    assert found_in(address + sent.headers["location"]) == []


async def test_an_erased_family_leaves_no_rows(tiny: RunningGateway) -> None:
    """After erasure no row of the family is left in any table."""
    body, key = {"email": "olga@example.org", "password": "three quiet sparrows"}, {"Idempotency-Key": "k"}
    await tiny.client.post("/v1/accounts", json=body, headers=key)
    family = await tiny.family()
    await family.read("week")
    await family.parent.post("/v1/connections", json={"region": "54", "method": "password"}, headers=key)
    assert (await family.parent.delete("/v1/me")).status_code == 200
    async with tiny.gateway.storage.reading() as session:
        left = {
            table.name: count
            for table in Table.metadata.sorted_tables
            if table.name != MetaRow.__tablename__
            and (count := (await session.execute(select(func.count()).select_from(table))).scalar_one())
        }
    assert left == {}


def test_settings_are_never_printed_in_clear() -> None:
    """Neither their representation nor an error about them shows a secret."""
    settings = Settings.model_validate(
        {
            "database_url": "postgresql+asyncpg://diary:canary-code@db/diary",
            "keys": "canary-code",
            "options": {"mrko": {"client_secret": "canary-code"}},
        }
    )
    assert found_in(repr(settings) + str(settings) + settings.model_dump_json()) == []
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({"options": {"mrko": ["canary-code"]}, "keys": ["canary-code"]})
    assert found_in(str(caught.value)) == []
