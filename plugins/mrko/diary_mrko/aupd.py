"""The diary's own tokens: got from a city token or a node's code, woken up, renewed, ended.

Source: `docs/sources.md`, МЭШ.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from joserfc import jws
from joserfc.errors import JoseError
from pydantic import TypeAdapter

from diary_core.errors import (
    CodeExpired,
    ContactsMissing,
    NotEnoughData,
    NotPermitted,
    RegionChanged,
    RegionDown,
    SignInRejected,
)
from diary_core.http import read, refuse
from diary_core.provider import Channel
from diary_mrko.wire.session import (
    Claims,
    DiaryTokens,
    MobileAuthentication,
    NodeTokens,
    Profile,
)

_MOBILE: Final = TypeAdapter(MobileAuthentication)
_NODE: Final = TypeAdapter(NodeTokens)
_DIARY: Final = TypeAdapter(DiaryTokens)
_PROFILES: Final = TypeAdapter(tuple[Profile, ...])
_CLAIMS: Final = TypeAdapter(Claims)

_SUBSYSTEM: Final = "2"
_DEAD: Final = frozenset({401, 403, 404})
"""What a spent refresh token is answered with."""


async def from_city(channel: Channel, city_access: str) -> DiaryTokens:
    """Exchange a city token for diary tokens.

    Raises:
        NotEnoughData: The diary knows no account for this city account.
        ContactsMissing: The city account lacks what the diary matches by, a СНИЛС above all.
        SignInRejected: The city token was refused.
        TryLater: The diary is in trouble.
    """
    response = await channel.http.post(
        f"{channel.instance.hosts['school']}/v3/auth/sudir/auth",
        json={"user_authentication_for_mobile_request": {"mos_access_token": city_access}},
    )
    if response.status_code == 422:
        raise NotEnoughData("the diary has no account for this city account")
    if response.status_code in (401, 403):
        raise SignInRejected(f"the diary refuses the city token: status {response.status_code}")
    tokens = read(response, _MOBILE).user_authentication_for_mobile_response
    if tokens is None:
        raise ContactsMissing("the city account lacks what the diary matches by")
    return DiaryTokens(access_token=tokens.mesh_access_token, refresh_token=tokens.mesh_refresh_token)


async def from_node(channel: Channel, code: str, state: str) -> DiaryTokens:
    """Exchange the code of a node's own sign-in page for diary tokens.

    Raises:
        CodeExpired: The code is too old, was used, or is not ours.
        TryLater: The diary is in trouble.
    """
    response = await channel.http.get(
        f"{channel.instance.hosts['school']}/v3/auth/token", params={"code": code, "state": state}
    )
    if response.status_code in (400, 401, 403, 404):
        raise CodeExpired(f"the node no longer accepts the code: status {response.status_code}")
    tokens = read(response, _NODE)
    return DiaryTokens(access_token=tokens.token, refresh_token=tokens.refreshToken)


async def profiles(channel: Channel, access: str) -> Sequence[Profile]:
    """Return the diary profiles of the signed-in person; a fresh token works elsewhere only after this.

    Raises:
        LoginRequired: The token is dead.
        TryLater: The diary is in trouble.
    """
    response = await channel.http.get(
        f"{channel.instance.hosts['school']}/api/ej/acl/v1/mod-acl/users/profile_info",
        headers={
            "Authorization": f"Bearer {access}",
            "Auth-Token": access,
            "Partner-Source-Id": "MOBILE",
            "X-Mes-Subsystem": "familymp",
        },
    )
    return read(response, _PROFILES)


async def for_role(channel: Channel, access: str, role_id: str) -> str:
    """Return a token for one of several roles; it ends when the given one does.

    Raises:
        LoginRequired: The token is dead.
        NotPermitted: Its owner has no such role.
        TryLater: The diary is in trouble.
    """
    response = await channel.http.get(
        f"{channel.instance.hosts['school']}/v2/token/refresh",
        params={"roleId": role_id, "subsystem": _SUBSYSTEM},
        headers={"Authorization": f"Bearer {access}", "Auth-Token": access},
    )
    if response.status_code == 499:
        # One status for two things: a role the person has not, and a gateway that failed.
        if "role" in response.text:
            raise NotPermitted("the account has no such role")
        raise RegionDown("the node's gateway failed")
    if not response.is_success:
        refuse(response)
    token = response.text.strip().strip('"')  # raw text, sometimes in quotes
    if not token or len(token.split()) != 1:
        raise RegionChanged("the answer is no token")
    return token


async def refresh(channel: Channel, refresh_token: str) -> DiaryTokens | None:
    """Rotate both diary tokens; None when the refresh token is dead, which it is once used.

    Raises:
        TryLater: The diary is in trouble.
    """
    response = await channel.http.post(
        f"{channel.instance.hosts['school']}/v3/token/refresh", data={"refresh_token": refresh_token}
    )
    return None if response.status_code in _DEAD else read(response, _DIARY)


async def sign_out(channel: Channel, access: str) -> None:
    """End the session; a session that has ended already is no failure.

    Raises:
        TryLater: The diary is in trouble.
    """
    await channel.http.get(
        f"{channel.instance.hosts['school']}/v3/auth/logout",
        headers={"Authorization": f"Bearer {access}", "Cookie": f"aupd_token={access}"},
    )


def expires_at(access: str) -> datetime | None:
    """Return when a token says it ends; None when it does not say.

    The signature is not checked: the token is ours to send, not to trust.
    """
    try:
        claims = _CLAIMS.validate_json(jws.extract_compact(access.encode()).payload)
        return None if claims.exp is None else datetime.fromtimestamp(claims.exp, tz=UTC)
    except (JoseError, ValueError, OverflowError, OSError):
        return None
