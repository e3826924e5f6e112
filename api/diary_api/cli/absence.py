"""Commands for notices of absence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Final

import typer
from rich.console import RenderableType
from rich.table import Table

from diary_api.absences.schemas import Notice, Notices, ToldNotices
from diary_api.absences.states import NoticeState
from diary_api.cli.children import chosen_child, first_name, heading
from diary_api.cli.client import Gateway, Problem, Refused
from diary_api.cli.screen import aside, screen
from diary_api.cli.signed_in import DAY_TYPED, HERE, ChildWord, Url, WritingToken, signed_in
from diary_api.cli.view import above_id, id_column
from diary_api.problems import PROBLEMS
from diary_api.school.schemas import ChildShown, DiaryAnswer
from diary_core.model import AbsenceNotice, Day, LessonSlot, OfferedReason, known

commands = typer.Typer(help="Tell the school that a child will be away.", no_args_is_help=True)

STATES: Final[Mapping[NoticeState, str]] = {
    NoticeState.ACCEPTED: "принято, дневник пока не ответил",
    NoticeState.DELIVERING: "отправлено, ждём подтверждения",
    NoticeState.DELIVERED: "передано школе",
    NoticeState.REFUSED: "не принято дневником",
    NoticeState.WITHDRAWING: "отзывается",
    NoticeState.WITHDRAWN: "отозвано",
}
_AHEAD: Final = timedelta(days=60)


@commands.command("list")
def show(
    child: ChildWord = None,
    *,
    since: Annotated[
        datetime | None, typer.Option(formats=DAY_TYPED, help="First day; today by default.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=DAY_TYPED, help="Last day; two months later by default.")
    ] = None,
    url: Url = HERE,
    token: WritingToken = "",
) -> None:
    """List what was told to the school, and how far each notice has come."""
    first = since.date() if since else datetime.now().astimezone().date()
    span = {"since": str(first), "until": str(until.date() if until else first + _AHEAD)}
    with signed_in(url, token) as gateway:
        chosen = chosen_child(gateway, child)
        found = gateway.get(f"/v1/children/{chosen.id}/absence-notices", Notices, span)
        titles = _titles(gateway, chosen)
    if found.stale:
        aside.print(f"⚠ Список самого дневника не получен или устарел ({found.stale_reason})")
    table = Table(id_column("уведомление"), "причина", "комментарий", "состояние", title=heading(chosen))
    for notice in found.items:
        title = titles.get(notice.reason_code or "", notice.reason_code or "")
        which = above_id(f"{notice.date:%d.%m.%Y}, {_what(notice)}", notice.id)
        table.add_row(which, title, notice.comment or "", _state(notice))
    for other in found.elsewhere:
        table.add_row(*_elsewhere(other))
    screen.print(table if table.row_count else f"Уведомлений нет: {first_name(chosen)}")


@commands.command()
def notify(
    child: ChildWord = None,
    *,
    on: Annotated[datetime, typer.Option(formats=DAY_TYPED, help="The day, or the first one.")],
    until: Annotated[
        datetime | None, typer.Option(formats=DAY_TYPED, help="The last day, with several.")
    ] = None,
    lesson: Annotated[
        list[int] | None,
        typer.Option(help="Number of a lesson, once for each; the whole day unless given."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Code of a reason; the list is shown without it.")] = "",
    comment: Annotated[str, typer.Option(help="What the class teacher should know besides.")] = "",
    url: Url = HERE,
    token: WritingToken = "",
) -> None:
    """Tell the school that the child will be away; what is accepted arrives once, whatever breaks."""
    with signed_in(url, token) as gateway:
        chosen = chosen_child(gateway, child)
        reasons = _reasons(gateway, chosen)
        if not reason:
            words = "; ".join(f"{code} – {title}" for code, title in reasons.items())
            raise Refused(
                Problem(code="reason_missing", title="По какой причине?", remedy=f"--reason: {words}.")
            )
        new = {
            "since": str(on.date()),
            "until": str(until.date()) if until else None,
            "lesson_ids": _lesson_ids(gateway, chosen, on.date(), lesson or ()),
            "reason_code": reason,
            "comment": comment or None,
        }
        told = gateway.post(f"/v1/children/{chosen.id}/absence-notices", new, ToldNotices)
    for notice in told.items:
        screen.print(f"{notice.id}  {notice.date:%d.%m.%Y}, {_what(notice)}: {_state(notice)}", markup=False)
    if any(notice.state is not NoticeState.DELIVERED for notice in told.items):
        screen.print("Доставим сами, как только дневник ответит; посмотреть: diary absence list.")


@commands.command()
def withdraw(
    notice: Annotated[str, typer.Argument(help="As `diary absence list` shows it.")],
    child: ChildWord = None,
    *,
    url: Url = HERE,
    token: WritingToken = "",
) -> None:
    """Take a notice back."""
    with signed_in(url, token) as gateway:
        chosen = chosen_child(gateway, child)
        left = gateway.take_back(f"/v1/children/{chosen.id}/absence-notices/{notice}", Notice)
    screen.print(f"{left.id}  {left.date:%d.%m.%Y}, {_what(left)}: {_state(left)}", markup=False)


def _reasons(gateway: Gateway, child: ChildShown) -> Mapping[str, str]:
    """Return the diary's reasons by code, in its order."""
    path = f"/v1/children/{child.id}/absence-notices/reasons"
    return {reason.code: reason.title for reason in gateway.get(path, DiaryAnswer[OfferedReason]).items}


def _titles(gateway: Gateway, child: ChildShown) -> Mapping[str, str]:
    """Return the diary's reasons by code; none when it does not tell them: then their codes are shown."""
    try:
        return _reasons(gateway, child)
    except Refused:
        return {}


def _lesson_ids(gateway: Gateway, child: ChildShown, on: date, numbers: Sequence[int]) -> Sequence[str]:
    """Return the lessons of a day by their numbers; where a diary tells none, the day's bells do.

    Raises:
        Refused: There is no lesson of a number.
    """
    if not numbers:
        return ()
    span = {"since": str(on), "until": str(on)}
    (day,) = gateway.get(f"/v1/children/{child.id}/days", DiaryAnswer[Day], span).items
    there = [(lesson, lesson.actual) for lesson in day.lessons if lesson.actual is not None]
    held = {number: lesson.id for lesson, _ in there if (number := known(lesson.slot)) is not None}
    if not held:
        path, query = f"/v1/children/{child.id}/bells", {"on": str(on)}
        bells = gateway.get(path, DiaryAnswer[LessonSlot], query).items
        lessons_at = {half.starts: lesson.id for lesson, half in there}
        held = {bell.number: lessons_at[bell.starts] for bell in bells if bell.starts in lessons_at}
    if any(number not in held for number in numbers):
        known_ones = ", ".join(map(str, sorted(held))) or "ни одного"
        remedy = f"Уроки {on:%d.%m}: {known_ones}."
        raise Refused(Problem(code="lesson_unknown", title="Такого урока нет", remedy=remedy))
    return [held[number] for number in numbers]


def _what(notice: Notice) -> str:
    return f"уроков: {len(notice.lesson_ids)}" if notice.lesson_ids else "весь день"


def _state(notice: Notice) -> str:
    problem = PROBLEMS.get(notice.problem or "")
    return f"{STATES[notice.state]} ({problem.title.ru})" if problem else STATES[notice.state]


def _elsewhere(notice: AbsenceNotice) -> Sequence[RenderableType]:
    what = "весь день" if notice.lesson_id is None else "урок"
    return (
        above_id(f"{notice.date:%d.%m.%Y}, {what}", notice.id),
        notice.reason.title if notice.reason else "",
        notice.comment or "",
        "сообщил другой родитель" if notice.told_by == "other" else "сообщено на сайте дневника",
    )
