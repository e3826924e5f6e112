"""How a parent gets into Дневник.ру.

Source: `docs/sources.md`, Дневник.ру: the vendor's instruction for parents and the announcement of region 29.
How long a school takes is published nowhere.
"""

from __future__ import annotations

from typing import Final

from diary_core.access_guide import AccessGuide, Obstacle
from diary_core.bilingual import Bilingual
from diary_core.provider import Instance
from diary_dnevnik_ru.instances import PORTAL

_ONLY_GOSUSLUGI: Final = "29"
"""Announced in 2017 that its diary is entered through Gosuslugi alone."""

_PAPERS: Final = (
    Bilingual("ФИО и дата рождения, ваши и ребёнка", "Full name and date of birth, yours and the child's"),
    Bilingual("СНИЛС, ваш и ребёнка", "SNILS, yours and the child's"),
    Bilingual("Почта и мобильный телефон: для первого входа", "E-mail and mobile phone: for the first entry"),
    Bilingual(
        "Для входа через Госуслуги: с 14 лет стандартная или подтверждённая учётная запись, "
        "младше хватит упрощённой",
        "For Gosuslugi: a standard or confirmed account from the age of 14; below, a simplified one will do",
    ),
)
_STEPS: Final = (
    Bilingual(
        "Сообщите школе ФИО, дату рождения и СНИЛС; она выдаст логин и временный пароль.",
        "Tell the school your full name, date of birth and SNILS; it gives a login and a temporary password.",
    ),
    Bilingual(
        "Войдите впервые на сайте дневника: проверьте данные, укажите почту и телефон, смените пароль, "
        "подтвердите почту по ссылке из письма. Логин можно сменить один раз.",
        "Sign in at the diary's site once: check the data, give e-mail and phone, change the password, "
        "confirm the e-mail by the link in the letter. The login can be changed once.",
    ),
    Bilingual(
        "Там же выберите свой регион и «Войти через Госуслуги»: если ФИО и СНИЛС совпадают, профили "
        "свяжутся сами, если нет, дневник один раз спросит свой логин и пароль.",
        "Choose your region and Gosuslugi there: where name and SNILS are the same, the profiles "
        "are joined at once, otherwise the diary asks for its own login and password one time.",
    ),
    Bilingual("Подключите дневник здесь любым из способов.", "Link the diary here by any of the ways."),
)
_OBSTACLES: Final = (
    Obstacle(
        shown=None,
        cause=Bilingual(
            "Дневник не нашёл вас по данным Госуслуг: в школе нет СНИЛС, или ФИО записаны иначе.",
            "The diary did not find you by Gosuslugi: the school has no SNILS, or another name.",
        ),
        remedy=Bilingual(
            "Введите один раз логин и пароль дневника или попросите школу исправить данные.",
            "Enter the diary's login and password once, or ask the school to correct the data.",
        ),
    ),
    Obstacle(
        shown=None,
        cause=Bilingual(
            "Пароль временный или устарел: дневник ждёт, что вы его смените.",
            "The password is temporary or too old: the diary waits for a new one.",
        ),
        remedy=Bilingual(
            "Войдите на сайте дневника и смените его.", "Sign in at the diary's site and change it."
        ),
    ),
    Obstacle(
        shown=None,
        cause=Bilingual(
            "Ребёнок больше не числится в школе этого дневника.",
            "The child is no longer listed in a school of this diary.",
        ),
        remedy=Bilingual("Спросите новую школу о её дневнике.", "Ask the new school about its diary."),
    ),
    Obstacle(
        shown=None,
        cause=Bilingual(
            "Форма входа на сайте просит ввести символы с картинки.",
            "The site's form asks for the letters in a picture.",
        ),
        remedy=Bilingual(
            "Войдите на сайте дневника или через Госуслуги, потом вернитесь сюда.",
            "Sign in at the diary's site, or use Gosuslugi, then come back here.",
        ),
    ),
)
_BY_PASSWORD_TOO: Final = Bilingual(
    "Школа: она выдаёт логин и временный пароль, регион добавляет вход через Госуслуги.",
    "The school, which gives a login and a temporary password; the region adds Gosuslugi.",
)
_FIRST_TIME_ONLY: Final = Bilingual(
    "Школа выдаёт логин и временный пароль для первого входа; дальше с 1 октября 2017 года регион пускает "
    "только через Госуслуги.",
    "The school gives a login and a temporary password for the first entry; since 1 October 2017 the region "
    "lets you in through Gosuslugi only.",
)


def access_guide(instance: Instance) -> AccessGuide:
    """Return how a parent gets into the diary of one region."""
    return AccessGuide(
        diary=instance.title,
        site=instance.hosts[PORTAL],
        issuer=_FIRST_TIME_ONLY if _ONLY_GOSUSLUGI in instance.regions else _BY_PASSWORD_TOO,
        papers=_PAPERS,
        takes=Bilingual(
            "Срок нигде не назван: спросите в школе.", "No time is named anywhere: ask the school."
        ),
        lasts=Bilingual(
            "Пока ребёнок числится в школе этого дневника; временный пароль — до первого входа.",
            "While the child is listed in a school of this diary; a temporary password serves once.",
        ),
        steps=_STEPS,
        obstacles=_OBSTACLES,
        ask=Bilingual(
            "Классный руководитель или тот, кто ведёт дневник в школе.",
            "The class teacher, or whoever keeps the diary at school.",
        ),
    )
