"""What the school announces."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from diary_core.content_key import content_ids
from diary_core.model import UNSUPPORTED, Announcement
from diary_core.text import clean_or_none, headline, tidy
from diary_dnevnik_ru import wire


def announcements(
    posts: Iterable[wire.Post], since: date, until: date, zone: ZoneInfo
) -> tuple[Announcement, ...]:
    """Return the posts of a span by the school's clock, newest first; undated ones last.

    Posts of a class have often no title: the first line stands for it. One without any words is left out.
    """
    told = [(post, title) for post in posts if (title := _title(post))]
    keys = [("post", post.created.isoformat() if post.created else "", title) for post, title in told]
    found = {
        (news := _announcement(post, title, post.id or post.event_key or key, zone)).id: news
        for (post, title), key in zip(told, content_ids(keys), strict=True)
    }
    dated = [news for news in found.values() if news.published_at]
    dated.sort(key=lambda news: (news.published_at, news.id), reverse=True)
    undated = [news for news in found.values() if not news.published_at]
    return (*(news for news in dated if _published_in(news, since, until)), *undated)


def _announcement(post: wire.Post, title: str, post_id: str, zone: ZoneInfo) -> Announcement:
    return Announcement(
        id=post_id,
        title=title,
        text=clean_or_none(_words(post)),
        published_at=post.created.astimezone(zone) if post.created else None,
        edited_at=UNSUPPORTED,
        author=_author(post),
    )


def _words(post: wire.Post) -> str | None:
    return post.text or post.content


def _title(post: wire.Post) -> str:
    return tidy(post.title or "") or headline(_words(post))


def _author(post: wire.Post) -> str | None:
    parts = (post.author_last, post.author_first, post.author_middle)
    return tidy(" ".join(part for part in parts if part)) or tidy(post.author_name or "") or None


def _published_in(news: Announcement, since: date, until: date) -> bool:
    return news.published_at is not None and since <= news.published_at.date() <= until
