"""How the town numbers its things.

An id says what it belongs to, so nothing must be searched for: a lesson's id holds its class and day, a
mark's its pupil and lesson. The servers map these numbers into their own id spaces; nobody else may read
anything into them.
"""

from __future__ import annotations

from typing import NamedTuple

from diary_sandbox.world.dice import Dice

SEATS = 50
"""Pupils a class can hold at most."""
ADULTS = 1_000_000
TEACHERS = 2_000_000
CLUB_SLOT = 15
"""Slot number in the ids of clubs, which have no bell."""
FIRST_ADDED_SLOT = 16
"""Slot numbers in the ids of lessons added by hand: 16 to 19."""

ADDED_ANNOUNCEMENTS = 1_000
"""Announcements one school can publish by hand."""

_ADDED_BASE = 10**12
_DAYS, _SLOTS, _GROUPS, _ORDINALS, _TASKS = 400, 20, 4, 10, 8
_SNILS_BASE, _SNILS_STEP = 900_000_011, 37


class LessonKey(NamedTuple):
    """What a lesson's id says."""

    class_id: int
    day: int
    """Days since 1 September."""
    slot: int
    group: int
    """0 is the whole class, then subgroup or club."""


class CellKey(NamedTuple):
    """What the id of a mark or an absence says."""

    child_id: int
    day: int
    slot: int
    ordinal: int


def class_id(school_id: int, parallel: int, letter: int) -> int:
    """Return the id of a class; letters count from 0 to 7."""
    return school_id * 100 + parallel * 8 + letter


def class_key(class_id: int) -> tuple[int, int, int]:
    """Return school, parallel and letter (from 0) of a class."""
    school_id, rest = divmod(class_id, 100)
    return school_id, *divmod(rest, 8)


def school_of(class_id: int) -> int:
    """Return the school of a class."""
    return class_id // 100


def child_id(class_id: int, seat: int) -> int:
    """Return the id of the pupil on a seat, from 0."""
    return class_id * SEATS + seat


def class_of(child_id: int) -> int:
    """Return the class of a pupil."""
    return child_id // SEATS


def adult_id(family_id: int, place: int) -> int:
    """Return the id of an adult; places count from 1 to 9."""
    return ADULTS + family_id * 10 + place


def family_of(adult_id: int) -> int:
    """Return the family of an adult."""
    return (adult_id - ADULTS) // 10


def teacher_id(school_id: int, number: int) -> int:
    """Return the id of a teacher; number 0 is the principal."""
    return TEACHERS + school_id * 1000 + number


def group_id(class_id: int, subject_id: int, group: int) -> int:
    """Return the id of a study group."""
    return (class_id * 100 + subject_id) * _GROUPS + group


def group_key(group_id: int) -> tuple[int, int, int]:
    """Return class, subject and subgroup (0: whole class) of a study group."""
    rest, group = divmod(group_id, _GROUPS)
    return rest // 100, rest % 100, group


def lesson_id(key: LessonKey) -> int:
    """Return the id of a lesson."""
    return ((key.class_id * _DAYS + key.day) * _SLOTS + key.slot) * _GROUPS + key.group


def lesson_key(lesson_id: int) -> LessonKey:
    """Return what a lesson's id says."""
    rest, group = divmod(lesson_id, _GROUPS)
    rest, slot = divmod(rest, _SLOTS)
    return LessonKey(*divmod(rest, _DAYS), slot, group)


def cell_id(key: CellKey) -> int:
    """Return the id of a mark or an absence."""
    return ((key.child_id * _DAYS + key.day) * _SLOTS + key.slot) * _ORDINALS + key.ordinal


def cell_key(cell_id: int) -> CellKey:
    """Return what the id of a mark or an absence says."""
    rest, ordinal = divmod(cell_id, _ORDINALS)
    rest, slot = divmod(rest, _SLOTS)
    return CellKey(*divmod(rest, _DAYS), slot, ordinal)


def task_id(due_lesson_id: int, ordinal: int) -> int:
    """Return the id of a homework task; ordinals count from 0 to 7."""
    return due_lesson_id * _TASKS + ordinal


def task_key(task_id: int) -> tuple[int, int]:
    """Return the due lesson and the ordinal of a homework task."""
    return divmod(task_id, _TASKS)


def announcement_id(audience: int, week: int, kind: int) -> int:
    """Return the id of a generated announcement.

    Args:
        audience: A class, or a hundred times a school.
        week: Number of its week.
        kind: Place of its kind, 0 to 3.
    """
    return (audience * 10_000 + week % 10_000) * 4 + kind


def added_announcement_id(school_id: int, place: int) -> int:
    """Return the id of an announcement published by hand."""
    return _ADDED_BASE + school_id * ADDED_ANNOUNCEMENTS + place


def uuid(seed: int, number: int) -> str:
    """Return the person id of registers for a person's number."""
    dice = Dice(seed, "uuid", number)
    high, low = dice.throw(), dice.throw()
    text = f"{high:016x}{low:016x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{number:012x}"


def number_of(uuid: str) -> int | None:
    """Return the number a person id may belong to, None when it has not even its form."""
    tail = uuid.rpartition("-")[2]
    try:
        return int(tail, 16) if len(uuid) == 36 and len(tail) == 12 else None
    except ValueError:
        return None


def snils(number: int) -> str:
    """Return an invented СНИЛС with right check digits, from a range never given out (9XX)."""
    digits = f"{_SNILS_BASE + number * _SNILS_STEP:09d}"
    check = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 0, -1), strict=True)) % 101
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]} {check % 100:02d}"


def number_of_snils(snils: str) -> int | None:
    """Return the number a СНИЛС may belong to; separators do not matter."""
    digits = "".join(letter for letter in snils if letter.isdigit())
    if len(digits) != 11:
        return None
    number, rest = divmod(int(digits[:9]) - _SNILS_BASE, _SNILS_STEP)
    return number if rest == 0 and number >= 0 else None
