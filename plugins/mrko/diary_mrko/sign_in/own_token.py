"""`token`: the parent brings a diary token got in their own browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from typing_extensions import override

from diary_core.bilingual import Bilingual
from diary_core.errors import TokenRefused
from diary_core.provider import Channel
from diary_core.sign_in import Ask, Callback, FormField, Reply, SignInMethod, Step
from diary_mrko.sign_in.profile import chosen, finish, is_choosing
from diary_mrko.sign_in.way import WayIn

_LONGEST: Final = 8192


class OwnToken(WayIn):
    """A token copied from the web diary's cookies `aupd_token` and `aupd_refresh_token`."""

    method: ClassVar[SignInMethod] = SignInMethod(
        slug="token",
        title=Bilingual("Войти по токену", "Sign in with a token"),
        note=Bilingual(
            "Токен лежит в cookie aupd_token дневника, открытого в вашем браузере.",
            "The token is in the cookie aupd_token of the diary opened in your browser.",
        ),
        kind="token",
    )

    @override
    async def begin(self, channel: Channel, callback: Callback) -> Step:
        """Ask for the token."""
        del channel, callback
        return Ask(
            fields=(
                FormField(
                    name="token",
                    label=Bilingual("Токен (aupd_token)", "Token (aupd_token)"),
                    secret=True,
                ),
                FormField(
                    name="refresh_token",
                    label=Bilingual("Токен обновления (aupd_refresh_token)", "Refresh token"),
                    secret=True,
                    required=False,
                    hint=Bilingual(
                        "С ним доступ продлевается сам, без него токен живёт около суток. "
                        "Дневник в браузере после этого попросит войти заново.",
                        "With it access is renewed; without it the token lives about a day. "
                        "The diary in the browser will ask you to sign in anew.",
                    ),
                ),
            )
        )

    @override
    async def answer(self, channel: Channel, carry: Mapping[str, str], reply: Reply) -> Step:
        """Try the token."""
        if is_choosing(carry):
            return await chosen(channel, carry, reply)
        token = _clean(reply.values.get("token", ""))
        if not token:
            raise TokenRefused("no token was given", field="token")
        refresh = _clean(reply.values.get("refresh_token", ""))
        secrets = {"access": token, **({"refresh": refresh} if refresh else {})}
        return await finish(channel, secrets, refused=TokenRefused)


def _clean(pasted: str) -> str:
    """Return a token without what is copied along with one; empty when it cannot be a token.

    Raises:
        TokenRefused: It holds what no header may carry.
    """
    token = pasted.strip().strip("\"'").removeprefix("Bearer ").strip()
    if not token.isascii() or not token.isprintable() or " " in token or len(token) > _LONGEST:
        raise TokenRefused("what was given is no token", field="token")
    return token
