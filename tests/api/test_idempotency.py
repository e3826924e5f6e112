"""A write that is sent twice with one `Idempotency-Key` happens once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.api.running import EMAIL, PASSWORD, RunningGateway

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
