"""The life of a notice of absence.

accepted → delivering → delivered → withdrawing → withdrawn
   │  ↖________│ └→ refused            └→ delivered (the diary does not give it back)
   └→ withdrawn, refused
"""

from __future__ import annotations

from enum import StrEnum


class NoticeState(StrEnum):
    """How far a notice has come."""

    ACCEPTED = "accepted"
    """It is kept, and has not reached the diary: it waits for its turn, or for the diary to answer."""
    DELIVERING = "delivering"
    """It is on its way, or the answer was lost: then the diary is asked for it before it is sent again."""
    DELIVERED = "delivered"
    """The diary has it."""
    REFUSED = "refused"
    """The diary has not taken it and will not; `problem` says why."""
    WITHDRAWING = "withdrawing"
    """It is to be taken back, and the diary has not confirmed that yet."""
    WITHDRAWN = "withdrawn"
    """It was taken back, before or after the diary had it."""


OPEN = frozenset({NoticeState.ACCEPTED, NoticeState.DELIVERING, NoticeState.WITHDRAWING})
"""Those with something left to do."""
