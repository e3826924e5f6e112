"""ЕСИА over ASGI, a registered system that signs its requests, and a person's browser."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from diary_sandbox.clock import MOSCOW, Clock
from diary_sandbox.control import build_control
from diary_sandbox.esia import ESIA_HOST, build
from diary_sandbox.esia.issuer import IssuerKeys
from diary_sandbox.esia.signing import certificates, der
from diary_sandbox.esia.signing.gost import PrivateKey
from diary_sandbox.esia.systems import GATEWAY, Systems
from diary_sandbox.faults import FaultRegistry
from diary_sandbox.state import SandboxState, Store
from diary_sandbox.world import World

ESIA = f"https://{ESIA_HOST}"
CONTROL = "https://control.test"
CALLBACK = "http://127.0.0.1:8000/v1/sign-in/callback"
SCOPE = "openid fullname birthdate gender snils"
PASSWORD = "sandbox-esia"
Json = dict[str, Any]
"""A body as it came; tests pick it apart freely."""
# Making an RSA key takes longer than a test; any will do.
_KEYS = IssuerKeys(datetime(2026, 1, 1, tzinfo=UTC))


def new_state() -> SandboxState:
    """Return a sandbox with every persona, on a school day."""
    clock = Clock(datetime(2026, 11, 25, 12, tzinfo=MOSCOW))
    world = World(seed=1, families=14, year=2026, clock=clock)
    state = SandboxState(world, clock, FaultRegistry(1, time.monotonic), Store(1))
    state.keys.bucket("esia.issuer", IssuerKeys)["0"] = _KEYS
    return state


@pytest.fixture
def state() -> SandboxState:
    """A fresh sandbox."""
    return new_state()


@dataclass
class Asker:
    """A registered system: forms requests, signs them, and walks a person's browser through the pages."""

    state: SandboxState
    browser: httpx2.AsyncClient
    mnemonic: str = GATEWAY
    key: PrivateKey | None = None
    certificate: certificates.Certificate | None = None
    legacy: bool = False
    states: int = field(default=0)

    def __post_init__(self) -> None:
        """Take the key the sandbox made for the gateway, unless another is given."""
        if self.key is None:
            own = Systems(self.state).own_key(GATEWAY)
            self.key, self.certificate = own.key, own.certificate

    def new_state(self) -> str:
        """Return a fresh lower-case UUID."""
        self.states += 1
        return f"3c0f2a9e-6b1d-4f57-9a3e-{self.states:012x}"

    def request(self, **changes: str | None) -> dict[str, str]:
        """Return an authorization request, signed after the changes; a change of None leaves one out."""
        base = {
            "client_id": self.mnemonic,
            "redirect_uri": CALLBACK,
            "scope": SCOPE,
            "response_type": "code",
            "state": self.new_state(),
            "access_type": "offline",
        }
        return self.signed(base | {"timestamp": self.timestamp()}, changes)

    def token_request(self, **changes: str | None) -> dict[str, str]:
        """Return a token request, signed after the changes."""
        base = {
            "client_id": self.mnemonic,
            "redirect_uri": CALLBACK,
            "scope": SCOPE,
            "grant_type": "authorization_code",
            "state": self.new_state(),
            "timestamp": self.timestamp(),
            "token_type": "Bearer",
        }
        return self.signed(base, changes)

    def timestamp(self) -> str:
        """Return the sandbox's time as ЕСИА wants it."""
        return f"{self.state.clock.now(UTC):%Y.%m.%d %H:%M:%S %z}"

    def signed(self, base: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
        """Apply changes and sign, unless the changes bring a signature."""
        assert self.certificate is not None
        given = {key: value for key, value in {**base, **changes}.items() if value is not None}
        if not self.legacy and "client_certificate_hash" not in changes:
            given["client_certificate_hash"] = self.certificate.hash
        if "client_secret" not in changes:
            signature = self.cms(given) if self.legacy else self.raw(given)
            given["client_secret"] = base64.urlsafe_b64encode(signature).decode().rstrip("=")
        return given

    def raw(self, given: Mapping[str, str]) -> bytes:
        """Sign as the current endpoints want it."""
        assert self.key is not None
        names = ("client_id", "scope", "scope_org", "timestamp", "state", "redirect_uri", "code")
        return self.key.sign("".join(given.get(name, "") for name in names).encode())

    def cms(self, given: Mapping[str, str]) -> bytes:
        """Sign as the legacy endpoints want it: CMS without signed attributes."""
        assert self.key is not None
        assert self.certificate is not None
        text = "".join(given.get(name, "") for name in ("scope", "timestamp", "client_id", "state"))
        digest = der.write(der.SEQUENCE, certificates.DIGEST)
        signer = der.write(
            der.SEQUENCE,
            der.whole_number(1),
            der.write(der.SEQUENCE, self.certificate.issuer, self.certificate.serial),
            digest,
            der.write(der.SEQUENCE, certificates.KEY),
            der.write(der.OCTET_STRING, self.key.sign(text.encode())),
        )
        signed = der.write(
            der.SEQUENCE,
            der.whole_number(1),
            der.write(der.SET, digest),
            der.write(der.SEQUENCE, der.oid("1.2.840.113549.1.7.1")),
            der.write(0xA0, self.certificate.der),
            der.write(der.SET, signer),
        )
        return der.write(der.SEQUENCE, der.oid("1.2.840.113549.1.7.2"), der.write(0xA0, signed))

    async def authorize(self, **changes: str | None) -> httpx2.Response:
        """Send the browser with a request."""
        path = "/aas/oauth2/ac" if self.legacy else "/aas/oauth2/v2/ac"
        return await self.browser.get(f"{ESIA}{path}", params=self.request(**changes))

    async def token(self, **changes: str | None) -> httpx2.Response:
        """Send a token request."""
        path = "/aas/oauth2/te" if self.legacy else "/aas/oauth2/v3/te"
        return await self.browser.post(f"{ESIA}{path}", data=self.token_request(**changes))

    async def code(self, login: str = "moscow_mother", **changes: str | None) -> str:
        """Walk a person through the pages and return the code."""
        return came_back(await self.walk(login, **changes))["code"]

    async def walk(self, login: str = "moscow_mother", **changes: str | None) -> httpx2.Response:
        """Walk a person through the pages, consenting; return the redirect to the system."""
        return await sign_in(self.browser, await self.authorize(**changes), login)

    async def tokens(self, login: str = "moscow_mother", **changes: str | None) -> Json:
        """Return the tokens of a person."""
        code = await self.code(login, **changes)
        answer = await self.token(code=code, scope=changes.get("scope", SCOPE))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def read(self, tokens: Json, path: str = "", **query: str) -> httpx2.Response:
        """Read something of the person."""
        oid = payload(tokens["access_token"])["urn:esia:sbj_id"]
        return await self.browser.get(
            f"{ESIA}/rs/prns/{oid}{path}",
            params=query or None,
            headers={"Authorization": f"Bearer {tokens['access_token']}"},
        )


async def sign_in(
    browser: httpx2.AsyncClient, started: httpx2.Response, login: str, answer: str = "allow"
) -> httpx2.Response:
    """Go from the redirect to the login page to the redirect back, second factor and consent included."""
    page = await browser.get(location(started))
    while page.status_code == 200:
        form = {"sign_in": field_of(page, "sign_in")}
        if 'name="password"' in page.text:
            form |= {"login": f"{login}@esia.test", "password": PASSWORD}
            page = await browser.post(f"{ESIA}/login", data=form)
        elif 'id="sandbox-code"' in page.text:
            form["code"] = page.text.split('id="sandbox-code">')[1].split("<")[0]
            page = await browser.post(f"{ESIA}/login/code", data=form)
        else:
            assert "Предоставить" in page.text
            page = await browser.post(f"{ESIA}/login/consent", data=form | {"answer": answer})
    return page


def location(response: httpx2.Response) -> str:
    """Return where a redirect of ЕСИА leads, absolute."""
    assert response.status_code in (302, 303), response.text
    target = response.headers["location"]
    return f"{ESIA}{target}" if target.startswith("/") else target


def field_of(page: httpx2.Response, name: str) -> str:
    """Return the value of a hidden field."""
    return page.text.split(f'name="{name}" value="')[1].split('"')[0]


def came_back(response: httpx2.Response, address: str = CALLBACK) -> dict[str, str]:
    """Return the query a system's address was called with."""
    target = location(response)
    assert target.startswith(f"{address}?"), target
    return {key: values[0] for key, values in parse_qs(urlsplit(target).query).items()}


def refused(response: httpx2.Response) -> str:
    """Return the number an answer refuses with: in a redirect, in JSON, or on a page."""
    if response.status_code in (302, 303):
        told = came_back(response)["error_description"]
    elif response.headers["content-type"].startswith("application/json"):
        assert response.status_code == 400
        told = response.json()["error_description"]
    else:
        assert response.status_code == 400
        told = "ESIA-" + response.text.split("ESIA-")[1]
    return told[5:11]


def payload(token: str) -> Json:
    """Return the claims of a token, unverified."""
    return json.loads(unbase64(token.split(".")[1]))


def unbase64(text: str) -> bytes:
    """Decode base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
async def browser(state: SandboxState) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser that reaches ЕСИА and the control door."""
    mounts = {
        ESIA: httpx2.ASGITransport(app=build(state, ESIA_HOST)),
        CONTROL: httpx2.ASGITransport(app=build_control(state)),
    }
    async with httpx2.AsyncClient(mounts=mounts) as client:
        yield client


@pytest.fixture
def asker(state: SandboxState, browser: httpx2.AsyncClient) -> Asker:
    """The gateway's own registered system."""
    return Asker(state, browser)
