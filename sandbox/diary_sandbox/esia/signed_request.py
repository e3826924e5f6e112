"""Reading a request and proving that a registered system sent it.

The two generations of endpoints differ in the signed text and in the form of the signature:

    current   client_id scope [scope_org] timestamp state redirect_uri [code]   raw 64 bytes
    legacy    scope timestamp client_id state                                   detached CMS
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from diary_sandbox.esia.refusals import Refused
from diary_sandbox.esia.scopes import WORDS
from diary_sandbox.esia.settings import settings
from diary_sandbox.esia.signing import cms, gost
from diary_sandbox.esia.systems import System
from diary_sandbox.state import SandboxState

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_TIMESTAMP = re.compile(r"\d{4}\.\d\d\.\d\d \d\d:\d\d:\d\d [+-]\d{4}", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/=_-]*", re.ASCII)
_LONGEST = 8 * 1024


class Generation(StrEnum):
    """Which pair of endpoints."""

    LEGACY = "legacy"
    CURRENT = "current"


class Parameters(dict[str, str]):
    """Parameters of a request, each given once."""

    def need(self, *names: str) -> None:
        """Refuse when one of these is missing or empty."""
        missing = [name for name in names if not self.get(name)]
        if missing:
            raise Refused("007014", f"[{', '.join(missing)}].")


async def posted(request: Request) -> Parameters:
    """Read a form; what stands in the query counts too, as one working client sends it.

    Raises:
        Refused: It is no form (007038) or repeats a parameter (007003).
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    body = await request.body()
    if (body and kind != "application/x-www-form-urlencoded") or len(body) > _LONGEST:
        raise Refused("007038")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=64)
    except ValueError as error:
        raise Refused("007038") from error
    return once([*pairs, *request.query_params.multi_items()])


def once(pairs: Iterable[tuple[str, str]]) -> Parameters:
    """Return parameters by name.

    Raises:
        Refused: One is repeated (007003).
    """
    found = Parameters()
    for name, value in pairs:
        if name in found:
            raise Refused("007003", f"[{name}].")
        found[name] = value
    return found


@dataclass(frozen=True, slots=True)
class Proof:
    """What a system must prove about a request."""

    generation: Generation
    extra: tuple[str, ...] = ()
    """Last parts of the signed text, of which one must fit: the code; for a refresh, public clients disagree
    whether the token stands in place of the address."""

    def texts(self, given: Mapping[str, str]) -> tuple[bytes, ...]:
        """Return the texts that may be signed."""
        if self.generation is Generation.LEGACY:
            names = ("scope", "timestamp", "client_id", "state")
            return ("".join(given[name] for name in names).encode(),)
        names = ("client_id", "scope", "scope_org", "timestamp", "state")
        start = "".join(given.get(name, "") for name in names)
        return tuple(f"{start}{end}".encode() for end in self.extra)


async def prove(state: SandboxState, system: System, given: Parameters, proof: Proof) -> None:
    """Check form, time and signature of a request.

    Raises:
        Refused: Something is wrong with it: 007002, 007003, 007005, 007015, 007053.
    """
    now = state.clock.now()
    if not system.approved:
        raise Refused("007005")
    if not _UUID.fullmatch(given["state"]):
        raise Refused("007003", "[state].")
    _check_time(state, given["timestamp"], now)
    secret = _decoded(given["client_secret"])
    if not system.certificates:
        raise Refused("007002")
    if proof.generation is Generation.CURRENT:
        good = await _raw(system, given, proof, secret, now)
    else:
        good = await run_in_threadpool(_cms, system, proof.texts(given)[0], secret, now)
    if not good or not system.active:
        raise Refused("007053")


def scopes_of(system: System, given: Mapping[str, str]) -> tuple[str, ...]:
    """Return the scopes asked for, in order, each once.

    Raises:
        Refused: There is none (007013), one is unknown (007006) or not approved (007019).
    """
    asked = tuple(dict.fromkeys([*given.get("scope", "").split(), *given.get("scope_org", "").split()]))
    if not asked:
        raise Refused("007013")
    if not set(asked) <= set(WORDS):
        raise Refused("007006")
    if not set(asked) <= system.scopes:
        raise Refused("007019")
    return asked


async def _raw(system: System, given: Parameters, proof: Proof, secret: bytes, now: datetime) -> bool:
    certificate = system.certificate(given["client_certificate_hash"])
    if certificate is None:
        raise Refused("007002")
    if not certificate.valid_at(now):
        return False
    for text in proof.texts(given):
        if await run_in_threadpool(gost.verifies, certificate.key, text, secret):
            return True
    return False


def _cms(system: System, text: bytes, secret: bytes, now: datetime) -> bool:
    try:
        signer = cms.signer_of(secret, text)
    except cms.BadCms:
        return False
    return signer.valid_at(now) and any(one.der == signer.der for one in system.certificates)


def _check_time(state: SandboxState, written: str, now: datetime) -> None:
    if not _TIMESTAMP.fullmatch(written):
        raise Refused("007003", "[timestamp].")
    try:
        moment = datetime.strptime(written, "%Y.%m.%d %H:%M:%S %z")
    except ValueError as error:
        raise Refused("007003", "[timestamp].") from error
    window_s = settings(state).window_s
    if window_s is not None and abs((moment - now).total_seconds()) > window_s:
        raise Refused("007015")


def _decoded(secret: str) -> bytes:
    """Return base64url with or without padding, or standard base64: working clients send all three."""
    if not _BASE64.fullmatch(secret):
        raise Refused("007053")
    bare = secret.rstrip("=").replace("+", "-").replace("/", "_")
    try:
        decoded = base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error as error:
        raise Refused("007053") from error
    # Spare bits of the last letter must be zero, or a changed letter could pass.
    if base64.urlsafe_b64encode(decoded).rstrip(b"=").decode() != bare:
        raise Refused("007053")
    return decoded
