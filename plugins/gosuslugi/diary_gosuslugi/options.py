"""What an operator sets for this plugin: `DIARY_OPTIONS__gosuslugi__client_id` and so on.

Without `client_id` the plugin is off.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from diary_core.errors import Misconfigured
from diary_gosuslugi.tokens import Algorithm

__all__ = ["Options", "read_options"]

_MNEMONIC = r"^[A-Za-z0-9_.-]{1,64}$"


def _scopes(value: object) -> object:
    return frozenset(value.split()) if isinstance(value, str) else value


def _with_openid(scopes: frozenset[str] | None) -> frozenset[str] | None:
    if scopes is not None and "openid" not in scopes:
        raise ValueError("must hold openid: without it ЕСИА tells nothing of the person")
    return scopes


class Options(BaseModel):
    """Every option; the key itself is never one, only its file."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, use_attribute_docstrings=True
    )

    client_id: Annotated[str, Field(pattern=_MNEMONIC)]
    """Mnemonic of the registered information system."""
    key_file: Path
    """Private GOST key in PKCS#8, PEM, unencrypted, readable by the gateway only."""
    certificate_file: Path
    """Its certificate, PEM or DER, as uploaded to the technology portal."""
    trusted_certificates: Path
    """Certificates ЕСИА signs its tokens with: a PEM bundle, one DER file, or a folder of such files."""

    environment: Literal["production", "test"] = "production"
    """Which ЕСИА."""
    issuer: str | None = None
    """`iss` of its tokens, exact; the environment's own unless set."""
    token_algorithm: Algorithm = Algorithm.GOST
    """How it signs tokens for this system, as chosen on the technology portal."""
    scopes: Annotated[frozenset[str] | None, BeforeValidator(_scopes), AfterValidator(_with_openid)] = None
    """Scopes approved for this system, separated by spaces; no other is ever asked. Unset: all we know."""
    signer: Literal["python", "openssl"] = "python"
    """`python` needs nothing; `openssl` needs the program and its GOST engine, and is faster."""
    openssl: str = "openssl"
    """The program."""
    endpoints: Literal["current", "legacy"] = "current"
    """`current` is v2/ac with v3/te; `legacy` is ac with te, for systems registered for nothing newer."""
    refresh_signs: Literal["redirect_uri", "refresh_token"] = "redirect_uri"
    """What ends the signed text of a refresh: public clients contradict each other."""


def read_options(given: Mapping[str, SecretStr]) -> Options:
    """Return the options as they were set.

    Raises:
        Misconfigured: One is missing, unknown or malformed; `field` is its name, its value is not told.
    """
    try:
        return Options.model_validate({name: value.get_secret_value() for name, value in given.items()})
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        name, message = str(problem["loc"][0]), problem["msg"]
    # Raised out here, so that neither the cause nor the context of the error holds a value.
    raise Misconfigured(f"option {name!r} of gosuslugi: {message.lower()}", field=name)
