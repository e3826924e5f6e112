"""Notices in the log of the account whose child they are about, whoever has told them."""

from __future__ import annotations

from datetime import datetime

from diary_api.connections.family import Place
from diary_api.events.kinds import About, EventKind
from diary_api.events.writing import event
from diary_api.storage import KeyRing
from diary_api.storage.tables import AccountEventRow


def noted(ring: KeyRing, now: datetime, kind: EventKind, place: Place, notice_id: str) -> AccountEventRow:
    """Return the row of an event."""
    child = place.child
    return event(ring, now, child.connection.account_id, kind, About(child_id=child.id, notice_id=notice_id))
