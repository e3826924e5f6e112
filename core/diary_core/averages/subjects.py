"""Telling subjects apart."""

from __future__ import annotations

from collections.abc import Sequence

from diary_core.errors import SubjectUnknown
from diary_core.model import Subject


def same_subject(one: Subject, other: Subject) -> bool:
    """Tell whether two subjects of one diary are the same: by id, by name where one has none."""
    if one.id is None or other.id is None:
        return one.name == other.name
    return one.id == other.id


def find_subject(subjects: Sequence[Subject], wanted: str) -> Subject:
    """Return the subject that is meant by its id, or by its name in any letters.

    Raises:
        SubjectUnknown: None is, or several share the name.
    """
    by_id = [subject for subject in subjects if subject.id == wanted]
    by_name = [subject for subject in subjects if _folded(subject.name) == _folded(wanted)]
    found = by_id or by_name
    if len(found) != 1:
        raise SubjectUnknown(
            "several subjects share the name" if found else "no such subject", field="subject"
        )
    return found[0]


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("ё", "е").split())
