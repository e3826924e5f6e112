"""Numbers of the wire and numbers of the world, each made from the other.

Every kind of thing has a space of its own, so a number says what it names and a number of the wrong kind
names nothing. A human being has two numbers that differ: one as a person of the school register and one
as a user of the site. Schools, persons and users have 13 digits, everything else 19: too many for a
double, which is why most ids travel with a `_str` twin.
"""

from enum import IntEnum

_SHORT_BASE, _SHORT_ROOM = 10**12, 10**11
_LONG_BASE, _LONG_ROOM = 10**18, 10**16
_LONG_SPACES = 10
_YEARS = 16


class Space(IntEnum):
    """What a number names. Numbers below ten are of the short, 13-digit kind."""

    SCHOOL = 0
    PUPIL_PERSON = 1
    ADULT_PERSON = 2
    TEACHER_PERSON = 3
    PUPIL_USER = 5
    ADULT_USER = 6
    TEACHER_USER = 7

    CLASS = 50
    STUDY_GROUP = 51
    PAST_CLASS = 52
    SUBJECT = 53
    PERIOD = 54
    PERIOD_GROUP = 55
    HOLIDAY = 56
    TIMETABLE = 57
    TIMETABLE_ITEM = 58
    WORK_TYPE = 60
    LESSON = 61
    LESSON_WORK = 62
    HOMEWORK = 63
    FILLER_HOMEWORK = 64
    RESULT_WORK = 65
    MARK = 66
    RESULT_MARK = 67
    TASK = 68
    FILE = 69
    POST = 70


def wire_id(space: Space, number: int) -> int:
    """Return the wire's number for a world's one.

    Raises:
        OverflowError: The world's number has no room in the space.
    """
    base, room = _measure(space)
    if not 0 <= number < room:
        raise OverflowError(f"{space.name} has no room for {number!r}")
    return base + space * room + number


def world_id(space: Space, wire: int) -> int | None:
    """Return the world's number, or None when the wire's one is of another space."""
    base, room = _measure(space)
    number = wire - base - space * room
    return number if 0 <= number < room else None


def past_class_id(class_id: int, years_ago: int) -> int:
    """Return the wire's number of a class as it was years before."""
    return wire_id(Space.PAST_CLASS, class_id * _YEARS + years_ago)


def read_past_class_id(group: int) -> tuple[int, int] | None:
    """Return class and years of what `past_class_id` gave, None when the number is of another space."""
    number = world_id(Space.PAST_CLASS, group)
    return None if number is None else divmod(number, _YEARS)


def _measure(space: Space) -> tuple[int, int]:
    return (_SHORT_BASE, _SHORT_ROOM) if space < _LONG_SPACES else (_LONG_BASE, _LONG_ROOM)
