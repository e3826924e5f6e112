"""The diary systems of the country by the codes the catalogue of regions uses.

Source: `regions.csv` of diary_core; names as the systems call themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from diary_core.bilingual import Bilingual

SYSTEMS: Mapping[str, Bilingual] = MappingProxyType(
    {
        "bars": Bilingual("БАРС.Образование — Электронная школа", "BARS Education – Electronic School"),
        "dnevnik_ru": Bilingual("Дневник.ру", "Dnevnik.ru"),
        "eljur": Bilingual("ЭлЖур", "ElJur"),
        "epos": Bilingual("ЭПОС.Школа", "EPOS School"),
        "it_school": Bilingual("ИТ-Школа", "IT School"),
        "kiasuo": Bilingual("КИАСУО", "KIASUO"),
        "mes": Bilingual("МЭШ", "Moscow Electronic School (MES)"),
        "myschool_federal": Bilingual("Моя школа", "My School, the federal diary"),
        "netschool": Bilingual("Сетевой город. Образование", "NetSchool"),
        "none": Bilingual("Единой системы нет", "No single system"),
        "one": Bilingual("АИС «Образование» (ONE)", "ONE"),
        "petersburg": Bilingual("Петербургское образование", "Petersburg Education"),
        "ruobr": Bilingual("Электронная школа 2.0 (РуОбр)", "RuObr Electronic School"),
        "virtual_school": Bilingual("Виртуальная школа", "Virtual School"),
    }
)
