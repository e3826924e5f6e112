"""The key ring file is made once, read only by its owner, and never replaced by accident."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from diary_api.storage.key_file import add_key, drop_old_keys, load, load_or_create, read_ring, turn
from diary_core.errors import Misconfigured

NOW = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "diary.keys"


def test_the_first_start_makes_it(path: Path) -> None:
    """It is made for its owner only and read back the same."""
    made = load_or_create(path, NOW)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load(path) == load_or_create(path, NOW) == made


def test_several_processes_start_at_once(path: Path) -> None:
    """All of them end up with one ring, and no draft is left behind."""
    with ThreadPoolExecutor(8) as pool:
        starts = [pool.submit(load_or_create, path, NOW) for _ in range(8)]
    rings = [start.result() for start in starts]
    assert [ring for ring in rings if ring != rings[0]] == []
    assert list(path.parent.iterdir()) == [path]


def test_a_new_key_goes_to_the_front(path: Path) -> None:
    """Turning makes a key that seals; dropping the old ones leaves it alone; hashes stay the same."""
    first = load_or_create(path, NOW)
    turned = turn(path, NOW.replace(hour=1))
    assert turned.keys[1:] == first.keys
    assert turned.ring().newest == turned.keys[0].id
    assert turn(path, NOW.replace(hour=2)) == turned
    assert drop_old_keys(path, sealing=turned.keys[0].id).keys == turned.keys[:1]
    assert load(path).index_key == first.index_key
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_that_seals_is_not_dropped_for_another(path: Path) -> None:
    """Whoever has sealed everything with one key does not throw it away when another is in front by now."""
    first = load_or_create(path, NOW)
    turned = turn(path, NOW.replace(hour=1))
    with pytest.raises(Misconfigured):
        drop_old_keys(path, sealing=first.keys[0].id)
    assert load(path) == turned


def test_keys_added_at_once_are_all_there(path: Path) -> None:
    """Nobody overwrites what another has just written; no draft is left behind."""
    load_or_create(path, NOW)
    with ThreadPoolExecutor(8) as pool:
        added = [pool.submit(add_key, path, NOW) for _ in range(8)]
    assert [one.result() for one in added] != []
    assert len(load(path).keys) == 9
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("text", ["", "{}", "nonsense", '{"index_key": "AAAA", "keys": []}', "\x00"])
def test_a_damaged_file_is_refused_without_showing_it(path: Path, text: str) -> None:
    """Damage is `misconfigured`, and the message holds nothing of the file."""
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(Misconfigured) as caught:
        load(path)
    assert "AAAA" not in str(caught.value)
    assert "''" not in str(caught.value)


def test_a_file_others_can_read_is_refused(path: Path) -> None:
    """The gateway does not start on a key that others may have copied."""
    load_or_create(path, NOW)
    path.chmod(0o640)
    with pytest.raises(Misconfigured, match="chmod 600"):
        load(path)


def test_a_missing_folder_is_said_plainly(tmp_path: Path) -> None:
    """A path that cannot be written is `misconfigured`."""
    with pytest.raises(Misconfigured):
        load_or_create(tmp_path / "nowhere" / "diary.keys", NOW)


def test_the_ring_may_come_by_environment(path: Path) -> None:
    """The content of a file is the content of the setting `DIARY_KEYS`."""
    made = load_or_create(path, NOW)
    assert read_ring(path.read_text()) == made
