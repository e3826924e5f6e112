"""The calls no sign-in makes by itself: refreshing, offline access; and the host every call goes to."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.plugins.gosuslugi.esia_stub import HOST, STATE, Esia, parent_pages
from tests.plugins.gosuslugi.parties import Party
from tests.plugins.gosuslugi.walking import opened

from diary_core.errors import (
    DiaryError,
    IdentityServiceChanged,
    IdentityServiceDown,
    IdentityUnproven,
    LoginRequired,
    NotPermitted,
)
from diary_gosuslugi.client import Client
from diary_gosuslugi.options import read_options
from diary_gosuslugi.setup import read_setup
from diary_gosuslugi.signing import SlowWork

pytestmark = pytest.mark.anyio
NEW_STATE = "b7e41d52-08c9-4d3b-8f60-95a1c2e3d4f6"
US = "https://gateway.example.org/v1/callback"


@pytest.fixture
def stub(party: Party, esia: Party) -> Esia:
    """The published parent, signatures checked."""
    return Esia(party, esia, gost=True, pages=parent_pages())


@asynccontextmanager
async def client_of(stub: Esia) -> AsyncGenerator[Client]:
    async with opened(stub) as channel:
        setup = read_setup(read_options(channel.options), SlowWork())
        yield Client(channel, setup, lambda: NEW_STATE)


async def test_a_refresh_token_is_traded(stub: Esia) -> None:
    """A signed request of its own; what comes back replaces the old one."""
    async with client_of(stub) as client:
        answer = await client.refresh("spent", scope="openid fullname", redirect_uri=US)
    form = stub.forms[0]
    assert (form["grant_type"], form["refresh_token"], form["state"]) == ("refresh_token", "spent", NEW_STATE)
    assert answer.refresh_token == "a-refresh-canary"
    assert answer.expires_in == 3600


async def test_a_spent_refresh_token_needs_the_parent(stub: Esia) -> None:
    """The same refusal that means a stale code at a sign-in means an ended session here."""
    stub.answers["/aas/oauth2/v3/te"] = (400, {"error": "invalid_grant", "error_description": "ESIA-007011"})
    async with client_of(stub) as client:
        with pytest.raises(LoginRequired):
            await client.refresh("spent", scope="openid", redirect_uri=US)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (None, IdentityServiceDown),
        ((500, "<html>"), IdentityServiceDown),
        ((200, "<html>"), IdentityServiceDown),
        ((400, "<html>"), IdentityServiceDown),
        ((400, {"error": "x", "error_description": "ESIA-007008: x"}), IdentityServiceDown),
        ((200, "{,"), IdentityServiceChanged),
    ],
    ids=["stuck", "failing", "a page", "a page of refusal", "overloaded", "broken"],
)
async def test_trouble_is_no_end_of_a_session(
    answer: tuple[int, dict[str, object] | str] | None, kind: type[DiaryError], stub: Esia
) -> None:
    """A refresh token that cannot be traded now is not called spent: it may be good later."""
    if answer is None:
        stub.stuck_at = "/aas/oauth2/v3/te"
    else:
        stub.answers["/aas/oauth2/v3/te"] = answer
    async with client_of(stub) as client:
        with pytest.raises(kind):
            await client.refresh("good", scope="openid", redirect_uri=US)


async def test_a_failing_service_is_left_alone_for_a_while(stub: Esia) -> None:
    """After some failures in a row it is not asked at all, and the parent is told how long to wait."""
    stub.answers["/aas/oauth2/v3/te"] = (500, "<html>")
    async with client_of(stub) as client:
        for _ in range(5):
            with pytest.raises(IdentityServiceDown):
                await client.exchange("code", scope="openid", redirect_uri=US)
        asked = len(stub.calls)
        with pytest.raises(IdentityServiceDown) as error:
            await client.exchange("code", scope="openid", redirect_uri=US)
    assert len(stub.calls) == asked
    assert error.value.retry_after


async def test_an_answer_to_another_request_is_refused(stub: Esia) -> None:
    """Each answer must bring the state of its own request."""
    stub.token_changes = {"state": STATE}
    async with client_of(stub) as client:
        with pytest.raises(IdentityUnproven):
            await client.exchange("code", scope="openid", redirect_uri=US)


async def test_offline_access_is_asked_by_name(stub: Esia) -> None:
    """A refresh token comes only to those who ask."""
    async with client_of(stub) as client:
        url = await client.authorize_url(scope="openid", state=STATE, redirect_uri=US, access="offline")
    assert parse_qs(urlsplit(url).query)["access_type"] == ["offline"]
    assert stub.authorized(url)["state"] == STATE


async def test_the_address_is_encoded_and_the_signature_is_over_the_plain_text(stub: Esia) -> None:
    """`+` of the zone travels as `%2B`, and the stub's check of the decoded values still holds."""
    async with client_of(stub) as client:
        url = await client.authorize_url(scope="openid fullname", state=STATE, redirect_uri=f"{US}?a=1&b=+")
    assert url.startswith(f"{HOST}/aas/oauth2/v2/ac?")
    assert "%2B0000" in url
    assert stub.authorized(url)


async def test_a_closed_collection_is_not_permitted(stub: Esia) -> None:
    """403 is the person's consent speaking, whatever the body says."""
    async with client_of(stub) as client:
        answer = await client.exchange("code", scope="openid", redirect_uri=US)
        assert len(await client.children("1000999001", answer.access_token)) == 2
        del stub.pages["/kids"]
        with pytest.raises(NotPermitted):
            await client.children("1000999001", answer.access_token)


async def test_embedding_is_asked_literally(stub: Esia) -> None:
    """Parentheses are sent as they are."""
    async with client_of(stub) as client:
        answer = await client.exchange("code", scope="openid", redirect_uri=US)
        await client.contacts("1000999001", answer.access_token)
    assert stub.calls[-1] == "/rs/prns/1000999001/ctts?embed=(elements)"
