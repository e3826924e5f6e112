"""The key ring of a running gateway: it follows its file, so that a new key needs no restart.

Every process that serves learns of a new key by itself: within a second of sealing with an older one,
and at once when it meets a value that another process has sealed with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog
from typing_extensions import override

from diary_api.logs import fault
from diary_api.settings import Settings
from diary_api.storage.database import holds_data
from diary_api.storage.key_file import StoredRing, load, load_or_create, read_ring
from diary_api.storage.sealing import KeyRing, key_id_of
from diary_core.errors import Misconfigured

log = structlog.stdlib.get_logger()

LOOK_EVERY_S = 1.0
"""How often, at most, whoever seals looks whether the file has changed."""

_Look = tuple[int, int, int]
"""What changes about a file when it is replaced: inode, time, size."""


def ring_of(settings: Settings, now: datetime) -> KeyRing:
    """Return the ring of a gateway about to run; its file is made first where there is no database yet.

    Keys that come by environment stay as they are: a process cannot be given another environment.

    Raises:
        Misconfigured: There is none for the database that is there, or it cannot be read.
    """
    if settings.keys is not None:
        return read_ring(settings.keys.get_secret_value()).ring()
    if not holds_data(settings.database_url):  # asked first: whoever makes the database makes its keys before
        load_or_create(settings.key_file, now)
    return WatchedRing(settings.key_file)


class WatchedRing(KeyRing):
    """The keys of a file as it is now, and those it had since the process began.

    Keys that were dropped from the file still open here: a value read a moment before must not fail.
    A file that cannot be read any more changes nothing, and is told in the log.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._clock = path, clock
        self._look = _look(path)  # before reading: a file replaced in between is read once more
        ring = load(path).ring()
        self._looked_at = clock()
        super().__init__(ring.newest, ring.keys, ring.index_key)

    @override
    def seal(self, plain: bytes, *, place: str) -> bytes:
        if self._clock() - self._looked_at >= LOOK_EVERY_S:
            self._follow()
        return super().seal(plain, place=place)

    @override
    def open(self, sealed: bytes, *, place: str) -> bytes:
        if key_id_of(sealed) not in self.keys:
            self._follow()
        return super().open(sealed, place=place)

    def _follow(self) -> None:
        self._looked_at = self._clock()
        look = _look(self._path)
        if look == self._look:
            return
        self._look = look
        try:
            ring = load(self._path)
            self._take(ring)
        except Misconfigured as error:
            log.error("the key file has changed and cannot be taken", **fault(error))  # noqa: TRY400  no traceback

    def _take(self, stored: StoredRing) -> None:
        ring = stored.ring()
        if ring.index_key != self.index_key:
            raise Misconfigured("the key ring has another index key than before", field="key_file")
        self.keys = {**self.keys, **ring.keys}  # before `newest`: what seals must be there
        self.newest = ring.newest
        log.info("the key ring was read again", sealing_with=ring.newest, keys=len(ring.keys))


def _look(path: Path) -> _Look | None:
    try:
        found = path.stat()
    except OSError:
        return None  # `load` says what is the matter with it
    return found.st_ino, found.st_mtime_ns, found.st_size
