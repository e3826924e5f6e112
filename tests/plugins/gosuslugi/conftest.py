"""Our system, an invented ЕСИА, and OpenSSL with its GOST engine where it is there."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.plugins.gosuslugi.parties import Party, new_party

Openssl = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(scope="session")
def party(tmp_path_factory: pytest.TempPathFactory) -> Party:
    """Our system."""
    return new_party(tmp_path_factory.mktemp("ours"))


@pytest.fixture(scope="session")
def esia(tmp_path_factory: pytest.TempPathFactory) -> Party:
    """ЕСИА, as far as it signs tokens with GOST."""
    return new_party(tmp_path_factory.mktemp("esia"), name="INVENTED")


@pytest.fixture(scope="session")
def openssl() -> Openssl:
    """Run OpenSSL with the GOST engine on given content; skips where the engine is missing."""
    program = shutil.which("openssl")
    listed = program and subprocess.run([program, "engine", "-t", "gost"], capture_output=True, check=False)
    if not program or not listed or b"[ available ]" not in listed.stdout:
        pytest.skip("OpenSSL has no GOST engine here; in Debian: apt-get install libengine-gost-openssl")

    def run(*arguments: str | Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command, *rest = map(str, arguments)
        return subprocess.run(
            [program, command, "-engine", "gost", *rest], input=given, capture_output=True, check=False
        )

    return run
