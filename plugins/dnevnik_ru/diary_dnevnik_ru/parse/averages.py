"""Averages: both calls answer for the whole class, and only the child's own rows are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from diary_core.model import DiaryAverage
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.enrolment_id import Seat
from diary_dnevnik_ru.parse.tables import Tables


def plain_averages(rows: Sequence[wire.PupilAverages], seat: Seat) -> Mapping[str, Decimal | None]:
    """Return the child's plain averages by id of the subject."""
    own = (row for row in rows if row.person == seat.person)
    return {one.subject: one.value for row in own for one in row.averages}


def weighted_averages(found: wire.WeightedAverages, seat: Seat) -> Mapping[str, Decimal | None]:
    """Return the child's weighted averages by id of the subject."""
    return {
        line.subject: one.value for line in found.subjects for one in line.pupils if one.person == seat.person
    }


def averages(
    found: Mapping[str, Decimal | None], names: Mapping[str, str], term_id: str
) -> tuple[DiaryAverage, ...]:
    """Return averages by name of the subject; from where the school rounds up is told nowhere."""
    tables = Tables(names=names)
    return tuple(
        _sorted(
            DiaryAverage(
                subject=tables.subject(subject_id),
                term_id=term_id,
                value=value if value and value > 0 else None,
                rounds_up_from=None,
            )
            for subject_id, value in found.items()
        )
    )


def _sorted(found: Iterable[DiaryAverage]) -> Sequence[DiaryAverage]:
    return sorted(found, key=lambda average: (average.subject.name, average.subject.id or ""))
