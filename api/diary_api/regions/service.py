"""Who serves a region, and which server a parent means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from diary_api.regions.general_guide import general_guide
from diary_api.regions.schemas import DiaryServer, DiarySystem, MethodShown, Region, RegionBrief
from diary_api.regions.systems import SYSTEMS
from diary_core import regions
from diary_core.abilities import abilities_of
from diary_core.errors import InstanceRetired, InvalidInput, MethodUnknown, RegionNotServed
from diary_core.plugins import Plugins
from diary_core.provider import Instance, InstanceStatus, Provider

_ORDER = {InstanceStatus.ACTIVE: 0, InstanceStatus.PARTIAL: 1, InstanceStatus.RETIRED: 2}


@dataclass(frozen=True)
class Server:
    """One diary server and the provider that talks to it."""

    provider: Provider
    instance: Instance


@dataclass(frozen=True)
class Catalogue:
    """Every region, served or not."""

    plugins: Plugins
    _servers: dict[tuple[str, str], Server] = field(
        default_factory=dict[tuple[str, str], "Server"], repr=False
    )
    """Those asked for so far: every call to a diary asks, and a provider makes all its instances anew."""

    def regions(self) -> tuple[RegionBrief, ...]:
        """Return every region, by code."""
        return tuple(self._brief(region) for region in regions.regions().values())

    def region(self, code: str) -> Region:
        """Return one region with its diaries.

        Raises:
            RegionUnknown: No region has this code.
        """
        brief = self._brief(regions.region(code))
        servers = self.servers(code)
        guides = [server.provider.access_guide(server.instance) for server in servers]
        return Region(
            **dict(brief),
            instances=tuple(_shown(server) for server in servers),
            access=tuple(guide for guide in guides if guide) or (general_guide(brief.system),),
        )

    def servers(self, code: str) -> Sequence[Server]:
        """Return the servers of a region, working ones first."""
        found = [
            Server(provider, instance)
            for provider in self.plugins.providers.values()
            for instance in provider.instances()
            if code in instance.regions
        ]
        return sorted(found, key=lambda server: _ORDER[server.instance.status])

    def server(self, provider: str, instance: str) -> Server:
        """Return one server by its names.

        Raises:
            ProviderUnknown: No plugin brings the provider.
            InstanceUnknown: It has no such server.
        """
        names = (provider, instance)
        if names not in self._servers:
            known = self.plugins.provider(provider)
            self._servers[names] = Server(known, known.instance(instance))
        return self._servers[names]

    def server_for(self, code: str, method: str) -> Server:
        """Return the server of a region that offers a way to sign in.

        Raises:
            RegionUnknown: No region has this code.
            RegionNotServed: No plugin serves it.
            InstanceRetired: Its only diary has left it.
            MethodUnknown: None of its diaries is entered this way.
            InvalidInput: Several are; the parent must name one.
        """
        region = regions.region(code)
        uses = ", ".join(name for name in (SYSTEMS[region.system].en, region.host) if name)
        servers = self.servers(code)
        if not servers:
            raise RegionNotServed(f"no plugin serves the region {code!r}, which uses: {uses}", field="region")
        alive = [server for server in servers if server.instance.status is not InstanceStatus.RETIRED]
        if not alive:
            raise InstanceRetired(f"the diary left region {code!r}, which uses: {uses}", field="region")
        offering = [server for server in alive if _offers(server, method)]
        if not offering:
            raise MethodUnknown(f"no diary of the region {code!r} is entered by {method!r}", field="method")
        if len(offering) > 1:
            names = ", ".join(f"{server.provider.slug}/{server.instance.slug}" for server in offering)
            raise InvalidInput(f"several diaries fit, name one: {names}", field="instance")
        return offering[0]

    def check_method(self, server: Server, method: str) -> None:
        """Make sure that a server is entered this way.

        Raises:
            InstanceRetired: It serves nobody any more.
            MethodUnknown: It is not.
        """
        if server.instance.status is InstanceStatus.RETIRED:
            raise InstanceRetired(f"{server.instance.slug!r} is retired", field="instance")
        if not _offers(server, method):
            raise MethodUnknown(f"{server.instance.slug!r} is not entered by {method!r}", field="method")

    def _brief(self, region: regions.Region) -> RegionBrief:
        return RegionBrief(
            code=region.code,
            name=region.name,
            zone=region.zone,
            system=DiarySystem(
                code=region.system, title=SYSTEMS[region.system], host=region.host, earlier=region.history
            ),
            served=any(
                server.provider.sign_in_methods(server.instance) for server in self.servers(region.code)
            ),
        )


def _offers(server: Server, method: str) -> bool:
    return any(offered.slug == method for offered in server.provider.sign_in_methods(server.instance))


def _shown(server: Server) -> DiaryServer:
    provider, instance = server.provider, server.instance
    return DiaryServer(
        provider=provider.slug,
        provider_title=provider.title,
        instance=instance.slug,
        title=instance.title,
        zone=instance.zone,
        status=instance.status,
        note=instance.note,
        methods=tuple(
            MethodShown(**dict(method), abilities=_names(provider, instance, method.slug))
            for method in provider.sign_in_methods(instance)
        ),
        abilities=tuple(ability.__name__ for ability in abilities_of(provider.diary)),
    )


def _names(provider: Provider, instance: Instance, method: str) -> tuple[str, ...]:
    return tuple(ability.__name__ for ability in abilities_of(provider.diary_by(instance, method)))
