"""Where a child stands in the class: classmates are counted and averaged here, and then forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from diary_core.model import ClassStanding, Subject, Unavailable
from diary_mrko.parse.subjects import subject
from diary_mrko.wire.rating import PupilRank, Rank, SubjectRank

_PLACES: Final = Decimal("0.0001")

ClassRanks = Sequence[PupilRank] | Unavailable
"""Every pupil of the class, or why they did not come."""


def class_standings(
    person_id: str, in_all: ClassRanks, by_subject: Iterable[tuple[SubjectRank, ClassRanks]]
) -> tuple[ClassStanding, ...]:
    """Return the child's places: in all subjects together first, then in each by name.

    Args:
        person_id: The child's.
        in_all: The class in all subjects; without it that place is not known.
        by_subject: The child's own rank in each subject, and the class in it.

    Raises:
        RegionChanged: A subject has no name.
    """
    own = next((one.rank for one in _known(in_all) if _same(one.person_id, person_id)), None)
    each = [
        standing
        for item, pupils in by_subject
        for standing in _standing(
            subject(item.subject_id, item.subject_name, field="[].subjectName"), item.rank, pupils
        )
    ]
    each.sort(key=lambda one: one.subject.name if one.subject else "")
    return (*_standing(None, own, in_all), *each)


def _standing(of: Subject | None, own: Rank | None, pupils: ClassRanks) -> Iterator[ClassStanding]:
    """Yield one standing, or none when the child has no place yet."""
    if own is None or own.place is None or own.place < 1:
        return
    averages = [one.rank.average for one in _known(pupils) if one.rank and one.rank.average is not None]
    lost = pupils if isinstance(pupils, Unavailable) else None
    yield ClassStanding(
        subject=of,
        place=own.place,
        average=own.average,
        class_size=lost or len(averages),
        class_average=lost or _mean(averages),
    )


def _same(listed: str | None, person_id: str) -> bool:
    """Compare numbers of the register, which are written in letters of either case."""
    return listed is not None and listed.casefold() == person_id.casefold()


def _known(pupils: ClassRanks) -> Sequence[PupilRank]:
    return () if isinstance(pupils, Unavailable) else pupils


def _mean(averages: Sequence[Decimal]) -> Decimal | None:
    if not averages:
        return None
    return (sum(averages, Decimal(0)) / len(averages)).quantize(_PLACES, ROUND_HALF_UP)
