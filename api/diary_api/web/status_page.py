"""The page that tells parents whether diaries can be read now, and whose trouble it is where not."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.responses import HTMLResponse

from diary_api.documentation import PAGE, problems
from diary_api.gateway import Running
from diary_api.status.schemas import Part, State, Status, Whose
from diary_api.status.words import STATES, figures_in_words
from diary_api.web.pages import page
from diary_core.bilingual import Bilingual

router = APIRouter(tags=["service"])

_ZONE = ZoneInfo("Europe/Moscow")
"""The page is one for the whole country, and its clock is the railway's."""
_US = Bilingual("Шлюз", "The gateway")
_GROUPS: tuple[tuple[Whose, str], ...] = (
    ("diary", "Дневники"),
    ("gosuslugi", "Госуслуги"),
    ("us", "Мы"),
)
"""What parents look for first."""
_WELL = frozenset({State.OK, State.UNKNOWN})
_TONES = {State.OK: "good", State.UNKNOWN: "quiet", State.SLOW: "wait", State.MAINTENANCE: "wait"}


class _Row(BaseModel):
    """One line of the page."""

    model_config = ConfigDict(frozen=True)

    title: str
    tone: str
    state: str
    sentence: str
    since: str
    figures: str | None


@router.get(
    "/status",
    summary="See whose trouble it is, as a page",
    response_class=HTMLResponse,
    responses={200: {"description": "How everything does, in Russian", "content": dict(PAGE)}} | problems(),
)
async def show_status_page(gateway: Running) -> HTMLResponse:
    """Tell parents, in Russian, what `GET /v1/status` tells programs."""
    status = await gateway.statuses.tell()
    return page(
        "status",
        headline=status.sentence.ru,
        well=all(part.state in _WELL for part in status.items),
        as_of=f"{status.as_of.astimezone(_ZONE):%d.%m, %H:%M}",
        groups=[(title, rows) for whose, title in _GROUPS if (rows := _rows(status, whose))],
    )


def _rows(status: Status, whose: Whose) -> list[_Row]:
    """Return the lines of a group, trouble first; ourselves in one line while all is well with us."""
    parts = [part for part in status.items if part.whose == whose]
    ill = [part for part in parts if part.state not in _WELL]
    if whose == "us" and not ill:
        newest = max(parts, key=lambda part: part.since)
        parts = [newest.model_copy(update={"title": _US})]
    return [_row(part, status) for part in sorted(parts, key=lambda part: part.state in _WELL)]


def _row(part: Part, status: Status) -> _Row:
    since = part.since.astimezone(_ZONE)
    today = since.date() == status.as_of.astimezone(_ZONE).date()
    return _Row(
        title=part.title.ru,
        tone=_TONES.get(part.state, "bad"),
        state=STATES[part.state],
        sentence=part.sentence.ru,
        since=f"{since:%H:%M}" if today else f"{since:%d.%m, %H:%M}",
        figures=part.figures and figures_in_words(part.figures),
    )
