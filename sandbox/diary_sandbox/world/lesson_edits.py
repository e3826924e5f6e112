"""What a school may do by hand to a whole class: lessons, homework, announcements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

from diary_sandbox.world import ids
from diary_sandbox.world.attendance import Absence
from diary_sandbox.world.generate.files import attachment
from diary_sandbox.world.generate.lessons import week_of
from diary_sandbox.world.homework import HomeworkTask, HomeworkVersion
from diary_sandbox.world.journal_edits import EditRefused, JournalEdits
from diary_sandbox.world.lessons import Lesson, LessonChange, LessonHalf
from diary_sandbox.world.marks import Mark
from diary_sandbox.world.places import LessonKind
from diary_sandbox.world.school_life import Announcement, AnnouncementKind, Gathering, Remark
from diary_sandbox.world.words.subjects import SUBJECTS
from diary_sandbox.world.year import DayKind

_ADDED_A_DAY = 16
_TASKS_A_LESSON = 8
_FILES_A_TASK = 4
_AROUND = timedelta(days=7)


class LessonEdits(JournalEdits):
    """Edits of a class's page, made at the world's clock. Unknown ids raise `KeyError`."""

    def cancel_lesson(self, lesson_id: int) -> Lesson:
        """Cancel a lesson that has not begun; homework due on it stays due that day.

        Raises:
            EditRefused: It has begun, or was cancelled before.
        """
        lesson = self._ahead(lesson_id)
        return self._change(
            replace(
                lesson, actual=None, change=LessonChange.CANCELLED, remote=False, link=None, happened=False
            )
        )

    def replace_lesson(
        self,
        lesson_id: int,
        *,
        teacher_id: int | None = None,
        subject_id: int | None = None,
        room: str | None = None,
    ) -> Lesson:
        """Give a lesson that has not begun another teacher, subject or room.

        Raises:
            EditRefused: It has begun, was cancelled, or the class is not taught the subject.
        """
        lesson = self._ahead(lesson_id)
        if subject_id is not None and subject_id not in self._staff.hours(lesson.class_id):
            raise EditRefused(f"class {lesson.class_id} is not taught subject {subject_id}")
        taught = subject_id or lesson.subject_id
        group = lesson.subgroup or 0
        other = 1 if subject_id is None else 0
        teacher = self.teacher(
            teacher_id or self._staff.teacher_of(lesson.class_id, taught, group, other=other)
        )
        half = replace(lesson.half, subject_id=taught, teacher_id=teacher.id, room=room or lesson.half.room)
        number = ids.group_id(lesson.class_id, taught, group)
        return self._change(replace(lesson, actual=half, change=LessonChange.REPLACED, group_id=number))

    def move_lesson(self, lesson_id: int, on: date, slot: int) -> Lesson:
        """Move a lesson that has not begun to another day or slot; homework due on it moves along.

        Raises:
            EditRefused: It has begun or was cancelled; or the place is past, no school day, or taken.
        """
        lesson = self._ahead(lesson_id)
        half = self._place(lesson.class_id, on, slot, lesson.half, lesson.subgroup)
        moved = self._change(replace(lesson, actual=half, change=LessonChange.MOVED))
        for task in self.class_homework(lesson.class_id, lesson.on, lesson.on):
            if task.due_lesson_id == lesson_id:
                self._amend_task(task, replace(task, due_on=on))
        return moved

    def add_lesson(self, class_id: int, on: date, slot: int, subject_id: int) -> Lesson:
        """Add a lesson for the whole class that was not in the plan.

        Raises:
            EditRefused: The place is past, no school day, or taken; or the class is not taught the subject.
        """
        if subject_id not in self._staff.hours(class_id):
            raise EditRefused(f"class {class_id} is not taught subject {subject_id}")
        day = (on - self.year.since).days
        teacher_id = self._staff.teacher_of(class_id, subject_id, 0)
        room = self.teacher(teacher_id).room
        building = self.class_group(class_id).building_id
        model = LessonHalf(on, slot, time(0), time(0), subject_id, teacher_id, room, building)
        half = self._place(class_id, on, slot, model, None)
        number = self._overlay.free(
            Lesson,
            class_id,
            lambda place: ids.lesson_id(
                ids.LessonKey(class_id, day, ids.FIRST_ADDED_SLOT + place // 4, place % 4)
            ),
            limit=_ADDED_A_DAY,
            taken=set(),
        )
        at = self._moment(class_id)
        lesson = Lesson(
            id=number,
            class_id=class_id,
            kind=SUBJECTS[subject_id].kind,
            group_id=ids.group_id(class_id, subject_id, 0),
            subgroup=None,
            planned=None,
            actual=half,
            change=LessonChange.ADDED,
            changed_at=at,
            happened=True,
            topic=None,
            remote=False,
            link=None,
            control_form_id=None,
        )
        self._overlay.put(Lesson, class_id, number, ((at, lesson),))
        return self.lesson(number)

    def set_topic(self, lesson_id: int, topic: str | None) -> Lesson:
        """Write the topic of a lesson that has begun.

        Raises:
            EditRefused: The lesson has not begun, or was cancelled.
        """
        lesson = self.lesson(lesson_id)
        local = self._local(lesson.class_id)
        if lesson.actual is None or (lesson.on, lesson.half.starts) > (local.date(), local.time()):
            raise EditRefused(f"lesson {lesson_id} has not begun, or was cancelled")
        self._amend_lesson(replace(lesson, topic=topic, happened=True))
        return self.lesson(lesson_id)

    def add_homework(
        self,
        due_lesson_id: int,
        text: str,
        *,
        required: bool | None = True,
        minutes: int | None = None,
        attachments: int = 0,
    ) -> HomeworkTask:
        """Set homework for a lesson that has not begun, on the last lesson of the group before now.

        Args:
            due_lesson_id: The lesson it must be ready for.
            text: Of the task.
            required: None: the teacher does not say.
            minutes: Expected effort.
            attachments: How many invented files to attach, at most four.

        Raises:
            EditRefused: The lesson has begun, or the group had no lesson of the subject yet.
        """
        due = self._ahead(due_lesson_id)
        given = self._last_before_now(due)
        generated = self._homework.week((due.class_id, week_of(self._on(ids.lesson_key(due_lesson_id).day))))
        number = self._overlay.free(
            HomeworkTask,
            due.class_id,
            lambda place: ids.task_id(due_lesson_id, place),
            limit=_TASKS_A_LESSON,
            taken={task.id for line in generated for _, task in line if task},
        )
        at = self._moment(due.class_id)
        task = HomeworkTask(
            id=number,
            class_id=due.class_id,
            group_id=due.group_id,
            subgroup=due.subgroup,
            subject_id=due.subject_id,
            teacher_id=due.half.teacher_id,
            assigned_lesson_id=given.id,
            due_lesson_id=due_lesson_id,
            assigned_on=at.date(),
            due_on=due.on,
            text=text,
            required=required,
            minutes=minutes,
            attachments=tuple(attachment(number, place) for place in range(min(attachments, _FILES_A_TASK))),
            materials=(),
            created_at=at,
            edited_at=None,
            history=(),
            done=False,
        )
        self._overlay.put(HomeworkTask, due.class_id, number, ((at, task),))
        return task

    def edit_homework(self, task_id: int, text: str) -> HomeworkTask:
        """Write a task anew; the old text goes to its history."""
        task = self._class_task(task_id)
        at = self._moment(task.class_id)
        history = (*task.history, HomeworkVersion(task.text, at))
        edited = replace(task, text=text, edited_at=at, history=history)
        self._amend_task(task, edited)
        return edited

    def withdraw_homework(self, task_id: int) -> HomeworkTask:
        """Take a task back and return what it was."""
        task = self._class_task(task_id)
        self._amend_task(task, None)
        return task

    def announce(
        self,
        school_id: int,
        title: str,
        text: str,
        *,
        class_id: int | None = None,
        kind: AnnouncementKind = AnnouncementKind.NEWS,
        gathering: Gathering | None = None,
    ) -> Announcement:
        """Publish an announcement for a school or one of its classes; one with a gathering is of an event.

        Raises:
            EditRefused: The class is another school's.
        """
        school = self.school(school_id)
        if class_id is not None and self.class_group(class_id).school_id != school_id:
            raise EditRefused(f"class {class_id} is not of school {school_id}")
        number = self._overlay.free(
            Announcement,
            school_id,
            lambda place: ids.added_announcement_id(school_id, place),
            limit=ids.ADDED_ANNOUNCEMENTS,
            taken=set(),
        )
        at = self.now.astimezone(school.zone)
        announcement = Announcement(
            id=number,
            school_id=school_id,
            class_id=class_id,
            kind=kind,
            title=title,
            text=text,
            author_id=school.principal_id,
            published_at=at,
            edited_at=None,
            gathering=gathering,
        )
        self._overlay.put(Announcement, school_id, number, ((at, announcement),))
        return announcement

    def _ahead(self, lesson_id: int) -> Lesson:
        lesson = self.lesson(lesson_id)
        local = self._local(lesson.class_id)
        if lesson.actual is None or (lesson.on, lesson.half.starts) <= (local.date(), local.time()):
            raise EditRefused(f"lesson {lesson_id} has begun or was cancelled")
        return lesson

    def _place(
        self, class_id: int, on: date, slot: int, model: LessonHalf, subgroup: int | None
    ) -> LessonHalf:
        """Return a half like the model at a free place ahead."""
        school_id = ids.school_of(class_id)
        bell = next((bell for bell in self.bells(school_id, on) if bell.slot == slot), None)
        days = self.days(school_id, on, on)
        if bell is None or not days or days[0].kind is not DayKind.SCHOOL:
            raise EditRefused(f"there is no slot {slot} on {on}")
        local = self._local(class_id)
        if (on, bell.starts) <= (local.date(), local.time()):
            raise EditRefused(f"slot {slot} on {on} is past")
        for other in self.class_lessons(class_id, on, on):
            apart = subgroup is not None and other.subgroup is not None and other.subgroup != subgroup
            if other.actual is not None and other.half.slot == slot and not apart:
                raise EditRefused(f"slot {slot} on {on} is taken by lesson {other.id}")
        return replace(model, on=on, slot=slot, starts=bell.starts, ends=bell.ends)

    def _change(self, lesson: Lesson) -> Lesson:
        """Hold a lesson changed now, and drop what the generated future had for it."""
        changed = replace(lesson, changed_at=self._moment(lesson.class_id))
        line = self._lessons.truth(lesson.id)
        final = line[-1][1] if line else None
        known_later = changed.actual is not None and changed.change is not LessonChange.CANCELLED
        topic = final.topic if final and known_later else None
        self._drop_future(lesson)
        self._amend_lesson(replace(changed, topic=topic, happened=known_later))
        return self.lesson(lesson.id)

    def _drop_future(self, lesson: Lesson) -> None:
        """Remove marks, absences, remarks and homework that were still to come from or for this lesson."""
        now, on = self.now, self._on(ids.lesson_key(lesson.id).day)
        week = week_of(on)
        for child in range(self._roster.class_size(lesson.class_id)):
            child_id = ids.child_id(lesson.class_id, child)
            for line in self._marks.week((child_id, week)):
                mark = line[0][1]
                if mark and mark.lesson_id == lesson.id and line[0][0] > now:
                    self._overlay.amend(Mark, child_id, None, thing_id=mark.id, base=(), at=now)
            for absence in self._attendance.week((child_id, week)):
                if absence.lesson_id == lesson.id and absence.entered_at > now:
                    self._overlay.amend(Absence, child_id, None, thing_id=absence.id, base=(), at=now)
            for remark in self._correspondence.remarks((child_id, week)):
                if remark.lesson_id == lesson.id and remark.entered_at > now:
                    self._overlay.amend(Remark, child_id, None, thing_id=remark.id, base=(), at=now)
        for later in self._weeks(on, self.year.until):
            for line in self._homework.week((lesson.class_id, later)):
                created, task = line[0]
                if task and created > now and lesson.id in (task.assigned_lesson_id, task.due_lesson_id):
                    self._overlay.amend(HomeworkTask, task.class_id, None, thing_id=task.id, base=(), at=now)

    def _amend_lesson(self, lesson: Lesson) -> None:
        base = self._lessons.truth(lesson.id) or ()
        self._overlay.amend(Lesson, lesson.class_id, lesson, thing_id=lesson.id, base=base, at=self.now)

    def _amend_task(self, task: HomeworkTask, state: HomeworkTask | None) -> None:
        base = self._homework.truth(task.id) or ()
        self._overlay.amend(HomeworkTask, task.class_id, state, thing_id=task.id, base=base, at=self.now)

    def _class_task(self, task_id: int) -> HomeworkTask:
        due_lesson_id, _ = ids.task_key(task_id)
        key = ids.lesson_key(due_lesson_id)
        on = self._on(key.day)
        for task in self.class_homework(key.class_id, on - _AROUND, self.year.until):
            if task.id == task_id:
                return task
        raise KeyError(task_id)

    def _last_before_now(self, due: Lesson) -> Lesson:
        today = self._local(due.class_id).date()
        lessons = self.class_lessons(due.class_id, today - timedelta(days=30), today)
        held = [
            lesson
            for lesson in lessons
            if lesson.happened and lesson.subject_id == due.subject_id and lesson.subgroup == due.subgroup
        ]
        if not held or due.kind is not LessonKind.REGULAR:
            raise EditRefused(f"nothing can be set for lesson {due.id}: the group had no such lesson yet")
        return held[-1]
