"""Marks: what the school wrote, what it is worth, and whether it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final, Literal
from zoneinfo import ZoneInfo

from diary_core.errors import RegionChanged
from diary_core.model import NOT_LOADED, Mark, MarkScale, MarkVersion, Maybe, Subject, Teacher
from diary_core.notation import Notation, read_mark
from diary_core.text import clean_or_none, decimal, tidy
from diary_mrko.parse.moments import local, local_or_none
from diary_mrko.parse.names import name_or_none
from diary_mrko.parse.subjects import subject
from diary_mrko.wire.marks import LessonMark, ListedMark, MarkDetails, MarkEdit

_Scale = Literal["five", "ten", "hundred", "other"]
_SCALES: Final[Mapping[str, _Scale]] = {
    "five": "five",
    "ten": "ten",
    "hundred": "hundred",
}
"""Other grade systems exist, their codes are not known: they are kept raw."""

_IN_COMMENT: Final = "см"
"""«См»: see the comment, where the teacher wrote the number, as «балл: 4,5»."""
_SCORE: Final = re.compile(r"балл\w*\s*[:=—–-]?\s*(\d{1,3}(?:[.,]\d{1,2})?)(?!\d)", re.IGNORECASE)


def marks(listed: Sequence[ListedMark], zone: ZoneInfo) -> tuple[Mark, ...]:
    """Return the marks of the flat list, oldest lesson first, then by id.

    Raises:
        RegionChanged: A mark lacks its value or its subject.
    """
    found = [
        mark(
            item,
            of=subject(item.subject_id, item.subject_name, field="payload.[].subject_name"),
            on=item.date,
            entered_at=local_or_none(item.created_at, zone),
            edited_at=edited_at(item, zone),
        )
        for item in listed
    ]
    return tuple(sorted(found, key=lambda each: (each.date, each.id)))


def mark_in_depth(item: MarkDetails, zone: ZoneInfo) -> Mark:
    """Return one mark with its lesson, its teacher and its earlier versions.

    Raises:
        RegionChanged: It lacks its value or its subject.
    """
    name = name_or_none(item.teacher) if item.teacher else None
    return mark(
        item,
        of=subject(item.subject_id, item.subject_name, field="subject_name"),
        on=item.date,
        entered_at=local_or_none(item.created_at, zone),
        edited_at=edited_at(item, zone),
        lesson_id=item.activity.schedule_item_id if item.activity else None,
    ).model_copy(
        update={
            "teacher": Teacher(id=None, name=name) if name else None,
            "history": tuple(_versions(item.history, zone)),
        }
    )


def _versions(history: Sequence[MarkEdit], zone: ZoneInfo) -> Iterator[MarkVersion]:
    """Yield what a mark was, oldest first; without a time, or before it was written, it was nothing."""
    for edit in sorted(history, key=lambda edit: _moment(edit, zone)):
        display = tidy(edit.before or "")
        if display and edit.date:
            yield MarkVersion(display=display, until=local(edit.date, zone))


def _moment(edit: MarkEdit, zone: ZoneInfo) -> datetime:
    return local(edit.date, zone) if edit.date else datetime.min.replace(tzinfo=UTC)


def edited_at(item: LessonMark, zone: ZoneInfo) -> datetime | None:
    """Return when a mark was changed; the diary writes the time of entry for one that never was."""
    return None if item.updated_at == item.created_at else local_or_none(item.updated_at, zone)


def mark(
    item: LessonMark,
    *,
    of: Subject,
    on: date,
    entered_at: Maybe[datetime | None],
    edited_at: Maybe[datetime | None],
    lesson_id: Maybe[str | None] = NOT_LOADED,
) -> Mark:
    """Return one mark.

    A «точка» keeps the provisional value the teacher wrote, is pending, and never counts.
    Earlier versions and the teacher stand in the mark's own details.

    Args:
        item: As the server sent it.
        of: Its subject.
        on: Day of its lesson.
        entered_at: Known from the flat list only.
        edited_at: As above; None when it was never edited.
        lesson_id: Known inside a lesson only.

    Raises:
        RegionChanged: It shows nothing at all.
    """
    display = tidy(item.value or "")
    if not display:
        raise RegionChanged("a mark has no value", field="marks.[].value")
    notation = read_mark(display)
    return Mark(
        id=item.id,
        subject=of,
        date=on,
        display=display,
        value=_value(item, notation),
        modifier=notation.modifier,
        parts=notation.parts,
        status="pending" if item.is_point else notation.status,
        scale=_scale(item),
        counts=notation.status == "graded" and not item.is_point and item.weight != 0,
        weight=item.weight,
        form=clean_or_none(item.control_form_name),
        important=item.is_exam,
        comment=clean_or_none(item.comment),
        due_on=item.point_date if item.is_point else None,
        lesson_id=lesson_id,
        entered_at=entered_at,
        edited_at=edited_at,
    )


def _value(item: LessonMark, notation: Notation) -> Decimal | None:
    if notation.value is not None or (item.value or "").strip().casefold() != _IN_COMMENT:
        return notation.value
    score = _SCORE.search(item.comment or "")
    return decimal(score[1]) if score else None


def _scale(item: LessonMark) -> MarkScale:
    codes = [item.original_grade_system_type, *(value.grade_system_type for value in item.values)]
    code = next((code for code in codes if code), None)
    kind: _Scale = _SCALES.get(code or "", "other")
    return MarkScale(kind=kind, raw=code if kind == "other" else None)
