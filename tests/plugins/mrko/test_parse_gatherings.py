"""Meetings and events: small bodies in, model out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import pytest
from pydantic import TypeAdapter

from diary_core.model import Event, Subject
from diary_mrko.parse.gatherings import calendar_events, school_events
from diary_mrko.wire.gatherings import Gatherings, SchoolEvent
from diary_mrko.wire.values import Listed

from .bodies import MEETING, MONDAY, MOSCOW, SCHOOLS_OWN, SUNDAY, read


def _calendar(*events: Mapping[str, object]) -> tuple[Event, ...]:
    body = read(
        TypeAdapter(Gatherings), {"total_count": len(events), "response": list(events), "errors": None}
    )
    return calendar_events(body.response, MONDAY, SUNDAY, MOSCOW)


def _own(*events: Mapping[str, object]) -> tuple[Event, ...]:
    return school_events(read(TypeAdapter(Listed[SchoolEvent]), list(events)), MONDAY, SUNDAY)


def test_a_meeting_is_told_whole() -> None:
    """Agenda, place, organiser and hours by the school's own clock."""
    assert _calendar(MEETING) == (
        Event(
            id="ORGANIZER-7",
            kind="meeting",
            title="Родительское собрание 7-Б",
            text="Повестка:\nитоги\nразное",
            date=date(2026, 9, 17),
            until=None,
            starts_at=datetime(2026, 9, 17, 18, 0, tzinfo=MOSCOW),
            ends_at=datetime(2026, 9, 17, 19, 30, tzinfo=MOSCOW),
            place="Кабинет 12",
            address="Учебная ул., 1",
            subject=None,
            organiser="Кленова Ирина Сергеевна",
            link="https://example.test/event/7",
            cancelled=False,
        ),
    )


@pytest.mark.parametrize(
    ("source", "title", "kind"),
    [
        ("OLYMPIAD", "Школьный этап", "olympiad"),
        ("EVENTS", "Московская ОЛИМПИАДА школьников", "olympiad"),
        ("EVENTS", "Открытый конкурс чтецов", "competition"),
        ("ORGANIZER", "Турнир по шахматам", "competition"),
        ("EVENTS", "Научно-практическая конференция", "conference"),
        ("EVENTS", "Вебинар для родителей", "seminar"),
        ("ORGANIZER", "Общешкольное собрание", "meeting"),
        ("AFISHA", "Концерт хора", "other"),
        ("A_NEW_ONE", "Ярмарка", "other"),
    ],
)
def test_the_kind_is_read_from_the_source_and_the_title(source: str, title: str, kind: str) -> None:
    """The diary names no kinds but one source; what fits nothing is of another kind."""
    (event,) = _calendar({**MEETING, "source": source, "title": title})
    assert event.kind == kind


def test_an_event_of_several_days() -> None:
    """It has a last day; one that ends at midnight ends the day before."""
    long: dict[str, object] = {**MEETING, "start_at": "2026-09-12T10:00:00+03:00"}
    (whole,) = _calendar({**long, "finish_at": "2026-09-15T12:00:00+03:00"})
    (till_midnight,) = _calendar({**long, "finish_at": "2026-09-15T00:00:00+03:00"})
    assert (whole.date, whole.until) == (date(2026, 9, 12), date(2026, 9, 15))
    assert till_midnight.until == date(2026, 9, 14)
    assert _calendar({**long, "finish_at": "2026-09-14T00:00:00+03:00"}) == ()


def test_a_day_without_hours() -> None:
    """An event of all day has a date and no moments; midnight to midnight is one day."""
    (event,) = _calendar(
        {
            **MEETING,
            "is_all_day": True,
            "start_at": "2026-09-17T00:00:00+03:00",
            "finish_at": "2026-09-18T00:00:00+03:00",
        }
    )
    assert (event.date, event.until, event.starts_at, event.ends_at) == (date(2026, 9, 17), None, None, None)


def test_what_is_no_event_is_left_out() -> None:
    """Lessons, events of other days, wordless ones, and the second of two of one id."""
    assert _calendar({**MEETING, "source": "PLAN"}) == ()
    assert _calendar({**MEETING, "title": " ", "description": None}) == ()
    assert _calendar({**MEETING, "start_at": "2026-09-21T10:00:00+03:00", "finish_at": None}) == ()
    assert len(_calendar(MEETING, MEETING)) == 1
    assert len(_calendar(MEETING, {**MEETING, "source": "EVENTS"})) == 2


def test_odd_fields_do_no_harm() -> None:
    """A script is no link, an end before the start is none, words stand for a title, zero is no subject."""
    (event,) = _calendar(
        {
            **MEETING,
            "url": "javascript:alert(1)",
            "finish_at": "2026-09-16T10:00:00Z",
            "title": None,
            "description": "Собрание совета\nв пятницу",
            "subject_id": 0,
            "subject_name": "Алгебра",
            "cancelled": True,
        }
    )
    assert (event.link, event.ends_at, event.title) == (None, None, "Собрание совета")
    assert (event.kind, event.subject, event.cancelled) == ("meeting", Subject(id=None, name="Алгебра"), True)


def test_events_stand_by_day_and_hour() -> None:
    """Whole days before hours, whatever order they came in."""
    later = {**MEETING, "id": 8, "start_at": "2026-09-17T16:00:00Z", "finish_at": None}
    day = {**MEETING, "id": 9, "is_all_day": True, "start_at": "2026-09-16T21:00:00Z", "finish_at": None}
    assert [event.id for event in _calendar(later, MEETING, day)] == [
        "ORGANIZER-9",
        "ORGANIZER-7",
        "ORGANIZER-8",
    ]


def test_the_schools_own_list_has_days_only() -> None:
    """No hours, no organiser; its ids are made of title and day, and are the same tomorrow."""
    (event,) = _own(SCHOOLS_OWN)
    assert (event.kind, event.date, event.starts_at) == ("meeting", date(2026, 9, 17), None)
    assert (event.place, event.address) == ("Корпус 1", "Учебная ул., 1")
    (edited,) = _own({**SCHOOLS_OWN, "description": "Повестка: разное"})
    (other,) = _own({**SCHOOLS_OWN, "date": "2026-09-18"})
    assert (edited.id == event.id, other.id == event.id) == (True, False)


def test_two_alike_in_the_schools_list_stay_two() -> None:
    """As do their ids; an event of other days is left out."""
    both = _own(SCHOOLS_OWN, SCHOOLS_OWN, {**SCHOOLS_OWN, "date": "2026-10-01"})
    assert len({event.id for event in both}) == 2


@pytest.mark.parametrize("end", ["2026-09-17", "2026-09-10"])
def test_an_end_that_is_no_later_is_none(end: str) -> None:
    """The same day again, or one before."""
    (event,) = _own({**SCHOOLS_OWN, "date_end": end})
    assert event.until is None
