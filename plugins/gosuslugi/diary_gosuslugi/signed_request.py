"""What is signed of a request, and the parameters that prove it is ours.

ЕСИА has two generations of endpoints, and they differ in the signed text and in the signature's form:

    current   client_id scope timestamp state redirect_uri [code]   bare signature, hash of the certificate
    legacy    scope timestamp client_id state                       detached CMS, the certificate inside

The parts stand one after the other, unencoded, with nothing between them.

Source: five public clients agree, two published requests have these lengths; `docs/sources.md`, Госуслуги.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from diary_gosuslugi.options import Options
from diary_gosuslugi.setup import Setup

__all__ = ["Request", "proof", "text_to_sign", "written"]


@dataclass(frozen=True, repr=False)
class Request:
    """One request to be signed."""

    kind: Literal["authorize", "code", "refresh"]
    scope: str
    """Separated by spaces."""
    state: str
    """Lower-case UUID with dashes, fresh for this request."""
    redirect_uri: str
    secret: str = ""
    """The code or the refresh token that is traded in."""


async def proof(setup: Setup, request: Request, now: datetime) -> dict[str, str]:
    """Return the parameters every request carries, its signature among them.

    Raises:
        Misconfigured: Signing does not work.
    """
    timestamp = written(now)
    message = text_to_sign(setup.options, request, timestamp).encode()
    parameters = {
        "client_id": setup.options.client_id,
        "scope": request.scope,
        "timestamp": timestamp,
        "state": request.state,
        "redirect_uri": request.redirect_uri,
    }
    if setup.options.endpoints == "legacy":
        return {**parameters, "client_secret": _base64url(await setup.signer.sign_cms(message))}
    return {
        **parameters,
        "client_secret": _base64url(await setup.signer.sign(message)),
        "client_certificate_hash": setup.signer.certificate_hash,
    }


def text_to_sign(options: Options, request: Request, timestamp: str) -> str:
    """Return the text a request is signed by."""
    if options.endpoints == "legacy":
        return f"{request.scope}{timestamp}{options.client_id}{request.state}"
    start = f"{options.client_id}{request.scope}{timestamp}{request.state}"
    if request.kind != "refresh":
        return f"{start}{request.redirect_uri}{request.secret}"
    return start + (request.redirect_uri if options.refresh_signs == "redirect_uri" else request.secret)


def written(now: datetime) -> str:
    """Return a moment as ЕСИА wants it: `2025.11.22 09:00:00 +0000`, always in UTC."""
    return now.astimezone(UTC).strftime("%Y.%m.%d %H:%M:%S %z")


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
