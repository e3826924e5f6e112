"""Subjects of grades 1 to 11, their weekly hours, and what is done in them."""

from __future__ import annotations

from diary_sandbox.world.places import LessonKind, Subject

RUSSIAN, READING, LITERATURE, MATHS, ALGEBRA, GEOMETRY, STATISTICS = 1, 2, 3, 4, 5, 6, 7
INFORMATICS, ENGLISH, NATURE, HISTORY, SOCIETY, GEOGRAPHY, BIOLOGY = 8, 9, 10, 11, 12, 13, 14
PHYSICS, CHEMISTRY, ART, MUSIC, CRAFT, SPORT, SAFETY, ETHICS, PROJECT = 15, 16, 17, 18, 19, 20, 21, 22, 23
TALKS, HORIZONS = 25, 26
CHESS, ROBOTS, DANCE = 31, 32, 33

_EXACT = "Математика и информатика"
_WORDS = "Русский язык и литература"
_PEOPLE = "Общественно-научные предметы"
_NATURE = "Естественно-научные предметы"
_OUT = "Внеурочная деятельность"
_CLUB = "Дополнительное образование"


def _subject(
    number: int, name: str, area: str, kind: LessonKind = LessonKind.REGULAR, *, marked: bool = True
) -> Subject:
    return Subject(id=number, name=name, area=area, kind=kind, marked=marked)


SUBJECTS: dict[int, Subject] = {
    subject.id: subject
    for subject in (
        _subject(RUSSIAN, "Русский язык", _WORDS),
        _subject(READING, "Литературное чтение", _WORDS),
        _subject(LITERATURE, "Литература", _WORDS),
        _subject(MATHS, "Математика", _EXACT),
        _subject(ALGEBRA, "Алгебра", _EXACT),
        _subject(GEOMETRY, "Геометрия", _EXACT),
        _subject(STATISTICS, "Вероятность и статистика", _EXACT),
        _subject(INFORMATICS, "Информатика", _EXACT),
        _subject(ENGLISH, "Иностранный язык (английский)", "Иностранные языки"),
        _subject(NATURE, "Окружающий мир", "Обществознание и естествознание («Окружающий мир»)"),
        _subject(HISTORY, "История", _PEOPLE),
        _subject(SOCIETY, "Обществознание", _PEOPLE),
        _subject(GEOGRAPHY, "География", _PEOPLE),
        _subject(BIOLOGY, "Биология", _NATURE),
        _subject(PHYSICS, "Физика", _NATURE),
        _subject(CHEMISTRY, "Химия", _NATURE),
        _subject(ART, "Изобразительное искусство", "Искусство"),
        _subject(MUSIC, "Музыка", "Искусство"),
        _subject(CRAFT, "Труд (технология)", "Технология"),
        _subject(SPORT, "Физическая культура", "Физическая культура"),
        _subject(SAFETY, "Основы безопасности и защиты Родины", "Основы безопасности и защиты Родины"),
        _subject(ETHICS, "Основы религиозных культур и светской этики", "ОРКСЭ", marked=False),
        _subject(PROJECT, "Индивидуальный проект", "Проектная деятельность"),
        _subject(TALKS, "Разговоры о важном", _OUT, LessonKind.EXTRA, marked=False),
        _subject(HORIZONS, "Россия — мои горизонты", _OUT, LessonKind.EXTRA, marked=False),
        _subject(CHESS, "Шахматы", _CLUB, LessonKind.ADDITIONAL, marked=False),
        _subject(ROBOTS, "Робототехника", _CLUB, LessonKind.ADDITIONAL, marked=False),
        _subject(DANCE, "Хореография", _CLUB, LessonKind.ADDITIONAL, marked=False),
    )
}

CLUBS: tuple[int, ...] = (CHESS, ROBOTS, DANCE)

SUBGROUPED: frozenset[int] = frozenset({ENGLISH, INFORMATICS})
"""Taught in subgroups where the class has them."""

PRIMARY: frozenset[int] = frozenset({RUSSIAN, READING, MATHS, NATURE, ART, CRAFT, ETHICS})
"""What the class teacher of grades 1 to 4 teaches."""

_START = {RUSSIAN: 5, READING: 4, MATHS: 4, NATURE: 2, ART: 1, MUSIC: 1, CRAFT: 1}
_MIDDLE = {
    ALGEBRA: 3,
    GEOMETRY: 2,
    STATISTICS: 1,
    INFORMATICS: 1,
    ENGLISH: 3,
    HISTORY: 2,
    SOCIETY: 1,
    SPORT: 2,
}
_TOP = {
    RUSSIAN: 2,
    LITERATURE: 3,
    ALGEBRA: 3,
    GEOMETRY: 3,
    STATISTICS: 1,
    INFORMATICS: 2,
    ENGLISH: 3,
    HISTORY: 2,
    SOCIETY: 2,
    GEOGRAPHY: 1,
    BIOLOGY: 1,
    PHYSICS: 3,
    CHEMISTRY: 1,
    SPORT: 2,
    SAFETY: 1,
}
_FIFTH = {
    RUSSIAN: 5,
    LITERATURE: 3,
    MATHS: 5,
    ENGLISH: 3,
    HISTORY: 2,
    GEOGRAPHY: 1,
    BIOLOGY: 1,
    ART: 1,
    MUSIC: 1,
    CRAFT: 2,
    SPORT: 2,
}

HOURS: dict[int, dict[int, int]] = {
    1: {**_START, SPORT: 2},
    2: {**_START, ENGLISH: 2, SPORT: 2},
    3: {**_START, ENGLISH: 2, SPORT: 3},
    4: {**_START, READING: 3, ETHICS: 1, ENGLISH: 2, SPORT: 3},
    5: {**_FIFTH, INFORMATICS: 1},
    6: {**_FIFTH, RUSSIAN: 6, SOCIETY: 1},
    7: {
        **_MIDDLE,
        RUSSIAN: 4,
        LITERATURE: 2,
        GEOGRAPHY: 2,
        BIOLOGY: 1,
        PHYSICS: 2,
        ART: 1,
        MUSIC: 1,
        CRAFT: 2,
    },
    8: {
        **_MIDDLE,
        RUSSIAN: 3,
        LITERATURE: 2,
        GEOGRAPHY: 2,
        BIOLOGY: 2,
        PHYSICS: 2,
        CHEMISTRY: 2,
        MUSIC: 1,
        CRAFT: 1,
        SAFETY: 1,
    },
    9: {
        **_MIDDLE,
        RUSSIAN: 3,
        LITERATURE: 3,
        GEOGRAPHY: 2,
        BIOLOGY: 2,
        PHYSICS: 3,
        CHEMISTRY: 2,
        CRAFT: 1,
        SAFETY: 1,
    },
    10: {**_TOP, PROJECT: 1},
    11: _TOP,
}
"""Lessons a week by grade, five-day week; six-day schools add `SATURDAY_HOURS`."""

SATURDAY_HOURS: dict[int, dict[int, int]] = {
    grade: {} if grade == 1 else {RUSSIAN: 1, (MATHS if grade < 7 else ALGEBRA): 1, ENGLISH: 1, SPORT: 0}
    for grade in HOURS
}

HOMEWORK_CHANCE: dict[int, int] = {
    RUSSIAN: 75,
    READING: 60,
    LITERATURE: 65,
    MATHS: 75,
    ALGEBRA: 75,
    GEOMETRY: 70,
    STATISTICS: 50,
    INFORMATICS: 35,
    ENGLISH: 70,
    NATURE: 55,
    HISTORY: 60,
    SOCIETY: 55,
    GEOGRAPHY: 55,
    BIOLOGY: 55,
    PHYSICS: 65,
    CHEMISTRY: 60,
    ART: 10,
    MUSIC: 10,
    CRAFT: 10,
    SAFETY: 20,
    PROJECT: 40,
    ETHICS: 15,
}
"""How often, in a hundred lessons, something is set for the next one."""

PROFILES: tuple[str, ...] = (
    "Технологический",
    "Естественно-научный",
    "Социально-экономический",
    "Гуманитарный",
    "Универсальный",
)
