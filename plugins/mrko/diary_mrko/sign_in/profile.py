"""The end every way shares: wake the token, pick the parent's profile, learn who signed in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import SecretStr

from diary_core.bilingual import Bilingual
from diary_core.credentials import Credentials
from diary_core.errors import (
    ChildLeftSchool,
    LoginRequired,
    NoDiaryAccount,
    NotPermitted,
    SignInExpired,
    SignInFailed,
    SignInRejected,
)
from diary_core.people import Snils
from diary_core.provider import Channel
from diary_core.sign_in import Choose, Option, Person, Reply, SignedIn, Step
from diary_core.text import tidy
from diary_mrko import aupd
from diary_mrko.client import MrkoClient
from diary_mrko.parse.names import name_or_none
from diary_mrko.sign_in.way import carried
from diary_mrko.wire.family import Adult, FamilyProfile
from diary_mrko.wire.session import DiaryTokens, Profile

ROLE_IDS: Final[Mapping[str, str]] = {"student": "1", "parent": "2"}
"""Roles of the diary by the word of a profile; the teachers' ones open no family diary."""

_CHOOSING: Final = "profile"
_SECRETS: Final = ("access", "refresh", "city_refresh", "client_id", "client_secret")


def secrets_of(tokens: DiaryTokens, city: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """Return what must be kept of a sign-in, by the names of `Credentials.secrets`."""
    refresh = {"refresh": tokens.refresh_token} if tokens.refresh_token else {}
    return {"access": tokens.access_token, **refresh, **(city or {})}


def is_choosing(carry: Mapping[str, str]) -> bool:
    """Tell whether the sign-in waits for the choice of a profile."""
    return _CHOOSING in carry


async def finish(
    channel: Channel, secrets: Mapping[str, str], *, refused: type[SignInFailed] = SignInRejected
) -> Step:
    """Wake a fresh token and open the parent's profile, or let the parent choose among several.

    A student who signs in without being a parent reads the own diary.

    Args:
        channel: The node.
        secrets: As of `secrets_of`.
        refused: What to raise when the diary does not take the token.

    Raises:
        NoDiaryAccount: No diary profile hangs on the account.
        ChildLeftSchool: No child is enrolled.
        TryLater: The diary is in trouble.
    """
    try:
        found = await aupd.profiles(channel, secrets["access"])
    except (LoginRequired, NotPermitted) as error:
        raise refused("the diary does not take the token") from error
    usable = _usable(found)
    if not usable:
        raise NoDiaryAccount("the account has no parent or student profile")
    if len(usable) == 1:
        return await _settle(channel, secrets, usable[0], alone=len(found) == 1, refused=refused)
    families = await asyncio.gather(
        *(_family(channel, secrets["access"], profile, refused) for profile in usable)
    )
    options = [
        Option(id=profile.id, title=_title(profile, family))
        for profile, family in zip(usable, families, strict=True)
    ]
    return Choose(
        title=Bilingual("Чей дневник открыть?", "Which diary should be opened?"),
        options=tuple(options),
        carry={**secrets, _CHOOSING: ",".join(f"{item.id}:{_role(item)}" for item in usable)},
    )


async def chosen(channel: Channel, carry: Mapping[str, str], reply: Reply) -> Step:
    """Go on after the choice of a profile.

    Raises:
        SignInExpired: What was chosen was not offered.
        SignInFailed: As `finish`.
        TryLater: The diary is in trouble.
    """
    offered = dict(pair.split(":", 1) for pair in carried(carry, _CHOOSING).split(","))
    choice = reply.values.get("choice", "")
    if choice not in offered:
        raise SignInExpired("the chosen profile was not offered", field="choice")
    secrets = {key: carry[key] for key in _SECRETS if key in carry}
    profile = Profile(id=choice, type=offered[choice])
    return await _settle(channel, secrets, profile, alone=False, refused=SignInRejected)


async def _settle(
    channel: Channel,
    secrets: Mapping[str, str],
    profile: Profile,
    *,
    alone: bool,
    refused: type[SignInFailed],
) -> Step:
    role = _role(profile)
    access = secrets["access"]
    if not alone:
        try:
            access = await aupd.for_role(channel, access, ROLE_IDS[role])
            await aupd.profiles(channel, access)
        except LoginRequired as error:
            raise refused("the diary does not take the token") from error
        except NotPermitted as error:
            raise NoDiaryAccount("the diary does not open the profile") from error
    family = await _family(channel, access, profile, refused)
    if not family.children:
        raise ChildLeftSchool("no child hangs on the profile")
    credentials = Credentials(
        secrets={key: SecretStr(value) for key, value in {**secrets, "access": access}.items()},
        facts={"profile_id": profile.id, "role": role, "several_roles": "no" if alone else "yes"},
        expires_at=aupd.expires_at(access),
    )
    return SignedIn(credentials=credentials, person=_person(family.profile))


async def _family(
    channel: Channel, access: str, profile: Profile, refused: type[SignInFailed]
) -> FamilyProfile:
    credentials = Credentials(
        secrets={"access": SecretStr(access)}, facts={"profile_id": profile.id, "role": _role(profile)}
    )
    try:
        return await MrkoClient(channel, credentials).family()
    except LoginRequired as error:
        raise refused("the diary does not take the token") from error
    except NotPermitted as error:
        raise NoDiaryAccount("the diary does not open the profile") from error


def _usable(found: Sequence[Profile]) -> Sequence[Profile]:
    parents = [profile for profile in found if _role(profile) == "parent"]
    return parents or [profile for profile in found if _role(profile) == "student"]


def _role(profile: Profile) -> str:
    """Return `parent` or `student`, also for `ParentProfile` and `StudentProfile`."""
    return tidy(profile.type or "").casefold().removesuffix("profile")


def _title(profile: Profile, family: FamilyProfile) -> str:
    """Return the children's first names, which tell a parent's profiles apart."""
    names = [tidy(child.first_name or "") for child in family.children]
    return ", ".join(name for name in names if name) or profile.id


def _person(adult: Adult | None) -> Person | None:
    if adult is None:
        return None
    return Person(name=name_or_none(adult), birth_date=adult.birth_date, snils=Snils.read(adult.snils))
