"""Teachers' remarks, out of the details of lessons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from diary_core.model import UNSUPPORTED, Remark, Teacher
from diary_core.text import clean_or_none
from diary_mrko.parse.names import name_or_none
from diary_mrko.parse.timetable import Placed
from diary_mrko.wire.lessons import LessonDetails

EDUCATION_TYPES: Final = {"lesson": "OO", "extracurricular": "EC", "additional": "AE"}
"""How the details of a lesson are asked for, by its kind."""


def remarks(lessons: Iterable[tuple[Placed, LessonDetails]], student_id: str) -> Iterator[Remark]:
    """Yield the remarks of lessons, in their order.

    A lesson has room for one text, which is about this child; who wrote it is not told but for the lesson's
    teacher, who alone writes in that place of the journal.
    """
    for place, details in lessons:
        text = clean_or_none(details.comment)
        if text is None:
            continue
        name = name_or_none(details.teacher) if details.teacher else None
        yield Remark(
            id=f"{student_id}.{place.id}",
            date=place.on,
            subject=place.subject,
            lesson_id=place.id,
            text=text,
            author=Teacher(id=None, name=name) if name else None,
            entered_at=UNSUPPORTED,
        )
