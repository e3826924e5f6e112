"""Absences: reading them, and a parent's notices by day or by lesson."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from diary_sandbox.mesh.aupd.refusals import bad_request, not_found
from diary_sandbox.mesh.calls import Call, Refusal, answer, as_day
from diary_sandbox.mesh.request_body import BadBody, number, number_or_none, objects, text, text_or_none
from diary_sandbox.mesh.wire import attendance as attendance_wire
from diary_sandbox.mesh.wire.times import clock
from diary_sandbox.world import AbsenceReason, Child


@dataclass(frozen=True)
class _Notice:
    on: date
    slot: int | None
    reason: AbsenceReason | None
    comment: str | None


def attendance(call: Call) -> Response:
    """`GET fm/attendance`; without dates the whole school year."""
    child = call.child()
    year = call.world.year
    since, until = call.day_or("from", year.since), call.day_or("to", year.until)
    if until < since:
        raise Refusal(bad_request("to is before from"))
    return answer(attendance_wire.attendance(call.world, child, since, until))


def reasons(call: Call) -> Response:
    """`GET …/nonattendance_reasons[?ae_only]`: no reason is for additional education alone."""
    if call.request.query_params.get("ae_only") == "true":
        return answer([])
    return answer(attendance_wire.reasons())


def create(call: Call) -> Response:
    """`POST fm/attendance/v2`, and the older `POST fm/attendance`: add notices, all or none of them.

    What happens to a notice of a day or a lesson that has one is not known: here it takes its place.
    """
    child, notices = _posted(call)
    for notice in notices:
        _must_have_reason(notice)
        _must_fit(call, child, notice, notices)
    return answer({"ids": [_notify(call, child, notice) for notice in notices]})


def edit(call: Call) -> Response:
    """`PUT fm/attendance`: change notices that stand."""
    child, notices = _posted(call)
    for notice in notices:
        _must_have_reason(notice)
        _must_stand(call, child, notice)
    return answer({"ids": [_notify(call, child, notice) for notice in notices]})


def withdraw(call: Call) -> Response:
    """`DELETE fm/attendance` with a JSON body: take notices back; what it answers is not known."""
    child, notices = _posted(call)
    for notice in notices:
        _must_stand(call, child, notice)
    for notice in notices:
        call.world.withdraw_notice(child.id, notice.on, notice.slot)
    return answer({"success": True})


def _posted(call: Call) -> tuple[Child, list[_Notice]]:
    """Return the child and the notices of a body.

    Raises:
        Refusal: The child is somebody else's, the caller only a trusted person, a day has passed, or the
            body makes no sense. The real bodies of these refusals are not known.
    """
    body = call.json()
    try:
        child = call.own(number(body, "student_id"))
        call.must_be_legal(child)
        notices = [_notice(call, child, entry) for entry in objects(body, "notifications")]
    except BadBody as error:
        raise Refusal(bad_request(str(error))) from error
    if not notices:
        raise Refusal(bad_request("notifications is empty"))
    if any(notice.on < call.today for notice in notices):
        raise Refusal(bad_request("Нельзя изменить уведомление за прошедший день"))
    return child, notices


def _notice(call: Call, child: Child, entry: Mapping[str, object]) -> _Notice:
    on = as_day(text(entry, "date"), "date")
    if not call.world.year.since <= on <= call.world.year.until:
        raise BadBody("date is not of the school year")
    reason_id = number_or_none(entry, "reason_id")
    try:
        reason = None if reason_id is None else AbsenceReason(reason_id)
    except ValueError as error:
        raise BadBody("reason_id is not known") from error
    return _Notice(on, _slot(call, child, on, entry), reason, text_or_none(entry, "description"))


def _slot(call: Call, child: Child, on: date, entry: Mapping[str, object]) -> int | None:
    """Return the lesson a notice is for, by its bell or by its beginning; nothing means the whole day."""
    bell_id, begins = number_or_none(entry, "bell_id"), text_or_none(entry, "begin_time")
    if bell_id is None and begins is None:
        return None
    for bell in call.world.bells(child.school_id, on):
        if bell.id == bell_id or (bell_id is None and clock(bell.starts) == begins):
            return bell.slot
    raise BadBody("bell_id is not known")


def _must_have_reason(notice: _Notice) -> None:
    if notice.reason not in attendance_wire.PARENTS_CHOICE:
        raise Refusal(bad_request("reason_id is not available to parents"))


def _must_fit(call: Call, child: Child, notice: _Notice, beside: Sequence[_Notice]) -> None:
    """Keep the whole day and lessons of it apart, as a page with a choice of one of them would."""
    standing = call.world.absence_notices(child.id, notice.on, notice.on)
    slots = [other.slot for other in (*standing, *beside) if other.on == notice.on]
    if any((slot is None) != (notice.slot is None) for slot in slots):
        raise Refusal(bad_request("Есть уведомление на весь день или на уроки этого дня"))


def _must_stand(call: Call, child: Child, notice: _Notice) -> None:
    standing = call.world.absence_notices(child.id, notice.on, notice.on)
    if all(other.slot != notice.slot for other in standing):
        raise Refusal(not_found("Уведомление не найдено"))


def _notify(call: Call, child: Child, notice: _Notice) -> int:
    reason = notice.reason or AbsenceReason.UNKNOWN
    return call.world.notify_absence(
        child.id, call.access.parent_id, notice.on, reason, slot=notice.slot, comment=notice.comment
    ).id
