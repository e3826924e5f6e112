"""The command that shows everything at once, on an invented town."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn

from diary_api.accounts.schemas import Account, IssuedKey
from diary_api.cli import paper
from diary_api.cli.children import first_name
from diary_api.cli.client import Gateway, Problem, Refused
from diary_api.cli.demo import gosuslugi
from diary_api.cli.demo.browser import Browser
from diary_api.cli.demo.families import ARKHANGELSK, GATEWAY_PASSWORD, MOSCOW, OPTIONS, Family
from diary_api.cli.demo.folder import DATABASE, GATEWAY_LOG, KEYS, SANDBOX_LOG, empty
from diary_api.cli.demo.processes import running
from diary_api.cli.link import OWNERS
from diary_api.cli.ports import must_be_free
from diary_api.cli.screen import aside, screen, show_problem
from diary_api.cli.week import drawing
from diary_api.connections.schemas import Connection
from diary_api.school.schemas import Children, ChildShown, DiaryAnswer
from diary_core.errors import Misconfigured
from diary_core.model import Day, known
from diary_core.sign_in import Redirect

__all__ = ["command"]

HOST = "127.0.0.1"
SANDBOX_PORTS = 8
ENDINGS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""End the demo as Ctrl-C does, its servers included."""
WEEKS_BACK = 20
"""How far back a week worth showing is looked for: the longest vacation and some more."""
MARKS_WORTH_SHOWING = 5
_LEVELS = {"confirmed": "подтверждённая", "standard": "стандартная", "simplified": "упрощённая"}
"""What an account at Gosuslugi is worth."""


def command(
    port: Annotated[int, typer.Option(help="Port of the gateway.", min=1, max=65535)] = 8000,
    sandbox_port: Annotated[int, typer.Option(help="First port of the sandbox.", min=1, max=65500)] = 8700,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its files; emptied first.")] = Path(
        ".run/demo"
    ),
    once: Annotated[bool, typer.Option("--once", help="Show the weeks and end.")] = False,
    browser: Annotated[
        bool, typer.Option("--browser", help="Walk the Gosuslugi door too, as a mother of the town.")
    ] = False,
) -> None:
    """Link two invented families and show their week; goes on serving until Ctrl-C."""
    must_be_free(HOST, port)
    for taken in range(sandbox_port, sandbox_port + SANDBOX_PORTS):
        must_be_free(HOST, taken, option="--sandbox-port")
    if sandbox_port <= port < sandbox_port + SANDBOX_PORTS:
        last = sandbox_port + SANDBOX_PORTS - 1
        raise Misconfigured(f"the sandbox takes the ports {sandbox_port} to {last}; choose another --port")
    for ending in ENDINGS:
        signal.signal(ending, signal.default_int_handler)
    empty(folder)
    control, url = f"http://{HOST}:{sandbox_port}", f"http://{HOST}:{port}"
    town = ["diary_sandbox", "--port-base", str(sandbox_port), "--families", "50"]
    settings = {
        "DIARY_DATABASE_URL": f"sqlite+aiosqlite:///{folder / DATABASE}",
        "DIARY_KEY_FILE": str(folder / KEYS),
        "DIARY_PUBLIC_URL": url,
        "DIARY_SANDBOX_URL": control,
        **OPTIONS,
    }
    server = ["diary_api", "serve", "--port", str(port)]
    progress = Progress(SpinnerColumn(), TextColumn("{task.description}"), console=aside, transient=True)
    with progress:
        step = progress.add_task("Строим вымышленный город…")
        with running(town, ready_at=f"{control}/_sandbox", log=folder / SANDBOX_LOG):
            progress.update(step, description="Запускаем шлюз…")
            settings |= gosuslugi.configured(control, folder)
            with running(server, ready_at=f"{url}/readyz", log=folder / GATEWAY_LOG, environment=settings):
                try:
                    linked = [_link(url, family, progress) for family in (MOSCOW, ARKHANGELSK)]
                    progress.stop()
                    _tell(url, control, linked)
                    _tell_of_gosuslugi(url, walked=browser)
                except Refused as refused:
                    show_problem(refused.problem)
                    raise typer.Exit(1) from refused
                if not once:
                    _until_interrupted()


@dataclass(frozen=True)
class _Linked:
    """A family whose diary can be read now."""

    family: Family
    key: str
    """Opens the family's account."""
    children: Sequence[ChildShown]
    week: DiaryAnswer[Day]
    """Of the first child."""


def _link(url: str, family: Family, progress: Progress) -> _Linked:
    """Make an account for the family, sign in to its diary, and read."""
    progress.update(progress.task_ids[0], description=f"Подключаем: {family.title}…")
    with Gateway(url) as gateway:
        key = _account(gateway, family)
        _sign_in(gateway, family)
        children = gateway.get("/v1/children", Children).items
        return _Linked(family, key, children, _week(gateway, children[0]))


def _account(gateway: Gateway, family: Family) -> str:
    """Make an account for the family, sign in to it, and return the key."""
    who = {"email": f"family{family.region}@example.test", "password": GATEWAY_PASSWORD}
    gateway.post("/v1/accounts", who, Account)
    key = gateway.post("/v1/sessions", who, IssuedKey).secret
    gateway.use(key)
    return key


def _sign_in(gateway: Gateway, family: Family) -> None:
    """Sign in to the diary, through its own pages where it wants that."""
    linked = gateway.post("/v1/connections", {"region": family.region, "method": family.method}, Connection)
    if linked.pending and isinstance(linked.pending.step, Redirect):
        with Browser() as browser:
            browser.walk(linked.pending.step.url, family.typed)
    elif linked.pending:
        steps = f"/v1/connections/{linked.id}/steps"
        gateway.post(steps, {"values": dict(family.typed), "turn": linked.pending.turn}, Connection)
    now = gateway.get(f"/v1/connections/{linked.id}", Connection)
    if now.state != "active":
        raise Refused(Problem(code=now.outcome or "unknown", title=f"Не удалось подключить: {family.title}"))


def _week(gateway: Gateway, child: ChildShown) -> DiaryAnswer[Day]:
    """Return the child's newest week that has something to show: a Monday has few marks."""
    week = gateway.week(child.id, None)
    for _ in range(WEEKS_BACK):
        marks = [mark for day in week.items for lesson in day.lessons for mark in known(lesson.marks) or ()]
        if len(marks) >= MARKS_WORTH_SHOWING:
            break
        week = gateway.week(child.id, week.items[0].date - timedelta(days=1))
    return week


def _tell(url: str, control: str, linked: Sequence[_Linked]) -> None:
    """Print the weeks, and what can be done next."""
    width = max(48, min(100, (screen.width - 1) // 2 if screen.width >= 97 else screen.width))
    screen.print(paper.side_by_side([drawing(one.children[0], one.week, width=width) for one in linked]))
    screen.print("[dim]У каждой семьи показана последняя неделя, в которой уже есть отметки.[/]\n")
    screen.print(
        f"[bold]Шлюз:[/] {url}\n[bold]Описание API:[/] {url}/docs   [bold]OpenAPI:[/] {url}/openapi.json",
        soft_wrap=True,
    )
    screen.print(f"[bold]Песочница:[/] {control} (вымышленный город; там же все пароли)")
    for one in linked:
        names = ", ".join(first_name(child) for child in one.children)
        _try(f"{one.family.title}: {names}", f"curl -H 'Authorization: Bearer {one.key}' {url}/v1/children")
    first = linked[0]
    child, path = first.children[0], f"/v1/children/{first.children[0].id}/week"
    _try(f"неделя: {first_name(child)}", f"curl -H 'Authorization: Bearer {first.key}' {url}{path}")
    told = f"DIARY_URL={url} DIARY_TOKEN={first.key} {_diary()}"
    _try("она же в терминале", f"{told} week {first_name(child)}")
    linking = f"{told} link {gosuslugi.REGION} gosuslugi"
    _try("ещё один дневник в тот же аккаунт, через Госуслуги песочницы в вашем браузере", linking)


def _diary() -> Path:
    """Return the command as it can be typed here."""
    diary = Path(sys.executable).with_name("diary")
    return diary.relative_to(Path.cwd()) if diary.is_relative_to(Path.cwd()) else diary


def _try(what: str, line: str) -> None:
    """Print a line to be copied, whole however narrow the terminal, under a comment."""
    screen.print(f"\n[dim]# {escape(what)}[/]", soft_wrap=True)
    screen.print(line, soft_wrap=True, markup=False)


def _tell_of_gosuslugi(url: str, *, walked: bool) -> None:
    """Print the link that signs in through Gosuslugi, and how to go on; or what came of walking it."""
    person = f"логин {gosuslugi.PERSON['login']}, пароль {gosuslugi.PERSON['password']}"
    with Gateway(url) as gateway:
        if walked:
            _tell_of_walk(url, person, gosuslugi.walk(gateway))
            return
        begun = gosuslugi.begin(gateway)
    _try(f"вход в шлюз через Госуслуги песочницы, десять минут: {person}", begun.step.url)
    body = f'{{"key": "{begun.key}", "code": "КОД"}}'
    session = f"{url}{gosuslugi.DOOR}/session"
    _try(
        "в конце браузер покажет код, им открывается сеанс",
        f"curl -H 'Content-Type: application/json' -d '{body}' {session}",
    )
    screen.print(f"[dim]Пройти этот вход без рук: {_diary()} demo --browser[/]")


def _tell_of_walk(url: str, person: str, walked: gosuslugi.Walked) -> None:
    """Print what a mother has gone through, and what she has of it."""
    _try(f"вход через Госуслуги песочницы, пройден: {person}", walked.link)
    diary = walked.diary.title.ru if walked.diary.title else walked.diary.provider
    children = ", ".join(first_name(child) for child in walked.children)
    level = _LEVELS.get(walked.level, walked.level)
    screen.print(
        f"Аккаунт открыт, учётная запись Госуслуг {level}.\n"
        f"Дневник подключён: {escape(diary)} — {OWNERS[walked.diary.identity]}.",
        soft_wrap=True,
    )
    _try(children, f"curl -H 'Authorization: Bearer {walked.key}' {url}/v1/children")


def _until_interrupted() -> None:
    with suppress(KeyboardInterrupt):
        screen.print("\nПодключить ещё одну семью своими руками: docs/first-script.md")
        screen.print("Работает, пока вы не нажмёте Ctrl-C.")
        while True:
            time.sleep(3600)
