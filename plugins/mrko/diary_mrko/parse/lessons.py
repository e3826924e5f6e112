"""One lesson of the week, joined of what four answers say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from diary_core.model import (
    NOT_LOADED,
    UNSUPPORTED,
    Homework,
    Lesson,
    LessonHalf,
    Mark,
    Maybe,
    Unavailable,
)
from diary_core.text import clean_or_none
from diary_mrko.parse.absences import absence
from diary_mrko.parse.marks import edited_at, mark
from diary_mrko.parse.moments import local_or_none
from diary_mrko.parse.timetable import Placed
from diary_mrko.wire.lessons import Event, ShortLesson
from diary_mrko.wire.marks import LessonMark, ListedMark

_CONTROLS: Final = frozenset({"THEMATIC_TEST", "MODULE_TEST"})
_REMOTE: Final = "REMOTE"


def lesson(
    place: Placed,
    *,
    homework: tuple[Homework, ...],
    listed_marks: Mapping[str, ListedMark] | Unavailable,
    timetable: Mapping[str, ShortLesson] | Unavailable,
    zone: ZoneInfo,
) -> Lesson:
    """Return one lesson.

    The number of the bell, the teacher and the remark stand in the lesson's own details, which the week
    does not ask for. What was planned before a replacement stands nowhere.

    Args:
        place: The event in the school's time.
        homework: What is due on it.
        listed_marks: The flat list of marks by id, or why it is not there.
        timetable: The short timetable by lesson, or why it is not there.
        zone: The school's.
    """
    event = place.event
    short = None if isinstance(timetable, Unavailable) else timetable.get(event.id)
    half = LessonHalf(
        subject=place.subject,
        starts=place.starts,
        ends=place.ends,
        room=clean_or_none(event.room_number) or clean_or_none(event.room_name),
    )
    marks = tuple(_mark(item, place, listed_marks, zone) for item in event.marks)
    reason_id = (
        event.nonattendance_reason_id or event.absence_reason_id or (short and short.absence_reason_id)
    )
    return Lesson(
        id=place.id,
        date=place.on,
        kind=place.kind,
        planned=UNSUPPORTED if event.replaced and not event.cancelled else half,
        actual=None if event.cancelled else half,
        change="cancelled" if event.cancelled else "replaced" if event.replaced else "none",
        topic=_topic(event, short, timetable),
        control=(event.course_lesson_type or "").upper() in _CONTROLS,
        remote=_remote(event, short),
        homework=homework,
        marks=marks,
        attendance=absence(place, reason_id=reason_id),
    )


def _mark(
    item: LessonMark, place: Placed, listed: Mapping[str, ListedMark] | Unavailable, zone: ZoneInfo
) -> Mark:
    """Return a mark of a lesson; the times of entry and edit stand in the flat list only."""
    if isinstance(listed, Unavailable):
        return mark(
            item, of=place.subject, on=place.on, entered_at=listed, edited_at=listed, lesson_id=place.id
        )
    known = listed.get(item.id)
    return mark(
        item,
        of=place.subject,
        on=place.on,
        entered_at=local_or_none(known.created_at, zone) if known else NOT_LOADED,
        edited_at=edited_at(known, zone) if known else NOT_LOADED,
        lesson_id=place.id,
    )


def _topic(
    event: Event, short: ShortLesson | None, timetable: Mapping[str, ShortLesson] | Unavailable
) -> Maybe[str | None]:
    names = (event.lesson_name, event.lesson_theme, short.lesson_name if short else None)
    topic = next((cleaned for name in names if (cleaned := clean_or_none(name))), None)
    return timetable if topic is None and isinstance(timetable, Unavailable) else topic


def _remote(event: Event, short: ShortLesson | None) -> Maybe[bool]:
    """Say whether the lesson is remote; other types than `NORMAL` and `REMOTE` say nothing of it."""
    if event.link_to_join:
        return True
    lesson_type = event.lesson_type or (short.lesson_type if short else None)
    return NOT_LOADED if lesson_type is None else lesson_type.upper() == _REMOTE
