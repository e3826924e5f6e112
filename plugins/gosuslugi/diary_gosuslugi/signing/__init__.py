"""GOST signatures: our own requests, ЕСИА's tokens, keys and certificates in files."""

from __future__ import annotations

from diary_gosuslugi.signing.certificate import Certificate, read_certificate, read_certificates
from diary_gosuslugi.signing.gost import PrivateKey, PublicKey, new_key, streebog256
from diary_gosuslugi.signing.issuing import self_signed
from diary_gosuslugi.signing.keys import private_key_pem, read_private_key
from diary_gosuslugi.signing.openssl_signer import OpensslSigner, engine_works
from diary_gosuslugi.signing.python_signer import PythonSigner
from diary_gosuslugi.signing.signer import Signer
from diary_gosuslugi.signing.slow_work import SlowWork

__all__ = [
    "Certificate",
    "OpensslSigner",
    "PrivateKey",
    "PublicKey",
    "PythonSigner",
    "Signer",
    "SlowWork",
    "engine_works",
    "new_key",
    "private_key_pem",
    "read_certificate",
    "read_certificates",
    "read_private_key",
    "self_signed",
    "streebog256",
]
