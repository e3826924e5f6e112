"""Meetings and events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from typing_extensions import override

from diary_core.abilities import ReadsEvents
from diary_core.model import Answer, Event, Missing, Reason, Unavailable
from diary_core.side_calls import attempt
from diary_core.text import tidy
from diary_mrko.ids import ChildRef
from diary_mrko.parse.gatherings import EVENT_SOURCES, ORGANIZER, calendar_events, ordered, school_events
from diary_mrko.session import Session
from diary_mrko.wire.gatherings import SchoolEvent


class Events(Session, ReadsEvents):
    """Events of the child's class, its school and the city.

    The calendar tells all of them. Where it cannot tell those of the school, the school's own list stands in:
    it knows no hours, and names the meetings of every class.
    """

    @override
    async def events(self, enrolment_id: str, since: date, until: date) -> Answer[Event]:
        """Return the events of a span; a source that failed is named as partial."""
        ref = ChildRef.read(enrolment_id)
        if ref.person_id is None:
            own = await self._school_events(ref, since, until)
            if isinstance(own, Unavailable):
                return self.answered((), partial=_failed(EVENT_SOURCES, own.reason))
            return self.answered(
                ordered(school_events(own, since, until)),
                partial=_failed([code for code in EVENT_SOURCES if code != ORGANIZER], Reason.NOT_PERMITTED),
            )
        sent = await self.read(
            enrolment_id,
            lambda client, child: client.school_life.gatherings(
                child.registered(), since, until, EVENT_SOURCES
            ),
        )
        found = calendar_events(sent.response, since, until, self.zone)
        if ORGANIZER in sent.errors:
            own = await self._school_events(ref, since, until)
            if not isinstance(own, Unavailable):
                found = ordered((*found, *school_events(own, since, until)))
        return self.answered(found, partial=_failed(sent.errors, Reason.UPSTREAM_ERROR))

    async def _school_events(
        self, ref: ChildRef, since: date, until: date
    ) -> Sequence[SchoolEvent] | Unavailable:
        school = (await self.child(ref)).school
        if school is None:
            return Unavailable(reason=Reason.NOT_PERMITTED)
        return await attempt(
            self.ask(lambda client: client.school_life.school_events(school.id, since, until))
        )


def _failed(sources: Sequence[str], reason: Reason) -> list[Missing]:
    return [Missing(what=f"source:{tidy(code, limit=40)}", reason=reason) for code in sources]
