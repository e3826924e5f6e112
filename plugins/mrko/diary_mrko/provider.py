"""The МЭШ family as a provider: its servers, its ways in, its diaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from typing_extensions import override

from diary_core.abilities import Diary
from diary_core.access_guide import AccessGuide
from diary_core.bilingual import Bilingual
from diary_core.credentials import CredentialKeeper, Credentials
from diary_core.errors import MethodUnknown
from diary_core.model import Source
from diary_core.provider import Channel, Instance, Provider
from diary_core.sign_in import Callback, Reply, SignInMethod, Step
from diary_mrko import aupd
from diary_mrko.access_guide import access_guide
from diary_mrko.diary import MoscowDiary, MrkoDiary
from diary_mrko.instances import MOSCOW, PROVIDER, instances
from diary_mrko.legacy import session
from diary_mrko.legacy.diary import MrkoLegacyDiary
from diary_mrko.renewal import renew
from diary_mrko.sign_in.mrko_account import MrkoAccount
from diary_mrko.sign_in.way import WayIn
from diary_mrko.ways_in import ways_in


class MrkoProvider(Provider):
    """МЭШ in Moscow and its regional nodes."""

    slug: ClassVar[str] = PROVIDER
    title: ClassVar[Bilingual] = Bilingual("МЭШ и «Моя школа»", "MES and My School")
    diary: ClassVar[type[Diary]] = MoscowDiary

    @override
    def instances(self) -> Sequence[Instance]:
        """Return Moscow, the regional nodes and Perm."""
        return instances()

    @override
    def sign_in_methods(self, instance: Instance) -> Sequence[SignInMethod]:
        """Return the ways in, the best one first."""
        return [way.method for way in ways_in(instance)]

    @override
    def diary_by(self, instance: Instance, method: str) -> type[Diary]:
        """Return Moscow's diary, a regional node's, or the small one behind an МРКО account."""
        if method == MrkoAccount.method.slug:
            return MrkoLegacyDiary
        return MoscowDiary if instance.slug == MOSCOW else MrkoDiary

    @override
    def access_guide(self, instance: Instance) -> AccessGuide | None:
        """Return how a parent gets in."""
        return access_guide(instance)

    @override
    async def begin(self, channel: Channel, method: str, callback: Callback) -> Step:
        """Start a sign-in."""
        return await _way(channel, method).begin(channel, callback)

    @override
    async def answer(self, channel: Channel, method: str, carry: Mapping[str, str], reply: Reply) -> Step:
        """Go on with a sign-in."""
        return await _way(channel, method).answer(channel, carry, reply)

    @override
    async def renew(self, channel: Channel, credentials: Credentials) -> Credentials:
        """Trade old credentials for new ones."""
        if session.is_legacy(credentials):
            return await session.reopen(channel, credentials)
        return await renew(channel, credentials)

    @override
    def open(self, channel: Channel, method: str, keeper: CredentialKeeper, source: Source) -> Diary:
        """Return the diary behind one connection."""
        if method == MrkoAccount.method.slug:
            return MrkoLegacyDiary(channel, keeper, source)
        if channel.instance.slug == MOSCOW:
            return MoscowDiary(channel, keeper, source)
        return MrkoDiary(channel, keeper, source)

    @override
    async def revoke(self, channel: Channel, credentials: Credentials) -> None:
        """Sign out of the diary; the city's own session, opened on its page, is the parent's."""
        if session.is_legacy(credentials):
            await session.close(channel, credentials)
        else:
            await aupd.sign_out(channel, credentials.secret("access"))


def _way(channel: Channel, method: str) -> WayIn:
    for way in ways_in(channel.instance):
        if way.method.slug == method:
            return way
    raise MethodUnknown(f"{channel.instance.slug!r} has no way in called {method!r}", field="method")
