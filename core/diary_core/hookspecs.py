"""The hooks a plugin may implement: each is called once at start, registers, and does nothing else.

A plugin is a module or object named by an entry point of the group `diary.plugins`.
The objects it returns have async methods; the hooks themselves are plain functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import pluggy
from pydantic import SecretStr

from diary_core.identity import IdentityProvider
from diary_core.provider import Provider

if TYPE_CHECKING:
    from fastapi import APIRouter
    from typer import Typer

PROJECT = "diary"
GROUP = "diary.plugins"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def register_providers() -> Iterable[Provider]:  # pyright: ignore[reportReturnType]  a specification has no body
    """Return the diary systems this plugin brings.

    Called once, before anything is served; each object lives as long as the gateway and is shared by every
    account, so it keeps nothing between calls.
    A slug that another plugin has brought already stops the gateway.
    """


@hookspec
def register_identity_providers() -> Iterable[IdentityProvider]:  # pyright: ignore[reportReturnType]  as above
    """Return the identity services this plugin brings.

    Called once, as `register_providers`.
    A diary names the service it can be joined with by slug, so neither plugin imports the other.
    """


@hookspec
def register_commands(commands: Typer, options: Callable[[str], Mapping[str, SecretStr]]) -> None:
    """Add commands to the `diary` command line.

    Called when the command line starts, before it reads its arguments: every `diary --help` waits for this
    hook, so a command imports what it needs inside itself.

    Args:
        commands: The command line to add to; a plugin adds one group under its own name.
        options: Gives what the operator configured for a plugin, by the plugin's name; empty when nothing.
            To be called when a command runs, never while registering.
    """


@hookspec
def register_routers() -> Iterable[APIRouter]:  # pyright: ignore[reportReturnType]  as above
    """Return routes to serve below `/v1/plugins/{slug}`.

    Called once, when the API is put together.
    A route raises the errors of `diary_core.errors` as every other does, and they are answered alike.
    """
