"""Marks: the flat list, one mark in detail, and the reduced form inside calendar events."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from diary_sandbox.mesh.wire import times
from diary_sandbox.mesh.wire.names import teacher_card
from diary_sandbox.mesh.wire.variety import vary
from diary_sandbox.world import Child, Mark, MarkStatus, PointState, WorkKind, World

FIVE_SCALE_ID = 990005
WORD_SCALE_ID = 990009


def marks(world: World, child: Child, since: date, until: date) -> dict[str, object]:
    """Return `GET fm/marks`: the marks of a span by lesson date."""
    return {"payload": [with_subject(world, child, mark) for mark in world.marks(child.id, since, until)]}


def with_subject(world: World, child: Child, mark: Mark) -> dict[str, object]:
    """Return a mark as the flat list has it."""
    return {
        **bare(world, child, mark),
        "subject_name": world.subject(mark.subject_id).name,
        "subject_id": mark.subject_id,
    }


def bare(world: World, child: Child, mark: Mark) -> dict[str, object]:
    """Return a mark without its subject: the form all lists share."""
    return {**undated(world, child, mark), "date": mark.on.isoformat()}


def undated(world: World, child: Child, mark: Mark) -> dict[str, object]:
    """Return a mark without its day, as lesson details have it."""
    zone = world.school(child.school_id).zone
    entered = times.naive(mark.entered_at, zone)
    return {
        "id": mark.id,
        "value": mark.display,
        "values": _values(mark),
        "comment": mark.comment or vary(child, mark.id, "", None),
        "weight": _weight(mark),
        "point_date": _point_date(mark),
        "control_form_name": world.control_form(mark.control_form_id).name,
        "comment_exists": mark.comment is not None,
        "created_at": entered,
        "updated_at": times.naive(mark.edited_at, zone) if mark.edited_at else entered,
        "criteria": _criteria(world, mark),
        "has_files": False,
        "is_exam": _weight(mark) > 1,
        "is_point": _point_date(mark) is not None,
        "original_grade_system_type": scale_type(mark),
    }


def in_event(world: World, mark: Mark) -> dict[str, object]:
    """Return a mark as a calendar event shows it."""
    return {
        "id": mark.id,
        "comment": mark.comment,
        "comment_exists": mark.comment is not None,
        "control_form_name": world.control_form(mark.control_form_id).name,
        "is_exam": _weight(mark) > 1,
        "is_point": _point_date(mark) is not None,
        "point_date": _point_date(mark),
        "original_grade_system_type": scale_type(mark),
        "criteria": _criteria(world, mark),
        "value": mark.display,
        "values": [
            {
                "grade": {"origin": origin, "five": five, "hundred": _hundred(five)},
                "grade_system_type": scale_type(mark),
            }
            for origin, five in _grades(mark)
        ],
        "weight": _weight(mark),
    }


def details(world: World, child: Child, mark: Mark) -> dict[str, object]:
    """Return `GET fm/marks/{id}`: a mark with its teacher, lesson, history and the class's results."""
    return {
        **with_subject(world, child, mark),
        "teacher": teacher_card(world.teacher(mark.teacher_id).person.name),
        "activity": {
            "schedule_item_id": mark.lesson_id,
            "lesson_topic": world.lesson(mark.lesson_id).topic,
        },
        "history": _history(world, child, mark),
        "class_results": _class_results(world, mark),
        "result_files": [],
        "student_work_result_files": [],
        "theme_mastery": None,
    }


def scale_type(mark: Mark) -> str:
    """Return the name of a mark's scale; only `five` is known, words are called `other`."""
    return "five" if mark.values or mark.status is MarkStatus.GRADED else "other"


def _weight(mark: Mark) -> int:
    return 1 if mark.weight is None else mark.weight


def _point_date(mark: Mark) -> str | None:
    if mark.point is None or mark.point.state is PointState.TURNED:
        return None
    return mark.point.due_on.isoformat()


def _grades(mark: Mark) -> list[tuple[str, float | None]]:
    if not mark.values:
        return [(mark.display, None)]
    origins = mark.display.split("/") if len(mark.values) > 1 else [mark.display]
    return [(origin, float(value)) for origin, value in zip(origins, mark.values, strict=True)]


def _hundred(five: float | None) -> float | None:
    return None if five is None else five * 20


def _values(mark: Mark) -> list[dict[str, object]]:
    five_scale = scale_type(mark) == "five"
    return [
        {
            "name": "5-балльная шкала" if five_scale else "Смысловая шкала",
            "nmax": 5.0 if five_scale else 0.0,
            "grade": {"origin": origin, "five": five, "ten": None, "hundred": _hundred(five)},
            "grade_system_id": FIVE_SCALE_ID if five_scale else WORD_SCALE_ID,
            "grade_system_type": scale_type(mark),
        }
        for origin, five in _grades(mark)
    ]


def _criteria(world: World, mark: Mark) -> list[dict[str, object]] | None:
    """Return criteria for dictations, the one kind of work seen with them; the second one is close by."""
    if world.control_form(mark.control_form_id).kind is not WorkKind.DICTATION or len(mark.values) != 1:
        return None
    value = mark.values[0]
    other = min(value + (mark.id % 2), Decimal(5))
    return [{"name": "Орфография", "value": f"{value}"}, {"name": "Пунктуация", "value": f"{other}"}]


def _history(world: World, child: Child, mark: Mark) -> list[dict[str, object]]:
    zone = world.school(child.school_id).zone
    displays = [*(version.display for version in mark.history), mark.display]
    return [
        {"before": version.display, "after": after, "date": times.naive(version.until, zone)}
        for version, after in zip(mark.history, displays[1:], strict=True)
    ]


def _class_results(world: World, mark: Mark) -> dict[str, object]:
    same_work = [
        other.display
        for other in world.class_marks(mark.class_id, mark.on, mark.on)
        if other.lesson_id == mark.lesson_id and other.ordinal == mark.ordinal and len(other.values) == 1
    ]
    return {"total_students": len(same_work), "marks_distributions": list(_distribution(same_work))}


def _distribution(displays: list[str]) -> Iterable[dict[str, object]]:
    for display, count in sorted(Counter(displays).items(), reverse=True):
        yield {
            "mark_value": {"five": float(display[0]), "origin": display},
            "number_of_students": count,
            "percentage_of_students": round(100 * count / len(displays)),
        }
