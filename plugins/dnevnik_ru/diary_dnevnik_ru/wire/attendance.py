"""Lesson log entries of a span."""

from __future__ import annotations

from pydantic import Field, model_validator

from diary_core.envelope import Envelope
from diary_dnevnik_ru.wire.lessons import FullLesson, LogEntry
from diary_dnevnik_ru.wire.values import Rows, Wire


class LogEntries(Wire, Envelope):
    """Entries of a span: `persons/{person}/lesson-log-entries`; older clients type them as a bare list."""

    entries: Rows[LogEntry] = Field(default=(), alias="logEntries")
    lessons: Rows[FullLesson] = ()
    """Of the entries; none in the older form."""

    @model_validator(mode="before")
    @classmethod
    def _from_bare_list(cls, value: object) -> object:
        return {"logEntries": value} if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]  validated next
