"""Clients of the city's identity provider: the web diary, and every app that registered itself."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from diary_sandbox.mesh.request_body import BadBody, is_array, parse_object
from diary_sandbox.state import Store

WEB_CLIENT_ID = "dnevnik.mos.ru"
APP_REDIRECTS = ("dnevnik-mes://oauth2redirect", "http://localhost")
REGISTRATION_LIFE = timedelta(seconds=3600)
_LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Client:
    """One application that may start a login.

    Attributes:
        redirect_uris: Where a code may be sent. A bare `http://localhost` stands for every loopback
            address, port and path, as RFC 8252 §7.3 asks.
        registered_at: When the app registered; absent for clients that were always there.
    """

    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    registered_at: datetime | None = None

    def may_start(self, now: datetime) -> bool:
        """Tell whether the registration is still fresh enough to start a login."""
        return self.registered_at is None or now < self.registered_at + REGISTRATION_LIFE

    def allows(self, redirect_uri: str) -> bool:
        """Tell whether a code may be sent to this address."""
        if redirect_uri in self.redirect_uris:
            return True
        return "http://localhost" in self.redirect_uris and is_loopback(redirect_uri)


class Clients:
    """The register of clients."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._clients = store.bucket("mesh.clients", Client)

    def register(self, redirect_uris: Sequence[str], now: datetime) -> Client:
        """Register an app and return it with its new secret."""
        client = Client(
            client_id=f"dyn~dnevnik.mos.ru~{self._store.secret(24)}",
            client_secret=self._store.secret(43),
            redirect_uris=tuple(redirect_uris),
            registered_at=now,
        )
        self._clients[client.client_id] = client
        return client

    def find(self, client_id: str) -> Client | None:
        """Return a client by its id."""
        return self._clients.get(client_id)

    def authenticate(self, client_id: str, client_secret: str) -> Client | None:
        """Return the client when its secret is right."""
        client = self._clients.get(client_id)
        if client is None or not secrets.compare_digest(
            client.client_secret.encode(), client_secret.encode()
        ):
            return None
        return client


def is_loopback(address: str) -> bool:
    """Say whether an address is plain HTTP on this very machine."""
    try:
        target = urlsplit(address)
    except ValueError:
        return False
    return target.scheme == "http" and target.hostname in _LOOPBACK_HOSTS


def stated_redirects(software_statement: str) -> tuple[str, ...]:
    """Return the addresses a software statement asks for, unverified; nothing when it says none.

    The sandbox trusts any statement: it has no way to know the real signing key.

    Raises:
        BadBody: The statement is not a JWT.
    """
    parts = software_statement.split(".")
    if len(parts) != 3:
        raise BadBody("software_statement is not a JWT")
    try:
        claims = parse_object(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError as error:
        raise BadBody("software_statement is not a JWT") from error
    listed = claims.get("redirect_uris")
    if not is_array(listed):
        return ()
    return tuple(item for item in listed if isinstance(item, str))
