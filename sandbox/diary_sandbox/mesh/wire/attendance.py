"""Missed lessons and what the parents said in advance."""

from collections.abc import Sequence
from datetime import date

from diary_sandbox.mesh.wire import times
from diary_sandbox.mesh.wire.events import education_type
from diary_sandbox.mesh.wire.ids import profile_id
from diary_sandbox.mesh.wire.schedule import bell_id
from diary_sandbox.mesh.wire.variety import vary
from diary_sandbox.world import (
    Absence,
    AbsenceDay,
    AbsenceNotice,
    AbsenceReason,
    Child,
    Lesson,
    World,
)

REASON_NAMES = {
    AbsenceReason.ILLNESS: "Болезнь",
    AbsenceReason.UNWELL: "Плохое самочувствие",
    AbsenceReason.FAMILY: "По семейным обстоятельствам",
    AbsenceReason.NO_NOTICE: "Без уведомления",
    AbsenceReason.ILLNESS_REGISTER: "Болезнь (ЕМИАС)",
    AbsenceReason.PARENTS_APPLICATION: "По заявлению родителей",
    AbsenceReason.QUARANTINE: "Карантин",
    AbsenceReason.UNKNOWN: "Причина неизвестна",
    AbsenceReason.PUPILS_APPLICATION: "По заявлению ученика",
    AbsenceReason.INDIVIDUAL_PLAN: "Индивидуальный план",
    AbsenceReason.PARENTS_LEAVE: "Отпуск родителей",
    AbsenceReason.HOLIDAYS: "Каникулы",
}
PARENTS_CHOICE = (
    AbsenceReason.ILLNESS,
    AbsenceReason.UNWELL,
    AbsenceReason.FAMILY,
    AbsenceReason.PARENTS_APPLICATION,
    AbsenceReason.PARENTS_LEAVE,
)


def reasons() -> list[dict[str, object]]:
    """Return `GET …/nonattendance_reasons`: the whole list, and which of it a parent may choose."""
    return [
        {
            "id": int(reason),
            "name": REASON_NAMES[reason],
            "is_parent_available": reason in PARENTS_CHOICE,
            "ae_only": False,
            "attachment_needed": reason is AbsenceReason.PARENTS_APPLICATION,
            "deleted_at": None,
        }
        for reason in AbsenceReason
    ]


def attendance(world: World, child: Child, since: date, until: date) -> dict[str, object]:
    """Return `GET fm/attendance`: days with an absence or a notice, the latest first.

    A notice for the whole day names no lesson as notified; notices for lessons name theirs, also one that was
    cancelled later.
    """
    missed = {day.on: day for day in world.absence_days(child.id, since, until)}
    notices: dict[date, list[AbsenceNotice]] = {}
    for notice in world.absence_notices(child.id, since, until):
        notices.setdefault(notice.on, []).append(notice)
    days = sorted(missed.keys() | notices.keys(), reverse=True)
    year = world.absence_days(child.id, world.year.since, world.year.until)
    return {
        "attendance": [_day(world, child, on, missed.get(on), notices.get(on, [])) for on in days],
        "days_count": len(days),
        "year_description": f"За учебный год пропущено дней: {len(year)}",
    }


def _day(
    world: World, child: Child, on: date, missed: AbsenceDay | None, notices: Sequence[AbsenceNotice]
) -> dict[str, object]:
    absences = missed.absences if missed else ()
    by_lesson = {absence.lesson_id: absence for absence in absences}
    by_slot = {notice.slot: notice for notice in notices if notice.slot is not None}
    whole = next((notice for notice in notices if notice.slot is None), None)
    first = whole or next(iter(notices), None)
    lessons = [
        _lesson(world, child, lesson, by_lesson.get(lesson.id), by_slot.get(lesson.half.slot or 0))
        for lesson in world.lessons(child.id, on, on)
        if lesson.id in by_lesson or lesson.half.slot in by_slot
    ]
    reason = first.reason if first else next((absence.reason for absence in absences), None)
    return {
        "date": on.isoformat(),
        "summary": _summary(missed, whole, len(lessons)),
        "notified": bool(notices),
        "description": first.comment if first else None,
        "reason_id": None if reason is None else int(reason),
        "is_system": not notices and reason is AbsenceReason.ILLNESS_REGISTER,
        "parent_profile_id": profile_id(first.parent_id) if first else None,
        "lessons": lessons,
    }


def _lesson(
    world: World, child: Child, lesson: Lesson, absence: Absence | None, notice: AbsenceNotice | None
) -> dict[str, object]:
    half = lesson.half
    reason = notice.reason if notice else absence.reason if absence else None
    ill = absence is not None and absence.reason is not None and absence.reason.ill
    return {
        "id": None,
        "subject_id": half.subject_id,
        "subject_name": world.subject(half.subject_id).name,
        "bell_id": bell_id(world, child, half),
        "schedule_item_id": lesson.id,
        "begin_time": times.clock(half.starts),
        "end_time": times.clock(half.ends),
        vary(child, "reason name", "reason_id", "absence_reason_id"): None if reason is None else int(reason),
        "notified": notice is not None,
        "description": notice.comment if notice else absence.comment if absence else None,
        "lesson_education_type": education_type(lesson),
        "health_status": "SICK" if ill else None,
    }


def _summary(missed: AbsenceDay | None, whole: AbsenceNotice | None, lessons: int) -> str:
    if missed is None:
        return "Уведомление на весь день" if whole else f"Уведомление, уроков: {lessons}"
    return "Пропущен весь день" if missed.whole_day else f"Пропущено уроков: {len(missed.absences)}"
