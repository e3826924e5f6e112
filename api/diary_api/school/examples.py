"""An invented family and its diary, for the description of the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal

from pydantic import BaseModel

from diary_api.school.schemas import Children, ChildShown, DiaryAnswer, EnrolmentShown, ItemT, outgoing
from diary_core.model import (
    NOT_LOADED,
    UNSUPPORTED,
    AbsenceReason,
    AcademicYear,
    Announcement,
    Answer,
    Attachment,
    AttendanceCounts,
    AttendanceRecord,
    AttendanceSummary,
    ClassGroup,
    Day,
    DayException,
    Debt,
    Event,
    Homework,
    Lesson,
    LessonHalf,
    LessonSlot,
    Mark,
    MarkScale,
    MealAccount,
    MealEntry,
    Message,
    Remark,
    School,
    Source,
    StudyPlan,
    StudyPlanSubject,
    Subject,
    SubjectAttendance,
    Teacher,
    Term,
    TermResult,
    Thread,
    Visit,
    WeekSignature,
    known,
)
from diary_core.people import PersonName

_ON = date(2026, 9, 16)
SUBJECT = Subject(id="17", name="Математика")
_HALF = LessonHalf(
    subject=SUBJECT,
    starts=time(8, 30),
    ends=time(9, 15),
    room="214",
    teachers=(Teacher(id="9", name=PersonName(last="Кленова", first="Ирина", middle="Сергеевна")),),
)
_HOMEWORK = Homework(
    id="hw-1",
    subject=SUBJECT,
    assigned_on=date(2026, 9, 14),
    due_on=_ON,
    text="№ 112, 115",
    done=False,
    minutes=30,
    attachments=(
        Attachment(
            id="at-1", name="Карточка.pdf", kind="file", media_type="application/pdf", size_bytes=48213
        ),
    ),
)
MARK = Mark(
    id="mk-1",
    subject=SUBJECT,
    date=_ON,
    display="4-",
    value=Decimal(4),
    modifier="-",
    status="graded",
    scale=MarkScale(kind="five"),
    counts=True,
    weight=Decimal(2),
    form="Контрольная работа",
    important=True,
    history=UNSUPPORTED,
)
_POINT = MARK.model_copy(
    update={
        "id": "mk-2",
        "date": date(2026, 9, 7),
        "display": "•",
        "value": None,
        "modifier": None,
        "status": "pending",
        "counts": False,
        "due_on": date(2026, 9, 14),
    }
)
_COUNTS = AttendanceCounts(absent=1, excused=1, unexcused=0, unknown=0, late=0, other=0, whole_days=0)
_LESSON = Lesson(
    id="ls-1",
    date=_ON,
    slot=1,
    kind="lesson",
    planned=_HALF,
    actual=_HALF,
    change="none",
    topic="Сложение дробей",
    homework=(_HOMEWORK,),
    marks=(MARK,),
    attendance=None,
    remark=UNSUPPORTED,
)

_SCHOOL = School(
    id="1",
    name="Государственное бюджетное общеобразовательное учреждение «Школа № 9901»",
    short_name="ГБОУ Школа № 9901",
    zone="Europe/Moscow",
    principal="Ондар Софья Сергеевна",
    phone="+79980000001",
    email=None,
    website="https://school9901.example.org",
    class_teachers=known(_HALF.teachers) or (),
)
_YEAR = Term(
    id="t-1",
    parent_id=None,
    kind="year",
    number=None,
    title="2026/2027",
    since=date(2026, 9, 1),
    until=date(2027, 5, 26),
)
QUARTER = Term(
    id="t-2",
    parent_id="t-1",
    kind="quarter",
    number=1,
    title="1 четверть",
    since=date(2026, 9, 1),
    until=date(2026, 10, 25),
)
_AT = datetime(2026, 9, 16, 9, 0, tzinfo=UTC)


def said(*items: ItemT) -> DiaryAnswer[ItemT]:
    """Return an answer of the invented diary."""
    source = Source(provider="mrko", instance="moscow", connection="con_b4tq6m2zk7f3w5xh7e2rj4n6pa")
    return outgoing(Answer(items=items, source=source, as_of=_AT))


DAY = said(Day(date=_ON, zone="Europe/Moscow", lessons=(_LESSON,), exception=None))
"""One day with one lesson."""
CHILD = ChildShown(
    id="chd_b4tq6m2zk7f3w5xh7e2rj4n6pa",
    connection_id="con_b4tq6m2zk7f3w5xh7e2rj4n6pa",
    name=PersonName(last="Берёзов", first="Артём", middle="Ильич"),
    label=None,
    birth_date=NOT_LOADED,
    current=True,
    enrolments=(
        EnrolmentShown(
            id="enr_b4tq6m2zk7f3w5xh7e2rj4n6pa",
            school=School(id="1", name="ГБОУ Школа № 9901", zone="Europe/Moscow"),
            group=ClassGroup(id="157", name="7-Б", parallel=7),
            since=date(2020, 9, 1),
            role="parent",
            current=True,
            listed_at=_AT,
        ),
    ),
    class_standing_shown=False,
    granted=None,
)
"""A child in one school."""
EXAMPLES: Mapping[str, BaseModel] = {
    "list_children": Children(items=(CHILD,)),
    "show_child": CHILD,
    "read_week": DAY,
    "read_days": DAY,
    "read_marks": said(MARK),
    "read_mark": said(MARK),
    "read_debts": said(Debt(mark=_POINT, overdue_since=date(2026, 9, 15))),
    "read_years": said(
        AcademicYear(
            id="14", title="2026/2027", since=date(2026, 9, 1), until=date(2027, 8, 31), current=True
        )
    ),
    "read_homework": said(_HOMEWORK),
    "read_overdue_homework": said(_HOMEWORK),
    "read_terms": said(_YEAR, QUARTER),
    "read_school": said(_SCHOOL),
    "read_results": said(
        TermResult(
            id="tr-1",
            subject=SUBJECT,
            kind="term",
            title="1 четверть",
            term_id="t-2",
            display="4",
            value=Decimal(4),
            status="graded",
        )
    ),
    "read_attendance": said(
        AttendanceRecord(
            id="at-1",
            date=_ON,
            lesson_id="ls-1",
            subject=SUBJECT,
            kind="absent",
            display="Н",
            excused=True,
            counted=True,
            reason=AbsenceReason(code="3", title="Семейные обстоятельства"),
            noted_by="parent",
            comment=None,
        )
    ),
    "sum_up_attendance": said(
        AttendanceSummary(
            since=QUARTER.since,
            until=QUARTER.until,
            total=_COUNTS,
            days=1,
            subjects=(SubjectAttendance(subject=SUBJECT, counts=_COUNTS),),
        )
    ),
    "read_calendar": said(
        DayException(date=date(2026, 11, 4), kind="holiday", title="День народного единства")
    ),
    "read_bells": said(LessonSlot(number=1, starts=time(8, 30), ends=time(9, 15))),
    "read_announcements": said(
        Announcement(id="an-1", title="Сменная обувь", text="Нужна с понедельника.", published_at=_AT)
    ),
    "read_events": said(
        Event(
            id="ev-1",
            kind="meeting",
            title="Родительское собрание",
            text="Итоги первой четверти",
            date=_AT.date(),
            until=None,
            starts_at=_AT,
            ends_at=None,
            place="кабинет 214",
            address=None,
        )
    ),
    "read_remarks": said(
        Remark(id="rm-1", date=_ON, subject=SUBJECT, lesson_id="ls-1", text="Нет тетради", author=None)
    ),
    "read_threads": said(
        Thread(id="th-1", title="Родители 7-Б", members=("Кленова И. С.",), last_at=_AT, unread=1)
    ),
    "read_messages": said(
        Message(id="ms-1", thread_id="th-1", author="Кленова И. С.", text="Экскурсия в пятницу", sent_at=_AT)
    ),
    "read_visits": said(
        Visit(date=_ON, entered=time(8, 7), left=None, zone="Europe/Moscow", place="ГБОУ Школа № 9901")
    ),
    "read_meals": said(
        MealEntry(id="me-1", date=_ON, amount=Decimal("-128.50"), kind="order", dishes=("Обед",))
    ),
    "read_meal_account": said(MealAccount(id="ma-1", balance=Decimal("412.30"), day_limit=Decimal(300))),
    "sign_week": WeekSignature(
        week=date(2026, 9, 14), signed=True, signed_at=datetime(2026, 9, 20, 16, 30, tzinfo=UTC)
    ),
    "read_signatures": said(WeekSignature(week=date(2026, 9, 14), signed=False, signed_at=None)),
    "read_study_plan": said(
        StudyPlan(
            id="sp-1",
            title="Учебный план 7-х классов",
            profile=None,
            form="очная",
            subjects=(StudyPlanSubject(subject=SUBJECT, hours_total=170, hours_passed=14),),
        )
    ),
}
"""Good answers by the name of the operation."""
