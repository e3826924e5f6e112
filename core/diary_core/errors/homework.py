"""Errors of homework: ticks and files."""

from __future__ import annotations

from diary_core.bilingual import Bilingual
from diary_core.errors.asking import NotFound
from diary_core.errors.reading import GiveUp
from diary_core.errors.root import Actor

_IN_THE_DIARY = Bilingual(
    "Откройте задание на сайте самого дневника.", "Open the homework on the diary's own site."
)


class HomeworkUnknown(NotFound):
    """The child has no such homework; one the teacher has taken back looks the same."""

    code = "homework_unknown"
    title = Bilingual("Такого задания нет, или его сняли", "No such homework, or it was taken back")
    remedy = Bilingual(
        "Задания ребёнка: GET /v1/children/{id}/homework.",
        "The child's homework: GET /v1/children/{id}/homework.",
    )


class AttachmentUnknown(NotFound):
    """The homework has no such attachment, or no longer."""

    code = "attachment_unknown"
    title = Bilingual("Такого вложения у задания нет", "The homework has no such attachment")
    remedy = Bilingual(
        "Вложения задания: GET /v1/children/{id}/homework.",
        "The attachments of a homework: GET /v1/children/{id}/homework.",
    )


class AttachmentGone(NotFound):
    """The diary lists the file and has it no more."""

    code = "attachment_gone"
    title = Bilingual("Файла в дневнике больше нет", "The diary no longer has the file")
    remedy = Bilingual("Попросите учителя приложить его снова.", "Ask the teacher to attach it again.")
    actor = Actor.SCHOOL


class AttachmentNotAFile(GiveUp):
    """The attachment is a digital task or a link: there are no bytes to fetch."""

    code = "attachment_not_a_file"
    title = Bilingual("Это не файл, а задание на сайте", "This is no file but a task on a site")
    remedy = _IN_THE_DIARY
    actor = Actor.PARENT


class AttachmentElsewhere(GiveUp):
    """The file lies on a server that is not the diary's own; the gateway does not go there."""

    code = "attachment_elsewhere"
    title = Bilingual("Файл лежит вне дневника", "The file lies outside the diary")
    remedy = _IN_THE_DIARY
    actor = Actor.PARENT


class AttachmentTooLarge(GiveUp):
    """The file is larger than the gateway passes on."""

    code = "attachment_too_large"
    title = Bilingual("Файл слишком большой", "The file is too large")
    remedy = _IN_THE_DIARY
    actor = Actor.PARENT


class AttachmentMistyped(GiveUp):
    """What is inside the file is not what its name says."""

    code = "attachment_mistyped"
    title = Bilingual("Внутри файла не то, что в его названии", "The file is not what its name says")
    remedy = Bilingual("Не открывайте его и сообщите учителю.", "Do not open it, and tell the teacher.")
    actor = Actor.SCHOOL


class AttachmentUnsafe(GiveUp):
    """The file is a program, a web page, or of a kind nobody sets for home."""

    code = "attachment_unsafe"
    title = Bilingual("Файлы такого вида шлюз не передаёт", "The gateway does not pass on files of this kind")
    remedy = Bilingual(
        "Попросите учителя приложить документ, картинку, звук, видео или архив.",
        "Ask the teacher for a document, a picture, sound, video or an archive.",
    )
    actor = Actor.SCHOOL
