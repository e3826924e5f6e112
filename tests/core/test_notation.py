"""A written mark is read as it is written, and what cannot be read is only shown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diary_core.model import Mark, MarkScale, Subject
from diary_core.notation import read_mark


@pytest.mark.parametrize(
    ("display", "value", "modifier"),
    [
        ("5", "5", None),
        (" 5 ", "5", None),
        ("10", "10", None),
        ("100", "100", None),
        ("0", "0", None),
        ("4.5", "4.5", None),
        ("4,5", "4.5", None),
        ("4,50", "4.50", None),
        ("4-", "4", "-"),
        ("4 -", "4", "-"),
        ("4−", "4", "-"),
        ("4–", "4", "-"),
        ("4—", "4", "-"),
        ("5+", "5", "+"),
    ],
)
def test_numbers(display: str, value: str, modifier: str | None) -> None:
    """With their sign apart, and every zero kept."""
    read = read_mark(display)
    assert (str(read.value), read.modifier, read.parts, read.status) == (value, modifier, (), "graded")


@pytest.mark.parametrize(
    ("display", "halves"),
    [
        ("3/5", [("3", 3), ("5", 5)]),
        ("4- / 5", [("4-", 4), ("5", 5)]),
        ("5/4/3", [("5", 5), ("4", 4), ("3", 3)]),
    ],
)
def test_split_marks(display: str, halves: list[tuple[str, int]]) -> None:
    """Each half as written, in order, and no value of the whole."""
    read = read_mark(display)
    assert [(part.display, part.value) for part in read.parts] == halves
    assert (read.value, read.modifier, read.status) == (None, None, "graded")


@pytest.mark.parametrize(
    ("display", "status"),
    [
        ("Н", "absent"),
        ("н", "absent"),
        ("нб", "absent"),
        ("Б", "absent"),
        ("н/а", "not_submitted"),
        ("Н/А", "not_submitted"),
        ("зач", "passed"),
        ("Зач.", "passed"),
        ("Зачёт", "passed"),
        ("незачет", "failed"),
        ("н/з", "failed"),
        ("осв", "exempt"),
        ("осв.", "exempt"),
    ],
)
def test_words(display: str, status: str) -> None:
    """In any case, with or without a full stop, with ё or е."""
    read = read_mark(display)
    assert (read.status, read.value, read.parts) == (status, None, ())


@pytest.mark.parametrize(
    "display",
    [
        "",
        " ",
        "-",
        "+",
        "УДВ",
        "См",
        "A",
        "H",
        "5/",
        "/5",
        "4/н",
        "5++",
        "--5",
        "-5",
        "5.",
        "4.555",
        "1000",
        "٥",
        "²",
        "5 5",
        "NaN",
    ],
)
def test_the_rest_is_only_shown(display: str) -> None:
    """No number is taken out of what is not plainly one; a Latin letter is no Russian word."""
    assert read_mark(display) == (None, None, (), "info")


@given(st.text() | st.text(alphabet="0123456789+-−/.,нназчосв ", max_size=8))
def test_nothing_raises_and_nothing_is_invented(display: str) -> None:
    """Whatever is written: a number stands there digit by digit, and a mark can be made of what was read."""
    read = read_mark(display)
    numbers = [part.value for part in read.parts] if read.parts else [read.value]
    for number in numbers:
        assert number is None or str(number) in display.replace(",", ".")
    assert (read.status == "graded") == (numbers != [None])
    assert read.modifier is None or read.value is not None
    if display.strip():
        Mark(
            id="m",
            subject=Subject(id=None, name="Алгебра"),
            date="2026-09-16",  # type: ignore[arg-type]  a plain day in writing
            display=display,
            value=read.value,
            modifier=read.modifier,
            parts=read.parts,
            status=read.status,
            scale=MarkScale(kind="five"),
            counts=read.status == "graded",
        )


@given(st.decimals(min_value=0, max_value=999, places=2))
def test_every_number_is_read_exactly(number: Decimal) -> None:
    """As a decimal, never through a float."""
    assert read_mark(str(number)).value == number
    assert read_mark(str(number).replace(".", ",")).value == number
