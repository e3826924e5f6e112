"""Which of several spellings a field gets: the real diary varies types, the sandbox does so by plan.

A quarter of the children are plain: all their fields have the first, commonest form, so that strict clients
can read somebody. The others get every form, the same one for the same thing every time.
"""

from typing import TypeVar
from zlib import crc32

from diary_sandbox.world import Child

T = TypeVar("T")


def is_plain(child: Child) -> bool:
    """Say whether all of a child's fields have the commonest form."""
    return child.id % 4 == 0


def vary(child: Child, key: object, *forms: T) -> T:
    """Return one of several forms of one field.

    Args:
        child: Whose data the field belongs to.
        key: What distinguishes this field from the child's others.
        forms: The commonest first.
    """
    if is_plain(child):
        return forms[0]
    return forms[crc32(f"{child.id} {key}".encode()) % len(forms)]
