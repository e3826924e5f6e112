"""What an operator would set in these tests."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr
from tests.plugins.gosuslugi.parties import CLIENT_ID, Party

from diary_gosuslugi.options import Options, read_options


def given(ours: Party, esia: Party, **more: str) -> Mapping[str, SecretStr]:
    """Options of a system that trusts the invented ЕСИА."""
    plain = {
        "client_id": CLIENT_ID,
        "key_file": str(ours.key_file),
        "certificate_file": str(ours.certificate_file),
        "trusted_certificates": str(esia.trusted_file),
        **more,
    }
    return {name: SecretStr(value) for name, value in plain.items()}


def options(ours: Party, esia: Party, **more: str) -> Options:
    return read_options(given(ours, esia, **more))
