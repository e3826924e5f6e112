"""The command that shows the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.table import Table

from diary_api.cli.abilities import spoken
from diary_api.cli.access import show_access
from diary_api.cli.client import Problem
from diary_api.cli.screen import screen, show_problem
from diary_api.regions.schemas import DiaryServer, Region, RegionBrief
from diary_api.regions.service import Catalogue
from diary_api.settings import read_settings
from diary_core.errors import RegionUnknown
from diary_core.plugins import installed, load
from diary_core.provider import InstanceStatus

STATUS = {"active": "работает", "partial": "частично", "retired": "больше не работает"}


def command(
    wanted: Annotated[
        str | None,
        typer.Argument(metavar="REGION", help="Two-digit code of one region or a part of its name."),
    ] = None,
    *,
    access: Annotated[
        bool,
        typer.Option("--access", help="How to get a login: from whom, with which papers."),
    ] = False,
) -> None:
    """Show every region and its diary, or one region with its ways in."""
    catalogue = Catalogue(load(installed(), switched_off=read_settings().plugins_off))
    found = _called(wanted, catalogue.regions())
    if not found:
        error = RegionUnknown()
        detail = f"Ни код, ни название региона не подходят к {wanted!r}."
        remedy = "Все коды и названия: diary regions"
        show_problem(Problem(code=error.code, title=error.title.ru, detail=detail, remedy=remedy))
        raise typer.Exit(2)
    if len(found) == 1:
        region = catalogue.region(found[0].code)
        _one(region)
        if access:
            show_access(region.access)
        else:
            screen.print(f"\nКак получить вход: diary regions {region.code} --access")
    else:
        _several(found, catalogue)


def _called(wanted: str | None, regions: Sequence[RegionBrief]) -> Sequence[RegionBrief]:
    """Return the region of a code, or those whose name has these words in it; all of them unless asked."""
    if wanted is None:
        return regions
    words = wanted.casefold().strip()
    return [region for region in regions if region.code == words] or [
        region for region in regions if words and words in f"{region.name.ru}\n{region.name.en}".casefold()
    ]


def _several(regions: Sequence[RegionBrief], catalogue: Catalogue) -> None:
    table = Table("код", "регион", "дневник", "подключён", title="Регионы", title_justify="left")
    for region in regions:
        table.add_row(region.code, region.name.ru, region.system.title.ru, _served(region, catalogue))
    screen.print(table)
    screen.print("Способы входа и что видно после него: diary regions КОД")


def _served(region: RegionBrief, catalogue: Catalogue) -> str:
    if not region.served:
        return "[dim]пока нет[/]"
    alive = {server.instance.status for server in catalogue.servers(region.code)}
    return "[green]да[/]" if InstanceStatus.ACTIVE in alive else "[yellow]частично[/]"


def _one(region: Region) -> None:
    screen.print(f"[bold]{region.code} {region.name.ru}[/]  [dim]{region.zone}[/]")
    where = f", {region.system.host}" if region.system.host else ""
    screen.print(f"Основной дневник: {region.system.title.ru}{where}")
    if region.system.earlier:
        screen.print(f"[dim]Раньше или рядом: {region.system.earlier.ru}[/]")
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
        screen.print(f"  [dim]видно: {spoken(server.abilities)}[/]")
