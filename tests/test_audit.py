"""The audit of dependencies fails on what is found, and never passes in silence."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

_FILE = Path(__file__).parents[1] / ".ci" / "audit.py"


@pytest.fixture(scope="module")
def verdict() -> Any:  # a function of a script that no package holds
    spec = importlib.util.spec_from_file_location("audit", _FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.verdict


GOOD: dict[str, Any] = {"name": "anyio", "version": "1", "vulns": []}
BAD: dict[str, Any] = {
    "name": "left-pad",
    "version": "1",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}],
}
UNKNOWN = {"name": "yarl", "skip_reason": "not found"}


def test_a_known_vulnerability_fails(verdict: Any) -> None:
    """It is named with its package and the version that mends it."""
    told, failed = verdict(json.dumps({"dependencies": [GOOD, BAD]}), "")
    assert failed
    assert "left-pad 1: PYSEC-1, mended in 2" in told


def test_what_was_not_asked_is_said(verdict: Any) -> None:
    """Packages nobody knows do not count as good ones; nor does a service that is not reached."""
    assert verdict(json.dumps({"dependencies": [GOOD, UNKNOWN]}), "") == (
        "audited: 1 packages, 0 vulnerabilities\nnot audited: 1 packages the advisory service does not know",
        False,
    )
    told, failed = verdict("", "requests.exceptions.ConnectionError: …")
    assert (told.startswith("not audited"), failed) == (True, False)


def test_an_error_of_the_service_fails(verdict: Any) -> None:
    """A service that was reached and is broken is trouble to look at."""
    told, failed = verdict("", "ServiceError: 500")
    assert (told.endswith("ServiceError: 500"), failed) == (True, True)
