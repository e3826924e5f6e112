"""Parents in the gateway: what opens its door to them, who they are, and what they do there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from diary_api.storage.tables.root import Table


class AccountRow(Table):
    """A parent in the gateway."""

    __tablename__ = "accounts"

    id: Mapped[str] = mapped_column(primary_key=True)
    email_index: Mapped[str] = mapped_column(unique=True)
    """Keyed hash of the folded e-mail; of the account's own id when it has none."""
    email_sealed: Mapped[bytes]
    """Empty inside when the account has none: it was made by an identity service."""
    password_sealed: Mapped[bytes]
    """The Argon2id hash, sealed besides; empty inside when there is none."""
    created_at: Mapped[datetime]


class AccessKeyRow(Table):
    """A session or a token: what opens the gateway's own door."""

    __tablename__ = "access_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    """`session` or `token`."""
    secret_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[str]
    """Space-separated, sorted."""
    name_sealed: Mapped[bytes | None]
    """What the parent called a token."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class IdentityRow(Table):
    """Who an account's owner is, as an identity service has proven it."""

    __tablename__ = "identities"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    provider: Mapped[str]
    subject_index: Mapped[str] = mapped_column(unique=True)
    """Keyed hash of the service and its id of the person."""
    snils_index: Mapped[str | None] = mapped_column(index=True)
    """Keyed hash of the digits."""
    level: Mapped[str]
    profile_sealed: Mapped[bytes]
    proven_at: Mapped[datetime]
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("account_id", "provider"),)


class ReplayRow(Table):
    """The first answer to a write that carried an `Idempotency-Key`."""

    __tablename__ = "replays"

    id: Mapped[str] = mapped_column(primary_key=True)
    """Keyed hash of who asked, where, and the key."""
    fingerprint: Mapped[str]
    """Keyed hash of the request's body."""
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    body_sealed: Mapped[bytes | None]
    """None while the first request is still being answered."""
    expires_at: Mapped[datetime] = mapped_column(index=True)


class HabitRow(Table):
    """In which hours of the week an account reads."""

    __tablename__ = "habits"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    hours_sealed: Mapped[bytes]
    """A weight for each hour of the week, Monday first, in UTC."""
    counted_at: Mapped[datetime] = mapped_column(index=True)
    """The beginning of the last hour that was counted."""


class AccountEventRow(Table):
    """One thing that was done with an account; never changed once written, but for its count."""

    __tablename__ = "account_events"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    """When; of what is counted, the first time."""
    about_sealed: Mapped[bytes]
    """What it was done to, and how."""
    hour: Mapped[datetime | None]
    """Of what is counted by the hour."""
    count: Mapped[int]
    last_at: Mapped[datetime]

    __table_args__ = (
        Index("account_events_listed", "account_id", "at", "id"),
        UniqueConstraint("account_id", "kind", "hour"),
    )
