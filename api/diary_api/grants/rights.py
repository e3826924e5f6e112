"""What a trusted person may be let to see and do, in the words a parent thinks in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from diary_api.school.readings import Kind


class Right(StrEnum):
    """One part of a child's diary."""

    LESSONS = "lessons"
    """Weeks and days with lessons, topics and replacements; terms, holidays and bells."""
    HOMEWORK = "homework"
    """What is set for home."""
    MARKS = "marks"
    """Marks, results, and whatever is worked out from them."""
    ATTENDANCE = "attendance"
    """Missed and late lessons, and their sums by term."""
    REMARKS = "remarks"
    """What teachers have remarked about lessons and behaviour."""
    ANNOUNCEMENTS = "announcements"
    """News of the class and the school, meetings and events."""
    VISITS = "visits"
    """When the child has come to school and left."""
    MEALS = "meals"
    """The canteen account: balance and orders."""
    SCHOOL = "school"
    """Which school and class it is, its people, and the study plan."""
    ABSENCE_NOTICES = "absence_notices"
    """Tell the school that the child will be away, take back what she has told, and see every notice."""
    HOMEWORK_TICKS = "homework_ticks"
    """Tick homework as done, and take the tick back."""


Rights = frozenset[Right]

CHILD: Final = "child"
"""The kind of reading that shows a child itself: who it is and where it studies."""

TELLING_ABSENCE: Final = "telling_absence"
"""Not a reading: telling the school that the child will be away, and taking it back."""

TICKING_HOMEWORK: Final = "ticking_homework"
"""Not a reading either: setting the family's own tick, and clearing it."""

OPENED_BY: Mapping[str, Rights] = MappingProxyType(
    {
        CHILD: frozenset(Right),
        TELLING_ABSENCE: frozenset({Right.ABSENCE_NOTICES}),
        TICKING_HOMEWORK: frozenset({Right.HOMEWORK_TICKS}),
        Kind.ABSENCE_NOTICES: frozenset({Right.ABSENCE_NOTICES}),
        Kind.ABSENCE_REASONS: frozenset({Right.ABSENCE_NOTICES}),
        Kind.ANNOUNCEMENTS: frozenset({Right.ANNOUNCEMENTS}),
        Kind.ATTENDANCE: frozenset({Right.ATTENDANCE}),
        Kind.AVERAGES: frozenset({Right.MARKS}),
        Kind.BELLS: frozenset({Right.LESSONS}),
        Kind.CALENDAR: frozenset({Right.LESSONS}),
        Kind.DAYS: frozenset({Right.LESSONS}),
        Kind.EVENTS: frozenset({Right.ANNOUNCEMENTS}),
        Kind.HOMEWORK: frozenset({Right.HOMEWORK}),
        Kind.MARK: frozenset({Right.MARKS}),
        Kind.MARKS: frozenset({Right.MARKS}),
        Kind.MEAL_ACCOUNT: frozenset({Right.MEALS}),
        Kind.MEALS: frozenset({Right.MEALS}),
        Kind.OVERDUE_HOMEWORK: frozenset({Right.HOMEWORK}),
        Kind.REMARKS: frozenset({Right.REMARKS}),
        Kind.RESULTS: frozenset({Right.MARKS}),
        Kind.SCHOOL: frozenset({Right.SCHOOL}),
        Kind.STUDY_PLAN: frozenset({Right.SCHOOL}),
        Kind.TERMS: frozenset({Right.LESSONS, Right.MARKS, Right.ATTENDANCE}),
        Kind.VISITS: frozenset({Right.VISITS}),
        Kind.YEARS: frozenset({Right.MARKS}),
    }
)
"""Which rights open a kind of reading or doing, any one alone; a kind that is not here is its parent's only.

The parent's own talks with the school, the parent's signatures, and the child's place in the class
are nobody else's.
"""


def opens(rights: Rights, kind: str) -> bool:
    """Tell whether rights open a kind of reading or doing."""
    return not rights.isdisjoint(OPENED_BY.get(kind, ()))


def written(rights: Rights) -> str:
    """Return rights as stored: sorted, space-separated."""
    return " ".join(sorted(rights))


def read(text: str) -> Rights:
    """Return stored rights; one that a later version has withdrawn opens nothing."""
    known = {right.value for right in Right}
    return frozenset(Right(word) for word in text.split() if word in known)
