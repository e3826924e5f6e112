"""The gateway's own passwords are hashed slowly, and off the event loop."""

from __future__ import annotations

import asyncio
import time

import pytest

from diary_api.accounts.passwords import Passwords

pytestmark = pytest.mark.anyio


async def test_the_hash_is_argon2id_and_fits_only_its_password() -> None:
    """Argon2id with the parameters of RFC 9106's second choice, and no other password fits."""
    passwords = Passwords()
    hashed = await passwords.hash("три тихих воробья")
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await passwords.fits("три тихих воробья", hashed)
    assert not await passwords.fits("три тихих воробья ", hashed)
    assert not await passwords.fits("три тихих воробья", "damaged")


async def test_no_account_takes_as_long_as_a_wrong_password() -> None:
    """Time does not tell whether an e-mail has an account."""
    passwords = Passwords()
    hashed = await passwords.hash("right")

    async def took(stored: str | None) -> float:
        started = time.perf_counter()
        assert not await passwords.fits("wrong", stored)
        return time.perf_counter() - started

    assert await took(None) > await took(hashed) / 4


async def test_the_loop_goes_on_while_hashing() -> None:
    """Hashing does not hold up other requests."""
    hashing = asyncio.create_task(Passwords().hash("x"))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert turns > 5
