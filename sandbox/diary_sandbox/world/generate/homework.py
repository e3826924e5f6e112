"""Homework of a class, by the week it is due in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

from diary_sandbox.world import ids
from diary_sandbox.world.dice import Dice
from diary_sandbox.world.generate.files import attachment
from diary_sandbox.world.generate.lessons import Change, Lessons, Place, final, week_of
from diary_sandbox.world.generate.timetable import Planned
from diary_sandbox.world.homework import (
    DigitalMaterial,
    HomeworkTask,
    HomeworkVersion,
    MaterialMode,
)
from diary_sandbox.world.lessons import Lesson, LessonChange
from diary_sandbox.world.memo import Memo
from diary_sandbox.world.places import MOSCOW_HOST, REGION_HOST
from diary_sandbox.world.timeline import Timeline
from diary_sandbox.world.words.subjects import HOMEWORK_CHANCE, SUBJECTS
from diary_sandbox.world.words.texts import BOOK_HOMEWORK, EDITED_HOMEWORK, HOMEWORK

_MATERIALS = (
    ("test_spec_binding", "Тест", MaterialMode.EXECUTE),
    ("lesson_template", "Урок", MaterialMode.LEARN),
    ("atomic_object", "Видео", MaterialMode.LEARN),
)


class Homework:
    """What is set, for whom and until when."""

    def __init__(self, seed: int, lessons: Lessons, rich: frozenset[int]) -> None:
        """Know the lessons.

        Args:
            seed: Of the world.
            lessons: What homework is set on and due for.
            rich: Classes in which files and edits are frequent.
        """
        self._seed = seed
        self._lessons = lessons
        self._rich = rich
        self.week = Memo(self._week, 5_000)

    def truth(self, task_id: int) -> Timeline[HomeworkTask] | None:
        """Return a task, None when nothing of this id is ever set."""
        lesson_id, _ = ids.task_key(task_id)
        lesson = self._lessons.truth(lesson_id)
        if lesson is None:
            return None
        planned = final(lesson)
        on = planned.planned.on if planned.planned else planned.on
        lines = self.week((planned.class_id, week_of(on)))
        return next((line for line in lines if task_of(line).id == task_id), None)

    def _week(self, key: tuple[int, int]) -> tuple[Timeline[HomeworkTask], ...]:
        class_id, week = key
        table = self._lessons.timetable(class_id)
        lessons = {final(line).id: final(line) for line in self._lessons.week(key)}
        return tuple(
            line
            for day in self._lessons.days(class_id, week)
            for planned in table.days[day]
            for line in self._due(class_id, Place(day, planned.slot), planned, lessons)
        )

    def _due(
        self, class_id: int, place: Place, planned: Planned, lessons: dict[int, Lesson]
    ) -> Iterator[Timeline[HomeworkTask]]:
        before = self._lessons.timetable(class_id).before(planned)
        chance = HOMEWORK_CHANCE.get(planned.subject_id, 0)
        if before is None or before[0] == place.day or not chance:
            return
        first_grade = ids.class_key(class_id)[1] == 1
        if self._moves(class_id, place) or self._gone(class_id, Place(*before)):
            return
        for group in (0, 1, 2):
            due = lessons.get(ids.lesson_id(ids.LessonKey(class_id, place.day, place.slot, group)))
            dice = Dice(self._seed, "homework", class_id, place.day, place.slot, group)
            if due is not None and not planned.club and dice.chance(chance // 3 if first_grade else chance):
                given = self._lessons.truth(ids.lesson_id(ids.LessonKey(class_id, *before, group)))
                if given is not None:
                    yield self._task(dice, due, final(given))

    def _moves(self, class_id: int, place: Place) -> bool:
        change = self._change(class_id, place)
        return change is not None and (change.kind is LessonChange.MOVED or change.subject_id is not None)

    def _gone(self, class_id: int, place: Place) -> bool:
        """Say whether nobody could set homework there: no lesson, or not in its place, or another subject."""
        change = self._change(class_id, place)
        return change is not None and (
            change.kind is not LessonChange.REPLACED or change.subject_id is not None
        )

    def _change(self, class_id: int, place: Place) -> Change | None:
        on = self._lessons.since + timedelta(days=place.day)
        return self._lessons.changes((class_id, week_of(on))).get(place)

    def _task(self, dice: Dice, due: Lesson, given: Lesson) -> Timeline[HomeworkTask]:
        planned = due.planned or due.half
        half = given.half
        zone = self._lessons.school(due.class_id).zone
        rich = due.class_id in self._rich
        created = datetime.combine(given.on, half.ends, tzinfo=zone) + timedelta(minutes=dice.below(25))
        if dice.chance(25):
            created = datetime.combine(given.on, time(17, dice.below(60)), tzinfo=zone)
        number = ids.task_id(due.id, 0)
        text = _text(dice, planned.subject_id)
        first_grade = ids.class_key(due.class_id)[1] == 1
        files = dice.between(1, 2) if dice.chance(30 if rich else 9) else 0
        task = HomeworkTask(
            id=number,
            class_id=due.class_id,
            group_id=ids.group_id(due.class_id, planned.subject_id, due.subgroup or 0),
            subgroup=due.subgroup,
            subject_id=planned.subject_id,
            teacher_id=half.teacher_id,
            assigned_lesson_id=given.id,
            due_lesson_id=due.id,
            assigned_on=given.on,
            due_on=planned.on,
            text=text,
            required=False if first_grade else dice.weighed(((78, True), (14, None), (8, False))),
            minutes=dice.pick((10, 15, 20, 30, 45)) if dice.chance(60) else None,
            attachments=tuple(attachment(number, place) for place in range(files)),
            materials=self._materials(dice, number, given, frequent=rich),
            created_at=created,
            edited_at=None,
            history=(),
            done=False,
        )
        edited = created + timedelta(minutes=dice.between(40, 200))
        if not dice.chance(20 if rich else 5) or edited.date() >= planned.on:
            return ((created, task),)
        later = replace(
            task,
            text=EDITED_HOMEWORK.format(text=text),
            edited_at=edited,
            history=(HomeworkVersion(text=text, until=edited),),
        )
        return ((created, task), (edited, later))

    def _materials(
        self, dice: Dice, task_id: int, given: Lesson, *, frequent: bool
    ) -> tuple[DigitalMaterial, ...]:
        hosts = self._lessons.school(given.class_id).hosts
        if not hosts & {MOSCOW_HOST, REGION_HOST} or not dice.chance(25 if frequent else 8):
            return ()
        kind, title, mode = dice.pick(_MATERIALS)
        return (
            DigitalMaterial(
                id=task_id,
                uuid=ids.uuid(self._seed, task_id),
                title=f"{title}: {given.topic or SUBJECTS[given.subject_id].name}",
                kind=kind,
                mode=mode,
                url=f"https://library.example.test/{kind}/{task_id}",
            ),
        )


def task_of(timeline: Timeline[HomeworkTask]) -> HomeworkTask:
    """Return a task as it will be when everything about it is known."""
    task = timeline[-1][1]
    if task is None:
        raise ValueError("a generated task never disappears")
    return task


def _text(dice: Dice, subject_id: int) -> str:
    first = dice.between(3, 40)
    return dice.pick(HOMEWORK.get(subject_id, BOOK_HOMEWORK)).format(
        a=first,
        b=dice.between(2, 6),
        i=first + 1,
        c=dice.between(40, 120),
        d=(exercise := dice.between(100, 600)),
        e=exercise + dice.between(2, 9),
        f=dice.between(7, 12),
        g=exercise + dice.between(2, 5),
        h=dice.between(121, 140),
    )
