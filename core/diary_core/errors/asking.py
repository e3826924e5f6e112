"""Errors of what was asked: malformed requests, and things that are not there."""

from __future__ import annotations

from diary_core.bilingual import Bilingual
from diary_core.errors.root import Actor, DiaryError, Retry


class BadRequest(DiaryError):
    """The request cannot be met as it is written; `field` names the part to correct."""

    actor = Actor.DEVELOPER
    retry = Retry.AFTER_REMEDY


class InvalidInput(BadRequest):
    """A parameter or a body field is missing or malformed."""

    code = "invalid_input"
    title = Bilingual("Запрос заполнен неверно", "The request is malformed")
    remedy = Bilingual("Исправьте названные поля.", "Correct the named fields.")


class SpanReversed(BadRequest):
    """The last day lies before the first."""

    code = "span_reversed"
    title = Bilingual("Конец периода раньше начала", "The span ends before it begins")
    remedy = Bilingual("Поменяйте даты местами.", "Swap the dates.")


class SpanTooLong(BadRequest):
    """More than one school year was asked for at once."""

    code = "span_too_long"
    title = Bilingual("Слишком длинный период", "The span is too long")
    remedy = Bilingual("Спросите не больше учебного года за раз.", "Ask for one school year at most.")


class WeekAhead(BadRequest):
    """A week that has not begun cannot be signed."""

    code = "week_ahead"
    title = Bilingual("Эта неделя ещё не началась", "This week has not begun")
    remedy = Bilingual("Подпишите неделю, когда она начнётся.", "Sign the week once it has begun.")
    actor = Actor.PARENT


class NotFound(DiaryError):
    """No such thing for this account; a stranger's thing looks exactly the same."""

    code = "not_found"
    title = Bilingual("Не найдено", "Not found")
    remedy = Bilingual("Проверьте адрес.", "Check the address.")
    actor = Actor.DEVELOPER
    retry = Retry.NEVER


class RegionUnknown(NotFound):
    """No region has this code."""

    code = "region_unknown"
    title = Bilingual("Нет региона с таким кодом", "No region has this code")
    remedy = Bilingual("Все коды: GET /v1/regions.", "All codes: GET /v1/regions.")


class ProviderUnknown(NotFound):
    """No installed plugin has this slug."""

    code = "provider_unknown"
    title = Bilingual("Такая система дневников не подключена", "No such diary system is installed")
    remedy = Bilingual("Подключённые системы: GET /v1/regions.", "Installed systems: GET /v1/regions.")


class InstanceUnknown(NotFound):
    """The provider has no such server."""

    code = "instance_unknown"
    title = Bilingual("Такого дневника нет", "No such diary server")
    remedy = Bilingual(
        "Дневники региона: GET /v1/regions/{code}.", "A region's diaries: GET /v1/regions/{code}."
    )


class MethodUnknown(NotFound):
    """This server does not offer this way to sign in."""

    code = "method_unknown"
    title = Bilingual("Такого способа входа здесь нет", "No such way to sign in here")
    remedy = Bilingual("Способы входа: GET /v1/regions/{code}.", "Ways to sign in: GET /v1/regions/{code}.")


class ConnectionUnknown(NotFound):
    """This account has no such connection."""

    code = "connection_unknown"
    title = Bilingual("Такого подключения нет", "No such connection")
    remedy = Bilingual("Ваши подключения: GET /v1/connections.", "Your connections: GET /v1/connections.")


class ChildUnknown(NotFound):
    """This account has no such child."""

    code = "child_unknown"
    title = Bilingual("Такого ребёнка у вас нет", "You have no such child")
    remedy = Bilingual("Ваши дети: GET /v1/children.", "Your children: GET /v1/children.")


class TermUnknown(NotFound):
    """The school year of this child has no such term."""

    code = "term_unknown"
    title = Bilingual("Такого учебного периода нет", "No such term")
    remedy = Bilingual(
        "Периоды ребёнка: GET /v1/children/{id}/terms.", "The child's terms: GET /v1/children/{id}/terms."
    )


class SubjectUnknown(NotFound):
    """The child has no such subject in this term, or several of that name."""

    code = "subject_unknown"
    title = Bilingual("Такого предмета в этом периоде нет", "No such subject in this term")
    remedy = Bilingual(
        "Имена и id предметов: GET /v1/children/{id}/averages.",
        "Names and ids of subjects: GET /v1/children/{id}/averages.",
    )


class YearUnknown(NotFound):
    """The diary keeps no such school year of this child."""

    code = "year_unknown"
    title = Bilingual("Такого учебного года в дневнике нет", "The diary has no such school year")
    remedy = Bilingual(
        "Учебные годы ребёнка: GET /v1/children/{id}/years.",
        "The child's school years: GET /v1/children/{id}/years.",
    )


class MarkUnknown(NotFound):
    """The child has no such mark; one the teacher has taken back looks the same."""

    code = "mark_unknown"
    title = Bilingual("Такой отметки нет, или её сняли", "No such mark, or it was taken back")
    remedy = Bilingual(
        "Отметки ребёнка: GET /v1/children/{id}/marks.", "The child's marks: GET /v1/children/{id}/marks."
    )
