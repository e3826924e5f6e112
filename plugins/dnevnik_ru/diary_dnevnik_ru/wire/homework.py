"""Homework of a span, with its files."""

from __future__ import annotations

from pydantic import Field, model_validator

from diary_core.envelope import Envelope
from diary_dnevnik_ru.wire.lessons import LightLesson
from diary_dnevnik_ru.wire.marks import Work
from diary_dnevnik_ru.wire.school import Subject
from diary_dnevnik_ru.wire.values import (
    Id,
    LocalDayOrNone,
    Rows,
    Text,
    Wire,
    empty_list_as_object,
    twin,
)


class File(Wire):
    """A file given with homework; its name comes without the extension, which is `type`."""

    id: Id = Field(validation_alias=twin("id"))
    name: Text = None
    type: Text = None
    size: int | None = None
    download_url: Text = Field(default=None, alias="downloadUrl")
    """Whoever holds it may read the file, so it never leaves the plugin."""


class Task(Wire):
    """A homework as one pupil has it; its `status` is about handing work in, and its words are not known."""

    person: Id = Field(validation_alias=twin("person"))
    work: Id = Field(validation_alias=twin("work"))
    target_date: LocalDayOrNone = Field(default=None, alias="targetDate")


class Homeworks(Wire, Envelope):
    """Homework of a span: `persons/{person}/school/{school}/homeworks`."""

    works: Rows[Work] = ()
    subjects: Rows[Subject] = ()
    lessons: Rows[LightLesson] = ()
    files: Rows[File] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_empty_list(cls, value: object) -> object:
        return empty_list_as_object(value)
