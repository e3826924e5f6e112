"""Lesson log entries: who was not there, and what a teacher remarked."""

from diary_sandbox.dnevnik.call import Wire
from diary_sandbox.dnevnik.moments import naive_utc
from diary_sandbox.dnevnik.wire_ids import Space, wire_id
from diary_sandbox.world import Absence, AbsenceKind, Remark

STATUSES = ("Attend", "Absent", "Ill", "Late", "Pass")


def absence_entry(absence: Absence, remark: Remark | None) -> Wire:
    """Return the entry of a missed or late lesson; a remark on the same lesson shares its comment."""
    words = [absence.comment, remark.text if remark else None]
    comment = ". ".join(word for word in words if word)
    entered = naive_utc(absence.entered_at)
    return _entry(absence.child_id, absence.lesson_id, comment, absence_status(absence), entered)


def remark_entry(remark: Remark) -> Wire:
    """Return the entry of a remark alone: the pupil was there, which is rarely stored otherwise."""
    entered = naive_utc(remark.entered_at)
    return _entry(remark.child_id, remark.lesson_id, remark.text, "Attend", entered)


def absence_status(absence: Absence) -> str:
    """Return the status: «П» (`Pass`) is read as missed with an accepted reason, as schools use it."""
    if absence.kind is AbsenceKind.LATE:
        return "Late"
    if absence.reason is not None and absence.reason.ill:
        return "Ill"
    return "Pass" if absence.excused else "Absent"


def _entry(child_id: int, lesson_id: int, comment: str, status: str, created: str) -> Wire:
    person = wire_id(Space.PUPIL_PERSON, child_id)
    lesson = wire_id(Space.LESSON, lesson_id)
    return {
        "person": person,
        "lesson": lesson,
        "person_str": str(person),
        "lesson_str": str(lesson),
        "comment": comment,
        "status": status,
        "createdDate": created,
    }
