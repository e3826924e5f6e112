"""Meals, remarks, announcements, signatures and study plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum


class MealKind(StrEnum):
    """What moved the money of a meal account."""

    TOP_UP = "top_up"
    BREAKFAST = "breakfast"
    LUNCH = "lunch"
    BUFFET = "buffet"


@dataclass(frozen=True, slots=True)
class MealDish:
    """One dish of an order."""

    id: int
    title: str
    amount: int
    price: int
    """Kopecks for one."""


@dataclass(frozen=True, slots=True)
class MealEntry:
    """One movement of a meal account: a top-up or an order."""

    id: int
    child_id: int
    at: datetime
    kind: MealKind
    amount: int
    """Kopecks; positive for a top-up, negative for an order, 0 for a subsidised meal."""
    balance_before: int
    """Kopecks; may be negative."""
    dishes: tuple[MealDish, ...]


@dataclass(frozen=True, slots=True)
class MealAccount:
    """The meal account of one pupil as it stands now."""

    child_id: int
    card: int
    balance: int
    """Kopecks; negative when in debt."""
    day_limit: int | None
    """Kopecks a day; None: no limit."""
    alert_below: int | None
    """Kopecks."""


class RemarkKind(StrEnum):
    """What a teacher wrote about."""

    PRAISE = "praise"
    BEHAVIOUR = "behaviour"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Remark:
    """A teacher's words about one pupil on one lesson."""

    id: int
    child_id: int
    lesson_id: int
    on: date
    teacher_id: int
    kind: RemarkKind
    text: str
    entered_at: datetime


class AnnouncementKind(StrEnum):
    """What an announcement is."""

    NEWS = "news"
    MEETING = "meeting"
    """Parents' meeting; the text is the agenda."""
    SCHOOL_EVENT = "school_event"
    CITY_EVENT = "city_event"


class GatheringSort(StrEnum):
    """What people come together for."""

    MEETING = "meeting"
    COMPETITION = "competition"
    OLYMPIAD = "olympiad"
    CONFERENCE = "conference"
    SEMINAR = "seminar"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Gathering:
    """When and where an event takes place, and who asks people to it."""

    sort: GatheringSort
    on: date
    """The first day."""
    until: date | None
    """The last day, inclusive; None: one day."""
    at: time | None
    """When it begins; None: all day."""
    place: str | None
    organiser: str
    subject_id: int | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """Words of a school for everyone, one parallel or one class."""

    id: int
    school_id: int
    class_id: int | None
    """None: the whole school."""
    kind: AnnouncementKind
    title: str
    text: str
    author_id: int
    """A teacher."""
    published_at: datetime
    edited_at: datetime | None
    gathering: Gathering | None
    """Of a meeting or an event; None for news."""


@dataclass(frozen=True, slots=True)
class WeekSignature:
    """A parent has read one week of one child's diary."""

    child_id: int
    parent_id: int
    week: date
    """The Monday."""
    signed_at: datetime

    @property
    def id(self) -> int:
        """Return its number among the signatures of the child."""
        return self.week.toordinal()


@dataclass(frozen=True, slots=True)
class PlannedSubject:
    """One line of a study plan."""

    subject_id: int
    hours_a_week: int
    total_hours: int
    passed_hours: int
    """Lessons held by now."""


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """What one class learns in the year."""

    id: int
    class_id: int
    title: str
    profile: str | None
    subjects: tuple[PlannedSubject, ...]
