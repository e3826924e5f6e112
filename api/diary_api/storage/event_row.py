"""The table of what has happened to an account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from diary_api.storage.tables import Table


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
