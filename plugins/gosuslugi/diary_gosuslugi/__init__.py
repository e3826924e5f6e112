"""Identity through Gosuslugi (ЕСИА): who a parent is, proven by the state; opens no diary by itself."""

from __future__ import annotations

from collections.abc import Iterable

from diary_core.hookspecs import hookimpl
from diary_core.identity import IdentityProvider
from diary_gosuslugi.provider import GosuslugiIdentity

__all__ = ["GosuslugiIdentity", "register_identity_providers"]


@hookimpl
def register_identity_providers() -> Iterable[IdentityProvider]:
    """Bring Gosuslugi."""
    return [GosuslugiIdentity()]
