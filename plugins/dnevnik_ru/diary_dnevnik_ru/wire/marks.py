"""Marks, and the works they hang on."""

from __future__ import annotations

from pydantic import Field

from diary_dnevnik_ru.wire.values import Id, IdOrNone, LocalDayOrNone, Rows, Text, UtcMoment, Wire, twin


class Work(Wire):
    """What a mark or a homework hangs on."""

    id: Id = Field(validation_alias=twin("id"))
    type: Text = None
    work_type: IdOrNone = Field(default=None, alias="workType")
    mark_type: Text = Field(default=None, alias="markType")
    lesson: IdOrNone = Field(default=None, validation_alias=twin("lesson"))
    edu_group: IdOrNone = Field(default=None, validation_alias=twin("eduGroup"))
    text: Text = None
    subject_id: IdOrNone = Field(default=None, alias="subjectId")
    is_important: bool | None = Field(default=None, alias="isImportant")
    target_date: LocalDayOrNone = Field(default=None, alias="targetDate")
    sent_date: UtcMoment = Field(default=None, alias="sentDate")
    period_number: int | None = Field(default=None, alias="periodNumber")
    """Of the reporting period it is filed under; zero for the whole year."""
    period_type: Text = Field(default=None, alias="periodType")
    created_by: IdOrNone = Field(default=None, alias="createdBy")
    """The teacher's person id."""
    files: Rows[Id] = ()


class Mark(Wire):
    """A mark as entered; without a lesson it closes a term, a year or an exam."""

    id: Id = Field(validation_alias=twin("id"))
    type: Text = None
    value: Text = None
    text_value: Text = Field(default=None, alias="textValue")
    person: IdOrNone = Field(default=None, validation_alias=twin("person"))
    work: IdOrNone = Field(default=None, validation_alias=twin("work"))
    lesson: IdOrNone = Field(default=None, validation_alias=twin("lesson"))
    date: UtcMoment = None
    work_type: IdOrNone = Field(default=None, alias="workType")
    use_avg_calc: bool | None = None
