"""Commands for trusted people: the parent's, and theirs."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Annotated, Final

import typer
from rich.table import Table

from diary_api.cli.children import first_name, pick
from diary_api.cli.client import Gateway, Problem, Refused
from diary_api.cli.screen import screen, show_problem
from diary_api.cli.signed_in import DAY_TYPED
from diary_api.cli.view import above_id, id_column
from diary_api.grants.rights import CHILD, TELLING_ABSENCE, TICKING_HOMEWORK, Right
from diary_api.grants.schemas import Grants, GrantUses, HeldGrant, HeldGrants, InvitedGrant
from diary_api.grants.states import GrantState
from diary_api.school.readings import Kind
from diary_api.school.schemas import Children, ChildShown
from diary_core.model import Moment, known

commands = typer.Typer(help="Let a grandmother or a nanny read about one child.", no_args_is_help=True)

RIGHTS: Final[Mapping[Right, str]] = {
    Right.LESSONS: "уроки и расписание",
    Right.HOMEWORK: "домашние задания",
    Right.MARKS: "отметки",
    Right.ATTENDANCE: "пропуски и опоздания",
    Right.REMARKS: "замечания учителей",
    Right.ANNOUNCEMENTS: "объявления и мероприятия",
    Right.VISITS: "проходы через турникет",
    Right.MEALS: "питание",
    Right.SCHOOL: "школа и класс",
    Right.ABSENCE_NOTICES: "сообщать школе об отсутствии",
    Right.HOMEWORK_TICKS: "отмечать задания сделанными",
}
STATES: Final[Mapping[GrantState, str]] = {
    GrantState.INVITED: "ждёт, пока примут",
    GrantState.LAPSED: "не принято вовремя",
    GrantState.GUESSED: "погашено: слишком много неверных кодов",
    GrantState.ACTIVE: "действует",
    GrantState.EXPIRED: "срок вышел",
    GrantState.REVOKED: "отозвано",
    GrantState.GIVEN_BACK: "возвращено",
    GrantState.REPLACED: "заменено новым",
    GrantState.UNLINKED: "дневник отключён",
}
READ: Final[Mapping[str, str]] = {
    CHILD: "кто это и где учится",
    TELLING_ABSENCE: "сообщение школе об отсутствии",
    TICKING_HOMEWORK: "галочка у задания",
    Kind.ABSENCE_NOTICES: "уведомления об отсутствии",
    Kind.ABSENCE_REASONS: "причины отсутствия",
    Kind.ANNOUNCEMENTS: "объявления",
    Kind.ATTENDANCE: "пропуски и опоздания",
    Kind.AVERAGES: "средние баллы",
    Kind.BELLS: "звонки",
    Kind.CALENDAR: "каникулы и праздники",
    Kind.CLASS_STANDING: "место в классе",
    Kind.DAYS: "уроки",
    Kind.EVENTS: "мероприятия",
    Kind.HOMEWORK: "домашние задания",
    Kind.MARK: "отметка подробно",
    Kind.MARKS: "отметки",
    Kind.MEAL_ACCOUNT: "счёт столовой",
    Kind.MEALS: "питание",
    Kind.MESSAGES: "сообщения",
    Kind.OVERDUE_HOMEWORK: "просроченные задания",
    Kind.REMARKS: "замечания",
    Kind.RESULTS: "итоговые отметки",
    Kind.SCHOOL: "школа",
    Kind.SIGNATURES: "подписи недель",
    Kind.STUDY_PLAN: "учебный план",
    Kind.TERMS: "учебные периоды",
    Kind.THREADS: "переписка",
    Kind.VISITS: "проходы",
    Kind.YEARS: "учебные годы",
}
_REFUSED = {"right_missing": "не открыто", "child_unknown": "доступ окончен"}

Url = Annotated[str, typer.Option(envvar="DIARY_URL", help="Where the gateway listens.")]
Token = Annotated[
    str,
    typer.Option(
        envvar="DIARY_TOKEN",
        help="A session, or a token with the rights grants:manage and diary:read.",
        prompt="Токен",
        show_default=False,
        hide_input=True,
    ),
]
ChildName = Annotated[str | None, typer.Argument(help="Id or first name, with several children.")]
GrantId = Annotated[str, typer.Argument(help="As `diary grants list` shows it.")]
HOME: Final = "http://127.0.0.1:8000"


@commands.command()
def invite(
    child: ChildName = None,
    *,
    called: Annotated[
        str,
        typer.Option(
            help="What you call the trusted person.",
            prompt="Кого приглашаете, например «Бабушка»",
            show_default=False,
        ),
    ] = "",
    right: Annotated[
        list[Right] | None,
        typer.Option(metavar="right", help=f"What she may see, once for each: {', '.join(Right)}."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=DAY_TYPED,
            help="The last day, at most a year ahead.",
            prompt="Последний день, ГГГГ-ММ-ДД",
        ),
    ] = None,
    url: Url = HOME,
    token: Token = "",
) -> None:
    """Invite somebody; prints the link to send, and the code to tell her in another way."""
    if not right:
        words = "; ".join(f"{name} – {word}" for name, word in RIGHTS.items())
        show_problem(Problem(code="rights_missing", title="Что открыть?", remedy=f"--right: {words}."))
        raise typer.Exit(2)
    assert until is not None  # noqa: S101  it is asked for when it is not given
    with _asking(url, token) as gateway:
        chosen = _own(gateway, child)
        new = {"called": called, "rights": right, "ends_at": _end_of(until).isoformat()}
        made = gateway.post(f"/v1/children/{chosen.id}/grants", new, InvitedGrant)
    screen.print(f"[bold green]Приглашение готово[/]  {made.id}")
    screen.print(f"Ссылка, отправьте её: {made.invitation.link}", soft_wrap=True, markup=False)
    screen.print(f"Код, скажите его голосом: {made.invitation.code}", markup=False)
    screen.print(f"Принять можно до {_at(made.invitation.ends_at)}; код больше не покажем.")


@commands.command("list")
def show(child: ChildName = None, url: Url = HOME, token: Token = "") -> None:
    """List whom you let read about a child, and whom you did."""
    with _asking(url, token) as gateway:
        chosen = _own(gateway, child)
        found = gateway.get(f"/v1/children/{chosen.id}/grants", Grants).items
    table = Table(
        id_column("кто"), "состояние", "что открыто", "до", "последний раз", title=first_name(chosen)
    )
    for grant in found:
        used = _at(grant.last_used_at) if grant.last_used_at else "—"
        who, open_to = above_id(grant.called, grant.id), _spoken(grant.rights)
        table.add_row(who, STATES[grant.state], open_to, _at(grant.ends_at), used)
    screen.print(table if found else f"Никому не открыто: {first_name(chosen)}")


@commands.command()
def uses(grant: GrantId, child: ChildName = None, url: Url = HOME, token: Token = "") -> None:
    """Show the latest a trusted person has asked for, and whether she got it."""
    with _asking(url, token) as gateway:
        chosen = _own(gateway, child)
        found = gateway.get(f"/v1/children/{chosen.id}/grants/{grant}/uses", GrantUses).items
    table = Table("когда", "что", "сколько раз", "вышло ли")
    for use in found:
        outcome = "да" if use.outcome == "ok" else _REFUSED.get(use.outcome, use.outcome)
        table.add_row(_at(use.last_at), READ.get(use.kind, use.kind), str(use.count), outcome)
    screen.print(table if found else "Ещё ничего не смотрели.")


@commands.command()
def revoke(grant: GrantId, child: ChildName = None, url: Url = HOME, token: Token = "") -> None:
    """Take a grant or an invitation back, at once."""
    with _asking(url, token) as gateway:
        gateway.delete(f"/v1/children/{_own(gateway, child).id}/grants/{grant}")
    screen.print("[bold green]Доступ отозван[/]")


@commands.command()
def accept(
    link: Annotated[
        str, typer.Option(help="The whole link.", prompt="Приглашение (ссылка целиком)", show_default=False)
    ] = "",
    code: Annotated[
        str, typer.Option(help="As the parent has told you.", prompt="Код от родителя", show_default=False)
    ] = "",
    url: Url = HOME,
    token: Token = "",
) -> None:
    """Accept an invitation into your own account."""
    with _asking(url, token) as gateway:
        held = gateway.post("/v1/grants/accept", {"link": link, "code": code}, HeldGrant)
    screen.print(f"[bold green]Принято[/]  {_told(held)}", soft_wrap=True)


@commands.command()
def mine(url: Url = HOME, token: Token = "") -> None:
    """List what parents let you see."""
    with _asking(url, token) as gateway:
        found = gateway.get("/v1/me/grants", HeldGrants).items
    for held in found:
        screen.print(f"{held.id}  {_told(held)}", soft_wrap=True, markup=False)
    if not found:
        screen.print("Вам пока ничего не открыто.")


@commands.command("give-back")
def give_back(grant: GrantId, url: Url = HOME, token: Token = "") -> None:
    """Give back what a parent lets you see."""
    with _asking(url, token) as gateway:
        gateway.delete(f"/v1/me/grants/{grant}")
    screen.print("[bold green]Доступ возвращён[/]")


@contextmanager
def _asking(url: str, token: str) -> Generator[Gateway]:
    """Talk to the gateway; what it refuses is shown, and ends the command."""
    with Gateway(url, token) as gateway:
        try:
            yield gateway
        except Refused as refused:
            show_problem(refused.problem)
            raise typer.Exit(1) from refused


def _own(gateway: Gateway, wanted: str | None) -> ChildShown:
    """Return the child that is meant, of one's own: others' children are not one's to grant."""
    children = gateway.get("/v1/children", Children).items
    return pick([child for child in children if child.granted is None], wanted)


def _end_of(day: datetime) -> datetime:
    """Return the end of a day where the parent is."""
    return (day + timedelta(days=1)).astimezone()


def _told(held: HeldGrant) -> str:
    name = known(held.child_name)
    return f"{name.first if name else 'Ребёнок'}: {_spoken(held.rights)}, до {_at(held.ends_at)}"


def _spoken(rights: tuple[Right, ...]) -> str:
    return ", ".join(word for right, word in RIGHTS.items() if right in rights)


def _at(moment: Moment) -> str:
    return f"{moment.astimezone():%d.%m.%Y %H:%M}"
