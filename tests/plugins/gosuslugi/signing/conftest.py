"""Keys made for the test run, the published vectors, and OpenSSL with its GOST engine where it is there."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from diary_gosuslugi.signing import (
    Certificate,
    OpensslSigner,
    PrivateKey,
    PythonSigner,
    Signer,
    SlowWork,
    new_key,
    private_key_pem,
    read_certificate,
    self_signed,
)

DATA = Path(__file__).parents[1] / "data"
Openssl = Callable[..., "subprocess.CompletedProcess[bytes]"]


@dataclass(frozen=True)
class Party:
    """One who signs: a key and its certificate, in memory and in files."""

    key: PrivateKey
    certificate: Certificate
    key_file: Path
    certificate_file: Path


@pytest.fixture(scope="session")
def party(tmp_path_factory: pytest.TempPathFactory) -> Party:
    folder = tmp_path_factory.mktemp("party")
    key = new_key()
    certificate = self_signed(
        key,
        common_name="DIARYGW01",
        organization="Invented",
        since=datetime.now(UTC) - timedelta(days=1),
        lifetime=timedelta(days=30),
    )
    (folder / "key.pem").write_bytes(private_key_pem(key))
    (folder / "certificate.pem").write_bytes(certificate)
    return Party(key, read_certificate(certificate), folder / "key.pem", folder / "certificate.pem")


@pytest.fixture(scope="session")
def vectors() -> dict[str, dict[str, str]]:
    return json.loads((DATA / "gost_vectors.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def openssl() -> Openssl:
    """Run OpenSSL on a file's or given content; skips where the GOST engine is missing."""
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


@pytest.fixture(params=["python", "openssl"])
def signer(request: pytest.FixtureRequest, party: Party) -> Signer:
    """Each of the two signers, with the same key."""
    if request.param == "python":
        return PythonSigner(party.key, party.certificate, SlowWork())
    request.getfixturevalue("openssl")
    return OpensslSigner("openssl", party.key_file, party.certificate)
