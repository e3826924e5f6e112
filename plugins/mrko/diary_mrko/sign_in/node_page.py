"""`node` and `gosuslugi`: a regional node's own sign-in page, and its entry through Gosuslugi.

Both end with a code for the node. At Gosuslugi the node is the one who asks, so its password stays there.
Source: upstream fact sheet of September 2026, §2.5 and §2.8.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import httpx2
from typing_extensions import override

from diary_core.bilingual import Bilingual
from diary_core.provider import Channel
from diary_core.sign_in import Callback, Redirect, Reply, SignInMethod, Step
from diary_mrko import aupd
from diary_mrko.sign_in.came_back import code_of
from diary_mrko.sign_in.profile import chosen, finish, is_choosing, secrets_of
from diary_mrko.sign_in.way import WayIn, carried


class NodePage(WayIn):
    """The page `/v3/auth/kauth/login` of a node; its code comes back with the browser."""

    door: ClassVar[str] = "kauth"
    """The part of the address that tells the two entries apart."""

    method: ClassVar[SignInMethod] = SignInMethod(
        slug="node",
        title=Bilingual("Войти на странице дневника", "Sign in on the diary's own page"),
        note=Bilingual(
            "Нужны логин и пароль «Моей школы», которые выдала школа.",
            "You need the My School login and password issued by the school.",
        ),
        kind="redirect",
    )

    @override
    async def begin(self, channel: Channel, callback: Callback) -> Step:
        """Send the browser to the node's page."""
        url = httpx2.URL(
            f"{channel.instance.hosts['school']}/v3/auth/{self.door}/login",
            params={"redirect_url": callback.url, "state": callback.state},
        )
        return Redirect(url=str(url), carry={"state": callback.state})

    @override
    async def answer(self, channel: Channel, carry: Mapping[str, str], reply: Reply) -> Step:
        """Turn the code the browser brought into diary tokens, then open the parent's profile."""
        if is_choosing(carry):
            return await chosen(channel, carry, reply)
        state = carried(carry, "state")
        tokens = await aupd.from_node(channel, code_of(reply, state=state), state)
        return await finish(channel, secrets_of(tokens))


class NodeGosuslugi(NodePage):
    """The entry `/v3/auth/esia/login` of a node, which sends the browser on to Gosuslugi."""

    door: ClassVar[str] = "esia"
    method: ClassVar[SignInMethod] = SignInMethod(
        slug="gosuslugi",
        title=Bilingual("Войти через Госуслуги", "Sign in with Gosuslugi"),
        note=Bilingual(
            "СНИЛС и ФИО на Госуслугах должны совпадать с теми, что есть в школе.",
            "Your SNILS and name at Gosuslugi must be the ones the school has.",
        ),
        kind="redirect",
        identity="gosuslugi",
    )
