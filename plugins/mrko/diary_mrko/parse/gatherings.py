"""Meetings and events.

The diary has no word for what kind of event one is, but for olympiads, which are a source of their own:
the kind of the others is read from the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from diary_core.content_key import content_ids
from diary_core.model import UNSUPPORTED, Event, EventKind, Subject
from diary_core.text import clean_or_none, headline, tidy, web_page
from diary_mrko.parse.moments import local, local_or_none
from diary_mrko.parse.timetable import LESSON_SOURCES
from diary_mrko.wire.gatherings import Gathering, SchoolEvent

ORGANIZER: Final = "ORGANIZER"
EVENT_SOURCES: Final = ("EVENTS", "AFISHA", ORGANIZER, "OLYMPIAD", "PROF")
"""The sources of the calendar that are no lessons."""
_OLYMPIAD: Final = "OLYMPIAD"
_KINDS: Final[tuple[tuple[EventKind, re.Pattern[str]], ...]] = (
    ("meeting", re.compile("собрани")),
    ("olympiad", re.compile("олимпиад")),
    ("competition", re.compile("конкурс|соревновани|турнир|первенств|чемпионат")),
    ("conference", re.compile("конференци")),
    ("seminar", re.compile("семинар|вебинар")),
)


def calendar_events(sent: Iterable[Gathering], since: date, until: date, zone: ZoneInfo) -> tuple[Event, ...]:
    """Return the events of the calendar that reach into a span, each once, by first day and start.

    One without any words is left out: there is nothing to tell of it.
    """
    found = (_of_calendar(one, zone) for one in sent if one.source not in LESSON_SOURCES)
    by_id = {event.id: event for event in found if event is not None and _reaches(event, since, until)}
    return ordered(by_id.values())


def school_events(sent: Iterable[SchoolEvent], since: date, until: date) -> tuple[Event, ...]:
    """Return the events of a school's own list that reach into a span.

    The list has no ids and no hours, and does not say which class an event is for.
    """
    named = [(one, title) for one in sent if (title := _title(one.title, one.description))]
    ids = content_ids([("event", title, one.date.isoformat()) for one, title in named])
    found = [
        Event(
            id=event_id,
            kind=_kind(None, title),
            title=title,
            text=clean_or_none(one.description),
            date=one.date,
            until=one.date_end if one.date_end and one.date_end > one.date else None,
            starts_at=None,
            ends_at=None,
            place=clean_or_none(one.building_name),
            address=clean_or_none(one.address),
            subject=UNSUPPORTED,
            organiser=UNSUPPORTED,
            link=UNSUPPORTED,
            cancelled=UNSUPPORTED,
        )
        for event_id, (one, title) in zip(ids, named, strict=True)
    ]
    return tuple(event for event in found if _reaches(event, since, until))


def ordered(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return events by first day and start, those of a whole day first."""
    return tuple(sorted(events, key=_place))


def _of_calendar(one: Gathering, zone: ZoneInfo) -> Event | None:
    title = _title(one.title, one.description)
    if not title:
        return None
    starts, ends = local(one.start_at, zone), local_or_none(one.finish_at, zone)
    if ends is not None and ends < starts:
        ends = None
    subject = tidy(one.subject_name or "")
    subject_id = None if one.subject_id in ("", "0") else one.subject_id
    return Event(
        id=f"{one.source or 'EVENT'}-{one.id}",
        kind=_kind(one.source, title),
        title=title,
        text=clean_or_none(one.description),
        date=starts.date(),
        until=_last_day(starts, ends),
        starts_at=None if one.is_all_day else starts,
        ends_at=None if one.is_all_day else ends,
        place=clean_or_none(one.place),
        address=clean_or_none(one.address),
        subject=Subject(id=subject_id, name=subject) if subject else None,
        organiser=clean_or_none(one.author_name),
        link=web_page(one.url),
        cancelled=one.cancelled,
    )


def _last_day(starts: datetime, ends: datetime | None) -> date | None:
    """Return the last day of an event of several; one that ends at midnight is of the day before."""
    if ends is None or ends.date() == starts.date():
        return None
    midnight = ends.timetz().replace(tzinfo=None) == time()
    last = date.fromordinal(ends.date().toordinal() - 1) if midnight else ends.date()
    return last if last > starts.date() else None


def _title(title: str | None, text: str | None) -> str:
    return tidy(title or "") or headline(text)


def _kind(source: str | None, title: str) -> EventKind:
    if source == _OLYMPIAD:
        return "olympiad"
    words = title.casefold()
    for kind, pattern in _KINDS:
        if pattern.search(words):
            return kind
    return "other"


def _reaches(event: Event, since: date, until: date) -> bool:
    return event.date <= until and (event.until or event.date) >= since


def _place(event: Event) -> tuple[date, float, str]:
    return event.date, event.starts_at.timestamp() if event.starts_at else 0, event.id
