"""Commands for the database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import typer

from diary_api.cli.screen import screen
from diary_api.settings import DatabaseLimits, read_settings
from diary_api.storage import KeyRing, open_storage
from diary_api.storage.migrate import upgrade_beside_others

commands = typer.Typer(help="Look after the database.", no_args_is_help=True)

_NO_KEYS = KeyRing(newest="", keys={}, index_key=b"")
"""Shaping tables opens nothing."""
_UNHURRIED = DatabaseLimits(connections=1, patience=timedelta(hours=6))
"""A big table takes its time; how long others may be held up is the upgrade's own business."""


@commands.callback()
def database() -> None:
    """Look after the database."""


@commands.command()
def upgrade() -> None:
    """Give the database the shape this version needs; gateways may go on serving from it meanwhile."""
    made = asyncio.run(_upgraded())
    screen.print(f"Done: {', '.join(made)}." if made else "Nothing to do: the database has the newest shape.")


async def _upgraded() -> Sequence[str]:
    async with open_storage(read_settings().database_url, _NO_KEYS, _UNHURRIED) as storage:
        return await upgrade_beside_others(storage)
