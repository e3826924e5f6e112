"""What holds of a diary the gateway does not serve: whose it is, and whom to ask."""

from __future__ import annotations

from typing import Final

from diary_api.regions.schemas import DiarySystem
from diary_core.access_guide import AccessGuide
from diary_core.bilingual import Bilingual

_NONE: Final = "none"
_SCHOOL: Final = Bilingual(
    "Школа ребёнка: каким дневником она пользуется и кто даёт вход, знает классный руководитель.",
    "The child's school: the class teacher knows which diary it uses and who gives the login.",
)
_PAPERS: Final = (Bilingual("ФИО и СНИЛС, ваши и ребёнка", "Full name and SNILS, yours and the child's"),)
_UNTOLD: Final = Bilingual("Нам это неизвестно: спросите в школе.", "We do not know: ask the school.")


def general_guide(system: DiarySystem) -> AccessGuide:
    """Return what can be said of any diary."""
    where = f" ({system.host})" if system.host else ""
    if system.code == _NONE:
        step = Bilingual(
            "Единого дневника в регионе нет: спросите, чем пользуется ваша школа.",
            "The region has no single diary: ask what your school uses.",
        )
    else:
        step = Bilingual(
            f"Регион пользуется системой «{system.title.ru}»{where}: попросите у школы вход в неё.",
            f"The region uses {system.title.en}{where}: ask the school for a login to it.",
        )
    here = Bilingual(
        "Здесь этот дневник пока не подключить: следите за списком регионов.",
        "It cannot be linked here yet: watch the list of regions.",
    )
    return AccessGuide(
        diary=system.title,
        site=f"https://{system.host}" if system.host else None,
        issuer=_SCHOOL,
        papers=_PAPERS,
        takes=_UNTOLD,
        lasts=_UNTOLD,
        steps=(step, here),
        obstacles=(),
        ask=_SCHOOL,
    )
