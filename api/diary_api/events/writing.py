"""Writing down what happens to an account."""

from __future__ import annotations

from datetime import datetime

from diary_api.events.kinds import About, EventKind
from diary_api.ids import new_id
from diary_api.storage import KeyRing
from diary_api.storage.tables import AccountEventRow

NOTHING = About()


def event(
    ring: KeyRing, now: datetime, account_id: str, kind: EventKind, about: About = NOTHING
) -> AccountEventRow:
    """Return the row of an event, to be added in the transaction of the deed: neither is there alone."""
    row_id = new_id("evt")
    plain = about.model_dump_json(exclude_none=True).encode()
    return AccountEventRow(
        id=row_id,
        account_id=account_id,
        kind=kind,
        at=now,
        about_sealed=ring.seal(plain, place=_place(row_id)),
        hour=None,
        count=1,
        last_at=now,
    )


def about_of(ring: KeyRing, row: AccountEventRow) -> About:
    """Return what an event is about."""
    return About.model_validate_json(ring.open(row.about_sealed, place=_place(row.id)))


def _place(row_id: str) -> str:
    return f"account_events.about:{row_id}"
