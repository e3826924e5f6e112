"""News: what the list and each one's own page say, joined."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import TypeAdapter

from diary_core.model import Announcement, Unavailable
from diary_mrko.parse import news
from diary_mrko.wire.news import ListedNews, News, NewsPage

from .bodies import FAILED, LISTED, MONDAY, MOSCOW, SUNDAY, TOLD, read


def _listed(*items: Mapping[str, object]) -> list[ListedNews]:
    return list(read(TypeAdapter(NewsPage), {"data": list(items)}).data)


def _joined(item: Mapping[str, object], told: Mapping[str, object] | Unavailable = TOLD) -> Announcement:
    (one,) = _listed(item)
    words = told if isinstance(told, Unavailable) else read(TypeAdapter(News), told)
    (found,) = news.announcements([one], {one.id: words}, MOSCOW)
    return found


def test_news_are_joined() -> None:
    """Title, words without pictures, who speaks, and when by the school's clock."""
    assert _joined(LISTED) == Announcement(
        id="5",
        title="Сбор макулатуры",
        text="Во дворе\n\nс 8 до 12",
        published_at=datetime(2026, 9, 16, 0, 30, tzinfo=MOSCOW),
        edited_at=None,
        author="Школа № 9999",
    )


def test_an_edit_has_a_time() -> None:
    """Later than the publication."""
    edited = _joined({**LISTED, "updated_at": "2026-09-16T10:00:00Z"}).edited_at
    assert edited == datetime(2026, 9, 16, 13, 0, tzinfo=MOSCOW)


def test_words_that_did_not_come_say_why() -> None:
    """The title is there all the same; a picture alone has no words."""
    assert _joined(LISTED, FAILED).text == FAILED
    assert _joined(LISTED, {"content": [{"type": "IMAGE", "value": ["x"]}]}).text is None


def test_a_nameless_one_is_called_by_its_words() -> None:
    """Or by its number, when there are none."""
    assert _joined({**LISTED, "name": None}).title == "Во дворе"
    assert _joined({**LISTED, "name": ""}, FAILED).title == "5"


def test_a_span_is_of_the_schools_own_days() -> None:
    """Half past midnight in Moscow is the next day; each once; what has no date is kept."""
    early = {**LISTED, "id": 6, "published_at": "2026-09-13T20:59:59Z"}
    monday = {**LISTED, "id": 7, "published_at": "2026-09-13T21:00:00Z"}
    undated = {**LISTED, "id": 8, "published_at": None}
    listed = _listed(undated, LISTED, LISTED, monday, early)
    assert [one.id for one in news.of_span(listed, MONDAY, SUNDAY, MOSCOW)] == ["8", "5", "7"]
    told = dict.fromkeys("5678", FAILED)
    assert [one.id for one in news.announcements(listed[:1] + listed[2:], told, MOSCOW)] == [
        "5",
        "7",
        "6",
        "8",
    ]


def test_older_pages_are_not_asked_for() -> None:
    """Once a page ends before the span, or is empty."""

    def ends(*items: Mapping[str, object]) -> bool:
        return news.ends_before(read(TypeAdapter(NewsPage), {"data": list(items)}), MONDAY, MOSCOW)

    old = {**LISTED, "published_at": "2026-09-01T10:00:00Z"}
    assert ends(LISTED, old)
    assert ends()
    assert not ends(LISTED)
    assert not ends(old, LISTED)
