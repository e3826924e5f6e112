"""Accounts, sessions and tokens: what opens the gateway's own door, and what does not."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import timedelta

import httpx2
import pytest
from dirty_equals import IsList, IsStr
from inline_snapshot import snapshot

from diary_api.accounts import keys
from diary_api.accounts.scopes import Scope
from diary_api.settings import Settings
from tests.api.running import EMAIL, PASSWORD, RunningGateway, running

pytestmark = pytest.mark.anyio


async def with_scopes(gate: RunningGateway, parent: httpx2.AsyncClient, *scopes: str) -> httpx2.AsyncClient:
    token = (await parent.post("/v1/tokens", json={"name": "script", "scopes": scopes})).json()
    return gate.another_client(Authorization=f"Bearer {token['secret']}")


async def test_from_an_account_to_a_session(gate: RunningGateway) -> None:
    """A parent makes an account, signs in and is told who they are."""
    made = await gate.client.post("/v1/accounts", json={"email": " Olga@Example.ORG", "password": PASSWORD})
    assert (made.status_code, made.json()) == (
        201,
        snapshot(
            {
                "id": IsStr(regex=r"acc_[a-z2-7]{26}"),
                "email": "olga@example.org",
                "created_at": "2026-09-16T09:00:00Z",
                "identities": [],
            }
        ),
    )
    session = await gate.client.post("/v1/sessions", json={"email": "OLGA@example.org", "password": PASSWORD})
    assert (session.status_code, session.json()) == (
        201,
        snapshot(
            {
                "id": IsStr(regex=r"key_[a-z2-7]{26}"),
                "kind": "session",
                "name": None,
                "scopes": [
                    "account:manage",
                    "connections:manage",
                    "connections:read",
                    "diary:read",
                    "diary:write",
                    "grants:manage",
                ],
                "created_at": "2026-09-16T09:00:00Z",
                "expires_at": "2026-10-16T09:00:00Z",
                "current": False,
                "secret": IsStr(regex=r"dgs_[\w-]{43}"),
            }
        ),
    )
    signed_in = gate.another_client(Authorization=f"Bearer {session.json()['secret']}")
    assert (await signed_in.get("/v1/me")).json() == made.json()


async def test_an_email_has_one_account(gate: RunningGateway) -> None:
    """The same e-mail in other letters is the same account."""
    await gate.parent("olga@example.org")
    again = await gate.client.post("/v1/accounts", json={"email": "OLGA@example.org", "password": PASSWORD})
    assert (again.status_code, again.json()["code"]) == (409, "account_exists")


async def test_a_stranger_and_a_wrong_password_look_the_same(gate: RunningGateway) -> None:
    """Signing in does not tell whether an e-mail has an account."""
    await gate.parent()
    answers = [
        await gate.client.post("/v1/sessions", json={"email": email, "password": "not the password"})
        for email in (EMAIL, "nobody@example.org")
    ]
    bodies = [{**answer.json(), "instance": ""} for answer in answers]
    assert (answers[0].status_code, bodies[0]) == (401, bodies[1])


async def test_guessing_is_slowed_down_and_forgiven(gate: RunningGateway) -> None:
    """After ten wrong passwords even the right one waits; a quarter of an hour later it works."""
    await gate.parent()
    for _ in range(10):
        await gate.client.post("/v1/sessions", json={"email": EMAIL, "password": "not the password"})
    right = {"email": EMAIL, "password": PASSWORD}
    assert (await gate.client.post("/v1/sessions", json=right)).status_code == 429
    gate.clock.move(timedelta(minutes=15))
    assert (await gate.client.post("/v1/sessions", json=right)).status_code == 201


async def test_an_address_makes_only_so_many_accounts(settings: Settings) -> None:
    """Each costs a hash and a row, of anyone; the same request repeated costs nothing and is answered."""
    async with running(settings.model_copy(update={"accounts_per_address": 3})) as gate:

        async def made(number: int) -> int:
            body = {"email": f"nobody{number}@example.org", "password": PASSWORD}
            key = {"Idempotency-Key": f"account-{number}"}
            return (await gate.client.post("/v1/accounts", json=body, headers=key)).status_code

        assert [await made(number) for number in (0, 1, 2, 3, 2)] == [201, 201, 201, 429, 201]
        gate.clock.move(timedelta(minutes=15))
        assert await made(3) == 201


async def test_an_address_guesses_for_everybody_only_so_often(settings: Settings) -> None:
    """A few tries at each of many e-mails are many tries; whoever signs in meanwhile costs nobody one."""
    async with running(settings.model_copy(update={"sign_in_attempts_of_address": 3})) as gate:
        await gate.parent()
        right = {"email": EMAIL, "password": PASSWORD}

        async def signed_in(**changed: str) -> int:
            return (await gate.client.post("/v1/sessions", json=right | changed)).status_code

        assert [await signed_in() for _ in range(4)] == [201] * 4
        guesses = [await signed_in(email=f"nobody{number}@example.org") for number in range(4)]
        assert guesses == [401, 401, 401, 429]
        assert await signed_in() == 429
        gate.clock.move(timedelta(minutes=15))
        assert await signed_in() == 201


async def test_guesses_sent_at_once_are_all_counted(gate: RunningGateway) -> None:
    """Of forty guesses on the way together no more are looked at than of forty one after another."""
    await gate.parent()
    guesses = [{"email": EMAIL, "password": f"guess {number}"} for number in range(40)]
    answers = await asyncio.gather(*(gate.client.post("/v1/sessions", json=guess) for guess in guesses))
    assert Counter(answer.status_code for answer in answers) == {401: 10, 429: 30}


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        "Basic b2xnYTpwYXNz",
        "Bearer dgs_" + "x" * 43,
        "Bearer \xff",
    ],
)
async def test_nothing_else_opens_the_door(gate: RunningGateway, header: str) -> None:
    """No header, another scheme or an unknown secret is 401 with the scheme to use."""
    answer = await gate.client.get("/v1/me", headers={b"Authorization": header.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_session_ends_by_time(gate: RunningGateway) -> None:
    """A session works until its last second and not after it."""
    parent = await gate.parent()
    gate.clock.move(timedelta(days=30, seconds=-1))
    assert (await parent.get("/v1/me")).status_code == 200
    gate.clock.move(timedelta(seconds=1))
    assert (await parent.get("/v1/me")).status_code == 401


async def test_a_session_ends_by_wish(gate: RunningGateway) -> None:
    """Ending the session in use closes the door at once; the others stay open."""
    parent = await gate.parent()
    other = (await gate.client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD})).json()
    listed = (await parent.get("/v1/sessions")).json()["items"]
    assert [session["current"] for session in listed] == IsList(True, False, check_order=False)
    assert (await parent.delete("/v1/sessions/current")).status_code == 204
    assert (await parent.get("/v1/me")).status_code == 401
    still = gate.another_client(Authorization=f"Bearer {other['secret']}")
    assert (await still.get("/v1/me")).status_code == 200


async def test_a_token_shows_its_secret_once(gate: RunningGateway) -> None:
    """The list of tokens has their names and rights, never a secret."""
    parent = await gate.parent()
    made = await parent.post(
        "/v1/tokens", json={"name": "Кухня", "scopes": ["diary:read"], "expires_in_days": 7}
    )
    assert made.json()["secret"].startswith("dgt_")
    listed = await parent.get("/v1/tokens")
    assert listed.json() == snapshot(
        {
            "items": [
                {
                    "id": IsStr(regex=r"key_[a-z2-7]{26}"),
                    "kind": "token",
                    "name": "Кухня",
                    "scopes": ["diary:read"],
                    "created_at": "2026-09-16T09:00:00Z",
                    "expires_at": "2026-09-23T09:00:00Z",
                    "current": False,
                }
            ]
        }
    )


async def test_a_token_can_do_what_it_was_given(gate: RunningGateway) -> None:
    """A token for reading may not manage the account; the problem names the missing right."""
    reader = await with_scopes(gate, await gate.parent(), "diary:read")
    assert (await reader.get("/v1/me")).status_code == 200
    refused = await reader.get("/v1/tokens")
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (
        403,
        "scope_missing",
        "account:manage",
    )
    assert refused.json()["detail"] == "this needs the scope 'account:manage'"


async def test_a_token_cannot_grow(gate: RunningGateway) -> None:
    """A token issues no token with more rights than its own."""
    manager = await with_scopes(gate, await gate.parent(), Scope.MANAGE_ACCOUNT)
    refused = await manager.post("/v1/tokens", json={"name": "more", "scopes": ["diary:read"]})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


async def test_a_revoked_token_is_dead(gate: RunningGateway) -> None:
    """Revoking works at once, and only once."""
    parent = await gate.parent()
    token = (await parent.post("/v1/tokens", json={"name": "x", "scopes": ["diary:read"]})).json()
    holder = gate.another_client(Authorization=f"Bearer {token['secret']}")
    answers = [await parent.delete(f"/v1/tokens/{token['id']}") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 404]
    assert (await holder.get("/v1/me")).status_code == 401


async def test_another_parents_sessions_and_tokens_are_not_there(gate: RunningGateway) -> None:
    """A stranger's id, a made-up id and nonsense give one and the same answer."""
    stranger = await gate.parent("stranger@example.org")
    token = (await stranger.post("/v1/tokens", json={"name": "x", "scopes": ["diary:read"]})).json()
    session = (await stranger.get("/v1/sessions")).json()["items"][0]
    parent = await gate.parent()
    for kind, theirs in (("tokens", token["id"]), ("sessions", session["id"])):
        answers = [
            await parent.delete(f"/v1/{kind}/{key}")
            for key in (theirs, "key_" + "a" * 26, "%00", "%ED%A0%80", "%FF")
        ]
        bodies = [(answer.status_code, {**answer.json(), "instance": ""}) for answer in answers]
        assert bodies == [bodies[0]] * len(bodies)
        assert bodies[0][0] == 404
    assert (await stranger.get("/v1/me")).status_code == 200


async def test_erasing_leaves_nothing(gate: RunningGateway) -> None:
    """An erased account cannot be signed in to, its tokens are dead, and its e-mail is free again."""
    parent = await gate.parent()
    reader = await with_scopes(gate, parent, "diary:read")
    assert (await parent.delete("/v1/me")).status_code == 200
    assert [(await client.get("/v1/me")).status_code for client in (parent, reader)] == [401, 401]
    body = {"email": EMAIL, "password": PASSWORD}
    assert (await gate.client.post("/v1/sessions", json=body)).status_code == 401
    assert (await gate.client.post("/v1/accounts", json=body)).status_code == 201


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "", "scopes": ["diary:read"]}, "name"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": "x", "scopes": ["everything"]}, "scopes.0"),
        ({"name": "x", "scopes": ["diary:read"], "expires_in_days": 367}, "expires_in_days"),
        ({"name": "x", "scopes": ["diary:read"], "expires_in_days": 0}, "expires_in_days"),
        ({"name": "\ud800", "scopes": ["diary:read"]}, "name"),
    ],
)
async def test_a_malformed_token_is_not_issued(
    gate: RunningGateway, body: dict[str, object], field: str
) -> None:
    """Each malformed field is named."""
    parent = await gate.parent()
    answer = await parent.post(
        "/v1/tokens", content=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
        422,
        "invalid_input",
        field,
    )


NEW_PASSWORD = "four quiet sparrows"
CHANGED = {"current": PASSWORD, "new": NEW_PASSWORD}


async def test_a_password_is_changed(gate: RunningGateway) -> None:
    """The new one opens and the old one does not; other sessions end, this one and tokens stay."""
    parent, elsewhere = await gate.parent(), await gate.parent()
    token = (await parent.post("/v1/tokens", json={"name": "x", "scopes": ["diary:read"]})).json()["secret"]
    assert (await parent.patch("/v1/me/password", json=CHANGED)).status_code == 204
    script = gate.another_client(Authorization=f"Bearer {token}")
    codes = [(await client.get("/v1/me")).status_code for client in (parent, script, elsewhere)]
    assert codes == [200, 200, 401]
    for password, code in ((NEW_PASSWORD, 201), (PASSWORD, 401)):
        body = {"email": EMAIL, "password": password}
        assert (await gate.client.post("/v1/sessions", json=body)).status_code == code


async def test_other_sessions_may_stay(gate: RunningGateway) -> None:
    """If the parent says so."""
    parent, elsewhere = await gate.parent(), await gate.parent()
    await parent.patch("/v1/me/password", json={**CHANGED, "end_sessions": False})
    assert (await elsewhere.get("/v1/me")).status_code == 200


async def test_a_password_is_not_changed_without_the_present_one(gate: RunningGateway) -> None:
    """Whoever has found an open session guesses no further than a stranger; tokens may be kept from it."""
    parent = await gate.parent()
    wrong = {**CHANGED, "current": "not the password"}
    codes = [(await parent.patch("/v1/me/password", json=wrong)).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]
    assert (await parent.patch("/v1/me/password", json=CHANGED)).status_code == 429
    made = {"name": "x", "scopes": ["diary:read"]}
    token = (await parent.post("/v1/tokens", json=made)).json()["secret"]
    script = gate.another_client(Authorization=f"Bearer {token}")
    assert (await script.patch("/v1/me/password", json=CHANGED)).status_code == 403


async def test_an_account_has_room_for_so_many_tokens(
    gate: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more is refused until one is revoked; sessions are not counted."""
    monkeypatch.setattr(keys, "TOKENS_MOST", 2)
    parent = await gate.parent()
    new = {"name": "script", "scopes": ["diary:read"]}
    made = [(await parent.post("/v1/tokens", json=new)).json() for _ in range(2)]
    refused = await parent.post("/v1/tokens", json=new)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    await parent.delete(f"/v1/tokens/{made[0]['id']}")
    assert (await parent.post("/v1/tokens", json=new)).status_code == 201
