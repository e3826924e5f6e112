"""The school and its study plans."""

from diary_sandbox.mesh.wire.family import curriculum_id
from diary_sandbox.mesh.wire.names import names
from diary_sandbox.mesh.wire.variety import is_plain
from diary_sandbox.world import Child, ClassGroup, LessonKind, School, World

_LEVELS = {1: "НОО", 2: "ООО", 3: "СОО"}


def school_info(world: World, school: School, group: ClassGroup) -> dict[str, object]:
    """Return `GET fm/school_info`: the school, its houses, and who teaches the class what."""
    teaches: dict[int, list[str]] = {}
    for study_group in world.class_study_groups(group.id):
        taught = teaches.setdefault(study_group.teacher_id, [])
        subject = world.subject(study_group.subject_id).name
        if subject not in taught:
            taught.append(subject)
    main = next(house for house in school.buildings if house.main)
    return {
        "id": school.id,
        "name": school.name,
        "type": None,
        "principal": world.teacher(school.principal_id).person.name.full,
        "classroom_teachers": [names(world.teacher(group.class_teacher_id).person.name)],
        "address": {"county": school.district, "district": school.district, "address": main.address},
        "phone": school.phone,
        "email": school.email,
        "website_link": school.website,
        "teachers": [
            {**names(world.teacher(teacher_id).person.name), "subject_names": subjects}
            for teacher_id, subjects in teaches.items()
        ],
        "branches": [
            {
                "name": house.name,
                "type": None,
                "address": house.address,
                "is_main_building": house.main,
                "is_student_building": house.id == group.building_id,
                "building_id": house.id,
            }
            for house in school.buildings
        ],
    }


def study_plan(world: World, child: Child) -> object:
    """Return `GET fm/programs/parallel_curriculum/{id}`: mostly a list of one plan, sometimes the plan."""
    group = world.class_group(child.class_id)
    plan = world.study_plan(group.id)
    areas: dict[str, list[dict[str, object]]] = {}
    for line in plan.subjects:
        subject = world.subject(line.subject_id)
        areas.setdefault(subject.area, []).append(
            {
                "subject_id": subject.id,
                "subject_name": subject.name,
                "total_hours": line.total_hours,
                "passed_hours": line.passed_hours,
                "max_hours_per_week": line.hours_a_week,
                "min_hours_per_week": line.hours_a_week,
            }
        )
    body: dict[str, object] = {
        "title": plan.title,
        "short_name": f"УП-{group.parallel}",
        "hours": sum(line.total_hours for line in plan.subjects),
        "comments": None,
        "specialization": None,
        "study_profile": plan.profile,
        "education_level": _LEVELS[1 if group.parallel < 5 else 2 if group.parallel < 10 else 3],
        "education_form": "Очная",
        "class_level_id": group.parallel,
        "days_in_week": world.school(group.school_id).weekdays,
        "is_adapted": False,
        "sections": [
            {"knowledge_field_name": area, "subjects": subjects} for area, subjects in areas.items()
        ],
    }
    return [body] if is_plain(child) or child.id % 2 else body


def owns_plan(child: Child, number: int) -> bool:
    """Say whether a study plan is the child's."""
    return curriculum_id(child.class_id) == number


def lesson_modules(world: World, child: Child) -> list[dict[str, object]]:
    """Return `GET …/plan/family/v1/lesson_modules`: one module a term and subject; dates are `[y, m, d]`."""
    return [
        {
            "id": term.id * 100 + subject.id,
            "name": f"{subject.name}: {term.name}",
            "subject_id": subject.id,
            "start_date": [term.since.year, term.since.month, term.since.day],
            "end_date": [term.until.year, term.until.month, term.until.day],
        }
        for subject in world.subjects(child.class_id)
        if subject.kind is LessonKind.REGULAR
        for term in world.terms(child.class_id)[:-1]
    ]
