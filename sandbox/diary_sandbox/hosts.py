"""Which hosts the sandbox emulates, on which port, and who builds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.applications import Starlette

from diary_sandbox.dnevnik import build as build_dnevnik
from diary_sandbox.esia import build as build_esia
from diary_sandbox.mesh import build_legacy, build_school, build_sudir
from diary_sandbox.state import SandboxState

CONTROL_OFFSET = 0


@dataclass(frozen=True, slots=True)
class EmulatedHost:
    """One port of the sandbox: a host, or several whose paths do not collide."""

    offset: int
    """Port above the base port."""
    names: tuple[str, ...]
    """Host names; the first one is what the builder, the faults and the counters know it by."""
    build: Callable[[SandboxState, str], Starlette]


HOSTS: tuple[EmulatedHost, ...] = (
    EmulatedHost(1, ("login.mos.ru",), build_sudir),
    EmulatedHost(2, ("school.mos.ru",), build_school),
    EmulatedHost(3, ("authedu.mosreg.ru",), build_school),
    EmulatedHost(4, ("pgu.mos.ru", "my.mos.ru", "mrko.mos.ru"), build_legacy),
    EmulatedHost(5, ("api.dnevnik.ru",), build_dnevnik),
    EmulatedHost(6, ("login.dnevnik.ru",), build_dnevnik),
    EmulatedHost(7, ("esia.gosuslugi.ru",), build_esia),
)
"""By offset. The base port itself is the control door's."""
