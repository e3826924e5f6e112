"""A running gateway's key ring follows its file, and is lost by nothing that happens to it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from diary_api.storage.key_file import add_key, drop_old_keys, load, load_or_create, new_ring, turn
from diary_api.storage.watched_keys import LOOK_EVERY_S, WatchedRing
from diary_core.errors import Misconfigured

NOW = datetime(2026, 9, 1, tzinfo=UTC)


class Seconds:
    """A clock that stands until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "diary.keys"
    load_or_create(path, NOW)
    return path


def test_a_new_key_seals_within_a_second(path: Path) -> None:
    """Whoever seals looks at the file, but not each time."""
    seconds = Seconds()
    ring = WatchedRing(path, seconds)
    before = ring.newest
    after = turn(path, NOW).keys[0].id
    ring.seal(b"x", place="here")
    assert ring.newest == before
    seconds.now += LOOK_EVERY_S
    assert ring.open(ring.seal(b"x", place="here"), place="here") == b"x"
    assert ring.newest == after != before


def test_a_value_of_an_unknown_key_is_met(path: Path) -> None:
    """What another process has sealed with a newer key opens at once."""
    ring = WatchedRing(path, Seconds())
    sealed = turn(path, NOW).ring().seal(b"x", place="here")
    assert ring.open(sealed, place="here") == b"x"


def test_a_dropped_key_still_opens_here(path: Path) -> None:
    """A value that was read a moment before the older keys were thrown away is not lost."""
    ring = WatchedRing(path, Seconds())
    old = ring.seal(b"x", place="here")
    new = turn(path, NOW)
    ring.open(new.ring().seal(b"x", place="here"), place="here")
    drop_old_keys(path, sealing=new.keys[0].id)
    again = turn(path, NOW).ring().seal(b"y", place="here")
    assert (ring.open(again, place="here"), ring.open(old, place="here")) == (b"y", b"x")


def test_a_key_that_only_opens_does_not_seal(path: Path) -> None:
    """A key carried to every host first is put in front by `turn`."""
    ring = WatchedRing(path, seconds := Seconds())
    before, added = ring.newest, add_key(path, NOW.replace(hour=1)).keys[1].id
    seconds.now += LOOK_EVERY_S
    ring.seal(b"x", place="here")
    assert (ring.newest, added in ring.keys) == (before, True)
    assert turn(path, NOW).keys[0].id == added


def spoil(path: Path) -> None:
    path.write_text("{}")


def show_to_others(path: Path) -> None:
    path.chmod(0o644)


@pytest.mark.parametrize("harm", [Path.unlink, spoil, show_to_others])
def test_a_spoilt_file_changes_nothing(path: Path, harm: Callable[[Path], None], log: io.StringIO) -> None:
    """The gateway goes on with the keys it has, says so, and an unknown key is still an error."""
    ring = WatchedRing(path, seconds := Seconds())
    sealed = ring.seal(b"x", place="here")
    strange = new_ring(NOW).ring().seal(b"x", place="here")
    turn(path, NOW)
    harm(path)
    seconds.now += LOOK_EVERY_S
    assert ring.open(ring.seal(b"x", place="here"), place="here") == ring.open(sealed, place="here") == b"x"
    with pytest.raises(Misconfigured):
        ring.open(strange, place="here")
    assert log.getvalue().count("cannot be taken") == 1


def test_another_gateways_ring_is_not_taken(path: Path) -> None:
    """A ring with another index key would find nothing that is stored by its hash."""
    ring = WatchedRing(path, seconds := Seconds())
    before = ring.newest
    path.unlink()
    load_or_create(path, NOW)
    seconds.now += LOOK_EVERY_S
    ring.seal(b"x", place="here")
    assert ring.newest == before != load(path).keys[0].id
