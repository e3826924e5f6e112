"""Ways out to the diary servers: one HTTP client for each, opened on first use, closed with the gateway."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from httpx2 import AsyncClient
from pydantic import TypeAdapter

from diary_api.clock import Clock
from diary_api.regions.service import Server
from diary_api.settings import Settings
from diary_api.shared import Shared
from diary_api.shared.circuits import circuits_over
from diary_api.shared.turns import turns_over
from diary_core.errors import DiaryError, Misconfigured
from diary_core.http import Circuits, Observe, Turns, open_client, read
from diary_core.provider import Channel, Instance

_HOSTS = TypeAdapter(dict[str, str])


@dataclass(frozen=True)
class Channels:
    """The way out to each server."""

    settings: Settings
    clock: Clock
    observe: Observe
    """Told of every call."""
    moved: Mapping[str, str]
    """Addresses that stand elsewhere, as in a sandbox, by the real ones."""
    turns: Turns = field(repr=False)
    """Who may call when: one for all servers, since some share a host."""
    circuits: Circuits = field(repr=False)
    """Which hosts are left alone."""
    _clients: dict[str, AsyncClient] = field(default_factory=dict[str, AsyncClient], repr=False)

    def to(self, server: Server) -> Channel:
        """Return everything a provider needs to talk to a server."""
        return self.at(server.provider.slug, server.instance)

    def at(self, provider: str, instance: Instance) -> Channel:
        """Return everything a provider needs to talk to one of its servers.

        Args:
            provider: Slug of the plugin, a diary's or an identity service's.
            instance: The server, under its real addresses.
        """
        instance = instance.at(self.moved)
        name = f"{provider}/{instance.slug}"
        if name not in self._clients:
            self._clients[name] = open_client(
                instance.hosts.values(),
                limits=self.settings.upstream,
                name=name,
                turns=self.turns,
                circuits=self.circuits,
                observe=self.observe,
                inner=self.moved.values(),
            )
        return Channel(
            instance=instance,
            http=self._clients[name],
            now=self.clock,
            options=self.settings.options.get(provider, {}),
        )

    async def close(self) -> None:
        """Close every client."""
        for client in self._clients.values():
            await client.aclose()


@asynccontextmanager
async def open_channels(
    settings: Settings, clock: Clock, shared: Shared, observe: Observe
) -> AsyncGenerator[Channels, None]:
    """Find out where the servers stand, for the life of the gateway.

    Raises:
        Misconfigured: The sandbox that was named does not answer.
    """
    moved = {**await _sandbox_hosts(settings), **settings.upstream_hosts}
    channels = Channels(settings, clock, observe, moved, turns_over(shared.link), circuits_over(shared.link))
    try:
        yield channels
    finally:
        await channels.close()


async def _sandbox_hosts(settings: Settings) -> Mapping[str, str]:
    if settings.sandbox_url is None:
        return {}
    client = open_client(
        [settings.sandbox_url], limits=settings.upstream, name="sandbox", inner=[settings.sandbox_url]
    )
    async with client:
        try:
            return read(await client.get(f"{settings.sandbox_url}/_sandbox/hosts"), _HOSTS)
        except DiaryError as error:
            raise Misconfigured(
                f"the sandbox at {settings.sandbox_url} does not answer", field="sandbox_url"
            ) from error
