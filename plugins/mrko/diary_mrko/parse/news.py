"""News, each joined of what the list and its own page say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from diary_core.model import Announcement, Maybe, Unavailable
from diary_core.text import clean, clean_or_none, headline, tidy
from diary_mrko.parse.moments import local_or_none
from diary_mrko.wire.news import ListedNews, News, NewsPage

_TEXT = "TEXT"


def of_span(listed: Iterable[ListedNews], since: date, until: date, zone: ZoneInfo) -> list[ListedNews]:
    """Return the news published in a span by the school's clock, each once, and those without a date."""
    by_id = {one.id: one for one in listed}
    return [one for one in by_id.values() if (day := _day(one, zone)) is None or since <= day <= until]


def ends_before(page: NewsPage, since: date, zone: ZoneInfo) -> bool:
    """Tell whether what follows a page is older than a span: the newest news come first."""
    days = [day for one in page.data if (day := _day(one, zone))]
    return not page.data or bool(days and days[-1] < since)


def announcements(
    listed: Iterable[ListedNews], told: Mapping[str, News | Unavailable], zone: ZoneInfo
) -> tuple[Announcement, ...]:
    """Return news, newest first, undated ones last.

    Args:
        listed: As the list shows them.
        told: Each in full by id, or why it is not there.
        zone: The school's.
    """
    found = [_announcement(one, told[one.id], zone) for one in listed]
    dated = [news for news in found if news.published_at]
    dated.sort(key=lambda news: (news.published_at, news.id), reverse=True)
    return (*dated, *(news for news in found if not news.published_at))


def _announcement(one: ListedNews, told: News | Unavailable, zone: ZoneInfo) -> Announcement:
    published, updated = local_or_none(one.published_at, zone), local_or_none(one.updated_at, zone)
    text = _text(told)
    return Announcement(
        id=one.id,
        title=tidy(one.name or "") or headline(text if isinstance(text, str) else None) or one.id,
        text=text,
        published_at=published,
        edited_at=updated if published and updated and updated > published else None,
        author=clean_or_none(one.channel.name) if one.channel else None,
    )


def _text(told: News | Unavailable) -> Maybe[str | None]:
    if isinstance(told, Unavailable):
        return told
    words = (clean(line) for block in told.content if block.type == _TEXT for line in block.value)
    return "\n\n".join(text for text in words if text) or None


def _day(one: ListedNews, zone: ZoneInfo) -> date | None:
    published = local_or_none(one.published_at, zone)
    return None if published is None else published.date()
