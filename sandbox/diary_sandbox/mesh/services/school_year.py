"""The school and its year: calendar, terms, plans, people, signatures, the rating, the feed."""

from datetime import date, datetime, timedelta

from starlette.responses import JSONResponse, Response

from diary_sandbox.mesh.aupd.refusals import bad_request, forbidden, not_found
from diary_sandbox.mesh.calls import Call, Refusal, answer, as_number
from diary_sandbox.mesh.request_body import BadBody, number, text
from diary_sandbox.mesh.wire import calendar, gatherings, notifications, rating, school
from diary_sandbox.mesh.wire.ids import calendar_id, profile_id, student_id, year_start
from diary_sandbox.mesh.wire.times import naive
from diary_sandbox.world import Child, WeekSignature


def days(call: Call) -> Response:
    """`GET fm/periods_schedules`."""
    child = call.child()
    return answer(calendar.periods_of_days(call.world, child, *call.span()))


def academic_years(call: Call) -> Response:
    """`GET …/core/family/v1/academic_years`."""
    return answer(calendar.academic_years(call.world))


def period_schedules(call: Call) -> Response:
    """`GET …/core/family/v1/periods_schedules`."""
    return answer(calendar.period_schedules(call.world, call.child("student_profile_id")))


def transpositions(call: Call) -> Response:
    """`GET …/calendars/{calendar_id}/calendar_transpositions`."""
    asked = as_number(call.request.path_params["id"], "id")
    if asked != calendar_id(call.world.year.start):
        return answer([])
    return answer(calendar.transpositions(call.world))


def school_info(call: Call) -> Response:
    """`GET fm/school_info?school_id&class_unit_id`: of an own child's school and class only."""
    school_id, class_id = call.number("school_id"), call.number("class_unit_id")
    if all((child.school_id, child.class_id) != (school_id, class_id) for child in call.children()):
        raise Refusal(forbidden("Нет доступа к школе"))
    return answer(
        school.school_info(call.world, call.world.school(school_id), call.world.class_group(class_id))
    )


def study_plan(call: Call) -> Response:
    """`GET fm/programs/parallel_curriculum/{id}`."""
    child = call.child()
    if not school.owns_plan(child, as_number(call.request.path_params["id"], "id")):
        raise Refusal(not_found("Учебный план не найден"))
    return answer(school.study_plan(call.world, child))


def lesson_modules(call: Call) -> Response:
    """`GET …/plan/family/v1/lesson_modules`: those of the current year are kept."""
    child = call.child("student_profile_id")
    named = "academic_year_id" in call.request.query_params
    if named and year_start(call.number("academic_year_id")) != call.world.year.start:
        return answer([])
    return answer(school.lesson_modules(call.world, child))


def organizer_events(call: Call) -> Response:
    """`GET …/organizer/family/v1/events?school_id&begin_date&end_date`, dates `dd.MM.yyyy`."""
    school_id = call.number("school_id")
    since, until = _dotted_day(call, "begin_date"), _dotted_day(call, "end_date")
    classes = dict.fromkeys(child.class_id for child in call.children() if child.school_id == school_id)
    if not classes:
        raise Refusal(forbidden("Нет доступа к школе"))
    found: list[dict[str, object]] = []
    for class_id in classes:
        found += [
            event
            for event in gatherings.organizer_events(call.world, class_id, since, until)
            if event not in found
        ]
    return answer(found)


def notification_feed(call: Call) -> Response:
    """`GET fm/notifications/search`."""
    return answer(notifications.search(call.world, call.child(), call.today))


def signed_weeks(call: Call) -> Response:
    """`GET …/aware_journals`: the signed weeks of a span; what an item holds is a choice."""
    call.text("student_profile_ids")
    children = [
        call.own(as_number(value, "student_profile_ids")) for value in call.values("student_profile_ids")
    ]
    since, until = call.span("week_from", "week_to")
    return answer(
        [
            _signature(call, child, signature)
            for child in children
            for signature in call.world.signatures(child.id)
            if since <= signature.week <= until
        ]
    )


def sign_week(call: Call) -> Response:
    """`POST …/aware_journals` `{parent_profile_id, student_profile_id, week}`: legal representatives only."""
    body = call.json()
    try:
        child = call.own(number(body, "student_profile_id"))
        week = date.fromisoformat(text(body, "week"))
        signer = number(body, "parent_profile_id")
    except (BadBody, ValueError) as error:
        raise Refusal(bad_request(str(error))) from error
    if signer != profile_id(call.access.parent_id):
        raise Refusal(forbidden("Нет доступа к профилю"))
    call.must_be_legal(child)
    monday = week - timedelta(days=week.weekday())
    if monday > call.today:
        raise Refusal(bad_request("Неделя ещё не началась"))
    signature = call.world.sign_week(child.id, call.access.parent_id, monday)
    return answer(_signature(call, child, signature), status=201)


def rank_class(call: Call) -> Response:
    """`GET …/rating/v1/rank/class?personId&classUnitId&date[&subjectId]`."""
    child = _rated(call)
    if call.number("classUnitId") != child.class_id:
        raise Refusal(JSONResponse({"message": "Класс не найден"}, status_code=404))
    subject_id = call.number("subjectId") if "subjectId" in call.request.query_params else None
    return answer(rating.rank_class(call.world, child.class_id, call.day_or("date", call.today), subject_id))


def rank_short(call: Call) -> Response:
    """`GET …/rating/v1/rank/rankShort?personId&beginDate&endDate`."""
    child = _rated(call)
    since, until = call.span("beginDate", "endDate")
    return answer(
        rating.rank_short(call.world, child, max(since, call.world.year.since), min(until, call.today))
    )


def rank_subjects(call: Call) -> Response:
    """`GET …/rating/v1/rank/subjects?personId&date`."""
    return answer(rating.rank_subjects(call.world, _rated(call), call.day_or("date", call.today)))


def _rated(call: Call) -> Child:
    # One live client writes the name the other way for the class rating.
    name = "person_id" if "person_id" in call.request.query_params else "personId"
    try:
        return call.person(name)
    except Refusal as refusal:
        status = refusal.response.status_code
        raise Refusal(JSONResponse({"message": "Ученик не найден"}, status_code=status)) from refusal


def _signature(call: Call, child: Child, signature: WeekSignature) -> dict[str, object]:
    return {
        "parent_profile_id": profile_id(signature.parent_id),
        "student_profile_id": student_id(child.id),
        "week": signature.week.isoformat(),
        "created_at": naive(signature.signed_at, call.world.school(child.school_id).zone),
    }


def _dotted_day(call: Call, name: str) -> date:
    try:
        return datetime.strptime(call.text(name), "%d.%m.%Y").date()  # noqa: DTZ007  a school day has no zone
    except ValueError as error:
        raise Refusal(bad_request(f"Parameter '{name}' must be dd.MM.yyyy")) from error
