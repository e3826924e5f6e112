"""Upstream text comes out clean, whatever came in."""

from __future__ import annotations

import time
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from diary_core.text import (
    clean,
    clean_or_none,
    decimal,
    filler,
    headline,
    look_alikes,
    one_dash,
    tidy,
    web_page,
)

dirt = st.text(
    st.characters(exclude_categories=()) | st.sampled_from("\u200b\xa0\n\r\t\u202e\u0301\u3164<>&;# аa")
) | (
    st.lists(
        st.sampled_from(["<p>", "</p>", "<br>", "&lt;", "&amp;", "\ud800", "é", "\u0301", " \n", "к"])
    ).map("".join)
)


@pytest.mark.parametrize(
    ("dirty", "text"),
    [
        ("Упр.\xa05,\u2003стр.\u202f6 \t", "Упр. 5, стр. 6"),
        ("\ufeffсло\u00adво\u200b \u202eзадом\u202c", "слово задом"),
        ("и\u0306", "й"),
        ("раз \r\n два\u2028три\x0b", "раз\nдва\nтри"),
        ("раз\n\n \n\nдва", "раз\n\nдва"),
        ("о\x00т\x1bвет\ud800", "ответ"),
        (" \u3164\u2800", ""),
    ],
)
def test_tidy_drops_what_the_eye_does_not_see(dirty: str, text: str) -> None:
    """Odd spaces, invisible characters, line ends and Unicode forms are made one."""
    assert tidy(dirty) == text


@given(dirt, st.integers(1, 30))
@example("a" + "\u0300\u0316" * 40, 30)
def test_tidy_twice_changes_nothing(text: str, limit: int) -> None:
    """Tidied text is NFC, trimmed, within its limit, without invisible characters, and stays so."""
    tidied = tidy(text, limit=limit)
    assert tidy(tidied, limit=limit) == tidied
    assert unicodedata.is_normalized("NFC", tidied)
    assert tidied == tidied.strip()
    assert len(tidied) <= limit
    assert [
        char for char in tidied if char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl"}
    ] == []


@given(st.text(st.sampled_from("azАЯёЁ «»№…—!~ -"), max_size=12))
def test_one_unseen_character_changes_nothing(text: str) -> None:
    """A text that is tidy already is told like any other."""
    assert tidy(text) == tidy(f"{text}\u200b")


@given(dirt)
def test_clean_is_tidy(text: str) -> None:
    """Whatever the markup, the result is tidy; without markup left in it, cleaning again changes nothing."""
    cleaned = clean(text)
    assert tidy(cleaned) == cleaned
    assert clean(cleaned) == cleaned or {"<", "&"} & set(cleaned)


def test_clean_reads_markup() -> None:
    """Homework with markup comes out as a person would type it."""
    homework = "<p>Упр.&nbsp;5&#8203;</p>\n<p>&nbsp;</p><div> Стр. 6<br/>устно </div>"
    assert clean(homework) == "Упр. 5\nСтр. 6\nустно"


@pytest.mark.parametrize(
    ("limit", "text"), [(11, "один два"), (8, "один два"), (7, "один д…"), (6, "один…"), (1, "…")]
)
def test_a_cut_text_says_so(limit: int, text: str) -> None:
    """A text over the limit ends in an ellipsis that counts towards the limit; others are whole."""
    assert tidy("один два", limit=limit) == text


def test_a_limit_below_one_is_refused() -> None:
    """There is no room for the ellipsis."""
    with pytest.raises(ValueError, match="at least 1"):
        tidy("", limit=0)


def test_a_pile_of_marks_takes_no_time() -> None:
    """Combining marks heaped upon one letter do not hold the process."""
    started = time.perf_counter()
    assert len(tidy("a" + "\u0300\u0316" * 100_000)) < 40
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("text", [None, "", " \n", "<p>&nbsp;</p>", "\u200b"])
def test_nothing_left_is_none(text: str | None) -> None:
    """Null, blank and empty markup are one and the same nothing."""
    assert clean_or_none(text) is None


def test_something_left_is_text() -> None:
    """A filler is still a text; only the homework parser asks about fillers."""
    assert clean_or_none(" <b>-</b> ") == "-"


blanks = [None, "", " ", "-", "—", "−", ".", "...", "_", "<p>-</p>", "&nbsp;"]
words = ["нет", "Нет.", "НЕТ!", "не задано", "Не задано", "«Не  задано»", "Не зaдано", "б/з", "Б. З."]
sentences = ["д/з нет", "Д/з: не задано", "без задания", "Домашнего задания нет."]


@pytest.mark.parametrize("text", [*blanks, *words, *sentences])
def test_fillers_are_told(text: str | None) -> None:
    """Blank, punctuation and the words for "none" are fillers, in any case, spacing and look-alikes."""
    assert filler(text)


@pytest.mark.parametrize(
    "text", ["п. 5", "нет времени на раскачку, упр. 7", "5", "+", "a", "не задано: упр. 5", "😀"]
)
def test_homework_is_no_filler(text: str) -> None:
    """A text that says anything is kept."""
    assert not filler(text)


@pytest.mark.parametrize(
    ("text", "likened"),
    [("Cмирнoва", "Смирнова"), ("АлЁна", "АлЁна"), ("Алëна", "Алёна"), ("HАTАШA-Anna", "НАТАША-Anna")],
)
def test_look_alikes_become_cyrillic(text: str, likened: str) -> None:
    """Latin twins are replaced in words with Cyrillic letters, and the flag says so."""
    assert look_alikes(text) == (likened, text != likened)


@pytest.mark.parametrize("text", ["Anna", "HTML", "5A", "", "Present Perfect, с. 5"])
def test_words_without_cyrillic_letters_stay(text: str) -> None:
    """English words, class letters and the like are left alone."""
    assert look_alikes(text) == (text, False)


@given(st.text(st.sampled_from("ABCËoxyАВСё -5б")))
def test_look_alikes_twice_change_nothing(text: str) -> None:
    """The replaced text needs no replacing, and keeps its length."""
    likened = look_alikes(text)
    assert look_alikes(likened.text) == (likened.text, False)
    assert len(likened.text) == len(text)


def test_every_dash_is_one() -> None:
    """Hyphens, dashes and the minus sign become the plain hyphen-minus."""
    assert one_dash("-‐‑‒–—―−﹣－") == "-" * 10


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("4.40", "4.40"),
        ("4,40", "4.40"),
        (" 4,4\u200b", "4.4"),
        ("5", "5"),
        ("−120,50", "-120.50"),
        (4.4, "4.4"),
        (4.0, "4.0"),
        (1e-7, "1E-7"),
        (5, "5"),
        (0, "0"),
        (Decimal("4.40"), "4.40"),
    ],
)
def test_numbers_are_read_exactly(value: str | float | Decimal, number: str) -> None:
    """Texts with a dot or a comma, and JSON numbers, become the same decimal, zeros kept."""
    assert str(decimal(value)) == number


no_numbers: list[str | float | Decimal | None] = [
    *(
        None,
        "",
        " ",
        "-",
        "5-",
        "4+",
        "3/5",
        "н/а",
        "NaN",
        "Infinity",
        "1e5",
        "٣",
        "4.",
        ",5",
        "1,2,3",
        "4 5",
    ),
    *("1_0", "9" * 29, 10**28, 1e300, float("nan"), float("inf"), True, False),
    *map(Decimal, ("NaN", "sNaN", "-Infinity", "1E+999999")),
]


@pytest.mark.parametrize("value", no_numbers)
def test_what_is_no_number_is_none(value: str | float | Decimal | None) -> None:
    """Marks, words, specials and absurd sizes are no numbers."""
    assert decimal(value) is None


def test_an_endless_number_is_none() -> None:
    """A number that Python itself refuses to print does not raise."""
    assert decimal(10**5000) is None
    assert decimal("9" * 100_000) is None


@given(st.text() | st.integers() | st.floats() | st.decimals() | st.none() | st.booleans())
def test_a_number_is_finite(value: str | float | Decimal | None) -> None:
    """Whatever comes in, what comes out is None or an ordinary number that equals it."""
    number = decimal(value)
    assert number is None or number.is_finite()
    if number is not None and isinstance(value, float):
        assert float(number) == value


@given(st.decimals(-1000, 1000, places=2))
def test_written_numbers_come_back(number: Decimal) -> None:
    """A number written with a dot or a comma is read as itself."""
    assert decimal(str(number)) == number
    assert decimal(str(number).replace(".", ",")) == number


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.test/event/1?day=2", True),
        (" http://example.test ", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.test/x", False),
        ("/event/1", False),
        ("https://", False),
        ("https://user:word@example.test/", False),
        ("https://example.test/a b", False),
        ("https://example.test/\u202e", False),
        ("https://[::1", False),
        ("https://example.test/" + "x" * 3000, False),
        ("", False),
        (None, False),
    ],
)
def test_only_a_page_of_the_web_is_an_address(address: str | None, kept: bool) -> None:
    """No script, no login, nothing the eye does not see."""
    assert web_page(address) == ((address or "").strip() if kept else None)


def test_a_headline_is_the_first_line_cut_short() -> None:
    """Without its markup; empty when there are no words."""
    assert headline("<p>Сбор</p><p>в пять</p>") == "Сбор"
    assert headline(None) == headline(" <br> ") == ""
    assert len(headline("слово " * 100)) <= 120
