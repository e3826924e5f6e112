"""Sealed values open with the right key in the right place, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary_api.storage.sealing import KeyRing
from diary_core.errors import Misconfigured

OLD, NEW = b"\x01" * 32, b"\x02" * 32
RING = KeyRing(newest="00000001", keys={"00000001": OLD}, index_key=b"\x03" * 32)
TURNED = KeyRing(newest="00000002", keys={"00000002": NEW, "00000001": OLD}, index_key=b"\x03" * 32)


@given(st.binary(), st.text())
def test_what_was_sealed_opens(plain: bytes, place: str) -> None:
    """Any bytes in any place come back as they were, also after a new key was added."""
    sealed = RING.seal(plain, place=place)
    assert RING.open(sealed, place=place) == TURNED.open(sealed, place=place) == plain


@given(st.binary(min_size=1))
def test_what_was_sealed_cannot_be_read(plain: bytes) -> None:
    """Sealing one value twice gives different bytes, and neither shows the value."""
    plain = plain * 4
    first, second = (RING.seal(plain, place="here") for _ in range(2))
    assert first != second
    assert plain not in first


def test_a_moved_value_does_not_open() -> None:
    """A value copied to another row is refused."""
    sealed = RING.seal(b"secret", place="credentials:con_a")
    with pytest.raises(Misconfigured):
        RING.open(sealed, place="credentials:con_b")


@given(st.data())
def test_a_damaged_value_does_not_open(data: st.DataObject) -> None:
    """Any flipped bit or missing tail is refused by a typed error."""
    sealed = bytearray(RING.seal(b"some secret", place="here"))
    if data.draw(st.booleans()):
        sealed = sealed[: data.draw(st.integers(0, len(sealed) - 1))]
    else:
        sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Misconfigured):
        RING.open(bytes(sealed), place="here")


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    """Once the old key is gone, what only it sealed is lost and what the new one sealed is not."""
    old, new = RING.seal(b"x", place="here"), TURNED.seal(b"x", place="here")
    only_new = KeyRing(newest="00000002", keys={"00000002": NEW}, index_key=b"")
    assert only_new.open(new, place="here") == b"x"
    with pytest.raises(Misconfigured):
        only_new.open(old, place="here")


def test_keyed_hashes_do_not_run_together() -> None:
    """The parts of a hashed value keep their borders, and uses are kept apart."""
    hashes = [
        RING.index("a", "bc", "d"),
        RING.index("a", "b", "cd"),
        RING.index("ab", "c", "d"),
        RING.index("a", "bcd"),
    ]
    assert len(set(hashes)) == len(hashes)


def test_keys_are_never_printed() -> None:
    """The representation of a ring holds no key."""
    assert [key for key in (OLD, RING.index_key) if repr(key) in repr(RING)] == []
