"""Cleans what upstreams send as text: invisible characters, fillers, look-alike letters, written numbers.

Two doors for a text: `clean` for what may hold markup, such as homework and news; `tidy` for plain words,
such as a subject or a name. Both give plain text, which is not safe HTML: whoever prints it escapes it.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from diary_core import markup

__all__ = [
    "LIMIT",
    "Likened",
    "clean",
    "clean_or_none",
    "decimal",
    "filler",
    "headline",
    "look_alikes",
    "one_dash",
    "tidy",
    "web_page",
]

LIMIT: Final = 20_000
"""Characters kept of one text when the caller names no limit: ten pages."""


def clean(text: str, *, limit: int = LIMIT) -> str:
    """Return a text that may hold HTML as plain, tidy text.

    Block elements and `br` end a line, a link to the web keeps its address in brackets, `sup` becomes `^`.
    What only resembles markup stays as written: `a < b`, `#include <iostream>`, `?a=1&section=2`.
    References are decoded once, so `&lt;b&gt;` is shown as the tag that the teacher wrote about.

    Args:
        text: As the upstream sent it.
        limit: As for `tidy`.

    Raises:
        ValueError: `limit` is below 1.
    """
    return tidy(markup.plain(text), limit=limit)


def clean_or_none(text: str | None, *, limit: int = LIMIT) -> str | None:
    """Return `clean(text)`, or None when nothing is left of it: upstreams use "" and null alike."""
    return clean(text or "", limit=limit) or None


def tidy(text: str, *, limit: int = LIMIT) -> str:
    """Return plain text without what the eye does not see; tidying twice changes nothing.

    NFC; zero-width, bidi, control and lone surrogate characters dropped; any run of spaces, odd ones
    included, made one space; lines trimmed and ended by a line feed; never two blank lines in a row.

    Args:
        text: Plain text; markup in it stays as it is.
        limit: Greatest length of the result, in characters, at least 1; a text cut to it ends in `…`.

    Raises:
        ValueError: `limit` is below 1.
    """
    if limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit!r}")
    tidied = text if _TIDY.fullmatch(text) else _tidied(text)
    return tidied if len(tidied) <= limit else tidied[: limit - 1].rstrip() + "…"


def filler(text: str | None) -> bool:
    """Tell that a homework text stands for "none": blank, only punctuation, or words like «не задано».

    Source:
        mrko sends the literal «Не задано»; Дневник.ру sends blanks, "-", "." and «нет».
        The other words of `_FILLERS` are our choice: what teachers write for the same thing.
    """
    letters = "".join(char for char in one_dash(clean(text or "")) if not _is_punctuation(char))
    return not letters or look_alikes(letters.casefold()).text in _FILLERS


class Likened(NamedTuple):
    """A text for comparison, and whether any letter of it had to be replaced."""

    text: str
    replaced: bool


def look_alikes(text: str) -> Likened:
    """Replace Latin letters by the Cyrillic ones they look like, in words that hold Cyrillic letters.

    For comparison only, never for show. A word all in Latin is left alone: it may be English.
    """
    likened = _WORD.sub(_likened_word, text)
    return Likened(likened, replaced=likened != text)


def headline(text: str | None) -> str:
    """Return the first line of a text, cut to the length of a title; empty when there is no text."""
    return clean(text or "").partition("\n")[0][:_HEADLINE].strip()


def web_page(address: str | None) -> str | None:
    """Return the address of a page of the web; None for anything else, as a script or one with a login."""
    text = (address or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    plain = text.isprintable() and " " not in text and len(text) <= _ADDRESS
    safe = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    return text if plain and safe else None


def one_dash(text: str) -> str:
    """Write every dash, hyphen and minus as `-`: the marks `4−` and `4-` are one."""
    return text.translate(_DASHES)


def decimal(value: str | float | Decimal | None) -> Decimal | None:
    """Return the number that an upstream sent as text or number, its zeros kept: `"4,40"` is `4.40`.

    Returns:
        None when it is no number: null, blank, words, a mark such as `5-`, an exponent in a text, a boolean,
        infinity, or more than 28 digits. Never NaN.

    Source:
        mrko sends averages as "4.40", 4.4 or null; Дневник.ру sends "4,33" and "5".
    """
    match value:
        case bool() | None:
            return None
        case str():
            text = one_dash(tidy(value))
        case int():
            text = str(value) if abs(value) < 10**_DIGITS else ""
        case float() | Decimal():
            exact = Decimal(repr(value)) if isinstance(value, float) else value
            text = f"{exact:f}" if exact.is_finite() and abs(exact.adjusted()) < _DIGITS else ""
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


_HEADLINE: Final = 120
_ADDRESS: Final = 2000
_DIGITS: Final = 28
_NUMBER: Final = re.compile(rf"-?(?=[0-9.,]{{1,{_DIGITS}}}\Z)[0-9]+(?:[.,][0-9]+)?")
_SEEN: Final = "[!-~А-яЁё«»–—…№]+"
_TIDY: Final = re.compile(f"{_SEEN}(?: {_SEEN})*")
"""What nearly every text of a diary is: tidy already."""
_BLANK_LINES: Final = re.compile(r"\n{3,}")
_MARK_PILE: Final = re.compile(r"[^\w\s\x00-\x7f]{31,}")
"""Where more than 30 combining marks may sit on one letter: NFC takes quadratic time over such a pile."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_TO_CYRILLIC: Final = str.maketrans("ABCEHKMOPTXYËabcehkmoptxyë", "АВСЕНКМОРТХУЁавсенкмортхуё")
_DASHES: Final = dict.fromkeys(map(ord, "‐\u2011‒–—―⁃−﹘﹣－"), "-")
_UNSEEN_LETTERS: Final = {0x034F: "", **dict.fromkeys((0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0), " ")}
"""Letters and signs to Unicode, nothing to the eye: the grapheme joiner, Hangul fillers, blank Braille."""
_FILLERS: Final = frozenset(
    {
        "нет",
        "нету",
        "ничего",
        "незадано",
        "незадавалось",
        "ничегонезадано",
        "беззадания",
        "бездомашнегозадания",
        "нетзадания",
        "заданиянет",
        "нетдомашнегозадания",
        "домашнегозаданиянет",
        "бз",
        "бездз",
        "нетдз",
        "дзнет",
        "дзнезадано",
    }
)
"""As `filler` compares them, letters only: «Б/З», «б. з.» and «бз» are one."""


def _tidied(text: str) -> str:
    visible = "\n".join(map(_visible, text.splitlines()))
    composed = unicodedata.normalize("NFC", _MARK_PILE.sub(_without_marks, visible))
    lines = (" ".join(line.split()) for line in composed.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _visible(line: str) -> str:
    if not line.isprintable():
        line = "".join(char for char in line if char.isspace() or not _is_invisible(char))
    return line.translate(_UNSEEN_LETTERS)


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Cs"}  # control, format, surrogate


def _is_punctuation(char: str) -> bool:
    return char.isspace() or unicodedata.category(char).startswith("P")


def _without_marks(pile: re.Match[str]) -> str:
    return "".join(char for char in pile[0] if not unicodedata.combining(char))


def _likened_word(word: re.Match[str]) -> str:
    return word[0].translate(_TO_CYRILLIC) if _CYRILLIC.search(word[0]) else word[0]
