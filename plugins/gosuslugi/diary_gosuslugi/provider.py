"""Gosuslugi as the service that tells who a parent is."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import ClassVar, Final, TypeVar
from uuid import uuid4

import structlog
from pydantic import SecretStr
from typing_extensions import override

from diary_core.bilingual import Bilingual
from diary_core.errors import (
    IdentityServiceChanged,
    IdentityServiceDown,
    IdentityUnproven,
    Misconfigured,
    NotPermitted,
    SignInMismatch,
    SignInRejected,
    Unexpected,
)
from diary_core.identity import Fact, Identity, IdentityProvider
from diary_core.provider import Channel, Instance
from diary_core.sign_in import Callback, Redirect, Reply
from diary_gosuslugi.client import Client, sign_out_url
from diary_gosuslugi.instances import INSTANCES, SLUG
from diary_gosuslugi.options import read_options
from diary_gosuslugi.parse import SCOPES, Told, identity, scopes_of
from diary_gosuslugi.refusals import refusal
from diary_gosuslugi.setup import Setup, read_setup
from diary_gosuslugi.signing import SlowWork
from diary_gosuslugi.tokens import LONGEST, Verified, state_of, verify_tokens

__all__ = ["GosuslugiIdentity"]

T = TypeVar("T")

_STATE: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def _new_state() -> str:
    return str(uuid4())


class GosuslugiIdentity(IdentityProvider):
    """ЕСИА's OAuth, from the redirect to the person; off until the operator sets `client_id`.

    Args:
        new_state: Makes the state of a token request: a fresh lower-case UUID with dashes.
    """

    slug: ClassVar = SLUG
    title: ClassVar = Bilingual("Госуслуги", "Gosuslugi")

    def __init__(self, new_state: Callable[[], str] = _new_state) -> None:
        self._new_state = new_state
        self._slow_work = SlowWork()
        self._log = structlog.get_logger("diary.gosuslugi")

    @override
    def instances(self) -> Sequence[Instance]:
        return INSTANCES

    @override
    def instance(self, options: Mapping[str, SecretStr]) -> Instance | None:
        if "client_id" not in options:
            return None
        given = options.get("environment")
        wanted = given.get_secret_value() if given else INSTANCES[0].slug
        for instance in INSTANCES:
            if instance.slug == wanted:
                return instance
        raise Misconfigured("option 'environment' is production or test", field="environment")

    @override
    async def begin(self, channel: Channel, callback: Callback, facts: Collection[Fact]) -> Redirect:
        if not _STATE.fullmatch(callback.state):
            raise Unexpected("the state of a callback must be a lower-case UUID with dashes")
        setup = await self._setup(channel)
        scope = scopes_of(facts, setup.options.scopes)
        url = await Client(channel, setup, self._new_state).authorize_url(
            scope=scope, state=callback.state, redirect_uri=callback.url
        )
        carry = {
            "facts": " ".join(sorted(facts)),
            "redirect_uri": callback.url,
            "scope": scope,
            "state": callback.state,
        }
        return Redirect(url=url, carry=carry)

    @override
    async def answer(self, channel: Channel, carry: Mapping[str, str], reply: Reply) -> Identity:
        code = _code(carry, reply)
        setup = await self._setup(channel)
        client = Client(channel, setup, self._new_state)
        tokens = await client.exchange(code, scope=carry["scope"], redirect_uri=carry["redirect_uri"])
        if tokens.id_token is None:
            raise IdentityUnproven("no id token came", field="id_token")
        verified = await self._slow_work.run(
            verify_tokens, tokens.id_token, tokens.access_token, setup.rules, channel.now()
        )
        facts = frozenset(map(Fact, carry["facts"].split()))
        return identity(verified, facts, await self._told(client, verified, tokens.access_token, facts))

    @override
    def sign_out_url(self, channel: Channel, return_to: str) -> str | None:
        return sign_out_url(channel, read_options(channel.options).client_id, return_to)

    async def _setup(self, channel: Channel) -> Setup:
        return await self._slow_work.run(read_setup, read_options(channel.options), self._slow_work)

    async def _told(self, client: Client, verified: Verified, token: str, facts: frozenset[Fact]) -> Told:
        """Ask for what is needed and consented to; what cannot be had is left out."""
        granted = {fact for fact in facts if verified.scopes.intersection(SCOPES[fact])}

        async def unless_refused(fact: Fact, asked: Awaitable[T]) -> T | None:
            try:
                return await asked
            except NotPermitted as error:
                self._log.warning("fact not told", fact=fact, error=error.code)
                return None

        async def unless_lost(fact: Fact, ask: Callable[[str, str], Awaitable[T]]) -> T | None:
            if fact not in granted:
                return None
            try:
                return await unless_refused(fact, ask(verified.subject, token))
            except (IdentityServiceDown, IdentityServiceChanged, SignInRejected) as error:
                self._log.warning("fact not told", fact=fact, error=error.code, detail=error.detail)
                return None

        person, children, contacts, documents = await asyncio.gather(
            unless_refused(Fact.NAME, client.person(verified.subject, token)),
            unless_lost(Fact.CHILDREN, client.children),
            unless_lost(Fact.CONTACTS, client.contacts),
            unless_lost(Fact.DOCUMENTS, client.documents),
        )
        return Told(person, children, contacts, documents)


def _code(carry: Mapping[str, str], reply: Reply) -> str:
    """Return the code the browser brought.

    Raises:
        SignInMismatch: It was sent out with another state.
        DiaryError: ЕСИА refused; whatever its refusal means.
        SignInRejected: There is neither a code nor a refusal, or the code is longer than any.
        IdentityUnproven: The code was given to another browser's sign-in.
    """
    given = reply.values
    if given.get("state") != carry["state"]:
        raise SignInMismatch("the callback brought another state", field="state")
    if "error" in given or "error_description" in given:
        raise refusal(given.get("error"), given.get("error_description"))
    code = given.get("code", "")
    if not 0 < len(code) <= LONGEST:
        raise SignInRejected("the callback brought no code, or too long a one", field="code")
    if state_of(code) not in {None, carry["state"]}:
        raise IdentityUnproven("the code answers another sign-in", field="code")
    return code
