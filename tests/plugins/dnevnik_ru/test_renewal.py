"""Keeping a session alive: refresh tokens are spent once, whoever asks and whatever fails."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from pydantic import SecretStr

from diary_core.credentials import Credentials
from diary_core.errors import (
    DiaryError,
    LoginRequired,
    RegionBusy,
    RegionDown,
    RegionMaintenance,
)
from diary_core.testing import MemoryStore
from diary_sandbox.faults import Fault, FaultKind

from .town import PROVIDER, Town, a_channel

pytestmark = pytest.mark.anyio

NOVGOROD = PROVIDER.instance("novgorod")


async def test_renewing_spends_the_refresh_token(town: Town) -> None:
    """New tokens, a new end, the same family; the old ones are dead."""
    old = (await town.sign_in()).credentials
    town.sandbox.clock.advance(timedelta(days=1))
    new = await PROVIDER.renew(town.channel, old)
    assert [name for name in old.secrets if old.secret(name) == new.secret(name)] == []
    assert new.facts == old.facts
    assert old.expires_at is not None
    assert new.expires_at is not None
    assert new.expires_at > old.expires_at
    with pytest.raises(LoginRequired):
        await PROVIDER.renew(town.channel, old)


async def test_credentials_without_a_refresh_token_cannot_be_renewed() -> None:
    """A token brought along lives its life; nothing is sent in vain."""
    async with a_channel(NOVGOROD) as channel:
        with pytest.raises(LoginRequired):
            await PROVIDER.renew(channel, Credentials(secrets={"access_token": SecretStr("t" * 32)}))


TROUBLE: list[tuple[Fault, type[DiaryError]]] = [
    (Fault(FaultKind.STATUS, status=502, count=1), RegionMaintenance),
    (Fault(FaultKind.STATUS, status=433, count=1), RegionBusy),
    (Fault(FaultKind.DROP, count=1), RegionDown),
    (Fault(FaultKind.HTML, count=1), RegionMaintenance),
]


@pytest.mark.parametrize(("fault", "error"), TROUBLE, ids=lambda value: str(getattr(value, "kind", "")))
async def test_trouble_while_renewing_is_no_end_of_the_session(
    fault: Fault, error: type[DiaryError], town: Town
) -> None:
    """The refresh token is spent only when the diary has taken it: later it still works."""
    credentials = (await town.sign_in()).credentials
    town.sandbox.faults.add(fault)
    with pytest.raises(error):
        await PROVIDER.renew(town.channel, credentials)
    assert (await PROVIDER.renew(town.channel, credentials)).secret("access_token")


async def test_many_readers_spend_a_refresh_token_once(town: Town) -> None:
    """When a token dies under eight readers, one renews and all of them read on."""
    store = MemoryStore((await town.sign_in()).credentials)
    diary = town.open(store)
    (first, *_) = (await diary.enrolments()).items
    town.sandbox.clock.advance(timedelta(days=60))
    town.forget_calls()
    monday = date(2026, 11, 16)
    weeks = await asyncio.gather(*(diary.days(first.id, monday, monday) for _ in range(8)))
    assert len({week.items for week in weeks}) == 1
    assert town.sandbox.state.requests["api.dnevnik.ru"]["POST /v2.0/authorizations"] == 1


async def test_a_token_that_died_early_is_renewed_once(town: Town) -> None:
    """The diary may end a token before its time: the call is repeated with the next one."""
    diary = await town.diary()
    town.sandbox.faults.add(Fault(FaultKind.EXPIRED_TOKEN, host="api.dnevnik.ru", count=1))
    assert len((await diary.enrolments()).items) == 2


async def test_a_revoked_session_needs_the_parent(town: Town) -> None:
    """When the refresh token is dead as well, only a new sign-in helps."""
    diary = await town.diary()
    town.sandbox.faults.add(Fault(FaultKind.REVOKED_TOKEN, host="api.dnevnik.ru"))
    with pytest.raises(LoginRequired):
        await diary.enrolments()
