"""Teachers' remarks, out of lesson log entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from diary_core.model import UNSUPPORTED, Remark
from diary_core.text import clean_or_none
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.parse.attendance import entries_of_span, subject_of
from diary_dnevnik_ru.parse.tables import Whose


def remarks(
    answers: Iterable[wire.LogEntries],
    lessons: Mapping[str, wire.FullLesson],
    whose: Whose,
    since: date,
    until: date,
) -> tuple[Remark, ...]:
    """Return the comments of entries, by day and number of the lesson; the arguments are `missed_lessons`'s.

    An entry has one comment, be it about an absence or about the child's behaviour: which, it does not say,
    nor who wrote it.
    """
    return tuple(
        Remark(
            id=f"{whose.seat.person}.{lesson.id}",
            date=lesson.date,
            subject=subject_of(lesson),
            lesson_id=lesson.id,
            text=text,
            author=UNSUPPORTED,
            entered_at=entry.created,
        )
        for lesson, entry in entries_of_span(answers, lessons, whose, since, until)
        if (text := clean_or_none(entry.comment))
    )
