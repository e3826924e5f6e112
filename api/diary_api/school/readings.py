"""Everything that can be read of a child's diary: what kind of thing, and how a diary is asked for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from diary_api.school.spans import Span
from diary_core.abilities import (
    Diary,
    NotifiesAbsence,
    ReadsAnnouncements,
    ReadsAttendance,
    ReadsAverages,
    ReadsBells,
    ReadsCalendar,
    ReadsClassStanding,
    ReadsDays,
    ReadsEvents,
    ReadsHomework,
    ReadsMarkDetails,
    ReadsMarks,
    ReadsMeals,
    ReadsMessages,
    ReadsOverdueHomework,
    ReadsRemarks,
    ReadsResults,
    ReadsSchool,
    ReadsStudyPlan,
    ReadsTerms,
    ReadsVisits,
    SignsWeeks,
    able,
)
from diary_core.model import (
    AbsenceNotice,
    AcademicYear,
    Announcement,
    Answer,
    AttendanceRecord,
    ClassStanding,
    Day,
    DayException,
    DiaryAverage,
    Event,
    Homework,
    LessonSlot,
    Mark,
    MealAccount,
    MealEntry,
    Message,
    Model,
    OfferedReason,
    Remark,
    School,
    StudyPlan,
    Term,
    TermResult,
    Thread,
    Visit,
    WeekSignature,
)

ItemT = TypeVar("ItemT", bound=Model)


class Kind(StrEnum):
    """What is read; each has a freshness of its own in the settings, under the same name."""

    ABSENCE_NOTICES = "absence_notices"
    ABSENCE_REASONS = "absence_reasons"
    ANNOUNCEMENTS = "announcements"
    ATTENDANCE = "attendance"
    AVERAGES = "averages"
    BELLS = "bells"
    CALENDAR = "calendar"
    CLASS_STANDING = "class_standing"
    DAYS = "days"
    EVENTS = "events"
    HOMEWORK = "homework"
    MARK = "mark"
    MARKS = "marks"
    MEAL_ACCOUNT = "meal_account"
    MEALS = "meals"
    MESSAGES = "messages"
    OVERDUE_HOMEWORK = "overdue_homework"
    REMARKS = "remarks"
    RESULTS = "results"
    SCHOOL = "school"
    SIGNATURES = "signatures"
    STUDY_PLAN = "study_plan"
    TERMS = "terms"
    THREADS = "threads"
    VISITS = "visits"
    YEARS = "years"


@dataclass(frozen=True)
class Reading(Generic[ItemT]):
    """One question to the diary about one enrolment."""

    kind: Kind
    item: type[ItemT]
    """What the answer is made of."""
    ask: Callable[[Diary, str], Awaitable[Answer[ItemT]]]
    """Asks a diary by its own id of the enrolment."""
    span: Span | None = None
    """Of which days; None where the answer is not about days."""
    of: tuple[str, ...] = ()
    """What else makes the answer differ, such as a day or a conversation."""

    @property
    def details(self) -> tuple[str, ...]:
        """Return everything besides the kind and the enrolment that makes the answer differ."""
        return (*(self.span.ends if self.span else ()), *self.of)


def days(span: Span) -> Reading[Day]:
    """Every day of a span with all that is on it."""
    return Reading(
        Kind.DAYS,
        Day,
        lambda diary, enrolment: able(diary, ReadsDays).days(enrolment, span.since, span.until),
        span=span,
    )


def marks(span: Span) -> Reading[Mark]:
    """Marks of the lessons of a span."""
    return Reading(
        Kind.MARKS,
        Mark,
        lambda diary, enrolment: able(diary, ReadsMarks).marks(enrolment, span.since, span.until),
        span=span,
    )


def mark(mark_id: str) -> Reading[Mark]:
    """One mark in depth."""
    return Reading(
        Kind.MARK,
        Mark,
        lambda diary, enrolment: able(diary, ReadsMarkDetails).mark(enrolment, mark_id),
        of=(mark_id,),
    )


def homework(span: Span) -> Reading[Homework]:
    """What is due in a span."""
    return Reading(
        Kind.HOMEWORK,
        Homework,
        lambda diary, enrolment: able(diary, ReadsHomework).homework(enrolment, span.since, span.until),
        span=span,
    )


def overdue_homework(span: Span) -> Reading[Homework]:
    """What was due in a span, before today, and is not done."""
    return Reading(
        Kind.OVERDUE_HOMEWORK,
        Homework,
        lambda diary, enrolment: able(diary, ReadsOverdueHomework).overdue_homework(
            enrolment, span.since, span.until
        ),
        span=span,
    )


def terms() -> Reading[Term]:
    """How the school cuts its year."""
    return Reading(Kind.TERMS, Term, lambda diary, enrolment: able(diary, ReadsTerms).terms(enrolment))


def years() -> Reading[AcademicYear]:
    """School years the diary keeps results of."""
    return Reading(
        Kind.YEARS,
        AcademicYear,
        lambda diary, enrolment: able(diary, ReadsResults).academic_years(enrolment),
    )


def results(year_id: str | None = None) -> Reading[TermResult]:
    """Term, year and exam results: of the present school year unless another is named."""
    return Reading(
        Kind.RESULTS,
        TermResult,
        lambda diary, enrolment: able(diary, ReadsResults).results(enrolment, year_id),
        of=() if year_id is None else (year_id,),
    )


def averages(term_id: str) -> Reading[DiaryAverage]:
    """The diary's own averages of a term."""
    return Reading(
        Kind.AVERAGES,
        DiaryAverage,
        lambda diary, enrolment: able(diary, ReadsAverages).averages(enrolment, term_id),
        of=(term_id,),
    )


def class_standing() -> Reading[ClassStanding]:
    """Where the child stands in the class."""
    return Reading(
        Kind.CLASS_STANDING,
        ClassStanding,
        lambda diary, enrolment: able(diary, ReadsClassStanding).class_standing(enrolment),
    )


def attendance(span: Span) -> Reading[AttendanceRecord]:
    """What was missed or entered late in a span."""
    return Reading(
        Kind.ATTENDANCE,
        AttendanceRecord,
        lambda diary, enrolment: able(diary, ReadsAttendance).attendance(enrolment, span.since, span.until),
        span=span,
    )


def absence_notices(span: Span) -> Reading[AbsenceNotice]:
    """Notices of absence that stand in a span."""
    return Reading(
        Kind.ABSENCE_NOTICES,
        AbsenceNotice,
        lambda diary, enrolment: able(diary, NotifiesAbsence).absence_notices(
            enrolment, span.since, span.until
        ),
        span=span,
    )


def absence_reasons() -> Reading[OfferedReason]:
    """Reasons a parent may give for an absence."""
    return Reading(
        Kind.ABSENCE_REASONS,
        OfferedReason,
        lambda diary, enrolment: able(diary, NotifiesAbsence).absence_reasons(enrolment),
    )


def calendar(span: Span) -> Reading[DayException]:
    """Days of a span that are no ordinary school days."""
    return Reading(
        Kind.CALENDAR,
        DayException,
        lambda diary, enrolment: able(diary, ReadsCalendar).calendar(enrolment, span.since, span.until),
        span=span,
    )


def bells(on: date) -> Reading[LessonSlot]:
    """Bell times of one day."""
    return Reading(
        Kind.BELLS,
        LessonSlot,
        lambda diary, enrolment: able(diary, ReadsBells).bells(enrolment, on),
        of=(on.isoformat(),),
    )


def announcements(span: Span) -> Reading[Announcement]:
    """News of a span."""
    return Reading(
        Kind.ANNOUNCEMENTS,
        Announcement,
        lambda diary, enrolment: able(diary, ReadsAnnouncements).announcements(
            enrolment, span.since, span.until
        ),
        span=span,
    )


def events(span: Span) -> Reading[Event]:
    """Meetings and events of a span."""
    return Reading(
        Kind.EVENTS,
        Event,
        lambda diary, enrolment: able(diary, ReadsEvents).events(enrolment, span.since, span.until),
        span=span,
    )


def remarks(span: Span) -> Reading[Remark]:
    """Teachers' remarks of a span."""
    return Reading(
        Kind.REMARKS,
        Remark,
        lambda diary, enrolment: able(diary, ReadsRemarks).remarks(enrolment, span.since, span.until),
        span=span,
    )


def threads() -> Reading[Thread]:
    """Conversations."""
    return Reading(
        Kind.THREADS, Thread, lambda diary, enrolment: able(diary, ReadsMessages).threads(enrolment)
    )


def messages(thread_id: str) -> Reading[Message]:
    """One conversation."""
    return Reading(
        Kind.MESSAGES,
        Message,
        lambda diary, enrolment: able(diary, ReadsMessages).messages(enrolment, thread_id),
        of=(thread_id,),
    )


def visits(span: Span) -> Reading[Visit]:
    """Turnstile passes of a span."""
    return Reading(
        Kind.VISITS,
        Visit,
        lambda diary, enrolment: able(diary, ReadsVisits).visits(enrolment, span.since, span.until),
        span=span,
    )


def meal_account() -> Reading[MealAccount]:
    """The canteen account."""
    return Reading(
        Kind.MEAL_ACCOUNT,
        MealAccount,
        lambda diary, enrolment: able(diary, ReadsMeals).meal_account(enrolment),
    )


def meals(span: Span) -> Reading[MealEntry]:
    """Movements on the canteen account in a span."""
    return Reading(
        Kind.MEALS,
        MealEntry,
        lambda diary, enrolment: able(diary, ReadsMeals).meal_entries(enrolment, span.since, span.until),
        span=span,
    )


def signatures(span: Span) -> Reading[WeekSignature]:
    """Which weeks of a span the parent has signed."""
    return Reading(
        Kind.SIGNATURES,
        WeekSignature,
        lambda diary, enrolment: able(diary, SignsWeeks).signatures(enrolment, span.since, span.until),
        span=span,
    )


def school() -> Reading[School]:
    """The school and its people."""
    return Reading(Kind.SCHOOL, School, lambda diary, enrolment: able(diary, ReadsSchool).school(enrolment))


def study_plan() -> Reading[StudyPlan]:
    """The study plan of the class."""
    return Reading(
        Kind.STUDY_PLAN,
        StudyPlan,
        lambda diary, enrolment: able(diary, ReadsStudyPlan).study_plan(enrolment),
    )
