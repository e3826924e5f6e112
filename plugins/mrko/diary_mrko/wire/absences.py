"""Missed days with the parents' notices among them, and what a notice is made of."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, field_serializer

from diary_core.envelope import Envelope
from diary_mrko.wire.values import Day, Flag, Id, Listed, MaybeText, Wire


class MissedLesson(Wire):
    """A lesson of a listed day: missed, or told of in advance, or both."""

    schedule_item_id: Id | None = None
    bell_id: Id | None = None
    begin_time: MaybeText = None
    lesson_education_type: MaybeText = None
    reason_id: Id | None = None
    absence_reason_id: Id | None = None
    notified: Flag = False
    description: MaybeText = None


class MissedDay(Wire):
    """A day with an absence or a notice."""

    date: Day
    notified: Flag = False
    description: MaybeText = None
    reason_id: Id | None = None
    is_system: Flag = False
    """Whether another system of the city said so, such as the medical register."""
    parent_profile_id: Id | None = None
    lessons: Listed[MissedLesson] = ()


class Attendance(Wire, Envelope):
    """Answer of `family/*/v1/attendance`."""

    attendance: Listed[MissedDay] = ()


class NonattendanceReason(Wire):
    """An item of `ej/core/family/v1/nonattendance_reasons`."""

    id: Id
    name: MaybeText = None
    is_parent_available: Flag = False
    ae_only: Flag = False
    attachment_needed: bool | None = None
    deleted_at: MaybeText = None


class Receipts(Wire):
    """Answer to a notice that was taken in."""

    ids: Listed[Id] = ()


class Notification(BaseModel):
    """One notice as it is sent: without a lesson's keys it is for the whole day."""

    model_config = ConfigDict(frozen=True)

    date: date
    bell_id: str | None = None
    begin_time: str | None = None
    end_time: str | None = None
    lesson_education_type: str | None = None
    reason_id: str | None = None
    description: str | None = None

    @field_serializer("bell_id", "reason_id")
    def _number(self, number: str | None) -> int | str | None:
        """Send numbers as the wire has them."""
        return int(number) if number is not None and number.isdecimal() else number
