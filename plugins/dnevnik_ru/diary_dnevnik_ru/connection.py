"""What the gateway keeps of one connection: the names under which tokens and facts are stored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from pydantic import SecretStr

from diary_core.credentials import Credentials
from diary_core.model import Enrolment
from diary_dnevnik_ru import wire

ACCESS_TOKEN: Final = "access_token"  # noqa: S105  a name, not a secret
REFRESH_TOKEN: Final = "refresh_token"  # noqa: S105  as above
ENROLMENTS: Final = "enrolments"
_LONGEST_LIFE: Final = timedelta(days=3650)


def credentials_of(token: str, refresh_token: str | None, expires_at: datetime | None) -> Credentials:
    """Return the credentials of a new connection, without facts yet."""
    secrets = {ACCESS_TOKEN: SecretStr(token)}
    if refresh_token:
        secrets[REFRESH_TOKEN] = SecretStr(refresh_token)
    return Credentials(secrets=secrets, expires_at=expires_at)


def end_of(grant: wire.Grant, now: datetime) -> datetime | None:
    """Return when a grant's token dies; None when the system does not say, as by a zero."""
    seconds = grant.expires_in or 0
    if not 0 < seconds <= _LONGEST_LIFE.total_seconds():
        return None
    return now + timedelta(seconds=seconds)


def with_family(credentials: Credentials, family: Iterable[Enrolment]) -> Credentials:
    """Remember whose diary the connection opens, so that reading it needs no call to find out."""
    ids = " ".join(enrolment.id for enrolment in family)
    return credentials.model_copy(update={"facts": {**credentials.facts, ENROLMENTS: ids}})


def remembered_family(credentials: Credentials) -> frozenset[str]:
    """Return the ids of the enrolments there were at sign-in."""
    return frozenset(credentials.facts.get(ENROLMENTS, "").split())
