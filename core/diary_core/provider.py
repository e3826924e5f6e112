"""A kind of diary system, its servers, and how to talk to one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from pydantic import SecretStr

from diary_core.abilities import Diary
from diary_core.access_guide import AccessGuide
from diary_core.bilingual import Bilingual
from diary_core.credentials import CredentialKeeper, Credentials
from diary_core.errors import InstanceUnknown, Misconfigured
from diary_core.model import Model, Source, ZoneName
from diary_core.sign_in import Callback, Reply, SignInMethod, Step

if TYPE_CHECKING:
    from httpx2 import AsyncClient


class InstanceStatus(StrEnum):
    """Whether a server still serves its regions."""

    ACTIVE = "active"
    PARTIAL = "partial"
    """Single schools only."""
    RETIRED = "retired"


class Instance(Model):
    """One server of a provider."""

    slug: str
    """Unique within the provider, such as `moscow`."""
    provider: str
    title: Bilingual
    regions: tuple[str, ...]
    """Two-digit codes of the regions it serves or served."""
    zone: ZoneName
    """IANA name of the zone its schools live in."""
    status: InstanceStatus = InstanceStatus.ACTIVE
    note: Bilingual | None = None
    """For a partial or retired one: since when, and what replaced it."""
    hosts: Mapping[str, str]
    """Base addresses by the provider's own role names, such as `api`; no trailing slash."""

    def at(self, moved: Mapping[str, str]) -> Instance:
        """Return the same server with some hosts standing elsewhere, as in a sandbox.

        Args:
            moved: New base address by the real one, such as `https://school.mos.ru`.
        """
        return self.model_copy(
            update={"hosts": {role: moved.get(url, url) for role, url in self.hosts.items()}}
        )


@dataclass(frozen=True)
class Channel:
    """Everything a provider may use to talk to one server."""

    instance: Instance
    http: AsyncClient
    """The gateway's own door: allow-listed hosts, limits, retries and error translation inside."""
    now: Callable[[], datetime]
    """The clock, aware."""
    options: Mapping[str, SecretStr] = field(default_factory=dict[str, SecretStr])
    """What the operator configured for this provider, such as its registered client."""

    def option(self, name: str) -> str:
        """Return one option in clear.

        Raises:
            Misconfigured: The operator has not set it.
        """
        try:
            return self.options[name].get_secret_value()
        except KeyError as error:
            raise Misconfigured(
                f"option {name!r} of provider {self.instance.provider!r} is not set", field=name
            ) from error


class Provider(ABC):
    """A kind of diary system, brought by a plugin."""

    slug: ClassVar[str]
    """The plugin's one name, such as `mrko`."""
    title: ClassVar[Bilingual]
    diary: ClassVar[type[Diary]]
    """The class `open` returns unless a method opens another; what it inherits, the system can do."""

    @abstractmethod
    def instances(self) -> Sequence[Instance]:
        """Return every server, also the retired ones, in a stable order."""

    @abstractmethod
    def sign_in_methods(self, instance: Instance) -> Sequence[SignInMethod]:
        """Return the ways in, the best one first; empty for a retired server."""

    @abstractmethod
    async def begin(self, channel: Channel, method: str, callback: Callback) -> Step:
        """Start a sign-in.

        Args:
            channel: The server to sign in to.
            method: Slug of one of `sign_in_methods()`.
            callback: Where a redirect must return, with the state it must bring.

        Raises:
            SignInFailed: Why, and what the parent can do.
            TryLater: The diary is in trouble.
        """

    @abstractmethod
    async def answer(self, channel: Channel, method: str, carry: Mapping[str, str], reply: Reply) -> Step:
        """Go on with a sign-in.

        Args:
            channel: The server.
            method: As given to `begin`.
            carry: What the previous step carried.
            reply: What the parent or the browser brought.

        Raises:
            SignInFailed: Why, and what the parent can do.
            TryLater: The diary is in trouble.
        """

    @abstractmethod
    async def renew(self, channel: Channel, credentials: Credentials) -> Credentials:
        """Trade old credentials for new ones.

        Raises:
            LoginRequired: They cannot be renewed; the parent must sign in again.
        """

    @abstractmethod
    def open(self, channel: Channel, method: str, keeper: CredentialKeeper, source: Source) -> Diary:
        """Return the diary behind one connection; nothing is asked of the server yet.

        Args:
            channel: The server.
            method: Slug of the method the connection was made by.
            keeper: Its credentials.
            source: Stamped on every answer.
        """

    @abstractmethod
    async def revoke(self, channel: Channel, credentials: Credentials) -> None:
        """End the session upstream, where the system can; where it cannot, do nothing."""

    def diary_by(self, instance: Instance, method: str) -> type[Diary]:
        """Return the class `open` gives for a connection made by a method: some doors show less."""
        del instance, method  # most systems open the same diary, whatever the door
        return self.diary

    def access_guide(self, instance: Instance) -> AccessGuide | None:
        """Return how a parent gets a login to a server; None where the plugin cannot tell."""
        del instance  # whoever can tell overrides this

    def instance(self, slug: str) -> Instance:
        """Return one server.

        Raises:
            InstanceUnknown: This provider has none of that name.
        """
        for instance in self.instances():
            if instance.slug == slug:
                return instance
        raise InstanceUnknown(f"{self.slug!r} has no instance {slug!r}", field="instance")
