"""A redirect is bound to one browser, one account and one use, whatever is tried."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from inline_snapshot import snapshot

from diary_core.errors import RegionDown
from tests.api.running import PUBLIC_URL, RunningGateway, running, settings_for
from tests.api.tiny import TinyTown, tiny_plugins

pytestmark = pytest.mark.anyio

PAGE = {"Accept": "text/html,application/xhtml+xml"}
JSON = {"Accept": "application/json"}


@dataclass
class Flow:
    """A sign-in by redirect, begun by a parent's app and taken over by a browser."""

    parent: httpx2.AsyncClient
    connection_id: str
    link: str
    """What the app asks the browser to open."""

    async def go(self, browser: httpx2.AsyncClient) -> str:
        """Open the link as a person does, press the button, and return the state the diary was given."""
        shown = await browser.get(self.link, headers=PAGE)
        assert shown.status_code == 200, shown.text
        (button,) = re.findall(r'class="button" href="([^"]+)"', shown.text)
        sent = await browser.get(button.replace("&amp;", "&"), headers=PAGE)
        assert sent.status_code == 303, sent.text
        return parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]

    async def state(self) -> str:
        return (await self.parent.get(f"/v1/connections/{self.connection_id}")).json()["state"]


async def begin(gate: RunningGateway, email: str = "olga@example.org") -> Flow:
    parent = await gate.parent(email)
    link = (await parent.post("/v1/connections", json={"region": "54", "method": "redirect"})).json()
    return Flow(parent, link["id"], link["pending"]["step"]["url"])


async def come_back(
    browser: httpx2.AsyncClient, accept: Mapping[str, str] = JSON, /, **query: str
) -> httpx2.Response:
    return await browser.get("/v1/callback", params=query, headers=accept)


async def test_the_whole_way(tiny: RunningGateway, town: TinyTown) -> None:
    """The page says whose account links what; the button leads to the diary; the way back links it."""
    flow = await begin(tiny)
    assert flow.link.startswith(f"{PUBLIC_URL}/v1/sign-ins/")
    browser = tiny.another_client()
    shown = await browser.get(flow.link, headers=PAGE)
    assert "Дневник town" in shown.text
    assert "ol•••@example.org" in shown.text
    state = await flow.go(browser)
    back = await come_back(browser, PAGE, state=state, code=town.consent("olga"))
    assert (back.status_code, back.headers["location"]) == (303, f"{urlsplit(flow.link).path}/outcome")
    done = await browser.get(back.headers["location"], headers=PAGE)
    assert (done.status_code, re.findall(r"<h1>(.*)</h1>", done.text)) == snapshot(
        (200, ["Дневник подключён"])
    )
    assert await flow.state() == "active"
    assert len((await flow.parent.get("/v1/children")).json()["items"]) == 2


async def test_a_program_may_play_the_browser(tiny: RunningGateway, town: TinyTown) -> None:
    """Asking for JSON alone, it gets the cookie, is sent on at once, and comes back to JSON."""
    flow = await begin(tiny)
    browser = tiny.another_client()
    sent = await browser.get(flow.link, headers=JSON)
    assert (sent.status_code, sent.headers["location"].partition("?")[0]) == (
        303,
        "https://tiny.example.org/sign-in",
    )
    state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
    done = await come_back(browser, state=state, code=town.consent("olga"))
    assert (done.status_code, done.json()) == (
        200,
        {"connection_id": flow.connection_id, "state": "active", "next_step": None},
    )


async def test_the_diarys_address_stays_inside(tiny: RunningGateway) -> None:
    """Neither the step nor the page shows the diary's own address: no browser gets there unbound."""
    flow = await begin(tiny)
    shown = await flow.parent.get(f"/v1/connections/{flow.connection_id}")
    page = await tiny.another_client().get(flow.link, headers=PAGE)
    assert [text for text in (shown.text, page.text) if "tiny.example.org" in text] == []


async def test_the_cookie_is_out_of_reach(tiny: RunningGateway) -> None:
    """It is for this host, https and no script; it outlives the sign-in by an hour, for whoever is late."""
    flow = await begin(tiny)
    cookie = (await tiny.another_client().get(flow.link, headers=PAGE)).headers["set-cookie"]
    name, *attributes = (part.strip() for part in cookie.split(";"))
    assert name.startswith("__Host-diary-browser=")
    assert sorted(attributes) == snapshot(["HttpOnly", "Max-Age=4200", "Path=/", "SameSite=lax", "Secure"])


async def test_pages_allow_nothing_from_elsewhere(tiny: RunningGateway) -> None:
    """No script, no form, no frame, no address but our own, and nothing may be kept."""
    flow = await begin(tiny)
    browser = tiny.another_client()
    failed = await come_back(browser, PAGE, state="forged")
    for page in (await browser.get(flow.link, headers=PAGE), failed):
        policy = page.headers["content-security-policy"]
        assert re.sub(r"nonce-[\w-]+", "nonce-…", policy) == snapshot(
            "default-src 'none'; style-src 'nonce-…'; form-action 'none'; "
            "frame-ancestors 'none'; base-uri 'none'"
        )
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert re.findall(r"<script|src=|https?://|//", page.text) == []


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"code": "x"},
        {"state": ""},
        {"state": "x" * 5_000},
        {"state": "forged", "code": "x"},
        {"state": "\x00\udcff".encode("utf-8", "surrogatepass").decode("latin-1")},
    ],
)
async def test_a_missing_or_forged_state(tiny: RunningGateway, query: dict[str, str]) -> None:
    """Without our state nothing happens, in JSON and on a page alike."""
    flow = await begin(tiny)
    browser = tiny.another_client()
    await flow.go(browser)
    answer = await come_back(browser, JSON, **query)
    assert (answer.status_code, answer.json()["code"]) == (409, "sign_in_mismatch")
    assert await flow.state() == "awaiting_user"


async def test_another_browser(tiny: RunningGateway, town: TinyTown) -> None:
    """A redirect that comes back in a browser that was not sent is refused, and the right one still works."""
    flow = await begin(tiny)
    browser, stranger = tiny.another_client(), tiny.another_client()
    state = await flow.go(browser)
    code = town.consent("olga")
    for client in (stranger, tiny.client):
        refused = await come_back(client, state=state, code=code)
        assert (refused.status_code, refused.json()["code"]) == (409, "sign_in_mismatch")
    assert (await come_back(browser, state=state, code=code)).status_code == 200


async def test_a_strangers_cookie_does_not_help(tiny: RunningGateway, town: TinyTown) -> None:
    """A browser with a flow of its own cannot finish another one's: nothing is linked to a stranger."""
    victims, attackers = await begin(tiny), await begin(tiny, "mallory@example.org")
    victim, attacker = tiny.another_client(), tiny.another_client()
    await victims.go(victim)
    state = await attackers.go(attacker)
    refused = await come_back(victim, state=state, code=town.consent("olga"))
    assert refused.json()["code"] == "sign_in_mismatch"
    assert [await victims.state(), await attackers.state()] == ["awaiting_user", "awaiting_user"]


async def test_a_link_that_was_taken(tiny: RunningGateway) -> None:
    """Once a browser has gone to the diary, the link opens in no other one."""
    flow = await begin(tiny)
    browser = tiny.another_client()
    await flow.go(browser)
    other = await tiny.another_client().get(flow.link, headers=JSON)
    assert (other.status_code, other.json()["code"]) == (409, "sign_in_mismatch")
    assert (await browser.get(flow.link, headers=PAGE)).status_code == 200


async def test_looking_at_the_link_takes_nothing(tiny: RunningGateway, town: TinyTown) -> None:
    """A messenger that previews the link, or a parent who only looks, does not bind it."""
    flow = await begin(tiny)
    for accept in ("*/*", "text/html", "image/webp,*/*;q=0.8"):
        shown = await tiny.another_client().get(flow.link, headers={"Accept": accept})
        assert (shown.status_code, shown.headers["content-type"]) == (200, "text/html; charset=utf-8")
    browser = tiny.another_client()
    state = await flow.go(browser)
    assert (await come_back(browser, state=state, code=town.consent("olga"))).status_code == 200


async def test_the_button_works_only_where_it_was_shown(tiny: RunningGateway) -> None:
    """A copied «go on» address is useless in another browser, with or without a cookie of its own."""
    flow = await begin(tiny)
    shown = await tiny.another_client().get(flow.link, headers=PAGE)
    (button,) = re.findall(r'class="button" href="([^"]+)"', shown.text)
    with_cookie = tiny.another_client()
    await with_cookie.get(flow.link, headers=PAGE)
    for client in (tiny.another_client(), with_cookie):
        refused = await client.get(button, headers=JSON)
        assert (refused.status_code, refused.json()["code"]) == (409, "sign_in_mismatch")
    bare = await with_cookie.get(button.partition("?")[0], headers=JSON)
    assert bare.json()["code"] == "sign_in_mismatch"


async def test_a_replayed_redirect(tiny: RunningGateway, town: TinyTown) -> None:
    """The same redirect a second time is over, whatever it brings."""
    flow = await begin(tiny)
    browser = tiny.another_client()
    state = await flow.go(browser)
    assert (await come_back(browser, state=state, code=town.consent("olga"))).status_code == 200
    again = await come_back(browser, state=state, code=town.consent("ivan"))
    assert (again.status_code, again.json()["code"]) == (409, "sign_in_expired")
    assert town.calls["answer"] == 1


async def test_the_outcome_may_be_read_again(tiny: RunningGateway, town: TinyTown) -> None:
    """Reloaded, or come back to by the link or the redirect, it says the same, and for an hour."""
    flow = await begin(tiny)
    browser = tiny.another_client()
    query = {"state": await flow.go(browser), "code": town.consent("olga")}
    end = (await come_back(browser, PAGE, **query)).headers["location"]
    for again in (
        await browser.get(flow.link, headers=PAGE),
        await browser.get(f"{flow.link}/go", headers=PAGE),
        await come_back(browser, PAGE, **query),
    ):
        assert (again.status_code, again.headers["location"]) == (303, end)
    told = {"connection_id": flow.connection_id, "state": "active", "next_step": None}
    assert (await browser.get(end, headers=JSON)).json() == told
    assert "Дневник подключён" in (await browser.get(end, headers=PAGE)).text
    assert town.calls["answer"] == 1
    tiny.clock.move(timedelta(hours=1))
    assert (await browser.get(end, headers=JSON)).json()["code"] == "sign_in_expired"


async def test_the_outcome_is_for_the_browser_that_went(tiny: RunningGateway, town: TinyTown) -> None:
    """Whoever else has the link learns nothing, before or after, with a cookie of their own or without."""
    flow, other = await begin(tiny), await begin(tiny, "mallory@example.org")
    browser, stranger = tiny.another_client(), tiny.another_client()
    await other.go(stranger)
    for when in ("before", "after"):
        for client in (stranger, tiny.another_client()):
            refused = await client.get(f"{flow.link}/outcome", headers=JSON)
            assert (refused.status_code, refused.json()["code"]) == (409, "sign_in_mismatch"), when
        if when == "before":
            state = await flow.go(browser)
            assert (await come_back(browser, state=state, code=town.consent("olga"))).status_code == 200


async def test_the_outcome_goes_with_the_link(tiny: RunningGateway, town: TinyTown) -> None:
    """Nothing is told of a diary that was unlinked."""
    flow = await begin(tiny)
    browser = tiny.another_client()
    await come_back(browser, state=await flow.go(browser), code=town.consent("olga"))
    await flow.parent.delete(f"/v1/connections/{flow.connection_id}")
    gone = await browser.get(f"{flow.link}/outcome", headers=JSON)
    assert gone.json()["code"] == "sign_in_expired"


async def test_a_reload_while_the_diary_is_asked(tiny: RunningGateway, town: TinyTown) -> None:
    """The same redirect a moment later finds a page that waits, and then what came of the first."""
    flow = await begin(tiny)
    browser = tiny.another_client()
    query = {"state": await flow.go(browser), "code": town.consent("olga")}
    town.held = asyncio.Event()
    first = asyncio.create_task(come_back(browser, PAGE, **query))
    while not town.calls["answer"]:  # noqa: ASYNC110  the town has no event for it
        await asyncio.sleep(0.01)
    second = await come_back(browser, PAGE, **query)
    waiting = await browser.get(second.headers["location"], headers=PAGE)
    assert re.findall(r"<h1>(.*)</h1>", waiting.text) == ["Ещё немного"]
    assert 'http-equiv="refresh"' in waiting.text
    town.held.set()
    assert (await first).status_code == 303
    assert "Дневник подключён" in (await browser.get(second.headers["location"], headers=PAGE)).text


async def test_a_redirect_that_comes_back_many_times_at_once(tiny: RunningGateway, town: TinyTown) -> None:
    """Of ten redirects at the same moment one is taken."""
    flow = await begin(tiny)
    browser = tiny.another_client()
    state, code = await flow.go(browser), town.consent("olga")
    answers = await asyncio.gather(*(come_back(browser, state=state, code=code) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert town.calls["answer"] == 1


@pytest.mark.parametrize("minutes", [10, 60])
async def test_a_late_redirect(tiny: RunningGateway, town: TinyTown, minutes: int) -> None:
    """After ten minutes the flow is dead for the link, the button and the redirect."""
    flow = await begin(tiny)
    browser = tiny.another_client()
    state = await flow.go(browser)
    tiny.clock.move(timedelta(minutes=minutes))
    answers = [
        await come_back(browser, state=state, code=town.consent("olga")),
        await browser.get(flow.link, headers=JSON),
    ]
    assert [answer.json()["code"] for answer in answers] == ["sign_in_expired"] * 2
    assert await flow.state() == "awaiting_user"


async def test_a_dropped_sign_in(tiny: RunningGateway, town: TinyTown) -> None:
    """A sign-in that was dropped, or replaced by a newer one, does not come back."""
    flow = await begin(tiny)
    browser = tiny.another_client()
    state = await flow.go(browser)
    await flow.parent.post(f"/v1/connections/{flow.connection_id}/sign-in", json={})
    refused = await come_back(browser, state=state, code=town.consent("olga"))
    assert refused.json()["code"] == "sign_in_expired"


async def test_a_diary_unlinked_meanwhile(tiny: RunningGateway, town: TinyTown) -> None:
    """An unlinked diary is not linked again by a redirect that was under way."""
    flow = await begin(tiny)
    browser = tiny.another_client()
    state = await flow.go(browser)
    await flow.parent.delete(f"/v1/connections/{flow.connection_id}")
    refused = await come_back(browser, state=state, code=town.consent("olga"))
    assert refused.status_code == 409
    assert await flow.state() == "revoked"


async def test_an_unknown_ticket(tiny: RunningGateway) -> None:
    """A made-up link says that the sign-in is over, and nothing about whose it might be."""
    for ticket in ("x", "x" * 43, "%00", "%FF", "%ED%A0%80"):
        answer = await tiny.client.get(f"/v1/sign-ins/{ticket}", headers=JSON)
        assert (answer.status_code, answer.json()["code"]) == (409, "sign_in_expired")


@pytest.mark.parametrize(
    ("error", "code"),
    [("access_denied", "consent_refused"), ("not_enough_data", "not_enough_data")],
)
async def test_a_refusal_is_told_with_a_way_to_try_again(
    tiny: RunningGateway, town: TinyTown, error: str, code: str
) -> None:
    """The page says what happened and what to do; its button begins anew in this browser and goes through."""
    flow = await begin(tiny)
    browser = tiny.another_client()
    refused = await come_back(browser, PAGE, state=await flow.go(browser), error=error)
    assert (refused.status_code, refused.headers["content-type"]) == (409, "text/html; charset=utf-8")
    assert code in refused.text
    (button,) = re.findall(r'class="button" href="([^"]+)"', refused.text)
    stranger = await tiny.another_client().get(button, headers=JSON)
    assert stranger.json()["code"] == "sign_in_mismatch"
    again = await browser.get(button, headers=PAGE)
    flow.link = again.headers["location"]
    state = await flow.go(browser)
    assert (await come_back(browser, state=state, code=town.consent("olga"))).status_code == 200
    assert await flow.state() == "active"
    spent = await browser.get(button, headers=JSON)
    assert spent.status_code == 409 or "/v1/sign-ins/" in spent.headers["location"]


async def test_trouble_on_the_way_back(tiny: RunningGateway, town: TinyTown) -> None:
    """When the diary is down at the wrong moment, the button reloads the page, and that goes through."""
    flow = await begin(tiny)
    browser = tiny.another_client()
    state, code = await flow.go(browser), town.consent("olga")
    town.trouble = RegionDown("down")
    refused = await come_back(browser, PAGE, state=state, code=code)
    assert (refused.status_code, "region_down" in refused.text) == (502, True)
    assert re.findall(r'class="button" href="([^"]*)"', refused.text) == [""]
    town.trouble = None
    assert (await come_back(browser, state=state, code=code)).status_code == 200


async def test_an_app_may_catch_the_redirect_itself(tiny: RunningGateway, town: TinyTown) -> None:
    """With the account's token and the right state the query may be handed in as a reply."""
    flow = await begin(tiny)
    sent = await tiny.another_client().get(flow.link, headers=JSON)
    state = parse_qs(urlsplit(sent.headers["location"]).query)["state"][0]
    steps = f"/v1/connections/{flow.connection_id}/steps"
    for wrong in ({"code": "x"}, {"state": "forged", "code": "x"}):
        refused = await flow.parent.post(steps, json={"values": wrong})
        assert (refused.status_code, refused.json()["code"]) == (409, "sign_in_mismatch")
    values = {"state": state, "code": town.consent("olga")}
    assert (await flow.parent.post(steps, json={"values": values})).json()["state"] == "active"


async def test_without_https_the_cookie_still_works(
    tmp_path_factory: pytest.TempPathFactory, town: TinyTown
) -> None:
    """On a plain loopback address the cookie is not marked secure, so that a demonstration works."""
    settings = settings_for(tmp_path_factory.mktemp("plain"), public_url="http://127.0.0.1:8000")
    async with running(settings, tiny_plugins(town)) as gate:
        flow = await begin(gate)
        cookie = (await gate.client.get(flow.link, headers=PAGE)).headers["set-cookie"]
    assert cookie.startswith("diary-browser=")
    assert "Secure" not in cookie
