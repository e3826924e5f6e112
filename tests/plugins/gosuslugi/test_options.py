"""Options are understood at once or refused by name; files are read and never shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.plugins.gosuslugi.parties import Party, rsa_certificate
from tests.plugins.gosuslugi.settings import given, options

from diary_core.errors import Misconfigured
from diary_gosuslugi.options import read_options
from diary_gosuslugi.setup import read_setup
from diary_gosuslugi.signing import SlowWork
from diary_gosuslugi.tokens import Algorithm


def test_the_defaults(party: Party, esia: Party) -> None:
    """Production, GOST tokens, current endpoints, signing that needs nothing installed."""
    read = options(party, esia)
    assert (read.environment, read.token_algorithm, read.endpoints, read.signer) == (
        "production",
        Algorithm.GOST,
        "current",
        "python",
    )
    assert read.scopes is None


@pytest.mark.parametrize("name", ["client_id", "key_file", "certificate_file", "trusted_certificates"])
def test_a_missing_option_is_named(name: str, party: Party, esia: Party) -> None:
    """Each of the four that have no default."""
    incomplete = {key: value for key, value in given(party, esia).items() if key != name}
    with pytest.raises(Misconfigured, match=name) as error:
        read_options(incomplete)
    assert error.value.field == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_id", "with space"),
        ("environment", "staging"),
        ("token_algorithm", "HS256"),
        ("endpoints", "v4"),
        ("signer", "hsm"),
        ("scopes", "fullname snils"),
        ("client_secret", "there is no such option"),
    ],
)
def test_a_wrong_option_is_named_without_its_value(name: str, value: str, party: Party, esia: Party) -> None:
    """A typo in a name or a value fails by name; the value is not told, nor held by a cause."""
    with pytest.raises(Misconfigured) as error:
        options(party, esia, **{name: value})
    assert error.value.field == name
    assert value not in str(error.value)
    assert error.value.__cause__ is error.value.__context__ is None


def test_issuers_follow_the_environment(party: Party, esia: Party) -> None:
    """http and a last slash, unless the operator says otherwise."""
    issuers = [
        read_setup(options(party, esia, **more), SlowWork()).rules.issuer
        for more in ({}, {"environment": "test"}, {"issuer": "http://127.0.0.1/"})
    ]
    assert issuers == [
        "http://esia.gosuslugi.ru/",
        "http://esia-portal1.test.gosuslugi.ru/",
        "http://127.0.0.1/",
    ]


def test_trusted_certificates_of_a_folder(party: Party, esia: Party, tmp_path: Path) -> None:
    """Every certificate file of it, PEM and DER, GOST and RSA; other files are left alone."""
    (tmp_path / "gost.cer").write_bytes(esia.certificate.der)
    (tmp_path / "rsa.pem").write_bytes(rsa_certificate() + party.certificate_file.read_bytes())
    (tmp_path / "readme.txt").write_text("not a certificate")
    trusted = read_setup(options(party, esia, trusted_certificates=str(tmp_path)), SlowWork()).rules.trusted
    assert [type(one.key).__name__ for one in trusted] == ["PublicKey", "RSAPublicKey", "PublicKey"]


def test_a_file_that_is_none_is_named(party: Party, esia: Party, tmp_path: Path) -> None:
    """Missing, empty, or something else: the option at fault is told, never what the file holds."""
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("a-canary")
    for name in ("key_file", "certificate_file", "trusted_certificates"):
        for file in (tmp_path / "missing.pem", wrong):
            with pytest.raises(Misconfigured) as error:
                read_setup(options(party, esia, **{name: str(file)}), SlowWork())
            assert error.value.field == name
            assert "canary" not in repr(error.value)
    (tmp_path / "empty").mkdir()
    with pytest.raises(Misconfigured, match="empty folder"):
        read_setup(options(party, esia, trusted_certificates=str(tmp_path / "empty")), SlowWork())


def test_a_certificate_of_rsa_is_not_ours(party: Party, esia: Party, tmp_path: Path) -> None:
    """Requests are signed with GOST only."""
    (tmp_path / "rsa.pem").write_bytes(rsa_certificate())
    with pytest.raises(Misconfigured, match="GOST"):
        read_setup(options(party, esia, certificate_file=str(tmp_path / "rsa.pem")), SlowWork())


def test_values_stay_hidden() -> None:
    """Options come as secrets, and an error about them keeps them so."""
    with pytest.raises(Misconfigured) as error:
        read_options({"client_id": SecretStr("a canary")})
    assert "canary" not in str(error.value)
