"""Errors of reading a diary: what it cannot do, its bad days, and its surprises."""

from __future__ import annotations

from diary_core.bilingual import Bilingual
from diary_core.errors.root import Actor, DiaryError, Retry


class GiveUp(DiaryError):
    """Trying again changes nothing."""

    retry = Retry.NEVER
    actor = Actor.DIARY


class NotSupported(GiveUp):
    """The diary has no such ability."""

    code = "not_supported"
    title = Bilingual("Этот дневник такого не умеет", "This diary cannot do that")
    remedy = Bilingual(
        "Что умеет дневник региона: GET /v1/regions/{code}.",
        "What the diary of a region can do: GET /v1/regions/{code}.",
    )


class NotPermitted(GiveUp):
    """The diary can, but does not let this account."""

    code = "not_permitted"
    title = Bilingual("Дневник не даёт доступа к этим данным", "The diary does not give access to this")
    remedy = Bilingual(
        "Если данные видны на сайте дневника, войдите заново; иначе спросите школу.",
        "If the diary's own site shows it, sign in again; otherwise ask the school.",
    )
    actor = Actor.SCHOOL


class DisabledBySchool(GiveUp):
    """The school has switched this part off."""

    code = "disabled_by_school"
    title = Bilingual("Школа отключила этот раздел", "The school has switched this off")
    remedy = Bilingual("Спросите классного руководителя.", "Ask the class teacher.")
    actor = Actor.SCHOOL


class ScaleUnknown(GiveUp):
    """Marks of the subject are on a scale of the diary's own; nobody tells where it ends."""

    code = "scale_unknown"
    title = Bilingual("Шкала отметок неизвестна", "The scale of the marks is not known")
    remedy = Bilingual(
        "Прогноз по этому предмету не посчитать; отметки и средний балл видны.",
        "No forecast can be made for this subject; its marks and its average can be seen.",
    )


class RegionNotServed(GiveUp):
    """The region is in the catalogue, but no installed plugin serves it."""

    code = "region_not_served"
    title = Bilingual("Регион пока не подключён", "The region is not served yet")
    remedy = Bilingual(
        "Мы показываем, каким дневником пользуется регион; подключить его можно плагином.",
        "The catalogue tells which diary the region uses; a plugin can add it.",
    )
    actor = Actor.GATEWAY


class InstanceRetired(GiveUp):
    """The diary server no longer serves this region."""

    code = "instance_retired"
    title = Bilingual("Этот дневник больше не работает в регионе", "This diary has left the region")
    remedy = Bilingual(
        "Чем его заменили: GET /v1/regions/{code}.", "What replaced it: GET /v1/regions/{code}."
    )


class TryLater(DiaryError):
    """The diary is in trouble; the last known answer may still be served, marked as old."""

    retry = Retry.LATER
    actor = Actor.DIARY
    remedy = Bilingual("Попробуйте через несколько минут.", "Try again in a few minutes.")


class RegionDown(TryLater):
    """The diary does not answer or answers with a fault of its own."""

    code = "region_down"
    title = Bilingual("Дневник региона не отвечает", "The region's diary is down")


class RegionSlow(TryLater):
    """The diary did not answer in time."""

    code = "region_slow"
    title = Bilingual("Дневник региона отвечает слишком долго", "The region's diary is too slow")


class RegionBusy(TryLater):
    """The diary asks us to slow down, or our own politeness budget for it is spent."""

    code = "region_busy"
    title = Bilingual("Дневник региона просит подождать", "The region's diary asks us to wait")


class RegionMaintenance(TryLater):
    """The diary shows its maintenance page."""

    code = "region_maintenance"
    title = Bilingual("В дневнике технические работы", "The diary is under maintenance")
    remedy = Bilingual(
        "Обычно работы заканчиваются к утру; попробуйте позже.",
        "Maintenance is usually over by morning; try later.",
    )


class RegionResting(TryLater):
    """The diary failed so often that we leave it alone for a moment."""

    code = "region_resting"
    title = Bilingual("Дневник региона временно недоступен", "The region's diary is given a rest")


class TellUs(DiaryError):
    """Something is not what we thought; the report needs the code and `field`, never the data."""

    retry = Retry.NEVER
    actor = Actor.GATEWAY
    remedy = Bilingual("Сообщите нам код ошибки и время.", "Report the error code and the time to us.")


class RegionChanged(TellUs):
    """The diary answered something we do not understand; `field` is the path that broke."""

    code = "region_changed"
    title = Bilingual("Дневник региона изменился", "The region's diary has changed")


class PluginBroken(TellUs):
    """A plugin could not be loaded or broke its contract."""

    code = "plugin_broken"
    title = Bilingual("Ошибка в подключаемом модуле", "A plugin is broken")
    actor = Actor.DEVELOPER


class Misconfigured(TellUs):
    """A setting is missing or wrong."""

    code = "misconfigured"
    title = Bilingual("Шлюз настроен неверно", "The gateway is misconfigured")
    remedy = Bilingual(
        "Исправить это может тот, кто ведёт этот шлюз: передайте ему код ошибки и номер обращения. "
        "Пока воспользуйтесь другим способом входа, если он есть.",
        "Whoever runs this gateway can mend it: pass on the error code and the number of this answer. "
        "Meanwhile use another way in, where there is one. The setting at fault stands in the gateway's log.",
    )


class Unexpected(TellUs):
    """A fault of ours that no other code describes."""

    code = "unexpected"
    title = Bilingual("Ошибка на нашей стороне", "A fault on our side")
