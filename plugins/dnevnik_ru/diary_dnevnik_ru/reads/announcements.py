"""News."""

from __future__ import annotations

from datetime import date

from diary_core.abilities import ReadsAnnouncements
from diary_core.model import Announcement, Answer
from diary_dnevnik_ru import parse
from diary_dnevnik_ru.session import Session


class Announcements(Session, ReadsAnnouncements):
    """What the school and the class announce; meetings and events stand among it, as words."""

    async def announcements(self, enrolment_id: str, since: date, until: date) -> Answer[Announcement]:
        """Return the notices of a span, newest first, as far back as the diary still lists them."""
        whose = await self.whose(enrolment_id)
        sent = await self.ask(lambda client: client.posts(whose.seat))
        return self.answered(parse.announcements(sent.posts, since, until, whose.zone))
