"""News."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Final

from typing_extensions import override

from diary_core.abilities import ReadsAnnouncements
from diary_core.model import Announcement, Answer, Missing, Reason, Unavailable
from diary_core.side_calls import attempt_each
from diary_mrko.ids import ChildRef
from diary_mrko.parse import news
from diary_mrko.session import Session
from diary_mrko.wire.news import ListedNews

_PAGES_MOST: Final = 20
"""A thousand news of one adult: more than a school year brings."""


class Announcements(Session, ReadsAnnouncements):
    """News of the schools of the signed-in adult's children; whose school, the diary does not say."""

    @override
    async def announcements(self, enrolment_id: str, since: date, until: date) -> Answer[Announcement]:
        """Return the news of a span; one whose words failed to come says why."""
        await self.child(ChildRef.read(enrolment_id))
        listed, all_there = await self._listed(since)
        wanted = news.of_span(listed, since, until, self.zone)
        words = await attempt_each(
            [partial(self.ask, lambda client, one=one: client.school_life.news(one.id)) for one in wanted]
        )
        told = {one.id: text for one, text in zip(wanted, words, strict=True)}
        gaps = {text.reason for text in words if isinstance(text, Unavailable)}
        missing = [Missing(what="text", reason=reason) for reason in sorted(gaps)]
        if not all_there:
            missing.append(Missing(what="older", reason=Reason.UPSTREAM_ERROR))
        return self.answered(news.announcements(wanted, told, self.zone), partial=missing)

    async def _listed(self, since: date) -> tuple[Sequence[ListedNews], bool]:
        """Return the list as far back as a span begins, and whether it reached so far."""
        found: list[ListedNews] = []
        for number in range(1, _PAGES_MOST + 1):
            page = await self.ask(lambda client, number=number: client.school_life.news_page(number))
            found += page.data
            last = page.pagination is None or number >= (page.pagination.page_count or 0)
            if last or news.ends_before(page, since, self.zone):
                return found, True
        return found, False
