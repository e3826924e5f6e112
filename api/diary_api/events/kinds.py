"""What can happen to an account, and what is told of it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class EventKind(StrEnum):
    """What has happened."""

    ACCOUNT_MADE = "account_made"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    PASSWORD_SET = "password_set"  # noqa: S105  the name of an event
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  as above
    TOKEN_ISSUED = "token_issued"  # noqa: S105  as above
    TOKEN_REVOKED = "token_revoked"  # noqa: S105  as above
    SESSION_ENDED = "session_ended"
    DIARY_LINKED = "diary_linked"
    DIARY_LINKED_AGAIN = "diary_linked_again"
    DIARY_UNLINKED = "diary_unlinked"
    IDENTITY_PROVEN = "identity_proven"
    IDENTITY_REMOVED = "identity_removed"
    GRANT_GIVEN = "grant_given"
    GRANT_NARROWED = "grant_narrowed"
    GRANT_ACCEPTED = "grant_accepted"
    GRANT_REVOKED = "grant_revoked"
    GRANT_GIVEN_BACK = "grant_given_back"
    EXPORT_TAKEN = "export_taken"
    CLASS_STANDING_SHOWN = "class_standing_shown"
    CLASS_STANDING_HIDDEN = "class_standing_hidden"
    ABSENCE_TOLD = "absence_told"
    ABSENCE_WITHDRAWN = "absence_withdrawn"


class About(BaseModel):
    """What it was done to, and how; what is unknown or does not apply is null. Never a secret."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    way: str | None = Field(default=None, examples=["password"])
    """How: `password`, or the identity service."""
    network: str | None = Field(default=None, examples=["203.0.113.0/24"])
    """Where a sign-in came from, cut to its network: enough to know one's own, too little to find a flat."""
    key_id: str | None = None
    """The session or token."""
    name: str | None = Field(default=None, examples=["Кухня"])
    """What you called the token, or the trusted person."""
    provider: str | None = Field(default=None, examples=["mrko"])
    """The diary's or the identity service's system."""
    connection_id: str | None = None
    child_id: str | None = None
    grant_id: str | None = None
    notice_id: str | None = None
