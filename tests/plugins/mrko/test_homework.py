"""Homework against the sandbox: minutes, ticks and files, whole and broken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from diary_core.errors import (
    AttachmentElsewhere,
    AttachmentGone,
    AttachmentMistyped,
    AttachmentTooLarge,
    AttachmentUnsafe,
    ChildUnknown,
    DiaryError,
    HomeworkUnknown,
    NotPermitted,
    RegionDown,
    RegionMaintenance,
)
from diary_core.model import Attachment, Enrolment, Homework, Missing, Reason, Unavailable, known
from diary_mrko.diary import MrkoDiary
from diary_sandbox.faults import FaultKind

from .town import Town

pytestmark = pytest.mark.anyio

AUTUMN = (date(2026, 9, 1), date(2026, 11, 30))
TICKS = "/api/family/mobile/v1/homeworks/*/done"
LIST = "/api/family/mobile/v1/homeworks"
FILES = "/api/ej/attachments/v1/files/*"


@pytest.fixture
def town(town: Town) -> Town:
    """Return the town with no tick of anybody's."""
    town.sandbox.world.forget_edits()
    return town


async def a_file(diary: MrkoDiary, child: Enrolment) -> tuple[Homework, Attachment]:
    """Return the first document of the autumn, and the homework it was given with."""
    for task in (await diary.homework(child.id, *AUTUMN)).items:
        for one in known(task.attachments) or ():
            if one.name.endswith(".pdf"):
                return task, one
    raise AssertionError("the autumn must have a file")


async def test_how_long_it_takes_stands_on_the_lessons(town: Town) -> None:
    """Two calls at once; without the second one the list is whole but for the minutes."""
    diary, child = await town.first_child()
    whole = await diary.homework(child.id, *AUTUMN)
    assert any(isinstance(task.minutes, int) for task in whole.items)
    town.fail(FaultKind.STATUS, "/api/eventcalendar/*", status=500)
    answer = await diary.homework(child.id, *AUTUMN)
    assert answer.partial == (Missing(what="minutes", reason=Reason.UPSTREAM_ERROR),)
    gap = Unavailable(reason=Reason.UPSTREAM_ERROR)
    assert answer.items == tuple(task.model_copy(update={"minutes": gap}) for task in whole.items)


async def test_a_tick_of_long_ago_is_found(town: Town) -> None:
    """The days around today are looked through first, then the school year before and after them."""
    diary, child = await town.first_child()
    tasks = (await diary.homework(child.id, *AUTUMN)).items
    near = next(task for task in tasks if task.due_on == town.now().date())
    town.sandbox.state.requests.clear()
    await diary.tick_homework(child.id, near.id, done=not near.done)
    assert town.asked("school.mos.ru")[f"GET {LIST}"] == 1
    await diary.tick_homework(child.id, tasks[0].id, done=not tasks[0].done)
    assert town.asked("school.mos.ru")[f"GET {LIST}"] == 1 + 2
    later = {task.id: task.done for task in (await diary.homework(child.id, *AUTUMN)).items}
    assert (later[near.id], later[tasks[0].id]) == (not near.done, not tasks[0].done)


async def test_a_lost_answer_to_a_tick_is_mended_by_asking_again(town: Town) -> None:
    """Nothing below repeats it; the parent does, and it is set once."""
    diary, child = await town.first_child()
    task = next(one for one in (await diary.homework(child.id, *AUTUMN)).items if one.done is False)
    town.fail(FaultKind.LOST_ANSWER, TICKS, count=1)
    with pytest.raises(RegionDown):
        await diary.tick_homework(child.id, task.id, done=True)
    await diary.tick_homework(child.id, task.id, done=True)
    assert town.asked("school.mos.ru")[f"POST {LIST}/{task.id}/done"] == 1
    (listed,) = [
        one for one in (await diary.homework(child.id, task.due_on, task.due_on)).items if one.id == task.id
    ]
    assert listed.done is True


@pytest.mark.parametrize(
    ("status", "error"), [(403, NotPermitted), (404, HomeworkUnknown), (499, RegionDown)]
)
async def test_a_refused_tick_says_why(town: Town, status: int, error: type[DiaryError]) -> None:
    """Whether a parent may tick at every node is not known: a refusal is no fault of ours."""
    diary, child = await town.first_child()
    task = (await diary.homework(child.id, *AUTUMN)).items[-1]
    town.fail(FaultKind.STATUS, TICKS, status=status)
    with pytest.raises(error):
        await diary.tick_homework(child.id, task.id, done=not task.done)


@pytest.mark.parametrize(
    ("kind", "more", "error"),
    [
        (FaultKind.PADDED, {"size": 26 * 1024 * 1024}, AttachmentTooLarge),
        (FaultKind.DISGUISED, {}, AttachmentUnsafe),
        (FaultKind.STATUS, {"status": 404}, AttachmentGone),
        (FaultKind.STATUS, {"status": 200, "body": "words", "content_type": "a/pdf"}, AttachmentMistyped),
        (FaultKind.HTML, {}, RegionMaintenance),
        (FaultKind.DROP, {}, RegionDown),
    ],
)
async def test_a_broken_file_has_a_name(
    town: Town, kind: FaultKind, more: Mapping[str, object], error: type[DiaryError]
) -> None:
    """Too large, lying, gone or not to be had: never told as a file."""
    diary, child = await town.first_child()
    task, file = await a_file(diary, child)
    town.fail(kind, FILES, **more)
    with pytest.raises(error):
        await read(diary, child, task, file)


async def test_a_file_elsewhere_is_not_gone_to(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link that leads away from the node is refused before it is called."""
    diary, child = await town.first_child()
    task, file = await a_file(diary, child)
    monkeypatch.setitem(town.sandbox.hosts, "https://school.mos.ru", "http://127.0.0.1:9")
    with pytest.raises(AttachmentElsewhere):
        await read(diary, child, task, file)


async def test_another_familys_files_do_not_open(town: Town) -> None:
    """Neither through their child nor through one's own."""
    diary, child = await town.first_child()
    others, stranger = await town.first_child("many")
    task, file = await a_file(others, stranger)
    with pytest.raises(ChildUnknown):
        await diary.attachment(stranger.id, task.id, file.id)
    with pytest.raises(HomeworkUnknown):
        await diary.attachment(child.id, task.id, file.id)
    with pytest.raises(HomeworkUnknown):
        await diary.tick_homework(child.id, task.id, done=True)


async def test_homework_taken_back_is_unknown(town: Town) -> None:
    """What the teacher has withdrawn can neither be ticked nor opened."""
    diary, child = await town.first_child()
    task, file = await a_file(diary, child)
    town.sandbox.world.withdraw_homework(int(task.id) // 1_000_000)
    with pytest.raises(HomeworkUnknown):
        await diary.attachment(child.id, task.id, file.id)
    with pytest.raises(HomeworkUnknown):
        await diary.tick_homework(child.id, task.id, done=True)


async def read(diary: MrkoDiary, child: Enrolment, task: Homework, file: Attachment) -> bytes:
    """Read a file to its end."""
    async with await diary.attachment(child.id, task.id, file.id) as opened:
        return b"".join([piece async for piece in opened])
