"""The city, a regional node and the old door over ASGI, and the usual ways to sign in to them."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from diary_sandbox.clock import MOSCOW, Clock
from diary_sandbox.faults import FaultRegistry
from diary_sandbox.mesh import build_legacy, build_school, build_sudir
from diary_sandbox.mesh.keys import SigningKey
from diary_sandbox.state import SandboxState, Store
from diary_sandbox.world import Child
from diary_sandbox.world.world import World

SUDIR = "https://login.mos.ru"
SCHOOL = "https://school.mos.ru"
NODE = "https://authedu.mosreg.ru"
LEGACY = "https://pgu.mos.ru"
APP_CALLBACK = "dnevnik-mes://oauth2redirect"
VERIFIER = "v" * 64
# Making a key takes longer than a test; any key will do.
_KEYS = {host: SigningKey() for host in ("login.mos.ru", "school.mos.ru", "authedu.mosreg.ru")}
STATEMENT = f"e30.{base64.urlsafe_b64encode(b'{}').decode().rstrip('=')}.c2ln"


def challenge(verifier: str = VERIFIER) -> str:
    """Return the S256 challenge of a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def query_of(response: httpx2.Response) -> dict[str, str]:
    """Return the query of a redirect's target."""
    query = urlsplit(response.headers["location"]).query
    return {key: values[0] for key, values in parse_qs(query).items()}


@dataclass
class Town:
    """A running sandbox without ports."""

    state: SandboxState
    open: list[httpx2.AsyncClient] = field(default_factory=list[httpx2.AsyncClient])

    def __post_init__(self) -> None:
        """Build every host once."""
        apps = {
            SUDIR: build_sudir(self.state, "login.mos.ru"),
            SCHOOL: build_school(self.state, "school.mos.ru"),
            NODE: build_school(self.state, "authedu.mosreg.ru"),
            LEGACY: build_legacy(self.state, "mrko.mos.ru"),
        }
        self.mounts = {host: httpx2.ASGITransport(app=app) for host, app in apps.items()}

    def browser(self) -> httpx2.AsyncClient:
        """Return a client with cookies of its own that reaches every host of the sandbox."""
        client = httpx2.AsyncClient(mounts=self.mounts)
        self.open.append(client)
        return client

    async def register(self, browser: httpx2.AsyncClient) -> tuple[str, str]:
        """Register an app and return its id and secret."""
        answer = await browser.post(
            f"{SUDIR}/sps/oauth/register",
            headers={"Authorization": "Bearer SANDBOX-INITIAL-TOKEN"},
            json={
                "software_id": "dnevnik.mos.ru",
                "device_type": "android_phone",
                "software_statement": STATEMENT,
            },
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["client_id"], answer.json()["client_secret"]

    async def authorize(
        self, browser: httpx2.AsyncClient, client_id: str, **changes: str | None
    ) -> httpx2.Response:
        """Send an authorization request; a change of None leaves a parameter out."""
        asked: dict[str, str | None] = {
            "response_type": "code",
            "access_type": "offline",
            "scope": "openid profile contacts snils",
            "client_id": client_id,
            "redirect_uri": APP_CALLBACK,
            "state": "st-1",
            "code_challenge": challenge(),
            "code_challenge_method": "S256",
            **changes,
        }
        query = {key: value for key, value in asked.items() if value is not None}
        return await browser.get(f"{SUDIR}/sps/oauth/ae", params=query)

    async def post_password(
        self, browser: httpx2.AsyncClient, login: str, password: str = "sandbox-mos"
    ) -> httpx2.Response:
        """Post the login form."""
        form = {"login": login, "password": password}
        return await browser.post(f"{SUDIR}/sps/login/methods/password", data=form)

    async def exchange(
        self, browser: httpx2.AsyncClient, app: tuple[str, str], code: str, **changes: str
    ) -> httpx2.Response:
        """Exchange a code for city tokens."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": APP_CALLBACK,
            "code_verifier": VERIFIER,
            **changes,
        }
        return await browser.post(f"{SUDIR}/sps/oauth/te", data=form, auth=app)

    async def city_token(self, browser: httpx2.AsyncClient, login: str) -> str:
        """Sign in to the city through the page and return the access token."""
        app = await self.register(browser)
        await self.authorize(browser, app[0])
        back = await self.post_password(browser, login)
        answer = await self.exchange(browser, app, query_of(back)["code"])
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    async def sudir_auth(self, browser: httpx2.AsyncClient, city_token: str) -> httpx2.Response:
        """Exchange a city token for diary tokens."""
        body = {"user_authentication_for_mobile_request": {"mos_access_token": city_token}}
        return await browser.post(f"{SCHOOL}/v3/auth/sudir/auth", json=body)

    async def diary_tokens(self, browser: httpx2.AsyncClient, login: str) -> tuple[str, str]:
        """Sign in to Moscow's diary and return the access and the refresh token, not yet activated."""
        answer = await self.sudir_auth(browser, await self.city_token(browser, login))
        tokens = answer.json()["user_authentication_for_mobile_response"]
        return tokens["mesh_access_token"], tokens["mesh_refresh_token"]

    async def node_tokens(
        self, browser: httpx2.AsyncClient, login: str, door: str = "kauth"
    ) -> tuple[str, str]:
        """Sign in to the regional node and return the access and the refresh token, not yet activated."""
        back = await browser.post(
            f"{NODE}/v3/auth/{door}/login",
            params={"redirect_url": "dnevnik-mes://authRegionRedirect", "state": "st-2"},
            data={"login": login, "password": "sandbox-node"},
        )
        answer = await browser.get(f"{NODE}/v3/auth/token", params=query_of(back))
        return answer.json()["token"], answer.json()["refreshToken"]

    async def family(self, login: str, host: str = SCHOOL) -> Family:
        """Sign in, activate the token, read the profile and return a client ready to call services."""
        browser = self.browser()
        get_tokens = self.diary_tokens if host == SCHOOL else self.node_tokens
        token, _ = await get_tokens(browser, login)
        family = Family(self, browser, host, token)
        await family.activate()
        return family


@dataclass
class Family:
    """A parent's activated session at a node."""

    town: Town
    browser: httpx2.AsyncClient
    host: str
    token: str
    profile_id: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """Return what the mobile app sends with every call."""
        return {
            "Authorization": f"Bearer {self.token}",
            "X-Mes-Subsystem": "familymp",
            "Client-Type": "diary-mobile",
            "Profile-Id": self.profile_id,
        }

    @property
    def parent_id(self) -> int:
        """Return the world's number of the parent."""
        return int(self.profile_id) - 6_000_000

    @property
    def children(self) -> tuple[Child, ...]:
        """Return the world's children of this parent at this node."""
        return self.town.state.world.children_of(self.parent_id, urlsplit(self.host).hostname)

    async def activate(self) -> None:
        """Ask for the profiles once and remember the parent's."""
        answer = await self.browser.get(
            f"{self.host}/api/ej/acl/v1/mod-acl/users/profile_info",
            headers={**self.headers, "Partner-Source-Id": "MOBILE"},
        )
        self.profile_id = str(answer.json()[0]["id"])

    async def call(
        self, method: str, path: str, headers: dict[str, str] | None = None, **kwargs: object
    ) -> httpx2.Response:
        """Make a call with the app's headers; `fm` at the beginning of a path is the mobile façade."""
        full = path.replace("fm/", "/api/family/mobile/v1/", 1) if path.startswith("fm/") else path
        full = full.replace("fw/", "/api/family/web/v1/", 1) if full.startswith("fw/") else full
        sent = {**self.headers, **(headers or {})}
        return await self.browser.request(
            method,
            f"{self.host}{full}",
            headers={key: value for key, value in sent.items() if value},
            **kwargs,  # type: ignore[arg-type]  # passed on to the client as they are
        )

    async def get(
        self, path: str, headers: dict[str, str] | None = None, **params: str | int
    ) -> httpx2.Response:
        """Make a GET call."""
        return await self.call("GET", path, headers, params=params)

    async def read(self, path: str, **params: str | int) -> Any:
        """Make a GET call that must succeed and return its JSON, whatever it is."""
        answer = await self.get(path, None, **params)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()


def make_state(now: datetime, *, seed: int = 1, families: int = 14) -> SandboxState:
    """Return a sandbox of its own at a moment."""
    clock = Clock(now)
    world = World(seed=seed, families=families, year=2026, clock=clock)
    store = Store(seed)
    store.bucket("mesh.signing_keys", SigningKey).update(_KEYS)
    return SandboxState(world, clock, FaultRegistry(seed, time.monotonic), store)


@pytest.fixture
def state() -> SandboxState:
    """Return a sandbox on a school day in mid-term, after the last lesson."""
    return make_state(datetime(2026, 11, 11, 17, 0, tzinfo=MOSCOW))


@asynccontextmanager
async def running(state: SandboxState) -> AsyncGenerator[Town]:
    """Run a sandbox and close its browsers at the end."""
    town = Town(state)
    yield town
    for client in town.open:
        await client.aclose()


@pytest.fixture
async def town(state: SandboxState) -> AsyncIterator[Town]:
    """Return a running sandbox."""
    async with running(state) as it:
        yield it


@pytest.fixture(scope="session")
def new_state() -> Callable[..., SandboxState]:
    """Return a maker of other sandboxes."""
    return make_state
