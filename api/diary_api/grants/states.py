"""The life of a grant.

invited → active → expired (its time is over)
   │        └→ revoked, given_back, replaced (she has accepted a newer one), unlinked (the diary was)
   └→ lapsed (nobody has accepted in time), guessed (too many wrong codes), revoked, unlinked
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from diary_api.identities.codes import MOST_TRIES
from diary_api.storage.tables import GrantRow


class GrantState(StrEnum):
    """Whether a grant lets anyone in, and if not, why."""

    INVITED = "invited"
    """The invitation waits to be accepted."""
    LAPSED = "lapsed"
    """Nobody has accepted the invitation in time."""
    GUESSED = "guessed"
    """Whoever had the link tried too many wrong codes."""
    ACTIVE = "active"
    """She may read."""
    EXPIRED = "expired"
    """Its time is over."""
    REVOKED = "revoked"
    """The parent has taken it back."""
    GIVEN_BACK = "given_back"
    """She has given it back."""
    REPLACED = "replaced"
    """She has accepted a newer invitation to the same child."""
    UNLINKED = "unlinked"
    """The parent has unlinked the diary."""


End = Literal["revoked", "given_back", "replaced", "unlinked"]
"""What ends a grant before its time."""

OPEN = frozenset({GrantState.INVITED, GrantState.ACTIVE})
"""Those that let somebody in, now or once accepted."""


def state_of(row: GrantRow, now: datetime) -> GrantState:
    """Return the state of a grant at an instant."""
    if row.ended_by is not None:
        return GrantState(row.ended_by)
    if row.accepted_at is not None:
        return GrantState.ACTIVE if now < row.ends_at else GrantState.EXPIRED
    if row.tries >= MOST_TRIES:
        return GrantState.GUESSED
    return GrantState.INVITED if now < row.invitation_ends_at else GrantState.LAPSED
