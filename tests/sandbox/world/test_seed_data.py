"""The first families hold whatever a client may trip over, in every town, all through the year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from diary_sandbox.clock import MOSCOW
from diary_sandbox.world import (
    AbsenceKind,
    LessonChange,
    LessonKind,
    MarkStatus,
    PointState,
    TermKind,
    World,
)

from .towns import EACH_SEED, FIRST_DAY, LAST_DAY, PERSONAS, Diary, mondays, persona_child, town

_YEAR = (FIRST_DAY, LAST_DAY)
_TODAYS = (date(2026, 10, 15), date(2026, 12, 9), date(2027, 3, 17), date(2027, 5, 19))


@dataclass
class Families:
    """The children whose diaries hold it."""

    world: World
    moscow: list[Diary]
    dnevnik: list[Diary]
    twin: Diary


@pytest.fixture(params=EACH_SEED, scope="module")
def families(request: pytest.FixtureRequest) -> Families:
    """The first families of a town of one of twenty seeds, on one of four days of the year."""
    seed: int = request.param
    on = _TODAYS[seed % len(_TODAYS)]
    return families_of(town(seed, now=datetime(on.year, on.month, on.day, 12, 0, tzinfo=MOSCOW)))


def families_of(world: World) -> Families:
    """Return the first families of a town."""
    return Families(
        world=world,
        moscow=[Diary(world, persona_child(world, "moscow_mother", place)) for place in (0, 1)],
        dnevnik=[Diary(world, persona_child(world, "dnevnik_mother", place)) for place in (0, 1)],
        twin=Diary(world, persona_child(world, "both_mother")),
    )


def test_moscow_family_of_two(families: Families) -> None:
    """Two children in two schools' buildings, one with trimesters, one with quarters; a trusted person."""
    first, second = families.moscow
    kinds = [families.world.terms(child.child.class_id)[0].kind for child in (first, second)]
    assert kinds == [TermKind.TRIMESTER, TermKind.QUARTER]
    buildings = {families.world.class_group(child.child.class_id).building_id for child in (first, second)}
    assert len(buildings) == 2
    assert [guardian.legal for guardian in families.world.guardians_of(second.child.id)] == [True, False]


def test_points_of_both_sorts(families: Families) -> None:
    """An open point, an expired one and one that was paid; none of the first two counts."""
    for child in families.moscow:
        states = {mark.point.state for mark in child.marks if mark.point}
        assert states >= {PointState.EXPIRED, PointState.TURNED}
    open_points = [
        mark
        for child in families.moscow
        for mark in child.marks
        if mark.point and mark.point.state is PointState.OPEN
    ]
    assert open_points


def test_marks_of_every_sort(families: Families) -> None:
    """A changed mark with history, «См» with its number in the comment, split, signed and worded marks."""
    for child in families.moscow:
        marks = child.marks
        assert any(mark.history and mark.point is None for mark in marks)
        in_comment = [mark for mark in marks if mark.status is MarkStatus.IN_COMMENT]
        assert in_comment
        assert all(mark.comment and "балл: 4,5" in mark.comment for mark in in_comment)
        assert {mark.display for mark in marks} >= {"5", "5-", "4+", "3/5", "зач", "осв", "н/а", "См"}
        assert {mark.weight for mark in marks} >= {0, 1, 2, 3}


def test_lessons_of_every_sort(families: Families) -> None:
    """An extra-curricular lesson, a replaced, a cancelled and a moved one, and a null topic."""
    for child in (*families.moscow, *families.dnevnik):
        lessons = child.lessons
        assert {lesson.kind for lesson in lessons} >= {LessonKind.EXTRA, LessonKind.REGULAR}
        assert {lesson.change for lesson in lessons} >= {
            LessonChange.REPLACED,
            LessonChange.CANCELLED,
            LessonChange.MOVED,
        }
        assert any(lesson.happened and lesson.topic is None for lesson in lessons)


def test_subgroups(families: Families) -> None:
    """Some lessons are a subgroup's: the other subgroup's lesson in the same slot is not the child's."""
    for child in (*families.moscow, *families.dnevnik):
        own = {lesson.id for lesson in child.lessons}
        split = [lesson for lesson in child.class_lessons if lesson.subgroup]
        foreign = [lesson for lesson in split if lesson.id not in own]
        assert any(lesson.subgroup for lesson in child.lessons)
        assert foreign
        assert {lesson.subgroup for lesson in foreign} == {3 - child.child.subgroup}


def test_attendance_of_every_sort(families: Families) -> None:
    """A partial day, a whole one, late, ill, absent without a reason, and excused with a notice."""
    for child in (*families.moscow, *families.dnevnik):
        absences = child.absences
        assert {absence.kind for absence in absences} == set(AbsenceKind)
        missed = [absence for absence in absences if absence.kind is AbsenceKind.ABSENT]
        assert any(absence.reason and absence.reason.ill for absence in missed)
        assert any(absence.reason is None and not absence.excused for absence in missed)
        assert any(absence.excused and absence.reason and not absence.reason.ill for absence in missed)
        assert {day.whole_day for day in families.world.absence_days(child.child.id, *_YEAR)} == {True, False}
        assert families.world.absence_notices(child.child.id, *_YEAR)


def test_passes_and_money(families: Families) -> None:
    """An incomplete pass, and an account in debt."""
    child = families.moscow[0]
    world, today = families.world, families.world.clock.today()
    past = [visit for visit in world.visits(child.child.id, *_YEAR) if visit.on < today]
    assert {visit.complete for visit in past} == {True, False}
    account = world.meal_account(child.child.id)
    assert account
    assert account.balance < 0
    assert any(
        entry.balance_before < 0 or entry.amount < 0
        for entry in families.world.meal_entries(child.child.id, *_YEAR)
    )


def test_dnevnik_family_of_two(families: Families) -> None:
    """Two children in one school, in different classes; homework with a file; an empty Sunday."""
    first, second = families.dnevnik
    assert first.child.school_id == second.child.school_id
    assert first.child.class_id != second.child.class_id
    for child in (first, second):
        assert any(task.attachments for task in child.homework)
        assert {mark.display for mark in child.marks} >= {"5-", "зач"}
        for monday in list(mondays())[:4]:
            assert (
                families.world.lessons(child.child.id, monday + timedelta(days=6), monday + timedelta(days=6))
                == ()
            )


def test_period_marks(families: Families) -> None:
    """Once a term is over there are period marks for both families."""
    world, now = families.world, families.world.clock.now()
    world.clock.set(datetime(2027, 1, 12, 12, tzinfo=MOSCOW))
    silent = [c.child.id for c in (*families.moscow, *families.dnevnik) if not world.results(c.child.id)]
    world.clock.set(now)
    assert silent == []


def test_the_twin_can_be_read_whole(families: Families) -> None:
    """The twin's diary holds only what both wires can say: no points, no «См», no clubs, yet the rest."""
    twin = families.twin
    assert families.world.school(twin.child.school_id).hosts == {"school.mos.ru", "api.dnevnik.ru"}
    marks = twin.marks
    assert [mark for mark in marks if mark.point or mark.status is MarkStatus.IN_COMMENT] == []
    assert {mark.display for mark in marks} >= {"5", "5-", "3/5", "зач", "н/а"}
    assert [one for one in twin.lessons if one.kind is LessonKind.ADDITIONAL] == []
    assert twin.homework


def test_homework_of_every_sort(families: Families) -> None:
    """Required, voluntary and unsaid; edited; with files, with digital materials; done and not."""
    tasks = [task for child in families.moscow for task in child.homework]
    assert {task.required for task in tasks} == {True, False, None}
    assert {task.done for task in tasks} == {True, False}
    assert any(task.edited_at and task.history for task in tasks)
    assert any(task.attachments for task in tasks)
    assert any(task.materials for task in tasks)


def test_school_life(families: Families) -> None:
    """Remarks, news, meetings and signed weeks are there."""
    for child in (*families.moscow, *families.dnevnik):
        assert families.world.remarks(child.child.id, *_YEAR)
        kinds = {news.kind for news in families.world.announcements(child.child.class_id, *_YEAR)}
        assert len(kinds) >= 2
    assert any(families.world.signatures(child.child.id) for child in families.moscow)


def test_all_personas_are_there(families: Families) -> None:
    """Each persona family exists; a smaller town has the first of them."""
    assert len({persona.family_id for persona in families.world.personas()}) == PERSONAS
    assert {persona.family_id for persona in town(1, families=3).personas()} == {1, 2, 3}
