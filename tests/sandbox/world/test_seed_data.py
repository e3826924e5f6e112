"""The first families hold what the fact sheets ask a sandbox for, in every town, all through the year.

Source:
    `mrko.md` §7 "Seed data" and `dnevnik-ru.md` §6 "Sandbox advice".
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from diary_sandbox.clock import MOSCOW
from diary_sandbox.world import (
    AbsenceKind,
    Child,
    LessonChange,
    LessonKind,
    MarkStatus,
    PointState,
    TermKind,
    World,
)

from .towns import FIRST_DAY, LAST_DAY, PERSONAS, SEEDS, mondays, persona_child, town

_YEAR = (FIRST_DAY, LAST_DAY)
_TODAYS = (date(2026, 10, 15), date(2026, 12, 9), date(2027, 3, 17), date(2027, 5, 19))


@pytest.fixture(params=SEEDS, scope="module")
def world(request: pytest.FixtureRequest) -> World:
    """A town of one of twenty seeds, on one of four days of the year."""
    seed: int = request.param
    on = _TODAYS[seed % len(_TODAYS)]
    return town(seed, now=datetime(on.year, on.month, on.day, 12, 0, tzinfo=MOSCOW))


def moscow(world: World) -> list[Child]:
    """Return the two children of the Moscow family."""
    return [persona_child(world, "moscow_mother", place) for place in (0, 1)]


def dnevnik(world: World) -> list[Child]:
    """Return the two children of the Дневник.ру family."""
    return [persona_child(world, "dnevnik_mother", place) for place in (0, 1)]


def test_moscow_family_of_two(world: World) -> None:
    """Two children in two schools' buildings, one with trimesters, one with quarters; a trusted person."""
    first, second = moscow(world)
    kinds = [world.terms(child.class_id)[0].kind for child in (first, second)]
    assert kinds == [TermKind.TRIMESTER, TermKind.QUARTER]
    buildings = {world.class_group(child.class_id).building_id for child in (first, second)}
    assert len(buildings) == 2
    assert [guardian.legal for guardian in world.guardians_of(second.id)] == [True, False]


def test_points_of_both_sorts(world: World) -> None:
    """An open point, an expired one and one that was paid; none of the first two counts."""
    for child in moscow(world):
        states = {mark.point.state for mark in world.marks(child.id, *_YEAR) if mark.point}
        assert states >= {PointState.EXPIRED, PointState.TURNED}
    open_points = [
        mark
        for child in moscow(world)
        for mark in world.marks(child.id, *_YEAR)
        if mark.point and mark.point.state is PointState.OPEN
    ]
    assert open_points


def test_marks_of_every_sort(world: World) -> None:
    """A changed mark with history, «См» with its number in the comment, split, signed and worded marks."""
    for child in moscow(world):
        marks = world.marks(child.id, *_YEAR)
        assert any(mark.history and mark.point is None for mark in marks)
        in_comment = [mark for mark in marks if mark.status is MarkStatus.IN_COMMENT]
        assert in_comment
        assert all(mark.comment and "балл: 4,5" in mark.comment for mark in in_comment)
        assert {mark.display for mark in marks} >= {"5", "5-", "4+", "3/5", "зач", "осв", "н/а", "См"}
        assert {mark.weight for mark in marks} >= {0, 1, 2, 3}


def test_lessons_of_every_sort(world: World) -> None:
    """An extra-curricular lesson, a replaced, a cancelled and a moved one, and a null topic."""
    for child in (*moscow(world), *dnevnik(world)):
        lessons = world.lessons(child.id, *_YEAR)
        assert {lesson.kind for lesson in lessons} >= {LessonKind.EXTRA, LessonKind.REGULAR}
        assert {lesson.change for lesson in lessons} >= {
            LessonChange.REPLACED,
            LessonChange.CANCELLED,
            LessonChange.MOVED,
        }
        assert any(lesson.happened and lesson.topic is None for lesson in lessons)


def test_subgroups(world: World) -> None:
    """Some lessons are a subgroup's: the other subgroup's lesson in the same slot is not the child's."""
    for child in (*moscow(world), *dnevnik(world)):
        own = {lesson.id for lesson in world.lessons(child.id, *_YEAR)}
        split = [lesson for lesson in world.class_lessons(child.class_id, *_YEAR) if lesson.subgroup]
        foreign = [lesson for lesson in split if lesson.id not in own]
        assert any(lesson.subgroup for lesson in world.lessons(child.id, *_YEAR))
        assert foreign
        assert {lesson.subgroup for lesson in foreign} == {3 - child.subgroup}


def test_attendance_of_every_sort(world: World) -> None:
    """A partial day, a whole one, late, ill, absent without a reason, and excused with a notice."""
    for child in (*moscow(world), *dnevnik(world)):
        absences = world.absences(child.id, *_YEAR)
        assert {absence.kind for absence in absences} == set(AbsenceKind)
        missed = [absence for absence in absences if absence.kind is AbsenceKind.ABSENT]
        assert any(absence.reason and absence.reason.ill for absence in missed)
        assert any(absence.reason is None and not absence.excused for absence in missed)
        assert any(absence.excused and absence.reason and not absence.reason.ill for absence in missed)
        assert {day.whole_day for day in world.absence_days(child.id, *_YEAR)} == {True, False}
        assert world.absence_notices(child.id, *_YEAR)


def test_passes_and_money(world: World) -> None:
    """An incomplete pass, and an account in debt."""
    child = moscow(world)[0]
    past = [visit for visit in world.visits(child.id, *_YEAR) if visit.on < world.clock.today()]
    assert {visit.complete for visit in past} == {True, False}
    account = world.meal_account(child.id)
    assert account
    assert account.balance < 0
    assert any(entry.balance_before < 0 or entry.amount < 0 for entry in world.meal_entries(child.id, *_YEAR))


def test_dnevnik_family_of_two(world: World) -> None:
    """Two children in one school, in different classes; homework with a file; an empty Sunday."""
    first, second = dnevnik(world)
    assert first.school_id == second.school_id
    assert first.class_id != second.class_id
    for child in (first, second):
        assert any(task.attachments for task in world.homework(child.id, *_YEAR))
        assert {mark.display for mark in world.marks(child.id, *_YEAR)} >= {"5-", "зач"}
        for monday in list(mondays())[:4]:
            assert world.lessons(child.id, monday + timedelta(days=6), monday + timedelta(days=6)) == ()


def test_period_marks(world: World) -> None:
    """Once a term is over there are period marks for both families."""
    later = town(world.seed, now=datetime(2027, 1, 12, 12, tzinfo=MOSCOW))
    for child in (*moscow(later), *dnevnik(later)):
        assert later.results(child.id)


def test_the_twin_can_be_read_whole(world: World) -> None:
    """The twin's diary holds only what both wires can say: no points, no «См», no clubs, yet the rest."""
    twin = persona_child(world, "both_mother")
    assert world.school(twin.school_id).hosts == {"school.mos.ru", "api.dnevnik.ru"}
    marks = world.marks(twin.id, *_YEAR)
    assert [mark for mark in marks if mark.point or mark.status is MarkStatus.IN_COMMENT] == []
    assert {mark.display for mark in marks} >= {"5", "5-", "3/5", "зач", "н/а"}
    assert [one for one in world.lessons(twin.id, *_YEAR) if one.kind is LessonKind.ADDITIONAL] == []
    assert world.homework(twin.id, *_YEAR)


def test_homework_of_every_sort(world: World) -> None:
    """Required, voluntary and unsaid; edited; with files, with digital materials; done and not."""
    tasks = [task for child in moscow(world) for task in world.homework(child.id, *_YEAR)]
    assert {task.required for task in tasks} == {True, False, None}
    assert {task.done for task in tasks} == {True, False}
    assert any(task.edited_at and task.history for task in tasks)
    assert any(task.attachments for task in tasks)
    assert any(task.materials for task in tasks)


def test_school_life(world: World) -> None:
    """Remarks, news, meetings and signed weeks are there."""
    for child in (*moscow(world), *dnevnik(world)):
        assert world.remarks(child.id, *_YEAR)
        kinds = {news.kind for news in world.announcements(child.class_id, *_YEAR)}
        assert len(kinds) >= 2
    assert any(world.signatures(child.id) for child in moscow(world))


def test_all_personas_are_there(world: World) -> None:
    """Each persona family exists; a smaller town has the first of them."""
    assert len({persona.family_id for persona in world.personas()}) == PERSONAS
    assert {persona.family_id for persona in town(1, families=3).personas()} == {1, 2, 3}
