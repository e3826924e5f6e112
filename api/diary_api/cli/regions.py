"""The command that shows the catalogue."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from diary_api.cli.screen import screen
from diary_api.regions.schemas import DiaryServer, Region
from diary_api.regions.service import Catalogue
from diary_api.settings import read_settings
from diary_core.plugins import installed, load

STATUS = {"active": "работает", "partial": "частично", "retired": "больше не работает"}


def command(
    code: Annotated[str | None, typer.Argument(help="Two-digit code of one region, such as 77.")] = None,
) -> None:
    """Show every region and its diary, or one region with its ways in."""
    catalogue = Catalogue(load(installed(), switched_off=read_settings().plugins_off))
    if code is None:
        _everything(catalogue)
    else:
        _one(catalogue.region(code))


def _everything(catalogue: Catalogue) -> None:
    table = Table("код", "регион", "дневник", "подключён", title="Регионы", title_justify="left")
    for region in catalogue.regions():
        served = "[green]да[/]" if region.served else "[dim]пока нет[/]"
        table.add_row(region.code, region.name.ru, region.system.title.ru, served)
    screen.print(table)


def _one(region: Region) -> None:
    screen.print(f"[bold]{region.code} {region.name.ru}[/]  [dim]{region.zone}[/]")
    where = f", {region.system.host}" if region.system.host else ""
    screen.print(f"Основной дневник: {region.system.title.ru}{where}")
    if region.system.earlier:
        screen.print(f"[dim]Раньше или рядом: {region.system.earlier}[/]")
    for server in region.instances:
        screen.print()
        _server(server)
    if not region.instances:
        screen.print("Этот регион пока не подключён: ни один плагин его не обслуживает.")


def _server(server: DiaryServer) -> None:
    screen.print(
        f"[bold]{server.title.ru}[/] — {STATUS[server.status]}  [dim]{server.provider}/{server.instance}[/]"
    )
    if server.note:
        screen.print(f"  {server.note.ru}")
    for method in server.methods:
        screen.print(f"  • [cyan]{method.slug}[/] {method.title.ru}: {method.note.ru}")
    if server.methods:
        screen.print(f"  [dim]умеет: {', '.join(server.abilities)}[/]")
