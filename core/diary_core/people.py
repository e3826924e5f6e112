"""Who is who: names, СНИЛС, and whether two records speak of one person.

A wrong match shows one family's diary to another, so every doubt counts against a match:
a name alone never makes one, and neither does a СНИЛС alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, core_schema

from diary_core.text import filler, look_alikes, one_dash, tidy

__all__ = [
    "HasNameAndSnils",
    "Match",
    "MatchReason",
    "NameMatch",
    "NameReason",
    "NameVerdict",
    "PersonName",
    "Snils",
    "Strength",
    "compare_names",
    "match_people",
    "normal_form",
]

_NAME_LIMIT: Final = 100


def _name(text: str) -> str:
    name = " ".join(tidy(text).split())
    if not _has_letter(name):
        raise ValueError("a name needs a letter")
    if len(name) > _NAME_LIMIT:
        raise ValueError(f"a name has at most {_NAME_LIMIT} characters")
    return name


def _patronymic(text: str | None) -> str | None:
    return _name(text) if text and _has_letter(text) and not filler(text) else None


def _has_letter(text: str) -> bool:
    return any(char.isalpha() for char in tidy(text))


class PersonName(BaseModel):
    """A name as the diary writes it, tidied; initials stay initials.

    Raises:
        pydantic.ValidationError: A surname or first name without a letter, or a part above 100 characters;
            the message does not repeat the name.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True
    )

    last: Annotated[str, AfterValidator(_name)]
    first: Annotated[str, AfterValidator(_name)]
    middle: Annotated[str | None, AfterValidator(_patronymic)] = None
    """Patronymic, with its «оглы» or «кызы»; None when there is none, or the diary has «-» or «нет»."""

    @property
    def full(self) -> str:
        """Surname, first name and patronymic in one line."""
        return " ".join(filter(None, (self.last, self.first, self.middle)))

    @classmethod
    def read(cls, line: str) -> PersonName | None:
        """Read a name written in one line, surname first: «Кленова И. С.»; None if it has no first name.

        Source:
            mrko notifications, `teacher_name`.
        """
        try:
            return cls(**dict(zip(("last", "first", "middle"), tidy(line).split(maxsplit=2), strict=False)))
        except ValidationError:
            return None


class NameVerdict(StrEnum):
    """How alike two names are."""

    EQUAL = "equal"
    CLOSE = "close"
    DIFFERENT = "different"


class NameReason(StrEnum):
    """What was overlooked to call two names equal or close, or what sets them apart."""

    YO = "yo"
    """One writes «ё» where the other writes «е»; they are equal."""
    LOOK_ALIKES = "look_alikes"
    """One has Latin letters inside a Cyrillic word; they are equal."""
    DOUBLE_SURNAME = "double_surname"
    """The parts of a double surname stand in another order or are joined otherwise; they are equal."""
    DOUBLE_SURNAME_PART = "double_surname_part"
    """One has only a part of the double surname; they are close."""
    PATRONYMIC_ABSENT = "patronymic_absent"
    """Only one has a patronymic; they are close."""
    SURNAME_DIFFERS = "surname_differs"
    FIRST_NAME_DIFFERS = "first_name_differs"
    PATRONYMIC_DIFFERS = "patronymic_differs"


class NameMatch(BaseModel):
    """The outcome of comparing two names; holds no name."""

    model_config = ConfigDict(frozen=True)

    verdict: NameVerdict
    reasons: frozenset[NameReason]


def compare_names(a: PersonName, b: PersonName) -> NameMatch:
    """Compare two names by their normal forms; the order of the two does not matter."""
    apart = _set_apart(a, b, _FOLDS)
    verdict = _verdict(apart)
    overlooked = {
        reason
        for reason in _FOLDS
        if _verdict(_set_apart(a, b, {other: _FOLDS[other] for other in _FOLDS if other != reason}))
        != verdict
    }
    return NameMatch(verdict=verdict, reasons=apart | overlooked)


def normal_form(part: str) -> str:
    """Return a part of a name as it is compared: upper case, «Е» for «Ё», plain dashes, Cyrillic look-alikes.

    For comparison and keyed hashes only, never for show. The normal form of a normal form is itself.
    """
    return _folded(part, _FOLDS)


@dataclass(frozen=True, slots=True, repr=False)
class Snils:
    """A СНИЛС whose number shows only where it is asked for by name, so that no log or dump holds it.

    Equal when the 11 digits are. A pydantic field takes a `Snils`, not a text, and is masked in JSON.

    Args:
        digits: 11 digits, with or without spaces and dashes.

    Raises:
        ValueError: It is not 11 digits, all are zero, or the check digits disagree. Numbers up to
            001-001-998 are older than the check digits and need none. The message holds no digit of it.
    """

    digits: str
    """The 11 digits, nothing else."""

    def __post_init__(self) -> None:
        digits = one_dash(tidy(self.digits)).replace("-", "").replace(" ", "")
        if not _ELEVEN_DIGITS.fullmatch(digits) or not int(digits):
            raise ValueError("a СНИЛС has 11 digits")
        if int(digits[:9]) > _LAST_UNCHECKED and int(digits[9:]) != _check_digits(digits):
            raise ValueError("the check digits of the СНИЛС disagree")
        object.__setattr__(self, "digits", digits)

    @classmethod
    def read(cls, text: str | None) -> Snils | None:
        """Return the СНИЛС an upstream sent, or None when it sent none or an impossible one."""
        try:
            return cls(text or "")
        except ValueError:
            return None

    @property
    def printed(self) -> str:
        """The number as on paper: `NNN-NNN-NNN NN`."""
        return f"{self.digits[:3]}-{self.digits[3:6]}-{self.digits[6:9]} {self.digits[9:]}"

    def __str__(self) -> str:
        return "***-***-*** **"

    __repr__ = __str__

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.is_instance_schema(cls, serialization=core_schema.to_string_ser_schema())


class HasNameAndSnils(Protocol):
    """What matching needs to know of a person."""

    @property
    def name(self) -> PersonName | None:
        """The person's name; None when the record has none."""
        ...

    @property
    def snils(self) -> Snils | None:
        """The person's СНИЛС; None when the record has none."""
        ...


class Strength(StrEnum):
    """What a match is good for."""

    STRONG = "strong"
    """The same person: may be linked."""
    WEAK = "weak"
    """Likely the same: ask for one more proof."""
    NONE = "none"
    """Not to be linked."""


class MatchReason(StrEnum):
    """Why a match has its strength."""

    ALL_EQUAL = "all_equal"
    NAME_ABSENT = "name_absent"
    NAMES_CLOSE = "names_close"
    NAMES_DIFFER = "names_differ"
    SNILS_ABSENT = "snils_absent"
    SNILS_DIFFERS = "snils_differs"


class Match(BaseModel):
    """Whether two records speak of one person; holds nothing personal."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    strength: Strength
    reason: MatchReason
    names: NameMatch | None
    """None unless both records have a name."""


def match_people(a: HasNameAndSnils, b: HasNameAndSnils) -> Match:
    """Match two records of a person; the order of the two does not matter.

    Strong needs both СНИЛС, equal, and equal names. Weak needs equal СНИЛС and close names. The rest is none,
    a shared СНИЛС under different names included. Two local profiles may match one person: let them choose.
    """
    names = compare_names(a.name, b.name) if a.name and b.name else None
    strength, reason = Strength.NONE, MatchReason.NAME_ABSENT
    if a.snils is None or b.snils is None:
        reason = MatchReason.SNILS_ABSENT
    elif a.snils != b.snils:
        reason = MatchReason.SNILS_DIFFERS
    elif names:
        strength, reason = _BY_NAMES[names.verdict]
    return Match(strength=strength, reason=reason, names=names)


_Folds = Mapping[NameReason, Callable[[str], str]]

_FOLDS: Final[_Folds] = {
    NameReason.LOOK_ALIKES: lambda text: look_alikes(text).text,
    NameReason.YO: lambda text: text.replace("Ё", "Е"),
}
_DIFFERS: Final = frozenset(
    {NameReason.SURNAME_DIFFERS, NameReason.FIRST_NAME_DIFFERS, NameReason.PATRONYMIC_DIFFERS}
)
_WEAKENS: Final = frozenset({NameReason.DOUBLE_SURNAME_PART, NameReason.PATRONYMIC_ABSENT})
_BY_NAMES: Final = {
    NameVerdict.EQUAL: (Strength.STRONG, MatchReason.ALL_EQUAL),
    NameVerdict.CLOSE: (Strength.WEAK, MatchReason.NAMES_CLOSE),
    NameVerdict.DIFFERENT: (Strength.NONE, MatchReason.NAMES_DIFFER),
}
_APOSTROPHES: Final = dict.fromkeys(map(ord, "`´ʹʻʼʽ‘’‛′＇"), "'")
_AROUND_DASH: Final = re.compile(r" ?-[- ]*")
_ELEVEN_DIGITS: Final = re.compile("[0-9]{11}")
_LAST_UNCHECKED: Final = 1_001_998


def _folded(part: str, folds: _Folds) -> str:
    text = _AROUND_DASH.sub("-", one_dash(tidy(tidy(part).upper())).translate(_APOSTROPHES))
    for fold in folds.values():
        text = fold(text)
    return text


def _set_apart(a: PersonName, b: PersonName, folds: _Folds) -> frozenset[NameReason]:
    last = _surnames_apart(_folded(a.last, folds), _folded(b.last, folds))
    first = None if _folded(a.first, folds) == _folded(b.first, folds) else NameReason.FIRST_NAME_DIFFERS
    middle = None
    if a.middle is None or b.middle is None:
        middle = None if a.middle is b.middle else NameReason.PATRONYMIC_ABSENT
    elif _folded(a.middle, folds) != _folded(b.middle, folds):
        middle = NameReason.PATRONYMIC_DIFFERS
    return frozenset(reason for reason in (last, first, middle) if reason)


def _surnames_apart(a: str, b: str) -> NameReason | None:
    if a == b:
        return None
    parts_a, parts_b = a.replace("-", " ").split(), b.replace("-", " ").split()
    if sorted(parts_a) == sorted(parts_b):
        return NameReason.DOUBLE_SURNAME
    if set(parts_a) <= set(parts_b) or set(parts_a) >= set(parts_b):
        return NameReason.DOUBLE_SURNAME_PART
    return NameReason.SURNAME_DIFFERS


def _verdict(apart: frozenset[NameReason]) -> NameVerdict:
    if apart & _DIFFERS:
        return NameVerdict.DIFFERENT
    return NameVerdict.CLOSE if apart & _WEAKENS else NameVerdict.EQUAL


def _check_digits(digits: str) -> int:
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 0, -1), strict=False))
    return weighted % 101 % 100
