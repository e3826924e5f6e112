"""Marks in depth, results and averages of a running town: what they cost, what is told, and to whom."""

from __future__ import annotations

import json
from datetime import date

import pytest

from diary_core.errors import DisabledBySchool, MarkUnknown, NotPermitted, RegionChanged
from diary_core.model import Missing, Reason, Teacher, Unavailable
from diary_sandbox.dnevnik.wire_ids import Space, wire_id, world_id
from diary_sandbox.faults import Fault, FaultKind

from .test_faults import API, NOT_OURS, broken, opened
from .town import Town

pytestmark = pytest.mark.anyio
MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)


async def test_a_mark_in_depth_takes_three_round_trips(town: Town) -> None:
    """The mark, its lesson, the day with the teachers; what marks weigh is asked for beside them."""
    diary, child = await opened(town)
    listed = (await diary.marks(child, MONDAY, SUNDAY)).items[0]
    town.forget_calls()
    (mark,) = (await diary.mark(child, listed.id)).items
    assert isinstance(mark.teacher, Teacher)
    assert mark.model_copy(update={"teacher": listed.teacher}) == listed
    assert town.calls() == {
        "marks/{}": 1,
        "lessons/many": 1,
        "persons/{}/groups/{}/schedules": 1,
        "work-types/{}": 1,
        "schools/{}": 1,
    }


async def test_the_mark_of_a_sibling_or_a_result_is_unknown(town: Town) -> None:
    """The call answers for any child of the parent, and for results: neither is a mark of this child."""
    diary, child = await opened(town)
    sibling = (await diary.enrolments()).items[1].id
    foreign = (await diary.marks(sibling, MONDAY, SUNDAY)).items[0]
    result = (await diary.results(child)).items[0]
    assert (await diary.mark(sibling, foreign.id)).items[0].id == foreign.id
    for mark_id in (foreign.id, result.id):
        with pytest.raises(MarkUnknown):
            await diary.mark(child, mark_id)


async def test_a_mark_without_its_lesson_cannot_be_told(town: Town) -> None:
    """It has no day of its own: a mark whose lesson is not brought is something we do not understand."""
    diary, child = await opened(town)
    listed = (await diary.marks(child, MONDAY, SUNDAY)).items[0]
    nothing = Fault(FaultKind.STATUS, status=200, body="[]", content_type="application/json")
    broken(town, nothing, "/v2/lessons/many")
    with pytest.raises(RegionChanged):
        await diary.mark(child, listed.id)


async def test_without_the_day_nobody_knows_who_gave_a_mark(town: Town) -> None:
    """The mark stands, and the answer says what is missing and why."""
    diary, child = await opened(town)
    listed = (await diary.marks(child, MONDAY, SUNDAY)).items[0]
    broken(town, NOT_OURS, "/v2/persons/*/schedules")
    answer = await diary.mark(child, listed.id)
    assert answer.items[0].teacher == Unavailable(reason=Reason.NOT_PERMITTED)
    assert answer.partial == (Missing(what="teacher", reason=Reason.NOT_PERMITTED),)


async def test_results_cost_one_round_trip_and_a_former_year_one_more(town: Town) -> None:
    """The current class is known from the id; the classes of former years must be asked for."""
    diary, child = await opened(town)
    town.forget_calls()
    current = await diary.results(child)
    both = {"persons/{}/edu-groups/{}/allfinalmarks": 1, "edu-groups/{}/reporting-periods": 1}
    assert town.calls() == both
    terms = {term.id for term in (await diary.terms(child)).items}
    assert [one.id for one in current.items if one.kind == "term" and one.term_id not in terms] == []
    town.forget_calls()
    former = await diary.results(child, "2025")
    assert town.calls() == {**both, "persons/{}/edu-groups/all": 1}
    assert {result.title for result in former.items} >= {"1 четверть", "4 четверть", "Годовая отметка"}
    assert [result.id for result in former.items if result.term_id is not None] == []


async def test_results_outlive_the_terms(town: Town) -> None:
    """Without them the results stand under the name of their kind, and say what they lack."""
    diary, child = await opened(town)
    whole = await diary.results(child)
    broken(town, NOT_OURS, "/v2/edu-groups/*/reporting-periods")
    answer = await diary.results(child)
    gap = Unavailable(reason=Reason.NOT_PERMITTED)
    assert [(one.id, one.display) for one in answer.items] == [(one.id, one.display) for one in whole.items]
    assert {one.title for one in answer.items if one.term_id == gap} == {"Отметка за период"}
    assert answer.partial == (Missing(what="terms", reason=Reason.NOT_PERMITTED),)


async def test_a_refused_former_class_is_told(town: Town) -> None:
    """Whether a parent may read it is not known: the refusal comes through as what it is."""
    diary, child = await opened(town)
    broken(town, NOT_OURS, "/v2/persons/*/allfinalmarks")
    with pytest.raises(NotPermitted):
        await diary.results(child, "2025")


async def test_a_school_that_weighs_shows_weighted_averages(town: Town) -> None:
    """The figure is of the kind the school shows, and of the one child, though the class comes with it."""
    diary, child = await opened(town)
    world = town.sandbox.world
    pupil = world.child(world_id(Space.PUPIL_PERSON, int(child.split(".")[0])) or 0)
    term = world.terms(pupil.class_id)[0]
    town.forget_calls()
    answer = await diary.averages(child, str(wire_id(Space.PERIOD, term.id)))
    assert town.calls() == {
        "edu-groups/{}/reporting-periods": 1,
        "schools/{}": 1,
        "edu-groups/{}/subjects": 1,
        "edu-groups/{}/wa-marks/{}/{}": 1,
    }
    for average in answer.items:
        subject_id = world_id(Space.SUBJECT, int(average.subject.id or "0")) or 0
        mean = world.average(pupil.id, subject_id, term.since, term.until)
        assert mean is not None
        assert average.value is not None
        assert abs(mean - average.value) * 200 <= 1
    assert len(answer.items) > 5


@pytest.mark.parametrize(
    ("shown", "calls"),
    [({"uses_avg": True}, 1), ({}, 1), ({"uses_avg": False, "uses_weighted_avg": False}, 0)],
)
async def test_the_school_says_which_averages_it_shows(
    shown: dict[str, bool], calls: int, town: Town
) -> None:
    """Plain ones unless it weighs; a school that shows none has switched them off."""
    diary, child = await opened(town)
    term = (await diary.terms(child)).items[0].id
    body = json.dumps({"id": 1, "name": "Школа", **shown})
    school = Fault(FaultKind.STATUS, host=API, path="/v2/schools/*", status=200, body=body)
    broken(town, school, school.path)
    town.forget_calls()
    if calls:
        assert (await diary.averages(child, term)).items
    else:
        with pytest.raises(DisabledBySchool):
            await diary.averages(child, term)
    asked = town.calls()
    assert asked.get("edu-groups/{}/reporting-periods/{}/avg-marks/{}", 0) == calls
    assert "edu-groups/{}/wa-marks/{}/{}" not in asked


async def test_averages_without_names_of_subjects_stand(town: Town) -> None:
    """Each keeps the id of its subject, and the answer says what is missing."""
    diary, child = await opened(town)
    term = (await diary.terms(child)).items[0].id
    broken(town, NOT_OURS, "/v2/edu-groups/*/subjects")
    answer = await diary.averages(child, term)
    assert {average.subject.name for average in answer.items} == {"—"}
    assert [average.value for average in answer.items if average.subject.id is None] == []
    assert answer.partial == (Missing(what="subject", reason=Reason.NOT_PERMITTED),)
