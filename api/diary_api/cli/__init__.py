"""The `diary` command."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

import typer
from pydantic import SecretStr

from diary_api.cli import (
    absence,
    averages,
    database,
    demo,
    events,
    grants,
    homework,
    keys,
    link,
    plugins,
    regions,
    sandbox,
    serve,
    show,
    status,
    week,
    worker,
)
from diary_api.cli.screen import complain
from diary_api.settings import read_settings
from diary_core.errors import DiaryError
from diary_core.plugins import installed, load

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line, with the commands of installed plugins.

    Args:
        arguments: What follows `diary`; the process's own unless given.
    """
    commands = _commands()
    try:
        found = load(installed(), switched_off=read_settings().plugins_off)
        found.hooks.register_commands(commands=commands, options=_options_of)
        commands(arguments)
    except DiaryError as error:
        complain(error)
        sys.exit(2)


def _commands() -> typer.Typer:
    commands = typer.Typer(
        help="diary-gateway: one endpoint for every school diary in Russia.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    commands.command("serve")(serve.command)
    commands.command("worker")(worker.command)
    commands.command("demo")(demo.command)
    commands.command("sandbox", context_settings=sandbox.PASS_ON)(sandbox.command)
    commands.command("regions")(regions.command)
    commands.command("status")(status.command)
    commands.command("week")(week.command)
    commands.command("show")(show.show)
    commands.command("sign")(show.sign)
    commands.command("averages")(averages.averages)
    commands.command("class-standing")(averages.class_standing)
    commands.command("forecast")(averages.forecast)
    commands.command("link")(link.command)
    commands.command("events")(events.command)
    commands.command("plugins")(plugins.command)
    commands.add_typer(homework.commands, name="homework")
    commands.add_typer(database.commands, name="database")
    commands.add_typer(keys.commands, name="keys")
    commands.add_typer(grants.commands, name="grants")
    commands.add_typer(absence.commands, name="absence")
    return commands


def _options_of(plugin: str) -> Mapping[str, SecretStr]:
    return read_settings().options.get(plugin, {})
