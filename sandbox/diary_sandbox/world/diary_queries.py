"""Questions about lessons, homework, marks and absences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from diary_sandbox.world import ids
from diary_sandbox.world.archive import PastYear
from diary_sandbox.world.attendance import Absence, AbsenceDay, AbsenceKind
from diary_sandbox.world.dice import Dice
from diary_sandbox.world.generate.files import attachment_bytes
from diary_sandbox.world.generate.lessons import week_of
from diary_sandbox.world.generate.marks import mean
from diary_sandbox.world.homework import Attachment, HomeworkTask, Tick
from diary_sandbox.world.lessons import Lesson
from diary_sandbox.world.marks import Mark, TermResult
from diary_sandbox.world.places import LessonKind
from diary_sandbox.world.places_queries import PlacesQueries
from diary_sandbox.world.timeline import Timeline, known

_LATEST_ENTRY = timedelta(days=5)
"""Generated marks are entered within so many days of their lesson."""


class DiaryQueries(PlacesQueries):
    """The diary proper, as it is known now. Spans are school dates, both ends inclusive."""

    def class_lessons(self, class_id: int, since: date, until: date) -> tuple[Lesson, ...]:
        """Return the lessons of a class with all its subgroups and clubs, by day and time.

        A moved lesson stands on the day it was moved to.
        """
        base = (line for week in self._weeks(since, until) for line in self._lessons.week((class_id, week)))
        local = self._local(class_id)
        found = [
            _seen(lesson, local)
            for lesson in self._overlay.merged(Lesson, class_id, base, self.now)
            if since <= lesson.on <= until
        ]
        found.sort(key=lambda lesson: (lesson.on, lesson.half.starts, lesson.subgroup or 0, lesson.id))
        return tuple(found)

    def lessons(self, child_id: int, since: date, until: date) -> tuple[Lesson, ...]:
        """Return a pupil's lessons, own subgroup and clubs only, by day and time of the half that holds."""
        child = self._census.child(child_id)
        return tuple(
            lesson
            for lesson in self.class_lessons(child.class_id, since, until)
            if self._attends(child_id, child.subgroup, lesson)
        )

    def lesson(self, lesson_id: int) -> Lesson:
        """Return a lesson."""
        class_id = ids.lesson_key(lesson_id).class_id
        line = self._lesson_line(lesson_id)
        for lesson in self._overlay.merged(Lesson, class_id, (line,) if line else (), self.now):
            if lesson.id == lesson_id:
                return _seen(lesson, self._local(class_id))
        raise KeyError(lesson_id)

    def class_homework(
        self, class_id: int, since: date, until: date, by: Literal["due", "assigned"] = "due"
    ) -> tuple[HomeworkTask, ...]:
        """Return the homework of a class with all its subgroups; nobody's tick is on it."""
        last = until if by == "due" else until + timedelta(days=60)
        base = (line for week in self._weeks(since, last) for line in self._homework.week((class_id, week)))
        found = [
            task
            for task in self._overlay.merged(HomeworkTask, class_id, base, self.now)
            if since <= (task.due_on if by == "due" else task.assigned_on) <= until
        ]
        found.sort(key=lambda task: (task.due_on, task.due_lesson_id, task.id))
        return tuple(found)

    def homework(
        self, child_id: int, since: date, until: date, by: Literal["due", "assigned"] = "due"
    ) -> tuple[HomeworkTask, ...]:
        """Return a pupil's homework given by now, by due day, lesson and id."""
        child = self._census.child(child_id)
        return tuple(
            self._ticked(child_id, task)
            for task in self.class_homework(child.class_id, since, until, by)
            if task.subgroup in (None, child.subgroup)
        )

    def task(self, task_id: int, child_id: int) -> HomeworkTask:
        """Return one task as one pupil sees it; KeyError when it is not this pupil's, or not given yet."""
        child = self._census.child(child_id)
        line = self._task_line(task_id)
        for task in self._overlay.merged(HomeworkTask, child.class_id, (line,) if line else (), self.now):
            if (
                task.id == task_id
                and task.class_id == child.class_id
                and task.subgroup in (None, child.subgroup)
            ):
                return self._ticked(child_id, task)
        raise KeyError(task_id)

    def attachment_bytes(self, attachment_id: int) -> tuple[Attachment, bytes]:
        """Return a file with its content, once its task is given."""
        task_id = attachment_id // 4
        class_id = ids.lesson_key(ids.task_key(task_id)[0]).class_id
        line = self._task_line(task_id)
        for task in self._overlay.merged(HomeworkTask, class_id, (line,) if line else (), self.now):
            for attachment in task.attachments:
                if attachment.id == attachment_id:
                    return attachment, attachment_bytes(attachment_id)
        raise KeyError(attachment_id)

    def marks(
        self, child_id: int, since: date, until: date, by: Literal["lesson", "entered"] = "lesson"
    ) -> tuple[Mark, ...]:
        """Return a pupil's marks entered by now, by day of the lesson and id.

        `by` chooses what the span is about: the day of the lesson, or the day of the entry.
        """
        first = since if by == "lesson" else since - _LATEST_ENTRY
        base = (line for week in self._weeks(first, until) for line in self._marks.week((child_id, week)))
        found = [
            mark
            for mark in self._overlay.merged(Mark, child_id, base, self.now)
            if since <= (mark.on if by == "lesson" else mark.entered_at.date()) <= until
        ]
        found.sort(key=lambda mark: (mark.on, mark.id))
        return tuple(found)

    def class_marks(self, class_id: int, since: date, until: date) -> tuple[Mark, ...]:
        """Return the marks of a whole class by pupil, day of the lesson and id."""
        size = self._roster.class_size(class_id)
        pupils = (ids.child_id(class_id, seat) for seat in range(size))
        return tuple(mark for child_id in pupils for mark in self.marks(child_id, since, until))

    def mark(self, mark_id: int) -> Mark:
        """Return a mark."""
        child_id = ids.cell_key(mark_id).child_id
        line = self._mark_line(mark_id)
        for mark in self._overlay.merged(Mark, child_id, (line,) if line else (), self.now):
            if mark.id == mark_id:
                return mark
        raise KeyError(mark_id)

    def results(self, child_id: int) -> tuple[TermResult, ...]:
        """Return a pupil's results entered by now, by subject, then time."""
        today = self._local(ids.class_of(child_id)).date()
        base = (((result.entered_at, result),) for result in self._results.entered_by(child_id, today))
        found = list(self._overlay.merged(TermResult, child_id, base, self.now))
        found.sort(key=lambda result: (result.subject_id, result.entered_at, result.id))
        return tuple(found)

    def past_years(self, child_id: int) -> tuple[PastYear, ...]:
        """Return what is kept of a pupil's former years, the latest first; two at most."""
        self._census.child(child_id)
        return self._archive.years(child_id)

    def average(self, child_id: int, subject_id: int, since: date, until: date) -> Decimal | None:
        """Return the mean of the counting marks of a span, weighed where the school weighs.

        None when nothing counts. Exact to 28 digits: each system rounds it in its own way.
        """
        return mean([mark for mark in self.marks(child_id, since, until) if mark.subject_id == subject_id])

    def absences(self, child_id: int, since: date, until: date) -> tuple[Absence, ...]:
        """Return missed and late lessons entered by now, by day and lesson."""
        base = (
            ((absence.entered_at, absence),)
            for week in self._weeks(since, until)
            for absence in self._attendance.week((child_id, week))
        )
        merged: Iterable[Absence] = self._overlay.merged(Absence, child_id, base, self.now)
        found = [absence for absence in merged if since <= absence.on <= until]
        found.sort(key=lambda absence: (absence.on, absence.lesson_id))
        return tuple(found)

    def absence_days(self, child_id: int, since: date, until: date) -> tuple[AbsenceDay, ...]:
        """Return the days with missed lessons, in order."""
        days: dict[date, list[Absence]] = {}
        for absence in self.absences(child_id, since, until):
            if absence.kind is AbsenceKind.ABSENT:
                days.setdefault(absence.on, []).append(absence)
        local = self._local(ids.class_of(child_id))
        found: list[AbsenceDay] = []
        for on, absences in days.items():
            missed = {absence.lesson_id for absence in absences}
            held = [
                lesson.id
                for lesson in self.lessons(child_id, on, on)
                if lesson.actual is not None
                and lesson.kind is not LessonKind.ADDITIONAL
                and datetime.combine(on, lesson.half.starts) <= local
            ]
            found.append(AbsenceDay(child_id, on, tuple(absences), whole_day=missed.issuperset(held)))
        return tuple(found)

    def _attends(self, child_id: int, subgroup: int, lesson: Lesson) -> bool:
        if lesson.kind is LessonKind.ADDITIONAL:
            return self._in_club(child_id, lesson.subject_id)
        return lesson.subgroup in (None, subgroup)

    def _lesson_line(self, lesson_id: int) -> Timeline[Lesson] | None:
        return self._lessons.truth(lesson_id)

    def _task_line(self, task_id: int) -> Timeline[HomeworkTask] | None:
        return self._homework.truth(task_id)

    def _mark_line(self, mark_id: int) -> Timeline[Mark] | None:
        key = ids.cell_key(mark_id)
        self._census.child(key.child_id)
        day = self._on(key.day)
        # a moved lesson's marks are found in the week the lesson was planned for, as moves stay in the week
        for line in self._marks.week((key.child_id, week_of(day))):
            first = line[0][1]
            if first is not None and first.id == mark_id:
                return line
        return None

    def _ticked(self, child_id: int, task: HomeworkTask) -> HomeworkTask:
        done = self._tick(child_id, task)
        return replace(task, done=done) if done != task.done else task

    def _tick(self, child_id: int, task: HomeworkTask) -> bool:
        line = self._overlay.line(Tick, child_id, task.id)
        if line and (tick := known(line, self.now)):
            return tick.done
        habit = Dice(self.seed, "done", child_id, task.id).chance(45)
        return habit and self.now >= task.created_at + timedelta(hours=4)


def _seen(lesson: Lesson, local: datetime) -> Lesson:
    """Return a lesson without what is not known before it has begun, or is over."""
    half = lesson.half
    today = local.date()
    if half.on < today or lesson.actual is None:
        return lesson
    if half.on == today:
        clock: time = local.time()
        if clock >= half.ends:
            return lesson
        if clock >= half.starts:
            return replace(lesson, happened=False)
    return replace(lesson, happened=False, topic=None)
