"""What to do about a problem in commands: the gateway itself speaks to scripts, of calls."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

REMEDIES: Mapping[str, str] = MappingProxyType(
    {
        "absence_notice_unknown": "Уведомления ребёнка: diary absence list.",
        "absence_reason_unknown": "Причины покажет та же команда без --reason.",
        "attachment_unknown": "Файлы заданий: diary homework list.",
        "child_unknown": "Ваших детей назовёт любая команда без имени ребёнка.",
        "class_standing_off": "Включить для этого ребёнка: diary class-standing on ИМЯ.",
        "grant_unknown": "Выданные вами: diary grants list, полученные: diary grants mine.",
        "homework_unknown": "Задания ребёнка: diary homework list.",
        "instance_retired": "Чем его заменили: diary regions КОД.",
        "method_unknown": "Способы входа: diary regions КОД.",
        "not_signed_in": "Токен неизвестен, отозван или истёк: передайте другой в переменной DIARY_TOKEN.",
        "not_supported": "Что умеет дневник региона: diary regions КОД.",
        "region_unknown": "Все коды и названия: diary regions.",
        "right_missing": "Что вам открыто: diary grants mine; больше откроет родитель новым приглашением.",
        "subject_unknown": "Предметы с отметками: diary averages.",
        "term_unknown": "Периоды и их id: diary show terms.",
    }
)
"""By code. They leave the gateway's English detail nothing to add; problems that are not here keep it."""
