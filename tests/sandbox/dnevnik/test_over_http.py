"""The whole thing over real HTTP on loopback: sign in, read a week, meet an outage."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Literal

import httpx2
import pytest

from diary_sandbox.dnevnik import API_HOST, LOGIN_HOST
from diary_sandbox.dnevnik.applications import COMPANION
from diary_sandbox.dnevnik.outages import maintenance, request_limit
from diary_sandbox.serve import Sandbox, running_sandbox

from .conftest import PASSWORD, Json, credentials

pytestmark = pytest.mark.anyio

JSON = {"accept": "application/json"}


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A running sandbox on free ports."""
    async with running_sandbox(families=12) as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    """A client that reads no proxy settings."""
    async with httpx2.AsyncClient(trust_env=False) as one:
        yield one


async def _week(sandbox: Sandbox, client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    api = sandbox.url(API_HOST)
    context: Json = (
        await client.get(f"{api}/v2/users/me/context", headers=JSON | {"Access-Token": token})
    ).json()
    child = context["children"][0]
    path = f"{api}/v2.0/persons/{child['personId']}/groups/{child['groupIds'][0]}/schedules"
    days = {"startDate": "2026-11-16", "endDate": "2026-11-22", "access_token": token}
    return await client.get(path, params=days, headers=JSON)


async def test_a_scripted_client_signs_in_on_one_host_and_reads_on_the_other(
    sandbox: Sandbox, client: httpx2.AsyncClient
) -> None:
    """One post to the form, redirects followed, the token cut out of the address, a week read with it."""
    login = sandbox.url(LOGIN_HOST)
    authorize = f"{login}/oauth2?response_type=token&client_id={COMPANION.client_id}&scope=CommonInfo,"
    answer = await client.post(
        f"{login}/login/",
        params={
            "ReturnUrl": f"{authorize}EducationalInfo,FriendsAndRelatives",
            "login": "obraztsova",
            "password": PASSWORD,
        },
        follow_redirects=True,
    )
    assert answer.url.params["result"] == "success"
    week = await _week(sandbox, client, answer.url.fragment[13:-7])
    assert week.status_code == 200
    assert sum(len(day["lessons"]) for day in week.json()["days"]) > 20


async def test_links_to_files_lead_to_the_running_host(sandbox: Sandbox, client: httpx2.AsyncClient) -> None:
    """A file is fetched by its link as it stands."""
    api = sandbox.url(API_HOST)
    granted = await client.post(f"{api}/v2/authorizations/bycredentials", json=credentials(), headers=JSON)
    headers = JSON | {"Access-Token": granted.json()["accessToken"]}
    context: Json = (await client.get(f"{api}/v2/users/me/context", headers=headers)).json()
    child = context["children"][0]
    path = f"{api}/v2/persons/{child['personId']}/school/{child['schoolIds'][0]}/homeworks"
    days = {"startDate": "2026-09-01", "endDate": "2026-11-25"}
    files = (await client.get(path, params=days, headers=headers)).json()["files"]
    answer = await client.get(files[0]["downloadUrl"])
    assert len(answer.content) == files[0]["size"]


@pytest.mark.parametrize("status", [429, 433])
async def test_too_many_requests_come_only_by_fault(
    status: Literal[429, 433], sandbox: Sandbox, client: httpx2.AsyncClient
) -> None:
    """Both statuses with the error object; then the next request is served again."""
    url = f"{sandbox.url(API_HOST)}/v2/authorizations/bycredentials"
    sandbox.faults.add(request_limit(status, count=2))
    for _ in range(2):
        refused = await client.post(url, json=credentials(), headers=JSON)
        assert (refused.status_code, refused.json()["type"]) == (status, "apiRequestLimit")
    assert (await client.post(url, json=credentials(), headers=JSON)).status_code == 200


@pytest.mark.parametrize("status", [405, 500, 502, 503, 550])
async def test_maintenance_is_a_page_whatever_is_accepted(
    status: Literal[405, 500, 502, 503, 550], sandbox: Sandbox, client: httpx2.AsyncClient
) -> None:
    """On both hosts, with any of the statuses clients have met."""
    sandbox.faults.add(maintenance(status, count=2))
    for host, path in ((API_HOST, "/v2/users/me"), (LOGIN_HOST, "/login/")):
        page = await client.get(f"{sandbox.url(host)}{path}", headers=JSON)
        assert page.status_code == status
        assert page.headers["content-type"] == "text/html"
        found = re.search(r'<div class="error__description"><p>([^<]+)</p>', page.text)
        assert found
        assert "технические работы" in found[1]
