"""Homework and its files."""

from __future__ import annotations

from typing import Literal

from diary_core.model.calendar import Moment, SchoolDate
from diary_core.model.school import Subject
from diary_core.model.values import NOT_LOADED, Maybe, Model


class Attachment(Model):
    """A file or a digital task; its bytes are fetched through the gateway, never by a raw link."""

    id: str
    name: str
    kind: Literal["file", "digital", "link"]
    media_type: Maybe[str | None] = NOT_LOADED
    size_bytes: Maybe[int | None] = NOT_LOADED


class Homework(Model):
    """One assignment."""

    id: str
    subject: Subject
    assigned_on: Maybe[SchoolDate | None] = NOT_LOADED
    due_on: SchoolDate
    """The school's local date it must be ready for."""
    text: str
    """Plain text, lines kept; empty when only files were given."""
    scope: Maybe[Literal["class", "group", "child"]] = NOT_LOADED
    """For whom it was given."""
    required: Maybe[bool | None] = NOT_LOADED
    done: Maybe[bool] = NOT_LOADED
    """The family's own tick."""
    minutes: Maybe[int | None] = NOT_LOADED
    """Expected time."""
    attachments: Maybe[tuple[Attachment, ...]] = NOT_LOADED
    edited_at: Maybe[Moment | None] = NOT_LOADED
    lesson_id: Maybe[str | None] = NOT_LOADED
    """The lesson it is due on."""
