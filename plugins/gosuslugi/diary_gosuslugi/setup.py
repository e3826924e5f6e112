"""The operator's options, with every file they name read and understood."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from diary_core.errors import Misconfigured
from diary_gosuslugi.instances import ISSUERS
from diary_gosuslugi.options import Options
from diary_gosuslugi.signing import (
    Certificate,
    OpensslSigner,
    PublicKey,
    PythonSigner,
    Signer,
    SlowWork,
    read_certificate,
    read_certificates,
    read_private_key,
)
from diary_gosuslugi.tokens import TokenRules

__all__ = ["Setup", "read_own_certificate", "read_setup", "read_trusted"]

_SUFFIXES: Final = frozenset({".cer", ".crt", ".der", ".pem"})


@dataclass(frozen=True)
class Setup:
    """Everything one sign-in needs of the operator."""

    options: Options
    signer: Signer
    rules: TokenRules


def read_setup(options: Options, slow_work: SlowWork) -> Setup:
    """Read the files; they are read for each sign-in, so a new certificate needs no restart.

    Raises:
        Misconfigured: A file is missing or holds something else; `field` is the option that names it.
    """
    certificate = read_own_certificate(options)
    signer: Signer
    if options.signer == "openssl":
        signer = OpensslSigner(options.openssl, options.key_file, certificate)
    else:
        try:
            key = read_private_key(_content(options.key_file, "key_file"))
        except ValueError as error:
            raise Misconfigured(f"key_file: {error}", field="key_file") from error
        signer = PythonSigner(key, certificate, slow_work)
    rules = TokenRules(
        issuer=options.issuer or ISSUERS[options.environment],
        client_id=options.client_id,
        algorithm=options.token_algorithm,
        trusted=read_trusted(options),
    )
    return Setup(options, signer, rules)


def read_own_certificate(options: Options) -> Certificate:
    """Read the certificate of our key.

    Raises:
        Misconfigured: There is none.
    """
    try:
        certificate = read_certificate(_content(options.certificate_file, "certificate_file"))
    except ValueError as error:
        raise Misconfigured("certificate_file holds no certificate", field="certificate_file") from error
    if not isinstance(certificate.key, PublicKey):
        raise Misconfigured("the key of certificate_file is no GOST key", field="certificate_file")
    return certificate


def read_trusted(options: Options) -> tuple[Certificate, ...]:
    """Read the certificates ЕСИА signs with; of a folder every file ending in .cer, .crt, .der or .pem.

    Raises:
        Misconfigured: There is none, or one of the files holds something else.
    """
    found: list[Certificate] = []
    for file in _files(options.trusted_certificates):
        try:
            found.extend(read_certificates(_content(file, "trusted_certificates")))
        except ValueError as error:
            raise Misconfigured(
                f"{file.name!r} of trusted_certificates holds no certificate", field="trusted_certificates"
            ) from error
    if not found:
        raise Misconfigured("trusted_certificates is an empty folder", field="trusted_certificates")
    return tuple(found)


def _files(place: Path) -> list[Path]:
    try:
        return (
            sorted(one for one in place.iterdir() if one.suffix in _SUFFIXES) if place.is_dir() else [place]
        )
    except OSError as error:
        raise Misconfigured(
            f"trusted_certificates cannot be read: {type(error).__name__}", field="trusted_certificates"
        ) from error


def _content(file: Path, option: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{option} cannot be read: {type(error).__name__}", field=option) from error
