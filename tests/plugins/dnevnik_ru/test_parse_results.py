"""Results, school years and averages: small JSON in, model out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from inline_snapshot import snapshot
from pydantic import JsonValue
from tests.plugins.strangers import within

from diary_core.model import NOT_LOADED, Teacher, TermResult, Unavailable, known
from diary_core.people import PersonName
from diary_dnevnik_ru import parse, wire

from .bodies import FORBIDDEN, MARK, NO_ANSWER, SEAT, Json, marks_of, one_lesson, read, rows, sample

PERIODS = rows(wire.ReportingPeriod, within(sample("07"), "reportingPeriods"))
WORK: Json = {
    "id": 61,
    "type": "PeriodMark",
    "workType": 51,
    "subjectId": 7,
    "periodNumber": 1,
    "periodType": "Quarter",
}
RESULT: Json = {
    "id": 71,
    "textValue": "4",
    "work": 61,
    "person": 1000990001011,
    "date": "2025-10-24T08:14:30",
}
KINDS: list[JsonValue] = [{"id": 51, "name": "Отметка за период", "kind": "PeriodMark"}]


def _results(
    whose: parse.Whose,
    *,
    work: Json | None = None,
    mark: Json | None = None,
    periods: tuple[wire.ReportingPeriod, ...] | Unavailable = PERIODS,
    current: bool = True,
) -> tuple[TermResult, ...]:
    body: Json = {
        "marks": [{**RESULT, **(mark or {})}],
        "works": [{**WORK, **(work or {})}],
        "subjects": [{"id": 7, "name": "Алгебра"}],
        "workTypes": KINDS,
    }
    return parse.results(read(wire.FinalMarks, body), periods, whose, current=current)


def test_results_of_the_sample(whose: parse.Whose) -> None:
    """A result takes its subject and what it closes from its work, and its term from the periods."""
    found = parse.results(read(wire.FinalMarks, sample("14")), PERIODS, whose, current=True)
    assert [one.model_dump(mode="json", exclude={"subject"}) for one in found[:1]] == snapshot(
        [
            {
                "id": "1990000000000005101",
                "kind": "term",
                "title": "1 четверть",
                "term_id": "1990000000000006001",
                "display": "4",
                "value": "4",
                "status": "graded",
                "entered_at": "2025-10-24T11:14:30.020000+03:00",
            }
        ]
    )
    assert [one.subject.name for one in found] == ["Математика", "Русский язык"]


@pytest.mark.parametrize(
    ("work", "kind", "title"),
    [
        ({}, "term", "1 четверть"),
        ({"periodNumber": 0, "periodType": "Year"}, "year", "Отметка за период"),
        ({"type": "Exam", "periodType": "Year"}, "exam", "Отметка за период"),
        ({"type": "PeriodFinalMark", "periodType": "Year"}, "final", "Отметка за период"),
        ({"type": None}, "term", "1 четверть"),
        ({"type": "SomethingNew"}, "other", "Отметка за период"),
        ({"periodNumber": 9}, "term", "Отметка за период"),
    ],
)
def test_a_work_says_what_its_mark_closes(work: Json, kind: str, title: str, whose: parse.Whose) -> None:
    """By its own word, else by that of its kind; the set is open."""
    (result,) = _results(whose, work=work)
    assert (result.kind, result.title) == (kind, title)


def test_only_terms_of_the_current_year_are_named(whose: parse.Whose) -> None:
    """A former year's are in no list; what failed to come is a gap, but for what closes no term."""
    assert known(_results(whose)[0].term_id) == PERIODS[0].id
    assert _results(whose, current=False)[0].term_id is None
    assert _results(whose, work={"periodNumber": 9})[0].term_id is None
    assert _results(whose, periods=NO_ANSWER)[0].term_id == NO_ANSWER
    assert _results(whose, periods=NO_ANSWER, work={"type": "Exam"})[0].term_id is None


def test_results_of_others_and_empty_cells_are_left_out(whose: parse.Whose) -> None:
    """A classmate's is dropped, whatever call brought it; nothing written is no result."""
    assert _results(whose, mark={"person": 1000990001021}) == ()
    assert _results(whose, mark={"textValue": " ", "value": None}) == ()
    assert [one.display for one in _results(whose, mark={"textValue": None, "value": "зач"})] == ["зач"]


def test_a_result_without_its_work_keeps_its_display(whose: parse.Whose) -> None:
    """What it is for stands nowhere then: nothing is made up."""
    (result,) = _results(whose, mark={"work": 99})
    assert (result.kind, result.title, result.subject.name, result.display) == ("other", "—", "—", "4")


def _years(*groups: Json) -> list[tuple[str, date, bool]]:
    found = parse.academic_years(rows(wire.EduGroup, list(groups)), SEAT)
    return [(year.title, year.since, year.current) for year in found]


def test_years_are_those_of_the_classes() -> None:
    """Each once, the latest first; the one of the enrolment's class is the current one."""
    own: Json = {"id": int(SEAT.group), "type": "Group", "studyyear": 2025}
    last: Json = {"id": 5, "type": "Group", "studyyear": 2024}
    assert _years(last, own, {"id": 6, "type": "Subgroup", "studyyear": 2023}) == [
        ("2025/2026", date(2025, 9, 1), True),
        ("2024/2025", date(2024, 9, 1), False),
    ]
    assert _years(last) == [("2024/2025", date(2024, 9, 1), True)]
    assert _years({**own, "studyyear": None}, {**last, "studyyear": 1}) == []


def test_a_year_in_two_classes_has_two_seats() -> None:
    """A child who moved in the middle of a year has results in both; now only the enrolment's are read."""
    groups = rows(
        wire.EduGroup,
        [
            {"id": 5, "type": "Group", "studyyear": 2024},
            {"id": 6, "type": "Group", "studyyear": 2024},
            {"id": int(SEAT.group), "type": "Group", "studyyear": 2025},
            {"id": 8, "type": "Group", "studyyear": 2025},
        ],
    )
    now, then = parse.academic_years(groups, SEAT)
    assert [seat.group for seat in parse.seats_of_year(groups, SEAT, then)] == ["5", "6"]
    assert parse.seats_of_year(groups, SEAT, now) == (SEAT,)


def test_averages_of_classmates_are_dropped() -> None:
    """Both calls answer for the whole class; only the child's own rows are read."""
    plain = parse.plain_averages(rows(wire.PupilAverages, sample("13")), SEAT)
    assert plain == {"1990000000000001001": Decimal("4.33"), "1990000000000001002": Decimal("3.67")}
    weighted = read(
        wire.WeightedAverages,
        {
            "subjectMarks": [
                {"subject": 7, "marks": [{"person": 1000990001021, "value": 5}]},
                {
                    "subject": 8,
                    "marks": [
                        {"person": 1000990001021, "value": 2},
                        {"person": int(SEAT.person), "value": 4.4},
                    ],
                },
            ]
        },
    )
    assert parse.weighted_averages(weighted, SEAT) == {"8": Decimal("4.4")}


def test_averages_come_by_name_of_the_subject() -> None:
    """One without a name keeps its id; nothing and zero are no average."""
    names = {"7": "Физика", "8": "Алгебра"}
    found = parse.averages({"7": Decimal("4.5"), "8": Decimal(0), "9": None}, names, "q1")
    assert [(one.subject.name, one.subject.id, one.value, one.term_id) for one in found] == [
        ("Алгебра", "8", None, "q1"),
        ("Физика", "7", Decimal("4.5"), "q1"),
        ("—", "9", None, "q1"),
    ]


PERSON: Json = {"id": 5, "firstName": "Елена", "lastName": "Примерова", "middleName": "Игоревна"}
TEACHER = Teacher(id="5", name=PersonName(last="Примерова", first="Елена", middle="Игоревна"))


@pytest.mark.parametrize(
    ("works", "teacher"),
    [
        ([{"id": 61, "lesson": 11, "createdBy": 5}], TEACHER),
        ([{"id": 61, "lesson": 11, "createdBy": 6}], NO_ANSWER),
        ([{"id": 61, "lesson": 11, "createdBy": None}], None),
        ([], NOT_LOADED),
    ],
)
def test_who_gave_a_work_gave_its_marks(works: list[Json], teacher: object, whose: parse.Whose) -> None:
    """The day names its teachers; a work by somebody else points at what the answer does not bring."""
    lesson = one_lesson(
        whose, marks=[{**MARK, "work": 61}], works=works, teachers=[{"person": PERSON, "role": "Учитель"}]
    )
    assert [mark.teacher for mark in marks_of(lesson)] == [teacher]


def test_a_mark_in_depth_without_its_day_says_why(whose: parse.Whose) -> None:
    """Who gave it is the only thing that is missing then."""
    sent, lesson = rows(wire.Mark, sample("11"))[1], read(wire.FullLesson, sample("09"))
    day = read(wire.Schedule, sample("08"))
    whole = parse.mark_in_depth(sent, lesson, day, parse.Weights(), whose)
    without = parse.mark_in_depth(sent, lesson, FORBIDDEN, parse.Weights(), whose)
    assert whole is not None
    assert without is not None
    assert isinstance(whole.teacher, Teacher)
    assert without.teacher == FORBIDDEN
    assert whole.model_copy(update={"teacher": FORBIDDEN}) == without
