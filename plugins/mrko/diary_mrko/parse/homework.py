"""Homework: the list with its files and ticks, and the shorter form that lessons carry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final, Literal
from zoneinfo import ZoneInfo

from diary_core.errors import RegionChanged
from diary_core.model import (
    NOT_LOADED,
    UNSUPPORTED,
    Attachment,
    Homework,
    Maybe,
    NotLoaded,
    Subject,
    Unavailable,
)
from diary_core.text import clean, filler, tidy
from diary_mrko.parse.moments import local, local_or_none
from diary_mrko.parse.subjects import subject
from diary_mrko.wire import homework as wire
from diary_mrko.wire.lessons import Event, Events

_FILE: Final = "attachments"
"""Type of a material that is a plain file; any other is a digital task or a lesson of the city library."""
_FILE_LINK: Final = "file_link"


def homework(
    listed: Sequence[wire.Homework], zone: ZoneInfo, events: Events | Unavailable | NotLoaded = NOT_LOADED
) -> tuple[Homework, ...]:
    """Return the list by due date, then by id, without fillers.

    Args:
        listed: The list.
        zone: The school's.
        events: The lessons of the same span, which alone know how long a task takes, or why there are none.

    Raises:
        RegionChanged: An item lacks its due date or its subject.
    """
    told = _minutes_by_entry(events)
    gap = events if isinstance(events, Unavailable) else NOT_LOADED
    found: list[Homework] = []
    for item in listed:
        task = listed_task(item, zone)
        if task is not None:
            known = item.homework_entry_id in told
            found.append(task.model_copy(update={"minutes": told[item.homework_entry_id] if known else gap}))
    return tuple(sorted(found, key=lambda task: (task.due_on, task.id)))


def _minutes_by_entry(events: Events | Unavailable | NotLoaded) -> dict[str | None, int | None]:
    """Return the expected times; a lesson that names no entries tells none."""
    if not isinstance(events, Events):
        return {}
    entries = (entry for event in events.response if event.homework for entry in event.homework.entries)
    return {entry.homework_entry_id: minutes(entry) for entry in entries if entry.homework_entry_id}


def listed_task(
    item: wire.Homework, zone: ZoneInfo, *, lesson_id: Maybe[str | None] = NOT_LOADED
) -> Homework | None:
    """Return one item of the list; None for a filler such as «Не задано» without files.

    Expected minutes stand in lessons only. The system of today does not tell required from voluntary.

    Raises:
        RegionChanged: It lacks its due date or its subject.
    """
    text = _text(item.description, item.homework)
    attachments = tuple(_attachment(material) for material in item.materials)
    if not text and not attachments:
        return None
    created, updated = item.homework_created_at, item.homework_updated_at
    return Homework(
        id=item.homework_entry_student_id,
        subject=subject(item.subject_id, item.subject_name, field="payload.[].subject_name"),
        assigned_on=item.date_assigned_on,
        due_on=due_on(item, zone),
        text=text,
        scope=UNSUPPORTED,
        required=UNSUPPORTED,
        done=item.is_done,
        attachments=attachments,
        edited_at=None if updated == created else local_or_none(updated, zone),
        lesson_id=lesson_id,
    )


def due_on(item: wire.Homework, zone: ZoneInfo) -> date:
    """Return the school day an item is due on.

    Raises:
        RegionChanged: It has none.
    """
    if item.date is not None:
        return item.date
    if item.date_prepared_for is None:
        raise RegionChanged("a homework has no due date", field="payload.[].date")
    return local(item.date_prepared_for, zone).date()


def lesson_tasks(
    event: Event, *, of: Subject, due_on: date, lesson_id: str, gap: NotLoaded | Unavailable
) -> tuple[Homework, ...]:
    """Return homework as a lesson itself tells it: without ticks, files and times of edit.

    Args:
        event: The lesson; it describes every task, and names the entries of some.
        of: Its subject.
        due_on: Its day.
        lesson_id: Our id of it.
        gap: Why the rest is not there.
    """
    told = event.homework
    if told is None:
        return ()
    entries = {text: entry for entry in told.entries if (text := _text(entry.description))}
    described = [text for description in told.descriptions if (text := _text(description))]
    texts = dict.fromkeys([*described, *entries])
    return tuple(
        Homework(
            id=_own_id(entries.get(text), lesson_id, number),
            subject=of,
            assigned_on=entries[text].date_assigned_on if text in entries else gap,
            due_on=due_on,
            text=text,
            scope=UNSUPPORTED,
            required=UNSUPPORTED,
            done=gap,
            minutes=minutes(entries[text]) if text in entries else gap,
            attachments=gap,
            edited_at=gap,
            lesson_id=lesson_id,
        )
        for number, text in enumerate(texts, start=1)
    )


def _own_id(entry: wire.LessonHomeworkEntry | None, lesson_id: str, number: int) -> str:
    """Return an id for a task whose own, the child's, stands in the list only."""
    entry_id = entry.homework_entry_id if entry else None
    return f"entry-{entry_id}" if entry_id else f"{lesson_id}-homework-{number}"


def minutes(entry: wire.LessonHomeworkEntry) -> int | None:
    """Return the expected time; the diary writes 0 when the teacher did not say."""
    whole = int(entry.duration) if entry.duration is not None and abs(entry.duration) < Decimal(10_000) else 0
    return whole if whole > 0 else None


def _text(*variants: str | None) -> str:
    """Return the first variant that says something, in plain text; a filler says nothing."""
    for variant in variants:
        cleaned = clean(variant or "")
        if not filler(cleaned):
            return cleaned
    return ""


def _attachment(material: wire.Material) -> Attachment:
    """Return a file or a digital task; its link opens only with the parent's token, so it stays behind.

    Raises:
        RegionChanged: It has neither number nor UUID.
    """
    own_id = material_id(material)
    if own_id is None:
        raise RegionChanged("a material has no id", field="payload.[].materials.[].id")
    kind: Literal["file", "digital"] = "file" if is_file(material) else "digital"
    name = material_name(material) or own_id
    return Attachment(id=own_id, name=name, kind=kind, media_type=material.content_type or NOT_LOADED)


def material_id(material: wire.Material) -> str | None:
    """Return what a material is known by: its number, else its UUID."""
    return material.id or material.uuid


def material_name(material: wire.Material) -> str:
    """Return what a material is called, empty when it is called nothing; that of a file has its extension."""
    return tidy(material.title or "") or tidy(material.type_name or "")


def is_file(material: wire.Material) -> bool:
    """Tell whether a material is a plain file, and no digital task."""
    return material.type == _FILE


def file_link(material: wire.Material) -> str | None:
    """Return where the bytes of a file are; None when the diary does not say."""
    links = {link.type: link.url for link in reversed(material.urls) if link.url}
    return links.get(_FILE_LINK) or next(iter(links.values()), None)
