"""Credentials are renewed ahead of their end, once for everybody, and never printed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from diary_core.credentials import RENEW_AHEAD, CredentialKeeper, Credentials
from diary_core.errors import LoginRequired, RegionDown
from diary_core.testing import MemoryStore

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 9, 16, 9, tzinfo=UTC)


def _credentials(number: int, *, lives: timedelta | None = timedelta(hours=1)) -> Credentials:
    secrets = {"access": SecretStr(f"access-{number}"), "refresh": SecretStr(f"refresh-{number}")}
    return Credentials(secrets=secrets, expires_at=NOW + lives if lives is not None else None)


class Region:
    """An upstream whose refresh tokens die when they are used."""

    def __init__(self) -> None:
        self.newest = 0
        self.renewals = 0
        self.fails = False

    async def renew(self, old: Credentials) -> Credentials:
        """Trade a refresh token, slowly."""
        self.renewals += 1
        await asyncio.sleep(0.01)
        if self.fails:
            raise RegionDown
        if old.secret("refresh") != f"refresh-{self.newest}":
            raise LoginRequired("refresh token was used before")
        self.newest += 1
        return _credentials(self.newest)

    async def week(self, credentials: Credentials) -> str:
        """Answer to the newest access token alone."""
        await asyncio.sleep(0.001)
        if credentials.secret("access") != f"access-{self.newest}":
            raise LoginRequired
        return "week"


def _keeper(region: Region, store: MemoryStore) -> CredentialKeeper:
    return CredentialKeeper(store, region.renew, lambda: NOW)


async def test_good_credentials_are_used_as_they_are() -> None:
    """Nothing is renewed that need not be, also when the diary does not say when a token dies."""
    for lives in (RENEW_AHEAD + timedelta(seconds=1), None):
        region = Region()
        keeper = _keeper(region, MemoryStore(_credentials(0, lives=lives)))
        assert await keeper.use(region.week) == "week"
        assert region.renewals == 0


@pytest.mark.parametrize("lives", [RENEW_AHEAD, timedelta(seconds=1), timedelta(0), -timedelta(days=1)])
async def test_credentials_are_renewed_ahead_of_their_end(lives: timedelta) -> None:
    """Before a call, so that the diary never sees a dead token, and the new ones are kept."""
    region = Region()
    store = MemoryStore(_credentials(0, lives=lives))
    assert await _keeper(region, store).use(region.week) == "week"
    assert (region.renewals, (await store.load()).secret("access")) == (1, "access-1")


async def test_a_refused_token_is_renewed_once_and_the_call_repeated() -> None:
    """The diary may end a session whenever it likes."""
    region = Region()
    region.newest = 0
    store = MemoryStore(_credentials(0))
    refused = [True]

    async def week(credentials: Credentials) -> str:
        if refused and refused.pop():
            raise LoginRequired
        return await region.week(credentials)

    assert await _keeper(region, store).use(week) == "week"
    assert region.renewals == 1


async def test_credentials_refused_again_need_the_parent() -> None:
    """One repetition, not a loop."""
    region = Region()
    calls: list[str] = []

    async def week(credentials: Credentials) -> str:
        calls.append(credentials.secret("access"))
        raise LoginRequired

    with pytest.raises(LoginRequired):
        await _keeper(region, MemoryStore(_credentials(0))).use(week)
    assert calls == ["access-0", "access-1"]


@pytest.mark.parametrize("lives", [timedelta(hours=1), timedelta(0)])
async def test_a_single_use_refresh_token_survives_many_readers(lives: timedelta) -> None:
    """However many read at once, in however many keepers of one store, one renews and all go on."""
    region = Region()
    store = MemoryStore(_credentials(0, lives=lives))
    spent = [True] * 100

    async def week(credentials: Credentials) -> str:
        if credentials.secret("access") == "access-0":
            spent.pop()
            raise LoginRequired
        return await region.week(credentials)

    keepers = [_keeper(region, store) for _ in range(10)]
    read = await asyncio.gather(*(keeper.use(week) for keeper in keepers for _ in range(10)))
    assert read == ["week"] * 100
    assert region.renewals == 1


async def test_a_renewal_goes_on_when_its_asker_leaves() -> None:
    """The refresh token was spent upstream: what came for it is kept, or the parent must sign in again."""
    region = Region()
    store = MemoryStore(_credentials(0, lives=timedelta(0)))
    keeper = _keeper(region, store)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.005):
            await keeper.use(region.week)
    assert await keeper.use(region.week) == "week"
    assert (region.renewals, (await store.load()).secret("refresh")) == (1, "refresh-1")


async def test_a_renewal_that_fails_spoils_nothing() -> None:
    """Trouble of the diary is told as such, the old credentials stay, and the next reader tries again."""
    region = Region()
    region.fails = True
    store = MemoryStore(_credentials(0, lives=timedelta(0)))
    keeper = _keeper(region, store)
    outcomes = await asyncio.gather(*(keeper.use(region.week) for _ in range(3)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {RegionDown}
    assert (await store.load()).secret("refresh") == "refresh-0"
    region.fails = False
    assert await keeper.use(region.week) == "week"


async def test_other_errors_renew_nothing() -> None:
    """Only a refusal of the credentials is a reason to renew them."""
    region = Region()

    async def week(credentials: Credentials) -> str:
        raise RegionDown

    with pytest.raises(RegionDown):
        await _keeper(region, MemoryStore(_credentials(0))).use(week)
    assert region.renewals == 0


async def test_a_missing_secret_needs_the_parent() -> None:
    """As after a change of the sign-in method."""
    with pytest.raises(LoginRequired):
        _credentials(0).secret("session")


async def test_secrets_are_shown_on_demand_alone() -> None:
    """Not by printing, not by dumping to JSON; `reveal` gives all of them, and they come back whole."""
    credentials = _credentials(7)
    for shown in (repr(credentials), str(credentials), credentials.model_dump_json()):
        assert "access-7" not in shown
        assert "refresh-7" not in shown
    assert Credentials.model_validate(credentials.reveal()) == credentials


async def test_the_calls_of_one_run_open_the_store_once() -> None:
    """Also when they are made in the same moment; what was renewed is what the next call takes."""
    region, loads = Region(), 0

    class CountingStore(MemoryStore):
        async def load(self) -> Credentials:
            nonlocal loads
            loads += 1
            await asyncio.sleep(0.001)
            return await super().load()

    keeper = _keeper(region, CountingStore(_credentials(0)))
    assert await asyncio.gather(*(keeper.use(region.week) for _ in range(5))) == ["week"] * 5
    assert loads == 1
    await keeper.use(lambda known: _refused_once(known, "access-0"))
    assert (await keeper.current()).secret("access") == "access-1"


async def _refused_once(credentials: Credentials, dead: str) -> None:
    if credentials.secret("access") == dead:
        raise LoginRequired
