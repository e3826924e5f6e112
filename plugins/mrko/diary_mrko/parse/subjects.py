"""Subjects as the diary names them."""

from __future__ import annotations

from diary_core.errors import RegionChanged
from diary_core.model import Subject
from diary_core.text import tidy


def subject(subject_id: str | None, *names: str | None, field: str) -> Subject:
    """Return a subject under the first of the names that says something.

    The id 0, which extra-curricular talks share, is no id.

    Raises:
        RegionChanged: None of the names says anything.
    """
    for name in names:
        if name and (tidied := tidy(name)):
            return Subject(id=None if subject_id in (None, "", "0") else subject_id, name=tidied)
    raise RegionChanged("a subject has no name", field=field)
