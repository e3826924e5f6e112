"""Signing in through Gosuslugi for registered applications: regions, linked accounts, tokens."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest

from diary_sandbox.dnevnik.applications import GATEWAY
from diary_sandbox.dnevnik.esia_tasks import TASK_LIFE, EsiaTask, EsiaTasks
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.faults import Fault, FaultKind
from diary_sandbox.state import SandboxState
from diary_sandbox.world import LoginKind

from .conftest import Json

pytestmark = pytest.mark.anyio

BASE = "/authorizations/esia/v2.0"
NOVGOROD = 153


def _parent(state: SandboxState, username: str) -> int:
    login = state.world.login(LoginKind.DNEVNIK, username)
    assert login is not None
    return login.parent_id


def _task(state: SandboxState, *usernames: str) -> EsiaTask:
    return EsiaTasks(state).begin(NOVGOROD, tuple(_parent(state, one) for one in usernames))


async def _exchange(api: httpx2.AsyncClient, task: EsiaTask, user: int, **more: object) -> Json:
    body = {
        "TaskId": task.id,
        "UserId": user,
        "RegionId": task.region,
        "ClientId": GATEWAY.client_id,
        "ClientSecret": GATEWAY.secret,
        "Scope": "CommonInfo,EducationalInfo,FriendsAndRelatives",
    }
    answer = await api.post(BASE, json=body | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_regions_are_told_without_a_token(api: httpx2.AsyncClient, state: SandboxState) -> None:
    """Each with a number of its own, not the region's code, and the address of its entry."""
    state.hosts["https://login.dnevnik.ru"] = "http://127.0.0.1:8706"
    regions = (await api.get(f"{BASE}/regions")).json()["regions"]
    novgorod = next(one for one in regions if one["regionId"] == NOVGOROD)
    assert novgorod == {
        "regionId": 153,
        "esiaUrl": "http://127.0.0.1:8706/login/esia/novgorod",
        "name": "Новгородская область",
        "logoUrl": "https://static.example.invalid/blank.jpg",
    }
    assert len({one["regionId"] for one in regions}) == len(regions)


async def test_linked_accounts_may_be_several(api: httpx2.AsyncClient, state: SandboxState) -> None:
    """The parent chooses; each is told with name and school."""
    task = _task(state, "obraztsova", "korolyova")
    answer = await api.post(f"{BASE}/users/linked", json={"TaskId": task.id, "RegionId": NOVGOROD})
    users = answer.json()["users"]
    assert [one["firstName"] for one in users] == ["Анна", "Юлия"]
    assert [one["middleName"] for one in users] == ["Павловна", None]
    assert users[0]["school"]["name"]
    assert set(users[0]) == {"userId", "firstName", "middleName", "lastName", "avatarUrl", "school"}


async def test_a_chosen_account_is_exchanged_for_a_token_once(
    api: httpx2.AsyncClient, state: SandboxState
) -> None:
    """The token opens the diary; the task is spent."""
    user = wire_id(Space.ADULT_USER, _parent(state, "obraztsova"))
    task = _task(state, "obraztsova")
    granted = await _exchange(api, task, user)
    assert granted["status"]["code"] == "Success"
    token = granted["authorization"]["accessToken"]
    context = (await api.get("/v2/users/me/context", headers={"Access-Token": token})).json()
    assert context["userId"] == user
    again = await _exchange(api, task, user)
    assert (again["status"]["code"], again["authorization"]) == ("UnexpectedError", None)


async def test_what_goes_wrong_is_a_status_code_in_a_good_answer(
    api: httpx2.AsyncClient, state: SandboxState
) -> None:
    """Not linked, never signed in, unknown or late task: told apart."""
    stranger = wire_id(Space.ADULT_USER, _parent(state, "korolyova"))
    newcomer = wire_id(Space.ADULT_USER, _parent(state, "snegiryova"))
    not_linked = await _exchange(api, _task(state, "obraztsova"), stranger)
    first = await _exchange(api, _task(state, "snegiryova"), newcomer)
    unknown = await _exchange(api, _task(state, "korolyova"), stranger, TaskId="x")
    elsewhere = await _exchange(api, _task(state, "korolyova"), stranger, RegionId=155)
    late_task = _task(state, "korolyova")
    state.clock.advance(TASK_LIFE + timedelta(seconds=1))
    late = await _exchange(api, late_task, stranger)
    assert [one["status"]["code"] for one in (not_linked, first, unknown, elsewhere, late)] == [
        "EsiaUserNotLinked",
        "FirstSign",
        "UnexpectedError",
        "UnexpectedError",
        "UnexpectedError",
    ]


async def test_the_fault_unlinks_an_account(api: httpx2.AsyncClient, state: SandboxState) -> None:
    """No accounts are listed, and none can be chosen."""
    state.faults.add(Fault(FaultKind.NOT_LINKED, count=2))
    task = _task(state, "obraztsova")
    listed = await api.post(f"{BASE}/users/linked", json={"TaskId": task.id, "RegionId": NOVGOROD})
    assert listed.json() == {"users": []}
    user = wire_id(Space.ADULT_USER, _parent(state, "obraztsova"))
    assert (await _exchange(api, task, user))["status"]["code"] == "EsiaUserNotLinked"
    assert (await _exchange(api, task, user))["status"]["code"] == "Success"


async def test_a_wrong_application_or_task_is_refused(api: httpx2.AsyncClient, state: SandboxState) -> None:
    """With the ordinary error object."""
    task = _task(state, "obraztsova")
    listed = await api.post(f"{BASE}/users/linked", json={"TaskId": "x", "RegionId": NOVGOROD})
    assert (listed.status_code, listed.json()["type"]) == (400, "parameterInvalid")
    body = {"TaskId": task.id, "ClientId": GATEWAY.client_id, "ClientSecret": "x"}
    answer = await api.post(BASE, json=body)
    assert (answer.status_code, answer.json()["type"]) == (401, "authorizationFailed")
