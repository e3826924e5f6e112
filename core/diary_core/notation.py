"""Reading a mark as a school writes it: `5`, `4-`, `3/5`, `4,5`, `н/а`, `зач`, `осв`, `Н`.

What cannot be read is kept as it is and only shown: nothing is invented.

Source: the mark vocabularies of МЭШ and Дневник.ру, by `docs/sources.md`;
«Н» is absence, «н/а» is "not attested", «зач» a pass, «осв» an exemption.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from diary_core.model import MarkPart, MarkStatus
from diary_core.text import one_dash

_NUMBER = re.compile(r"(?P<number>[0-9]{1,3}(?:[.,][0-9]{1,2})?)\s*(?P<modifier>[+-]?)")
_WORDS: dict[str, MarkStatus] = {
    "н": "absent",
    "нб": "absent",
    "н/б": "absent",
    "б": "absent",
    "н/а": "not_submitted",
    "на": "not_submitted",
    "зач": "passed",
    "зачет": "passed",
    "зч": "passed",
    "незач": "failed",
    "незачет": "failed",
    "нзч": "failed",
    "н/з": "failed",
    "осв": "exempt",
    "освобожден": "exempt",
    "освобождена": "exempt",
}


class Notation(NamedTuple):
    """What a written mark says."""

    value: Decimal | None
    modifier: Literal["+", "-"] | None
    parts: tuple[MarkPart, ...]
    status: MarkStatus


def read_mark(display: str) -> Notation:
    """Read a written mark; never raises.

    Returns:
        A number with its modifier as `graded`; a split mark as `graded` with its parts and no value of
        its own; a known word as its status; anything else as `info`.
    """
    text = display.strip()
    number = _number(text)
    if number:
        return Notation(_decimal(number), _modifier(number), (), "graded")
    halves = [half.strip() for half in text.split("/")]
    numbers = [_number(half) for half in halves]
    if len(halves) > 1 and all(numbers):
        parts = (
            MarkPart(display=half, value=_decimal(found))
            for half, found in zip(halves, numbers, strict=True)
            if found
        )
        return Notation(None, None, tuple(parts), "graded")
    word = text.casefold().replace("ё", "е").rstrip(".").replace(" ", "")
    return Notation(None, None, (), _WORDS.get(word, "info"))


def _number(text: str) -> re.Match[str] | None:
    return _NUMBER.fullmatch(one_dash(text))


def _decimal(number: re.Match[str]) -> Decimal:
    return Decimal(number["number"].replace(",", "."))


def _modifier(number: re.Match[str]) -> Literal["+", "-"] | None:
    if not number["modifier"]:
        return None
    return "+" if number["modifier"] == "+" else "-"
