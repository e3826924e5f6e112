"""A write that is sent twice with one `Idempotency-Key` happens once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from tests.api.grants.giving import ends_in
from tests.api.hot.gateways import two_gateways
from tests.api.pausing import pausing
from tests.api.running import EMAIL, PASSWORD, MovableClock, RunningGateway
from tests.api.tiny import TinyTown
from tests.services import Postgres

pytestmark = pytest.mark.anyio

BODY = {"email": EMAIL, "password": PASSWORD}
KEY = {"Idempotency-Key": "first-try"}


async def test_the_first_answer_is_given_again(gate: RunningGateway) -> None:
    """The repetition gets the same account instead of `account_exists`."""
    first = await gate.client.post("/v1/accounts", json=BODY, headers=KEY)
    again = await gate.client.post("/v1/accounts", json=BODY, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content


async def test_a_key_belongs_to_one_request(gate: RunningGateway) -> None:
    """The same key with another body is refused and nothing is made."""
    await gate.client.post("/v1/accounts", json=BODY, headers=KEY)
    other = {**BODY, "email": "other@example.org"}
    refused = await gate.client.post("/v1/accounts", json=other, headers=KEY)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (
        409,
        "conflict",
        "Idempotency-Key",
    )
    assert (await gate.client.post("/v1/accounts", json=other)).status_code == 201


async def test_a_failed_request_frees_its_key(gate: RunningGateway) -> None:
    """After a refusal the key may be used again: nothing has happened yet."""
    await gate.parent()
    assert (await gate.client.post("/v1/accounts", json=BODY, headers=KEY)).status_code == 409
    other = {**BODY, "email": "other@example.org"}
    assert (await gate.client.post("/v1/accounts", json=other, headers=KEY)).status_code == 201


async def test_repetitions_at_the_same_moment(gate: RunningGateway) -> None:
    """Of many at once one acts; the others are told to wait or get its answer."""
    answers = await asyncio.gather(
        *(gate.client.post("/v1/accounts", json=BODY, headers=KEY) for _ in range(6))
    )
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = {answer.content for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {"conflict"}


async def test_an_act_that_is_broken_off_has_not_happened(gate: RunningGateway) -> None:
    """It and the memory of it are one write: the repetition acts, and does not meet its own first half."""
    with pausing(gate, "UPDATE replays") as pause:
        first = asyncio.create_task(gate.client.post("/v1/accounts", json=BODY, headers=KEY))
        await pause.reached.wait()
        first.cancel()
        await asyncio.wait({first})
    again = await gate.client.post("/v1/accounts", json=BODY, headers=KEY)
    assert again.status_code == 201
    assert (await gate.client.post("/v1/sessions", json=BODY)).status_code == 201


async def test_whoever_is_taken_for_dead_can_do_nothing_any_more(
    tmp_path: Path, postgres: Postgres, town: TinyTown, clock: MovableClock
) -> None:
    """A process that stood still finds its key taken over by another: one invitation is made."""
    async with two_gateways(tmp_path, postgres, None, town, clock) as (one, other):
        family = await one.family()
        headers = KEY | {"Authorization": family.parent.headers["Authorization"]}
        address = f"/v1/children/{family.child_ids[0]}/grants"
        body = {"called": "Нина", "rights": ["lessons"], "ends_at": ends_in(one).isoformat()}

        answers: list[httpx2.Response] = []

        async def repeat() -> None:
            clock.move(timedelta(seconds=31))
            answers.append(await other.client.post(address, json=body, headers=headers))

        with pausing(one, "INSERT INTO grants") as pause:
            first = one.client.post(address, json=body, headers=headers)
            answers.append(await pause.meanwhile(first, repeat()))
        assert answers[0].status_code == 201
        assert answers[1].status_code in {
            201,
            409,
        }  # it is too late, or came to its end before the other began
        assert len((await family.parent.get(address)).json()["items"]) == 1


async def test_a_key_is_forgotten_in_time(gate: RunningGateway) -> None:
    """A day later the key is free; then the request stands on its own."""
    await gate.client.post("/v1/accounts", json=BODY, headers=KEY)
    gate.clock.move(timedelta(hours=24))
    again = await gate.client.post("/v1/accounts", json=BODY, headers=KEY)
    assert again.json()["code"] == "account_exists"


@pytest.mark.parametrize("key", ["", "x" * 201, "with space", "ключ".encode().decode("latin-1")])
async def test_a_malformed_key(gate: RunningGateway, key: str) -> None:
    """A key that is empty, too long or not plain text is a malformed request."""
    answer = await gate.client.post(
        "/v1/accounts", json=BODY, headers={b"Idempotency-Key": key.encode("latin-1")}
    )
    assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")
