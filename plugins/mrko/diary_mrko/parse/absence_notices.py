"""Notices of absence: how the wire tells them, and how it is told.

The list names no notice: a day is `notified`, and the lessons told of are. What withdraws one is its day
and, for a lesson, its bell, so our ids are made of these.
How a whole day is told apart from its lessons is not known: a notified day that names no lesson as
notified is taken for one told of as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, Literal

from diary_core.errors import AbsenceNoticeUnknown, LessonUnknown
from diary_core.model import UNSUPPORTED, AbsenceNotice, AbsenceReason, NewAbsenceNotice, OfferedReason
from diary_core.text import clean, clean_or_none
from diary_mrko.parse.absences import REASONS
from diary_mrko.parse.timetable import lesson_id
from diary_mrko.wire.absences import MissedDay, MissedLesson, NonattendanceReason, Notification
from diary_mrko.wire.lessons import ShortDay

_SOURCES: Final = {"OO": "PLAN"}
"""What the calendar calls a kind of lesson, where the other services call it differently."""
_NOTICE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.([0-9]{1,20}|[0-9]{2}:[0-9]{2})\.[0-9]{1,20})?")
"""The day, and for a lesson its bell, or the time it begins where it has none, and its number."""


def offered(reasons: Iterable[NonattendanceReason]) -> Iterator[OfferedReason]:
    """Yield the reasons a parent may give for missing lessons."""
    for reason in reasons:
        if reason.is_parent_available and not reason.ae_only and reason.deleted_at is None:
            yield OfferedReason(
                code=reason.id,
                title=REASONS.get(reason.id) or clean(reason.name or "") or reason.id,
                document_needed=UNSUPPORTED if reason.attachment_needed is None else reason.attachment_needed,
            )


def notices(days: Iterable[MissedDay], profile_id: str) -> Iterator[AbsenceNotice]:
    """Yield the notices of listed days, in the order of the list.

    Args:
        days: As listed.
        profile_id: Of the signed-in adult.
    """
    for day in days:
        told = [lesson for lesson in day.lessons if lesson.notified and lesson.schedule_item_id]
        if told:
            yield from (_of_lesson(day, lesson, profile_id, alone=len(told) == 1) for lesson in told)
        elif day.notified:
            yield AbsenceNotice(
                id=day.date.isoformat(),
                date=day.date,
                lesson_id=None,
                reason=_reason(day.reason_id),
                comment=clean_or_none(day.description),
                told_by=_told_by(day, profile_id),
                created_at=UNSUPPORTED,
            )


def _of_lesson(day: MissedDay, lesson: MissedLesson, profile_id: str, *, alone: bool) -> AbsenceNotice:
    """Return the notice of a lesson; the day's own words and author are of the first of several notices."""
    number = lesson.schedule_item_id or ""
    return AbsenceNotice(
        id=f"{day.date}.{lesson.bell_id or lesson.begin_time}.{number}",
        date=day.date,
        lesson_id=lesson_id(_source(lesson.lesson_education_type), number),
        reason=_reason(lesson.reason_id or lesson.absence_reason_id or day.reason_id),
        comment=clean_or_none(lesson.description) or (clean_or_none(day.description) if alone else None),
        told_by=_told_by(day, profile_id) if alone else "unknown",
        created_at=UNSUPPORTED,
    )


def told(notice: NewAbsenceNotice, timetable: Sequence[ShortDay]) -> Sequence[Notification]:
    """Return what tells the school of an absence: one for the day, or one for each lesson.

    Args:
        notice: What is to be told.
        timetable: Of its day; not looked at for a whole day.

    Raises:
        LessonUnknown: A lesson is not in the timetable.
    """
    common = Notification(date=notice.date, reason_id=notice.reason_code, description=notice.comment)
    if not notice.lesson_ids:
        return [common]
    held = {
        lesson_id(_source(lesson.lesson_education_type), lesson.schedule_item_id): lesson
        for day in timetable
        if day.date == notice.date
        for lesson in day.lessons
        if lesson.schedule_item_id
    }
    if any(wanted not in held for wanted in notice.lesson_ids):
        raise LessonUnknown("a lesson is not in the timetable of that day", field="lesson_ids")
    return [
        common.model_copy(
            update={
                "bell_id": lesson.bell_id,
                "begin_time": lesson.begin_time,
                "end_time": lesson.end_time,
                "lesson_education_type": lesson.lesson_education_type,
            }
        )
        for lesson in map(held.__getitem__, notice.lesson_ids)
    ]


def named(notice_ids: Iterable[str]) -> Sequence[Notification]:
    """Return what names notices to be taken back, each once.

    Raises:
        AbsenceNoticeUnknown: An id is not one of ours.
    """
    found: dict[Notification, None] = {}
    for notice_id in notice_ids:
        match = _NOTICE.fullmatch(notice_id)
        if match is None:
            raise AbsenceNoticeUnknown("the notice id is not one of ours", field="notice_id")
        bell = match[2]
        timed = bell is not None and ":" in bell
        notification = Notification(
            date=date.fromisoformat(match[1]),
            bell_id=None if timed else bell,
            begin_time=bell if timed else None,
        )
        found[notification] = None
    return list(found)


def _source(education_type: str | None) -> str:
    return _SOURCES.get(education_type or "OO", education_type or "PLAN")


def _reason(code: str | None) -> AbsenceReason | None:
    return None if code is None else AbsenceReason(code=code, title=REASONS.get(code, code))


def _told_by(day: MissedDay, profile_id: str) -> Literal["self", "other", "unknown"]:
    if day.parent_profile_id is None:
        return "unknown"
    return "self" if day.parent_profile_id == profile_id else "other"
