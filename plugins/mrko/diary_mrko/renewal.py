"""Keeping a session alive: the diary's own refresh first, the city's when that is dead.

Both refresh tokens die when used. When the diary stumbles after one was spent, what was got so far is
returned as `unfinished`: it is kept, no call goes out with it, and the next use finishes the renewal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import SecretStr

from diary_core.credentials import Credentials
from diary_core.errors import LoginRequired, NotPermitted, RegionDown, SignInFailed, TellUs, TryLater
from diary_core.provider import Channel
from diary_mrko import aupd, sudir
from diary_mrko.sign_in.profile import ROLE_IDS
from diary_mrko.wire.session import Registration

_UNFINISHED: Final = "unfinished"


async def renew(channel: Channel, credentials: Credentials) -> Credentials:
    """Trade old credentials for new ones.

    Raises:
        LoginRequired: Neither the diary nor the city renews them.
        TryLater: Nothing was spent, and the same call may work later.
    """
    held = {name: value.get_secret_value() for name, value in credentials.secrets.items()}
    if "refresh" in held:
        tokens = await aupd.refresh(channel, held["refresh"])
        if tokens is not None:
            refresh = {"refresh": tokens.refresh_token} if tokens.refresh_token else {}
            rest = {name: value for name, value in held.items() if name != "refresh"}
            return await _woken(channel, credentials, {**rest, **refresh, "access": tokens.access_token})
    if "city_refresh" not in held:
        raise LoginRequired("the diary's refresh token is dead, and there is no other")
    return await _through_the_city(channel, credentials, held)


def check_finished(credentials: Credentials) -> None:
    """Refuse to call with credentials whose renewal the diary did not let us finish.

    Raises:
        RegionDown: The renewal is to be finished first; asking again does it.
    """
    if credentials.facts.get(_UNFINISHED) == "yes":
        raise RegionDown("the diary did not let us finish renewing the session")


async def _through_the_city(
    channel: Channel, credentials: Credentials, held: Mapping[str, str]
) -> Credentials:
    client = Registration(client_id=held["client_id"], client_secret=held["client_secret"])
    city = await sudir.refresh(channel, client, held["city_refresh"])
    kept = {**held, "city_refresh": city.refresh_token or held["city_refresh"]}
    try:
        tokens = await aupd.from_city(channel, city.access_token)
    except SignInFailed as error:
        raise LoginRequired(f"the diary no longer opens to this city account: {error.code}") from error
    except (TryLater, TellUs):
        return _changed(channel, credentials, kept, finished=False)
    refresh = {"refresh": tokens.refresh_token} if tokens.refresh_token else {}
    return await _woken(channel, credentials, {**kept, **refresh, "access": tokens.access_token})


async def _woken(channel: Channel, credentials: Credentials, held: Mapping[str, str]) -> Credentials:
    """Wake a fresh token, for the role it must have."""
    try:
        await aupd.profiles(channel, held["access"])
        if credentials.facts.get("several_roles") != "yes":
            return _changed(channel, credentials, held, finished=True)
        role_id = ROLE_IDS[credentials.facts["role"]]
        access = await aupd.for_role(channel, held["access"], role_id)
        await aupd.profiles(channel, access)
    except NotPermitted as error:
        raise LoginRequired("the account has lost its profile") from error
    except (LoginRequired, TryLater, TellUs):
        # A fresh token that is refused is the diary's trouble: the next renewal shows whether it lasts.
        return _changed(channel, credentials, held, finished=False)
    return _changed(channel, credentials, {**held, "access": access}, finished=True)


def _changed(
    channel: Channel, credentials: Credentials, held: Mapping[str, str], *, finished: bool
) -> Credentials:
    facts = {name: value for name, value in credentials.facts.items() if name != _UNFINISHED}
    return Credentials(
        secrets={name: SecretStr(value) for name, value in held.items()},
        facts=facts if finished else {**facts, _UNFINISHED: "yes"},
        # An end that has come makes the keeper renew before the next call.
        expires_at=aupd.expires_at(held["access"]) if finished else channel.now(),
    )
