"""`mrko`: account name, МРКО login and МРКО password, as the class teacher hands them out on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from typing_extensions import override

from diary_core.bilingual import Bilingual
from diary_core.errors import WrongCredentials
from diary_core.provider import Channel
from diary_core.sign_in import Ask, Callback, FormField, Reply, SignedIn, SignInMethod, Step
from diary_core.text import tidy
from diary_mrko.legacy.client import digest_of
from diary_mrko.legacy.session import open_session
from diary_mrko.sign_in.way import WayIn

_LONGEST: Final = 200


class MrkoAccount(WayIn):
    """The legacy door."""

    method: ClassVar[SignInMethod] = SignInMethod(
        slug="mrko",
        title=Bilingual("Войти по логину МРКО", "Sign in with an MRKO login"),
        note=Bilingual(
            "Нужны логин и пароль МРКО с листка от классного руководителя; видна только неделя.",
            "You need the MRKO login and password from the class teacher's slip; only the week is shown.",
        ),
        kind="form",
    )

    @override
    async def begin(self, channel: Channel, callback: Callback) -> Step:
        """Ask for the three."""
        del channel, callback
        return Ask(
            fields=(
                FormField(
                    name="account",
                    label=Bilingual("Имя учётной записи", "Account name"),
                    hint=Bilingual(
                        "Любое слово, по которому вы узнаете ребёнка.",
                        "Any word you will know the child by.",
                    ),
                ),
                FormField(name="login", label=Bilingual("Логин МРКО", "MRKO login")),
                FormField(name="password", label=Bilingual("Пароль МРКО", "MRKO password"), secret=True),
            )
        )

    @override
    async def answer(self, channel: Channel, carry: Mapping[str, str], reply: Reply) -> Step:
        """Try the pair; a login serves one child, so there is nothing to choose."""
        del carry
        login = tidy(reply.values.get("login", ""), limit=_LONGEST)
        password = reply.values.get("password", "")
        account = tidy(reply.values.get("account", ""), limit=_LONGEST) or login
        if not login or not password:
            raise WrongCredentials(
                "the login or the password is blank", field="password" if login else "login"
            )
        return SignedIn(credentials=await open_session(channel, account, login, digest_of(password)))
