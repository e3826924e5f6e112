"""The keys ЕСИА signs tokens with, and the tokens themselves: compact JWS, GOST or RS256."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from diary_sandbox.esia.signing.certificates import Certificate, armoured, hash_of, self_signed
from diary_sandbox.esia.signing.gost import PrivateKey
from diary_sandbox.esia.systems import TokenAlgorithm
from diary_sandbox.state import SandboxState

_LIFE = timedelta(days=3650)
_NAME = "SANDBOX ESIA"


@dataclass
class IssuerKeys:
    """One generation of signing keys, each made when first needed."""

    since: datetime

    @cached_property
    def _gost(self) -> tuple[PrivateKey, Certificate]:
        key = PrivateKey.new()
        return key, self_signed(key, _NAME, self.since)

    @cached_property
    def _rsa(self) -> tuple[rsa.RSAPrivateKey, bytes]:
        key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
        builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        made = builder.not_valid_before(self.since).not_valid_after(self.since + _LIFE).sign(key, SHA256())
        return key, made.public_bytes(Encoding.DER)

    def certificate(self, algorithm: TokenAlgorithm) -> bytes:
        """Return the DER of the certificate that verifies tokens of an algorithm."""
        return self._gost[1].der if algorithm is TokenAlgorithm.GOST else self._rsa[1]

    def sign(
        self, algorithm: TokenAlgorithm, kind: str, claims: Mapping[str, object], *, named: bool = False
    ) -> str:
        """Return a token. Slow: call it in a thread.

        Args:
            algorithm: Of the system it is for.
            kind: `sbt` of the header: `authorization_code`, `access`, `id`.
            claims: The payload.
            named: Whether the header tells the certificate, as authorization codes do.
        """
        header = {"ver": 1, "typ": "JWT", "sbt": kind, "alg": algorithm.value}
        if named:
            header["x5t#St256"] = hash_of(self.certificate(algorithm))
        text = f"{_part(header)}.{_part(claims)}"
        return f"{text}.{_base64url(self.signature(algorithm, text.encode()))}"

    def signature(self, algorithm: TokenAlgorithm, message: bytes) -> bytes:
        """Return a signature. Slow with GOST: call it in a thread."""
        if algorithm is TokenAlgorithm.GOST:
            return self._gost[0].sign(message)
        return self._rsa[0].sign(message, PKCS1v15(), SHA256())


class Issuer:
    """The generations of keys: the last one signs, the certificates of all are published.

    Keys survive a reset of the sandbox: whoever was configured with their certificates stays so.
    """

    def __init__(self, state: SandboxState) -> None:
        """Take the keys of a sandbox."""
        self._state = state
        self._generations = state.keys.bucket("esia.issuer", IssuerKeys)

    @property
    def keys(self) -> IssuerKeys:
        """Return the keys that sign now."""
        if not self._generations:
            self.rotate()
        return list(self._generations.values())[-1]

    def rotate(self) -> None:
        """Sign with new keys from now on."""
        since = self._state.clock.now().replace(microsecond=0) - timedelta(days=366)
        self._generations[str(len(self._generations))] = IssuerKeys(since)

    def certificates_pem(self) -> str:
        """Return the certificates of all generations, the present ones first. Slow the first time."""
        if not self._generations:
            self.rotate()
        return "".join(
            armoured("CERTIFICATE", keys.certificate(algorithm))
            for keys in reversed(self._generations.values())
            for algorithm in TokenAlgorithm
        )


def _part(content: Mapping[str, object]) -> str:
    return _base64url(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
