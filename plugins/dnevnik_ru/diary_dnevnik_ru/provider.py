"""Дневник.ру as a provider: its regions, its ways in, its diary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from diary_core.abilities import Diary
from diary_core.access_guide import AccessGuide
from diary_core.bilingual import Bilingual
from diary_core.credentials import CredentialKeeper, Credentials
from diary_core.errors import InstanceRetired, MethodUnknown
from diary_core.model import Source
from diary_core.provider import Channel, Instance, InstanceStatus, Provider
from diary_core.sign_in import Callback, Reply, SignInMethod, Step
from diary_dnevnik_ru import sign_in
from diary_dnevnik_ru.access_guide import access_guide
from diary_dnevnik_ru.diary import DnevnikRuDiary
from diary_dnevnik_ru.instances import PROVIDER, all_instances


class DnevnikRuProvider(Provider):
    """The national diary thirteen regions use; one API for all of them."""

    slug = PROVIDER
    title = Bilingual("Дневник.ру", "Dnevnik.ru")
    diary = DnevnikRuDiary

    def instances(self) -> Sequence[Instance]:
        """Return every region that uses the system or did: in use, partial, retired."""
        return all_instances()

    def sign_in_methods(self, instance: Instance) -> Sequence[SignInMethod]:
        """Return the ways in; a region that has left has none."""
        return () if instance.status is InstanceStatus.RETIRED else sign_in.METHODS

    def access_guide(self, instance: Instance) -> AccessGuide | None:
        """Return how a parent gets in; a region that has left gives no logins."""
        return None if instance.status is InstanceStatus.RETIRED else access_guide(instance)

    async def begin(self, channel: Channel, method: str, callback: Callback) -> Step:
        """Show the form, or send the browser to the diary."""
        self._must_offer(channel.instance, method)
        return await sign_in.first_step(channel, method, callback)

    async def answer(self, channel: Channel, method: str, carry: Mapping[str, str], reply: Reply) -> Step:
        """Go on; every way in takes one reply but that by an address of Gosuslugi."""
        self._must_offer(channel.instance, method)
        return await sign_in.next_step(channel, method, carry, reply)

    async def renew(self, channel: Channel, credentials: Credentials) -> Credentials:
        """Spend the refresh token."""
        return await sign_in.renewed(channel, credentials)

    def open(self, channel: Channel, method: str, keeper: CredentialKeeper, source: Source) -> Diary:
        """Return the diary; it is the same by whatever way."""
        return DnevnikRuDiary(channel, keeper, source)

    async def revoke(self, channel: Channel, credentials: Credentials) -> None:
        """Do nothing: no call that ends a session is known."""

    def _must_offer(self, instance: Instance, method: str) -> None:
        if instance.status is InstanceStatus.RETIRED:
            raise InstanceRetired(f"{instance.slug!r} has left the system", field="instance")
        if method not in {offered.slug for offered in self.sign_in_methods(instance)}:
            raise MethodUnknown(f"{self.slug!r} has no method {method!r}", field="method")
