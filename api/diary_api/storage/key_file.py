"""The file that holds the key ring: made on first start, readable by its owner only.

It is JSON: `{"index_key": "…", "keys": [{"id": "…", "key": "…", "made_at": "…"}]}`, the newest key first.
"""

from __future__ import annotations

import base64
import fcntl
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
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

    def with_keys(self, *keys: StoredKey) -> StoredRing:
        """Return the ring with other sealing keys."""
        return self.model_copy(update={"keys": keys})

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
        where = f"damaged at {path!r}" if path else "no JSON as `diary keys make` writes it"
        raise Misconfigured(f"the key ring is {where}", field="key_file") from None


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
    """Put a new key behind the sealing one: it only opens, until `turn` puts it in front."""
    with _alone(path):
        ring = load(path)
        return _replace(path, ring.with_keys(ring.keys[0], _new_key(now), *ring.keys[1:]))


def turn(path: Path, now: datetime) -> StoredRing:
    """Let the youngest key seal, made first where there is but one; the older ones go on opening.

    Repeated, it changes nothing until the older keys are dropped: a rotation that was cut off goes on.
    """
    with _alone(path):
        ring = load(path)
        if len(ring.keys) == 1:
            return _replace(path, ring.with_keys(_new_key(now), *ring.keys))
        youngest = max(ring.keys, key=lambda key: key.made_at)
        if youngest is ring.keys[0]:
            return ring
        return _replace(path, ring.with_keys(youngest, *(key for key in ring.keys if key is not youngest)))


def drop_old_keys(path: Path, *, sealing: str) -> StoredRing:
    """Leave only the sealing key in the file; everything must have been sealed anew with it before.

    Raises:
        Misconfigured: Another key seals by now.
    """
    with _alone(path):
        ring = load(path)
        if ring.keys[0].id != sealing:
            raise Misconfigured("another key was put in front meanwhile", field="key_file")
        return _replace(path, ring.with_keys(ring.keys[0]))


@contextmanager
def _alone(path: Path) -> Generator[None]:
    """Change a key file while nobody else does: of two keys made at once one would be lost.

    Raises:
        Misconfigured: The folder of the file is missing.
    """
    try:
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise Misconfigured(
            f"the folder of the key file {str(path)!r} cannot be read", field="key_file"
        ) from error
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _new_key(now: datetime) -> StoredKey:
    return StoredKey(id=os.urandom(KEY_ID_BYTES).hex(), key=os.urandom(KEY_BYTES), made_at=now)


def _replace(path: Path, ring: StoredRing) -> StoredRing:
    """Put a ring in the place of the old one, of the same owner: whoever reads it now must read it then."""
    owner, draft = path.stat(), _draft(path, ring)
    try:
        if (owner.st_uid, owner.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(draft, owner.st_uid, owner.st_gid)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise Misconfigured(f"the key file {str(path)!r} cannot be replaced", field="key_file") from error
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
