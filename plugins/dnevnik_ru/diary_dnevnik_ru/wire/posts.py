"""What a school announces: `mobile/v8.5/persons/{person}/schools/{school}/notifications`.

Source: the post as three public clients of the phones' API type it (2023-2025); the partner API has none.
"""

from __future__ import annotations

from pydantic import Field

from diary_dnevnik_ru.wire.values import IdOrNone, Instant, Rows, Text, Wire


class Post(Wire):
    """One notice; comments of readers, pictures and counters stay behind."""

    id: IdOrNone = None
    event_key: Text = Field(default=None, alias="eventKey")
    title: Text = None
    text: Text = None
    content: Text = None
    """Where a notice, as against a post, has its words."""
    created: Instant = Field(default=None, alias="createdDateTime")
    author_name: Text = Field(default=None, alias="authorName")
    author_first: Text = Field(default=None, alias="authorFirstName")
    author_middle: Text = Field(default=None, alias="authorMiddleName")
    author_last: Text = Field(default=None, alias="authorLastName")


class Posts(Wire):
    """Notices of a school for one child."""

    posts: Rows[Post] = Field(alias="postList")
