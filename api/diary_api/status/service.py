"""Looking at everything a diary's answer passes through."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from diary_api.clock import Clock
from diary_api.metrics import Metrics
from diary_api.settings import Settings
from diary_api.status.judging import figures_of, headline, sentence, state_of
from diary_api.status.schemas import Part, State, Status, Whose
from diary_api.status.sharing import Known, Sharing
from diary_api.status.windows import Window
from diary_api.storage import Storage
from diary_core.bilingual import Bilingual
from diary_core.errors import GatewayBusy
from diary_core.plugins import Plugins
from diary_core.provider import Instance

LOOK_EVERY: Final = timedelta(seconds=5)
"""How often a state is looked at when nobody asks, so that `since` is true."""
_GOOD_FOR_S: Final = 3.0
"""So long an answer is given to everybody who asks."""
_SLOW_S: Final = 1.0
"""Our own parts answer sooner while they are not slow."""
_NETWORK_SERVERS: Final = 3
"""When so many servers were called and none of all answers, the fault is more likely ours."""
_PROBE: Final = b"probe"

_OURS: Final[Mapping[str, Bilingual]] = {
    "database": Bilingual("База данных шлюза", "The gateway's database"),
    "keys": Bilingual("Ключи шлюза", "The gateway's keys"),
    "redis": Bilingual("Общая память шлюза", "The gateway's shared memory"),
    "background": Bilingual("Фоновая работа шлюза", "The gateway's background work"),
    "network": Bilingual("Связь шлюза с дневниками", "The gateway's way out to the diaries"),
}


@dataclass(frozen=True)
class _Named:
    """One part before its state is known."""

    name: str
    title: Bilingual
    whose: Whose
    regions: tuple[str, ...] = ()
    window: Window | None = None


@dataclass
class _Told:
    """The last answer."""

    status: Status | None = None
    until: float = 0.0


@dataclass(frozen=True)
class Statuses:
    """Tells whose trouble it is."""

    settings: Settings
    plugins: Plugins
    clock: Clock
    storage: Storage
    metrics: Metrics
    sharing: Sharing
    _told: _Told = field(default_factory=_Told, repr=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def tell(self) -> Status:
        """Return the state of everything, at most a few seconds old; one look for any number of askers."""
        if self._told.status is None or time.monotonic() >= self._told.until:
            async with self._turn:
                if self._told.status is None or time.monotonic() >= self._told.until:
                    await self.look()
        assert self._told.status is not None  # noqa: S101  the look has just set it
        return self._told.status

    async def look(self) -> None:
        """Look at everything, and keep what was seen for whoever asks."""
        known = await self.sharing.look()
        ours = await self._ours(known)
        servers = tuple(self._servers(known.windows))
        states = ours | {part.name: state_of(part.window or Window()) for part in servers}
        standings = await self.sharing.stand(known, self.clock(), states)
        named = (*(_Named(name, _OURS[name], "us") for name in ours), *servers)
        parts = tuple(
            Part(
                name=part.name,
                title=part.title,
                whose=part.whose,
                regions=part.regions,
                state=standings[part.name].state,
                since=standings[part.name].since,
                sentence=sentence(part.whose, standings[part.name].state),
                figures=None if part.window is None else figures_of(part.window),
            )
            for part in named
        )
        self._told.status = Status(
            as_of=self.clock(), sentence=headline(parts), shared=known.shared, items=parts
        )
        self._told.until = time.monotonic() + _GOOD_FOR_S

    async def _ours(self, known: Known) -> dict[str, State]:
        states = {"database": await self._database(), "keys": self._keys()}
        if self.sharing.shared.link is not None:
            states["redis"] = State.OK if known.shared else State.DOWN
        states["background"] = State.FAILING if self.metrics.failing else State.OK
        called = [window for window in known.windows.values() if window.calls]
        silent = len(called) >= _NETWORK_SERVERS and all(one.failed == one.calls for one in called)
        states["network"] = State.DOWN if silent else State.OK
        return states

    async def _database(self) -> State:
        began = time.perf_counter()
        try:
            if not await self.storage.ready():
                return State.DOWN
        except GatewayBusy:
            return State.DOWN
        return State.SLOW if time.perf_counter() - began > _SLOW_S else State.OK

    def _keys(self) -> State:
        ring = self.storage.ring
        good = ring.open(ring.seal(_PROBE, place="status"), place="status") == _PROBE
        return State.OK if good else State.DOWN

    def _servers(self, windows: Mapping[str, Window]) -> Iterator[_Named]:
        """Give Gosuslugi where it is on, and every diary that was called lately, by name."""
        for slug, service in sorted(self.plugins.identity_providers.items()):
            instance = service.instance(self.settings.options.get(slug, {}))
            if instance is not None:
                name = f"{slug}/{instance.slug}"
                yield _Named(name, instance.title, "gosuslugi", (), windows.get(name, Window()))
        diaries = dict(self._diaries())
        for name in sorted(diaries.keys() & windows.keys()):
            instance = diaries[name]
            yield _Named(name, instance.title, "diary", instance.regions, windows[name])

    def _diaries(self) -> Iterator[tuple[str, Instance]]:
        for slug, provider in self.plugins.providers.items():
            for instance in provider.instances():
                yield f"{slug}/{instance.slug}", instance
