"""Commands for the key ring that seals the database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from diary_api.cli.screen import aside, screen
from diary_api.clock import system_clock
from diary_api.settings import Settings, read_settings
from diary_api.storage import KeyRing, open_storage
from diary_api.storage.key_file import add_key, drop_old_keys, load, load_or_create, read_ring, turn
from diary_api.storage.migrate import check
from diary_api.storage.rotation import Resealed
from diary_api.storage.rotation import reseal as seal_anew
from diary_api.storage.sqlite import BUSY_MS
from diary_api.storage.watched_keys import LOOK_EVERY_S
from diary_core.errors import Misconfigured

SETTLE_S = BUSY_MS / 1000 + LOOK_EVERY_S + 4
"""After this every gateway has learnt of a new key, and what it was writing with the older one is written."""
_ROUNDS = 5

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
    """Add a key that only opens, to be carried to every host before `rotate` lets it seal."""
    ring = add_key(read_settings().key_file, system_clock())
    screen.print(f"New key {ring.keys[1].id}; {ring.keys[0].id} goes on sealing until `diary keys rotate`.")


@commands.command()
def rotate(
    keep: Annotated[bool, typer.Option("--keep", help="Do not throw the older keys away.")] = False,
    settle: Annotated[
        float, typer.Option(help="Seconds until every gateway has written what it sealed before.", min=0)
    ] = SETTLE_S,
) -> None:
    """Change the key while gateways serve: a new key seals, everything is sealed anew, older keys go.

    Cut off at any moment, it is taken up by running it again.
    """
    settings = read_settings()
    if settings.keys is not None:
        raise Misconfigured(
            "the keys come by DIARY_KEYS, which no running gateway can be given anew: see docs/keys.md",
            field="keys",
        )
    sealing = turn(settings.key_file, system_clock()).keys[0].id
    screen.print(f"Key {sealing} seals from now on.")
    _report(asyncio.run(_resealed(settings, settle)))
    if not keep:
        drop_old_keys(settings.key_file, sealing=sealing)
        screen.print(f"Only key {sealing} is left; copies of the older ring open old backups only.")


@commands.command()
def reseal() -> None:
    """Seal everything anew with the newest key, of a file or of DIARY_KEYS; nothing is thrown away."""
    _report(asyncio.run(_resealed(read_settings(), settle_s=0)))


def _report(done: Resealed) -> None:
    """Say what was done.

    Raises:
        Misconfigured: Something needs the older keys still.
    """
    screen.print(f"{done.anew} values sealed anew.")
    if done.damaged:
        raise Misconfigured(
            f"{done.damaged} values do not open with any key; the older keys stay", field="key_file"
        )
    if done.left:
        raise Misconfigured(
            f"{done.left} values are sealed with older keys still: does a gateway run with another key file? "
            "The older keys stay",
            field="key_file",
        )
    screen.print("Nothing needs the older keys now.")


async def _resealed(settings: Settings, settle_s: float) -> Resealed:
    ring = _ring(settings)
    with Progress(console=aside, transient=True) as bar:
        async with open_storage(settings.database_url, ring) as storage:
            await check(storage)
            work = bar.add_task("Sealing anew", total=None)

            def told(anew: int, total: int) -> None:
                bar.update(work, completed=anew, total=total)

            done = await seal_anew(storage, told=told)
            if not settle_s:
                return done
            for _ in range(_ROUNDS):
                bar.update(work, description="Waiting for what gateways are writing", total=None)
                await asyncio.sleep(settle_s)
                late = await seal_anew(storage, told=told)
                done = Resealed(done.anew + late.anew, late.left, late.damaged)
                if not late.anew:
                    return done
            return replace(done, left=done.left + 1)  # somebody goes on sealing with an older key


def _ring(settings: Settings) -> KeyRing:
    stored = load(settings.key_file) if settings.keys is None else read_ring(settings.keys.get_secret_value())
    return stored.ring()
