"""The school year hangs together in every school and every year."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from diary_sandbox.clock import MOSCOW
from diary_sandbox.world import AbsenceKind, DayKind, TermKind, World

from .towns import FIRST_DAY, LAST_DAY, persona_child, town

_YEARS = range(2023, 2034)


@pytest.fixture(params=_YEARS)
def world(request: pytest.FixtureRequest) -> World:
    """A town in one of several school years."""
    year: int = request.param
    return town(1, year=year, now=datetime(year, 10, 1, 12, tzinfo=MOSCOW))


def test_every_day_of_the_year_is_there_once(world: World) -> None:
    """1 September to 31 August, no gap, no double."""
    for school in world.schools():
        days = world.days(school.id, world.year.since, world.year.until)
        expected = [world.year.since + timedelta(days=n) for n in range(len(days))]
        assert [day.on for day in days] == expected
        assert (days[0].on, days[-1].on) == (world.year.since, world.year.until)


def test_school_days_are_within_terms_and_outside_vacations(world: World) -> None:
    """Every school day is in exactly one term below the year, and in no vacation."""
    for school in world.schools():
        for group in world.classes(school.id)[::7]:
            terms = [term for term in world.terms(group.id) if term.kind is not TermKind.YEAR]
            school_days = [
                day.on
                for day in world.days(school.id, world.year.since, world.year.until)
                if day.kind is DayKind.SCHOOL
            ]
            homeless = [on for on in school_days if sum(t.since <= on <= t.until for t in terms) != 1]
            assert homeless == []
            free = [on for on in school_days for v in world.vacations(school.id) if v.since <= on <= v.until]
            assert free == []


def test_a_year_has_a_believable_number_of_school_days(world: World) -> None:
    """Five-day schools learn 150 to 180 days, six-day schools 185 to 215; nobody learns on Sundays."""
    for school in world.schools():
        days = [
            d for d in world.days(school.id, world.year.since, world.year.until) if d.kind is DayKind.SCHOOL
        ]
        low, high = (150, 180) if school.weekdays == 5 else (180, 215)
        assert low <= len(days) <= high, (school.id, len(days))
        assert [day for day in days if day.on.isoweekday() == 7] == []


def test_terms_are_a_tree_in_order(world: World) -> None:
    """Terms follow each other without overlap, are numbered from one, and hang on the year."""
    for school in world.schools():
        *terms, year = world.terms(world.classes(school.id)[-1].id)
        assert (year.kind, year.parent_id) == (TermKind.YEAR, None)
        assert [term.number for term in terms] == list(range(1, len(terms) + 1))
        assert {term.parent_id for term in terms} == {year.id}
        overlaps = [pair for pair in pairwise(terms) if pair[0].until >= pair[1].since]
        assert overlaps == []
        assert [world.term(term.id) for term in (*terms, year)] == [*terms, year]


def test_school_kinds_differ() -> None:
    """The town has every kind of term; grades 10 and 11 of quarter schools have half-years."""
    world = town()
    kinds = {
        term.kind
        for school in world.schools()
        for group in world.classes(school.id)
        for term in world.terms(group.id)
    }
    assert kinds == set(TermKind)
    quarter_school = next(s for s in world.schools() if s.term_kind is TermKind.QUARTER)
    by_grade = {group.parallel: world.terms(group.id)[0].kind for group in world.classes(quarter_school.id)}
    assert (by_grade[9], by_grade[10]) == (TermKind.QUARTER, TermKind.HALF_YEAR)


def test_short_weeks_break_nothing(world: World) -> None:
    """Also weeks of one or two school days give lessons, marks and absences that fit each other."""
    year = (world.year.since, world.year.until)
    world.clock.set(datetime(world.year.start + 1, 8, 31, 23, tzinfo=MOSCOW))
    for key in ("moscow_mother", "dnevnik_mother", "big_family"):
        child = persona_child(world, key)
        lessons = {lesson.id: lesson for lesson in world.lessons(child.id, *year)}
        absences = world.absences(child.id, *year)
        assert len({absence.lesson_id for absence in absences}) == len(absences)
        missed = {a.lesson_id for a in absences if a.kind is AbsenceKind.ABSENT}
        marks = world.marks(child.id, *year)
        assert [m.id for m in marks if m.lesson_id in missed or not lessons[m.lesson_id].happened] == []
        assert world.results(child.id)


def test_holidays_rest_and_one_saturday_works(world: World) -> None:
    """No school on a public holiday; the working Saturday has the timetable of the day given for it."""
    moves = world.moved_days()
    works = [move for move in moves if not move.rests]
    assert len(works) == 1
    assert works[0].on.isoweekday() == 6
    assert works[0].postponed_from
    assert works[0].postponed_from.isoweekday() == works[0].weekday
    for school in world.schools():
        days = {day.on: day for day in world.days(school.id, world.year.since, world.year.until)}
        learning = [h for h in world.holidays() if days[h.on].kind is DayKind.SCHOOL]
        assert learning == []
        if days[works[0].on].kind is DayKind.SCHOOL:
            assert days[works[0].on].weekday == works[0].weekday
            assert days[works[0].postponed_from].kind is DayKind.HOLIDAY


def test_a_span_outside_the_year_is_empty() -> None:
    """Days, lessons and marks before or after the school year are nothing, not an error."""
    world = town()
    child_id = world.family(1).child_ids[0]
    before, after = (date(2020, 1, 1), date(2020, 2, 1)), (date(2030, 1, 1), date(2030, 2, 1))
    for span in (before, after, (LAST_DAY, FIRST_DAY)):
        assert world.days(1, *span) == ()
        assert world.lessons(child_id, *span) == ()
        assert world.homework(child_id, *span) == ()
        assert world.marks(child_id, *span) == ()
