"""Identity of things to which the diary gives no id of its own.

A thing is then known by what it is about, never by what may be edited:
a mark by its lesson and form, not by its value, or an edited mark would be another one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

_LENGTH = 20


def content_ids(keys: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return an id for each key, in the same order; the same keys get the same ids tomorrow.

    Equal keys are told apart by their ordinal, from 1: two marks in one cell stay two.
    Things about something else, that appear or vanish between them, change no id.

    Args:
        keys: What each thing is about, in the diary's own order: kind, child, date, lesson, and so on.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    ids: list[str] = []
    for key in keys:
        seen[key] += 1
        digest = sha256(json.dumps(key, ensure_ascii=False).encode()).hexdigest()
        ids.append(f"{digest[:_LENGTH]}-{seen[key]}")
    return tuple(ids)
