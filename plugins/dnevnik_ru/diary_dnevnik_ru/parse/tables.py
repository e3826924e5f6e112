"""The tables an answer is split into, for joining by id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from diary_core.model import NOT_LOADED, Maybe, Reason, Subject, Teacher, Unavailable
from diary_core.text import tidy
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.enrolment_id import Seat

NAMELESS: Final = "—"
"""Shown where the diary names a thing by id only: a name is never made up."""
DANGLING: Final = Unavailable(reason=Reason.UPSTREAM_ERROR)
"""The answer points at something it does not bring."""


class Whose(NamedTuple):
    """Whose diary is read, and by which clock."""

    seat: Seat
    """What speaks of another person is dropped, whatever call brought it."""
    zone: ZoneInfo
    """The school's."""


def named(name: str | None) -> str:
    """Return a tidy name, or a dash."""
    return tidy(name or "") or NAMELESS


def names_of(subjects: Iterable[wire.Subject]) -> dict[str, str]:
    """Return the names of subjects by id, those without a name left out."""
    found = {subject.id: tidy(subject.name or "") for subject in subjects}
    return {subject_id: name for subject_id, name in found.items() if name}


@dataclass(frozen=True)
class Tables:
    """What lessons, marks and homework refer to."""

    names: Mapping[str, str]
    """Of subjects."""
    works: Mapping[str, wire.Work] = field(default_factory=dict[str, wire.Work])
    work_types: Mapping[str, wire.WorkType] = field(default_factory=dict[str, wire.WorkType])
    """As they came inside the answer."""
    teachers: Mapping[str, Teacher] | None = None
    """By person id; None where the answer names nobody."""

    def subject(self, subject_id: str | None) -> Subject:
        """Return a subject; one that stands in no table keeps its id."""
        return Subject(id=subject_id, name=self.names.get(subject_id or "", NAMELESS))

    def teacher(self, work: wire.Work | None) -> Maybe[Teacher | None]:
        """Return who gave a work, which is who gives its marks: that is our reading of `createdBy`."""
        if self.teachers is None or work is None:
            return NOT_LOADED
        return None if work.created_by is None else self.teachers.get(work.created_by, DANGLING)

    def important(self, work: wire.Work) -> bool | None:
        """Tell whether a work is a control work; None when neither it nor its kind says so."""
        kind = self.work_types.get(work.work_type or "")
        said = (work.is_important, kind.is_important if kind else None)
        return True if True in said else False if False in said else None
