"""ЕСИА: HTTP in, wire models out.

The requests are formed by Authlib and sent by the gateway's own client, so that its limits, host list,
retries and redacted log hold here too; Authlib's own client would bring another.
Every call may raise `IdentityServiceDown` and `IdentityServiceChanged`, and `Misconfigured` where it signs.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final, Literal, TypeVar, cast
from urllib.parse import urlencode

from authlib.oauth2.rfc6749.parameters import (
    prepare_grant_uri,  # pyright: ignore[reportUnknownVariableType]  Authlib has no types
    prepare_token_request,  # pyright: ignore[reportUnknownVariableType]  as above
)
from httpx2 import Response
from pydantic import TypeAdapter, ValidationError

from diary_core.errors import (
    CodeExpired,
    DiaryError,
    IdentityServiceChanged,
    IdentityServiceDown,
    IdentityUnproven,
    LoginRequired,
    NotFound,
    RegionChanged,
    SignInRejected,
    TryLater,
)
from diary_core.http import read
from diary_core.provider import Channel
from diary_gosuslugi import wire
from diary_gosuslugi.instances import ESIA
from diary_gosuslugi.refusals import refusal
from diary_gosuslugi.setup import Setup
from diary_gosuslugi.signed_request import Request, proof

__all__ = ["Client", "sign_out_url"]

T = TypeVar("T")
ElementT = TypeVar("ElementT", wire.Child, wire.Contact, wire.Document)
Access = Literal["online", "offline"]

_AUTHORIZE: Final = {"current": "/aas/oauth2/v2/ac", "legacy": "/aas/oauth2/ac"}
_TOKEN: Final = {"current": "/aas/oauth2/v3/te", "legacy": "/aas/oauth2/te"}
_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_LINKED_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
_LINKS_MAX: Final = 50
_REFUSAL_BYTES_MAX: Final = 16 * 1024
_ANSWER: Final = TypeAdapter(wire.TokenAnswer)
_REFUSAL: Final = TypeAdapter(wire.TokenRefusal)
_PERSON: Final = TypeAdapter(wire.Person)
_CHILD: Final = TypeAdapter(wire.Child)
_CHILDREN: Final = TypeAdapter(wire.Collection[wire.Child])
_CONTACT: Final = TypeAdapter(wire.Contact)
_CONTACTS: Final = TypeAdapter(wire.Collection[wire.Contact])
_DOCUMENT: Final = TypeAdapter(wire.Document)
_DOCUMENTS: Final = TypeAdapter(wire.Collection[wire.Document])


class Client:
    """The service as our system sees it.

    Args:
        channel: The server and how to reach it.
        setup: What the operator configured.
        new_state: Makes a fresh lower-case UUID with dashes.
    """

    def __init__(self, channel: Channel, setup: Setup, new_state: Callable[[], str]) -> None:
        self._channel = channel
        self._setup = setup
        self._new_state = new_state
        self._base = channel.instance.hosts[ESIA]

    async def authorize_url(
        self, *, scope: str, state: str, redirect_uri: str, access: Access = "online"
    ) -> str:
        """Return where the person signs in and consents; only offline access gives a refresh token."""
        request = Request("authorize", scope, state, redirect_uri)
        parameters = await proof(self._setup, request, self._channel.now())
        url = self._base + _AUTHORIZE[self._setup.options.endpoints]
        return cast(
            "str",  # Authlib has no types
            prepare_grant_uri(url, response_type="code", access_type=access, **parameters),
        )

    async def exchange(self, code: str, *, scope: str, redirect_uri: str) -> wire.TokenAnswer:
        """Trade a code for tokens; scope and address are those of the authorize request.

        Raises:
            SignInFailed: The code is spent or too old, or ЕСИА refuses for another reason.
            IdentityUnproven: The answer is to another request.
        """
        request = Request("code", scope, self._new_state(), redirect_uri, code)
        return await self._tokens(request, grant_type="authorization_code", code=code)

    async def refresh(self, refresh_token: str, *, scope: str, redirect_uri: str) -> wire.TokenAnswer:
        """Trade a refresh token for new tokens; the answer's refresh token replaces it.

        Raises:
            LoginRequired: It is spent or withdrawn.
            IdentityUnproven: The answer is to another request.
        """
        request = Request("refresh", scope, self._new_state(), redirect_uri, refresh_token)
        try:
            return await self._tokens(request, grant_type="refresh_token", refresh_token=refresh_token)
        except CodeExpired as error:
            raise LoginRequired(error.detail) from error

    async def person(self, oid: str, token: str) -> wire.Person:
        """Return a person, as far as they have consented.

        Raises:
            NotPermitted: Nothing of them may be seen.
        """
        return await self._get(f"/rs/prns/{oid}", token, _PERSON)

    async def children(self, oid: str, token: str) -> tuple[wire.Child, ...]:
        """Return the children on a person's page.

        Raises:
            NotPermitted: They have not consented to it.
        """
        return await self._collection(f"/rs/prns/{oid}/kids", token, _CHILDREN, _CHILD)

    async def contacts(self, oid: str, token: str) -> tuple[wire.Contact, ...]:
        """Return how to reach a person.

        Raises:
            NotPermitted: They have not consented to it.
        """
        return await self._collection(f"/rs/prns/{oid}/ctts", token, _CONTACTS, _CONTACT)

    async def documents(self, oid: str, token: str) -> tuple[wire.Document, ...]:
        """Return the kinds of a person's documents and whether they are verified.

        Raises:
            NotPermitted: They have not consented to it.
        """
        return await self._collection(f"/rs/prns/{oid}/docs", token, _DOCUMENTS, _DOCUMENT)

    async def _tokens(self, request: Request, **grant: str) -> wire.TokenAnswer:
        parameters = await proof(self._setup, request, self._channel.now())
        body = prepare_token_request(token_type="Bearer", **grant, **parameters)  # noqa: S106  no password
        with _in_our_words():
            response = await self._channel.http.post(
                self._base + _TOKEN[self._setup.options.endpoints],
                content=body,
                headers={"Content-Type": _FORM, "Accept": _JSON},
            )
            if not response.is_success:
                raise _refused(response)
            answer = read(response, _ANSWER)
        if answer.state != request.state:
            raise IdentityUnproven("the answer is to another request", field="state")
        return answer

    async def _collection(
        self,
        path: str,
        token: str,
        envelope: TypeAdapter[wire.Collection[ElementT]],
        shape: TypeAdapter[ElementT],
    ) -> tuple[ElementT, ...]:
        """Return the elements of a collection, those fetched one by one that came as links."""
        found = (await self._get(f"{path}?embed=(elements)", token, envelope)).elements
        if sum(isinstance(one, str) for one in found) > _LINKS_MAX:
            raise IdentityServiceChanged("a collection has too many links", field="elements")

        async def element(one: ElementT | str) -> ElementT:
            # The link is not followed but rebuilt: the token goes nowhere an answer says.
            if not isinstance(one, str):
                return one
            return await self._get(f"{path}/{_linked_id(one)}", token, shape)

        return tuple(await asyncio.gather(*map(element, found)))

    async def _get(self, path: str, token: str, shape: TypeAdapter[T]) -> T:
        headers = {"Authorization": f"Bearer {token}", "Accept": _JSON}
        with _in_our_words():
            return read(await self._channel.http.get(self._base + path, headers=headers), shape)


def sign_out_url(channel: Channel, client_id: str, return_to: str) -> str:
    """Return where the browser ends its session; the parameter is `redirect_url`, unlike elsewhere."""
    query = urlencode({"client_id": client_id, "redirect_url": return_to})
    return f"{channel.instance.hosts[ESIA]}/idp/ext/Logout?{query}"


@contextmanager
def _in_our_words() -> Generator[None]:
    """Say of the identity service what the gateway's door says of a diary."""
    try:
        yield
    except IdentityServiceDown:
        raise
    except TryLater as error:
        raise IdentityServiceDown(error.detail, retry_after=error.retry_after) from error
    except LoginRequired as error:
        raise SignInRejected("gosuslugi refused the token it had just given") from error
    except NotFound as error:
        raise IdentityServiceChanged("gosuslugi does not know the address") from error
    except RegionChanged as error:
        raise IdentityServiceChanged(error.detail, field=error.field) from error


def _refused(response: Response) -> DiaryError:
    """Return what a refusal of the token endpoint means; some are web pages that explain nothing."""
    status = response.status_code
    if not 400 <= status < 500:
        return IdentityServiceChanged(f"gosuslugi answered status {status}")
    try:
        said = _REFUSAL.validate_json(response.content[:_REFUSAL_BYTES_MAX])
    except ValidationError:
        return IdentityServiceDown(f"gosuslugi answered no JSON, status {status}")
    return refusal(said.error, said.error_description)


def _linked_id(link: str) -> str:
    last = link.rstrip("/").rpartition("/")[2]
    if not _LINKED_ID.fullmatch(last):
        raise IdentityServiceChanged("an element of a collection is no link", field="elements.[]")
    return last
