"""What diaries have said, and what has changed in it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from sqlalchemy import ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from diary_api.storage.tables.root import Table


class AnswerRow(Table):
    """The last known answer of a diary to one question."""

    __tablename__ = "answers"

    id: Mapped[str] = mapped_column(primary_key=True)
    """Keyed hash of the question."""
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolments.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(server_default="")
    """What was read; empty for one that was kept before kinds were."""
    body_sealed: Mapped[bytes]
    asked_at: Mapped[datetime]
    outdated: Mapped[bool] = mapped_column(server_default=false())
    """Whether the gateway has written to the diary since: then it is only there to fall back on."""


class WatchRow(Table):
    """Since when the answers to one kind of reading are compared: what was there before is no news."""

    __tablename__ = "watches"

    enrolment_id: Mapped[str] = mapped_column(
        ForeignKey("enrolments.id", ondelete="CASCADE"), primary_key=True
    )
    reading: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[date]
    """The school's own day."""


class SeenDayRow(Table):
    """What a diary showed of one school day when it was last asked: what the next answer is compared with."""

    __tablename__ = "seen_days"

    enrolment_id: Mapped[str] = mapped_column(
        ForeignKey("enrolments.id", ondelete="CASCADE"), primary_key=True
    )
    reading: Mapped[str] = mapped_column(primary_key=True)
    """The kind of reading that showed it."""
    day: Mapped[date] = mapped_column(primary_key=True)
    things_sealed: Mapped[bytes]
    asked_at: Mapped[datetime]
    """When the question was asked whose answer it is."""


class ChangeRow(Table):
    """One thing that appeared, changed or vanished; never changed once written."""

    __tablename__ = "changes"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Counts the changes of the account."""
    child_id: Mapped[str] = mapped_column(ForeignKey("children.id", ondelete="CASCADE"))
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolments.id", ondelete="CASCADE"), index=True)
    thing: Mapped[Literal["mark", "homework", "lesson", "attendance", "announcement"]] = mapped_column(
        String(255)
    )
    kind: Mapped[Literal["appeared", "changed", "vanished"]] = mapped_column(String(255))
    day: Mapped[date]
    body_sealed: Mapped[bytes]
    """As it was before, and as it is after."""
    seen_at: Mapped[datetime]
