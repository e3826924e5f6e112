"""What trusted people may see, and what they have seen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from diary_api.storage.tables.root import Table


class GrantRow(Table):
    """What a trusted person may see of one child: an invitation first, then a grant, then a memory of it."""

    __tablename__ = "grants"

    id: Mapped[str] = mapped_column(primary_key=True)
    child_id: Mapped[str] = mapped_column(ForeignKey("children.id", ondelete="CASCADE"), index=True)
    """Whose parent has given it."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    """The trusted person's account; None until she has accepted."""
    called_sealed: Mapped[bytes]
    """What the parent calls her."""
    rights: Mapped[str]
    """Space-separated, sorted."""
    link_hash: Mapped[str | None] = mapped_column(unique=True)
    """Of the invitation's link; None once it is over."""
    code_sealed: Mapped[bytes | None]
    """The invitation's code; None once it is over."""
    tries: Mapped[int]
    """At the code."""
    invitation_ends_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """Before its time; None while it runs, and when it has run out."""
    ended_by: Mapped[str | None]
    """What has ended it before its time."""

    __table_args__ = (
        Index(
            "grants_running_once",
            "child_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class GrantUseRow(Table):
    """How often, within one hour, a grant was used for one kind of reading with one outcome."""

    __tablename__ = "grant_uses"

    id: Mapped[str] = mapped_column(primary_key=True)
    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"))
    hour: Mapped[datetime]
    kind: Mapped[str]
    outcome: Mapped[str]
    """`ok`, or the code of the problem it was refused with."""
    count: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("grant_id", "hour", "kind", "outcome"),)
