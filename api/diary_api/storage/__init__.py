"""Where the gateway keeps what must last."""

from __future__ import annotations

from diary_api.storage.database import Storage, open_storage
from diary_api.storage.sealing import KeyRing

__all__ = ["KeyRing", "Storage", "open_storage"]
