"""An ЕСИА that hands out other tokens than it should: the sandbox's own, with its answers tampered with."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pytest

from diary_sandbox.esia.issuer import Issuer, IssuerKeys
from diary_sandbox.esia.systems import System, TokenAlgorithm
from diary_sandbox.esia.tokens import Grant, Tokens
from diary_sandbox.state import SandboxState

Body = dict[str, object]
OTHER: Final = {
    TokenAlgorithm.GOST: TokenAlgorithm.RS256,
    TokenAlgorithm.RS256: TokenAlgorithm.GOST,
}


@dataclass(frozen=True)
class Answer:
    """A genuine answer of the token endpoint, and all a forger needs to change it."""

    body: Body
    algorithm: TokenAlgorithm
    """How ЕСИА signs for the gateway."""
    keys: IssuerKeys
    """Its own."""
    stranger: IssuerKeys
    """Of somebody the gateway does not trust."""
    now: int
    """Seconds since 1970."""

    def token(
        self,
        name: str,
        *,
        header: Mapping[str, object] | None = None,
        sign: Callable[[bytes], bytes] | None = None,
        **claims: object,
    ) -> Body:
        """Return one token of the answer made anew, signed by ЕСИА unless said otherwise.

        Args:
            name: `id_token` or `access_token`.
            header: Changes in its header.
            sign: Makes the signature.
            claims: Changes in its payload, `_` for every sign that no name may have; None takes a claim away.
        """
        parts = str(self.body[name]).split(".")
        changed = {key.replace("__", ":"): value for key, value in claims.items()}
        payload = {**_read(parts[1]), **changed}
        message = ".".join(
            _packed({key: value for key, value in part.items() if value is not None})
            for part in ({**_read(parts[0]), **(header or {})}, payload)
        )
        signature = (sign or self.genuine)(message.encode())
        return {name: f"{message}.{base64url(signature)}"}

    def genuine(self, message: bytes) -> bytes:
        """Sign as ЕСИА does."""
        return self.keys.signature(self.algorithm, message)


@dataclass
class Forger:
    """Sits in ЕСИА's token endpoint."""

    state: SandboxState
    change: Callable[[Answer], Body]
    """What becomes of an answer."""

    def take_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Change every answer from now on, and take any text for the code that came first: it saves walks."""
        stranger = IssuerKeys(self.state.clock.now().replace(microsecond=0))
        taken: list[Grant] = []
        genuine_answer, genuine_take = Tokens.answer, Tokens.take_code

        async def answer(tokens: Tokens, system: System, grant: Grant, state: str) -> Body:
            body = await genuine_answer(tokens, system, grant, state)
            keys, now = Issuer(self.state).keys, self.state.clock.timestamp()
            changed = self.change(Answer(body, system.algorithm, keys, stranger, now))
            return {name: value for name, value in {**body, **changed}.items() if value is not None}

        def take_code(tokens: Tokens, code: str, mnemonic: str, redirect_uri: str) -> Grant:
            if not taken:
                taken.append(genuine_take(tokens, code, mnemonic, redirect_uri))
            return taken[0]

        monkeypatch.setattr(Tokens, "answer", answer)
        monkeypatch.setattr(Tokens, "take_code", take_code)


def base64url(data: bytes) -> str:
    """Return bytes as a token has them."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _packed(content: Mapping[str, object]) -> str:
    return base64url(json.dumps(content, ensure_ascii=False).encode())


def _read(part: str) -> dict[str, Any]:  # as the token has it
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
