"""Finding out whether a configuration would work, without calling anybody."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from pydantic import SecretStr

from diary_core.errors import Misconfigured
from diary_gosuslugi.instances import ESIA, INSTANCES
from diary_gosuslugi.options import Options, read_options
from diary_gosuslugi.parse import SCOPES
from diary_gosuslugi.setup import Setup, read_own_certificate, read_setup
from diary_gosuslugi.signing import Certificate, PublicKey, SlowWork, engine_works, read_private_key
from diary_gosuslugi.tokens import Algorithm

__all__ = ["Finding", "check"]

_SOON: Final = timedelta(days=30)
_SAMPLE: Final = b"diary gosuslugi check"
_FOR_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    verdict: Literal["right", "look", "wrong"]
    """`look` works today, but wants attention."""
    text: str


async def check(given: Mapping[str, SecretStr], now: datetime) -> list[Finding]:
    """Return what is right and wrong with a configuration, in the order to mend it.

    Args:
        given: The options as they were set.
        now: The clock, aware.
    """
    try:
        options = read_options(given)
    except Misconfigured as error:
        return [_wrong(error)]
    found = [*_server(options), *_key(options), *_own_certificate(options, now)]
    found.append(await _engine(options))
    try:
        setup = read_setup(options, SlowWork())
    except Misconfigured as error:
        return [*found, _wrong(error)] if _wrong(error) not in found else found
    return [*found, await _signature(setup), *_trusted(setup, now), *_scopes(options)]


def _server(options: Options) -> Iterator[Finding]:
    host = next(one.hosts[ESIA] for one in INSTANCES if one.slug == options.environment)
    yield Finding("right", f"server: {options.environment}, {host}, {options.endpoints} endpoints")
    yield Finding("right", f"system: {options.client_id}; tokens are signed with {options.token_algorithm}")


def _key(options: Options) -> Iterator[Finding]:
    """Look at the key file; what it holds is told by nothing here."""
    try:
        key = read_private_key(options.key_file.read_bytes())
        mode = options.key_file.stat().st_mode
    except OSError as error:
        yield Finding("wrong", f"key: {options.key_file} cannot be read: {type(error).__name__}")
        return
    except ValueError as error:
        yield Finding("wrong", f"key: {options.key_file} holds {error}")
        return
    if mode & _FOR_OTHERS:
        yield Finding("wrong", f"key: others may read {options.key_file}; run chmod 600 on it")
    else:
        yield Finding("right", f"key: {options.key_file}, readable by its owner only")
    try:
        certificate = read_own_certificate(options)
    except Misconfigured:
        return  # said of the certificate
    if key.public == certificate.key:
        yield Finding("right", "key and certificate belong together")
    else:
        yield Finding("wrong", "key and certificate do not belong together: ESIA would answer 007053")


def _own_certificate(options: Options, now: datetime) -> Iterator[Finding]:
    try:
        certificate = read_own_certificate(options)
    except Misconfigured as error:
        yield _wrong(error)
        return
    yield _dates("certificate", certificate, now)
    yield Finding("right", f"certificate hash, as the technology portal shows it: {certificate.hash}")


async def _engine(options: Options) -> Finding:
    there = await engine_works(options.openssl)
    if options.signer == "python":
        more = "; the OpenSSL engine is there too" if there else "; no OpenSSL engine, and none is needed"
        return Finding("right", f"signer: pure Python{more}")
    if there:
        return Finding("right", f"signer: {options.openssl} with its GOST engine")
    return Finding(
        "wrong", f"signer: {options.openssl} has no GOST engine; in Debian: libengine-gost-openssl"
    )


async def _signature(setup: Setup) -> Finding:
    try:
        made = await setup.signer.sign(_SAMPLE)
    except Misconfigured as error:
        return _wrong(error)
    if read_own_certificate(setup.options).verifies(_SAMPLE, made):
        return Finding("right", "a signature made by the key verifies by the certificate")
    return Finding("wrong", "a signature made by the key does not verify by the certificate")


def _trusted(setup: Setup, now: datetime) -> Iterator[Finding]:
    wanted = setup.rules.algorithm is Algorithm.GOST
    usable = False
    for one in setup.rules.trusted:
        fits = isinstance(one.key, PublicKey) is wanted
        kind = "GOST" if isinstance(one.key, PublicKey) else "RSA"
        usable = usable or (fits and one.valid_at(now))
        found = _dates(f"trusted {kind} certificate", one, now)
        # A rotation leaves an old one beside a new one; only their lack is wrong.
        yield Finding("look", found.text) if found.verdict == "wrong" else found
    if not usable:
        yield Finding(
            "wrong",
            f"no trusted certificate for {setup.rules.algorithm} is valid now: "
            "fetch ESIA's current ones, it changes them yearly",
        )


def _scopes(options: Options) -> Iterator[Finding]:
    if options.scopes is None:
        yield Finding("look", "scopes: any may be asked for; name the approved ones, or ESIA answers 007019")
        return
    lost = [fact for fact, scopes in SCOPES.items() if not options.scopes.issuperset(scopes)]
    without = f"; without the right to all of: {', '.join(lost)}" if lost else ""
    yield Finding("look" if lost else "right", f"scopes: {' '.join(sorted(options.scopes))}{without}")


def _dates(what: str, certificate: Certificate, now: datetime) -> Finding:
    text = f"{what}: {certificate.subject}, {certificate.since:%Y-%m-%d} to {certificate.until:%Y-%m-%d}"
    if now < certificate.since:
        return Finding("wrong", f"{text}: not valid yet")
    if now > certificate.until:
        return Finding("wrong", f"{text}: expired")
    if now > certificate.until - _SOON:
        return Finding("look", f"{text}: {(certificate.until - now).days} days left")
    return Finding("right", text)


def _wrong(error: Misconfigured) -> Finding:
    return Finding("wrong", str(error))
