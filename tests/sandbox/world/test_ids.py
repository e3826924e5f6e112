"""Ids say what they belong to, and never collide."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from diary_sandbox.world import ids

_CLASSES = st.integers(108, 20_095)
_DAYS = st.integers(0, 365)
_SLOTS = st.integers(0, 19)


@given(_CLASSES, _DAYS, _SLOTS, st.integers(0, 3), st.integers(0, 7))
def test_lesson_and_task_ids_read_back(class_id: int, day: int, slot: int, group: int, ordinal: int) -> None:
    """What is packed into the id of a lesson or task is read from it again."""
    key = ids.LessonKey(class_id, day, slot, group)
    number = ids.lesson_id(key)
    assert ids.lesson_key(number) == key
    assert ids.task_key(ids.task_id(number, ordinal)) == (number, ordinal)


@given(st.integers(0, 1_000_000), _DAYS, _SLOTS, st.integers(0, 9))
def test_cell_ids_read_back(child_id: int, day: int, slot: int, ordinal: int) -> None:
    """What is packed into the id of a mark is read from it again."""
    key = ids.CellKey(child_id, day, slot, ordinal)
    assert ids.cell_key(ids.cell_id(key)) == key


@given(st.integers(1, 2_500_000))
def test_snils_has_right_check_digits_and_reads_back(number: int) -> None:
    """Every СНИЛС is formally right, is of the range never given out, and belongs to one person."""
    snils = ids.snils(number)
    digits = [int(letter) for letter in snils if letter.isdigit()]
    control = (
        sum(digit * weight for digit, weight in zip(digits[:9], range(9, 0, -1), strict=True)) % 101 % 100
    )
    assert control == digits[9] * 10 + digits[10]
    assert snils.startswith("9")
    assert ids.number_of_snils(snils.replace("-", "")) == number


@given(st.integers(1, 4_000_000), st.integers(0, 10**9))
def test_uuids_are_version_four_and_read_back(number: int, seed: int) -> None:
    """A person id looks like any other UUID and says which number it may belong to."""
    uuid = ids.uuid(seed, number)
    assert (len(uuid), uuid[14], uuid[19]) == (36, "4", "8")
    assert ids.number_of(uuid) == number


@given(st.text(max_size=60))
def test_strange_person_ids_are_nobodys(text: str) -> None:
    """A stranger's text is a number or nothing, never an error."""
    assert ids.number_of(text) is None or len(text) == 36
    assert ids.number_of_snils(text) is None or sum(letter.isdigit() for letter in text) == 11
