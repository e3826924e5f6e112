"""Applications registered with the vendor: who may ask a parent for access, and where answers may go.

How registration works is not known; here two invented ones are simply there.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "testserver", "gateway.test"})


@dataclass(frozen=True, slots=True)
class Application:
    """A partner application."""

    client_id: str
    """A GUID; accepted with dashes and without, in any case."""
    secret: str
    name: str
    redirect_hosts: frozenset[str]
    """Host names redirects may go to, any port and path."""
    trusted: bool
    """The parent is not asked for consent."""

    def may_redirect_to(self, uri: str) -> bool:
        """Say whether a redirect address belongs to this application."""
        parts = urlsplit(uri)
        return (
            parts.scheme in ("http", "https") and not parts.fragment and parts.hostname in self.redirect_hosts
        )


GATEWAY = Application(
    client_id="5a4d0b0c-0000-4000-8000-00000000d1a7",
    secret="5a4d0b0c-0000-4000-8000-0000000c0de5",  # noqa: S106  invented, opens nothing but the sandbox
    name="Единый дневник",
    redirect_hosts=_LOOPBACK,
    trusted=False,
)
COMPANION = Application(
    client_id="5a4d0b0c-0000-4000-8000-00000000c0ff",
    secret="5a4d0b0c-0000-4000-8000-0000000c0ffe",  # noqa: S106  invented, opens nothing but the sandbox
    name="Школьный спутник",
    redirect_hosts=frozenset(),
    trusted=True,
)
APPLICATIONS = (GATEWAY, COMPANION)


def find_application(client_id: str) -> Application | None:
    """Return the application with this GUID, dashes or not, or None."""
    asked = _plain(client_id)
    return next((one for one in APPLICATIONS if _plain(one.client_id) == asked), None)


def find_with_secret(client_id: str, secret: str) -> Application | None:
    """Return the application whose GUID and secret these are, or None."""
    application = find_application(client_id)
    return application if application and _plain(application.secret) == _plain(secret) else None


def _plain(guid: str) -> str:
    return guid.replace("-", "").strip().lower()
