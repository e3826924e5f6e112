"""Missed lessons, as the timetable tells of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from types import MappingProxyType
from typing import Final

from diary_core.model import AbsenceReason, AttendanceRecord, Mark, Subject
from diary_mrko.wire.lessons import Event

REASONS: Final = MappingProxyType(
    {
        "1": "Болезнь",
        "2": "Плохое самочувствие",
        "3": "Семейные обстоятельства",
        "4": "Без уведомления",
        "5": "Болезнь (ЕМИАС)",
        "6": "Заявление родителей",
        "7": "Карантин",
        "8": "Причина неизвестна",
        "9": "Заявление ученика",
        "10": "Индивидуальный план",
        "11": "Отпуск родителей",
        "12": "Каникулы",
    }
)
"""The official app's own list. Source: `docs/sources.md`, МЭШ."""

_UNEXCUSED: Final = frozenset({"4", "8"})
_SICK: Final = frozenset({"SICK", "SICK_WITH_INFECTION"})
_LETTER: Final = "Н"


def absence(
    event: Event, *, of: Subject, on: date, lesson_id: str, reason_id: str | None, marks: Iterable[Mark]
) -> AttendanceRecord | None:
    """Return that a lesson was missed; None when nobody says so.

    «Н» written in place of a mark is an absence too.
    A reason alone is a parent's notice of a lesson to come, not an absence.
    """
    in_mark_cell = any(mark.status == "absent" for mark in marks)
    if not event.is_missed_lesson and not in_mark_cell:
        return None
    return AttendanceRecord(
        id=f"absence-{lesson_id}",
        date=on,
        lesson_id=lesson_id,
        subject=of,
        kind="absent",
        display=_LETTER,
        excused=_excused(event, reason_id),
        counted=True,
        reason=AbsenceReason(code=reason_id, title=REASONS.get(reason_id, reason_id)) if reason_id else None,
        noted_by="unknown" if event.is_missed_lesson else "mark_cell",
    )


def _excused(event: Event, reason_id: str | None) -> bool | None:
    if reason_id is not None:
        return reason_id not in _UNEXCUSED
    return True if event.health_status in _SICK else None
