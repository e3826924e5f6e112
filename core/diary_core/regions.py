"""Every subject of the federation, and the diary system it uses, whether we serve it or not.

Source: `regions.csv` beside this file, compiled from public surveys of September 2026.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from diary_core.bilingual import Bilingual
from diary_core.errors import RegionUnknown
from diary_core.model import Model, ZoneName


class Region(Model):
    """A subject of the federation."""

    code: str
    """Two digits, such as `77`."""
    name: Bilingual
    zone: ZoneName
    """IANA name of the zone of its capital."""
    system: str
    """Code of the main diary system in 2026; `none` when there is none."""
    host: str | None
    """Where parents open it."""
    history: Bilingual | None
    """What was used earlier or beside it, and until when."""


@cache
def regions() -> Mapping[str, Region]:
    """Return every region by code, in the order of the codes."""
    table = files("diary_core").joinpath("regions.csv").read_text(encoding="utf-8")
    found = [
        Region(
            code=row["code"],
            name=Bilingual(ru=row["name_ru"], en=row["name_en"]),
            zone=row["timezone"],
            system=row["system_2026"],
            host=row["host_2026"] or None,
            history=Bilingual(row["earlier_ru"], row["earlier_en"]) if row["earlier_ru"] else None,
        )
        for row in csv.DictReader(table.splitlines())
    ]
    return MappingProxyType({region.code: region for region in sorted(found, key=lambda region: region.code)})


def region(code: str) -> Region:
    """Return one region.

    Raises:
        RegionUnknown: No region has this code.
    """
    try:
        return regions()[code]
    except KeyError as error:
        raise RegionUnknown(f"no region has the code {code!r}", field="region") from error
