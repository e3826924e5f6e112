"""Homework, as lessons carry it and as the list gives it."""

from __future__ import annotations

from diary_mrko.wire.values import (
    Flag,
    Id,
    ItemsOnly,
    Listed,
    MaybeDay,
    MaybeMoment,
    MaybeNumber,
    MaybeText,
    Wire,
)


class Link(Wire):
    """Where a material is; it opens with a token only, so it never leaves the plugin."""

    url: MaybeText = None
    type: MaybeText = None


class Material(Wire):
    """A file or a digital task of a homework."""

    id: Id | None = None
    uuid: MaybeText = None
    type: MaybeText = None
    title: MaybeText = None
    type_name: MaybeText = None
    content_type: MaybeText = None
    urls: Listed[Link] = ()


class Homework(Wire):
    """An item of `family/*/v1/homeworks`."""

    type: MaybeText = None
    homework_entry_student_id: Id
    homework_entry_id: Id | None = None
    description: MaybeText = None
    homework: MaybeText = None
    subject_id: Id | None = None
    subject_name: MaybeText = None
    group_id: Id | None = None
    date: MaybeDay = None
    date_prepared_for: MaybeMoment = None
    date_assigned_on: MaybeDay = None
    lesson_date_time: MaybeMoment = None
    homework_created_at: MaybeMoment = None
    homework_updated_at: MaybeMoment = None
    is_done: Flag = False
    materials: ItemsOnly[Material] = ()


class LessonHomeworkEntry(Wire):
    """One text of a lesson's homework."""

    homework_entry_id: Id | None = None
    date_assigned_on: MaybeDay = None
    description: MaybeText = None
    duration: MaybeNumber = None


class LessonHomework(Wire):
    """The homework of an event."""

    descriptions: Listed[MaybeText] = ()
    entries: Listed[LessonHomeworkEntry] = ()
