"""Identity through Gosuslugi (ЕСИА): who a parent is, proven by the state; opens no diary by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from pydantic import SecretStr

from diary_core.hookspecs import hookimpl
from diary_core.identity import IdentityProvider
from diary_gosuslugi.commands import add_to
from diary_gosuslugi.provider import GosuslugiIdentity

if TYPE_CHECKING:
    from typer import Typer

__all__ = ["GosuslugiIdentity", "register_commands", "register_identity_providers"]


@hookimpl
def register_identity_providers() -> Iterable[IdentityProvider]:
    """Bring Gosuslugi."""
    return [GosuslugiIdentity()]


@hookimpl
def register_commands(commands: Typer, options: Callable[[str], Mapping[str, SecretStr]]) -> None:
    """Add `diary gosuslugi`."""
    add_to(commands, options)
