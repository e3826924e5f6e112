"""What every test stands on.

Connections are let through to loopback alone (`--allow-hosts`, in the root pyproject.toml);
names are not even looked up, so a forgotten host never leaves the machine.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from tests.services import NotHere, Postgres, postgres_running, redis_running

# A busy machine is no fault of the code. `make test-slow` tries the many.
settings.register_profile("few", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=20)
settings.register_profile("many", settings.get_profile("few"), max_examples=200)
settings.load_profile("few")

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


@pytest.fixture(scope="session")
def postgres() -> Generator[Postgres]:
    """Run one PostgreSQL for the whole run; each test makes a database of its own in it."""
    try:
        with postgres_running() as server:
            yield server
    except NotHere as missing:
        _not_here(missing)


@pytest.fixture(scope="session")
def redis_url() -> Generator[str]:
    """Run one Redis for the whole run; a test that flushes or kills it runs its own."""
    try:
        with redis_running() as url:
            yield url
    except NotHere as missing:
        _not_here(missing)


def _not_here(missing: NotHere) -> None:
    if os.environ.get("CI"):
        raise missing  # there nothing is skipped
    pytest.skip(str(missing))
