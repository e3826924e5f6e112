"""The part of the contract about homework: the list, the family's tick, and files."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from functools import partial
from typing import ClassVar

import pytest

from diary_core.abilities import (
    Diary,
    FetchesAttachments,
    ReadsHomework,
    ReadsOverdueHomework,
    TicksHomework,
    able,
)
from diary_core.errors import (
    AttachmentNotAFile,
    AttachmentUnknown,
    ChildUnknown,
    HomeworkUnknown,
)
from diary_core.model import Attachment, Enrolment, Homework, known
from diary_core.testing import checks
from diary_core.testing.ability_tests import children_of, is_sound, needs

STRANGE = ("no-such-homework", "999999999999999999", "../done", "")
"""Ids that no diary gives out."""


@pytest.mark.anyio
class HomeworkContract:
    """What every diary with homework must keep; ticks are put back as they were."""

    span: ClassVar[tuple[date, date]]

    @needs(ReadsHomework)
    async def test_homework_is_due_in_the_span(self, diary: Diary) -> None:
        """Homework stands in the span by due date, each once, and a filler is no homework."""
        since, until = self.span
        seen = 0
        for enrolment in await children_of(diary):
            answer = await able(diary, ReadsHomework).homework(enrolment.id, since, until)
            is_sound(diary, answer, Homework)
            assert checks.outside([task.due_on for task in answer.items], since, until) == []
            assert checks.repeated([task.id for task in answer.items]) == []
            assert [fault for task in answer.items for fault in checks.homework_faults(task)] == []
            seen += len(answer.items)
        assert seen

    @needs(ReadsOverdueHomework)
    async def test_overdue_homework_is_late(self, diary: Diary) -> None:
        """It is some of the homework of the span, told alike, due before today, and not done."""
        since, until = self.span
        for enrolment in await children_of(diary):
            answer = await able(diary, ReadsOverdueHomework).overdue_homework(enrolment.id, since, until)
            is_sound(diary, answer, Homework)
            listed = (await able(diary, ReadsHomework).homework(enrolment.id, since, until)).items
            late = {task.id: task.done for task in answer.items}
            assert set(late.values()) <= {False}
            assert [task.id for task in answer.items if task.due_on >= answer.as_of.date()] == []
            alike = [task.model_copy(update={"done": False}) for task in listed if task.id in late]
            assert list(answer.items) == alike

    @needs(TicksHomework)
    async def test_a_tick_is_set_and_cleared(self, diary: Diary) -> None:
        """The next read shows it, nothing else changes, and twice is once."""
        book = able(diary, TicksHomework)
        task, whose = await _first(diary, *self.span)
        before = known(task.done)
        assert before is not None, "a diary that takes ticks shows them"
        for done in (not before, not before, before):
            await book.tick_homework(whose.id, task.id, done=done)
            listed = (await able(diary, ReadsHomework).homework(whose.id, task.due_on, task.due_on)).items
            assert [one for one in listed if one.id == task.id] == [task.model_copy(update={"done": done})]

    @needs(TicksHomework)
    async def test_strange_homework_is_not_ticked(self, diary: Diary) -> None:
        """No id the diary did not give, no other child's, and nothing for a strange enrolment."""
        book = able(diary, TicksHomework)
        task, whose = await _first(diary, *self.span)
        for homework_id in STRANGE:
            with pytest.raises(HomeworkUnknown):
                await book.tick_homework(whose.id, homework_id, done=True)
        for other in await children_of(diary):
            if other.child.id != whose.child.id:
                with pytest.raises(HomeworkUnknown):
                    await book.tick_homework(other.id, task.id, done=True)
        with pytest.raises(ChildUnknown):
            await book.tick_homework("no-such-enrolment", task.id, done=True)
        listed = (await able(diary, ReadsHomework).homework(whose.id, task.due_on, task.due_on)).items
        assert [one for one in listed if one.id == task.id] == [task]

    @needs(FetchesAttachments)
    async def test_files_open(self, diary: Diary) -> None:
        """Every file of the span comes whole, as large as it was told; what is no file says so."""
        shelf = able(diary, FetchesAttachments)
        seen = 0
        async for whose, task, attachment in _attachments(diary, *self.span):
            if attachment.kind != "file":
                with pytest.raises(AttachmentNotAFile):
                    await shelf.attachment(whose.id, task.id, attachment.id)
                continue
            async with await shelf.attachment(whose.id, task.id, attachment.id) as file:
                size = sum([len(piece) async for piece in file])
            told = {known(attachment.size_bytes), file.size_bytes} - {None}
            assert (file.name, told) == (attachment.name, {size})
            assert known(attachment.media_type) in {None, file.media_type}
            seen += 1
        assert seen

    @needs(FetchesAttachments)
    async def test_strange_attachments_do_not_open(self, diary: Diary) -> None:
        """No id the diary did not give, and no file through another child of the family."""
        shelf = able(diary, FetchesAttachments)
        found = [one async for one in _attachments(diary, *self.span) if one[2].kind == "file"]
        whose, task, attachment = found[0]
        for strange in STRANGE:
            with pytest.raises(AttachmentUnknown):
                await shelf.attachment(whose.id, task.id, strange)
            with pytest.raises(HomeworkUnknown):
                await shelf.attachment(whose.id, strange, attachment.id)
        for other in await children_of(diary):
            if other.child.id != whose.child.id:
                with pytest.raises(HomeworkUnknown):
                    await shelf.attachment(other.id, task.id, attachment.id)
        with pytest.raises(ChildUnknown):
            await shelf.attachment("no-such-enrolment", task.id, attachment.id)


async def _first(diary: Diary, since: date, until: date) -> tuple[Homework, Enrolment]:
    """Return the first homework of the family, and whose it is."""
    for enrolment in await children_of(diary):
        for task in (await able(diary, ReadsHomework).homework(enrolment.id, since, until)).items:
            return task, enrolment
    raise AssertionError("the span must have homework")


async def _attachments(
    diary: Diary, since: date, until: date
) -> AsyncIterator[tuple[Enrolment, Homework, Attachment]]:
    read = partial(able(diary, ReadsHomework).homework, since=since, until=until)
    for enrolment in await children_of(diary):
        for task in (await read(enrolment.id)).items:
            for attachment in known(task.attachments) or ():
                yield enrolment, task, attachment
