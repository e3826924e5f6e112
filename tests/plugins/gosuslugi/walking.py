"""Walking the flow as the gateway does: begin, the browser, answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import asynccontextmanager

import httpx2
from pydantic import SecretStr
from tests.plugins.gosuslugi.esia_stub import HOST, STATE, Esia
from tests.plugins.gosuslugi.parties import NOW
from tests.plugins.gosuslugi.settings import given

from diary_core.http import DoorLimits, open_client
from diary_core.identity import Fact, Identity
from diary_core.provider import Channel
from diary_core.sign_in import Callback, Reply
from diary_core.testing import fixed_clock
from diary_gosuslugi import GosuslugiIdentity

CALLBACK = Callback(url="https://gateway.example.org/v1/callback", state=STATE)
ALL = frozenset(Fact)
QUICK = DoorLimits(retry_wait_s=0.001, attempt_timeout_s=1, call_timeout_s=3)


@asynccontextmanager
async def opened(esia: Esia, **options: str) -> AsyncGenerator[Channel]:
    """A channel to the stub through the gateway's own door."""
    algorithm = "GOST3410_2012_256" if esia.gost else "RS256"
    async with reached(esia, given(esia.ours, esia.key, token_algorithm=algorithm, **options)) as channel:
        yield channel


@asynccontextmanager
async def reached(esia: Esia, options: Mapping[str, SecretStr]) -> AsyncGenerator[Channel]:
    instance = GosuslugiIdentity().instance(options)
    assert instance
    base = httpx2.ASGITransport(app=esia.app())
    async with open_client([HOST], limits=QUICK, name="gosuslugi/stub", base=base) as http:
        yield Channel(instance=instance, http=http, now=fixed_clock(NOW), options=options)


async def walked(esia: Esia, facts: Collection[Fact] = ALL, **options: str) -> Identity:
    """Sign in and consent to everything."""
    provider = GosuslugiIdentity()
    async with opened(esia, **options) as channel:
        redirect = await provider.begin(channel, CALLBACK, facts)
        reply = Reply(values=esia.authorized(redirect.url))
        return await provider.answer(channel, redirect.carry, reply)
