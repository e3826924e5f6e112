"""The short code a browser shows at the end of a sign-in, to be typed where the sign-in was begun.

Whoever sends a stranger a link to their own sign-in has the key but not the code, and whoever sees the code
has not the key: only the two together open a session.
Source: RFC 8628, section 5.4 on remote phishing; RFC 6749, section 10.12.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final

MOST_TRIES: Final = 5
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without those that are taken for one another."""
_HALF: Final = 4


def new_code() -> str:
    """Make a code of eight letters, about 40 bits."""
    halves = ("".join(secrets.choice(_LETTERS) for _ in range(_HALF)) for _ in range(2))
    return "-".join(halves)


def same_code(typed: str, code: str) -> bool:
    """Tell whether a typed code is the one shown."""
    return hmac.compare_digest(_plain(typed).encode("utf-8", "surrogatepass"), _plain(code).encode())


def _plain(code: str) -> str:
    return "".join(code.upper().replace("-", "").split())
