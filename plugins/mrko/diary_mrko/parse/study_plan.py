"""The study plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from diary_core.model import Maybe, PlanModule, StudyPlan, StudyPlanSubject, Subject, Unavailable
from diary_core.text import clean_or_none, tidy
from diary_mrko.parse.subjects import subject
from diary_mrko.wire.study_plan import Curriculum, LessonModule, PlannedSubject


def study_plans(
    plans: Sequence[Curriculum], plan_id: str, modules: Sequence[LessonModule] | Unavailable
) -> Iterator[StudyPlan]:
    """Yield the plans of a class in the diary's order.

    Args:
        plans: As the diary has them.
        plan_id: The number they are kept under; it gives them none of their own.
        modules: Of all the child's subjects, or why they are not there.

    Raises:
        RegionChanged: A subject has no name.
    """
    for number, plan in enumerate(plans):
        lines = tuple(_lines(plan))
        named = {line.subject.id: line.subject for line in lines if line.subject.id}
        yield StudyPlan(
            id=f"{plan_id}.{number}" if number else plan_id,
            title=tidy(plan.title or plan.short_name or "") or plan_id,
            profile=clean_or_none(plan.study_profile),
            specialization=clean_or_none(plan.specialization),
            level=clean_or_none(plan.education_level),
            form=clean_or_none(plan.education_form),
            days_a_week=plan.days_in_week,
            adapted=plan.is_adapted,
            hours_total=plan.hours,
            comment=clean_or_none(plan.comments),
            subjects=lines,
            modules=_modules(modules, named),
        )


def _lines(plan: Curriculum) -> Iterator[StudyPlanSubject]:
    for section in plan.sections:
        area = clean_or_none(section.knowledge_field_name)
        for line in section.subjects:
            yield _line(line, area)


def _line(line: PlannedSubject, area: str | None) -> StudyPlanSubject:
    return StudyPlanSubject(
        subject=subject(line.subject_id, line.subject_name, field="sections.[].subjects.[].subject_name"),
        area=area,
        hours_total=line.total_hours,
        hours_passed=line.passed_hours,
        hours_a_week_least=line.min_hours_per_week,
        hours_a_week_most=line.max_hours_per_week,
    )


def _modules(
    modules: Iterable[LessonModule] | Unavailable, named: Mapping[str, Subject]
) -> Maybe[tuple[PlanModule, ...]]:
    """Return modules by first day; a module of a subject that is not in the plan names none."""
    if isinstance(modules, Unavailable):
        return modules
    found = [
        PlanModule(
            id=module.id,
            title=tidy(module.name or "") or module.id,
            subject=named.get(module.subject_id or ""),
            since=module.since,
            until=module.until,
        )
        for module in modules
        if module.since <= module.until
    ]
    return tuple(sorted(found, key=lambda module: (module.since, module.id)))
