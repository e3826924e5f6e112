"""The file that holds the key ring: made on first start, readable by its owner only.

It is JSON: `{"index_key": "…", "keys": [{"id": "…", "key": "…", "made_at": "…"}]}`, the newest key first.
"""

from __future__ import annotations

import base64
import os
import stat
from datetime import datetime
from pathlib import Path
from typing import Annotated

import structlog
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from diary_api.storage.sealing import KEY_BYTES, KEY_ID_BYTES, KeyRing
from diary_core.errors import Misconfigured
from diary_core.model import Moment

log = structlog.stdlib.get_logger()


def _decoded(value: object) -> object:
    return base64.b64decode(value, validate=True) if isinstance(value, str) else value


KeyBytes = Annotated[
    bytes,
    BeforeValidator(_decoded),
    PlainSerializer(lambda key: base64.b64encode(key).decode(), return_type=str),
    Field(min_length=KEY_BYTES, max_length=KEY_BYTES, repr=False),
]


class StoredKey(BaseModel):
    """One sealing key."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    id: str = Field(pattern=rf"^[0-9a-f]{{{KEY_ID_BYTES * 2}}}$")
    key: KeyBytes
    made_at: Moment


class StoredRing(BaseModel):
    """The content of a key ring file."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    index_key: KeyBytes
    keys: tuple[StoredKey, ...] = Field(min_length=1)
    """Newest first."""

    def ring(self) -> KeyRing:
        """Return the keys in the form that seals."""
        return KeyRing(
            newest=self.keys[0].id, keys={key.id: key.key for key in self.keys}, index_key=self.index_key
        )


def new_ring(now: datetime) -> StoredRing:
    """Make a ring with one key."""
    return StoredRing(index_key=os.urandom(KEY_BYTES), keys=(_new_key(now),))


def read_ring(text: str) -> StoredRing:
    """Read the content of a key ring file.

    Raises:
        Misconfigured: It is not one; the message holds nothing of it.
    """
    try:
        return StoredRing.model_validate_json(text)
    except ValidationError as error:
        path = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        raise Misconfigured(f"the key ring is damaged at {path!r}", field="key_file") from None


def load(path: Path) -> StoredRing:
    """Read a key ring file.

    Raises:
        Misconfigured: It is missing, damaged, or others may read it.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text(encoding="ascii")
    except FileNotFoundError as error:
        remedy = "`diary keys make` makes it, DIARY_KEY_FILE names another"
        raise Misconfigured(f"there is no key file {str(path)!r}; {remedy}", field="key_file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"the key file {str(path)!r} cannot be read", field="key_file") from error
    if os.name == "posix" and mode & 0o077:
        raise Misconfigured(f"others may read the key file {str(path)!r}: chmod 600", field="key_file")
    return read_ring(text)


def load_or_create(path: Path, now: datetime) -> StoredRing:
    """Read the key ring file, making it first when there is none; several processes may start at once."""
    if not path.exists():
        draft = _draft(path, new_ring(now))
        try:
            os.link(draft, path)
            log.info("key ring made: keep a copy of it apart from the database", key_file=str(path))
        except FileExistsError:
            log.debug("another process has made the key ring first", key_file=str(path))
        finally:
            draft.unlink()
    return load(path)


def add_key(path: Path, now: datetime) -> StoredRing:
    """Put a new sealing key at the front of the file; the older ones go on opening what they sealed."""
    ring = load(path)
    return _replace(path, ring.model_copy(update={"keys": (_new_key(now), *ring.keys)}))


def drop_old_keys(path: Path) -> StoredRing:
    """Leave only the newest key in the file; everything must have been sealed anew before."""
    ring = load(path)
    return _replace(path, ring.model_copy(update={"keys": ring.keys[:1]}))


def _new_key(now: datetime) -> StoredKey:
    return StoredKey(id=os.urandom(KEY_ID_BYTES).hex(), key=os.urandom(KEY_BYTES), made_at=now)


def _replace(path: Path, ring: StoredRing) -> StoredRing:
    _draft(path, ring).replace(path)
    return ring


def _draft(path: Path, ring: StoredRing) -> Path:
    """Write the ring beside its place, whole and on disk, before it takes it."""
    draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Misconfigured(f"the key file {str(path)!r} cannot be made", field="key_file") from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(ring.model_dump_json(indent=2))
        file.flush()
        os.fsync(handle)
    return draft
