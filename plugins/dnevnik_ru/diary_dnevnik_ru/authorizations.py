"""The token endpoints of Дневник.ру: a code, a password or a refresh token in, a grant out.

They are OAuth in idea only: JSON bodies and grant names of their own, so no OAuth library fits them.
Who refreshes spends the refresh token: the answer brings the next one.

Source: the archived documentation of 2021-02; `bycredentials` from public clients of 2019-2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import TypeAdapter

from diary_core.http import read
from diary_core.provider import Channel
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.client import ACCEPT
from diary_dnevnik_ru.instances import API
from diary_dnevnik_ru.refusals import sign_in_refused

SCOPE: Final = "CommonInfo,EducationalInfo,FriendsAndRelatives"
"""The least a parent's diary needs."""
_GRANT: Final = TypeAdapter(wire.Grant)


async def by_code(channel: Channel, code: str) -> wire.Grant:
    """Spend an authorization code.

    Raises:
        WrongCredentials: The code is unknown, spent or too old, or the application is not known.
    """
    return await _ask(
        channel,
        "v2.0/authorizations",
        {"code": code, "grant_type": "AuthorizationCode", "refreshToken": None},
    )


async def by_refresh_token(channel: Channel, refresh_token: str) -> wire.Grant:
    """Spend a refresh token; the access token it came with dies too.

    Raises:
        WrongCredentials: It is unknown or spent.
    """
    return await _ask(
        channel,
        "v2.0/authorizations",
        {"code": None, "grant_type": "RefreshToken", "refreshToken": refresh_token},
    )


async def by_password(channel: Channel, login: str, password: str) -> wire.Grant:
    """Sign in with the diary's own login and password.

    Raises:
        WrongCredentials: They were refused.
        SignInLocked: They were refused too often.
        CaptchaRequired: The diary wants a captcha first.
    """
    return await _ask(
        channel,
        "v2/authorizations/bycredentials",
        {"username": login, "password": password, "scope": SCOPE},
    )


async def _ask(channel: Channel, path: str, body: Mapping[str, str | None]) -> wire.Grant:
    response = await channel.http.post(
        f"{channel.instance.hosts[API]}/{path}",
        json={
            "client_id": channel.option("client_id"),
            "client_secret": channel.option("client_secret"),
            **body,
        },
        headers={"Accept": ACCEPT},
    )
    refused = sign_in_refused(response)
    if refused is not None:
        raise refused
    return read(response, _GRANT)
