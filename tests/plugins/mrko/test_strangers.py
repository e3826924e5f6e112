"""Strangers' inputs: whatever comes over the wire, only a model or a typed error comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey
from pydantic import JsonValue, TypeAdapter
from tests.plugins.strangers import answer_of, anything, disturbed

from diary_core.errors import DiaryError, RegionChanged
from diary_core.http import read
from diary_core.model import AcademicYear, Model, Term
from diary_mrko.aupd import expires_at
from diary_mrko.ids import ChildRef
from diary_mrko.legacy.parse import days as legacy_days
from diary_mrko.legacy.wire import read_week
from diary_mrko.parse.absence_notices import notices, offered
from diary_mrko.parse.absences import attendance
from diary_mrko.parse.averages import averages
from diary_mrko.parse.bells import bells
from diary_mrko.parse.calendar import calendar
from diary_mrko.parse.city import meal_account, meal_entries, visits
from diary_mrko.parse.days import WeekParts, days
from diary_mrko.parse.family import enrolments
from diary_mrko.parse.gatherings import calendar_events, school_events
from diary_mrko.parse.homework import homework
from diary_mrko.parse.marks import mark_in_depth, marks
from diary_mrko.parse.news import announcements, of_span
from diary_mrko.parse.remarks import remarks
from diary_mrko.parse.results import results
from diary_mrko.parse.school import school
from diary_mrko.parse.signatures import signatures
from diary_mrko.parse.study_plan import study_plans
from diary_mrko.parse.terms import terms
from diary_mrko.parse.timetable import placed
from diary_mrko.parse.years import academic_years
from diary_mrko.wire.absences import Attendance, NonattendanceReason
from diary_mrko.wire.city import Balance, Orders, PassDay, Transactions
from diary_mrko.wire.family import FamilyProfile, SchoolInfo
from diary_mrko.wire.gatherings import Gatherings, SchoolEvent
from diary_mrko.wire.homework import Homework
from diary_mrko.wire.lessons import Events, HeldDay, LessonDetails, ShortDay
from diary_mrko.wire.marks import ListedMark, MarkDetails, SubjectMarks
from diary_mrko.wire.news import News, NewsPage
from diary_mrko.wire.results import FinalMarks
from diary_mrko.wire.signatures import SignedWeek
from diary_mrko.wire.study_plan import Curriculum, LessonModule
from diary_mrko.wire.values import Listed
from diary_mrko.wire.year import AcademicYear as ListedYear
from diary_mrko.wire.year import CalendarDay, PeriodsSchedule, Transposition

from .bodies import (
    LISTED,
    MEETING,
    MODULE,
    MONDAY,
    MOSCOW,
    PLAN,
    ROW,
    SCHOOLS_OWN,
    SIGNED,
    SUNDAY,
    TOLD,
    page,
    payload,
    sample,
)

BodyT = TypeVar("BodyT")
Parser = Callable[[JsonValue], Sequence[Model]]

REASONS: Final = TypeAdapter(Listed[NonattendanceReason])
EVENTS: Final = TypeAdapter(Events)
HOMEWORK: Final = TypeAdapter(Listed[Homework])
MARKS: Final = TypeAdapter(Listed[ListedMark])
MARK: Final = TypeAdapter(MarkDetails)
SUBJECT_MARKS: Final = TypeAdapter(Listed[SubjectMarks])
FINAL_MARKS: Final = TypeAdapter(FinalMarks)
PLANS: Final = TypeAdapter(Listed[Curriculum])
MODULES: Final = TypeAdapter(Listed[LessonModule])
SIGNED_WEEKS: Final = TypeAdapter(Listed[SignedWeek])
LESSON: Final = TypeAdapter(LessonDetails)
TIMETABLE: Final = TypeAdapter(Listed[ShortDay])
CALENDAR: Final = TypeAdapter(tuple[CalendarDay, ...])
FAMILY: Final = TypeAdapter(FamilyProfile)
SCHOOL: Final = TypeAdapter(SchoolInfo)
YEARS: Final = TypeAdapter(tuple[ListedYear, ...])
SCHEDULES: Final = TypeAdapter(Listed[PeriodsSchedule])
ATTENDANCE: Final = TypeAdapter(Attendance)
HELD_DAY: Final = TypeAdapter(HeldDay)
MOVED: Final = TypeAdapter(Listed[Transposition])
PASSES: Final = TypeAdapter(Listed[PassDay])
BALANCES: Final = TypeAdapter(Listed[Balance])
ORDERS: Final = TypeAdapter(Orders)
TRANSACTIONS: Final = TypeAdapter(Transactions)
GATHERINGS: Final = TypeAdapter(Gatherings)
SCHOOL_EVENTS: Final = TypeAdapter(Listed[SchoolEvent])
NEWS_PAGE: Final = TypeAdapter(NewsPage)
NEWS: Final = TypeAdapter(News)

GOOD_REASONS: Final[JsonValue] = [
    {
        "id": 3,
        "name": "По семейным обстоятельствам",
        "is_parent_available": True,
        "ae_only": False,
        "attachment_needed": False,
        "deleted_at": None,
    }
]
GOOD_YEARS: Final[JsonValue] = [
    {
        "id": 14,
        "name": "2026 - 2027",
        "begin_date": "2026-09-01",
        "end_date": "2027-08-31",
        "current_year": True,
    }
]
GOOD_SCHEDULES: Final[JsonValue] = [
    {
        "id": 7,
        "periods": [
            {"id": 1, "name": "1 триместр", "begin_date": "2026-09-01", "end_date": "2026-11-29"},
            {"id": 3, "name": "Модуль 1", "begin_date": "2026-09-01", "end_date": "2026-10-04"},
            {"id": 2, "name": "Каникулы", "begin_date": "2026-10-05", "end_date": None},
        ],
    }
]
GOOD_DAY: Final[JsonValue] = {
    "date": "2026-09-14",
    "activities": [
        {
            "type": "LESSON",
            "info": "1 урок",
            "begin_time": "08:30",
            "end_time": "09:15",
            "lesson": {"schedule_item_id": 990100101, "lesson_education_type": "OO"},
        },
        {"type": "BREAK", "info": "Перемена", "begin_time": "09:15", "end_time": "09:30", "duration": 900},
    ],
}
GOOD_MOVES: Final[JsonValue] = [
    {"id": 71, "date": "2026-09-19", "is_holiday": False, "schedule_for_weekday": 1, "note": "Перенос"}
]
GOOD_ORDERS: Final[JsonValue] = {
    "hasNext": False,
    "orders": [
        {
            "orderId": 66001,
            "status": 3,
            "items": [
                {"dish": {"id": 5, "name": "Сырники"}, "complex": None},
                {"dish": None, "complex": {"kind": 2, "name": "Обед", "items": [{"title": "Щи"}]}},
            ],
        }
    ],
}
GOOD_MOVEMENTS: Final[JsonValue] = {
    "hasNext": False,
    "transactions": [
        {"sum": 4294955296, "createdAt": "2026-09-14T10:20:00", "type": 1, "orderId": 66001},
        {"sum": 50000, "createdAt": "2026-09-14T07:30:00", "type": 0, "orderId": None},
    ],
}


GOOD_GATHERINGS: Final[JsonValue] = {"total_count": 1, "response": [MEETING], "errors": None}
LAST_YEAR: Final = AcademicYear(
    id="13", title="2025 - 2026", since=date(2025, 9, 1), until=date(2026, 8, 31), current=True
)
TRIMESTER: Final = Term(
    id="7-1",
    parent_id=None,
    kind="trimester",
    number=1,
    title="1 триместр",
    since=date(2026, 9, 1),
    until=date(2026, 11, 29),
)


def _received(shape: TypeAdapter[BodyT], body: JsonValue) -> BodyT:
    """Read a body as the client does.

    Raises:
        DiaryError: It is not of the shape.
    """
    return read(answer_of(body), shape)


WEEK: Final = WeekParts(
    events=_received(EVENTS, sample("eventcalendar_events")),
    homework=_received(HOMEWORK, payload("homeworks")),
    marks=_received(MARKS, payload("marks")),
    timetable=_received(TIMETABLE, payload("schedule_short")),
    calendar=_received(CALENDAR, sample("periods_schedules")),
)
LESSONS: Final = placed(WEEK.events.response, MONDAY, SUNDAY, MOSCOW)
MISSED: Final = _received(
    EVENTS,
    {
        "response": [
            {
                "id": 990100102,
                "source": "PLAN",
                "start_at": "2026-09-14T09:30:00+03:00",
                "subject_name": "Русский язык",
                "is_missed_lesson": True,
            }
        ]
    },
)
WEEK_DAYS: Final = _received(CALENDAR, [{"date": "2026-09-20", "type": "holiday", "title": "Выходной"}])
MOVEMENTS: Final = _received(TRANSACTIONS, GOOD_MOVEMENTS)
EATEN: Final = _received(ORDERS, GOOD_ORDERS)
PEOPLE: Final = ("00000000-0000-4000-8000-000000000011", "00000000-0000-4000-8000-000000000012")


def _days(parts: WeekParts) -> Sequence[Model]:
    return (*days(parts, MONDAY, SUNDAY, MOSCOW), *parts.missing())


def _news(page: NewsPage | None, told: News | None) -> Sequence[Model]:
    listed = of_span((page or _received(NEWS_PAGE, {"data": [LISTED]})).data, MONDAY, SUNDAY, MOSCOW)
    return announcements(listed, {one.id: told or _received(NEWS, TOLD) for one in listed}, MOSCOW)


PARSERS: Final[dict[str, tuple[JsonValue, Parser]]] = {
    "events": (
        sample("eventcalendar_events"),
        lambda body: _days(replace(WEEK, events=_received(EVENTS, body))),
    ),
    "homework of the week": (
        payload("homeworks"),
        lambda body: _days(replace(WEEK, homework=_received(HOMEWORK, body))),
    ),
    "marks of the week": (
        payload("marks"),
        lambda body: _days(replace(WEEK, marks=_received(MARKS, body))),
    ),
    "timetable": (
        payload("schedule_short"),
        lambda body: _days(replace(WEEK, timetable=_received(TIMETABLE, body))),
    ),
    "calendar": (
        sample("periods_schedules"),
        lambda body: _days(replace(WEEK, calendar=_received(CALENDAR, body))),
    ),
    "remarks": (
        sample("lesson_schedule_item"),
        lambda body: tuple(remarks([(LESSONS[0], _received(LESSON, body))], "32")),
    ),
    "signed weeks": (
        [SIGNED],
        lambda body: tuple(signatures(_received(SIGNED_WEEKS, body), "32", MONDAY, SUNDAY, MOSCOW)),
    ),
    "study plan": ([PLAN], lambda body: tuple(study_plans(_received(PLANS, body), "7", ()))),
    "modules": (
        [MODULE],
        lambda body: tuple(study_plans(_received(PLANS, [PLAN]), "7", _received(MODULES, body))),
    ),
    "absence notices": (
        sample("attendance"),
        lambda body: tuple(notices(_received(ATTENDANCE, body).attendance, "7100001")),
    ),
    "absence reasons": (GOOD_REASONS, lambda body: tuple(offered(_received(REASONS, body)))),
    "a mark in depth": (
        sample("mark_details"),
        lambda body: (mark_in_depth(_received(MARK, body), MOSCOW),),
    ),
    "averages": (
        payload("subject_marks"),
        lambda body: averages(_received(SUBJECT_MARKS, body), TRIMESTER),
    ),
    "results": (
        sample("final_marks_v2"),
        lambda body: results(_received(FINAL_MARKS, body), LAST_YEAR, (TRIMESTER,)),
    ),
    "school years": (GOOD_YEARS, lambda body: academic_years(_received(YEARS, body), MONDAY)),
    "homework": (payload("homeworks"), lambda body: homework(_received(HOMEWORK, body), MOSCOW)),
    "marks": (payload("marks"), lambda body: marks(_received(MARKS, body), MOSCOW)),
    "family": (sample("family_profile"), lambda body: enrolments(_received(FAMILY, body), MOSCOW)),
    "school": (sample("school_info"), lambda body: (school(_received(SCHOOL, body), None, (), MOSCOW),)),
    "attendance": (
        sample("attendance"),
        lambda body: attendance(
            MISSED.response, _received(ATTENDANCE, body).attendance, MONDAY, SUNDAY, MOSCOW
        ),
    ),
    "bells": (GOOD_DAY, lambda body: bells(_received(HELD_DAY, body))),
    "moved days": (GOOD_MOVES, lambda body: calendar(WEEK_DAYS, _received(MOVED, body), MONDAY, SUNDAY)),
    "passes": (
        payload("visit_durations"),
        lambda body: visits(_received(PASSES, body), MONDAY, SUNDAY, MOSCOW),
    ),
    "balances": (
        sample("meals_balance"),
        lambda body: tuple(
            account
            for person in PEOPLE
            if (account := meal_account(_received(BALANCES, body), person)) is not None
        ),
    ),
    "orders": (
        GOOD_ORDERS,
        lambda body: meal_entries(
            MOVEMENTS.transactions, _received(ORDERS, body).orders, MONDAY, SUNDAY, MOSCOW
        ),
    ),
    "movements": (
        GOOD_MOVEMENTS,
        lambda body: meal_entries(
            _received(TRANSACTIONS, body).transactions, EATEN.orders, MONDAY, SUNDAY, MOSCOW
        ),
    ),
    "gatherings": (
        GOOD_GATHERINGS,
        lambda body: calendar_events(_received(GATHERINGS, body).response, MONDAY, SUNDAY, MOSCOW),
    ),
    "school events": (
        [SCHOOLS_OWN],
        lambda body: school_events(_received(SCHOOL_EVENTS, body), MONDAY, SUNDAY),
    ),
    "list of news": ({"data": [LISTED]}, lambda body: _news(_received(NEWS_PAGE, body), None)),
    "words of news": (TOLD, lambda body: _news(None, _received(NEWS, body))),
    "years": (GOOD_YEARS, lambda body: terms(_received(YEARS, body), _received(SCHEDULES, GOOD_SCHEDULES))),
    "schedules": (
        GOOD_SCHEDULES,
        lambda body: terms(_received(YEARS, GOOD_YEARS), _received(SCHEDULES, body)),
    ),
}


@pytest.mark.parametrize("name", PARSERS)
def test_the_good_body_is_read(name: str) -> None:
    """What the strangers spoil is a body that gives models."""
    good, parse = PARSERS[name]
    assert len(parse(good)) > 0


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.data())
def test_a_spoiled_body_gives_a_model_or_a_typed_error(name: str, data: st.DataObject) -> None:
    """Values missing, null, retyped, doubled, dirty or huge; and a model can be written and read again."""
    good, parse = PARSERS[name]
    body = data.draw(disturbed(good))
    try:
        found = parse(body)
    except DiaryError as error:
        assert "Берёзов" not in str(error)  # noqa: PT017  errors hold no data
        return
    for thing in found:
        assert type(thing).model_validate_json(thing.model_dump_json()) == thing


@given(body=disturbed(sample("family_profile")))
def test_an_enrolment_id_is_always_read_back(body: JsonValue) -> None:
    """Whatever numbers a child has, the id we give out is one we take."""
    try:
        found = enrolments(_received(FAMILY, body), MOSCOW)
    except DiaryError:
        return
    assert [child.id for child in found if str(ChildRef.read(child.id)) != child.id] == []


@pytest.mark.parametrize("begins", [0, 36_000, "0", "09:00Z", "09:00+03:00"])
def test_a_bell_rings_by_the_wall_alone(begins: str | int) -> None:
    """A number of seconds, or a clock of a zone of its own, is not compared with one that has none."""
    _, parse = PARSERS["bells"]
    lesson: JsonValue = {"type": "LESSON", "info": "1 урок", "begin_time": begins, "end_time": "09:15"}
    with pytest.raises(RegionChanged):
        parse({"date": "2026-09-14", "activities": [lesson]})


@pytest.mark.parametrize("name", PARSERS)
@given(body=anything)
def test_a_body_of_another_kind_is_a_typed_error_or_nothing(name: str, body: JsonValue) -> None:
    """Not even a list or an object, or one of something else."""
    _, parse = PARSERS[name]
    try:
        parse(body)
    except DiaryError:
        return


_cells = st.one_of(
    st.sampled_from(["", "5", "4- 5", "Н", "3/5", "<b>", "&nbsp;", "Не задано"]), st.text(max_size=30)
)


@given(
    rows=st.lists(st.tuples(*[_cells] * 5), max_size=4),
    on=st.one_of(st.sampled_from(["14.09", "20.09", "31.12", "99.99"]), st.text(max_size=6)),
    cut=st.integers(min_value=0, max_value=2000),
)
def test_a_strange_week_page_gives_days_or_a_typed_error(
    rows: list[tuple[str, ...]], on: str, cut: int
) -> None:
    """Any words in its cells, any date, and a page broken off anywhere."""
    written = page(*(ROW.format(*row) for row in rows), on=on)
    for shown in (written, written[:cut]):
        try:
            found = legacy_days({MONDAY: read_week(shown)}, MONDAY, SUNDAY, MOSCOW)
        except DiaryError:
            continue
        for day in found:
            assert type(day).model_validate_json(day.model_dump_json()) == day


@given(token=st.one_of(st.text(), st.from_regex(r"[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]*")))
def test_the_end_of_a_strange_token_is_unknown(token: str) -> None:
    """A token is a parent's to bring: whatever it is, it has an end or none."""
    end = expires_at(token)
    assert end is None or end.tzinfo is not None


@pytest.mark.parametrize("exp", ["null", "-1", "1e400", str(10**30), '"soon"', "true", "[]"])
def test_a_strange_end_is_no_end(exp: str) -> None:
    """An `exp` that is no moment is as good as none."""
    key = OctKey.generate_key(256)
    token = jws.serialize_compact({"alg": "HS256"}, f'{{"exp": {exp}}}', key)
    found = expires_at(token)
    assert found is None or found.year < 1971


@given(text=st.text(max_size=80))
def test_a_strange_enrolment_id_is_unknown_or_whole(text: str) -> None:
    """Whatever is taken for an id is written again as it was."""
    try:
        assert str(ChildRef.read(text)) == text
    except DiaryError:
        return
