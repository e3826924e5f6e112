"""Whatever a stranger sends, only a model or a typed error comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, TypeAdapter
from tests.plugins.strangers import answer_of, anything, disturbed, within

from diary_core.errors import DiaryError
from diary_core.http import read
from diary_core.model import Model, Unavailable
from diary_dnevnik_ru import parse, wire
from diary_dnevnik_ru.connection import end_of
from diary_dnevnik_ru.refusals import reading_refused, sign_in_refused
from diary_dnevnik_ru.wire.values import OneOrMore, Rows

from .bodies import FORBIDDEN, POST, SCHOOL, SEAT, SUNDAY, TUESDAY, sample
from .bodies import read as read_body
from .bodies import rows as read_rows

MIDSUMMER: Final = date(2025, 6, 22)
WHOSE: Final = parse.Whose(SEAT, ZoneInfo("Asia/Vladivostok"))
PERSON: Final[JsonValue] = {"id": 5, "firstName": "Елена", "lastName": "Примерова", "shortName": "Елена П."}
NOTHING: Final = parse.SchoolParts(FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
STAFF: Final[JsonValue] = {
    "Id": 5,
    "IdStr": "5",
    "Subjects": "Алгебра, Геометрия",
    "NameTeacherPosition": "Учитель",
}
PASSPORT: Final[JsonValue] = {
    "directorFullName": "Макетов Олег",
    "schoolPhone": "+7 000",
    "email": "s@example.test",
    "website": "https://s.example.test",
    "address": ["ул. Лесная, 1"],
}
WEIGHTED: Final[JsonValue] = {
    "subjectMarks": [{"subject": 7, "subject_str": "7", "marks": [{"person": 1000990001011, "value": 4.4}]}]
}
GRANT: Final[JsonValue] = {
    "accessToken": "x" * 32,
    "expiresIn": 3600,
    "refreshToken": "r",
    "reason": "Authenticate",
}


def days(response: httpx2.Response) -> tuple[Model, ...]:
    sent = read(response, wire.Schedule).days
    parse.unnamed(sent, {})
    files = parse.Files.read([read_body(wire.Homeworks, sample("10"))])
    return parse.diary_days(sent, parse.Beside(files=files), WHOSE, TUESDAY, SUNDAY)


def days_beside_kinds(response: httpx2.Response) -> tuple[Model, ...]:
    kinds = read(response, TypeAdapter[tuple[wire.WorkType, ...]](Rows[wire.WorkType]))
    weights = parse.Weights.read(kinds, read_body(wire.School, SCHOOL))
    sent = read_body(wire.Schedule, sample("08")).days
    return parse.diary_days(sent, parse.Beside(weights=weights), WHOSE, TUESDAY, SUNDAY)


def days_beside_homework(response: httpx2.Response) -> tuple[Model, ...]:
    files = parse.Files.read([read(response, wire.Homeworks), FORBIDDEN])
    sent = read_body(wire.Schedule, sample("08")).days
    return parse.diary_days(sent, parse.Beside(files=files), WHOSE, TUESDAY, SUNDAY)


def homework(response: httpx2.Response) -> tuple[Model, ...]:
    return parse.due_homework([read(response, wire.Homeworks)], WHOSE, MIDSUMMER, SUNDAY)


def marks(response: httpx2.Response) -> tuple[Model, ...]:
    sent = read(response, TypeAdapter[tuple[wire.Mark, ...]](Rows[wire.Mark]))
    parse.lesson_ids(sent, SEAT)
    lessons = read_rows(wire.FullLesson, [sample("09")])
    return parse.lesson_marks(sent, lessons, parse.Weights(), WHOSE, since=MIDSUMMER, until=SUNDAY)


def marks_on_lessons(response: httpx2.Response) -> tuple[Model, ...]:
    lessons = read(response, TypeAdapter[tuple[wire.FullLesson, ...]](Rows[wire.FullLesson]))
    sent = read_rows(wire.Mark, sample("11"))
    return parse.lesson_marks(sent, lessons, parse.Weights(), WHOSE, since=MIDSUMMER, until=SUNDAY)


def mark_in_depth(response: httpx2.Response) -> tuple[Model, ...]:
    sent = read(response, wire.Mark)
    lesson, day = read_body(wire.FullLesson, sample("09")), read_body(wire.Schedule, sample("08"))
    found = parse.mark_in_depth(sent, lesson, day, parse.Weights(), WHOSE)
    return () if found is None else (found,)


def teachers_of_the_day(response: httpx2.Response) -> tuple[Model, ...]:
    sent = read_rows(wire.Mark, sample("11"))[1]
    lesson, day = read_body(wire.FullLesson, sample("09")), read(response, wire.Schedule)
    found = parse.mark_in_depth(sent, lesson, day, parse.Weights(), WHOSE)
    return () if found is None else (found,)


def results(response: httpx2.Response) -> tuple[Model, ...]:
    periods = read_rows(wire.ReportingPeriod, within(sample("07"), "reportingPeriods"))
    return parse.results(read(response, wire.FinalMarks), periods, WHOSE, current=True)


def terms_of_results(response: httpx2.Response) -> tuple[Model, ...]:
    periods = read(response, TypeAdapter[tuple[wire.ReportingPeriod, ...]](Rows[wire.ReportingPeriod]))
    return parse.results(read_body(wire.FinalMarks, sample("14")), periods, WHOSE, current=True)


def years(response: httpx2.Response) -> tuple[Model, ...]:
    groups = read(response, TypeAdapter[tuple[wire.EduGroup, ...]](Rows[wire.EduGroup]))
    found = parse.academic_years(groups, SEAT)
    for year in found:
        assert parse.seats_of_year(groups, SEAT, year)
    return found


def plain_averages(response: httpx2.Response) -> tuple[Model, ...]:
    rows = read(response, TypeAdapter[tuple[wire.PupilAverages, ...]](Rows[wire.PupilAverages]))
    return parse.averages(parse.plain_averages(rows, SEAT), {}, "1")


def weighted_averages(response: httpx2.Response) -> tuple[Model, ...]:
    found = read(response, wire.WeightedAverages)
    return parse.averages(parse.weighted_averages(found, SEAT), {}, "1")


def family(response: httpx2.Response) -> tuple[Model, ...]:
    context = read(response, wire.Context)
    parse.person_name(context)
    return parse.enrolments(context, "Europe/Moscow")


def terms(response: httpx2.Response) -> tuple[Model, ...]:
    periods = read(response, TypeAdapter[tuple[wire.ReportingPeriod, ...]](Rows[wire.ReportingPeriod]))
    return parse.year_terms(periods)


def school(response: httpx2.Response) -> tuple[Model, ...]:
    return (parse.school_profile(read(response, wire.School), NOTHING, "Europe/Moscow"),)


def passport(response: httpx2.Response) -> tuple[Model, ...]:
    told = read(response, wire.SchoolParameters)
    known = read_body(wire.School, SCHOOL)
    return (parse.school_profile(known, replace(NOTHING, parameters=told), "Europe/Moscow"),)


def teachers(response: httpx2.Response) -> tuple[Model, ...]:
    people = read(response, TypeAdapter[tuple[wire.Person, ...]](Rows[wire.Person]))
    known = read_body(wire.School, SCHOOL)
    return (
        parse.school_profile(
            known,
            replace(NOTHING, teachers=people, class_teacher=people[0] if people else FORBIDDEN),
            "Europe/Moscow",
        ),
    )


def staff(response: httpx2.Response) -> tuple[Model, ...]:
    members = read(response, TypeAdapter[tuple[wire.StaffMember, ...]](Rows[wire.StaffMember]))
    known, people = read_body(wire.School, SCHOOL), (read_body(wire.Person, PERSON),)
    return (parse.school_profile(known, replace(NOTHING, teachers=people, staff=members), "Europe/Moscow"),)


def subgroups(response: httpx2.Response) -> tuple[Model, ...]:
    groups = read(response, TypeAdapter[tuple[wire.EduGroup, ...]](Rows[wire.EduGroup]))
    known = read_body(wire.School, SCHOOL)
    return (parse.school_profile(known, replace(NOTHING, groups=groups), "Europe/Moscow"),)


def absences(response: httpx2.Response) -> tuple[Model, ...]:
    answer = read(response, wire.LogEntries)
    parse.undescribed([answer], SEAT)
    lessons = {lesson.id: lesson for lesson in answer.lessons}
    missed = parse.missed_lessons([answer], lessons, WHOSE, MIDSUMMER, SUNDAY)
    return (*missed, *parse.remarks([answer], lessons, WHOSE, MIDSUMMER, SUNDAY))


def holidays(response: httpx2.Response) -> tuple[Model, ...]:
    return parse.vacations(read(response, wire.PeriodGroup).holidays, MIDSUMMER, SUNDAY)


def timetables(response: httpx2.Response) -> tuple[Model, ...]:
    told = read(response, TypeAdapter[tuple[wire.Timetable, ...]](OneOrMore[wire.Timetable]))
    return parse.bells(told, TUESDAY)


def grant(response: httpx2.Response) -> tuple[Model, ...]:
    end_of(read(response, wire.Grant), datetime(2026, 9, 1, tzinfo=UTC))
    return ()


def posts(response: httpx2.Response) -> tuple[Model, ...]:
    sent = read(response, wire.Posts).posts
    return parse.announcements(sent, TUESDAY, SUNDAY, WHOSE.zone)


PARSERS: Final[dict[str, tuple[Callable[[httpx2.Response], tuple[Model, ...]], JsonValue]]] = {
    "days": (days, sample("08")),
    "days_beside_kinds": (days_beside_kinds, sample("16")),
    "days_beside_homework": (days_beside_homework, sample("10")),
    "homework": (homework, sample("10")),
    "marks": (marks, sample("11")),
    "marks_on_lessons": (marks_on_lessons, [sample("09")]),
    "mark_in_depth": (mark_in_depth, within(sample("11"), 1)),
    "teachers_of_the_day": (teachers_of_the_day, sample("08")),
    "results": (results, sample("14")),
    "terms_of_results": (terms_of_results, within(sample("07"), "reportingPeriods")),
    "years": (years, sample("06")),
    "plain_averages": (plain_averages, sample("13")),
    "weighted_averages": (weighted_averages, WEIGHTED),
    "family": (family, sample("01")),
    "terms": (terms, within(sample("07"), "reportingPeriods")),
    "absences": (absences, sample("15")),
    "holidays": (holidays, sample("07")),
    "timetables": (timetables, sample("17")),
    "school": (school, sample("05")),
    "passport": (passport, PASSPORT),
    "staff": (staff, [STAFF]),
    "subgroups": (subgroups, sample("06")),
    "teachers": (teachers, [PERSON]),
    "grant": (grant, GRANT),
    "posts": (posts, {"type": "Success", "unreadCount": 1, "postList": [POST]}),
}


def is_sound(found: tuple[Model, ...]) -> None:
    """A result is a tuple of models that survive being written down and read again."""
    assert isinstance(found, tuple)
    for item in found:
        assert isinstance(item, Model)
        assert type(item).model_validate_json(item.model_dump_json()) == item


@pytest.mark.parametrize("name", PARSERS)
def test_the_undisturbed_body_is_read(name: str) -> None:
    """What the disturbances start from is good."""
    parser, body = PARSERS[name]
    is_sound(parser(answer_of(body)))


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.data())
def test_a_disturbed_body_is_a_model_or_a_typed_error(name: str, data: st.DataObject) -> None:
    """Missing, null, retyped, extra, dirty, huge: nothing but a model or an error of the tree."""
    parser, body = PARSERS[name]
    broken = data.draw(disturbed(body))
    try:
        found = parser(answer_of(broken))
    except DiaryError:
        return
    is_sound(found)


@pytest.mark.parametrize("name", PARSERS)
@given(body=anything)
def test_any_json_is_a_model_or_a_typed_error(name: str, body: JsonValue) -> None:
    """The same for a body that has nothing in common with ours."""
    parser, _ = PARSERS[name]
    try:
        found = parser(answer_of(body))
    except DiaryError:
        return
    is_sound(found)


@pytest.mark.parametrize("name", PARSERS)
def test_a_number_beyond_all_measure_is_a_typed_error(name: str) -> None:
    """A number of a million digits is no id, no date, no text."""
    parser, body = PARSERS[name]
    text = json.dumps(body).replace("null", "1" * 1_000_000).replace("true", "1" * 1_000_000)
    response = httpx2.Response(200, content=text, headers={"content-type": "application/json"})
    try:
        found = parser(response)
    except DiaryError:
        return
    is_sound(found)


@given(
    status=st.sampled_from([200, 204, 400, 401, 403, 404, 405, 433, 500]),
    content=st.one_of(st.binary(max_size=200), anything.map(lambda body: json.dumps(body).encode())),
)
def test_any_refusal_is_an_error_or_none(status: int, content: bytes) -> None:
    """Looking for an error object never fails, whatever stands there."""
    response = httpx2.Response(status, content=content)
    for looked in (reading_refused(response), sign_in_refused(response)):
        assert looked is None or isinstance(looked, DiaryError)


@given(kinds=anything, profile=anything)
def test_weights_of_anything_are_weights_or_gaps(kinds: JsonValue, profile: JsonValue) -> None:
    """A side call that brings nonsense is a gap, and what it adds to stands."""
    gap = Unavailable(reason=FORBIDDEN.reason)
    try:
        told = read(answer_of([{"id": 1, "weight": kinds}]), TypeAdapter(tuple[wire.WorkType, ...]))
        own = read(answer_of({"id": 1, "uses_weighted_avg": profile}), wire.School)
    except DiaryError:
        told, own = gap, gap
    weight = parse.Weights.read(told, own).weight("1")
    assert weight is None or isinstance(weight, Unavailable | Decimal)
    assert not isinstance(weight, Decimal) or weight.is_finite()
