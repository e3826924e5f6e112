"""What every test stands on.

Connections are let through to loopback alone (`--allow-hosts`, in the root pyproject.toml);
names are not even looked up, so a forgotten host never leaves the machine.
"""

from __future__ import annotations

import socket

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no fault of the code.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")

_LOOPBACK = {"127.0.0.1", "::1", "localhost", None, ""}
_getaddrinfo = socket.getaddrinfo


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on asyncio, the one loop the gateway runs on."""
    return "asyncio"


@pytest.fixture(autouse=True)
def no_lookups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse to resolve any name but loopback's."""

    def loopback_only(host: str | bytes | None, *args: object, **kwargs: object) -> object:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in _LOOPBACK:
            raise RuntimeError(f"a test tried to reach {name!r}")
        return _getaddrinfo(host, *args, **kwargs)  # type: ignore[arg-type]  passed on as they came

    monkeypatch.setattr(socket, "getaddrinfo", loopback_only)
