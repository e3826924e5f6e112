"""Commands for the key ring that seals the database."""

from __future__ import annotations

import typer
from rich.table import Table

from diary_api.cli.screen import screen
from diary_api.clock import system_clock
from diary_api.settings import read_settings
from diary_api.storage.key_file import add_key, load, load_or_create

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
