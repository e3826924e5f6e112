"""What a teacher may do to one pupil's page by hand: marks, results, absences, remarks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from diary_sandbox.world import ids
from diary_sandbox.world.attendance import Absence, AbsenceKind, AbsenceReason
from diary_sandbox.world.generate.lessons import week_of
from diary_sandbox.world.generate.marks import rewritten
from diary_sandbox.world.lessons import Lesson
from diary_sandbox.world.life_queries import LifeQueries
from diary_sandbox.world.marks import Mark, MarkStatus, Point, PointState, ResultKind, TermResult
from diary_sandbox.world.people_queries import PeopleQueries
from diary_sandbox.world.places import ControlForm, LessonKind, WorkKind
from diary_sandbox.world.reading import status_of, values_of
from diary_sandbox.world.school_life import Remark, RemarkKind
from diary_sandbox.world.words.subjects import SUBJECTS

_MARKS_A_CELL = 10


class EditRefused(ValueError):
    """The school would not do that; the message says why."""


class JournalEdits(PeopleQueries, LifeQueries):
    """Edits of one pupil's page, made at the world's clock. Unknown ids raise `KeyError`."""

    def set_mark(
        self,
        child_id: int,
        lesson_id: int,
        display: str,
        *,
        form: WorkKind = WorkKind.CLASS_WORK,
        comment: str | None = None,
        point_due_on: date | None = None,
    ) -> Mark:
        """Give a pupil a mark on a lesson that is over.

        Args:
            child_id: The pupil.
            lesson_id: A lesson this pupil was on.
            display: As the school writes it: `5`, `4-`, `3/5`, `н/а`, `зач`, `осв`, `См`.
            form: What it is for; it brings the school's weight.
            comment: The teacher's words.
            point_due_on: Makes it a «точка» with this deadline.

        Raises:
            EditRefused: The lesson is not over, brings no marks, or the school writes no such mark.
        """
        lesson = self._page_lesson(child_id, lesson_id)
        if not lesson.happened or not SUBJECTS[lesson.subject_id].marked:
            raise EditRefused(f"lesson {lesson_id} is not over, or brings no marks")
        if any(absence.lesson_id == lesson_id for absence in self._missed(child_id, lesson.on)):
            raise EditRefused(f"pupil {child_id} missed lesson {lesson_id}")
        key = ids.lesson_key(lesson_id)
        generated = self._marks.week((child_id, week_of(self._on(key.day))))
        number = self._overlay.free(
            Mark,
            child_id,
            lambda place: ids.cell_id(ids.CellKey(child_id, key.day, key.slot, place)),
            limit=_MARKS_A_CELL,
            taken={mark.id for line in generated for _, mark in line if mark},
        )
        control_form = self._form(lesson, form)
        mark = Mark(
            id=number,
            child_id=child_id,
            lesson_id=lesson_id,
            class_id=lesson.class_id,
            subject_id=lesson.subject_id,
            teacher_id=lesson.half.teacher_id,
            on=lesson.on,
            ordinal=ids.cell_key(number).ordinal,
            display=display,
            status=_status(display),
            values=values_of(display),
            weight=control_form.weight,
            control_form_id=control_form.id,
            comment=comment,
            exam=(control_form.weight or 1) > 1,
            point=Point(point_due_on, PointState.OPEN) if point_due_on else None,
            entered_at=self._moment(lesson.class_id),
            edited_at=None,
            history=(),
        )
        self._overlay.put(Mark, child_id, number, ((mark.entered_at, mark),))
        if point_due_on:
            overdue = replace(mark, point=Point(point_due_on, PointState.EXPIRED))
            expires = self._midnight(lesson.class_id, point_due_on + timedelta(days=1))
            self._overlay.put(Mark, child_id, number, ((mark.entered_at, mark), (expires, overdue)))
        return mark

    def change_mark(self, mark_id: int, display: str, *, comment: str | None = None) -> Mark:
        """Write a mark anew; the old version goes to its history, a «точка» becomes an ordinary mark.

        Raises:
            EditRefused: The school writes no such mark.
        """
        before = self.mark(mark_id)
        _status(display)
        at = self._moment(before.class_id)
        mark = rewritten(before, display, comment if comment is not None else before.comment, at)
        if mark.point:
            mark = replace(mark, point=Point(mark.point.due_on, PointState.TURNED, at))
        self._amend_mark(mark_id, mark)
        return mark

    def withdraw_mark(self, mark_id: int) -> Mark:
        """Take a mark out of the journal and return what it was."""
        mark = self.mark(mark_id)
        self._amend_mark(mark_id, None)
        return mark

    def set_result(
        self,
        child_id: int,
        subject_id: int,
        term_id: int,
        display: str,
        *,
        kind: ResultKind = ResultKind.TERM,
    ) -> TermResult:
        """Set or change the result of a term or the year.

        Raises:
            EditRefused: The class is not taught the subject, has no such term, or writes no such mark.
        """
        class_id = self._census.child(child_id).class_id
        taught = subject_id in self._staff.hours(class_id)
        if not taught or all(term.id != term_id for term in self.terms(class_id)):
            raise EditRefused(f"class {class_id} has no result in subject {subject_id} for term {term_id}")
        status, values = _status(display), values_of(display)
        number = self._results.number(child_id, term_id, subject_id, kind)
        before = next((result for result in self.results(child_id) if result.id == number), None)
        at = self._moment(class_id)
        result = TermResult(
            id=number,
            child_id=child_id,
            subject_id=subject_id,
            kind=kind,
            term_id=term_id,
            display=display,
            status=status,
            value=values[0] if values else None,
            entered_at=before.entered_at if before else at,
            edited_at=at if before else None,
        )
        base = ((before.entered_at, before),) if before else ()
        self._overlay.amend(TermResult, child_id, result, thing_id=number, base=base, at=at)
        return result

    def add_absence(
        self,
        child_id: int,
        lesson_id: int,
        *,
        kind: AbsenceKind = AbsenceKind.ABSENT,
        reason: AbsenceReason | None = None,
        minutes_late: int | None = None,
        comment: str | None = None,
    ) -> Absence:
        """Say that a pupil missed a lesson, or was late; said again, it replaces what was said.

        Raises:
            EditRefused: The lesson has not begun or was cancelled, or the pupil has a mark on it.
        """
        lesson = self._page_lesson(child_id, lesson_id)
        begun = (lesson.on, lesson.half.starts) <= _wall(self._local(lesson.class_id))
        if lesson.actual is None or not begun:
            raise EditRefused(f"nobody can miss lesson {lesson_id}: it was cancelled or has not begun")
        marked = any(mark.lesson_id == lesson_id for mark in self.marks(child_id, lesson.on, lesson.on))
        if kind is AbsenceKind.ABSENT and marked:
            raise EditRefused(f"pupil {child_id} has a mark on lesson {lesson_id}")
        key = ids.lesson_key(lesson_id)
        number = ids.cell_id(ids.CellKey(child_id, key.day, key.slot, 0))
        absence = Absence(
            id=number,
            child_id=child_id,
            lesson_id=lesson_id,
            on=lesson.on,
            kind=kind,
            reason=reason,
            excused=reason is not None and reason.excused,
            minutes_late=minutes_late,
            comment=comment,
            entered_at=self._moment(lesson.class_id),
        )
        before = next(
            (one for one in self.absences(child_id, lesson.on, lesson.on) if one.id == number), None
        )
        base = ((before.entered_at, before),) if before else ()
        self._overlay.amend(Absence, child_id, absence, thing_id=number, base=base, at=absence.entered_at)
        return absence

    def withdraw_absence(self, absence_id: int) -> Absence:
        """Take an absence back and return what it was."""
        key = ids.cell_key(absence_id)
        on = self._on(key.day)
        around = timedelta(days=7)
        for absence in self.absences(key.child_id, on - around, on + around):
            if absence.id == absence_id:
                base = ((absence.entered_at, absence),)
                self._overlay.amend(Absence, key.child_id, None, thing_id=absence_id, base=base, at=self.now)
                return absence
        raise KeyError(absence_id)

    def add_remark(
        self, child_id: int, lesson_id: int, text: str, *, kind: RemarkKind = RemarkKind.NOTE
    ) -> Remark:
        """Write a remark about a pupil on a lesson.

        Raises:
            EditRefused: The lesson has not begun or was cancelled.
        """
        lesson = self._page_lesson(child_id, lesson_id)
        if lesson.actual is None or (lesson.on, lesson.half.starts) > _wall(self._local(lesson.class_id)):
            raise EditRefused(f"lesson {lesson_id} was cancelled or has not begun")
        key = ids.lesson_key(lesson_id)
        generated = self._correspondence.remarks((child_id, week_of(self._on(key.day))))
        number = self._overlay.free(
            Remark,
            child_id,
            lambda place: ids.cell_id(ids.CellKey(child_id, key.day, key.slot, place)),
            limit=_MARKS_A_CELL,
            taken={remark.id for remark in generated},
        )
        at = self._moment(lesson.class_id)
        remark = Remark(number, child_id, lesson_id, lesson.on, lesson.half.teacher_id, kind, text, at)
        self._overlay.put(Remark, child_id, number, ((at, remark),))
        return remark

    def _amend_mark(self, mark_id: int, mark: Mark | None) -> None:
        child_id = ids.cell_key(mark_id).child_id
        base = self._mark_line(mark_id) or ()
        self._overlay.amend(Mark, child_id, mark, thing_id=mark_id, base=base, at=self.now)

    def _page_lesson(self, child_id: int, lesson_id: int) -> Lesson:
        """Return a lesson on a pupil's page; EditRefused when the pupil is not taught it."""
        child = self._census.child(child_id)
        lesson = self.lesson(lesson_id)
        if lesson.class_id != child.class_id or not self._attends(child_id, child.subgroup, lesson):
            raise EditRefused(f"lesson {lesson_id} is not one of pupil {child_id}")
        if lesson.kind is LessonKind.ADDITIONAL:
            raise EditRefused(f"lesson {lesson_id} is a club's: clubs keep no journal")
        return lesson

    def _missed(self, child_id: int, on: date) -> list[Absence]:
        return [one for one in self.absences(child_id, on, on) if one.kind is AbsenceKind.ABSENT]

    def _form(self, lesson: Lesson, kind: WorkKind) -> ControlForm:
        return self._marks.form(ids.school_of(lesson.class_id), kind)


def _status(display: str) -> MarkStatus:
    try:
        return status_of(display)
    except ValueError as error:
        raise EditRefused(str(error)) from error


def _wall(local: datetime) -> tuple[date, time]:
    return local.date(), local.time()
