"""The week diary: tables of a day joined by id.

`/v2` has no sign of a cancelled or replaced lesson: a lesson is shown as it stands in the timetable,
and what was planned or changed is said to be unsupported rather than guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import chain
from typing import TypeVar

from diary_core.model import UNSUPPORTED, Day, Homework, Lesson, LessonHalf, Mark, Maybe, Teacher
from diary_core.text import clean_or_none
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.parse.attendance import attendance, latest_entries, remark
from diary_dnevnik_ru.parse.homework import Files, homework
from diary_dnevnik_ru.parse.marks import MarkedLesson, is_of, lesson_mark
from diary_dnevnik_ru.parse.people import teacher
from diary_dnevnik_ru.parse.tables import DANGLING, Tables, Whose, names_of
from diary_dnevnik_ru.parse.weights import Weights

T = TypeVar("T")


@dataclass(frozen=True)
class Beside:
    """What other calls add to the days."""

    files: Files = field(default_factory=Files)
    weights: Weights = field(default_factory=Weights)
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of subjects, by id: the table of a day may lack one."""


def diary_days(
    sent: Sequence[wire.Day], beside: Beside, whose: Whose, since: date, until: date
) -> tuple[Day, ...]:
    """Return every day of the span, oldest first, also those the diary left out."""
    week = _week(sent, beside, whose)
    lessons: dict[date, list[Lesson]] = defaultdict(list)
    for on, lesson in _lessons(sent).values():
        lessons[on].append(_lesson(lesson, on, week))
    span = (since + timedelta(days=number) for number in range((until - since).days + 1))
    return tuple(
        Day(date=on, zone=whose.zone.key, lessons=tuple(sorted(lessons[on], key=_by_start))) for on in span
    )


def unnamed(sent: Sequence[wire.Day], names: Mapping[str, str]) -> bool:
    """Tell whether the subject of some lesson is named neither here nor there."""
    found = {**names_of(subject for day in sent for subject in day.subjects), **names}
    return any(lesson.subject_id and lesson.subject_id not in found for _, lesson in _lessons(sent).values())


@dataclass(frozen=True)
class _Week:
    """Everything the lessons of a span refer to, each list by the lesson's id."""

    whose: Whose
    beside: Beside
    tables: Tables
    marks: Mapping[str, Sequence[wire.Mark]]
    works: Mapping[str, Sequence[wire.Work]]
    homeworks: Mapping[str, Sequence[wire.Work]]
    entries: Mapping[str, wire.LogEntry]


def _week(sent: Sequence[wire.Day], beside: Beside, whose: Whose) -> _Week:
    works = {work.id: work for day in sent for work in day.works}
    homeworks = {work.id: work for day in sent for work in day.homeworks}
    marks = {mark.id: mark for day in sent for mark in day.marks if is_of(whose.seat, mark)}
    people = {each.person.id: each.person for day in sent for each in day.teachers}
    homes = {work_id: lesson.id for _, lesson in _lessons(sent).values() for work_id in lesson.works}
    return _Week(
        whose=whose,
        beside=beside,
        tables=Tables(
            names={**beside.names, **names_of(subject for day in sent for subject in day.subjects)},
            works={**works, **homeworks},
            work_types={kind.id: kind for day in sent for kind in day.work_types},
            teachers={person.id: one for person in people.values() if (one := teacher(person)) is not None},
        ),
        marks=_by_lesson((mark.lesson or homes.get(mark.work or ""), mark) for mark in marks.values()),
        works=_by_lesson((work.lesson or homes.get(work.id), work) for work in works.values()),
        homeworks=_by_lesson((work.lesson or homes.get(work.id), work) for work in homeworks.values()),
        entries=latest_entries(chain.from_iterable(day.log_entries for day in sent), whose.seat),
    )


def _lessons(sent: Sequence[wire.Day]) -> Mapping[str, tuple[date, wire.LightLesson]]:
    """Return the lessons by id with the day each stands on: they come unsorted, and some twice."""
    return {lesson.id: (day.date, lesson) for day in sent for lesson in day.lessons}


def _by_lesson(pairs: Iterable[tuple[str | None, T]]) -> Mapping[str, Sequence[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for lesson_id, row in pairs:
        if lesson_id is not None:
            found[lesson_id].append(row)
    return dict(found)


def _lesson(sent: wire.LightLesson, on: date, week: _Week) -> Lesson:
    subject = week.tables.subject(sent.subject_id)
    entry = week.entries.get(sent.id)
    starts, ends = sent.hours or (None, None)
    return Lesson(
        id=sent.id,
        date=on,
        slot=sent.number,
        kind="lesson",
        planned=UNSUPPORTED,
        actual=LessonHalf(
            subject=subject,
            starts=starts,
            ends=ends,
            room=clean_or_none(sent.place),
            teachers=_teachers(sent, week),
        ),
        change=UNSUPPORTED,
        topic=clean_or_none(sent.title),
        control=any(week.tables.important(work) for work in week.works.get(sent.id, ())),
        remote=UNSUPPORTED,
        homework=_homework(sent, on, week),
        marks=_marks(sent, on, week),
        attendance=None if entry is None else attendance(entry, week.whose.seat, sent.id, on, subject),
        remark=None if entry is None else remark(entry),
    )


def _teachers(sent: wire.LightLesson, week: _Week) -> Maybe[tuple[Teacher, ...]]:
    named = week.tables.teachers or {}
    known = (named.get(person_id) for person_id in dict.fromkeys(sent.teachers))
    found = tuple(one for one in known if one is not None)
    return found if found or not sent.teachers else DANGLING


def _homework(sent: wire.LightLesson, on: date, week: _Week) -> tuple[Homework, ...]:
    works = sorted(week.homeworks.get(sent.id, ()), key=lambda work: int(work.id))
    read = (
        homework(
            work,
            on,
            sent.subject_id,
            tables=week.tables,
            files=week.beside.files,
            whose=week.whose,
        )
        for work in works
    )
    return tuple(task for task in read if task is not None)


def _marks(sent: wire.LightLesson, on: date, week: _Week) -> tuple[Mark, ...]:
    place = MarkedLesson(sent.id, on, sent.number, sent.subject_id)
    marks = sorted(week.marks.get(sent.id, ()), key=lambda mark: int(mark.id))
    read = (lesson_mark(mark, place, week.tables, week.beside.weights, week.whose) for mark in marks)
    return tuple(mark for mark in read if mark is not None)


def _by_start(lesson: Lesson) -> tuple[time, int, str]:
    """Sort by starting time, lessons without one first."""
    starts = lesson.actual.starts if lesson.actual else None
    slot = lesson.slot if isinstance(lesson.slot, int) else 0
    return starts or time.min, slot, lesson.id
