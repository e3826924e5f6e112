"""`mos_ru`: the parent signs in on the city's own page, and we never see the password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from typing_extensions import override

from diary_core.bilingual import Bilingual
from diary_core.provider import Channel
from diary_core.sign_in import Callback, Redirect, Reply, SignInMethod, Step
from diary_mrko import aupd, sudir
from diary_mrko.sign_in.came_back import code_of
from diary_mrko.sign_in.profile import chosen, finish, is_choosing, secrets_of
from diary_mrko.sign_in.way import WayIn, carried
from diary_mrko.wire.session import Registration


class MosRu(WayIn):
    """OAuth 2 with PKCE; one-time codes, QR and Gosuslugi are buttons of the city's page."""

    method: ClassVar[SignInMethod] = SignInMethod(
        slug="mos_ru",
        title=Bilingual("Войти через mos.ru", "Sign in with mos.ru"),
        note=Bilingual(
            "Откроется страница mos.ru; СНИЛС, телефон и почта в ней должны совпадать с теми, "
            "что есть в школе.",
            "The page of mos.ru opens; its SNILS, phone and e-mail must be the ones the school has.",
        ),
        kind="redirect",
    )

    @override
    async def begin(self, channel: Channel, callback: Callback) -> Step:
        """Register this sign-in with the city and send the browser to its page."""
        client = await sudir.register(channel, callback.url)
        proof = sudir.Proof.fresh()
        return Redirect(
            url=sudir.authorize_url(
                channel, client.client_id, redirect_uri=callback.url, state=callback.state, proof=proof
            ),
            carry={
                "client_id": client.client_id,
                "client_secret": client.client_secret,
                "verifier": proof.verifier,
                "redirect_uri": callback.url,
                "state": callback.state,
            },
        )

    @override
    async def answer(self, channel: Channel, carry: Mapping[str, str], reply: Reply) -> Step:
        """Turn the code the browser brought into diary tokens, then open the parent's profile."""
        if is_choosing(carry):
            return await chosen(channel, carry, reply)
        code = code_of(reply, state=carried(carry, "state"))
        client = Registration(
            client_id=carried(carry, "client_id"), client_secret=carried(carry, "client_secret")
        )
        city = await sudir.redeem(
            channel,
            client,
            code=code,
            redirect_uri=carried(carry, "redirect_uri"),
            proof=sudir.Proof(carried(carry, "verifier")),
        )
        tokens = await aupd.from_city(channel, city.access_token)
        kept = {"client_id": client.client_id, "client_secret": client.client_secret}
        renewing = {"city_refresh": city.refresh_token, **kept} if city.refresh_token else {}
        return await finish(channel, secrets_of(tokens, renewing))
