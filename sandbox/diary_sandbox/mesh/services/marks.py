"""Marks, averages, targets and final marks."""

from decimal import Decimal, InvalidOperation

from starlette.responses import Response

from diary_sandbox.mesh.aupd.refusals import bad_request, not_found
from diary_sandbox.mesh.calls import Call, Refusal, answer, as_number
from diary_sandbox.mesh.wire import marks as marks_wire
from diary_sandbox.mesh.wire import subject_marks
from diary_sandbox.mesh.wire.ids import year_start
from diary_sandbox.world import Child, Subject


def marks(call: Call) -> Response:
    """`GET fm/marks`."""
    child = call.child()
    return answer(marks_wire.marks(call.world, child, *call.span()))


def mark(call: Call) -> Response:
    """`GET fm/marks/{id}`; the child comes as `student_id` or as `person_id`."""
    child = call.person("person_id") if "person_id" in call.request.query_params else call.child()
    number = as_number(call.request.path_params["id"], "id")
    try:
        found = call.world.mark(number)
    except KeyError as error:
        raise Refusal(not_found("Отметка не найдена")) from error
    if found.child_id != child.id:
        raise Refusal(not_found("Отметка не найдена"))
    return answer(marks_wire.details(call.world, child, found))


def by_subject(call: Call) -> Response:
    """`GET fm/subject_marks`."""
    return answer(subject_marks.subject_marks(call.world, call.child(), call.today))


def short(call: Call) -> Response:
    """`GET fm/subject_marks/short[?ceil_after]`."""
    child = call.child()
    return answer(subject_marks.short(call.world, child, call.today, _ceil_after(call)))


def for_subject(call: Call) -> Response:
    """`GET fm/subject_marks/for_subject?subject_id` or, the older way, `subject_name`."""
    child = call.child()
    entry = subject_marks.by_subject(call.world, child, _subject(call, child), call.today)
    if entry is None:
        raise Refusal(not_found("Отметок по предмету нет"))
    return answer(entry)


def subjects(call: Call) -> Response:
    """`GET fm/subjects/list`."""
    child = call.child()
    found = subject_marks.marked_subjects(call.world, child)
    return answer({"payload": [{"subject_id": item.id, "subject_name": item.name} for item in found]})


def final_marks(call: Call) -> Response:
    """`GET fw/final_marks/v2?person_id&academic_year_id`: no subjects for a year without data."""
    child = call.person("person_id")
    return answer(subject_marks.final_marks(call.world, child, year_start(call.number("academic_year_id"))))


def _subject(call: Call, child: Child) -> Subject:
    by_name = "subject_name" in call.request.query_params
    wanted = call.text("subject_name") if by_name else call.number("subject_id")
    for subject in call.world.subjects(child.class_id):
        if wanted == (subject.name if by_name else subject.id):
            return subject
    raise Refusal(not_found("Предмет не найден"))


def _ceil_after(call: Call) -> Decimal:
    """Return the rounding threshold; `60`, `.60` and `0.6` are all understood, the real form is not known."""
    given = call.request.query_params.get("ceil_after")
    if given is None:
        return subject_marks.CEIL_AFTER
    try:
        value = Decimal(given)
    except InvalidOperation as error:
        raise Refusal(bad_request("Parameter 'ceil_after' must be a number")) from error
    if not value.is_finite() or not 0 < value < 100:
        raise Refusal(bad_request("Parameter 'ceil_after' must be a fraction"))
    return value if value < 1 else value / 100
