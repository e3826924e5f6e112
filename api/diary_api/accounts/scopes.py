"""What a token may be allowed to do."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """One right; a session has them all."""

    READ_DIARY = "diary:read"
    """Children and everything in their diaries."""
    WRITE_DIARY = "diary:write"
    """Tell the school that a child will be away, and take it back; sign a week, tick homework."""
    READ_CONNECTIONS = "connections:read"
    """Which diaries are linked, and in what state."""
    MANAGE_CONNECTIONS = "connections:manage"
    """Link diaries, sign in to them again, refresh and unlink them."""
    MANAGE_GRANTS = "grants:manage"
    """Invite trusted people and see what they read; accept invitations and give them back."""
    MANAGE_ACCOUNT = "account:manage"
    """Sessions, tokens, whether a child is compared with the class, and the erasure of the account."""


EVERYTHING = frozenset(Scope)


def written(scopes: frozenset[Scope]) -> str:
    """Return scopes as stored: sorted, space-separated."""
    return " ".join(sorted(scopes))


def read(text: str) -> frozenset[Scope]:
    """Return stored scopes; one that a later version has withdrawn gives no right."""
    known = {scope.value for scope in Scope}
    return frozenset(Scope(word) for word in text.split() if word in known)
