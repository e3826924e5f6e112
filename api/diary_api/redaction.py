"""The second line of defence of logs and error details: what looks like a secret or a person is masked.

The first line is not to say it at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast

MASK = "•••"

_SECRET_KEYS = re.compile(
    r"token|password|passwd|secret|authori[sz]ation|cookie|credential|session|snils|otp|verifier|email|"
    r"(^|_)(code|state|key|login|phone|first|last|middle|name)$",
    re.IGNORECASE,
)
_PLAIN_KEYS = frozenset({"key_file"})
_SECRET_TEXT = re.compile(
    r"""
    \b\d{3}[-\ ]?\d{3}[-\ ]?\d{3}[-\ ]?\d{2}\b            # СНИЛС, and phone numbers of eleven digits
    | \+7[\d\ ()-]{9,}\d                                  # phone numbers
    | [\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+                   # e-mail
    | \bdg[ikst]_[\w-]+                                    # our own sessions, tokens, keys and invitations
    | \beyJ[\w-]+(?:\.[\w-]*)*                            # JWT
    | (?:Bearer|Basic)\s+[\w.~+/=-]+
    | (?<=[?&])(?:[^?=&\s]+)=[^&\s'"]*                    # queries
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Takes time in proportion to the text, whatever a stranger has written: nothing is looked for twice."""


def redacted_text(text: str) -> str:
    """Mask whatever in a text looks like a secret or a person's number."""
    return _SECRET_TEXT.sub(MASK, text)


def redacted(key: str, value: object) -> object:
    """Mask a value by its key, and what is inside it by looks."""
    if key not in _PLAIN_KEYS and _SECRET_KEYS.search(key):
        return MASK
    if isinstance(value, str):
        return redacted_text(value)
    if isinstance(value, Mapping):
        mapping = cast("Mapping[object, object]", value)  # of anything
        return {str(name): redacted(str(name), part) for name, part in mapping.items()}
    if isinstance(value, list | tuple | set | frozenset):
        row = cast("Iterable[object]", value)  # of anything
        return [redacted("", part) for part in row]
    if isinstance(value, bool | int | float | None):
        return value
    return redacted_text(str(value))
