"""Commands for the key ring that seals the database."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.table import Table

from diary_api.cli.screen import screen
from diary_api.clock import system_clock
from diary_api.settings import Settings, read_settings
from diary_api.storage import open_storage
from diary_api.storage.key_file import add_key, drop_old_keys, load, load_or_create
from diary_api.storage.migrate import check
from diary_api.storage.rotation import reseal as seal_anew

commands = typer.Typer(help="Look after the key ring that seals the database.", no_args_is_help=True)


@commands.command()
def make() -> None:
    """Make the key file, unless it is there; keep a copy of it apart from the database."""
    path = read_settings().key_file
    load_or_create(path, system_clock())
    screen.print(f"The key ring is in {path}. Without it nothing sealed can be read again: keep a copy.")


@commands.command()
def show() -> None:
    """List the keys by id and date; the keys themselves are never printed."""
    table = Table("id", "made", "use")
    for place, key in enumerate(load(read_settings().key_file).keys):
        table.add_row(key.id, f"{key.made_at:%Y-%m-%d %H:%M}", "opens" if place else "seals and opens")
    screen.print(table)


@commands.command()
def add() -> None:
    """Put a new key at the front; running gateways take it at their next start, old keys go on opening."""
    ring = add_key(read_settings().key_file, system_clock())
    screen.print(f"New key {ring.keys[0].id}; {len(ring.keys) - 1} older ones still open what they sealed.")


@commands.command()
def reseal(
    drop: Annotated[bool, typer.Option("--drop", help="Then throw the older keys away.")] = False,
) -> None:
    """Seal everything anew with the newest key; every gateway must have been started since `add`."""
    settings = read_settings()
    count = asyncio.run(_resealed(settings))
    screen.print(f"{count} values sealed anew; nothing needs the older keys now.")
    if drop:
        ring = drop_old_keys(settings.key_file)
        screen.print(f"Only key {ring.keys[0].id} is left; copies of the older ring open old backups only.")


async def _resealed(settings: Settings) -> int:
    async with open_storage(settings.database_url, load(settings.key_file).ring()) as storage:
        await check(storage)
        return await seal_anew(storage)
