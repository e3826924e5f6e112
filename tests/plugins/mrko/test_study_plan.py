"""The study plan: what it costs, what it survives, and whose it is."""

from __future__ import annotations

from datetime import date

import pytest

from diary_core.errors import ChildUnknown, RegionDown
from diary_core.model import Missing, PlanModule, Reason, Subject, Unavailable
from diary_mrko.parse.study_plan import study_plans
from diary_mrko.wire.study_plan import Curriculum, LessonModule
from diary_sandbox.faults import FaultKind

from .bodies import FAILED, MODULE, PLAN, rows
from .town import Town

pytestmark = pytest.mark.anyio

PLANS = "/api/family/mobile/v1/programs/parallel_curriculum/*"
MODULES = "/api/ej/plan/family/v1/lesson_modules"
ALGEBRA = Subject(id="56", name="Алгебра")


async def test_a_plan_costs_four_calls(town: Town) -> None:
    """The profile names it, and the current year's number is asked for its modules."""
    diary, child = await town.first_child()
    town.sandbox.state.requests.clear()
    (plan,) = (await diary.study_plan(child.id)).items
    asked = town.asked("school.mos.ru")
    assert set(asked) == {
        "GET /api/family/mobile/v1/profile",
        f"GET {PLANS.replace('*', plan.id)}",
        "GET /api/ej/core/family/v1/academic_years",
        f"GET {MODULES}",
    }
    assert set(asked.values()) == {1}


async def test_a_plan_comes_without_its_modules(town: Town) -> None:
    """The gap is named."""
    diary, child = await town.first_child()
    town.fail(FaultKind.STATUS, MODULES, status=403)
    answer = await diary.study_plan(child.id)
    assert answer.items[0].modules == Unavailable(reason=Reason.NOT_PERMITTED)
    assert answer.partial == (Missing(what="modules", reason=Reason.NOT_PERMITTED),)


async def test_without_the_plan_there_is_no_answer(town: Town) -> None:
    """Modules alone are none."""
    diary, child = await town.first_child()
    town.fail(FaultKind.STATUS, PLANS, status=499)
    with pytest.raises(RegionDown):
        await diary.study_plan(child.id)


async def test_a_strangers_plan_is_unknown(town: Town) -> None:
    """The child must be one of the family."""
    diary, _ = await town.first_child()
    _, stranger = await town.first_child("many")
    with pytest.raises(ChildUnknown):
        await diary.study_plan(stranger.id)


def test_a_plan_of_the_senior_years_has_a_profile() -> None:
    """A module names its subject where the plan has it, and one that ends before it begins is dropped."""
    modules = [
        {**MODULE, "id": 2, "subject_id": 99, "start_date": [2026, 10, 5], "end_date": [2026, 11, 1]},
        MODULE,
        {**MODULE, "id": 3, "end_date": [2026, 8, 1]},
    ]
    (plan,) = study_plans(rows(Curriculum, [PLAN]), "612010", rows(LessonModule, modules))
    assert (plan.id, plan.profile, plan.specialization, plan.hours_total) == (
        "612010",
        "Технологический",
        None,
        1190,
    )
    assert [(line.subject, line.area, line.hours_total) for line in plan.subjects] == [
        (ALGEBRA, "Математика и информатика", 136)
    ]
    since, until = date(2026, 9, 1), date(2026, 10, 4)
    assert plan.modules == (
        PlanModule(id="4401", title="Степени", subject=ALGEBRA, since=since, until=until),
        PlanModule(id="2", title="Степени", subject=None, since=date(2026, 10, 5), until=date(2026, 11, 1)),
    )


def test_several_plans_are_told_apart() -> None:
    """They come under one number; a plan alone may come without a list around it."""
    found = list(study_plans(rows(Curriculum, [PLAN, {**PLAN, "title": None}]), "7", FAILED))
    assert [(plan.id, plan.title) for plan in found] == [("7", PLAN["title"]), ("7.1", "УП-10")]
    (alone,) = study_plans(rows(Curriculum, PLAN), "7", ())
    assert alone.title == PLAN["title"]
