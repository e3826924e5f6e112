"""The study plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from typing_extensions import override

from diary_core.abilities import ReadsStudyPlan
from diary_core.errors import RegionChanged
from diary_core.model import Answer, Missing, Unavailable
from diary_core.model import StudyPlan as Plan
from diary_core.side_calls import attempt, together
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef
from diary_mrko.parse.study_plan import study_plans
from diary_mrko.parse.years import academic_years
from diary_mrko.session import Session
from diary_mrko.wire.study_plan import Curriculum, LessonModule


class StudyPlan(Session, ReadsStudyPlan):
    """The plan of the child's class, and its profile; the family profile says which plan it is."""

    @override
    async def study_plan(self, enrolment_id: str) -> Answer[Plan]:
        """Return the plan with its modules; a child that no plan is named for has none."""
        ref = ChildRef.read(enrolment_id)
        plan_id = (await self.child(ref)).parallel_curriculum_id
        if plan_id is None:
            return self.answered(())
        today = self.today()

        async def read_plans(client: MrkoClient, child: ChildRef) -> Sequence[Curriculum]:
            return await client.school_life.study_plans(child.student_id, plan_id)

        async def read_modules(client: MrkoClient, child: ChildRef) -> Sequence[LessonModule]:
            return await _read_modules(client, child, today)

        async with together() as tasks:
            found = tasks.create_task(self.read(enrolment_id, read_plans))
            modules = tasks.create_task(attempt(self.read(enrolment_id, read_modules)))
        cut = modules.result()
        gaps = [Missing(what="modules", reason=cut.reason)] if isinstance(cut, Unavailable) else []
        return self.answered(tuple(study_plans(found.result(), plan_id, cut)), partial=gaps)


async def _read_modules(client: MrkoClient, child: ChildRef, today: date) -> Sequence[LessonModule]:
    """Return the modules of the current year.

    Raises:
        RegionChanged: No year is the current one.
    """
    for year in academic_years(await client.academic_years(), today):
        if year.current:
            return await client.school_life.modules(child.student_id, year.id)
    raise RegionChanged("no school year is the current one")
