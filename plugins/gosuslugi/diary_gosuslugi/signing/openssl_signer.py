"""Signing with OpenSSL and its GOST engine, Debian's `libengine-gost-openssl`, in a process of its own."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Final

from diary_core.errors import Misconfigured
from diary_gosuslugi.signing import cms
from diary_gosuslugi.signing.certificate import Certificate

__all__ = ["OpensslSigner", "engine_works"]

_ENGINE: Final = ("-engine", "gost")
_LIMIT_S: Final = 10
_SIGNATURE_BYTES: Final = 64


class OpensslSigner:
    """A `Signer` by the `openssl` program, which reads the key itself: only the file's name is passed.

    Args:
        program: Name or path of OpenSSL.
        key_file: The key, in PEM.
        certificate: Its certificate.
    """

    def __init__(self, program: str, key_file: Path, certificate: Certificate) -> None:
        self._program = program
        self._key_file = key_file
        self._certificate = certificate

    @property
    def certificate_hash(self) -> str:
        """Streebog-256 of the certificate's DER, 64 upper-case hex digits."""
        return self._certificate.hash

    async def sign(self, message: bytes) -> bytes:
        """Return the bare signature, 64 bytes.

        Raises:
            Misconfigured: OpenSSL, its engine or the key does not work.
        """
        signature = await _run(
            self._program,
            ("dgst", *_ENGINE, "-md_gost12_256", "-binary", "-sign", str(self._key_file)),
            message,
        )
        if len(signature) != _SIGNATURE_BYTES:
            raise Misconfigured("openssl made a signature of another length", field="key_file")
        return signature

    async def sign_cms(self, message: bytes) -> bytes:
        """Return a detached CMS signature in DER.

        Raises:
            Misconfigured: OpenSSL, its engine or the key does not work.
        """
        return cms.detached(self._certificate.der, await self.sign(message))


async def engine_works(program: str) -> bool:
    """Tell whether OpenSSL is there and has the GOST engine."""
    try:
        return b"[ available ]" in await _run(program, ("engine", "-t", "gost"), b"")
    except Misconfigured:
        return False


async def _run(program: str, arguments: tuple[str, ...], given: bytes) -> bytes:
    """Return what the program writes; it sees nothing of our environment but where programs are."""
    try:
        process = await asyncio.create_subprocess_exec(
            program,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", os.defpath)},
        )
    except OSError as error:
        raise Misconfigured(f"{program!r} cannot be started", field="openssl") from error
    try:
        async with asyncio.timeout(_LIMIT_S):
            written, _ = await process.communicate(given)
    except TimeoutError as error:
        raise Misconfigured(f"{program!r} did not answer within {_LIMIT_S} s", field="openssl") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise Misconfigured(f"{program!r} {arguments[0]} failed", field="openssl")
    return written
