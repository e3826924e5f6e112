"""Averages computed from what a diary shows are those of the town, in every term and subject.

So are the diary's own figures beside them, and the lessons a forecast reckons with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from tests.oracle.systems import DNEVNIK, MESH, System, opened, twin
from tests.oracle.test_world import FIRST, LAST, LENSES, SEEDS, SUMMER, YEAR, Lens, someone

from diary_core.abilities import Diary, ReadsAverages, ReadsCalendar, ReadsDays, ReadsMarks, ReadsTerms, able
from diary_core.averages import averages_of, lessons_left
from diary_core.model import Average, Term, known
from diary_sandbox.serve import running_sandbox
from diary_sandbox.world import Child, LessonKind, World

pytestmark = pytest.mark.anyio

_NOISE = Fraction(1, 10**20)
"""The world's own averages are cut after 28 digits."""
MIDDAY = datetime(YEAR, 11, 11, 11, tzinfo=ZoneInfo("Europe/Moscow"))
"""A school day in the middle of a term of every school, with some of its lessons over."""


async def _of_the_year(diary: Diary, enrolment_id: str) -> dict[Term, tuple[Average, ...]]:
    """Return the averages of every term, beside the diary's own, from one list of the year's marks."""
    terms = (await able(diary, ReadsTerms).terms(enrolment_id)).items
    marks = (await able(diary, ReadsMarks).marks(enrolment_id, FIRST, LAST)).items
    shown = {term: await able(diary, ReadsAverages).averages(enrolment_id, term.id) for term in terms}
    return {term: averages_of(marks, term, shown=shown[term].items) for term in terms}


def _differences(world: World, child: Child, term: Term, seen: Sequence[Average]) -> list[str]:
    by_name = {one.subject.name: one for one in seen}
    found: list[str] = []
    for subject in world.subjects(child.class_id):
        truth = world.average(child.id, subject.id, term.since, term.until)
        one = by_name.pop(subject.name, None)
        if (truth is None) != (one is None or one.value is None):
            found.append(f"{term.title} {subject.name}: {one and one.value} seen, {truth} true")
        elif truth is not None and one is not None:
            exact = Fraction(one.total) / Fraction(one.weight)
            if abs(exact - Fraction(truth)) > _NOISE:
                found.append(f"{term.title} {subject.name}: {exact} seen, {truth} true")
    return [*found, *(f"{term.title}: {name} is not taught" for name in by_name)]


def _unexplained(world: World, child: Child, term: Term, seen: Sequence[Average]) -> list[str]:
    """Return where the diary's own figure is not ours, and is not what the engine says it is."""
    found: list[str] = []
    for one in seen:
        figure = known(one.upstream)
        place = f"{term.title} {one.subject.name}: {one.value} reckoned, {figure} shown"
        if (figure is None) != (one.value is None):
            found.append(place)
        elif one.agrees is False:
            plain = _plain_mean(world, child, term, one.subject.name)
            if one.disagreement != "plain_mean" or plain != figure:
                found.append(f"{place}, {one.disagreement}")
    return found


def _plain_mean(world: World, child: Child, term: Term, subject: str) -> Decimal:
    """Return the mean without weights, to two places."""
    values = [
        value
        for mark in world.marks(child.id, term.since, term.until)
        if mark.counts and world.subject(mark.subject_id).name == subject
        for value in mark.values
    ]
    return (sum(values, Decimal(0)) / len(values)).quantize(Decimal("0.01"), ROUND_HALF_UP)


async def _miscounted(world: World, system: System, child: Child, diary: Diary, place_id: str) -> list[str]:
    """Return the subjects of which a forecast reckons with other lessons than the town has left."""
    today = MIDDAY.date()
    terms = (await able(diary, ReadsTerms).terms(place_id)).items
    (term,) = (one for one in terms if one.kind != "year" and one.since <= today <= one.until)
    days = (await able(diary, ReadsDays).days(place_id, today, term.until)).items
    calendar = (await able(diary, ReadsCalendar).calendar(place_id, today, term.until)).items
    off = {day.date for day in calendar if day.kind != "moved"}
    lessons = [lesson for day in days for lesson in day.lessons if lesson.kind == "lesson"]
    subjects = {lesson.actual.subject.name: lesson.actual.subject for lesson in lessons if lesson.actual}
    seen = {name: lessons_left(days, subject, MIDDAY, off=off) for name, subject in subjects.items()}
    true = _left(world, system, child, term)
    assert true
    return [
        f"{name}: {seen.get(name)} counted, {true[name]} left"
        for name in sorted(seen.keys() | true.keys())
        if (left := seen.get(name)) is None or left.count != true[name]
    ]


def _left(world: World, system: System, child: Child, term: Term) -> Counter[str]:
    """Return the lessons yet to end, by subject; Дневник.ру tells no cancelled and no special ones apart."""
    clock = MIDDAY.astimezone(world.school(child.school_id).zone).time()
    return Counter(
        world.subject(lesson.half.subject_id).name
        for lesson in world.lessons(child.id, MIDDAY.date(), term.until)
        if (system is DNEVNIK or lesson.actual is not None)
        and lesson.kind not in ({LessonKind.ADDITIONAL} if system is DNEVNIK else _NO_LESSONS)
        and (lesson.on > MIDDAY.date() or lesson.half.ends > clock)
    )


_NO_LESSONS = {LessonKind.ADDITIONAL, LessonKind.EXTRA}


@pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES)
@pytest.mark.parametrize("seed", SEEDS)
async def test_averages_of_every_term_equal_the_world(lens: Lens, seed: int) -> None:
    """Through the wire of either system, weighed and plain schools alike, whole years and their parts.

    The diary's own figure agrees, or is what the engine takes it for; a forecast counts the town's lessons.
    """
    async with running_sandbox(seed=seed, year=YEAR, now=SUMMER) as sandbox:
        world = sandbox.world
        parent_id, child = someone(world, lens.system, seed)
        async with opened(lens.system, sandbox, parent_id, child) as (diary, place):
            years = await _of_the_year(diary, place.id)
            differences = [
                difference
                for term, seen in years.items()
                for check in (_differences, _unexplained)
                for difference in check(world, child, term, seen)
            ]
            sandbox.clock.set(MIDDAY)
            differences += await _miscounted(world, lens.system, child, diary, place.id)
        marked = world.class_group(child.class_id).parallel > 1  # the first year has no marks
    assert differences == []
    assert any(one.inputs for seen in years.values() for one in seen) == marked


async def test_the_twin_has_one_average() -> None:
    """The same child read through both systems has the same averages, by the same rule."""
    async with running_sandbox(seed=3, year=YEAR, now=SUMMER) as sandbox:
        parent_id, child = twin(sandbox)
        async with (
            opened(MESH, sandbox, parent_id, child) as (mesh, here),
            opened(DNEVNIK, sandbox, parent_id, child) as (dnevnik, there),
        ):
            one, other = await _of_the_year(mesh, here.id), await _of_the_year(dnevnik, there.id)
    told, also = _told(one), _told(other)
    assert {place: figure for place, figure in told.items() if place[0] in _spans(other)} == also
    assert len(also) > 20


_Figure = tuple[Decimal | None, Decimal, str | None]


def _told(years: dict[Term, tuple[Average, ...]]) -> dict[tuple[str, str], _Figure]:
    return {
        (f"{term.since}…{term.until}", one.subject.name): (one.value, one.weight, one.rule)
        for term, seen in years.items()
        for one in seen
        if one.inputs
    }


def _spans(years: dict[Term, tuple[Average, ...]]) -> set[str]:
    return {f"{term.since}…{term.until}" for term in years}
