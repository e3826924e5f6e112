"""The door leads to the hosts of its instance and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from diary_core.errors import Misconfigured, PluginBroken
from diary_core.http import DoorLimits, open_client

if TYPE_CHECKING:
    from .conftest import OpenDoor, Upstream

pytestmark = pytest.mark.anyio

SCHOOL = "https://school.example.test"


def _open(*hosts: str) -> httpx2.AsyncClient:
    reached = httpx2.MockTransport(lambda request: httpx2.Response(200, text=str(request.url)))
    return open_client(hosts, limits=DoorLimits(), name="invented/town", base=reached)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.test/",
        "http://school.example.test/",
        "https://school.example.test:8443/",
        "https://school.example.test.evil.example.test/",
        "https://school.example.test./",
        "https://evil.example.test/https://school.example.test/",
        "https://evil.example.test/?https://school.example.test",
        "https://evil.example.test#school.example.test",
        "https://school.example.test@evil.example.test/",
        "https://parent:secret@school.example.test/",
        "https://evil.example.test\\@school.example.test/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "ftp://school.example.test/",
        "file:///etc/passwd",
        "ws://school.example.test/",
    ],
)
async def test_other_addresses_are_refused(url: str) -> None:
    """Another scheme, host or port, user information, and every trick with them end at the door."""
    async with _open(SCHOOL) as http:
        with pytest.raises((PluginBroken, httpx2.InvalidURL)):
            await http.get(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://school.example.test",
        "https://school.example.test:443/week?day=1",
        "https://SCHOOL.example.TEST/week",
        "https://пример.example.test/",
        "http://127.0.0.1:8702/api",
    ],
)
async def test_hosts_of_the_instance_are_reached(url: str) -> None:
    """The same origin written otherwise is the same origin; a path in a host's base address plays no part."""
    async with _open(f"{SCHOOL}/base", "https://пример.example.test", "http://127.0.0.1:8702") as http:
        assert (await http.get(url)).status_code == 200


async def test_a_host_header_of_another_name_is_refused() -> None:
    """A front server shared by many sites is not asked for another one."""
    async with _open(SCHOOL) as http:
        with pytest.raises(PluginBroken):
            await http.get(SCHOOL, headers={"Host": "evil.example.test"})


@pytest.mark.parametrize(
    "host", ["school.example.test", "ftp://school.example.test", "https://u:p@x.test", ""]
)
def test_a_host_must_be_an_address_of_a_web_server(host: str) -> None:
    """A wrong setting is said when the door is made, not when somebody walks through it."""
    with pytest.raises(Misconfigured):
        _open(host)


async def test_a_redirect_is_returned_and_not_followed(upstream: Upstream, open_door: OpenDoor) -> None:
    """A redirect to a stranger, or to the same host, is an answer like any other."""
    http = await open_door()
    for place in ("http://127.0.0.1:9/steal", f"{upstream.url}/elsewhere"):
        upstream.answers(upstream.says(status=302, headers={"Location": place}))
        answer = await http.get(f"{upstream.url}/login")
        assert (answer.status_code, answer.headers["location"]) == (302, place)
    assert upstream.calls == ["GET /login", "GET /login"]


async def test_following_redirects_cannot_be_asked_for(upstream: Upstream, open_door: OpenDoor) -> None:
    """A call that insists on following fails before the second request goes out."""
    upstream.answers(upstream.says(status=302, headers={"Location": "/elsewhere"}))
    http = await open_door()
    with pytest.raises(httpx2.TooManyRedirects):
        await http.get(f"{upstream.url}/login", follow_redirects=True)
    assert upstream.calls == ["GET /login"]


async def test_one_parents_cookies_are_not_another_ones(upstream: Upstream, open_door: OpenDoor) -> None:
    """The client is shared by every connection, so a cookie set in one call is not sent in the next."""
    upstream.answers(upstream.says(headers={"Set-Cookie": "session=mine; Path=/"}))
    http = await open_door()
    first = await http.get(f"{upstream.url}/")
    await http.get(f"{upstream.url}/")
    assert first.cookies["session"] == "mine"
    assert "cookie" not in upstream.headers[1].lower()
