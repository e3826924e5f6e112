"""Routes of homework."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query
from pydantic.json_schema import SkipJsonSchema
from starlette.responses import Response

from diary_api.documentation import problems
from diary_api.gateway import Running
from diary_api.homework.download import Download
from diary_api.school import readings
from diary_api.school.asking import ANSWERS, READ_CODES, AboutChild, Asking, InSpan, OfChild
from diary_api.school.readings import Kind
from diary_api.school.schemas import HomeworkAnswer
from diary_api.school.spans import AnyDay

router = APIRouter(prefix="/v1", tags=["homework"])

HomeworkId = Annotated[
    str, Path(description="From `GET /v1/children/{child_id}/homework`, or of a lesson.", max_length=128)
]
_OF_ONE: Final = (*(code for code in READ_CODES if not code.startswith("span_")), "homework_unknown")
_TICKED: Final = problems(*_OF_ONE)
_A_FILE: Final[dict[str, Any]] = {  # FastAPI's own type of a documented answer
    "description": "The file, as an attachment; its type is told by its content",
    "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
    "headers": {
        "Content-Disposition": {
            "description": "Always an attachment, under the name it has in the diary.",
            "schema": {"type": "string"},
        }
    },
}


@router.get(
    "/children/{child_id}/homework", summary="Read homework", response_model=HomeworkAnswer, responses=ANSWERS
)
async def read_homework(
    gateway: Running,
    asking: Asking,
    span: InSpan,
    subject_id: Annotated[
        str | SkipJsonSchema[None],
        Query(
            description="Only of this subject, by the id it has in homework.", min_length=1, max_length=128
        ),
    ] = None,
) -> Response:
    """Read what is due in a span, by due date.

    `required` tells a must from a choice, `done` is the family's own tick, `minutes` how long it should take,
    `edited_at` when the teacher last changed it: each where the diary has it.
    """
    if subject_id is None:
        return await asking.answer(readings.homework(span))
    return asking.send(await gateway.homework.of_subject(asking.asked, span, subject_id))


@router.get(
    "/children/{child_id}/homework/overdue",
    summary="List overdue homework",
    response_model=HomeworkAnswer,
    responses=ANSWERS,
)
async def read_overdue_homework(
    gateway: Running,
    asking: Asking,
    since: Annotated[
        AnyDay,
        Query(description="First due day; two weeks back unless given.", examples=["2026-09-01"]),
    ] = None,
) -> Response:
    """List what was due before the school's present day and is not done, by due date.

    Where the family has a tick of its own, that decides; elsewhere the diary's own word does.
    """
    span = await gateway.homework.overdue_span(asking.asked, since)
    return await asking.answer(readings.overdue_homework(span))


@router.put(
    "/children/{child_id}/homework/{homework_id}/done",
    status_code=204,
    summary="Tick homework",
    responses=_TICKED,
)
async def tick_homework(gateway: Running, asked: AboutChild, homework_id: HomeworkId) -> None:
    """Set the family's own tick; twice is once. No diary shows that a teacher sees it."""
    await gateway.homework.tick(asked, homework_id, done=True)


@router.delete(
    "/children/{child_id}/homework/{homework_id}/done",
    status_code=204,
    summary="Clear a tick",
    responses=_TICKED,
)
async def clear_homework_tick(gateway: Running, asked: AboutChild, homework_id: HomeworkId) -> None:
    """Take the family's own tick back; where there is none, nothing changes."""
    await gateway.homework.tick(asked, homework_id, done=False)


@router.get(
    "/children/{child_id}/homework/{homework_id}/attachments/{attachment_id}",
    summary="Fetch a file",
    response_class=Response,
    responses=problems(
        *_OF_ONE,
        "attachment_unknown",
        "attachment_gone",
        "attachment_not_a_file",
        "attachment_elsewhere",
        "attachment_too_large",
        "attachment_mistyped",
        "attachment_unsafe",
        "too_many_requests",
    )
    | {200: _A_FILE},
)
async def fetch_attachment(
    gateway: Running,
    asked: OfChild,
    homework_id: HomeworkId,
    attachment_id: Annotated[
        str, Path(description="Of one of the homework's `attachments` of kind `file`.", max_length=128)
    ],
) -> Response:
    """Fetch a file of a homework; it is passed on as it comes and kept nowhere.

    A file over the limit, or whose length nobody has told and that turns out to be, is not passed on whole:
    the connection is cut, as it is when the diary breaks off or a grant ends.
    An account has four files under way at most.
    """
    file = await gateway.homework.open(asked, homework_id, attachment_id)
    longest = timedelta(seconds=gateway.settings.upstream.file_timeout_s)
    return Download(
        file,
        longest,
        closed=lambda: gateway.homework.files.end(asked.account_id),
        may_go_on=lambda: gateway.school.access.place(asked, Kind.HOMEWORK),
    )
