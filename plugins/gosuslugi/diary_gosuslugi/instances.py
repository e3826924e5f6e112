"""The servers of ЕСИА.

Source: public clients, September 2026; both were reported to be reachable from Russian networks only.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from diary_core.bilingual import Bilingual
from diary_core.provider import Instance

__all__ = ["ESIA", "INSTANCES", "ISSUERS", "SLUG"]

SLUG: Final = "gosuslugi"
ESIA: Final = "esia"
"""The one role among the hosts."""
INSTANCES: Final = (
    Instance(
        slug="production",
        provider=SLUG,
        title=Bilingual("Госуслуги", "Gosuslugi"),
        regions=(),
        zone="Europe/Moscow",
        hosts={ESIA: "https://esia.gosuslugi.ru"},
    ),
    Instance(
        slug="test",
        provider=SLUG,
        title=Bilingual("Госуслуги, тестовая среда", "Gosuslugi, test stand"),
        regions=(),
        zone="Europe/Moscow",
        hosts={ESIA: "https://esia-portal1.test.gosuslugi.ru"},
    ),
)
ISSUERS: Final[Mapping[str, str]] = MappingProxyType(
    {"production": "http://esia.gosuslugi.ru/", "test": "http://esia-portal1.test.gosuslugi.ru/"}
)
"""`iss` of the tokens by instance: plain http and a last slash, whatever the service is reached by."""
