"""The published vectors, and each of the two signers."""

from __future__ import annotations

import json

import pytest
from tests.plugins.gosuslugi.parties import DATA, Party

from diary_gosuslugi.signing import OpensslSigner, PythonSigner, Signer, SlowWork


@pytest.fixture(scope="session")
def vectors() -> dict[str, dict[str, str]]:
    return json.loads((DATA / "gost_vectors.json").read_text("utf-8"))


@pytest.fixture(params=["python", "openssl"])
def signer(request: pytest.FixtureRequest, party: Party) -> Signer:
    """Each of the two signers, with the same key."""
    if request.param == "python":
        return PythonSigner(party.key, party.certificate, SlowWork())
    request.getfixturevalue("openssl")
    return OpensslSigner("openssl", party.key_file, party.certificate)
