"""What a diary can do: one small abstract class for each thing.

A diary inherits the abilities its system has; a class it does not inherit it cannot do.
Every span is `[since, until]`, both inclusive, in the school's own dates.
Every method may raise `TryLater`, `TellUs`, `SignInAgain`, `NotPermitted`,
and `ChildUnknown` for an enrolment that `enrolments()` did not give.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date

from diary_core.diary import Ability as Ability
from diary_core.diary import Diary as Diary
from diary_core.diary import abilities_of as abilities_of
from diary_core.diary import able as able
from diary_core.diary import lacking as lacking
from diary_core.http import FileStream
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
    NewAbsenceNotice,
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


class ReadsDays(Ability):
    """The week diary in one call."""

    @abstractmethod
    async def days(self, enrolment_id: str, since: date, until: date) -> Answer[Day]:
        """Return every day of the span, oldest first, also the empty ones, with all that is on them."""


class ReadsMarks(Ability):
    """Marks."""

    @abstractmethod
    async def marks(self, enrolment_id: str, since: date, until: date) -> Answer[Mark]:
        """Return the marks of lessons in the span, oldest lesson first, as the school wrote them."""


class ReadsMarkDetails(Ability):
    """One mark in depth."""

    @abstractmethod
    async def mark(self, enrolment_id: str, mark_id: str) -> Answer[Mark]:
        """Return one mark with what lists leave out: its lesson, who gave it, its earlier versions.

        A retake that the teacher writes over a mark is an edit of it; of one that stands beside it no diary
        tells which mark it replaces.

        Raises:
            MarkUnknown: The child has no such mark, or no longer.
        """


class ReadsTerms(Ability):
    """How the school cuts its year."""

    @abstractmethod
    async def terms(self, enrolment_id: str) -> Answer[Term]:
        """Return the terms of the current school year, by first day, a parent before its parts."""


class ReadsResults(Ability):
    """Final marks, also of former school years."""

    @abstractmethod
    async def academic_years(self, enrolment_id: str) -> Answer[AcademicYear]:
        """Return the school years that may be asked for, the latest first; some may hold no results."""

    @abstractmethod
    async def results(self, enrolment_id: str, year_id: str | None = None) -> Answer[TermResult]:
        """Return the results of a school year, by name of the subject, then as the year went on.

        Args:
            enrolment_id: As given by `enrolments()`.
            year_id: Of `academic_years()`; without one the current year is meant.

        Raises:
            YearUnknown: There is no such year.
        """


class ReadsAverages(Ability):
    """The diary's own averages."""

    @abstractmethod
    async def averages(self, enrolment_id: str, term_id: str) -> Answer[DiaryAverage]:
        """Return the averages of one term as the diary itself shows them, by name of the subject.

        Left out is a subject of which it shows nothing.

        Raises:
            TermUnknown: The current school year has no such term.
            DisabledBySchool: The school shows no averages.
        """


class ReadsClassStanding(Ability):
    """The child's place in the class."""

    @abstractmethod
    async def class_standing(self, enrolment_id: str) -> Answer[ClassStanding]:
        """Return where the child stands in the class: in all subjects first, then in each by name.

        Left out is one in which the child has no place yet.
        Of classmates no more leaves the diary than how many they are and what they average.
        """


class ReadsHomework(Ability):
    """Homework."""

    @abstractmethod
    async def homework(self, enrolment_id: str, since: date, until: date) -> Answer[Homework]:
        """Return what is due in the span, by due date, fillers such as «не задано» left out."""


class ReadsOverdueHomework(Ability):
    """Homework that is late."""

    @abstractmethod
    async def overdue_homework(self, enrolment_id: str, since: date, until: date) -> Answer[Homework]:
        """Return what was due in the span, before the school's present day, and is not done, by due date."""


class TicksHomework(Ability):
    """The family's own tick."""

    @abstractmethod
    async def tick_homework(self, enrolment_id: str, homework_id: str, *, done: bool) -> None:
        """Set or clear the tick; setting it twice is setting it once.

        Raises:
            HomeworkUnknown: The child has no such homework, or no longer; another child's is unknown too.
        """


class FetchesAttachments(Ability):
    """Files given with homework."""

    @abstractmethod
    async def attachment(self, enrolment_id: str, homework_id: str, attachment_id: str) -> FileStream:
        """Open a file of a homework, to be read once; whoever opens it closes it.

        Raises:
            HomeworkUnknown: The child has no such homework, or no longer; another child's is unknown too.
            AttachmentUnknown: The homework has no such attachment.
            AttachmentNotAFile: It is a digital task or a link.
            GiveUp: Whatever else `diary_core.http.download` refuses.
            AttachmentGone: The diary has it no more.
        """


class ReadsAttendance(Ability):
    """Missed and late lessons."""

    @abstractmethod
    async def attendance(self, enrolment_id: str, since: date, until: date) -> Answer[AttendanceRecord]:
        """Return what was missed or entered late, oldest first; presence is not listed."""


class NotifiesAbsence(Ability):
    """A parent's notices of absence.

    Reading them belongs to it: a notice whose answer was lost is looked for before it is sent again.
    """

    @abstractmethod
    async def absence_reasons(self, enrolment_id: str) -> Answer[OfferedReason]:
        """Return the reasons a parent may give, each once, in the diary's order."""

    @abstractmethod
    async def absence_notices(self, enrolment_id: str, since: date, until: date) -> Answer[AbsenceNotice]:
        """Return the notices of the span that stand, oldest first, whole days before lessons."""

    @abstractmethod
    async def notify_absence(self, enrolment_id: str, notice: NewAbsenceNotice) -> tuple[str, ...]:
        """Tell the school, once and all at once; a call whose answer is lost may have told it.

        Returns:
            The diary's receipt numbers; empty when it gives none.

        Raises:
            AbsenceInPast: The school's day is over.
            LessonUnknown: The child has no such lesson on that day, or one that cannot be told of.
            AbsenceRefused: The diary does not take it.
        """

    @abstractmethod
    async def withdraw_absence(self, enrolment_id: str, notice_ids: Sequence[str]) -> None:
        """Take notices of one day back, by the ids they are listed under.

        Raises:
            AbsenceInPast: The school's day is over.
            AbsenceRefused: The diary does not let them be taken back.
        """


class ReadsCalendar(Ability):
    """Holidays, vacations and moved days."""

    @abstractmethod
    async def calendar(self, enrolment_id: str, since: date, until: date) -> Answer[DayException]:
        """Return the days that are not ordinary school days, oldest first."""


class ReadsBells(Ability):
    """Bell times."""

    @abstractmethod
    async def bells(self, enrolment_id: str, on: date) -> Answer[LessonSlot]:
        """Return the bells of one day, by number."""


class ReadsAnnouncements(Ability):
    """News of the class, the school and the city."""

    @abstractmethod
    async def announcements(self, enrolment_id: str, since: date, until: date) -> Answer[Announcement]:
        """Return what was published in the span, newest first; news without a date come last, whatever it is.

        Some diaries tell a parent the news of all children at once and do not say whose school they are of.
        """


class ReadsEvents(Ability):
    """Parents' meetings, and events of the school and the city."""

    @abstractmethod
    async def events(self, enrolment_id: str, since: date, until: date) -> Answer[Event]:
        """Return the events that take place in the span or reach into it, by first day and start."""


class ReadsRemarks(Ability):
    """Teachers' remarks."""

    @abstractmethod
    async def remarks(self, enrolment_id: str, since: date, until: date) -> Answer[Remark]:
        """Return remarks to lessons of the span, oldest lesson first.

        A diary that has room for one comment on a lesson tells it here, also one about an absence.
        One that tells them lesson by lesson keeps to the latest lessons of a long span, up to today,
        and names what it left out.
        """


class ReadsMessages(Ability):
    """Conversations."""

    @abstractmethod
    async def threads(self, enrolment_id: str) -> Answer[Thread]:
        """Return conversations, the latest first."""

    @abstractmethod
    async def messages(self, enrolment_id: str, thread_id: str) -> Answer[Message]:
        """Return one conversation, oldest first.

        Raises:
            NotFound: This parent takes part in no such conversation.
        """


class SendsMessages(Ability):
    """Writing to a conversation."""

    @abstractmethod
    async def send_message(self, enrolment_id: str, thread_id: str, text: str) -> Message:
        """Send and return what was sent, as the diary has it.

        Raises:
            NotFound: This parent takes part in no such conversation.
        """


class ReadsVisits(Ability):
    """Turnstile passes."""

    @abstractmethod
    async def visits(self, enrolment_id: str, since: date, until: date) -> Answer[Visit]:
        """Return passes of the span, oldest first."""


class ReadsMeals(Ability):
    """The canteen."""

    @abstractmethod
    async def meal_account(self, enrolment_id: str) -> Answer[MealAccount]:
        """Return the balance; empty when the child has no canteen account."""

    @abstractmethod
    async def meal_entries(self, enrolment_id: str, since: date, until: date) -> Answer[MealEntry]:
        """Return movements of the span, oldest first."""


class SignsWeeks(Ability):
    """The parent's weekly signature."""

    @abstractmethod
    async def signatures(self, enrolment_id: str, since: date, until: date) -> Answer[WeekSignature]:
        """Return every week that meets the span and has begun, oldest first, signed or not."""

    @abstractmethod
    async def sign_week(self, enrolment_id: str, week: date) -> WeekSignature:
        """Sign a week and return it as the diary has it; signing twice is signing once.

        Args:
            enrolment_id: Whose diary.
            week: Its Monday.

        Raises:
            InvalidInput: The day is no Monday.
            WeekAhead: The week has not begun.
            NotPermitted: Only a legal representative may sign, not a trusted person, nor the child.
        """


class ReadsSchool(Ability):
    """The school."""

    @abstractmethod
    async def school(self, enrolment_id: str) -> Answer[School]:
        """Return the one school of the enrolment, with its people."""


class ReadsStudyPlan(Ability):
    """The study plan."""

    @abstractmethod
    async def study_plan(self, enrolment_id: str) -> Answer[StudyPlan]:
        """Return the plans of the class: usually one, none when the diary names none for the child."""
