"""Lessons: the merged calendar, short days, a day with its bells, one lesson in full."""

from starlette.responses import Response

from diary_sandbox.faults import FaultKind
from diary_sandbox.mesh.aupd.accounts import account
from diary_sandbox.mesh.aupd.refusals import not_found
from diary_sandbox.mesh.calls import Call, Refusal, answer, as_day, as_number
from diary_sandbox.mesh.wire import events as events_wire
from diary_sandbox.mesh.wire import schedule
from diary_sandbox.world import Child, Lesson


def events(call: Call) -> Response:
    """`GET /api/eventcalendar/v1/api/events`."""
    call.text("person_ids")
    children = [call.own_person(uuid) for uuid in call.values("person_ids")]
    since, until = call.span("begin_date", "end_date")
    asked = events_wire.Asked(
        since=since,
        until=until,
        expand=frozenset(call.values("expand")),
        sources=frozenset(call.values("source_types")),
    )
    username = account(call.node, call.access.parent_id).username
    failed = call.node.state.faults.struck(FaultKind.PARTIAL, call.node.host, username)
    return answer(events_wire.events(call.world, children, asked, failed.source if failed else None))


def short(call: Call) -> Response:
    """`GET fm/schedule/short`."""
    child = call.child()
    call.text("dates")
    dates = [as_day(value, "dates") for value in call.values("dates")]
    return answer(schedule.short(call.world, child, dates))


def day(call: Call) -> Response:
    """`GET fm/schedule`."""
    child = call.child()
    return answer(schedule.day(call.world, child, call.day("date")))


def lesson(call: Call) -> Response:
    """`GET fm/lesson_schedule_items/{id}`."""
    child = call.child()
    number = as_number(call.request.path_params["id"], "id")
    try:
        found = call.world.lesson(number)
    except KeyError as error:
        raise Refusal(not_found("Урок не найден")) from error
    return _details(call, child, found)


def lesson_of_day(call: Call) -> Response:
    """`GET fm/lesson_schedule_items?date&(subject_id|group_id)`: the first such lesson of the day."""
    child = call.child()
    by_group = "group_id" in call.request.query_params
    wanted = call.number("group_id" if by_group else "subject_id")
    on = call.day("date")
    for found in call.world.lessons(child.id, on, on):
        if wanted == (found.group_id if by_group else found.subject_id):
            return _details(call, child, found)
    raise Refusal(not_found("Урок не найден"))


def _details(call: Call, child: Child, lesson: Lesson) -> Response:
    on = lesson.half.on
    if all(lesson.id != own.id for own in call.world.lessons(child.id, on, on)):
        raise Refusal(not_found("Урок не найден"))
    return answer(schedule.details(call.world, child, lesson, call.node.address))
