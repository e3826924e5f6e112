"""The ways into an account, changed at two processes at once: one is first, and what it ends has ended."""

from __future__ import annotations

import httpx2
import pytest

from diary_api.accounts.schemas import NewToken
from diary_api.accounts.scopes import Scope
from diary_core.errors import Conflict, NotSignedIn
from diary_core.identity import AccountLevel, Identity
from tests.api.hot.gateways import Both
from tests.api.pausing import pausing
from tests.api.running import EMAIL, PASSWORD, RunningGateway

pytestmark = pytest.mark.anyio

CHANGED = {"current": PASSWORD, "new": "five loud sparrows"}


async def test_a_sign_in_by_the_old_password_opens_nothing_after_the_change(both: Both) -> None:
    """It was compared before the change and opens its session after it, or was ended with the others."""
    parent = await both[0].parent()
    elsewhere = both[1].another_client(Authorization=parent.headers["Authorization"])
    with pausing(both[0], "DELETE FROM access_keys") as pause:
        sign_in = both[0].client.post("/v1/sessions", json={"email": EMAIL, "password": PASSWORD})
        opened = await pause.meanwhile(sign_in, elsewhere.patch("/v1/me/password", json=CHANGED))
    late = both[0].another_client(Authorization=f"Bearer {opened.json().get('secret')}")
    assert (await late.get("/v1/me")).status_code == 401


async def test_of_two_new_passwords_one_is_taken(both: Both) -> None:
    """Whoever is told that a password was changed can sign in by it."""
    parent = await both[0].parent()
    elsewhere = both[1].another_client(Authorization=parent.headers["Authorization"])
    others: list[httpx2.Response] = []

    async def change_elsewhere() -> None:
        body = CHANGED | {"new": "two odd sparrows"}
        others.append(await elsewhere.patch("/v1/me/password", json=body))

    with pausing(both[0], "UPDATE accounts") as pause:
        changing = parent.patch("/v1/me/password", json=CHANGED)
        first = await pause.meanwhile(changing, change_elsewhere())
    taken, refused = sorted(answer.status_code for answer in (first, *others))
    assert taken == 204
    assert refused in {401, 409}  # its present password is not the present one any more


async def test_one_way_in_is_left(both: Both) -> None:
    """Of two identities and no password, one may go: whoever removed both at once was locked out for good."""
    one, other = (gate.gateway.identities for gate in both)
    account_id = ""
    for service in ("first", "second"):
        identity = Identity(
            provider=service,
            subject="1",
            name=None,
            birth_date=None,
            snils=None,
            level=AccountLevel.CONFIRMED,
        )
        async with one.storage.writing() as session:
            if account_id:
                await one.prove(session, account_id, identity)
            else:
                account_id = await one.enter(session, identity)
    first, second = await one.of(account_id)
    with pausing(both[0], "DELETE FROM identities") as pause, pytest.raises(Conflict):
        await pause.meanwhile(one.forget(account_id, first.id), other.forget(account_id, second.id))
    assert len(await one.of(account_id)) == 1


async def test_what_was_let_in_before_its_end_makes_no_token(gate: RunningGateway) -> None:
    """A session that is ended while it asks for a token leaves none behind."""
    parent = await gate.parent()
    accounts = gate.gateway.accounts
    caller = await accounts.keys.admit(parent.headers["Authorization"].removeprefix("Bearer "))
    assert (await parent.delete("/v1/sessions/current")).status_code == 204
    with pytest.raises(NotSignedIn):
        await accounts.keys.issue_token(
            caller, NewToken(name="late", scopes=frozenset({Scope.READ_DIARY}), expires_in_days=1)
        )
