"""A stuck or failing upstream at each call of each door of Gosuslugi: told, gone on from, nothing lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urljoin

import httpx2
import pytest
from tests.api.identities.failures import code_of, pressed
from tests.api.identities.stack import (
    CITY,
    DNEVNIK,
    ENTER,
    NODE,
    PROVE,
    Door,
    Stack,
    running_stack,
)
from tests.api.identities.window import query_of

from diary_api.problems import PROBLEMS, status_of
from diary_core.errors import Retry
from diary_core.http.deadline import Deadline
from diary_core.http.layer import Layer
from diary_sandbox.esia.systems import TokenAlgorithm
from diary_sandbox.faults import Fault, FaultKind

pytestmark = pytest.mark.anyio
SHORT_S, LONG_S = 1, 15
"""How long the gateway waits for one attempt: when it is to find out, and for a machine that is busy."""
TROUBLES: Final[Mapping[str, Mapping[str, Any]]] = {  # as `Fault` takes them
    "failing": {"kind": FaultKind.STATUS, "status": 500},
    "stuck": {"kind": FaultKind.LATENCY, "delay_s": 3600},
    "dropped": {"kind": FaultKind.DROP},
    "a page": {"kind": FaultKind.HTML},
    "lost": {"kind": FaultKind.LOST_ANSWER},
    "broken": {"kind": FaultKind.MALFORMED_JSON},
}
STATE: Final = {
    **dict.fromkeys(TROUBLES, "identity_service_down"),
    "broken": "identity_service_changed",
}
"""What trouble of Gosuslugi is called."""
DIARY: Final = {
    "stuck": "region_slow",
    "failing": "region_maintenance",
    "dropped": "region_down",
    "a page": "region_maintenance",
    "lost": "region_down",
    "broken": "region_changed",
}
"""What trouble of a diary, or of the city's own door, is called."""


@dataclass(frozen=True)
class Call:
    """One call the gateway makes on the way through a door."""

    door: Door
    what: str
    host: str
    path: str
    code_is_spent: bool = False
    """Whether the code the browser brought has been traded in before it."""
    skip: int = 0
    """So many calls to the same place come before it."""
    more: bool = False
    """Whether another one fails in the same way."""
    other: Mapping[str, str] = field(default_factory=dict[str, str])
    """Codes that are others than usual here."""

    def __str__(self) -> str:
        return f"{self.door.name}-{self.what}"

    @property
    def told(self) -> Mapping[str, str]:
        """Error codes by trouble; an answer that may be asked for again is not lost."""
        told = {**(STATE if self.host == ESIA else DIARY), **self.other}
        return {trouble: told[trouble] for trouble in told if trouble != "lost" or not self.code_is_spent}

    def strike(self, stack: Stack, trouble: str) -> None:
        """Break it, and nothing else; nobody waits long for what is stuck."""
        calm(stack)
        if trouble == "stuck":
            wait_at_most(stack, SHORT_S, {ESIA: "gosuslugi", API: "dnevnik_ru"}.get(self.host, "mrko"))
        stack.sandbox.faults.add(Fault(host=self.host, path=self.path, skip=self.skip, **TROUBLES[trouble]))


ESIA, API, NODES, MOSCOW = "esia.gosuslugi.ru", "api.dnevnik.ru", "authedu.mosreg.ru", "school.mos.ru"
TOKENS, PERSON = "/aas/oauth2/v3/te", "/rs/prns/*[0-9]"
CONTEXT, ADDRESS = "/v2/users/me/context", "/authorizations/esia/v2.0"
PROFILES, FAMILY = "/api/ej/acl/v1/mod-acl/users/profile_info", "/api/family/mobile/v1/profile"
BACK: Final = (
    Call(ENTER, "tokens", ESIA, TOKENS),
    Call(ENTER, "person", ESIA, PERSON, code_is_spent=True),
    Call(PROVE, "person", ESIA, PERSON, code_is_spent=True, more=True),
    Call(DNEVNIK, "tokens", API, "/v2.0/authorizations"),
    Call(DNEVNIK, "context", API, CONTEXT, code_is_spent=True, more=True),
    Call(NODE, "tokens", NODES, "/v3/auth/token", more=True),
    Call(NODE, "profiles", NODES, PROFILES, code_is_spent=True, more=True),
    Call(NODE, "family", NODES, FAMILY, code_is_spent=True, more=True),
    Call(CITY, "tokens", "login.mos.ru", "/sps/oauth/te", more=True),
    Call(CITY, "diary tokens", MOSCOW, "/v3/auth/sudir/auth", code_is_spent=True),
    Call(CITY, "profiles", MOSCOW, PROFILES, code_is_spent=True, more=True),
    Call(CITY, "family", MOSCOW, FAMILY, code_is_spent=True, more=True),
)
"""Every call without which a browser that came back gets no further."""
BEGIN: Final = (
    Call(DNEVNIK, "regions", API, f"{ADDRESS}/regions", code_is_spent=True, more=True),
    Call(CITY, "register", "login.mos.ru", "/sps/oauth/register", code_is_spent=True),
)
"""Every call before a browser is sent anywhere."""
CHILDREN: Final = (
    Call(DNEVNIK, "children", API, CONTEXT, skip=1),
    Call(NODE, "children", NODES, FAMILY, skip=1),
    Call(CITY, "children", MOSCOW, FAMILY, skip=1, more=True),
)
"""The calls that meet the children of a diary that is open already."""
RENEWALS: Final = (
    Call(DNEVNIK, "renewal", API, "/v2.0/authorizations"),
    Call(NODE, "renewal", NODES, "/v3/token/refresh", more=True),
    Call(CITY, "renewal", MOSCOW, "/v3/token/refresh", more=True),
)
"""The calls that trade a refresh token in."""
BY_APP: Final = (
    Call(
        DNEVNIK,
        "people",
        API,
        f"{ADDRESS}/users/linked",
        code_is_spent=True,
        other={"broken": "sign_in_expired"},
    ),
    Call(DNEVNIK, "authorize", API, ADDRESS, code_is_spent=True),
)
"""What is called with the address an app has brought."""
DIARY_TABLES: Final = {"account_events", "connections", "children", "enrolments"}
GAINED: Final = {
    "enter": {"account_events", "accounts", "identities"},
    "prove": {"account_events", "identities"},
    "dnevnik": DIARY_TABLES,
    "node": DIARY_TABLES,
    "city": DIARY_TABLES,
}
"""Tables with more in them than before, once a door has been gone through."""


def at_each(calls: Sequence[Call]) -> pytest.MarkDecorator:
    """Run a test for each call, the slow ones apart."""
    params = [pytest.param(call, id=str(call), marks=pytest.mark.slow if call.more else ()) for call in calls]
    return pytest.mark.parametrize("call", params)


def wait_at_most(stack: Stack, seconds: float, plugin: str = "") -> None:
    """Have the ways out of a plugin, or of all, that are open by now wait so long and no longer."""
    clients: dict[str, httpx2.AsyncClient] = vars(stack.gateway.diaries.channels)["_clients"]
    for client in (one for name, one in clients.items() if name.startswith(plugin)):
        layer: object = vars(client)["_transport"]
        while isinstance(layer, Layer):
            inside: dict[str, object] = vars(layer)
            if isinstance(layer, Deadline):
                inside["_limit_s"] = seconds
            layer = inside["_inner"]


def calm(stack: Stack) -> None:
    """End every trouble."""
    stack.sandbox.faults.clear()
    wait_at_most(stack, LONG_S)


@pytest.fixture
async def stack(one_stack: Stack) -> AsyncGenerator[Stack]:
    """Return it with nobody in it, and nothing in trouble."""
    yield one_stack
    calm(one_stack)
    await one_stack.forget()


@pytest.fixture(scope="module")
async def one_stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Stack]:
    """Run a town and a gateway in front of it, whose log holds neither tokens nor people."""
    folder = tmp_path_factory.mktemp("stack")
    async with running_stack(folder, algorithm=TokenAlgorithm.RS256) as stack:
        yield stack
        people = {str(one[fact]) for one in stack.told["accounts"] for fact in ("oid", "snils") if one[fact]}
        log = stack.log.getvalue()
        assert [word for word in people | {"eyJ2ZXIi", "eyJhbGci", "Traceback"} if word in log] == []


async def family(stack: Stack) -> httpx2.AsyncClient:
    """Return a parent who has linked a diary earlier."""
    parent = await stack.parent()
    begun = (await parent.post("/v1/connections", json={"region": "53", "method": "password"})).json()
    values = {"login": "obraztsova", "password": "sandbox-dnevnik"}
    linked = await parent.post(f"/v1/connections/{begun['id']}/steps", json={"values": values})
    assert linked.json()["state"] == "active", linked.text
    return parent


@at_each(BACK)
async def test_trouble_on_the_way_back(stack: Stack, call: Call) -> None:
    """Each is told within the gateway's own time, the page's button leads on, and the door opens in the end.

    While the code is good the same way back is taken again; once it is spent, the same button begins anew.
    """
    door, window, parent = call.door, await stack.window(), await family(stack)
    begun = await stack.begun(door, parent)
    before = await stack.kept(begun.connection_id)
    address = await stack.arrived(begun, window)
    for trouble, code in call.told.items():
        call.strike(stack, trouble)
        page = await window.back(address)
        assert (trouble, code_of(page)) == (trouble, code)
        assert await stack.kept(begun.connection_id) == before
        calm(stack)
        passes = PROBLEMS[code].retry is Retry.LATER
        if passes and not call.code_is_spent and trouble != "lost":
            continue
        gone = await pressed(window, page)
        assert (trouble, gone.status_code) == (trouble, 303)
        address = await window.go(
            urljoin(stack.url, gone.headers["location"]), door.login, button=door.button
        )
    assert (await window.back(address)).status_code == 200
    after = await stack.kept()
    assert [row for table, rows in before.items() for row in rows if row not in after[table]] == []
    assert {table for table, rows in after.items() if len(rows) > len(before[table])} == GAINED[door.name]


@at_each(BEGIN)
async def test_trouble_before_anybody_is_sent(stack: Stack, call: Call) -> None:
    """No half of a link is left, and a button of a failed sign-in stays until it works."""
    door, window, parent = call.door, await stack.window(), await family(stack)
    before = await stack.kept()
    for trouble, code in call.told.items():
        call.strike(stack, trouble)
        answer = await parent.post("/v1/connections", json={"region": door.region, "method": door.method})
        told = answer.json()
        assert (trouble, told["code"], told["title"]) == (trouble, code, PROBLEMS[code].title.ru)
        assert answer.status_code == status_of(PROBLEMS[code])
        assert await stack.kept() == before
    calm(stack)
    begun = await stack.begun(door, parent)
    address = await stack.arrived(begun, window)
    page = await window.back(address.replace("code=", "error=server_error&x="))
    assert code_of(page) == {"dnevnik": "sign_in_rejected", "city": "region_down"}[door.name]
    for trouble in ("stuck", "broken"):
        call.strike(stack, trouble)
        page = await pressed(window, page)
        assert code_of(page) == call.told[trouble]
    calm(stack)
    gone = await pressed(window, page)
    again = await window.go(urljoin(stack.url, gone.headers["location"]), door.login, button=door.button)
    assert (await window.back(again)).status_code == 200
    assert (await stack.connection(parent, begun))["state"] == "active"


@pytest.mark.parametrize("trouble", ["stuck", "broken"])
async def test_a_collection_in_trouble_costs_what_it_tells(stack: Stack, trouble: str) -> None:
    """Documents tell a standard account from a simplified one; without them nothing is guessed nor lost."""
    documents = Call(ENTER, "documents", ESIA, "/rs/prns/*/docs")
    documents.strike(stack, trouble)
    parent = await stack.entered("dnevnik_father")
    assert [one["level"] for one in (await parent.get("/v1/me")).json()["identities"]] == ["unknown"]
    calm(stack)
    for _ in range(2):
        parent = await stack.entered("dnevnik_father")
        assert [one["level"] for one in (await parent.get("/v1/me")).json()["identities"]] == ["standard"]
        documents.strike(stack, trouble)


@at_each(CHILDREN)
@pytest.mark.parametrize("trouble", ["stuck", "broken"])
async def test_trouble_after_the_diary_is_open(stack: Stack, call: Call, trouble: str) -> None:
    """The link stands and says what is wrong; the children come with the next call that gets through."""
    parent, window = await stack.parent(), await stack.window()
    begun = await stack.begun(call.door, parent)
    address = await stack.arrived(begun, window)
    call.strike(stack, trouble)
    page = await window.back(address)
    assert page.status_code == 200
    assert "Дневник пока не показал детей" in page.text
    shown = await stack.connection(parent, begun)
    assert (shown["state"], shown["outcome"]) == ("degraded", call.told[trouble])
    calm(stack)
    mended = await parent.post(f"/v1/connections/{begun.connection_id}/refresh")
    assert mended.json()["state"] == "active"
    assert "Дневник пока не показал детей" not in (await window.back(address)).text
    assert (await parent.get("/v1/children")).json()["items"] != []


@at_each(RENEWALS)
async def test_trouble_with_a_refresh_token(stack: Stack, call: Call) -> None:
    """A token that cannot be renewed now is renewed later; one lost on the way is got at the same door."""
    parent, window = await stack.parent(), await stack.window()
    begun = await stack.begun(call.door, parent)
    await window.back(await stack.arrived(begun, window))
    children = (await parent.get("/v1/children")).json()
    refresh = f"/v1/connections/{begun.connection_id}/refresh"
    for trouble in ("stuck", "failing", "dropped", "a page", "lost"):
        call.strike(stack, trouble)
        stack.sandbox.faults.add(Fault(FaultKind.EXPIRED_TOKEN, host=call.host, count=1))
        answer = await parent.post(refresh)
        assert (trouble, answer.json()["code"]) == (trouble, call.told[trouble])
        assert (await parent.get("/v1/children")).json() == children
        calm(stack)
        if trouble != "lost":
            assert (await parent.post(refresh)).json()["state"] == "active"
    again = await stack.again(parent, begun.connection_id or "", call.door)
    await window.back(await stack.arrived(again, window))
    assert (await parent.post(refresh)).json()["state"] == "active"
    assert (await parent.get("/v1/children")).json() == children


async def test_trouble_with_what_an_app_brings(stack: Stack) -> None:
    """The same address and the same choice are taken again, or the sign-in is begun anew."""
    parent = await family(stack)
    begun, address = await stack.at_address(parent, "two_profiles")
    before, mine = await stack.kept(begun["id"]), f"/v1/connections/{begun['id']}"
    replies = [{"address": address}]
    for call in BY_APP:
        for trouble, code in call.told.items():
            call.strike(stack, trouble)
            answer = (await parent.post(f"{mine}/steps", json={"values": replies[-1]})).json()
            assert (str(call), trouble, answer["code"]) == (str(call), trouble, code)
            assert await stack.kept(begun["id"]) == before
            calm(stack)
            if PROBLEMS[code].retry is not Retry.LATER:
                anew = (await parent.post(f"{mine}/sign-in", json={})).json()
                replies[0] = {"address": await stack.address(anew, "two_profiles")}
                for reply in replies[:-1]:
                    await parent.post(f"{mine}/steps", json={"values": reply})
        shown = (await parent.post(f"{mine}/steps", json={"values": replies[-1]})).json()
        if shown["pending"]:
            replies.append({"choice": shown["pending"]["step"]["options"][0]["id"]})
    assert (await parent.get(mine)).json()["state"] == "active"


@pytest.mark.parametrize("door", [ENTER, DNEVNIK, NODE, CITY], ids=lambda door: door.name)
async def test_a_link_may_be_opened_late(stack: Stack, door: Door) -> None:
    """Gosuslugi takes no request that was signed long ago; a link lives for ten minutes all the same."""
    begun, window = await stack.begun(door, await stack.parent()), await stack.window()
    stack.sandbox.clock.advance(timedelta(minutes=9))
    assert (await window.back(await stack.arrived(begun, window))).status_code == 200


async def test_an_impatient_parent_and_everybody_else(stack: Stack) -> None:
    """While Gosuslugi is stuck, a second try says to wait, another door opens, and nothing is done twice."""
    window, other = await stack.window(), await stack.window()
    begun, link = await stack.begun(ENTER), await stack.begun(NODE, await stack.parent())
    address, elsewhere = await stack.arrived(begun, window), await stack.arrived(link, other)
    BACK[0].strike(stack, "stuck")
    one, two, open_door = await asyncio.gather(
        window.back(address), window.back(address), other.back(elsewhere)
    )
    assert sorted([one.status_code, two.status_code]) == [200, 503]
    assert "Ждём ответа" in one.text + two.text
    assert open_door.status_code == 200
    calm(stack)
    assert "Почти готово" in (await window.back(address)).text


async def test_a_birth_date_in_trouble_costs_no_link(stack: Stack) -> None:
    """Дневник.ру tells it in a call of its own, which is let go."""
    Call(DNEVNIK, "birth date", API, "/v2/users/me").strike(stack, "stuck")
    assert (await stack.linked(await stack.parent(), DNEVNIK))["state"] == "active"


async def test_the_link_itself_leads_on_too(stack: Stack) -> None:
    """Whoever opens it again instead of pressing the button gets in as well, with a state of its own."""
    window = await stack.window()
    begun = await stack.begun(ENTER)
    address = await stack.arrived(begun, window)
    BACK[0].strike(stack, "dropped")
    assert code_of(await window.back(address)) == "identity_service_down"
    calm(stack)
    again = await stack.arrived(begun, window)
    assert query_of(again)["state"] != query_of(address)["state"]
    late = await window.http.get(address, headers={"Accept": "application/json"})
    assert late.json()["code"] == "sign_in_mismatch"
    assert "Почти готово" in (await window.back(again)).text


async def test_a_way_out_that_is_stuck_delays_no_refusal(stack: Stack) -> None:
    """A stranger's diary is refused all the same when its session cannot be ended there."""
    parent, window = await stack.entered("dnevnik_mother"), await stack.window()
    begun = await stack.begun(NODE, parent)
    address = await stack.arrived(begun, window)
    Call(NODE, "way out", NODES, "/v3/auth/logout").strike(stack, "stuck")
    page = await window.back(address)
    assert (page.status_code, code_of(page)) == (409, "identity_mismatch")
    assert (await stack.connection(parent, begun))["state"] == "awaiting_user"
