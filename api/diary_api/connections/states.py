"""The states of a connection and what moves it from one to another.

awaiting_user → active ⇄ degraded → reauth_required → active
                   └→ blocked (the school or the diary must act first)
any of them → revoked (the parent has withdrawn the link) → awaiting a sign-in again
suspended (an operator has stopped it), archived (its server has left the region)
"""

from __future__ import annotations

from enum import StrEnum

from diary_core.errors import Actor, DiaryError, InstanceRetired, SignInAgain, SignInFailed, TellUs, TryLater


class State(StrEnum):
    """Whether a diary can be read through a connection."""

    AWAITING_USER = "awaiting_user"
    """The first sign-in is not finished."""
    ACTIVE = "active"
    DEGRADED = "degraded"
    """The last run failed for a reason that passes; the next one tries again."""
    REAUTH_REQUIRED = "reauth_required"
    """The parent must sign in again."""
    BLOCKED = "blocked"
    """The school or the diary must act first; `outcome` says why."""
    SUSPENDED = "suspended"
    """Stopped by the operator of the gateway."""
    REVOKED = "revoked"
    """The parent has withdrawn the link; nothing secret is kept."""
    ARCHIVED = "archived"
    """The diary has left the region."""


RESTING = frozenset({State.REAUTH_REQUIRED, State.BLOCKED, State.ARCHIVED})
"""Not asked again by ordinary reading, only when the parent says so or signs in again."""
CLOSED = frozenset({State.AWAITING_USER, State.SUSPENDED, State.REVOKED})
"""Not asked at all."""


def after(error: DiaryError, state: State) -> State:
    """Return the state after a run that failed."""
    match error:
        case SignInAgain():
            return State.REAUTH_REQUIRED
        case SignInFailed():
            return State.REAUTH_REQUIRED if error.actor is Actor.PARENT else State.BLOCKED
        case InstanceRetired():
            return State.ARCHIVED
        case TryLater() | TellUs():
            return State.DEGRADED if state in {State.ACTIVE, State.DEGRADED} else state
        case _:
            return state
