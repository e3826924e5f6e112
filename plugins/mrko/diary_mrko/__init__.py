"""The plugin `mrko`: the МЭШ family of diaries."""

from __future__ import annotations

from collections.abc import Iterable

from diary_core.hookspecs import hookimpl
from diary_core.provider import Provider
from diary_mrko.provider import MrkoProvider

__all__ = ["register_providers"]


@hookimpl
def register_providers() -> Iterable[Provider]:
    """Bring the МЭШ family."""
    return [MrkoProvider()]
