"""What surrounds lessons: remarks, news, talks, meals, signatures."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from diary_core.model.calendar import Moment, SchoolDate
from diary_core.model.school import Subject, Teacher
from diary_core.model.values import NOT_LOADED, Maybe, Model


class Remark(Model):
    """A teacher's word about a lesson or about behaviour."""

    id: str
    date: SchoolDate
    """The day of the lesson."""
    subject: Subject | None
    lesson_id: str | None
    text: str
    author: Maybe[Teacher | None] = NOT_LOADED
    entered_at: Maybe[Moment | None] = NOT_LOADED


class Announcement(Model):
    """News of the class, the school or the city."""

    id: str
    title: str
    text: Maybe[str | None]
    """None for news that is a title only."""
    published_at: Moment | None
    """None when the diary does not say."""
    edited_at: Maybe[Moment | None] = NOT_LOADED
    author: Maybe[str | None] = NOT_LOADED
    """Who speaks: a person, or a channel of the diary."""


EventKind = Literal["meeting", "competition", "olympiad", "conference", "seminar", "other"]


class Event(Model):
    """Something to come to: a parents' meeting, a competition, an olympiad."""

    id: str
    kind: EventKind
    title: str
    text: str | None
    """What it is about; for a meeting the agenda."""
    date: SchoolDate
    """The first day."""
    until: SchoolDate | None
    """The last day, inclusive; None for an event of one day."""
    starts_at: Moment | None
    """None when the diary tells the day only."""
    ends_at: Moment | None
    place: str | None
    address: str | None
    subject: Maybe[Subject | None] = NOT_LOADED
    organiser: Maybe[str | None] = NOT_LOADED
    link: Maybe[str | None] = NOT_LOADED
    """A public page of the event; http or https."""
    cancelled: Maybe[bool] = NOT_LOADED


class Thread(Model):
    """A conversation with school staff or other parents."""

    id: str
    title: str
    members: tuple[str, ...]
    last_at: Moment | None
    unread: int


class Message(Model):
    """One message of a thread."""

    id: str
    thread_id: str
    author: str
    text: str
    sent_at: Moment


class MealAccount(Model):
    """The canteen account of a child."""

    id: str
    balance: Decimal
    """In roubles; may be negative."""
    day_limit: Maybe[Decimal | None] = NOT_LOADED


class MealEntry(Model):
    """One movement on the canteen account."""

    id: str
    date: SchoolDate
    amount: Decimal
    """In roubles; negative when spent."""
    kind: Literal["top_up", "order", "refund", "transfer", "cancel", "other"]
    dishes: Maybe[tuple[str, ...]] = NOT_LOADED


class WeekSignature(Model):
    """Whether a parent has confirmed having read a week."""

    week: SchoolDate
    """The Monday."""
    signed_at: Maybe[Moment | None] = NOT_LOADED
    """None while the week is not signed."""
    signed: bool
    """By any of the child's legal representatives."""
