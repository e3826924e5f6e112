"""Notices of absence on their way to the school."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from diary_api.storage.tables.root import Table


class AbsenceNoticeRow(Table):
    """One notice of absence, from the moment it is accepted: the outbox and the memory of it."""

    __tablename__ = "absence_notices"

    id: Mapped[str] = mapped_column(primary_key=True)
    child_id: Mapped[str] = mapped_column(ForeignKey("children.id", ondelete="CASCADE"), index=True)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolments.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    """The school's own."""
    state: Mapped[str]
    turn: Mapped[int]
    """Counts the claims; whoever writes down an outcome must hold the latest."""
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    """When somebody may take it on; while it is claimed, when the claim ends. None when nothing is left."""
    problem: Mapped[str | None]
    """Code of what went wrong last."""
    body_sealed: Mapped[bytes]
    """What was told, and by whom."""
    receipts_sealed: Mapped[bytes | None]
    """The diary's own numbers of it."""
    key_hash: Mapped[str | None]
    """Keyed hash of who asked, where, and the `Idempotency-Key`: kept with what it made, in one write."""
    fingerprint: Mapped[str | None]
    """Keyed hash of that request's body."""
    created_at: Mapped[datetime]
    begun_at: Mapped[datetime]
    """When the present errand began: telling, or taking back."""
    changed_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("key_hash", "day"),)
