"""Homework: works of the lesson they must be ready for.

What the system does not tell: whether it is a must, how long it takes, an edit, the family's own tick.
A task's `status` is about handing work in and its words are not known, so it is no tick.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from mimetypes import MimeTypes
from typing import Final

from diary_core.model import UNSUPPORTED, Attachment, Homework, Maybe, Unavailable
from diary_core.text import clean, filler, tidy
from diary_dnevnik_ru import wire
from diary_dnevnik_ru.parse.tables import DANGLING, Tables, Whose, names_of

_TYPES: Final = MimeTypes(filenames=())
"""Python's own list, the same on every machine."""


@dataclass(frozen=True)
class Files:
    """The files homework points at: only the call for homework brings them."""

    by_id: Mapping[str, wire.File] = field(default_factory=dict[str, wire.File])
    gap: Unavailable | None = None
    """Why some are missing, when a call failed."""

    @classmethod
    def read(cls, answers: Sequence[wire.Homeworks | Unavailable]) -> Files:
        """Put the answers for the pieces of a span together."""
        told = [answer for answer in answers if isinstance(answer, wire.Homeworks)]
        return cls(
            by_id={file.id: file for answer in told for file in answer.files},
            gap=next((answer for answer in answers if isinstance(answer, Unavailable)), None),
        )

    def of(self, work: wire.Work) -> Maybe[tuple[Attachment, ...]]:
        """Return the files of a homework; unavailable when one of them is not described."""
        found = [self.by_id.get(file_id) for file_id in dict.fromkeys(work.files)]
        files = tuple(_attachment(file) for file in found if file is not None)
        return files if len(files) == len(found) else self.gap or DANGLING


def due_homework(
    answers: Sequence[wire.Homeworks], whose: Whose, since: date, until: date
) -> tuple[Homework, ...]:
    """Return what is due in the span, by due date and lesson, each once; fillers left out."""
    tables = Tables(names=names_of(subject for answer in answers for subject in answer.subjects))
    lessons = {lesson.id: lesson for answer in answers for lesson in answer.lessons}
    works = {work.id: work for answer in answers for work in answer.works}
    files = Files.read(answers)
    found: list[tuple[date, int, Homework]] = []
    for work in works.values():
        lesson = lessons.get(work.lesson or "")
        due_on = (lesson.date if lesson else None) or work.target_date
        if due_on is None or not since <= due_on <= until:
            continue
        subject_id = lesson.subject_id if lesson else None
        task = homework(work, due_on, subject_id, tables=tables, files=files, whose=whose)
        if task is not None:
            found.append((due_on, (lesson.number if lesson else None) or 0, task))
    found.sort(key=lambda each: (each[0], each[1], int(each[2].id)))
    return tuple(task for _, _, task in found)


def homework(
    work: wire.Work, due_on: date, subject_id: str | None, *, tables: Tables, files: Files, whose: Whose
) -> Homework | None:
    """Return one assignment, None when it says nothing: a filler, or only a column for marks."""
    text = clean(work.text or "")
    if filler(text):
        text = ""
    if not text and not work.files:
        return None
    return Homework(
        id=work.id,
        subject=tables.subject(work.subject_id or subject_id),
        assigned_on=_assigned_on(work, due_on, whose),
        due_on=due_on,
        text=text,
        scope="class" if work.edu_group in (None, whose.seat.group) else "group",
        required=UNSUPPORTED,
        done=UNSUPPORTED,
        minutes=UNSUPPORTED,
        attachments=files.of(work),
        edited_at=UNSUPPORTED,
        lesson_id=work.lesson,
    )


def _assigned_on(work: wire.Work, due_on: date, whose: Whose) -> Maybe[date | None]:
    """Return the day it was sent; a day after the due one is no day of assignment.

    That `sentDate` is UTC like the other moments is our reading.
    """
    if work.sent_date is None:
        return None
    sent_on = work.sent_date.astimezone(whose.zone).date()
    return sent_on if sent_on <= due_on else DANGLING


def file_name(file: wire.File) -> str:
    """Return what a file is called; the extension stands apart from the name on the wire."""
    extension = _extension(file)
    stem = tidy(file.name or "") or file.id
    return stem if not extension or stem.lower().endswith(f".{extension}") else f"{stem}.{extension}"


def _extension(file: wire.File) -> str:
    return tidy(file.type or "").lower()


def _attachment(file: wire.File) -> Attachment:
    return Attachment(
        id=file.id,
        name=file_name(file),
        kind="file",
        media_type=_TYPES.types_map[True].get(f".{_extension(file)}"),
        size_bytes=file.size if file.size is not None and file.size >= 0 else None,
    )
