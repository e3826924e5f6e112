"""The smallest plugin that passes the contract: one invented family, kept in memory.

It is the companion of `docs/plugin-tutorial.md`; the gateway leaves it out unless told otherwise.
"""

from __future__ import annotations

from diary_core.hookspecs import hookimpl
from diary_core.provider import Provider
from diary_example.provider import ExampleProvider

__all__ = ["ExampleProvider", "register_providers"]


@hookimpl
def register_providers() -> list[Provider]:
    """Bring the example diary."""
    return [ExampleProvider()]
