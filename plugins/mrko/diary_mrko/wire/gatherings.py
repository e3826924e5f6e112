"""Meetings and events: those of the merged calendar, and the school's own list."""

from __future__ import annotations

from diary_mrko.wire.lessons import FailedSources
from diary_mrko.wire.values import Day, Flag, Id, Listed, MaybeDay, MaybeMoment, MaybeText, Wire, WireMoment


class Gathering(Wire):
    """One event of the calendar that is no lesson.

    No client has met one with an author; that `author_name` is who asks people to it is our reading.
    """

    id: Id
    source: MaybeText = None
    title: MaybeText = None
    description: MaybeText = None
    start_at: WireMoment
    finish_at: MaybeMoment = None
    is_all_day: Flag = False
    cancelled: Flag = False
    place: MaybeText = None
    address: MaybeText = None
    url: MaybeText = None
    author_name: MaybeText = None
    subject_id: Id | None = None
    subject_name: MaybeText = None


class Gatherings(Wire):
    """Answer of `eventcalendar/v1/api/events`, asked for events."""

    response: Listed[Gathering]
    errors: FailedSources = ()


class SchoolEvent(Wire):
    """An item of `ej/organizer/family/v1/events`: a day, no hour and no id."""

    title: MaybeText = None
    description: MaybeText = None
    date: Day
    date_end: MaybeDay = None
    address: MaybeText = None
    building_name: MaybeText = None
