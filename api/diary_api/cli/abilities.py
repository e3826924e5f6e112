"""What a diary can do, in a parent's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "ReadsDays": "неделя",
        "ReadsMarks": "отметки",
        "ReadsMarkDetails": "подробности отметок",
        "ReadsHomework": "домашние задания",
        "ReadsOverdueHomework": "просроченные задания",
        "ReadsTerms": "учебные периоды",
        "ReadsResults": "итоговые отметки",
        "ReadsAverages": "средние баллы",
        "ReadsClassStanding": "место в классе",
        "ReadsAttendance": "пропуски и опоздания",
        "ReadsCalendar": "каникулы и праздники",
        "ReadsBells": "расписание звонков",
        "ReadsAnnouncements": "объявления",
        "ReadsEvents": "собрания и мероприятия",
        "ReadsRemarks": "замечания учителей",
        "ReadsMessages": "сообщения",
        "ReadsVisits": "проходы через турникет",
        "ReadsMeals": "питание",
        "ReadsSchool": "школа",
        "ReadsStudyPlan": "учебный план",
        "TicksHomework": "галочки у заданий",
        "FetchesAttachments": "файлы заданий",
        "NotifiesAbsence": "уведомления об отсутствии",
        "SendsMessages": "отправка сообщений",
        "SignsWeeks": "подпись недели",
    }
)
"""By the name of the ability, the most read first."""


def spoken(abilities: Iterable[str]) -> str:
    """Return abilities as a list in words; one without a word keeps its name."""
    named = set(abilities)
    words = [word for name, word in WORDS.items() if name in named]
    return ", ".join([*words, *sorted(named - set(WORDS))])
