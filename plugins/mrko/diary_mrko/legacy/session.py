"""Opening and re-opening an МРКО session."""

from __future__ import annotations

from pydantic import SecretStr

from diary_core.credentials import Credentials
from diary_core.errors import LoginRequired, SignInFailed
from diary_core.provider import Channel
from diary_mrko.legacy import client

_COOKIE = "cookie"


def is_legacy(credentials: Credentials) -> bool:
    """Tell whether credentials open the old door."""
    return _COOKIE in credentials.secrets


async def open_session(channel: Channel, account: str, login: str, digest: str) -> Credentials:
    """Sign in and return what keeps the door open; the password itself is not kept, only its MD5.

    Raises:
        SignInFailed: As `client.sign_in`.
        TryLater: The site is in trouble.
    """
    cookie = await client.sign_in(channel, login, digest)
    return Credentials(
        secrets={_COOKIE: SecretStr(cookie), "digest": SecretStr(digest)},
        facts={"account": account, "login": login},
    )


async def reopen(channel: Channel, credentials: Credentials) -> Credentials:
    """Sign in anew.

    Raises:
        LoginRequired: The paper credentials no longer fit, or the site wants a picture solved.
        TryLater: The site is in trouble.
    """
    facts = credentials.facts
    try:
        return await open_session(channel, facts["account"], facts["login"], credentials.secret("digest"))
    except SignInFailed as error:
        raise LoginRequired(f"МРКО lets nobody in: {error.code}") from error


async def close(channel: Channel, credentials: Credentials) -> None:
    """Sign out.

    Raises:
        TryLater: The site is in trouble.
    """
    await client.sign_out(channel, credentials.secret(_COOKIE))
