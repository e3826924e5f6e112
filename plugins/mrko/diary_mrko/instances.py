"""The servers of the МЭШ family: Moscow's own, the regional nodes of the same code, and Perm's older fork.

Source: `docs/sources.md`, МЭШ; the table of regions of the core.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from diary_core.bilingual import Bilingual
from diary_core.provider import Instance, InstanceStatus
from diary_core.regions import Region, regions

PROVIDER: Final = "mrko"
MOSCOW: Final = "moscow"
PERM: Final = "perm"

_MOSCOW_CODE: Final = "77"
_PERM_CODE: Final = "59"
_SYSTEM: Final = "mes"
_SLUGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "02": "bashkortostan",
        "05": "dagestan",
        "10": "karelia",
        "16": "tatarstan",
        "35": "vologda",
        "40": "kaluga",
        "50": "moscow_oblast",
        "51": "murmansk",
        "69": "tver",
        "72": "tyumen",
        "89": "yamal",
    }
)


def instances() -> tuple[Instance, ...]:
    """Return every server: Moscow first, then the nodes by region code, then Perm."""
    table = regions()
    nodes = [_node(region) for region in table.values() if region.system == _SYSTEM and region.code in _SLUGS]
    return (_moscow(table[_MOSCOW_CODE]), *nodes, _perm(table[_PERM_CODE]))


def _moscow(region: Region) -> Instance:
    return Instance(
        slug=MOSCOW,
        provider=PROVIDER,
        title=Bilingual("Дневник МЭШ, Москва", "MES diary, Moscow"),
        regions=(region.code,),
        zone=region.zone,
        hosts={
            "school": "https://school.mos.ru",
            "login": "https://login.mos.ru",
            "pgu": "https://pgu.mos.ru",
            "mrko": "https://mrko.mos.ru",
        },
    )


def _node(region: Region) -> Instance:
    return Instance(
        slug=_SLUGS[region.code],
        provider=PROVIDER,
        title=Bilingual(f"«Моя школа», {region.name.ru}", f"My School, {region.name.en}"),
        regions=(region.code,),
        zone=region.zone,
        hosts={"school": f"https://{region.host}"},
    )


def _perm(region: Region) -> Instance:
    return Instance(
        slug=PERM,
        provider=PROVIDER,
        title=Bilingual("ЭПОС.Школа, Пермский край", "EPOS School, Perm Krai"),
        regions=(region.code,),
        zone=region.zone,
        status=InstanceStatus.PARTIAL,
        note=Bilingual(
            "ЭПОС.Школа выросла из того же кода, но отделилась раньше: "
            "вход своим токеном возможен, работа всех разделов не проверена.",
            "EPOS grew from the same code but parted earlier: "
            "signing in with your own token may work, not every part has been proven.",
        ),
        hosts={"school": f"https://{region.host}"},
    )
