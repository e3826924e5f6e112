"""What the servers may ask the world.

Every answer is what is known at the world's clock, cheap, and a tuple in a documented order. Spans are
school dates, both ends inclusive. Asking for an id the town has not raises `KeyError`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

from diary_sandbox.clock import Clock
from diary_sandbox.world.attendance import Absence, AbsenceDay, AbsenceNotice, AbsenceReason, Visit
from diary_sandbox.world.homework import Attachment, HomeworkTask
from diary_sandbox.world.lessons import Lesson
from diary_sandbox.world.marks import Mark, TermResult
from diary_sandbox.world.people import Child, Family, Guardian, Login, LoginKind, MrkoAccount, Parent, Teacher
from diary_sandbox.world.places import Bell, ClassGroup, ControlForm, School, StudyGroup, Subject
from diary_sandbox.world.school_life import (
    Announcement,
    MealAccount,
    MealEntry,
    Remark,
    StudyPlan,
    WeekSignature,
)
from diary_sandbox.world.year import AcademicYear, CalendarDay, Holiday, MovedDay, Term, Vacation


class World(Protocol):
    """The truth. Both wires are projections of it."""

    year: AcademicYear
    seed: int
    clock: Clock

    # places
    def schools(self, host: str | None = None) -> tuple[School, ...]:
        """Return the schools, all or those one upstream host serves, by id."""
        ...

    def school(self, school_id: int) -> School:
        """Return a school."""
        ...

    def classes(self, school_id: int) -> tuple[ClassGroup, ...]:
        """Return the classes of a school, by parallel and letter."""
        ...

    def class_group(self, class_id: int) -> ClassGroup:
        """Return a class."""
        ...

    def study_groups(self, child_id: int) -> tuple[StudyGroup, ...]:
        """Return the groups a pupil learns in, by subject: whole classes and own subgroups."""
        ...

    def class_study_groups(self, class_id: int) -> tuple[StudyGroup, ...]:
        """Return all groups of a class, subgroups included."""
        ...

    def study_group(self, group_id: int) -> StudyGroup:
        """Return a study group."""
        ...

    def subject(self, subject_id: int) -> Subject:
        """Return a subject."""
        ...

    def subjects(self, class_id: int) -> tuple[Subject, ...]:
        """Return the subjects a class is taught, by id."""
        ...

    def control_form(self, control_form_id: int) -> ControlForm:
        """Return a kind of work."""
        ...

    def bells(self, school_id: int, on: date) -> tuple[Bell, ...]:
        """Return the bells of one day, by slot."""
        ...

    # people
    def families(self) -> int:
        """Return how many families the town has; their ids are 1 to that number."""
        ...

    def family(self, family_id: int) -> Family:
        """Return a family."""
        ...

    def parent(self, parent_id: int) -> Parent:
        """Return an adult of a family."""
        ...

    def parent_by_uuid(self, uuid: str) -> Parent | None:
        """Return the adult with this person id, or None."""
        ...

    def login(self, kind: LoginKind, username: str) -> Login | None:
        """Find a login by what the user typed (city logins: e-mail, phone or СНИЛС too)."""
        ...

    def mrko_account(self, login: str) -> MrkoAccount | None:
        """Find a МРКО account by its digits."""
        ...

    def child(self, child_id: int) -> Child:
        """Return a pupil, classmates without a family included."""
        ...

    def child_by_uuid(self, uuid: str) -> Child | None:
        """Return the pupil with this person id, or None."""
        ...

    def children_of(self, parent_id: int, host: str | None = None) -> tuple[Child, ...]:
        """Return the children an adult sees, oldest first: all, or those on one upstream host."""
        ...

    def guardians_of(self, child_id: int) -> tuple[Guardian, ...]:
        """Return the adults of a child, legal representatives first."""
        ...

    def pupils(self, class_id: int) -> tuple[Child, ...]:
        """Return the pupils of a class, by id."""
        ...

    def teacher(self, teacher_id: int) -> Teacher:
        """Return a teacher."""
        ...

    def teachers(self, school_id: int) -> tuple[Teacher, ...]:
        """Return the teachers of a school, by id, the principal first."""
        ...

    # the year
    def terms(self, class_id: int) -> tuple[Term, ...]:
        """Return the terms that hold for a class in order of time, the year last."""
        ...

    def term(self, term_id: int) -> Term:
        """Return a term."""
        ...

    def vacations(self, school_id: int) -> tuple[Vacation, ...]:
        """Return the vacations of a school, in order of time."""
        ...

    def holidays(self) -> tuple[Holiday, ...]:
        """Return the public holidays of the year, in order of time."""
        ...

    def moved_days(self) -> tuple[MovedDay, ...]:
        """Return the moved days of the year, in order of time."""
        ...

    def days(self, school_id: int, since: date, until: date) -> tuple[CalendarDay, ...]:
        """Return every day of a span."""
        ...

    # lessons and homework
    def lessons(self, child_id: int, since: date, until: date) -> tuple[Lesson, ...]:
        """Return a pupil's lessons (own subgroup only), by the day and time of the half that holds."""
        ...

    def class_lessons(self, class_id: int, since: date, until: date) -> tuple[Lesson, ...]:
        """Return the lessons of a class with all its subgroups, in the same order."""
        ...

    def lesson(self, lesson_id: int) -> Lesson:
        """Return a lesson."""
        ...

    def homework(
        self, child_id: int, since: date, until: date, by: Literal["due", "assigned"] = "due"
    ) -> tuple[HomeworkTask, ...]:
        """Return a pupil's homework assigned by now, by due day, lesson and id."""
        ...

    def task(self, task_id: int, child_id: int) -> HomeworkTask:
        """Return one task as one pupil sees it."""
        ...

    def attachment_bytes(self, attachment_id: int) -> tuple[Attachment, bytes]:
        """Return a file with its content."""
        ...

    # marks
    def marks(
        self, child_id: int, since: date, until: date, by: Literal["lesson", "entered"] = "lesson"
    ) -> tuple[Mark, ...]:
        """Return a pupil's marks entered by now, by day of the lesson and id."""
        ...

    def class_marks(self, class_id: int, since: date, until: date) -> tuple[Mark, ...]:
        """Return the marks of a whole class by day of the lesson and id."""
        ...

    def mark(self, mark_id: int) -> Mark:
        """Return a mark."""
        ...

    def results(self, child_id: int) -> tuple[TermResult, ...]:
        """Return a pupil's results entered by now, by subject, then time."""
        ...

    def average(self, child_id: int, subject_id: int, since: date, until: date) -> Decimal | None:
        """Return the exact mean of the counting marks of a span, weighed where the school weighs.

        None when nothing counts. Not rounded beyond the context's 28 digits: systems round their own way.
        """
        ...

    # attendance
    def absences(self, child_id: int, since: date, until: date) -> tuple[Absence, ...]:
        """Return missed and late lessons entered by now, by day and lesson."""
        ...

    def absence_days(self, child_id: int, since: date, until: date) -> tuple[AbsenceDay, ...]:
        """Return the days with missed lessons, in order."""
        ...

    def absence_notices(self, child_id: int, since: date, until: date) -> tuple[AbsenceNotice, ...]:
        """Return the notices not withdrawn, by day and slot."""
        ...

    def visits(self, child_id: int, since: date, until: date) -> tuple[Visit, ...]:
        """Return turnstile passes seen by now, in order; only schools on `school.mos.ru` have a turnstile."""
        ...

    # school life
    def meal_account(self, child_id: int) -> MealAccount | None:
        """Return the meal account now; None where the school's meals are not on the wire."""
        ...

    def meal_entries(self, child_id: int, since: date, until: date) -> tuple[MealEntry, ...]:
        """Return movements of the meal account by now, in order of time."""
        ...

    def remarks(self, child_id: int, since: date, until: date) -> tuple[Remark, ...]:
        """Return teachers' remarks entered by now, by day and lesson."""
        ...

    def announcements(self, class_id: int, since: date, until: date) -> tuple[Announcement, ...]:
        """Return what was published for a class in a span (by day of publication), oldest first."""
        ...

    def signatures(self, child_id: int) -> tuple[WeekSignature, ...]:
        """Return the signed weeks, oldest first."""
        ...

    def study_plan(self, class_id: int) -> StudyPlan:
        """Return the study plan of a class."""
        ...

    # writes through the wire: they are edits of the world at its clock
    def tick_homework(self, child_id: int, task_id: int, *, done: bool) -> HomeworkTask:
        """Set the family's done flag and return the task."""
        ...

    def notify_absence(
        self,
        child_id: int,
        parent_id: int,
        on: date,
        reason: AbsenceReason,
        *,
        slot: int | None = None,
        comment: str | None = None,
    ) -> AbsenceNotice:
        """Add an absence notice, or replace the one of the same day and slot."""
        ...

    def withdraw_notice(self, child_id: int, on: date, slot: int | None = None) -> bool:
        """Withdraw a notice; False when there was none."""
        ...

    def sign_week(self, child_id: int, parent_id: int, week: date) -> WeekSignature:
        """Sign the week of a Monday; signing twice keeps the first."""
        ...
