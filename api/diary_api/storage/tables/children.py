"""Children of the families, and where they go to school."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from diary_api.storage.tables.root import Table


class ChildRow(Table):
    """A child of the family, as one connection knows it."""

    __tablename__ = "children"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[str] = mapped_column(ForeignKey("connections.id", ondelete="CASCADE"))
    upstream_hash: Mapped[str]
    """Keyed hash of the diary's id of the child."""
    profile_sealed: Mapped[bytes | None]
    """None after the link was withdrawn: then only the id is remembered."""
    position: Mapped[int]
    """The diary's own order."""
    class_standing_shown: Mapped[bool] = mapped_column(server_default=false())
    """Whether the parent wants the child compared with the class."""

    __table_args__ = (UniqueConstraint("connection_id", "upstream_hash"),)


class EnrolmentRow(Table):
    """A child in one school and class."""

    __tablename__ = "enrolments"

    id: Mapped[str] = mapped_column(primary_key=True)
    child_id: Mapped[str] = mapped_column(ForeignKey("children.id", ondelete="CASCADE"))
    upstream_hash: Mapped[str]
    """Keyed hash of the diary's id of the enrolment."""
    profile_sealed: Mapped[bytes | None]
    position: Mapped[int]
    """The diary's own order."""
    current: Mapped[bool]
    """Whether the diary still listed it when it was last asked."""
    listed_at: Mapped[datetime]
    writes: Mapped[int] = mapped_column(server_default="0")
    """How often the gateway has written to the diary about it: a call that began before knows no better."""

    __table_args__ = (UniqueConstraint("child_id", "upstream_hash"),)
