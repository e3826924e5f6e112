"""The command that lists what is installed."""

from __future__ import annotations

from rich.table import Table

from diary_api.cli.screen import screen
from diary_api.settings import read_settings
from diary_core.abilities import abilities_of
from diary_core.plugins import installed, load


def command() -> None:
    """List installed plugins, the diaries they bring and what each can do."""
    found = load(installed(), switched_off=read_settings().plugins_off)
    table = Table("plugin", "title", "servers", "abilities", title="Plugins", title_justify="left")
    for slug, provider in sorted(found.providers.items()):
        abilities = ", ".join(ability.__name__ for ability in abilities_of(provider.diary))
        table.add_row(slug, provider.title.en, str(len(provider.instances())), abilities)
    for slug, identity in sorted(found.identity_providers.items()):
        table.add_row(slug, identity.title.en, "", "tells who a parent is")
    for name in sorted(set(found.names) - set(found.providers) - set(found.identity_providers)):
        table.add_row(name, "", "", "registers nothing yet", style="dim")
    screen.print(table)
