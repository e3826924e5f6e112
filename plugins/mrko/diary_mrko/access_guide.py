"""How a parent gets into МЭШ, into a node of «Моя школа», or to the old МРКО login.

Source: `docs/sources.md`, МЭШ: what parents were told between 2015 and 2026. Nobody publishes how a node or
Perm gives out logins: what is said of them is what their sign-in pages ask for.
"""

from __future__ import annotations

from typing import Final

from diary_core.access_guide import AccessGuide, Obstacle
from diary_core.bilingual import Bilingual
from diary_core.provider import Instance
from diary_mrko.instances import MOSCOW, PERM

_SCHOOL_DATA: Final = Bilingual(
    "СНИЛС, мобильный телефон и почта в анкете школы: они должны совпадать с вашей учётной записью",
    "SNILS, mobile phone and e-mail in the school's records: they must be those of your account",
)
_TEACHER: Final = Bilingual(
    "Классный руководитель; он видит, какие данные о вас записаны в школе, и может их исправить.",
    "The class teacher, who sees what the school has written down of you and can correct it.",
)
_WORKS: Final = Obstacle(
    shown=None,
    cause=Bilingual(
        "На сайте технические работы: дневник закрыт на обслуживание.",
        "The site says that it is closed for maintenance.",
    ),
    remedy=Bilingual(
        "Подождите; пока он закрыт, мы показываем последнее, что из него получили.",
        "Wait; meanwhile we show what we last had from it.",
    ),
)
_UNTOLD: Final = Bilingual("Срок действия не назван.", "No time is named.")

_MOSCOW: Final = AccessGuide(
    diary=Bilingual("Дневник МЭШ", "MES diary"),
    site="https://school.mos.ru",
    issuer=Bilingual(
        "Вход — ваша учётная запись mos.ru; ребёнка к ней привязывает школа.",
        "You enter with your own mos.ru account; it is the school that ties the child to it.",
    ),
    papers=(
        Bilingual("Учётная запись mos.ru с подтверждённым СНИЛС", "A mos.ru account with a checked SNILS"),
        _SCHOOL_DATA,
        Bilingual(
            "Для старого входа МРКО: листок с логином (цифры) и паролем от классного руководителя; "
            "на нескольких детей по просьбе дают одну пару",
            "For the old МРКО entry: the slip with login (digits) and password from the class teacher; "
            "one pair for several children if you ask for it",
        ),
    ),
    takes=Bilingual(
        "До трёх рабочих дней после того, как школа внесла ваши данные.",
        "Up to three working days after the school has entered your data.",
    ),
    lasts=Bilingual("Один учебный год.", "One school year."),
    steps=(
        Bilingual(
            "Заведите учётную запись на mos.ru или войдите в неё; можно через Госуслуги.",
            "Open a mos.ru account or sign in to yours; Gosuslugi will do.",
        ),
        Bilingual(
            "Впишите в неё СНИЛС, телефон и почту и подтвердите их кодами.",
            "Enter SNILS, phone and e-mail there and confirm them by the codes.",
        ),
        Bilingual(
            "Передайте классному руководителю те же СНИЛС, телефон и почту.",
            "Give the class teacher the same SNILS, phone and e-mail.",
        ),
        Bilingual(
            "Подключите дневник здесь: откроется страница mos.ru. Пароль видит только она.",
            "Link the diary here: the page of mos.ru opens. It alone sees the password.",
        ),
    ),
    obstacles=(
        Obstacle(
            shown="К сожалению, недостаточно данных для доступа к электронному дневнику",
            cause=Bilingual(
                "Данные в школе и на mos.ru не совпадают.", "The school's data and those of mos.ru differ."
            ),
            remedy=Bilingual(
                "Сверьте СНИЛС, телефон и почту с классным руководителем, потом войдите снова.",
                "Compare SNILS, phone and e-mail with the class teacher, then sign in again.",
            ),
        ),
        Obstacle(
            shown="Заявление не может быть подано",
            cause=Bilingual(
                "В учётной записи mos.ru нет СНИЛС, телефона или почты.",
                "The mos.ru account lacks SNILS, phone or e-mail.",
            ),
            remedy=Bilingual("Впишите их в профиле mos.ru.", "Enter them in the profile at mos.ru."),
        ),
        Obstacle(
            shown="Неправильный логин или пароль",
            cause=Bilingual(
                "В них ошибка, или школа их сменила.", "They are mistyped, or the school has changed them."
            ),
            remedy=Bilingual(
                "Попросите у классного руководителя новый листок.", "Ask the class teacher for a new slip."
            ),
        ),
        _WORKS,
    ),
    ask=_TEACHER,
)


def access_guide(instance: Instance) -> AccessGuide:
    """Return how a parent gets into one server."""
    if instance.slug == MOSCOW:
        return _MOSCOW
    return _perm(instance) if instance.slug == PERM else _node(instance)


def _node(instance: Instance) -> AccessGuide:
    return AccessGuide(
        diary=instance.title,
        site=instance.hosts["school"],
        issuer=Bilingual(
            "Школа ребёнка: она вносит вас в «Мою школу»; вход — через Госуслуги или по логину от школы.",
            "The child's school, which enters you in My School; you use Gosuslugi or the school's login.",
        ),
        papers=(
            Bilingual("Подтверждённая учётная запись Госуслуг", "A confirmed Gosuslugi account"),
            Bilingual(
                "СНИЛС и ФИО в школе — те же, что на Госуслугах",
                "SNILS and full name in the school's records, the same as at Gosuslugi",
            ),
        ),
        takes=Bilingual(
            "Срок регион не называет: спросите в школе.", "The region names no time: ask the school."
        ),
        lasts=_UNTOLD,
        steps=(
            Bilingual(
                "Передайте классному руководителю ФИО и СНИЛС, свои и ребёнка.",
                "Give the class teacher full name and SNILS, yours and the child's.",
            ),
            Bilingual(
                "Подключите дневник здесь через Госуслуги: откроется страница Госуслуг.",
                "Link the diary here through Gosuslugi: the page of Gosuslugi opens.",
            ),
            Bilingual(
                "Нет подтверждённой учётной записи — попросите в школе логин и пароль «Моей школы».",
                "Without a confirmed account ask the school for a login and password of My School.",
            ),
        ),
        obstacles=(
            Obstacle(
                shown=None,
                cause=Bilingual(
                    "Госуслуги впускают, но детей не видно: СНИЛС или ФИО в школе записаны иначе.",
                    "Gosuslugi lets you in but no child is there: the school has another SNILS or name.",
                ),
                remedy=Bilingual(
                    "Сверьте их с классным руководителем буква в букву.",
                    "Compare them with the class teacher, letter by letter.",
                ),
            ),
            Obstacle(
                shown=None,
                cause=Bilingual(
                    "Учётная запись Госуслуг не подтверждена.", "The Gosuslugi account is not confirmed."
                ),
                remedy=Bilingual(
                    "Подтвердите её лично, через банк или электронной подписью.",
                    "Confirm it in person, through a bank or by an electronic signature.",
                ),
            ),
            _WORKS,
        ),
        ask=_TEACHER,
    )


def _perm(instance: Instance) -> AccessGuide:
    return AccessGuide(
        diary=instance.title,
        site=instance.hosts["school"],
        issuer=Bilingual(
            "Школа ребёнка; как именно, край не публикует.",
            "The child's school; the region does not publish how.",
        ),
        papers=(Bilingual("Спросите в школе, какие данные о вас ей нужны", "Ask the school what it needs"),),
        takes=Bilingual("Срок не называют.", "No time is named."),
        lasts=_UNTOLD,
        steps=(
            Bilingual(
                "Получите вход у классного руководителя и войдите на сайте ЭПОС.",
                "Get a login from the class teacher and sign in at the site of EPOS.",
            ),
            Bilingual(
                "Здесь дневник подключается только токеном, который вы сами возьмёте из браузера.",
                "Here the diary is linked only by a token that you take from the browser yourself.",
            ),
        ),
        obstacles=(
            Obstacle(
                shown=None,
                cause=Bilingual(
                    "Токен действует недолго; какие разделы он открывает, не проверено.",
                    "The token does not live long; which parts it opens has not been checked.",
                ),
                remedy=Bilingual(
                    "Войдите на сайте снова и возьмите новый.", "Sign in again and take a new one."
                ),
            ),
            _WORKS,
        ),
        ask=_TEACHER,
    )
