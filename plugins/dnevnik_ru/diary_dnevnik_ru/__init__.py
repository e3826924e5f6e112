"""Дневник.ру: the diary of thirteen regions. Hooks only; see `provider` for what they register."""

from __future__ import annotations

from collections.abc import Sequence

from diary_core.hookspecs import hookimpl
from diary_core.provider import Provider
from diary_dnevnik_ru.provider import DnevnikRuProvider

__all__ = ["DnevnikRuProvider", "register_providers"]


@hookimpl
def register_providers() -> Sequence[Provider]:
    """Bring the one system of this plugin."""
    return [DnevnikRuProvider()]
