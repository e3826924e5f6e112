"""The schools of the town: eight that are always there, then as many as the families need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from diary_sandbox.world.dice import Dice
from diary_sandbox.world.ids import teacher_id
from diary_sandbox.world.places import (
    DNEVNIK_HOST,
    MOSCOW_HOST,
    REGION_HOST,
    Bell,
    BellSchedule,
    Building,
    ControlForm,
    School,
    TermKind,
    WorkKind,
)
from diary_sandbox.world.words.names import STREETS


@dataclass(frozen=True, slots=True)
class SchoolSketch:
    """What makes one school differ from another."""

    hosts: frozenset[str]
    region: str
    city: str
    zone: str
    weekdays: int
    term_kind: TermKind
    weighs_marks: bool
    first_bell: time

    @property
    def area(self) -> str:
        """Return where families live who send children here: region and host."""
        return "both" if len(self.hosts) > 1 else f"{self.region} {next(iter(self.hosts))}"


_MOSCOW = frozenset({MOSCOW_HOST})
_REGION = frozenset({REGION_HOST})
_DNEVNIK = frozenset({DNEVNIK_HOST})

SKETCHES: tuple[SchoolSketch, ...] = (
    SchoolSketch(_MOSCOW, "77", "Москва", "Europe/Moscow", 5, TermKind.TRIMESTER, True, time(8, 30)),
    SchoolSketch(_MOSCOW, "77", "Москва", "Europe/Moscow", 6, TermKind.QUARTER, True, time(8, 30)),
    SchoolSketch(_MOSCOW | _DNEVNIK, "77", "Москва", "Europe/Moscow", 5, TermKind.QUARTER, True, time(8, 30)),
    SchoolSketch(_REGION, "50", "Тетрадино", "Europe/Moscow", 5, TermKind.MODULE, True, time(8, 0)),
    SchoolSketch(_DNEVNIK, "53", "Учебнинск", "Europe/Moscow", 5, TermKind.QUARTER, True, time(8, 30)),
    SchoolSketch(_DNEVNIK, "55", "Глобусово", "Asia/Omsk", 6, TermKind.HALF_YEAR, False, time(8, 0)),
    SchoolSketch(
        _DNEVNIK, "27", "Приамурский Звонок", "Asia/Vladivostok", 5, TermKind.TRIMESTER, True, time(9, 0)
    ),
    SchoolSketch(_MOSCOW, "77", "Москва", "Europe/Moscow", 5, TermKind.MODULE, True, time(9, 0)),
)
"""Schools 1 to 8. School 3 is read through both systems; later schools repeat the sketches in turn."""

TWIN_SCHOOL_ID = 3

_FORMS: tuple[tuple[WorkKind, str, str, int, bool], ...] = (
    (WorkKind.CLASS_WORK, "Работа на уроке", "РУ", 1, False),
    (WorkKind.ORAL, "Устный ответ", "УО", 1, False),
    (WorkKind.HOMEWORK, "Домашняя работа", "ДР", 1, False),
    (WorkKind.TEST, "Проверочная работа", "ПР", 2, False),
    (WorkKind.DICTATION, "Диктант", "ДК", 3, True),
    (WorkKind.LABORATORY, "Лабораторная работа", "ЛР", 2, False),
    (WorkKind.CONTROL, "Контрольная работа", "КР", 3, True),
    (WorkKind.CORRECTION, "Работа над ошибками", "РО", 0, False),
    (WorkKind.TERM, "Отметка за период", "П", 1, True),
    (WorkKind.YEAR, "Годовая отметка", "Г", 1, True),
    (WorkKind.EXAM, "Экзамен", "Э", 1, True),
    (WorkKind.FINAL, "Итоговая отметка", "И", 1, True),
)
_BREAKS = (10, 15, 20, 20, 15, 10, 10, 10)
_DISTRICTS = ("Учебный", "Заречный", "Центральный", "Северный")


def sketch_of(school_id: int) -> SchoolSketch:
    """Return the sketch a school is drawn from."""
    return SKETCHES[(school_id - 1) % len(SKETCHES)]


def build_school(seed: int, school_id: int) -> School:
    """Return a school."""
    sketch = sketch_of(school_id)
    dice = Dice(seed, "school", school_id)
    number = 9900 + school_id
    kind = "ГБОУ" if sketch.region == "77" else "МБОУ"
    long_kind = (
        "Государственное бюджетное общеобразовательное учреждение города Москвы"
        if sketch.region == "77"
        else "Муниципальное бюджетное общеобразовательное учреждение"
    )
    return School(
        id=school_id,
        name=f'{long_kind} "Школа № {number}"',
        short_name=f"{kind} Школа № {number}",
        hosts=sketch.hosts,
        region=sketch.region,
        city=sketch.city,
        district=dice.pick(_DISTRICTS),
        zone=ZoneInfo(sketch.zone),
        weekdays=sketch.weekdays,
        term_kind=sketch.term_kind,
        weighs_marks=sketch.weighs_marks,
        buildings=_buildings(dice, school_id, sketch.city),
        bell_schedules=_bell_schedules(school_id, sketch),
        control_forms=tuple(
            ControlForm(
                id=school_id * 100 + number,
                school_id=school_id,
                kind=kind,
                name=name,
                abbreviation=abbreviation,
                weight=weight if sketch.weighs_marks else None,
                important=important,
            )
            for number, (kind, name, abbreviation, weight, important) in enumerate(_FORMS, start=1)
        ),
        principal_id=teacher_id(school_id, 0),
        phone=f"998{school_id:07d}",
        email=f"school{number}@example.test",
        website=f"https://school{number}.example.test",
    )


def _buildings(dice: Dice, school_id: int, city: str) -> tuple[Building, ...]:
    return tuple(
        Building(
            id=school_id * 10 + number,
            name=f"Корпус {number}",
            address=f"{city}, {dice.pick(STREETS)}, {dice.between(1, 60)}",
            main=number == 1,
        )
        for number in (1, 2)
    )


def _bell_schedules(school_id: int, sketch: SchoolSketch) -> tuple[BellSchedule, ...]:
    main = BellSchedule(
        id=school_id * 10 + 1,
        name="Основное расписание звонков",
        weekdays=frozenset(range(1, 6)),
        bells=_bells(school_id * 100, sketch.first_bell, 45),
    )
    if sketch.weekdays == 5:
        return (main,)
    saturday = BellSchedule(
        id=school_id * 10 + 2,
        name="Суббота",
        weekdays=frozenset({6}),
        bells=_bells(school_id * 100 + 20, sketch.first_bell, 40),
    )
    return (main, saturday)


def _bells(first_id: int, first_bell: time, minutes: int) -> tuple[Bell, ...]:
    bells: list[Bell] = []
    at = datetime.combine(date(1, 1, 1), first_bell)  # a wall time to count from, no zone on purpose
    for slot, pause in enumerate((*_BREAKS, 0), start=1):
        ends = at + timedelta(minutes=minutes)
        bells.append(Bell(id=first_id + slot, slot=slot, starts=at.time(), ends=ends.time()))
        at = ends + timedelta(minutes=pause)
    return tuple(bells)
