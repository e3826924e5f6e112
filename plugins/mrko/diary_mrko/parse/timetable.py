"""Where the calendar's events stand in the school's timetable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Final, Literal
from zoneinfo import ZoneInfo

from diary_core.model import Missing, Reason, Subject
from diary_core.text import tidy
from diary_mrko.parse.moments import local, local_or_none
from diary_mrko.parse.subjects import subject
from diary_mrko.wire.lessons import Event, Events

LessonKind = Literal["lesson", "extracurricular", "additional"]
_KINDS: Final[dict[str, LessonKind]] = {"PLAN": "lesson", "EC": "extracurricular", "AE": "additional"}
LESSON_SOURCES: Final = tuple(_KINDS)
"""The sources that are lessons; the others are city and school events."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A lesson of the calendar with its place in the school's local time."""

    id: str
    event: Event
    kind: LessonKind
    on: date
    starts: time
    ends: time | None
    """None when the server names none, or one that is not later on the same day."""
    subject: Subject


def placed(events: Iterable[Event], since: date, until: date, zone: ZoneInfo) -> tuple[Placed, ...]:
    """Return the lessons of a span, each once, by day, starting time and id.

    Raises:
        RegionChanged: A lesson has no name.
    """
    found: dict[str, Placed] = {}
    for event in events:
        kind = _KINDS.get(event.source)
        starts = local(event.start_at, zone)
        if kind is None or not since <= starts.date() <= until:
            continue
        ends = local_or_none(event.finish_at, zone)
        number = lesson_id(event.source, event.id)
        found[number] = Placed(
            id=number,
            event=event,
            kind=kind,
            on=starts.date(),
            starts=starts.time(),
            ends=ends.time() if ends and ends.date() == starts.date() and ends > starts else None,
            subject=subject(
                event.subject_id,
                event.subject_name,
                event.title,
                event.lesson_name,
                event.group_name,
                field="response.[].subject_name",
            ),
        )
    return tuple(sorted(found.values(), key=lambda lesson: (lesson.on, lesson.starts, lesson.id)))


def lesson_id(source: str, number: str) -> str:
    """Return our id of a lesson: each source of the calendar counts for itself."""
    return number if _KINDS.get(source) == "lesson" else f"{source}-{number}"


def failed_sources(events: Events) -> tuple[Missing, ...]:
    """Return the sources behind the calendar that did not answer."""
    return tuple(
        Missing(what=f"source:{tidy(code, limit=40)}", reason=Reason.UPSTREAM_ERROR) for code in events.errors
    )
