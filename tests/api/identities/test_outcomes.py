"""Strong, weak and no match, account levels and age: what each leads to, with the sandbox as the state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from pydantic import SecretStr
from tests.api.identities.stack import CITY, DNEVNIK, NODE, Door, Stack
from tests.more import quick_first

from diary_sandbox.esia import accounts
from diary_sandbox.esia.accounts import Level
from diary_sandbox.world import Name

pytestmark = pytest.mark.anyio
STRANGER_SNILS = "900-000-059 00"
State = Callable[..., None]


@pytest.fixture
def state_has(monkeypatch: pytest.MonkeyPatch) -> State:
    """Change what the state has written down of a persona."""

    def changed(key: str, **record: Any) -> None:
        sketches = [replace(one, **record) if one.key == key else one for one in accounts.SKETCHES]
        monkeypatch.setattr(accounts, "SKETCHES", tuple(sketches))

    return changed


async def replied(parent: httpx2.AsyncClient, connection: dict[str, Any], **values: str) -> dict[str, Any]:
    answer = await parent.post(f"/v1/connections/{connection['id']}/steps", json={"values": values})
    return answer.json()


both_ways = pytest.mark.parametrize("door", quick_first([NODE, CITY]), ids=lambda door: door.name)


@both_ways
async def test_a_close_name_wants_the_birth_date(stack: Stack, state_has: State, door: Door) -> None:
    """СНИЛС equal, a double surname on one side: the right date links; a wrong one is asked for anew."""
    name = Name("Тихомирова-Лунина", "Елена", "Игоревна")
    if door is CITY:
        name = Name("Берёзова-Лунина", "Ольга", "Андреевна")
    state_has(door.login, name=name)
    parent = await stack.entered(door.login)
    linked = await stack.linked(parent, door)
    assert linked["state"] == "awaiting_user"
    step = linked["pending"]["step"]
    assert ([field["name"] for field in step["fields"]], step["problem"]) == (["birth_date"], "names_close")
    (account,) = [one for one in stack.told["accounts"] if one["login"] == f"{door.login}@esia.test"]
    wrong = await replied(parent, linked, birth_date="1900-01-01")
    assert wrong["pending"]["step"]["problem"] == "birth_date_wrong"
    done = await replied(parent, linked, birth_date=account["born"])
    assert (done["state"], done["identity"]) == ("active", "proven_by_birth_date")


@both_ways
@pytest.mark.parametrize(
    "record",
    [{"name": Name("Чужая", "Анна", "Павловна")}, {"name": Name("Тихомирова", "Анна", "Игоревна")}],
    ids=["another name", "another first name"],
)
async def test_one_number_under_two_names_is_refused(
    stack: Stack, state_has: State, door: Door, record: dict[str, Any]
) -> None:
    """A СНИЛС alone proves nothing; the remedy names the school, and nothing is kept."""
    state_has(door.login, **record)
    parent, window = await stack.entered(door.login), await stack.window()
    begun = await stack.begun(door, parent)
    page = await window.back(await stack.arrived(begun, window))
    assert page.status_code == 409
    assert "Дневник принадлежит другому человеку" in page.text
    assert "попросите школу исправить ФИО и СНИЛС" in page.text
    shown = await stack.connection(parent, begun)
    assert (shown["state"], shown["outcome"]) == ("awaiting_user", "identity_mismatch")
    assert (await parent.get("/v1/children")).json()["items"] == []


@both_ways
async def test_a_stranger_is_refused_and_signed_out(stack: Stack, door: Door) -> None:
    """The account of one parent takes no diary of another, and the session upstream is ended at once."""
    parent = await stack.entered("dnevnik_mother")
    linked = await stack.linked(parent, door)
    assert (linked["state"], linked["outcome"]) == ("awaiting_user", "identity_mismatch")
    host = {"node": "authedu.mosreg.ru", "city": "school.mos.ru"}[door.name]
    assert stack.sandbox.state.requests[host]["GET /v3/auth/logout"] > 0


async def test_a_state_without_a_number_wants_the_nodes_own_login(stack: Stack, state_has: State) -> None:
    """No СНИЛС on the state's side: the node's own page, with the reason; then linked and remembered."""
    state_has("region_mother", snils=None)
    parent = await stack.entered("region_mother")
    state_has("region_mother", snils="school")
    linked = await stack.linked(parent, NODE)
    step = linked["pending"]["step"]
    assert (step["step"], step["problem"]) == ("redirect", "owner_unproven")
    window = await stack.window()
    typed = {"login": "tikhomirova", "password": "sandbox-node"}
    await window.back(await window.go(step["url"], "region_mother", **typed))
    shown = (await parent.get(f"/v1/connections/{linked['id']}")).json()
    assert (shown["state"], shown["identity"]) == ("active", "proven_by_login")


async def test_without_the_right_to_the_number_the_login_proves(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system with the right to names alone signs people in; no link is then proven by less than a login."""
    monkeypatch.setitem(stack.gateway.settings.options["gosuslugi"], "scopes", SecretStr("openid fullname"))
    await stack.control("systems", mnemonic="SANDBOXGW", scopes=["openid", "fullname"])
    parent = await stack.entered("region_mother")
    assert (await parent.get("/v1/me")).json()["identities"][0]["level"] == "confirmed"
    linked = await stack.linked(parent, NODE)
    assert linked["pending"]["step"]["problem"] == "owner_unproven"


LEVELS: list[tuple[str, dict[str, Any], str, bool]] = [
    ("dnevnik_father", {}, "standard", True),
    ("simplified", {}, "simplified", False),
    ("teen", {}, "standard", True),
    ("teen", {"level": Level.SIMPLIFIED}, "simplified", False),
    ("child", {}, "child", True),
    ("child", {"level": Level.SIMPLIFIED, "snils": None}, "simplified", True),
]


@pytest.mark.parametrize(
    ("login", "record", "level", "enough"),
    LEVELS,
    ids=["standard", "simplified", "teen", "simplified teen", "child", "simplified child"],
)
async def test_the_level_must_do_for_the_age(
    stack: Stack, state_has: State, login: str, record: dict[str, Any], level: str, enough: bool
) -> None:
    """Everybody signs in; above fourteen the diaries' entries refuse a simplified account, and say why."""
    state_has(login, **record)
    parent = await stack.entered(login)
    assert [one["level"] for one in (await parent.get("/v1/me")).json()["identities"]] == [level]
    for door in (DNEVNIK, NODE):
        body = {"region": door.region, "method": door.method}
        answer = await parent.post("/v1/connections", json=body)
        assert answer.status_code == (201 if enough else 409)
        if not enough:
            problem = answer.json()
            assert (problem["code"], problem["actor"], problem["retry"]) == (
                "identity_too_weak",
                "parent",
                "after_remedy",
            )
            assert "Подтвердите учётную запись" in problem["remedy"]
            assert "войдите логином самого дневника" in problem["remedy"]
    assert len((await parent.get("/v1/connections")).json()["items"]) == (2 if enough else 0)


async def test_the_way_on_of_a_simplified_account_works(stack: Stack) -> None:
    """The diary's own login links what the entry of Gosuslugi did not."""
    parent = await stack.entered("simplified")
    begun = await parent.post("/v1/connections", json={"region": "53", "method": "password"})
    done = await replied(parent, begun.json(), login="grachyov", password="sandbox-dnevnik")
    assert (done["state"], done["identity"]) == ("active", "proven_by_login")


async def test_a_level_nobody_tells_is_not_guessed(stack: Stack) -> None:
    """Where ЕСИА closes the documents, a standard account cannot be told from a simplified one."""
    await stack.control("settings", forbidden=["docs"])
    parent = await stack.entered("dnevnik_father")
    assert (await parent.get("/v1/me")).json()["identities"][0]["level"] == "unknown"
    refused = await parent.post("/v1/connections", json={"region": "53", "method": "gosuslugi"})
    assert refused.json()["code"] == "identity_too_weak"


async def test_a_level_that_rose_is_noticed(stack: Stack, state_has: State) -> None:
    """After the person has confirmed the account, the next sign-in tells, and the entry opens."""
    state_has("dnevnik_father", level=Level.SIMPLIFIED)
    parent = await stack.entered("dnevnik_father")
    body = {"region": "53", "method": "gosuslugi"}
    assert (await parent.post("/v1/connections", json=body)).status_code == 409
    state_has("dnevnik_father", level=Level.CONFIRMED)
    await stack.entered("dnevnik_father")
    assert (await parent.post("/v1/connections", json=body)).status_code == 201
