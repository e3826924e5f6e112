"""Keeping a session alive against the sandbox: ahead of time, once on 401, once for all, and never lost."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import httpx2
import pytest

from diary_core.errors import LoginRequired, TryLater
from diary_core.sign_in import Reply, SignedIn
from diary_core.testing import MemoryStore
from diary_mrko.legacy.diary import MrkoLegacyDiary
from diary_sandbox.faults import FaultKind

from .town import Town

pytestmark = pytest.mark.anyio

_REFRESH = "POST /v3/token/refresh"
_CITY = "POST /sps/oauth/te"


def _renewals(town: Town) -> int:
    return town.asked("school.mos.ru").get(_REFRESH, 0)


async def test_a_living_token_is_left_alone(town: Town) -> None:
    """Nothing is renewed while the token has time."""
    diary, _ = town.open(await town.credentials())
    await diary.enrolments()
    assert _renewals(town) == 0


async def test_a_token_is_renewed_ahead_of_its_end(town: Town) -> None:
    """In its last minutes the token is replaced before the call, and both tokens rotate."""
    before = await town.credentials()
    diary, store = town.open(before)
    town.sandbox.clock.advance(timedelta(hours=23, minutes=57))
    assert len((await diary.enrolments()).items) == 2
    assert _renewals(town) == 1
    assert [n for n in ("access", "refresh") if store.credentials.secret(n) == before.secret(n)] == []
    assert store.credentials.expires_at == town.now() + timedelta(hours=24)
    assert store.credentials.facts == before.facts


async def test_a_refused_token_is_renewed_once(town: Town) -> None:
    """A 401 out of turn costs one renewal and one repetition."""
    diary, _ = town.open(await town.credentials())
    town.fail(FaultKind.EXPIRED_TOKEN, count=1)
    assert len((await diary.enrolments()).items) == 2
    assert _renewals(town) == 1


async def test_a_token_refused_twice_ends_the_session(town: Town) -> None:
    """After one renewal a second refusal is believed."""
    diary, _ = town.open(await town.credentials())
    town.fail(FaultKind.STATUS, "/api/family/*", status=401)
    with pytest.raises(LoginRequired):
        await diary.enrolments()
    assert _renewals(town) == 1


async def test_a_diary_that_refuses_every_fresh_token_is_in_trouble(town: Town) -> None:
    """Tokens it has just given and will not take are the diary's fault, and are there when it recovers."""
    diary, _ = town.open(await town.credentials())
    town.fail(FaultKind.REVOKED_TOKEN)
    for _ in range(2):
        with pytest.raises(TryLater):
            await diary.enrolments()
    town.sandbox.faults.clear()
    assert len((await diary.enrolments()).items) == 2


async def test_many_readers_spend_a_refresh_token_once(town: Town) -> None:
    """Twenty readers at the end of a token renew it once between them, and all of them read."""
    credentials = await town.credentials()
    diary, store = town.open(credentials)
    child = (await diary.enrolments()).items[0].id
    town.sandbox.clock.advance(timedelta(hours=25))
    today = town.now().date()
    answers = await asyncio.gather(*(diary.days(child, today, today) for _ in range(20)))
    assert [len(answer.items) for answer in answers] == [1] * 20
    assert _renewals(town) == 1
    town.sandbox.clock.advance(timedelta(hours=25))
    again, _ = town.open(store.credentials)
    assert len((await again.enrolments()).items) == 2


async def test_many_refused_readers_spend_a_refresh_token_once(town: Town) -> None:
    """The same, when the diary forgets a token that should still live."""
    credentials = await town.credentials()
    diary, _ = town.open(credentials)
    child = (await diary.enrolments()).items[0].id
    today = town.now().date()
    for session in town.sandbox.state.store.bucket("mesh.school.mos.ru.access_tokens", str).copy():
        del town.sandbox.state.store.bucket("mesh.school.mos.ru.access_tokens", str)[session]
    answers = await asyncio.gather(*(diary.marks(child, today, today) for _ in range(10)))
    assert len(answers) == 10
    assert _renewals(town) == 1


async def test_the_city_renews_what_the_diary_will_not(town: Town) -> None:
    """With a spent diary refresh token the city's opens a new session, woken and with new tokens."""
    credentials = await town.credentials()
    await _spend(town, credentials.secret("refresh"))
    diary, store = town.open(credentials)
    town.sandbox.clock.advance(timedelta(hours=25))
    assert len((await diary.enrolments()).items) == 2
    assert town.asked("login.mos.ru")[_CITY] == 2  # the sign-in's own, and this one
    assert store.credentials.secret("city_refresh") != credentials.secret("city_refresh")
    town.sandbox.clock.advance(timedelta(hours=25))
    assert len((await diary.enrolments()).items) == 2


async def test_when_both_are_dead_the_parent_must_sign_in(town: Town) -> None:
    """After the city's fifteen days and a spent diary token nothing is left to try."""
    credentials = await town.credentials()
    await _spend(town, credentials.secret("refresh"))
    diary, _ = town.open(credentials)
    town.sandbox.clock.advance(timedelta(days=16))
    with pytest.raises(LoginRequired):
        await diary.enrolments()


async def test_an_account_that_lost_its_diary_must_sign_in(town: Town) -> None:
    """The city renews, but the diary no longer opens to the account: the sign-in will say why."""
    credentials = await town.credentials()
    await _spend(town, credentials.secret("refresh"))
    diary, _ = town.open(credentials)
    town.sandbox.clock.advance(timedelta(hours=25))
    town.fail(FaultKind.NOT_LINKED)
    with pytest.raises(LoginRequired):
        await diary.enrolments()


@pytest.mark.parametrize("path", ["/v3/token/refresh", "/sps/oauth/te"])
async def test_trouble_before_anything_is_spent_is_trouble(town: Town, path: str) -> None:
    """When a door fails the session is not over: later the same tokens work."""
    credentials = await town.credentials()
    if path == "/sps/oauth/te":
        await _spend(town, credentials.secret("refresh"))
    diary, _ = town.open(credentials)
    town.sandbox.clock.advance(timedelta(hours=25))
    town.fail(FaultKind.STATUS, path, status=503, count=1)
    with pytest.raises(TryLater):
        await diary.enrolments()
    assert len((await diary.enrolments()).items) == 2


async def test_a_token_that_could_not_be_woken_is_not_lost(town: Town) -> None:
    """The diary rotated its tokens and then stumbled: the new ones are kept and the renewal is finished."""
    credentials = await town.credentials()
    diary, store = town.open(credentials)
    town.sandbox.clock.advance(timedelta(hours=25))
    town.fail(FaultKind.STATUS, "/api/ej/acl/*", status=500, count=1)
    with pytest.raises(TryLater):
        await diary.enrolments()
    assert store.credentials.secret("refresh") != credentials.secret("refresh")
    assert len((await diary.enrolments()).items) == 2
    assert store.credentials.facts == credentials.facts


async def test_a_city_token_that_could_not_be_exchanged_is_not_lost(town: Town) -> None:
    """The city rotated its refresh token and then the diary stumbled: the new one is kept."""
    credentials = await town.credentials()
    await _spend(town, credentials.secret("refresh"))
    diary, store = town.open(credentials)
    town.sandbox.clock.advance(timedelta(hours=25))
    town.fail(FaultKind.STATUS, "/v3/auth/sudir/auth", status=502, count=1)
    with pytest.raises(TryLater):
        await diary.enrolments()
    assert store.credentials.secret("city_refresh") != credentials.secret("city_refresh")
    assert len((await diary.enrolments()).items) == 2


async def test_an_asker_who_leaves_loses_no_token(town: Town) -> None:
    """A reader cancelled in the middle of a renewal leaves working credentials behind."""
    diary, store = town.open(await town.credentials())
    town.sandbox.clock.advance(timedelta(hours=25))
    town.fail(FaultKind.LATENCY, "/api/ej/acl/*", delay_s=0.2, count=1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(diary.enrolments(), 0.1)
    await asyncio.sleep(0.3)
    again, _ = town.open(store.credentials)
    assert len((await again.enrolments()).items) == 2
    assert _renewals(town) == 1


async def test_a_regional_session_renews_itself(town: Town) -> None:
    """A node rotates its own tokens as Moscow does."""
    step = await town.sign_in("node", "tikhomirova", "sandbox-node", "moscow_oblast")
    assert isinstance(step, SignedIn)
    diary, _ = town.open(step.credentials, slug="moscow_oblast")
    town.sandbox.clock.advance(timedelta(hours=25))
    assert len((await diary.enrolments()).items) == 1


async def test_a_paper_session_is_opened_anew(town: Town) -> None:
    """The old site forgets a session within hours; the paper credentials open another."""
    diary, store, today = await _paper(town)
    before = store.credentials
    town.sandbox.clock.advance(timedelta(hours=3))
    assert len((await diary.days("mrko", today, today)).items) == 1
    assert store.credentials != before


async def test_a_paper_session_behind_a_captcha_needs_its_parent(town: Town) -> None:
    """A picture only the parent can solve ends the session."""
    diary, _, today = await _paper(town)
    town.sandbox.clock.advance(timedelta(hours=3))
    town.fail(FaultKind.CAPTCHA)
    with pytest.raises(LoginRequired):
        await diary.days("mrko", today, today)


async def _paper(town: Town) -> tuple[MrkoLegacyDiary, MemoryStore, date]:
    values = {"account": "Artem", "login": "9900000101", "password": "mrko-artem"}
    step = await town.provider.answer(town.channel(), "mrko", {}, Reply(values=values))
    assert isinstance(step, SignedIn)
    diary, store = town.open_legacy(step.credentials)
    return diary, store, town.now().date()


async def _spend(town: Town, refresh_token: str) -> None:
    """Use a diary refresh token up, as another device of the parent would."""
    async with httpx2.AsyncClient(trust_env=False) as http:
        response = await http.post(
            f"{town.sandbox.url('school.mos.ru')}/v3/token/refresh", data={"refresh_token": refresh_token}
        )
        assert response.status_code == 201
