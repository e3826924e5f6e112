"""The hashcash stamp a headless client must pay before it may try a password."""

import hashlib
from datetime import datetime

ZERO_BITS = 15


def new_stamp_header(login_id: str, salt: str, now: datetime) -> str:
    """Return the part of a stamp the server gives; the client appends a hexadecimal counter.

    The form is hashcash 1: version, bits, date, resource, extension, salt.
    """
    return f"1:{ZERO_BITS}:{now:%y%m%d%H%M%S}:{login_id}::{salt}:"


def is_paid(stamp: str, header: str) -> bool:
    """Tell whether a stamp begins with the given header and its SHA-1 has enough leading zero bits."""
    if not stamp.startswith(header):
        return False
    digest = hashlib.sha1(stamp.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest) >> (len(digest) * 8 - ZERO_BITS) == 0
