"""The news service of МЭШ."""

from __future__ import annotations

from diary_mrko.wire.values import Id, Listed, MaybeMoment, MaybeText, Wire


class Channel(Wire):
    """Who speaks."""

    name: MaybeText = None


class ListedNews(Wire):
    """News as the list shows it: without its words."""

    id: Id
    name: MaybeText = None
    published_at: MaybeMoment = None
    updated_at: MaybeMoment = None
    channel: Channel | None = None


class Pagination(Wire):
    """Where in the list a page stands."""

    page_count: int | None = None


class NewsPage(Wire):
    """Answer of `news/v2/news/users/v2`."""

    data: Listed[ListedNews]
    pagination: Pagination | None = None


class Block(Wire):
    """A piece of news: `TEXT`, or a picture or film, whose addresses we leave behind."""

    type: MaybeText = None
    value: Listed[str] = ()


class News(Wire):
    """Answer of `news/v2/news/{id}`."""

    content: Listed[Block] = ()
