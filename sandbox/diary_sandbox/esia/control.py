"""What the control door does with ЕСИА: its ready client, its register, its keys and its moods."""

from dataclasses import dataclass, replace

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass as checked_dataclass
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from diary_sandbox.control_json import json_answer, read_json
from diary_sandbox.esia.accounts import PASSWORD, Accounts
from diary_sandbox.esia.hosts import ISSUER, esia_url
from diary_sandbox.esia.issuer import Issuer
from diary_sandbox.esia.refusals import REFUSALS
from diary_sandbox.esia.scopes import WORDS
from diary_sandbox.esia.settings import (
    COLLECTIONS,
    OrderedRefusal,
    Settings,
    order_refusal,
    set_settings,
    settings,
)
from diary_sandbox.esia.sign_ins import SignIns
from diary_sandbox.esia.signing.certificates import (
    BadCertificate,
    Certificate,
    private_key_pem,
    read_certificate,
)
from diary_sandbox.esia.systems import GATEWAY, System, Systems, TokenAlgorithm
from diary_sandbox.state import SandboxState

_STRICT = ConfigDict(extra="forbid")


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class Registration:
    """A system to be registered; what is left out stays as it was, or is the default for a new one."""

    mnemonic: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")
    certificates: list[str] | None = None
    """PEM."""
    redirect_domains: list[str] | None = None
    """Host names, any port and path."""
    algorithm: TokenAlgorithm | None = None
    scopes: frozenset[str] | None = None
    approved: bool | None = None
    active: bool | None = None


_REGISTRATION: TypeAdapter[Registration] = TypeAdapter(Registration)
_SETTINGS: TypeAdapter[Settings] = TypeAdapter(Settings)
_REFUSAL: TypeAdapter[OrderedRefusal] = TypeAdapter(OrderedRefusal)


def control_routes(state: SandboxState) -> list[Route]:
    """Return the routes under `/_sandbox/esia`."""
    door = _Door(state)
    return [
        Route("/_sandbox/esia", door.look, methods=["GET"]),
        Route("/_sandbox/esia/systems", door.register, methods=["POST"]),
        Route("/_sandbox/esia/settings", door.set, methods=["POST"]),
        Route("/_sandbox/esia/refusals", door.refuse, methods=["POST"]),
        Route("/_sandbox/esia/keys", door.rotate, methods=["POST"]),
        Route("/_sandbox/esia/consents/{oid:int}", door.withdraw, methods=["DELETE"]),
    ]


@dataclass(frozen=True, slots=True)
class _Door:
    state: SandboxState

    async def look(self, _: Request) -> Response:
        """Answer with all a gateway on this machine must be configured with, and who may sign in."""
        own = await run_in_threadpool(Systems(self.state).own_key, GATEWAY)
        trusted = await run_in_threadpool(Issuer(self.state).certificates_pem)
        system = Systems(self.state).find(GATEWAY)
        return json_answer(
            {
                "url": esia_url(self.state),
                "issuer": ISSUER,
                "client_id": GATEWAY,
                "key": private_key_pem(own.key),
                "certificate": own.certificate.pem(),
                "certificate_hash": own.certificate.hash,
                "token_algorithm": system.algorithm if system else None,
                "redirect_domains": system.redirect_domains if system else (),
                "scopes": sorted(system.scopes) if system else (),
                "trusted_certificates": trusted,
                "settings": settings(self.state),
                "password": PASSWORD,
                "accounts": [
                    {
                        "login": one.username,
                        "story": one.story,
                        "oid": one.oid,
                        "level": one.level,
                        "name": one.name.full,
                        "snils": one.person.snils,
                        "born": one.person.born,
                        "kids": [kid.person.name.full for kid in one.kids],
                        "second_factor": one.second_factor,
                    }
                    for one in Accounts(self.state).all()
                ],
            }
        )

    async def register(self, request: Request) -> Response:
        """Register a system, or change one."""
        wanted = await read_json(request, _REGISTRATION, many=False)
        unknown = (wanted.scopes or frozenset()) - set(WORDS)
        if unknown:
            raise HTTPException(422, f"scopes: ЕСИА has no {', '.join(sorted(unknown))}")
        systems = Systems(self.state)
        system = await run_in_threadpool(systems.find, wanted.mnemonic)
        system = _changed(system or System(wanted.mnemonic, (), ()), wanted)
        systems.register(system)
        hashes = [one.hash for one in system.certificates]
        return json_answer({"mnemonic": system.mnemonic, "certificate_hashes": hashes}, 201)

    async def set(self, request: Request) -> Response:
        """Replace the settings; those left out go back to their defaults."""
        wanted = await read_json(request, _SETTINGS, many=False)
        if not wanted.forbidden <= COLLECTIONS:
            raise HTTPException(422, f"forbidden: collections are {', '.join(sorted(COLLECTIONS))}")
        set_settings(self.state, wanted)
        return json_answer(wanted)

    async def refuse(self, request: Request) -> Response:
        """Have the next authorize or token request refused with a number."""
        order = await read_json(request, _REFUSAL, many=False)
        if order.code not in REFUSALS:
            raise HTTPException(422, f"code: there is no refusal {order.code}")
        order_refusal(self.state, order)
        return json_answer(order, 201)

    async def rotate(self, _: Request) -> Response:
        """Sign with new keys from now on; the certificates of the old ones stay published."""
        issuer = Issuer(self.state)
        issuer.rotate()
        return json_answer({"trusted_certificates": await run_in_threadpool(issuer.certificates_pem)}, 201)

    async def withdraw(self, request: Request) -> Response:
        """Have a person withdraw every consent, so that the page asks again."""
        SignIns(self.state).withdraw(int(request.path_params["oid"]))
        return json_answer({})


def _changed(system: System, wanted: Registration) -> System:
    if wanted.certificates is not None:
        system = replace(system, certificates=tuple(_certificate(one) for one in wanted.certificates))
    if wanted.redirect_domains is not None:
        system = replace(system, redirect_domains=tuple(wanted.redirect_domains))
    return replace(
        system,
        algorithm=wanted.algorithm or system.algorithm,
        scopes=system.scopes if wanted.scopes is None else wanted.scopes,
        approved=system.approved if wanted.approved is None else wanted.approved,
        active=system.active if wanted.active is None else wanted.active,
    )


def _certificate(pem: str) -> Certificate:
    try:
        return read_certificate(x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER))
    except (BadCertificate, ValueError) as error:
        raise HTTPException(422, "certificates: not a PEM certificate with a GOST key") from error
