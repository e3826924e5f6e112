"""The marks of one pupil, a week of lessons at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal

from diary_sandbox.world import ids
from diary_sandbox.world.attendance import AbsenceKind
from diary_sandbox.world.dice import Dice
from diary_sandbox.world.generate.attendance import Attendance
from diary_sandbox.world.generate.lessons import Lessons
from diary_sandbox.world.lessons import Lesson
from diary_sandbox.world.marks import Mark, MarkVersion, Point, PointState
from diary_sandbox.world.memo import Memo
from diary_sandbox.world.places import DNEVNIK_HOST, ControlForm, LessonKind, WorkKind
from diary_sandbox.world.reading import status_of, values_of
from diary_sandbox.world.timeline import Timeline
from diary_sandbox.world.words.subjects import ART, CRAFT, MUSIC, RUSSIAN, SPORT, SUBJECTS
from diary_sandbox.world.words.texts import IN_COMMENT, MARK_COMMENTS, POINT_COMMENT

_ORDINARY = (
    (40, WorkKind.CLASS_WORK),
    (28, WorkKind.ORAL),
    (22, WorkKind.HOMEWORK),
    (8, WorkKind.TEST),
    (3, WorkKind.CORRECTION),
)
_EASY = frozenset({SPORT, MUSIC, ART, CRAFT})
_MARKED_LESSONS = 15
"""Of a hundred lessons of one pupil, how many bring an ordinary mark."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is written in one cell, before it becomes a mark."""

    display: str
    kind: WorkKind
    comment: str | None = None
    was: str | None = None
    """Written first and corrected later."""
    point_days: int | None = None
    """A «точка» to be paid within so many days."""
    paid: bool = False


class Marks:
    """Marks of every pupil."""

    def __init__(self, seed: int, lessons: Lessons, attendance: Attendance, rich: frozenset[int]) -> None:
        """Know the lessons and who missed them.

        Args:
            seed: Of the world.
            lessons: For the schools and their kinds of work.
            attendance: Nobody gets a mark for a lesson missed.
            rich: Pupils who get every sort of mark in turn.
        """
        self._seed = seed
        self._lessons = lessons
        self._attendance = attendance
        self._rich = rich
        self.week = Memo(self._week, 20_000)
        self._forms = Memo(self._forms_of, 1_000)

    def form(self, school_id: int, kind: WorkKind) -> ControlForm:
        """Return what a school calls a kind of work."""
        return self._forms(school_id)[kind]

    def value(self, child_id: int, subject_id: int, dice: Dice) -> int:
        """Return what a pupil gets in a subject at one throw."""
        gift = Dice(self._seed, "gift", child_id)
        level = gift.between(330, 470) + Dice(self._seed, "skill", child_id, subject_id).between(-45, 45)
        level += 40 if subject_id in _EASY else 0
        return min(5, max(2, (level + dice.between(-75, 75) + 50) // 100))

    def _forms_of(self, school_id: int) -> dict[WorkKind, ControlForm]:
        school = self._lessons.school(ids.class_id(school_id, 1, 0))
        return {form.kind: form for form in school.control_forms}

    def _week(self, key: tuple[int, int]) -> tuple[Timeline[Mark], ...]:
        child_id, week = key
        class_id = ids.class_of(child_id)
        if ids.class_key(class_id)[1] == 1:
            return ()
        missed = {a.lesson_id for a in self._attendance.week(key) if a.kind is AbsenceKind.ABSENT}
        lessons = [
            lesson
            for lesson in self._attendance.lessons(child_id, week)
            if lesson.id not in missed
            and lesson.kind is LessonKind.REGULAR
            and SUBJECTS[lesson.subject_id].marked
        ]
        drafts = self._rich_drafts(child_id, week, lessons) if child_id in self._rich else {}
        return tuple(
            line
            for lesson in lessons
            for ordinal, draft in enumerate(drafts.get(lesson.id) or self._drafts(child_id, lesson))
            for line in (self._mark(child_id, lesson, ordinal, draft),)
        )

    def _drafts(self, child_id: int, lesson: Lesson) -> Iterator[Draft]:
        key = ids.lesson_key(lesson.id)
        dice = Dice(self._seed, "mark", child_id, key.day, key.slot)
        forms = {form.id: form.kind for form in self._forms(ids.school_of(lesson.class_id)).values()}
        control = forms[lesson.control_form_id] if lesson.control_form_id else None
        if control is None and not dice.chance(_MARKED_LESSONS):
            return
        kind = control or dice.weighed(_ORDINARY)
        value = self.value(child_id, lesson.subject_id, dice)
        comment = dice.pick(MARK_COMMENTS) if dice.chance(12) else None
        if control and lesson.subject_id == RUSSIAN and dice.chance(40):
            second = min(5, max(2, value + dice.between(-1, 1)))
            yield Draft(f"{value}/{second}", kind, comment)
            return
        if lesson.subject_id in _EASY and dice.chance(10):
            yield Draft("осв" if lesson.subject_id == SPORT and dice.chance(25) else "зач", kind, comment)
            return
        if dice.chance(2):
            yield Draft("н/а", kind, None)
            return
        was = str(max(2, value - 1)) if dice.chance(3) and value > 2 else None
        yield Draft(_signed(value, dice), kind, comment, was=was)
        if dice.chance(4):
            yield Draft(str(self.value(child_id, lesson.subject_id, dice)), WorkKind.HOMEWORK)

    def _rich_drafts(self, child_id: int, week: int, lessons: list[Lesson]) -> dict[int, list[Draft]]:
        """Return the week's special marks by lesson; each sort comes at least every second week."""
        free = [lesson for lesson in lessons if lesson.control_form_id is None]
        odd = week % 2 == 1
        wishes = [
            Draft("4", WorkKind.ORAL, "Хороший пересказ", was="3"),
            Draft("5-", WorkKind.CLASS_WORK),
            Draft("5", WorkKind.HOMEWORK),
            Draft("3/5" if odd else "4/4", WorkKind.TEST),
            Draft("зач" if odd else "осв", WorkKind.CLASS_WORK),
            Draft("н/а" if odd else "4+", WorkKind.ORAL),
            Draft("4", WorkKind.CORRECTION if odd else WorkKind.HOMEWORK),
        ]
        if free and DNEVNIK_HOST not in self._lessons.school(free[0].class_id).hosts:
            point = Draft("2", WorkKind.ORAL, POINT_COMMENT, point_days=16, paid=odd)
            grade = Draft("См", WorkKind.TEST, IN_COMMENT.format(value="4,5"))
            wishes[1:1] = [point, grade]
        shuffled = Dice(self._seed, "rich marks", child_id, week).shuffled(free)
        return {lesson.id: [draft] for lesson, draft in zip(shuffled, wishes, strict=False)}

    def _mark(self, child_id: int, lesson: Lesson, ordinal: int, draft: Draft) -> Timeline[Mark]:
        key = ids.lesson_key(lesson.id)
        dice = Dice(self._seed, "entry", child_id, key.day, key.slot, ordinal)
        school = self._lessons.school(lesson.class_id)
        form = self.form(school.id, draft.kind)
        ended = datetime.combine(lesson.on, lesson.half.ends, tzinfo=school.zone)
        entered = ended + timedelta(minutes=dice.between(1, 100))
        if form.important:
            later = lesson.on + timedelta(days=dice.between(1, 4))
            entered = datetime.combine(later, time(dice.between(14, 20), dice.below(60)), tzinfo=school.zone)
        written = draft.was or draft.display
        due = lesson.on + timedelta(days=draft.point_days) if draft.point_days else None
        mark = Mark(
            id=ids.cell_id(ids.CellKey(child_id, key.day, key.slot, ordinal)),
            child_id=child_id,
            lesson_id=lesson.id,
            class_id=lesson.class_id,
            subject_id=lesson.subject_id,
            teacher_id=lesson.half.teacher_id,
            on=lesson.on,
            ordinal=ordinal,
            display=written,
            status=status_of(written),
            values=values_of(written),
            weight=form.weight,
            control_form_id=form.id,
            comment=draft.comment,
            exam=(form.weight or 1) > 1,
            point=Point(due, PointState.OPEN) if due else None,
            entered_at=entered,
            edited_at=None,
            history=(),
        )
        if mark.point:
            return self._point(mark, mark.point, paid=draft.paid, dice=dice)
        if draft.was is None:
            return ((entered, mark),)
        edited = entered + timedelta(minutes=dice.between(60, 3000))
        return ((entered, mark), (edited, rewritten(mark, draft.display, mark.comment, edited)))

    def _point(self, mark: Mark, point: Point, *, paid: bool, dice: Dice) -> Timeline[Mark]:
        zone = mark.entered_at.tzinfo
        if paid:
            turned = datetime.combine(point.due_on, time(13, dice.below(60)), tzinfo=zone)
            paid_mark = rewritten(mark, "4", None, turned)
            paid_mark = replace(paid_mark, point=Point(point.due_on, PointState.TURNED, turned))
            return ((mark.entered_at, mark), (turned, paid_mark))
        expired = datetime.combine(point.due_on + timedelta(days=1), time(0), tzinfo=zone)
        overdue = replace(mark, point=Point(point.due_on, PointState.EXPIRED))
        return ((mark.entered_at, mark), (expired, overdue))


def rewritten(mark: Mark, display: str, comment: str | None, at: datetime) -> Mark:
    """Return a mark written anew, its old version in its history."""
    return replace(
        mark,
        display=display,
        status=status_of(display),
        values=values_of(display),
        comment=comment,
        edited_at=at,
        history=(*mark.history, MarkVersion(mark.display, mark.comment, at)),
    )


def mean(marks: list[Mark]) -> Decimal | None:
    """Return the mean of the counting marks, weighed where they carry weights; None when nothing counts."""
    total = weights = Decimal(0)
    for mark in marks:
        if mark.counts:
            weight = Decimal(1 if mark.weight is None else mark.weight)
            total += weight * sum(mark.values, Decimal(0))
            weights += weight * len(mark.values)
    return total / weights if weights else None


def _signed(value: int, dice: Dice) -> str:
    throw = dice.below(100)
    if throw < 4 and value > 2:
        return f"{value}-"
    return f"{value}+" if throw < 6 and 2 < value < 5 else str(value)
