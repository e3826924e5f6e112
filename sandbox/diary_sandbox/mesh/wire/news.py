"""News of the schools of an adult's children, as the news service lists and tells them.

The fields follow the vendor's own description as a public client quotes it. Choices: the newest come
first, a channel is a school or one of its classes, and the words of a text block may be marked up.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from diary_sandbox.world import Announcement, AnnouncementKind, Child, World

_FIRST_CHANNEL = 40_000


def news(world: World, children: Sequence[Child]) -> list[Announcement]:
    """Return what there is to read for any of the children, the newest first, each once."""
    year = world.year
    found = {
        announcement.id: announcement
        for child in children
        for announcement in world.announcements(child.class_id, year.since, year.until)
        if announcement.kind is AnnouncementKind.NEWS
    }
    return sorted(found.values(), key=lambda one: (one.published_at, one.id), reverse=True)


def listed(world: World, found: Sequence[Announcement], page: int, per_page: int) -> dict[str, object]:
    """Return `GET /api/news/v2/news/users/v2`: a page of news without their words; pages count from 1."""
    shown = found[(page - 1) * per_page : page * per_page]
    return {
        "data": [{**_head(world, one), "emoji": [], "reactions_count": 0} for one in shown],
        "pagination": {
            "total": len(found),
            "page": page,
            "page_size": per_page,
            "page_count": max(1, -(-len(found) // per_page)),
        },
    }


def told(world: World, one: Announcement) -> dict[str, object]:
    """Return `GET /api/news/v2/news/{id}`: one of them in full, in blocks of text and pictures."""
    words = f"<p>{one.text}</p>" if one.id % 3 else one.text
    return {
        **_head(world, one),
        "content": [
            {"type": "IMAGE", "value": ["https://static.example.invalid/news.jpg"]},
            {"type": "TEXT", "value": [words]},
        ],
        "attachments": [],
        "is_changeable": False,
        "status": "PUBLISHED",
        "cover": None,
        "publication_id": None,
        "archived_at": None,
    }


def _head(world: World, one: Announcement) -> dict[str, object]:
    school = world.school(one.school_id)
    channel = school.short_name if one.class_id is None else world.class_group(one.class_id).name
    return {
        "id": one.id,
        "name": one.title,
        "views": one.id % 97,
        "published_at": _instant(one.published_at),
        "created_at": _instant(one.published_at),
        "updated_at": _instant(one.edited_at or one.published_at),
        "is_actual": True,
        "is_system": False,
        "actual_to": None,
        "channel": {"id": _FIRST_CHANNEL + (one.class_id or one.school_id), "name": channel, "logo": None},
        "tags": [],
    }


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
