"""Marks of lessons.

A mark hangs on a work, a work on a lesson; a mark of a term, a year or an exam hangs on no lesson and is none
of these. Shown is `textValue`; how it differs from `value` is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from diary_core.model import UNSUPPORTED, Mark, MarkScale, Maybe, Unavailable, known
from diary_core.notation import read_mark
from diary_core.text import tidy
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.enrolment_id import Seat
from diary_dnevnik_ru.parse.people import teacher
from diary_dnevnik_ru.parse.tables import DANGLING, Tables, Whose, names_of
from diary_dnevnik_ru.parse.weights import Weights

_SCALES: Final = {
    "mark5": MarkScale(kind="five"),
    "mark10": MarkScale(kind="ten"),
    "mark100": MarkScale(kind="hundred"),
}
"""Only `mark5` has been seen; the others are read by their names."""


class MarkedLesson(NamedTuple):
    """What a mark takes from its lesson."""

    id: str
    date: date
    number: int | None
    subject_id: str | None


def lesson_ids(marks: Sequence[wire.Mark], seat: Seat) -> tuple[str, ...]:
    """Return the lessons that marks of this child were given on, each once."""
    return tuple(dict.fromkeys(mark.lesson for mark in marks if mark.lesson and is_of(seat, mark)))


def lesson_marks(
    marks: Sequence[wire.Mark],
    lessons: Sequence[wire.FullLesson],
    weights: Weights,
    whose: Whose,
    *,
    since: date,
    until: date,
) -> tuple[Mark, ...]:
    """Return the marks of lessons in the span, oldest lesson first, each once."""
    tables = Tables(
        names=names_of(lesson.subject for lesson in lessons if lesson.subject),
        works={work.id: work for lesson in lessons for work in lesson.works},
    )
    places = {lesson.id: _place(lesson) for lesson in lessons if since <= lesson.date <= until}
    placed = [
        (places[sent.lesson], sent)
        for sent in {sent.id: sent for sent in marks}.values()
        if sent.lesson in places and is_of(whose.seat, sent)
    ]
    placed.sort(key=lambda pair: (pair[0].date, pair[0].number or 0, pair[0].id, int(pair[1].id)))
    read = (lesson_mark(sent, place, tables, weights, whose) for place, sent in placed)
    return tuple(mark for mark in read if mark is not None)


def mark_in_depth(
    sent: wire.Mark,
    lesson: wire.FullLesson,
    day: wire.Schedule | Unavailable,
    weights: Weights,
    whose: Whose,
) -> Mark | None:
    """Return one mark of a lesson with who gave it, None when nothing is written in its cell.

    Args:
        sent: The mark.
        lesson: Its lesson, with the work it hangs on.
        day: The day of the lesson, where teachers are named, or why it did not come.
        weights: What marks weigh at the school.
        whose: The child.
    """
    people = (
        [one.person for each in day.days for one in each.teachers] if isinstance(day, wire.Schedule) else []
    )
    tables = Tables(
        names=names_of([lesson.subject] if lesson.subject else ()),
        works={work.id: work for work in lesson.works},
        teachers={person.id: one for person in people if (one := teacher(person)) is not None},
    )
    found = lesson_mark(sent, _place(lesson), tables, weights, whose)
    if found is None or isinstance(day, wire.Schedule):
        return found
    return found.model_copy(update={"teacher": day})


def is_of(seat: Seat, mark: wire.Mark) -> bool:
    """Tell whether a mark is this child's own."""
    return mark.person in (None, seat.person)


def lesson_mark(
    sent: wire.Mark, lesson: MarkedLesson, tables: Tables, weights: Weights, whose: Whose
) -> Mark | None:
    """Return one mark, None when nothing is written in its cell."""
    display = tidy(sent.text_value or "") or tidy(sent.value or "")
    if not display:
        return None
    work = tables.works.get(sent.work or "")
    kind_id = sent.work_type or (work.work_type if work else None)
    notation = read_mark(display)
    weight = weights.weight(kind_id)
    return Mark(
        id=sent.id,
        subject=tables.subject(lesson.subject_id or (work.subject_id if work else None)),
        date=lesson.date,
        display=display,
        value=notation.value,
        modifier=notation.modifier,
        parts=notation.parts,
        status=notation.status,
        scale=_scale(sent.type or (work.mark_type if work else None)),
        counts=notation.status == "graded" and sent.use_avg_calc is not False and known(weight) != 0,
        weight=weight,
        form=_form(kind_id, tables, weights),
        important=_important(work, tables),
        comment=UNSUPPORTED,
        lesson_id=lesson.id,
        entered_at=sent.date.astimezone(whose.zone) if sent.date else None,
        edited_at=UNSUPPORTED,
        teacher=tables.teacher(work),
        history=UNSUPPORTED,
    )


def _place(lesson: wire.FullLesson) -> MarkedLesson:
    return MarkedLesson(lesson.id, lesson.date, lesson.number, lesson.subject.id if lesson.subject else None)


def _scale(raw: str | None) -> MarkScale:
    return _SCALES.get(raw or "") or MarkScale(kind="other", raw=raw)


def _form(kind_id: str | None, tables: Tables, weights: Weights) -> Maybe[str | None]:
    """Return what the school calls this kind of work."""
    if kind_id is None:
        return None
    kind = tables.work_types.get(kind_id) or weights.kinds.get(kind_id)
    name = tidy(kind.name or "") if kind else ""
    return name or weights.kinds_gap or DANGLING


def _important(work: wire.Work | None, tables: Tables) -> Maybe[bool]:
    said = None if work is None else tables.important(work)
    return DANGLING if said is None else said
