"""Which homework belongs to which lesson.

The list knows ticks, files and times of edit; the lessons know which entries are theirs and how long
those take. Some lessons name no entries: then the day, the study group and the hour decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from diary_core.model import NOT_LOADED, Homework, Maybe, Unavailable
from diary_mrko.parse.homework import due_on, lesson_tasks, listed_task, minutes
from diary_mrko.parse.moments import local
from diary_mrko.parse.timetable import Placed
from diary_mrko.wire import homework as wire


@dataclass(frozen=True, slots=True)
class HomeworkPlaces:
    """Where homework stands; what has none is left out."""

    by_lesson: Mapping[str, tuple[Homework, ...]]
    """By our id of the lesson it is due on."""
    by_day: Mapping[date, tuple[Homework, ...]]
    """What is due on a day without a lesson of its group."""


def place_homework(
    lessons: Sequence[Placed], listed: Sequence[wire.Homework] | Unavailable, zone: ZoneInfo
) -> HomeworkPlaces:
    """Hang homework on lessons.

    Args:
        lessons: As placed in the timetable.
        listed: The list of the same span, or why it is not there: then lessons tell what they know.
        zone: The school's.

    Raises:
        RegionChanged: An item of the list lacks its due date or its subject.
    """
    if isinstance(listed, Unavailable):
        return HomeworkPlaces({lesson.id: _told(lesson, listed) for lesson in lessons}, {})
    found: defaultdict[str, list[Homework]] = defaultdict(list)
    homeless: defaultdict[date, list[Homework]] = defaultdict(list)
    texts: set[tuple[date, str]] = set()
    for item in listed:
        lesson = _lesson_of(item, lessons, zone)
        task = listed_task(item, zone, lesson_id=lesson.id if lesson else None)
        if task is None:
            continue
        texts.add((task.due_on, task.text))
        if lesson is None:
            homeless[task.due_on].append(task)
        else:
            found[lesson.id].append(task.model_copy(update={"minutes": _minutes(item, lesson)}))
    for lesson in lessons:
        if _named(lesson) <= len(found[lesson.id]):
            continue
        told = _told(lesson)
        strange = [task for task in told if (task.due_on, task.text) not in texts]
        # As many as the list lacks: a text may read a little otherwise there and still be the same task.
        found[lesson.id] += strange[: max(0, len(told) - len(found[lesson.id]))]
    return HomeworkPlaces(
        {lesson_id: _by_id(tasks) for lesson_id, tasks in found.items()},
        {on: _by_id(tasks) for on, tasks in homeless.items()},
    )


def _lesson_of(item: wire.Homework, lessons: Iterable[Placed], zone: ZoneInfo) -> Placed | None:
    """Return the lesson that names the item's entry, else the best one of its group on its day."""
    same_day = [lesson for lesson in lessons if lesson.on == due_on(item, zone)]
    entry_id = item.homework_entry_id
    for lesson in same_day:
        if entry_id and any(entry.homework_entry_id == entry_id for entry in _entries(lesson)):
            return lesson
    own = [lesson for lesson in same_day if _same_group(item, lesson)]
    return min(own, key=lambda lesson: _distance(item, lesson, zone), default=None)


def _same_group(item: wire.Homework, lesson: Placed) -> bool:
    if item.group_id and lesson.event.group_id:
        return item.group_id == lesson.event.group_id
    return bool(item.subject_id) and item.subject_id == lesson.event.subject_id


def _distance(item: wire.Homework, lesson: Placed, zone: ZoneInfo) -> float:
    """Return how far the item's hour is from the lesson, in seconds; both its ends are seen as the hour."""
    if item.lesson_date_time is None:
        return 0
    hour = local(item.lesson_date_time, zone)
    ends = [moment for moment in (lesson.event.start_at, lesson.event.finish_at) if moment is not None]
    return min(abs((local(moment, zone) - hour).total_seconds()) for moment in ends)


def _named(lesson: Placed) -> int:
    """Return how many tasks the lesson speaks of, fillers included."""
    told = lesson.event.homework
    return max(len(told.descriptions), len(told.entries)) if told else 0


def _told(lesson: Placed, gap: Unavailable | None = None) -> tuple[Homework, ...]:
    return lesson_tasks(
        lesson.event, of=lesson.subject, due_on=lesson.on, lesson_id=lesson.id, gap=gap or NOT_LOADED
    )


def _minutes(item: wire.Homework, lesson: Placed) -> Maybe[int | None]:
    for entry in _entries(lesson):
        if entry.homework_entry_id == item.homework_entry_id:
            return minutes(entry)
    return NOT_LOADED


def _entries(lesson: Placed) -> Sequence[wire.LessonHomeworkEntry]:
    return lesson.event.homework.entries if lesson.event.homework else ()


def _by_id(tasks: Iterable[Homework]) -> tuple[Homework, ...]:
    return tuple(sorted(tasks, key=lambda task: task.id))
