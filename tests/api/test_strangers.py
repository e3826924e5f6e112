"""A parent never learns anything of another family: not its children, not its links, not that they exist."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

import httpx2
import pytest
from fastapi.routing import APIRoute

from diary_core.identity import AccountLevel, Identity
from tests.api.running import LinkedFamily, RunningGateway, described_paths

pytestmark = pytest.mark.anyio

MADE_UP = {
    "connection_id": "con_" + "a" * 26,
    "child_id": "chd_" + "a" * 26,
    "session_id": "key_" + "a" * 26,
    "token_id": "key_" + "a" * 26,
    "identity_id": "idn_" + "a" * 26,
    "grant_id": "grt_" + "a" * 26,
    "notice_id": "ntc_" + "a" * 26,
}
QUERY = {
    "since": "2026-09-14",
    "until": "2026-09-20",
    "confirmation": "x",
    "subject": "1",
    "target": "5",
}
BODIES: dict[str, object] = {
    "/v1/connections/{connection_id}/steps": {"values": {}},
    "/v1/connections/{connection_id}/sign-in": {},
    "/v1/children/{child_id}/class-standing": {"shown": True},
    "/v1/children/{child_id}/grants": {
        "called": "Нина",
        "rights": ["lessons"],
        "ends_at": "2026-12-01T00:00:00Z",
    },
    "/v1/children/{child_id}/grants/{grant_id}": {"rights": ["lessons"]},
    "/v1/children/{child_id}/absence-notices": {"since": "2026-09-17", "reason_code": "3"},
    "/v1/children/{child_id}/what-if": {"subject": "1", "marks": [{"value": 5, "weight": 1}]},
    "/v1/grants/accept": {"link": "dgi_x", "code": "x"},
}
OF_THE_DIARY = {
    "attachment_id": "at-1",
    "homework_id": "hw-1",
    "mark_id": "mk-1",
    "thread_id": "th-1",
    "week": "2026-09-14",
}
"""Path parameters that name a diary's own things: whose they are, the diary says."""
NOT_OF_A_FAMILY = {"code", "service", "ticket", *OF_THE_DIARY}
"""Path parameters that name no account's thing; a ticket has tests of its own."""


def addressed() -> Iterator[tuple[str, str, str]]:
    """Yield method, route and parameter of every route that names something in its path."""
    for path, operations in described_paths().items():
        names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        for method in operations:
            for name in names:
                if name not in NOT_OF_A_FAMILY:
                    yield method.upper(), path, name


async def a_grant(family: LinkedFamily) -> str:
    """Invite somebody to a family's first child, and return the grant's id."""
    path = "/v1/children/{child_id}/grants"
    path, body = path.replace("{child_id}", family.child_ids[0]), BODIES[path]
    return (await family.parent.post(path, json=body)).json()["id"]


async def an_identity(gate: RunningGateway, parent: httpx2.AsyncClient) -> str:
    """Prove who a parent is, and return the identity's id."""
    account_id = (await parent.get("/v1/me")).json()["id"]
    person = Identity(
        provider="gosuslugi",
        subject="1000000001",
        name=None,
        birth_date=None,
        snils=None,
        level=AccountLevel.CONFIRMED,
    )
    async with gate.gateway.storage.writing() as session:
        await gate.gateway.identities.prove(session, account_id, person)
    return (await parent.get("/v1/me")).json()["identities"][0]["id"]


def test_every_addressed_route_is_tried() -> None:
    """No route with an id in its path can be added without being covered here."""
    found = {name for _, _, name in addressed()}
    assert found == set(MADE_UP)
    assert len(list(addressed())) > 40


async def test_a_strangers_thing_looks_like_nothing(tiny: RunningGateway) -> None:
    """On every route, a stranger's id gets the answer a made-up id gets, but for the id that was sent."""
    stranger = await tiny.family("ivan")
    token = (await stranger.parent.post("/v1/tokens", json={"name": "x", "scopes": ["diary:read"]})).json()
    session = (await stranger.parent.get("/v1/sessions")).json()["items"][0]
    await stranger.parent.post(f"/v1/connections/{stranger.connection_id}/sign-in", json={})
    theirs = {
        "connection_id": stranger.connection_id,
        "child_id": stranger.child_ids[0],
        "session_id": session["id"],
        "token_id": token["id"],
        "identity_id": await an_identity(tiny, stranger.parent),
        "grant_id": await a_grant(stranger),
        "notice_id": MADE_UP["notice_id"],  # a real one of a stranger: tests/api/absences
    }
    family = await tiny.family("olga")
    own = {"child_id": family.child_ids[0], "grant_id": await a_grant(family)}
    own |= {**OF_THE_DIARY, "notice_id": MADE_UP["notice_id"]}
    wrong: list[str] = []
    for method, path, name in addressed():
        seen: list[tuple[int, object]] = []
        for key in (theirs[name], MADE_UP[name], "%00", "x" * 300):
            address = path.format_map({**own, name: key})
            answer = await family.parent.request(method, address, params=QUERY, json=BODIES.get(path))
            said = answer.json()
            detail = said.get("detail", "").replace(repr(unquote(key)[:64]), "…")
            seen.append((answer.status_code, {**said, "instance": "", "detail": detail}))
        if seen != [seen[0]] * len(seen) or seen[0][0] != 404:
            wrong.append(f"{method} {path}: {seen}")
    assert wrong == []


async def test_nothing_of_a_stranger_was_changed(tiny: RunningGateway) -> None:
    """After another parent has tried every route on it, a family's link and diary are as they were."""
    stranger = await tiny.family("ivan")
    parent = await tiny.parent("olga@example.org")
    for method, path, name in addressed():
        key = {"connection_id": stranger.connection_id, "child_id": stranger.child_ids[0]}.get(name)
        if key is not None:
            await parent.request(
                method, path.replace(f"{{{name}}}", key), params=QUERY, json=BODIES.get(path)
            )
    assert await stranger.state() == ("active", "ok")
    assert (await stranger.read("week")).status_code == 200


async def test_lists_hold_ones_own(tiny: RunningGateway) -> None:
    """No list has anything of another account."""
    await tiny.family("ivan")
    parent = await tiny.parent("olga@example.org")
    lists = [(await parent.get(f"/v1/{what}")).json()["items"] for what in ("children", "connections")]
    assert lists == [[], []]


async def test_an_idempotency_key_is_ones_own(tiny: RunningGateway) -> None:
    """The same key in another parent's hand gives that parent's own answer."""
    body, key = {"region": "54", "method": "password"}, {"Idempotency-Key": "the-same"}
    made = [
        (await (await tiny.parent(email)).post("/v1/connections", json=body, headers=key)).json()["id"]
        for email in ("olga@example.org", "ivan@example.org")
    ]
    assert made[0] != made[1]


async def test_every_route_but_a_few_wants_a_session(tiny: RunningGateway) -> None:
    """Without a session nothing answers but the catalogue, signing in, the browser's way, and health."""
    open_routes: list[str] = []
    for path, operations in described_paths().items():
        for method in operations:
            answer = await tiny.client.request(method, path, params=QUERY, json=BODIES.get(path))
            if answer.status_code != 401:
                open_routes.append(f"{method} {path}")
    assert sorted(open_routes) == [
        "get /",
        "get /healthz",
        "get /invitation",
        "get /problems",
        "get /problems/{code}",
        "get /readyz",
        "get /status",
        "get /v1/callback",
        "get /v1/regions",
        "get /v1/regions/{code}",
        "get /v1/sign-in/{service}/sign-out",
        "get /v1/sign-in/{service}/signed-out",
        "get /v1/sign-ins/{ticket}",
        "get /v1/sign-ins/{ticket}/again",
        "get /v1/sign-ins/{ticket}/go",
        "get /v1/sign-ins/{ticket}/outcome",
        "get /v1/status",
        "post /v1/accounts",
        "post /v1/sessions",
        "post /v1/sign-in/{service}",
        "post /v1/sign-in/{service}/session",
    ]


async def test_the_rights_of_a_token_hold_on_every_route(tiny: RunningGateway) -> None:
    """A token with one right is refused with `scope_missing` wherever another right is needed."""
    family = await tiny.family()
    paths = described_paths()
    needed = {
        (method.upper(), path): scope
        for path, operations in paths.items()
        for method, operation in operations.items()
        for scheme in operation.get("security", [])
        for scope in next(iter(scheme.values()))
    }
    assert set(needed.values()) == {
        "diary:read",
        "diary:write",
        "connections:read",
        "connections:manage",
        "account:manage",
        "grants:manage",
    }
    wrong: list[str] = []
    for held in set(needed.values()):
        token = (await family.parent.post("/v1/tokens", json={"name": "x", "scopes": [held]})).json()
        holder = tiny.another_client(Authorization=f"Bearer {token['secret']}")
        for (method, path), scope in needed.items():
            if scope == held:
                continue
            body = BODIES.get(path)
            answer = await holder.request(method, path, params=QUERY, json=body)
            if answer.json().get("code") not in {"scope_missing", "invalid_input"}:
                wrong.append(f"{held} on {method} {path}: {answer.status_code}")
    assert wrong == []


async def test_routes_are_known_to_the_description(tiny: RunningGateway) -> None:
    """No route hides from the description the tests above go by."""
    hidden = [r.path for r in tiny.app.routes if isinstance(r, APIRoute) and not r.include_in_schema]
    assert hidden == []
