"""The city's identity provider, `login.mos.ru`: OAuth with PKCE for an app that registers itself.

Source: `docs/sources.md`, МЭШ.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from types import MappingProxyType
from typing import Final

import httpx2
from pydantic import TypeAdapter

from diary_core.errors import (
    CaptchaRequired,
    CodeExpired,
    ConsentRefused,
    LoginRequired,
    Misconfigured,
    RegionBusy,
    RegionDown,
    SignInFailed,
    SignInLocked,
    SignInRejected,
    TryLater,
    WrongCode,
    WrongCredentials,
)
from diary_core.http import read
from diary_core.provider import Channel
from diary_mrko.wire.session import CityTokens, OAuthProblem, Registration

_SOFTWARE_ID: Final = "dnevnik.mos.ru"
_DEVICE: Final = "android_phone"
_SCOPE: Final = "openid profile birthday contacts snils blitz_user_rights"
"""What the diary matches the parent by; the app's own list also has rights we have no use for."""

_REGISTRATION: Final = TypeAdapter(Registration)
_TOKENS: Final = TypeAdapter(CityTokens)

_PROBLEMS: Final[Mapping[str, type[SignInFailed | TryLater]]] = MappingProxyType(
    {
        "access_denied": ConsentRefused,
        "captcha_required": CaptchaRequired,
        "expired": CodeExpired,
        "invalid_credentials": WrongCredentials,
        "invalid_otp": WrongCode,
        "no_attempts": SignInLocked,
        "no_subject_found": WrongCredentials,
        "pswd_method_temp_locked": SignInLocked,
        "server_error": RegionDown,
        "temporarily_unavailable": RegionBusy,
    }
)
"""Codes of the city's own methods, and those of RFC 6749 §4.1.2.1 that say something to a parent."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A PKCE pair (RFC 7636, S256): the challenge goes ahead, the verifier proves the code is ours."""

    verifier: str

    @classmethod
    def fresh(cls) -> Proof:
        """Return a pair nobody has used."""
        return cls(token_urlsafe(64))

    @property
    def challenge(self) -> str:
        """What the authorization request shows."""
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


async def register(channel: Channel, redirect_uri: str) -> Registration:
    """Register this sign-in as an app installation of the operator's software.

    The options `initial_token` and `software_statement` are the operator's own, issued by the city.
    Whether the statement alone decides where codes may go is not known, so the address is named too.

    Raises:
        Misconfigured: An option is not set, or the city does not know the operator.
        TryLater: The city is in trouble.
    """
    response = await channel.http.post(
        f"{channel.instance.hosts['login']}/sps/oauth/register",
        headers={"Authorization": f"Bearer {channel.option('initial_token')}"},
        json={
            "software_id": _SOFTWARE_ID,
            "device_type": _DEVICE,
            "software_statement": channel.option("software_statement"),
            "redirect_uris": [redirect_uri],
        },
    )
    if response.is_client_error:
        raise Misconfigured(
            f"the city refuses to register: status {response.status_code}", field="initial_token"
        )
    return read(response, _REGISTRATION)


def authorize_url(channel: Channel, client_id: str, *, redirect_uri: str, state: str, proof: Proof) -> str:
    """Return the page of the city where the parent signs in."""
    return str(
        httpx2.URL(
            f"{channel.instance.hosts['login']}/sps/oauth/ae",
            params={
                "response_type": "code",
                "access_type": "offline",
                "client_id": client_id,
                "redirect_uri": redirect_uri,
                "scope": _SCOPE,
                "state": state,
                "prompt": "login",
                "code_challenge": proof.challenge,
                "code_challenge_method": "S256",
            },
        )
    )


def refusal(code: str) -> SignInFailed | TryLater:
    """Return the error behind a code the city sent the browser back with."""
    kind = _PROBLEMS.get(code, SignInRejected)
    return kind(f"the city answered {code!r}" if code in _PROBLEMS else "the city answered an unknown error")


async def redeem(
    channel: Channel, client: Registration, *, code: str, redirect_uri: str, proof: Proof
) -> CityTokens:
    """Exchange an authorization code for city tokens.

    Raises:
        CodeExpired: The code is too old, was used, or is not ours.
        SignInRejected: The city has forgotten the registration, or refuses for another reason.
        TryLater: The city is in trouble.
    """
    response = await _token(
        channel,
        client,
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": proof.verifier,
        },
    )
    if response.is_client_error:
        problem = _problem(response)
        if problem == "invalid_grant":
            raise CodeExpired("the city no longer accepts the code")
        raise SignInRejected(f"the city refuses the code: {problem}")
    return read(response, _TOKENS)


async def refresh(channel: Channel, client: Registration, refresh_token: str) -> CityTokens:
    """Trade a city refresh token for new tokens; a new refresh token may replace it.

    Raises:
        LoginRequired: It is dead.
        TryLater: The city is in trouble.
    """
    response = await _token(channel, client, {"grant_type": "refresh_token", "refresh_token": refresh_token})
    if response.is_client_error:
        raise LoginRequired(f"the city refuses to refresh: {_problem(response)}")
    return read(response, _TOKENS)


async def _token(channel: Channel, client: Registration, form: Mapping[str, str]) -> httpx2.Response:
    return await channel.http.post(
        f"{channel.instance.hosts['login']}/sps/oauth/te",
        auth=httpx2.BasicAuth(client.client_id, client.client_secret),
        data=dict(form),
    )


_KNOWN_PROBLEMS: Final = frozenset(
    {"invalid_client", "invalid_grant", "invalid_request", "invalid_scope", "unauthorized_client"}
)


def _problem(response: httpx2.Response) -> str:
    """Return the code of an OAuth error body; anything unknown is left behind."""
    try:
        problem = TypeAdapter(OAuthProblem).validate_json(response.content).error
    except ValueError:
        return f"status {response.status_code}"
    return problem if problem in _KNOWN_PROBLEMS else f"status {response.status_code}"
