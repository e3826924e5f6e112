"""Files and overdue homework against the sandbox, whole and broken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from diary_core.abilities import TicksHomework
from diary_core.errors import (
    AttachmentElsewhere,
    AttachmentGone,
    AttachmentTooLarge,
    AttachmentUnsafe,
    ChildUnknown,
    DiaryError,
    HomeworkUnknown,
    RegionDown,
    RegionMaintenance,
)
from diary_core.model import Attachment, Enrolment, Homework, known
from diary_dnevnik_ru.diary import DnevnikRuDiary
from diary_sandbox.faults import Fault, FaultKind

from .town import Town

pytestmark = pytest.mark.anyio

AUTUMN = (date(2026, 9, 1), date(2026, 11, 30))


async def a_file(town: Town) -> tuple[DnevnikRuDiary, Enrolment, Homework, Attachment]:
    """Return the first document of the mother's first child, and the homework it was given with."""
    diary = await town.diary()
    child = (await diary.enrolments()).items[0]
    for task in (await diary.homework(child.id, *AUTUMN)).items:
        for one in known(task.attachments) or ():
            if one.name.endswith(".pdf"):
                return diary, child, task, one
    raise AssertionError("the autumn must have a file")


async def read(diary: DnevnikRuDiary, child: Enrolment, task: Homework, file: Attachment) -> bytes:
    """Read a file to its end."""
    async with await diary.attachment(child.id, task.id, file.id) as opened:
        return b"".join([piece async for piece in opened])


async def test_a_file_takes_three_calls(town: Town) -> None:
    """The work tells its day, the child's list of those days the link, and the link the bytes."""
    diary, child, task, file = await a_file(town)
    town.forget_calls()
    assert (await read(diary, child, task, file)).startswith(b"%PDF-")
    assert town.calls() == {"works/{}": 1, "persons/{}/school/{}/homeworks": 1, "GET /files/{}/get": 1}


@pytest.mark.parametrize(
    ("kind", "more", "error"),
    [
        (FaultKind.PADDED, {"size": 26 * 1024 * 1024}, AttachmentTooLarge),
        (FaultKind.DISGUISED, {}, AttachmentUnsafe),
        (FaultKind.STATUS, {"status": 404}, AttachmentGone),
        (FaultKind.HTML, {}, RegionMaintenance),
        (FaultKind.DROP, {}, RegionDown),
    ],
)
async def test_a_broken_file_has_a_name(
    town: Town, kind: FaultKind, more: Mapping[str, object], error: type[DiaryError]
) -> None:
    """Too large, lying, gone or not to be had: never told as a file."""
    diary, child, task, file = await a_file(town)
    town.sandbox.faults.add(Fault(kind, path="/files/*", **more))  # pyright: ignore[reportArgumentType]  as `Fault` takes them
    with pytest.raises(error):
        await read(diary, child, task, file)


async def test_a_file_elsewhere_is_not_gone_to(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link that leads away from the diary is refused before it is called."""
    diary, child, task, file = await a_file(town)
    monkeypatch.setitem(town.sandbox.hosts, "https://api.dnevnik.ru", "http://127.0.0.1:9")
    with pytest.raises(AttachmentElsewhere):
        await read(diary, child, task, file)


async def test_another_familys_files_do_not_open(town: Town) -> None:
    """Neither through their child nor through one's own; whoever holds a link could, so none leaks."""
    _, child, task, file = await a_file(town)
    family = await town.sign_in(login="lesnaya", password="sandbox-dnevnik")
    others = await town.diary(family.credentials)
    own = (await others.enrolments()).items[0]
    with pytest.raises(ChildUnknown):
        await others.attachment(child.id, task.id, file.id)
    with pytest.raises(HomeworkUnknown):
        await others.attachment(own.id, task.id, file.id)


async def test_undone_is_the_diarys_own_word(town: Town) -> None:
    """What it lists is told as not done, of the asked span only; the tick itself is not on the wire."""
    diary = await town.diary()
    child = (await diary.enrolments()).items[0]
    assert not isinstance(diary, TicksHomework)
    yesterday = town.channel.now().date() - timedelta(days=1)
    whole = (await diary.overdue_homework(child.id, *AUTUMN)).items
    assert whole
    assert [task.id for task in whole if task.done is not False or task.due_on > yesterday] == []
    since = yesterday - timedelta(days=10)
    part = (await diary.overdue_homework(child.id, since, yesterday)).items
    assert part == tuple(task for task in whole if task.due_on >= since)
    assert (await diary.overdue_homework(child.id, date(2026, 8, 1), date(2026, 8, 31))).items == ()
