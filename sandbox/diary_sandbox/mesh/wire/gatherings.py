"""Meetings and events of the school and the city: in the merged calendar, and in the school's own list.

Which source an event of the city has, that `author_name` names who asks people to it, and that an event
without an hour is `is_all_day` from midnight to midnight, nobody has seen: those are choices.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from diary_sandbox.mesh.wire.event_fields import empty_event, event_moment
from diary_sandbox.world import Announcement, AnnouncementKind, Child, Gathering, GatheringSort, World

_OF_SCHOOL = frozenset({AnnouncementKind.MEETING, AnnouncementKind.SCHOOL_EVENT})
_CITY_SOURCES = {GatheringSort.OLYMPIAD: "OLYMPIAD", GatheringSort.OTHER: "AFISHA"}
_IDS = 7_000_000_000_000
_LOOK_BACK = timedelta(days=120)
_LENGTH = timedelta(minutes=90)
_LAST_MINUTE = time(23, 59)


def gatherings(
    world: World, child: Child, since: date, until: date
) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the events of a child's class that reach into a span, each with its source."""
    published = world.announcements(child.class_id, since - _LOOK_BACK, until)
    for announcement, gathering in _reaching(published, since, until):
        source = _source(announcement.kind, gathering.sort)
        yield source, _event(world, child, announcement, gathering) | {"source": source}


def organizer_events(world: World, class_id: int, since: date, until: date) -> list[dict[str, object]]:
    """Return `GET …/organizer/family/v1/events`: meetings and school events of a class, by publication."""
    year = world.year
    school = world.school(world.class_group(class_id).school_id)
    own = [one for one in world.announcements(class_id, year.since, year.until) if one.kind in _OF_SCHOOL]
    return [
        {
            "title": announcement.title,
            "description": announcement.text,
            "date": gathering.on.isoformat(),
            "date_end": gathering.until.isoformat() if gathering.until else None,
            "address": school.buildings[0].address,
            "building_name": school.buildings[0].name,
        }
        for announcement, gathering in _reaching(own, since, until)
    ]


def _reaching(
    announcements: Iterable[Announcement], since: date, until: date
) -> Iterator[tuple[Announcement, Gathering]]:
    for announcement in announcements:
        gathering = announcement.gathering
        if gathering and gathering.on <= until and (gathering.until or gathering.on) >= since:
            yield announcement, gathering


def _source(kind: AnnouncementKind, sort: GatheringSort) -> str:
    return "ORGANIZER" if kind in _OF_SCHOOL else _CITY_SOURCES.get(sort, "EVENTS")


def _event(world: World, child: Child, announcement: Announcement, gathering: Gathering) -> dict[str, object]:
    school = world.school(child.school_id)
    last = gathering.until or gathering.on
    starts = gathering.at or time()
    ends = (datetime.combine(last, starts) + _LENGTH).time() if gathering.at else _LAST_MINUTE
    number = _IDS + announcement.id
    subject = None if gathering.subject_id is None else world.subject(gathering.subject_id)
    return {
        **empty_event(world, child),
        "id": number,
        "source_id": str(number),
        "title": announcement.title,
        "description": announcement.text,
        "start_at": event_moment(child, gathering.on, starts, school.zone),
        "finish_at": event_moment(child, last, ends, school.zone),
        "is_all_day": gathering.at is None,
        "place": gathering.place,
        "author_name": gathering.organiser,
        "format_name": "Очно",
        "url": f"{school.website}/event/{announcement.id}",
        "address": school.buildings[0].address if announcement.kind in _OF_SCHOOL else None,
        "subject_id": None if subject is None else subject.id,
        "subject_name": None if subject is None else subject.name,
    }
