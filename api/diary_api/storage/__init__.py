"""Where the gateway keeps what must last."""

from __future__ import annotations

from diary_api.storage.database import Storage, open_storage
from diary_api.storage.event_row import AccountEventRow
from diary_api.storage.sealing import KeyRing

__all__ = ["AccountEventRow", "KeyRing", "Storage", "open_storage"]
