"""What registered applications call around a sign-in through Gosuslugi: the regions, the people, the token.

Source: the archived documentation of 2021-02; nobody runs these calls publicly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from pydantic import TypeAdapter

from diary_core.http import read
from diary_core.provider import Channel
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.authorizations import SCOPE
from diary_dnevnik_ru.client import ACCEPT
from diary_dnevnik_ru.instances import API
from diary_dnevnik_ru.refusals import sign_in_refused

T = TypeVar("T")

_BASE: Final = "authorizations/esia/v2.0"
_REGIONS: Final = TypeAdapter(wire.EsiaRegions)
_USERS: Final = TypeAdapter(wire.EsiaUsers)
_OUTCOME: Final = TypeAdapter(wire.EsiaOutcome)


async def regions(channel: Channel) -> tuple[wire.EsiaRegion, ...]:
    """Return every region with an entry through Gosuslugi."""
    response = await channel.http.get(
        f"{channel.instance.hosts[API]}/{_BASE}/regions", headers={"Accept": ACCEPT}
    )
    return read(response, _REGIONS).regions


async def linked_users(channel: Channel, task: str, region: int) -> tuple[wire.EsiaUser, ...]:
    """Return the accounts tied to the person who came back from Gosuslugi; there may be none, or several."""
    return (await _ask(channel, "/users/linked", {"TaskId": task, "RegionId": region}, _USERS)).users


async def authorize(channel: Channel, task: str, region: int, user: str) -> wire.EsiaOutcome:
    """Exchange a return from Gosuslugi for the tokens of one account."""
    body = {
        "TaskId": task,
        "UserId": int(user),
        "RegionId": region,
        "ClientId": channel.option("client_id"),
        "ClientSecret": channel.option("client_secret"),
        "Scope": SCOPE,
    }
    return await _ask(channel, "", body, _OUTCOME)


async def _ask(channel: Channel, path: str, body: Mapping[str, str | int], shape: TypeAdapter[T]) -> T:
    response = await channel.http.post(
        f"{channel.instance.hosts[API]}/{_BASE}{path}", json=dict(body), headers={"Accept": ACCEPT}
    )
    refused = sign_in_refused(response)
    if refused is not None:
        raise refused
    return read(response, shape)
