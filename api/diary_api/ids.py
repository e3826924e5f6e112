"""Opaque ids: a three-letter kind, an underscore, and 130 random bits nobody can guess."""

from __future__ import annotations

import re
import secrets
from typing import Literal

Kind = Literal["acc", "key", "con", "sin", "chd", "enr", "req", "idn", "grt", "use", "ntc", "evt"]
"""Account, session or token, connection, sign-in, child, enrolment, request, identity, grant, its use,
notice of absence, event of an account."""

_LETTERS = b"abcdefghijklmnopqrstuvwxyz234567" * 8
"""For each byte one of 32 letters: as each stands for eight bytes, all are as likely."""
_LENGTH = 26


def new_id(kind: Kind) -> str:
    """Make an id nobody has."""
    return f"{kind}_{secrets.token_bytes(_LENGTH).translate(_LETTERS).decode()}"


def is_id(kind: Kind, text: str) -> bool:
    """Tell whether a text from outside has the shape of an id, so that nothing odd reaches the database."""
    return re.fullmatch(rf"{kind}_[a-z2-7]{{{_LENGTH}}}", text) is not None
