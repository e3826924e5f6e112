"""The conversation with an identity service: a browser goes there and comes back, once.

It takes the same tickets, states and turns as a sign-in to a diary, and comes back to the same callback.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from anyio import CancelScope
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from diary_api.accounts.attempts import Attempts
from diary_api.accounts.schemas import IssuedKey
from diary_api.channels import Channels
from diary_api.clock import Clock
from diary_api.connections import repository as sign_ins
from diary_api.connections.diaries import plugin_boundary
from diary_api.connections.flow import (
    Flow,
    may_be_repeated,
    new_secret,
    new_state,
    seal_flow,
    tried,
    waiting_row,
)
from diary_api.identities import repository
from diary_api.identities.codes import MOST_TRIES, new_code, same_code
from diary_api.identities.schemas import IdentityCameBack, OpenSession, ProofBegun, SignInBegun
from diary_api.identities.service import Identities
from diary_api.settings import Settings
from diary_api.storage.sealing import digest
from diary_api.storage.tables import SignInRow
from diary_core.errors import (
    Conflict,
    DiaryError,
    NotSignedIn,
    NotSupported,
    ProviderUnknown,
    SignInExpired,
    SignInRejected,
    WrongCode,
)
from diary_core.identity import Fact, Identity, IdentityProvider
from diary_core.plugins import Plugins
from diary_core.provider import Channel
from diary_core.sign_in import Callback, Redirect, Reply

Purpose = Literal["enter", "prove"]

NEEDED = frozenset({Fact.NAME, Fact.BIRTH_DATE, Fact.SNILS, Fact.DOCUMENTS})
"""What a diary's person is compared with, and the documents, which tell the level; nothing else is asked."""
BEGUN_MOST = 60
"""Sign-ins one address or account may begin within `sign_in_pause`: each costs a signature."""
_REMEMBERED = timedelta(days=1)
_YOUNG = timedelta(minutes=1)
"""So old may the signature of an address be; ЕСИА is known to refuse old ones, but not from when on."""
_KEY_PREFIX = "dgk_"


class _Result(BaseModel):
    """What a finished `enter` waits to be redeemed for."""

    model_config = ConfigDict(frozen=True)

    account_id: str
    code: str = Field(repr=False)


@dataclass(frozen=True)
class Proofs:
    """Proving who a parent is."""

    settings: Settings
    clock: Clock
    plugins: Plugins
    channels: Channels
    identities: Identities
    begun: Attempts

    async def begin_to_enter(self, service: str, client: str) -> SignInBegun:
        """Begin to sign in to the gateway.

        Args:
            service: Slug of the identity service.
            client: Address of the one who begins.

        Raises:
            ProviderUnknown: There is no such service, or it is off.
            TooManyRequests: This address has begun too often.
            DiaryError: As the service says.
        """
        await self._count(client)
        key = _KEY_PREFIX + new_secret()
        ticket = await self._begin(service, "enter", key_hash=digest(key))
        return SignInBegun(step=self._link(ticket), expires_at=self._end(), key=key)

    async def begin_to_prove(self, service: str, account_id: str) -> ProofBegun:
        """Begin to prove who owns an account; an unfinished proof of it is dropped.

        Raises:
            ProviderUnknown: There is no such service, or it is off.
            TooManyRequests: This account has begun too often.
            DiaryError: As the service says.
        """
        await self._count(account_id)
        ticket = await self._begin(service, "prove", account_id=account_id)
        return ProofBegun(step=self._link(ticket), expires_at=self._end())

    def title(self, service: str) -> str:
        """Return the Russian name of a service, for pages."""
        return self._service(service)[0].title.ru

    def sign_out_url(self, service: str) -> str:
        """Return where a browser ends its session at a service; it comes back to a page of ours.

        Raises:
            ProviderUnknown: There is no such service, or it is off.
            NotSupported: The service cannot be signed out of.
            DiaryError: As the service says.
        """
        provider, channel = self._service(service)
        with plugin_boundary(provider.slug):
            url = provider.sign_out_url(
                channel, f"{self.settings.public_url}/v1/sign-in/{service}/signed-out"
            )
        if url is None:
            raise NotSupported(f"nobody can be signed out of {service!r} from here")
        return url

    async def begin_again(self, row: SignInRow, client: str) -> str:
        """Begin a failed proof anew, for whoever began it; return the new ticket.

        Args:
            row: The failed one.
            client: Address of the browser it failed in.

        Raises:
            SignInExpired: It was begun anew already.
            TooManyRequests: This address has begun too often.
            DiaryError: As the service says.
        """
        await self._count(client)
        if row.purpose == "prove":
            return await self._begin(row.method, "prove", account_id=row.account_id)
        if row.key_hash is None:
            raise SignInExpired("this sign-in was begun anew already")
        return await self._begin(row.method, "enter", key_hash=row.key_hash, instead_of=row)

    async def address(self, row: SignInRow, flow: Flow) -> str:
        """Return where a browser goes; an address that is no good any more is made anew.

        It is signed with the time, and may be refused when that is long ago.
        A state that has come back already may be refused a second time, so another one takes its place.

        Raises:
            SignInExpired: The sign-in is over, or what is asked of the service has been changed since.
            TooManyRequests: This link was opened too often.
            DiaryError: As the service says.
        """
        assert isinstance(flow.step, Redirect)  # noqa: S101  a proof has no other step
        if self.clock() - row.created_at < _YOUNG and not flow.came_back:
            return flow.step.url
        await self.begun.begin(self.identities.storage.ring.index("proof.opened", row.id))
        provider, channel = self._service(row.method)
        state = new_state() if flow.came_back else flow.state
        with plugin_boundary(provider.slug):
            step = await provider.begin(channel, self._callback(state), NEEDED)
        if flow.came_back:
            await self._readdress(row, flow.then(step).model_copy(update={"state": state}))
        elif step.carry != flow.carry:
            raise SignInExpired("what is asked of the service has been changed")
        return step.url

    async def go_on(self, row: SignInRow, flow: Flow, query: Mapping[str, str]) -> None:
        """Take the person from the service, in a turn that was taken.

        Raises:
            SignInExpired: The sign-in was dropped meanwhile.
            IdentityTaken: The person owns another account.
            DiaryError: As the service says; what passes by itself lets the same redirect come back again.
        """
        try:
            provider, channel = self._service(row.method)
            with plugin_boundary(provider.slug):
                identity = await provider.answer(channel, flow.carry, Reply(values=query))
            await self._finish(row, identity)
        except DiaryError as error:
            if may_be_repeated(flow, query, error):
                await self._settle(row, "waiting", tried(flow))
            else:
                await self._settle(row, "failed")
            raise
        except BaseException:
            await self._settle(row, "waiting")
            raise

    async def came_back(self, row: SignInRow) -> IdentityCameBack:
        """Tell what a finished sign-in has led to.

        Raises:
            Conflict: The browser has not come back yet.
            SignInExpired: Its session is open already, its code too old, or the identity was removed since.
        """
        if row.phase in {"waiting", "taken"}:
            raise Conflict("the browser has not come back yet")
        result = self._result(row)
        account_id = result.account_id if result and row.expires_at > self.clock() else row.account_id
        known = () if account_id is None else await self.identities.of(account_id)
        for identity in known:
            if identity.provider == row.method:
                return IdentityCameBack(
                    purpose="enter" if result else "prove",
                    level=identity.level,
                    code=result.code if result else None,
                )
        raise SignInExpired("nothing is left of this sign-in")

    async def redeem(self, service: str, given: OpenSession, client: str) -> IssuedKey:
        """Open the session a finished sign-in has earned, once.

        Raises:
            Conflict: The browser has not come back yet.
            WrongCode: The code is another one; after a few such tries the sign-in is over.
            SignInExpired: There is no such sign-in, or it was redeemed, or its time is over.
        """
        async with self.identities.storage.reading() as session:
            row = await repository.by_key(session, digest(given.key.get_secret_value()))
        if row is None or row.method != service:
            raise SignInExpired("there is no such sign-in")
        now = self.clock()
        if row.phase in {"waiting", "taken"} and row.expires_at > now:
            raise Conflict("the browser has not come back yet", field="key")
        async with self.identities.storage.writing() as session:
            may_try = await repository.count_try(session, row, MOST_TRIES, now)
        result = self._result(row)
        if not may_try or result is None:
            raise SignInExpired("this sign-in is over")
        if not same_code(given.code.get_secret_value(), result.code):
            raise WrongCode("the browser shows another code", field="code")
        async with self.identities.storage.writing() as session:
            if not await repository.redeem(session, row):
                raise SignInExpired("this sign-in was redeemed already")
        return await self.identities.accounts.keys.open_session(result.account_id, service, client)

    async def _begin(
        self,
        service: str,
        purpose: Purpose,
        *,
        account_id: str | None = None,
        key_hash: str | None = None,
        instead_of: SignInRow | None = None,
    ) -> str:
        provider, channel = self._service(service)
        ticket, state = new_secret(), new_state()
        with plugin_boundary(provider.slug):
            step = await provider.begin(channel, self._callback(state), NEEDED)
        row = waiting_row(
            self.identities.storage.ring,
            Flow(step=step, carry=step.carry, ticket=ticket, state=state),
            method=service,
            now=self.clock(),
            expires_at=self._end(),
        )
        row.purpose, row.account_id, row.key_hash = purpose, account_id, key_hash
        try:
            async with self.identities.storage.writing() as session:
                await repository.sweep_proofs(session, older_than=self.clock() - _REMEMBERED)
                if account_id is not None:
                    await repository.drop_proofs(session, account_id)
                if instead_of is not None and not await repository.hand_over(session, instead_of):
                    raise SignInExpired("this sign-in was begun anew already")
                session.add(row)
        except IntegrityError as error:
            raise NotSignedIn("the account was erased meanwhile") from error
        return ticket

    async def _count(self, who: str) -> None:
        await self.begun.begin(self.identities.storage.ring.index("proof.begun", who))

    async def _finish(self, row: SignInRow, identity: Identity) -> None:
        if identity.provider != row.method or not identity.subject:
            raise SignInRejected("the service told of nobody, or of another service's person")
        try:
            await self._write_down(row, identity)
        except (IntegrityError, StaleDataError):  # another browser brought the same person, or it was erased
            try:
                await self._write_down(row, identity)
            except IntegrityError as error:
                raise SignInExpired("the account was erased meanwhile") from error

    async def _write_down(self, row: SignInRow, identity: Identity) -> None:
        ring = self.identities.storage.ring
        async with self.identities.storage.writing() as session:
            if row.account_id is not None:
                await self.identities.prove(session, row.account_id, identity)
                sealed = None
            else:
                account_id = await self.identities.enter(session, identity)
                result = _Result(account_id=account_id, code=new_code())
                sealed = ring.seal(result.model_dump_json().encode(), place=_place(row.id))
            if not await repository.finish_proof(session, row, sealed, self._end()):
                raise SignInExpired("the sign-in was dropped meanwhile")

    def _result(self, row: SignInRow) -> _Result | None:
        """Open what a finished `enter` waits to be redeemed for; None once it was."""
        if row.result_sealed is None:
            return None
        plain = self.identities.storage.ring.open(row.result_sealed, place=_place(row.id))
        return _Result.model_validate_json(plain)

    async def _settle(self, row: SignInRow, phase: str, flow: Flow | None = None) -> None:
        sealed = None if flow is None else seal_flow(self.identities.storage.ring, row.id, flow)
        with CancelScope(shield=True):
            async with self.identities.storage.writing() as session:
                await sign_ins.settle_turn(session, row, phase, sealed)

    def _service(self, slug: str) -> tuple[IdentityProvider, Channel]:
        provider = self.plugins.identity_providers.get(slug)
        options = self.settings.options.get(slug, {})
        instance = provider.instance(options) if provider else None
        if provider is None or instance is None:
            raise ProviderUnknown(
                f"there is no identity service {slug!r} here, or it is off", field="provider"
            )
        return provider, self.channels.at(slug, instance)

    async def _readdress(self, row: SignInRow, flow: Flow) -> None:
        sealed = seal_flow(self.identities.storage.ring, row.id, flow)
        async with self.identities.storage.writing() as session:
            if not await sign_ins.readdress(session, row, flow_sealed=sealed, state_hash=digest(flow.state)):
                raise SignInExpired("the sign-in is over, or goes on elsewhere")

    def _callback(self, state: str) -> Callback:
        return Callback(url=f"{self.settings.public_url}/v1/callback", state=state)

    def _link(self, ticket: str) -> Redirect:
        return Redirect(url=f"{self.settings.public_url}/v1/sign-ins/{ticket}")

    def _end(self) -> datetime:
        return self.clock() + self.settings.sign_in_lifetime


def _place(sign_in_id: str) -> str:
    return f"sign_ins.result:{sign_in_id}"
