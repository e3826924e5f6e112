"""Results, school years and averages: small JSON in, model out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from inline_snapshot import snapshot

from diary_core.errors import RegionChanged
from diary_core.model import AcademicYear, Term, TermResult
from diary_mrko.parse.averages import averages
from diary_mrko.parse.results import results
from diary_mrko.parse.years import academic_years
from diary_mrko.wire.marks import SubjectMarks
from diary_mrko.wire.results import FinalMarks
from diary_mrko.wire.year import AcademicYear as ListedYear

from .bodies import FAILED, MONDAY, Json, payload, read, rows, sample

LAST_YEAR = AcademicYear(
    id="13", title="2025 - 2026", since=date(2025, 9, 1), until=date(2026, 8, 31), current=False
)
TERM = Term(
    id="7-1",
    parent_id="year-13",
    kind="trimester",
    number=1,
    title="1 триместр",
    since=date(2025, 9, 1),
    until=date(2025, 11, 30),
)
YEAR = Term(
    id="year-14",
    parent_id=None,
    kind="year",
    number=None,
    title="2026 - 2027",
    since=date(2026, 9, 1),
    until=date(2027, 8, 31),
)
TRIMESTER = TERM.model_copy(update={"since": date(2026, 9, 1), "until": date(2026, 11, 29)})


def _results(*subjects: Json, current: bool = False) -> tuple[TermResult, ...]:
    year = LAST_YEAR.model_copy(update={"current": current})
    return results(read(FinalMarks, {"subjects": list(subjects)}), year, (TERM,))


def test_results_come_by_subject_and_as_the_year_went_on() -> None:
    """Terms, then the year; a subject without terms has its year alone."""
    found = results(read(FinalMarks, sample("final_marks_v2")), LAST_YEAR, (TERM,))
    assert [(one.subject.name, one.kind, one.title, one.display) for one in found] == snapshot(
        [
            ("Алгебра", "term", "1 триместр", "4"),
            ("Алгебра", "term", "2 триместр", "5"),
            ("Алгебра", "term", "3 триместр", "5"),
            ("Алгебра", "year", "Годовая отметка", "5"),
            ("Музыка", "year", "Годовая отметка", "зачёт"),
        ]
    )
    assert [(one.value, one.status) for one in found[-2:]] == [(Decimal(5), "graded"), (None, "passed")]


def test_a_term_of_the_current_year_is_known_by_its_days() -> None:
    """The answer names no ids; a former year's terms are in no list, and close none of this one."""
    period: Json = {
        "name": "Триместр № 1",
        "start_date": "2025-09-01",
        "end_date": "2025-11-30",
        "final_mark": "4",
    }
    algebra: Json = {"id": 56, "name": "Алгебра", "periods": [period], "year_mark": "4"}
    assert [one.term_id for one in _results(algebra, current=True)] == ["7-1", None]
    assert [one.term_id for one in _results(algebra)] == [None, None]
    unknown = {**algebra, "periods": [{**period, "end_date": "2025-10-30"}]}
    assert [one.term_id for one in _results(unknown, current=True)] == [None, None]
    year = LAST_YEAR.model_copy(update={"current": True})
    gaps = results(read(FinalMarks, {"subjects": [algebra]}), year, FAILED)
    assert [one.term_id for one in gaps] == [FAILED, None]


def test_a_result_that_changes_is_the_same_result() -> None:
    """It has no id of the diary's: it is known by its year, its subject and what it closes."""
    before = _results({"id": 56, "name": "Алгебра", "year_mark": "4"})
    after = _results(
        {"id": 56, "name": "Алгебра", "year_mark": "5"}, {"id": 1, "name": "Азбука", "year_mark": "3"}
    )
    assert before[0].id == after[1].id
    assert len({one.id for one in (*before, *after)}) == 2


def test_other_marks_of_the_year_are_told_apart() -> None:
    """Attestation and camp are fields of their own; a number is a text; what is empty is no result."""
    found = _results(
        {
            "id": 61,
            "name": "ОБЖ",
            "periods": None,
            "year_mark": 5,
            "intermediate_attestation_mark": "4",
            "training_camp_mark": "зач",
        },
        {"id": 62, "name": "Ритмика", "periods": [{"name": "1 триместр", "final_mark": ""}]},
    )
    assert [(one.kind, one.title, one.display) for one in found] == snapshot(
        [
            ("other", "Учебные сборы", "зач"),
            ("year", "Годовая отметка", "5"),
            ("attestation", "Промежуточная аттестация", "4"),
        ]
    )


def test_a_subject_without_a_name_is_refused() -> None:
    """A result of nobody knows what is something we do not understand."""
    with pytest.raises(RegionChanged) as caught:
        _results({"id": 56, "year_mark": "4"})
    assert caught.value.field == "subjects.[].name"


def _years(*changes: Json) -> list[tuple[str, str, bool]]:
    whole: Json = {"id": 14, "name": "2026 - 2027", "begin_date": "2026-09-01", "end_date": "2027-08-31"}
    found = academic_years(rows(ListedYear, [{**whole, **change} for change in changes]), MONDAY)
    return [(year.id, year.title, year.current) for year in found]


def test_years_come_latest_first_with_one_current() -> None:
    """The journal marks it; where it does not, the one that holds today is meant."""
    last: Json = {"id": 13, "name": None, "begin_date": "2025-09-01", "end_date": "2026-08-31"}
    assert _years(last, {"current_year": True}) == [
        ("14", "2026 - 2027", True),
        ("13", "2025 - 2026", False),
    ]
    assert [year[2] for year in _years(last, {})] == [True, False]
    assert [year[2] for year in _years({**last, "current_year": True}, {})] == [False, True]
    assert [year[2] for year in _years(last)] == [False]


def _averages(term: Term, **changes: object) -> list[tuple[str, Decimal | None, object]]:
    body = {
        "subject_id": 56,
        "subject_name": "Алгебра",
        "average_by_all": "4,20",
        "periods": [
            {
                "title": "1 триместр",
                "start_iso": "2026-09-01",
                "end_iso": "2026-11-29",
                "value": "4.40",
                "target": {"value": 5, "round": "4.51"},
                **changes,
            }
        ],
    }
    found = averages(rows(SubjectMarks, [body]), term)
    return [(one.subject.name, one.value, one.rounds_up_from) for one in found]


def test_averages_are_as_shown() -> None:
    """Of the term asked for, its zeros kept, with the fraction from which the school rounds up."""
    found = averages(rows(SubjectMarks, payload("subject_marks")), TRIMESTER)
    assert [(one.subject.name, str(one.value), str(one.rounds_up_from)) for one in found] == [
        ("Алгебра", "4.40", "0.51"),
        ("Русский язык", "3.00", "0.51"),
    ]
    assert averages(rows(SubjectMarks, payload("subject_marks")), TERM) == ()


def test_the_average_of_a_year_is_that_of_all_its_marks() -> None:
    """The year is a term too; its average is another field."""
    assert _averages(YEAR) == [("Алгебра", Decimal("4.20"), Decimal("0.51"))]


@pytest.mark.parametrize(
    ("written", "value"),
    [("4.4", "4.4"), ("4,40", "4.40"), (4.4, "4.4"), (None, None), ("", None), (0, None)],
)
def test_an_average_is_read_however_it_is_written(written: object, value: str | None) -> None:
    """Text with a point or a comma, or a number; nothing and zero are none."""
    assert _averages(TRIMESTER, value=written) == [
        ("Алгебра", None if value is None else Decimal(value), Decimal("0.51"))
    ]


@pytest.mark.parametrize(
    ("target", "fraction"),
    [
        ({"value": 4, "round": "3.60"}, "0.60"),
        ({"value": 5, "round": 4.67}, "0.67"),
        ({"value": 4, "round": "4.00"}, "1.00"),
        ({"value": 5, "round": None}, None),
        ({"value": 5, "round": "3.51"}, None),
        (None, None),
    ],
)
def test_the_rounding_is_told_with_the_next_mark(target: object, fraction: str | None) -> None:
    """A five from 4.67 is rounded up from .67; one that fits no mark tells nothing."""
    ((_, _, told),) = _averages(TRIMESTER, target=target)
    assert told == (None if fraction is None else Decimal(fraction))


def test_a_period_without_days_is_known_by_its_name() -> None:
    """Older answers have only short dates without a year."""
    assert len(_averages(TRIMESTER, start_iso=None, end_iso=None)) == 1
    assert _averages(TRIMESTER, start_iso=None, title="2 триместр") == []
