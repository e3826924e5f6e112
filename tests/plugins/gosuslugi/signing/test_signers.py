"""The two signers give what ЕСИА wants, each verifiable by the other's means."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from cryptography.hazmat import asn1
from tests.plugins.gosuslugi.conftest import Openssl
from tests.plugins.gosuslugi.parties import Party, unbase64url

from diary_core.errors import Misconfigured
from diary_gosuslugi.signing import OpensslSigner, Signer, engine_works, read_certificate
from diary_gosuslugi.signing.structures import ContentInfo

pytestmark = pytest.mark.anyio
MESSAGE = b"openid fullname2025.11.22 08:25:40 +0000DIARYGW01"


async def test_a_bare_signature_is_verifiable(
    signer: Signer, party: Party, openssl: Openssl, tmp_path: Path
) -> None:
    """64 bytes that verify here and in OpenSSL; over a longer text in neither."""
    made = await signer.sign(MESSAGE)
    public, signature = tmp_path / "public.pem", tmp_path / "signature"
    public.write_bytes(openssl("x509", "-in", party.certificate_file, "-pubkey", "-noout").stdout)
    signature.write_bytes(made)
    verified = openssl("dgst", "-md_gost12_256", "-verify", public, "-signature", signature, given=MESSAGE)
    assert len(made) == 64
    assert party.certificate.verifies(MESSAGE, made)
    assert not party.certificate.verifies(MESSAGE + b"!", made)
    assert verified.stdout == b"Verified OK\n"


async def test_a_cms_signature_is_verifiable(
    signer: Signer, party: Party, openssl: Openssl, tmp_path: Path
) -> None:
    """`openssl cms -verify` takes it over the text it was made for, and not when one byte differs."""
    made = await signer.sign_cms(MESSAGE)
    tampered = bytearray(made)
    tampered[-1] ^= 1
    outcomes: list[int] = []
    for text, cms in ((MESSAGE, made), (MESSAGE + b"!", made), (MESSAGE, bytes(tampered))):
        (tmp_path / "text").write_bytes(text)
        (tmp_path / "cms").write_bytes(cms)
        verified = openssl(
            *("cms", "-verify", "-binary", "-purpose", "any", "-out", tmp_path / "out", "-inform", "DER"),
            *("-content", tmp_path / "text", "-in", tmp_path / "cms", "-CAfile", party.certificate_file),
        )
        outcomes.append(verified.returncode)
    assert outcomes[0] == 0
    assert 0 not in outcomes[1:]


async def test_both_name_the_same_certificate(signer: Signer, party: Party) -> None:
    """The hash is that of the certificate, whoever signs."""
    assert signer.certificate_hash == party.certificate.hash
    assert len(signer.certificate_hash) == 64


def test_the_cms_of_the_vectors(vectors: dict[str, dict[str, str]]) -> None:
    """A published CMS without attributes has the shape ours has, and its signature is over the bare text."""
    vector = vectors["cms_detached"]
    signed = asn1.decode_der(ContentInfo, unbase64url(vector["without_signed_attributes_base64url"])).content
    certificate = read_certificate(vectors["relying_party"]["certificate_pem"].encode())
    assert certificate.verifies(vector["message_utf8"].encode(), signed.signers.as_list()[0].signature)


async def test_signing_leaves_the_event_loop_free(signer: Signer) -> None:
    """While a signature is made, other work of the loop goes on."""
    turns = 0

    async def watch() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    watching = asyncio.create_task(watch())
    await signer.sign(MESSAGE)
    watching.cancel()
    assert turns > 3


async def test_without_the_program_it_is_misconfigured(party: Party, tmp_path: Path) -> None:
    """No such program, no engine, no key: each is the operator's to mend, and says nothing of the key."""
    missing = OpensslSigner(str(tmp_path / "none"), party.key_file, party.certificate)
    with pytest.raises(Misconfigured, match="cannot be started"):
        await missing.sign(MESSAGE)
    assert not await engine_works(str(tmp_path / "none"))
    assert not await engine_works("false")


async def test_without_a_key_it_is_misconfigured(party: Party, openssl: Openssl, tmp_path: Path) -> None:
    """A key file that is not there fails as a setting does."""
    with pytest.raises(Misconfigured, match="failed"):
        await OpensslSigner("openssl", tmp_path / "none.pem", party.certificate).sign(MESSAGE)


async def test_a_hanging_program_is_ended(
    party: Party, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tool that never answers costs its time limit and is gone afterwards."""
    stuck = tmp_path / "stuck"
    stuck.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(60)\n")
    stuck.chmod(0o700)
    monkeypatch.setattr("diary_gosuslugi.signing.openssl_signer._LIMIT_S", 0.2)
    with pytest.raises(Misconfigured, match="did not answer"):
        await OpensslSigner(str(stuck), party.key_file, party.certificate).sign(MESSAGE)


async def test_the_key_is_on_no_command_line(party: Party, tmp_path: Path) -> None:
    """The program is told where the key is, never what it is, and sees nothing of our environment."""
    spy = tmp_path / "spy"
    spy.write_text(
        f"#!{sys.executable}\nimport os, sys\nopen({str(tmp_path / 'seen')!r}, 'w').write("
        "repr(sys.argv) + repr(sorted(os.environ)))\nsys.stdout.write('s' * 64)\n"
    )
    spy.chmod(0o700)
    await OpensslSigner(str(spy), party.key_file, party.certificate).sign(MESSAGE)
    seen = (tmp_path / "seen").read_text()
    secret = "".join(party.key_file.read_text().splitlines()[1:-1])
    assert str(party.key_file) in seen
    assert secret[-20:] not in seen
    assert "HOME" not in seen
