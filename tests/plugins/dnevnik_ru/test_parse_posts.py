"""What a school announces: small posts in, model out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from diary_core.model import UNSUPPORTED, Announcement
from diary_dnevnik_ru import parse, wire

from .bodies import POST, SUNDAY, TUESDAY, read

ZONE = ZoneInfo("Asia/Vladivostok")


def _news(*posts: Mapping[str, object]) -> tuple[Announcement, ...]:
    sent = read(wire.Posts, {"type": "Success", "postList": list(posts)})
    return parse.announcements(sent.posts, TUESDAY, SUNDAY, ZONE)


def test_a_post_is_told_whole() -> None:
    """Its words, its author, and when by the school's clock; whether it was edited is not told."""
    assert _news(POST) == (
        Announcement(
            id="51",
            title="Сбор макулатуры",
            text="Во дворе с 8 до 12",
            published_at=datetime(2025, 11, 19, 4, 30, tzinfo=ZONE),
            edited_at=UNSUPPORTED,
            author="Макетов Олег",
        ),
    )


@pytest.mark.parametrize(
    "written", [1763490600, "1763490600", "2025-11-18T18:30:00Z", "2025-11-18T18:30:00.0000000"]
)
def test_moments_are_written_in_many_ways(written: object) -> None:
    """Seconds, ISO with an offset, and naive ISO, which is in UTC here."""
    (news,) = _news({**POST, "createdDateTime": written})
    assert news.published_at == datetime(2025, 11, 19, 4, 30, tzinfo=ZONE)


def test_posts_stand_newest_first_and_once() -> None:
    """Also when they come twice; one without a date is last, one of another week is not there."""
    older = {**POST, "id": 50, "createdDateTime": "2025-11-18T10:00:00+10:00"}
    undated = {**POST, "id": 49, "createdDateTime": None}
    gone = {**POST, "id": 48, "createdDateTime": "2025-11-01T10:00:00+10:00"}
    assert [news.id for news in _news(older, undated, POST, gone, POST)] == ["51", "50", "49"]


def test_a_post_without_a_title_is_called_by_its_first_line() -> None:
    """Posts of a class have often none; a notice has its words elsewhere; a wordless one is left out."""
    (news,) = _news({**POST, "title": "", "text": None, "content": "Завтра контрольная\nпо алгебре"})
    assert (news.title, news.text) == ("Завтра контрольная", "Завтра контрольная\nпо алгебре")
    assert _news({**POST, "title": None, "text": " ", "content": None}) == ()


def test_a_post_without_a_number_has_an_id_all_the_same() -> None:
    """Its key, else one made of when it was written and what it is called."""
    (keyed,) = _news({**POST, "id": None})
    nameless = {**POST, "id": None, "eventKey": None}
    (made,), (again,) = _news(nameless), _news({**nameless, "text": "Исправлено"})
    assert keyed.id == "post_51"
    assert made.id == again.id


def test_a_nameless_author_is_the_short_name_or_nobody() -> None:
    """The parts come first, the short form stands in."""
    parts = {"authorFirstName": None, "authorLastName": None}
    assert _news({**POST, **parts})[0].author == "Макетов О."
    assert _news({**POST, **parts, "authorName": None})[0].author is None
