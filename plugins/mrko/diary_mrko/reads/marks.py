"""Marks: lists, and one in depth."""

from __future__ import annotations

from datetime import date

from typing_extensions import override

from diary_core.abilities import ReadsMarkDetails, ReadsMarks
from diary_core.errors import MarkUnknown, NotFound
from diary_core.model import Answer, Mark
from diary_mrko.client import MrkoClient
from diary_mrko.ids import ChildRef, is_mark_id
from diary_mrko.parse.marks import mark_in_depth, marks
from diary_mrko.session import Session
from diary_mrko.wire.marks import MarkDetails


class Marks(Session, ReadsMarks, ReadsMarkDetails):
    """Marks of lessons."""

    @override
    async def marks(self, enrolment_id: str, since: date, until: date) -> Answer[Mark]:
        """Return the marks of a span; the lesson, the teacher and the history are not loaded."""
        found = await self.read(
            enrolment_id, lambda client, child: client.marks(child.student_id, since, until)
        )
        return self.answered([mark for mark in marks(found, self.zone) if since <= mark.date <= until])

    @override
    async def mark(self, enrolment_id: str, mark_id: str) -> Answer[Mark]:
        """Return one mark with its lesson, its teacher and its earlier versions."""
        found = await self.read(enrolment_id, lambda client, child: _find(client, child, mark_id))
        if found is None:
            await self.child(ChildRef.read(enrolment_id))
            raise MarkUnknown("the child has no such mark", field="mark_id")
        return self.answered([mark_in_depth(found, self.zone)])


async def _find(client: MrkoClient, child: ChildRef, mark_id: str) -> MarkDetails | None:
    """Return a mark of a child, or None when it is nobody's, or somebody else's.

    A node that did not hold the mark against the child would show a sibling's to whoever may see this one:
    so it is looked up among the child's own marks of its day as well.
    """
    if not is_mark_id(mark_id):
        return None
    try:
        found = await client.mark(child.student_id, mark_id)
    except NotFound:
        return None
    listed = await client.marks(child.student_id, found.date, found.date)
    return found if any(one.id == found.id for one in listed) else None
