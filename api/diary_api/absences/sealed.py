"""What the outbox keeps of a notice under seal: what was told, and the diary's receipts."""

from __future__ import annotations

from collections.abc import Sequence

from diary_api.absences.schemas import Told
from diary_api.storage import KeyRing
from diary_api.storage.tables import AbsenceNoticeRow


def seal_told(ring: KeyRing, row_id: str, told: Told) -> bytes:
    """Return what was told, sealed for its row."""
    return ring.seal(told.model_dump_json().encode(), place=_place("body", row_id))


def told_of(ring: KeyRing, row: AbsenceNoticeRow) -> Told:
    """Return what was told."""
    return Told.model_validate_json(ring.open(row.body_sealed, place=_place("body", row.id)))


def seal_receipts(ring: KeyRing, row_id: str, receipts: Sequence[str]) -> bytes:
    """Return the diary's numbers of a notice, sealed for its row."""
    return ring.seal(" ".join(receipts).encode(), place=_place("receipts", row_id))


def receipts_of(ring: KeyRing, row: AbsenceNoticeRow) -> tuple[str, ...]:
    """Return the diary's numbers of a notice; none before the diary has it."""
    if row.receipts_sealed is None:
        return ()
    return tuple(ring.open(row.receipts_sealed, place=_place("receipts", row.id)).decode().split())


def _place(column: str, row_id: str) -> str:
    return f"absence_notices.{column}:{row_id}"
