"""Homework and what is attached to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file with real bytes behind it; `World.attachment_bytes` gives them."""

    id: int
    name: str
    """With its extension."""
    content_type: str
    size: int
    """Bytes; exactly as many as the content has."""


class MaterialMode(StrEnum):
    """What a pupil is to do with a digital material."""

    LEARN = "learn"
    EXECUTE = "execute"


@dataclass(frozen=True, slots=True)
class DigitalMaterial:
    """A test or a lesson of the digital library set as homework."""

    id: int
    uuid: str
    title: str
    kind: str
    """`test_spec_binding`, `lesson_template`, `atomic_object`, ..."""
    mode: MaterialMode
    url: str


@dataclass(frozen=True, slots=True)
class HomeworkVersion:
    """The text of a task before an edit."""

    text: str
    until: datetime
    """When this version was replaced."""


@dataclass(frozen=True, slots=True)
class HomeworkTask:
    """One task as one pupil sees it."""

    id: int
    class_id: int
    group_id: int
    subgroup: int | None
    subject_id: int
    teacher_id: int
    assigned_lesson_id: int
    due_lesson_id: int
    assigned_on: date
    due_on: date
    """The day of the lesson it must be ready for."""
    text: str
    required: bool | None
    """None: the teacher did not say."""
    minutes: int | None
    """Expected effort."""
    attachments: tuple[Attachment, ...]
    materials: tuple[DigitalMaterial, ...]
    created_at: datetime
    edited_at: datetime | None
    """None: never edited."""
    history: tuple[HomeworkVersion, ...]
    """Earlier texts, oldest first."""
    done: bool
    """The family's own tick; False in class-wide answers."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A family's own tick on a task."""

    id: int
    """Of the task."""
    done: bool
