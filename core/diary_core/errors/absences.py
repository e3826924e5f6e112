"""Errors of telling the school that a child will be away."""

from __future__ import annotations

from diary_core.bilingual import Bilingual
from diary_core.errors.asking import BadRequest, NotFound
from diary_core.errors.door import OurDoor
from diary_core.errors.reading import GiveUp
from diary_core.errors.root import Actor


class AbsenceInPast(GiveUp):
    """The day is over where the school stands, so no notice of it is taken or taken back."""

    code = "absence_in_past"
    title = Bilingual("Этот день уже прошёл", "That day is over")
    remedy = Bilingual(
        "Уведомить можно о сегодняшнем и о будущих днях по времени школы; "
        "о прошедшем напишите классному руководителю.",
        "Notices are taken for today and later days by the school's clock; "
        "about a past day write to the class teacher.",
    )
    actor = Actor.PARENT


class AbsenceOverlaps(OurDoor):
    """A notice for the same day or the same lesson stands already."""

    code = "absence_overlaps"
    title = Bilingual("Об этом уже сообщено школе", "The school has been told of this already")
    remedy = Bilingual(
        "Посмотрите уведомления за этот день и сначала отзовите прежнее.",
        "Look at the notices of that day and withdraw the earlier one first.",
    )


class AbsenceReasonUnknown(BadRequest):
    """The diary does not offer this reason to parents."""

    code = "absence_reason_unknown"
    title = Bilingual("Такую причину указать нельзя", "This reason cannot be given")
    remedy = Bilingual(
        "Выберите причину из списка: GET /v1/children/{id}/absence-notices/reasons.",
        "Choose one of the list: GET /v1/children/{id}/absence-notices/reasons.",
    )


class LessonUnknown(BadRequest):
    """The child has no such lesson on that day, or it is not one that can be told of."""

    code = "lesson_unknown"
    title = Bilingual("Такого урока в этот день нет", "There is no such lesson on that day")
    remedy = Bilingual(
        "Уроки дня: GET /v1/children/{id}/days; отменённые не считаются.",
        "The lessons of the day: GET /v1/children/{id}/days; cancelled ones do not count.",
    )


class AbsenceRefused(GiveUp):
    """The diary did not take the notice, or did not let it be taken back, and did not explain why."""

    code = "absence_refused"
    title = Bilingual("Дневник не принял уведомление", "The diary did not take the notice")
    remedy = Bilingual(
        "Сообщите классному руководителю; возможно, школа принимает уведомления иначе.",
        "Tell the class teacher; the school may want to be told in another way.",
    )
    actor = Actor.SCHOOL


class AbsenceUnconfirmed(GiveUp):
    """A notice was sent, no answer came, and the diary could not be asked whether it stands."""

    code = "absence_unconfirmed"
    title = Bilingual("Неизвестно, дошло ли уведомление", "It is not known whether the notice has arrived")
    remedy = Bilingual(
        "Проверьте на сайте дневника или спросите классного руководителя.",
        "Look at the diary's own site, or ask the class teacher.",
    )
    actor = Actor.PARENT


class AbsenceNoticeUnknown(NotFound):
    """The child has no such notice."""

    code = "absence_notice_unknown"
    title = Bilingual("Такого уведомления нет", "There is no such notice")
    remedy = Bilingual(
        "Уведомления ребёнка: GET /v1/children/{id}/absence-notices.",
        "A child's notices: GET /v1/children/{id}/absence-notices.",
    )
