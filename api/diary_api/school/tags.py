"""Entity tags: whether a client has an answer already."""

from __future__ import annotations


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Tell whether a client's `If-None-Match` has a tag, weakly compared, or any.

    Source: RFC 9110, section 13.1.2.
    """
    if if_none_match is None:
        return False
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in known or "*" in known
