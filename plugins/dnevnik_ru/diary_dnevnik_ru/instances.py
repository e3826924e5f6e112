"""The regions that use Дневник.ру, or did: one instance each; the API behind them all is one.

Source: a public survey of September 2026 and the vendor's older list of regions with Gosuslugi.
Of the regions in use, which still take a login and password is not known; region 29 announced in 2017
that it does not, so the diary's own page is offered first everywhere.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from diary_core.bilingual import Bilingual
from diary_core.provider import Instance, InstanceStatus
from diary_core.regions import region

PROVIDER: Final = "dnevnik_ru"
API: Final = "api"
LOGIN: Final = "login"
PORTAL: Final = "portal"


class _Left(NamedTuple):
    """How a region parted from Дневник.ру."""

    code: str
    slug: str
    ru: str
    en: str


_IN_USE: Final = (
    ("01", "adygea"),
    ("08", "kalmykia"),
    ("15", "north_ossetia"),
    ("17", "tuva"),
    ("20", "chechnya"),
    ("27", "khabarovsk"),
    ("29", "arkhangelsk"),
    ("37", "ivanovo"),
    ("38", "irkutsk"),
    ("53", "novgorod"),
    ("55", "omsk"),
    ("64", "saratov"),
    ("68", "tambov"),
)
_FEDERAL_RU: Final = "федеральная «Моя школа» (gosuslugi.ru/school)"
_FEDERAL_EN: Final = "the federal «Моя школа» (gosuslugi.ru/school)"
_LEFT: Final = (
    _Left(
        "02",
        "bashkortostan",
        "Регион перешёл на МЭШ (dnevnik.edurb.ru), когда — неизвестно; между ними был ELSCHOOL.",
        "The region moved to МЭШ (dnevnik.edurb.ru), when is not known; ELSCHOOL came between.",
    ),
    _Left(
        "05",
        "dagestan",
        "До 2023/24 учебного года; теперь МЭШ (myschool.05edu.ru).",
        "Until the school year 2023/24; now МЭШ (myschool.05edu.ru).",
    ),
    _Left(
        "10",
        "karelia",
        "Регион перешёл на МЭШ (karelia.minedu.ru), когда — неизвестно.",
        "The region moved to МЭШ (karelia.minedu.ru), when is not known.",
    ),
    _Left(
        "28",
        "amur",
        "До 2 августа 2021 года; теперь «Сетевой город» (region.obramur.ru).",
        "Until 2 August 2021; now «Сетевой город» (region.obramur.ru).",
    ),
    _Left(
        "30",
        "astrakhan",
        f"До 2024/25 учебного года; теперь {_FEDERAL_RU}.",
        f"Until the school year 2024/25; now {_FEDERAL_EN}.",
    ),
    _Left(
        "36",
        "voronezh",
        f"До 31 августа 2026 года; теперь {_FEDERAL_RU}.",
        f"Until 31 August 2026; now {_FEDERAL_EN}.",
    ),
    _Left(
        "43",
        "kirov",
        "Регион перешёл на другую систему (one.43edu.ru), когда — неизвестно.",
        "The region moved to another system (one.43edu.ru), when is not known.",
    ),
    _Left(
        "47",
        "leningrad",
        "До 2019/20 учебного года; теперь «Сетевой город» (e-school.obr.lenreg.ru).",
        "Until the school year 2019/20; now «Сетевой город» (e-school.obr.lenreg.ru).",
    ),
    _Left(
        "52",
        "nizhny_novgorod",
        "До 2020 года; теперь ЭлЖур (edu.gounn.ru).",
        "Until 2020; now ЭлЖур (edu.gounn.ru).",
    ),
    _Left(
        "54",
        "novosibirsk",
        "Регион перешёл на ЭлЖур (school.nso.ru), когда — неизвестно.",
        "The region moved to ЭлЖур (school.nso.ru), when is not known.",
    ),
    _Left(
        "56",
        "orenburg",
        f"Регион перешёл на другую систему (de.edu.orb.ru); с сентября 2026 года — {_FEDERAL_RU}.",
        f"The region moved to another system (de.edu.orb.ru); since September 2026 on to {_FEDERAL_EN}.",
    ),
    _Left(
        "66",
        "sverdlovsk",
        f"До августа 2023 года; теперь {_FEDERAL_RU}.",
        f"Until August 2023; now {_FEDERAL_EN}.",
    ),
    _Left(
        "70",
        "tomsk",
        "Встречался до 2021/22 учебного года; теперь «Сетевой город» (sgo.tomedu.ru).",
        "Seen until the school year 2021/22; now «Сетевой город» (sgo.tomedu.ru).",
    ),
    _Left(
        "79",
        "jewish_autonomous_oblast",
        f"До 31 августа 2026 года; теперь {_FEDERAL_RU}.",
        f"Until 31 August 2026; now {_FEDERAL_EN}.",
    ),
    _Left(
        "87",
        "chukotka",
        "Регион перешёл на другую систему (one.edu87.ru), когда — неизвестно.",
        "The region moved to another system (one.edu87.ru), when is not known.",
    ),
    _Left(
        "91",
        "crimea",
        "Регион перешёл на ЭлЖур (edu.rk.gov.ru), когда — неизвестно.",
        "The region moved to ЭлЖур (edu.rk.gov.ru), when is not known.",
    ),
    _Left(
        "92",
        "sevastopol",
        "Регион ушёл раньше на ЭлЖур, а с сентября 2026 года электронного дневника там нет.",
        "The region left earlier for ЭлЖур; since September 2026 it has no electronic diary.",
    ),
)


def all_instances() -> tuple[Instance, ...]:
    """Return the regions in use, then the partial one, then the retired ones; by code within each."""
    in_use = (_instance(code, slug) for code, slug in _IN_USE)
    left = (
        _instance(gone.code, gone.slug, InstanceStatus.RETIRED, Bilingual(gone.ru, gone.en)) for gone in _LEFT
    )
    return (*in_use, _petersburg(), *left, _moscow_oblast())


def _petersburg() -> Instance:
    note = Bilingual(
        "Только отдельные школы; у города свой дневник (dnevnik2.petersburgedu.ru).",
        "Single schools only; the city runs its own diary (dnevnik2.petersburgedu.ru).",
    )
    return _instance("78", "petersburg", InstanceStatus.PARTIAL, note)


def _moscow_oblast() -> Instance:
    """Return the white label of the Moscow oblast, which had hosts and applications of its own."""
    note = Bilingual(
        "«Школьный портал» Подмосковья закрыт 1 сентября 2023 года; теперь МЭШ (authedu.mosreg.ru).",
        "The oblast's «Школьный портал» was closed on 1 September 2023; now МЭШ (authedu.mosreg.ru).",
    )
    own = {
        API: "https://api.school.mosreg.ru",
        LOGIN: "https://login.school.mosreg.ru",
        PORTAL: "https://school.mosreg.ru",
    }
    return _instance("50", "moscow_oblast", InstanceStatus.RETIRED, note).model_copy(update={"hosts": own})


def _instance(
    code: str,
    slug: str,
    status: InstanceStatus = InstanceStatus.ACTIVE,
    note: Bilingual | None = None,
) -> Instance:
    place = region(code)
    return Instance(
        slug=slug,
        provider=PROVIDER,
        title=Bilingual(f"Дневник.ру: {place.name.ru}", f"Dnevnik.ru: {place.name.en}"),
        regions=(code,),
        zone=place.zone,
        status=status,
        note=note,
        hosts={
            API: "https://api.dnevnik.ru",
            LOGIN: "https://login.dnevnik.ru",
            PORTAL: _portal(code),
        },
    )


def _portal(code: str) -> str:
    """Return the page a region's parents open; the Chechen Republic has none of its own."""
    return "https://dnevnik.ru" if code == "20" else f"https://{code}.dnevnik.ru"
