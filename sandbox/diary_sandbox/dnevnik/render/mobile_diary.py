"""The phone API's diary, a week at a time; here a cancelled lesson does say so."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import groupby
from pathlib import PurePath

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.journal import PlacedMark, journal_lessons
from diary_sandbox.dnevnik.lesson_book import LessonBook
from diary_sandbox.dnevnik.moments import local_midnight
from diary_sandbox.dnevnik.render.groups import class_name, lesson_group_id, subgroup_wire
from diary_sandbox.dnevnik.render.marks import mark_id, mark_wire
from diary_sandbox.dnevnik.render.work_types import is_control
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import Attachment, Child, HomeworkTask, Lesson, LessonChange, Remark, World

FileUrl = Callable[[int], str]
"""From a file's number in the world to its link."""


def mobile_week(world: World, child: Child, monday: date, url: FileUrl) -> Wire:
    """Return one week, seven days from its Monday."""
    sunday = monday + timedelta(days=6)
    week = _Week(world, child, monday, sunday, url)
    days = [week.day(monday + timedelta(days=number)) for number in range(7)]
    return {
        "id": monday.isoformat(),
        "homeworksCount": len(world.homework(child.id, monday, sunday)),
        "firstWeekDayDate": local_midnight(monday),
        "lastWeekDayDate": local_midnight(sunday),
        "days": days,
    }


class _Week:
    """What the days of a week are made of."""

    def __init__(self, world: World, child: Child, monday: date, sunday: date, url: FileUrl) -> None:
        self._world = world
        self._url = url
        self._book = LessonBook(world, child.class_id, [child], monday, sunday)
        self._lessons = journal_lessons(world.lessons(child.id, monday, sunday))
        self._marks = self._book.marks(child)
        self._remarks = {one.lesson_id: one for one in world.remarks(child.id, monday, sunday)}

    def day(self, on: date) -> Wire:
        """Return a day, its lessons in order."""
        lessons = [one for one in self._lessons if one.on == on]
        with_homework = [one for one in lessons if self._book.tasks(one)]
        completed = [one for one in with_homework if all(task.done for task in self._book.tasks(one))]
        return {
            "date": local_midnight(on),
            "hasImportantWork": any(self._important(one) for one in lessons),
            "dayHomeworksProgress": {
                "totalLessonsWithHomeworksCount": len(with_homework),
                "completedLessonsWithHomeworksCount": len(completed),
                "lessonWithHomeworksIds": [wire_id(Space.LESSON, one.id) for one in with_homework],
            },
            "lessons": [self._lesson(one) for one in lessons],
            "messengerEntryPoint": None,
        }

    def _lesson(self, lesson: Lesson) -> Wire:
        half = lesson.half
        subject = self._world.subject(half.subject_id)
        homework = self._homework(self._book.tasks(lesson))
        return {
            "id": wire_id(Space.LESSON, lesson.id),
            "number": half.slot,
            "place": half.room,
            "startDateTime": f"{half.on.isoformat()}T{half.starts:%H:%M:%S}",
            "endDateTime": f"{half.on.isoformat()}T{half.ends:%H:%M:%S}",
            "isCanceled": lesson.change is LessonChange.CANCELLED,
            "theme": lesson.topic,
            "subject": {
                "id": wire_id(Space.SUBJECT, subject.id),
                "name": subject.name,
                "knowledgeArea": subject.area,
                "subjectMood": None,
            },
            "importantWorks": self._important(lesson),
            "homework": homework,
            "hasAttachment": any(task.attachments for task in self._book.tasks(lesson)),
            "workMarks": self._work_marks([one for one in self._marks if one.mark.lesson_id == lesson.id]),
            "isEmpty": False,
            "comment": self._comment(self._remarks.get(lesson.id)),
            "teacher": self._teacher(lesson),
            "group": self._group(lesson),
        }

    def _important(self, lesson: Lesson) -> list[str]:
        return [column.form.name for column in self._book.columns(lesson) if is_control(column.form)]

    def _homework(self, tasks: Sequence[HomeworkTask]) -> Wire | None:
        """Return all tasks of a lesson as one homework: the phone API has room for one."""
        if not tasks:
            return None
        return {
            "workIsAttachRequired": False,
            "attachments": [self._attachment(one) for task in tasks for one in task.attachments],
            "text": "\n".join(task.text for task in tasks),
            "isCompleted": all(task.done for task in tasks),
        }

    def _attachment(self, attachment: Attachment) -> Wire:
        name = PurePath(attachment.name)
        return {
            "extension": name.suffix.removeprefix("."),
            "fileId": str(wire_id(Space.FILE, attachment.id)),
            "fileLink": self._url(attachment.id),
            "fileName": name.stem,
        }

    def _work_marks(self, entries: Sequence[PlacedMark]) -> list[Wire]:
        ordered = sorted(entries, key=lambda one: (one.column_id, one.number))
        return [
            {
                "workId": column_id,
                "marks": [
                    {"id": mark_id(one), "value": one.text, "mood": mark_wire(self._world, one)["mood"]}
                    for one in group
                ],
            }
            for column_id, group in groupby(ordered, key=lambda one: one.column_id)
        ]

    def _comment(self, remark: Remark | None) -> Wire | None:
        if remark is None:
            return None
        author = self._world.teacher(remark.teacher_id).person.name.full
        return {"author": author, "text": remark.text, "date": local_midnight(remark.on)}

    def _teacher(self, lesson: Lesson) -> Wire:
        """Return the teacher; now and then a nobody with the number 0, as the real one sends."""
        person = self._world.teacher(lesson.half.teacher_id).person
        nobody = lesson.subgroup is not None and lesson.id % 3 == 0
        return {
            "personId": 0 if nobody else wire_id(Space.TEACHER_PERSON, lesson.half.teacher_id),
            "firstName": "" if nobody else person.name.first,
            "middleName": "" if nobody else person.name.middle,
            "lastName": "" if nobody else person.name.last,
            "avatarUrl": None,
        }

    def _group(self, lesson: Lesson) -> Wire:
        own = self._world.class_group(lesson.class_id)
        if lesson.subgroup is None:
            return {
                "id": lesson_group_id(lesson),
                "parentId": None,
                "name": class_name(own),
                "parentName": None,
            }
        subgroup = subgroup_wire(self._world, self._world.study_group(lesson.group_id))
        return {
            "id": lesson_group_id(lesson),
            "parentId": wire_id(Space.CLASS, own.id),
            "name": subgroup["name"],
            "parentName": class_name(own),
        }
