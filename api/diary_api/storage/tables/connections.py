"""Links to diaries, how they come about, and what they cost."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from diary_api.storage.tables.root import Table


class ConnectionRow(Table):
    """An account's link to one diary server."""

    __tablename__ = "connections"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str]
    instance: Mapped[str]
    region: Mapped[str | None]
    method: Mapped[str]
    """The way the present credentials were got, or are being got for the first time."""
    state: Mapped[str]
    outcome: Mapped[str | None]
    """Of the last run: `ok` or an error code; None before the first."""
    outcome_at: Mapped[datetime | None]
    sign_ins: Mapped[int]
    """How often it was signed in: a run that began before a newer sign-in must not judge it."""
    credentials_sealed: Mapped[bytes | None]
    lease_holder: Mapped[str | None]
    """Who is renewing the credentials at the moment."""
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the gateway looks into the diary by itself; None until that is planned."""
    renew_at: Mapped[datetime | None] = mapped_column(index=True)
    """When the credentials are renewed though nobody reads; None where only a reader can tell."""
    identity: Mapped[str] = mapped_column(server_default="unproven")
    """Whether the diary's person is the account's proven one, and by what."""
    identity_id: Mapped[str | None]
    """The identity that was compared with; cleared when it is removed from the account."""


class SignInRow(Table):
    """One unfinished, finished or failed conversation with a diary or an identity service."""

    __tablename__ = "sign_ins"

    id: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(server_default="link")
    """`link` a diary, `enter` the gateway, or `prove` who an account's owner is."""
    connection_id: Mapped[str | None] = mapped_column(
        ForeignKey("connections.id", ondelete="CASCADE"), index=True
    )
    """Of the diary to `link`."""
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    """Of the owner to `prove`."""
    method: Mapped[str]
    """The way in of a diary, or the slug of an identity service."""
    phase: Mapped[str]
    """`waiting`, `taken`, `finished`, `redeemed`, `failed` or `dropped`."""
    taken_until: Mapped[datetime | None]
    """When whoever has taken the turn is given up for dead."""
    turn: Mapped[int]
    """Counts the steps; a reply takes a turn once."""
    step_kind: Mapped[str]
    flow_sealed: Mapped[bytes]
    """The step and what the provider carries."""
    ticket_hash: Mapped[str] = mapped_column(unique=True)
    state_hash: Mapped[str] = mapped_column(unique=True)
    browser_hash: Mapped[str | None]
    """The browser that was sent to the diary."""
    key_hash: Mapped[str | None] = mapped_column(unique=True)
    """Of whoever began to `enter`."""
    result_sealed: Mapped[bytes | None]
    """Whose session an `enter` opens, and the code that opens it."""
    tries: Mapped[int] = mapped_column(server_default="0")
    """At the code."""
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]


class UpstreamCallsRow(Table):
    """How many requests were sent to a diary for one link on one day."""

    __tablename__ = "upstream_calls"

    connection_id: Mapped[str] = mapped_column(
        ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    """By Moscow's clock."""
    calls: Mapped[int]
