"""The ways in: the diary's own page, Gosuslugi, its login and password, or a token brought along.

With Gosuslugi it is the diary that asks, so the password of Gosuslugi is never seen here.
Whatever the way, the token must then tell whose it is before the sign-in counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NoReturn
from urllib.parse import urlencode

from diary_core.bilingual import Bilingual
from diary_core.credentials import Credentials
from diary_core.errors import (
    ActivationRequired,
    ChildLeftSchool,
    CodeExpired,
    ConsentRefused,
    InvalidInput,
    LoginRequired,
    NoDiaryAccount,
    PasswordChangeRequired,
    SignInFailed,
    SignInMismatch,
    SignInRejected,
    TokenRefused,
    WrongCredentials,
)
from diary_core.model import Unavailable
from diary_core.provider import Channel
from diary_core.side_calls import attempt
from diary_core.sign_in import (
    Ask,
    Callback,
    Choose,
    FormField,
    Person,
    Redirect,
    Reply,
    SignedIn,
    SignInMethod,
)
from diary_dnevnik_ru import authorizations, parse, wire
from diary_dnevnik_ru.client import Client
from diary_dnevnik_ru.connection import (
    ACCESS_TOKEN,
    REFRESH_TOKEN,
    credentials_of,
    end_of,
    with_family,
)
from diary_dnevnik_ru.gosuslugi import BY_ADDRESS, GOSUSLUGI, Granted, ask_address, by_address, entry_url
from diary_dnevnik_ru.instances import LOGIN

OAUTH: Final = SignInMethod(
    slug="oauth",
    title=Bilingual("Через страницу Дневник.ру", "On the diary's own page"),
    note=Bilingual(
        "Откроется страница Дневник.ру: войдите там по логину или через Госуслуги и разрешите доступ.",
        "The page of Дневник.ру opens: sign in there by login or Gosuslugi, then allow access.",
    ),
    kind="redirect",
)
PASSWORD: Final = SignInMethod(
    slug="password",
    title=Bilingual("Логин и пароль Дневник.ру", "Login and password of the diary"),
    note=Bilingual(
        "Логин и пароль, которые выдала школа; не пароль от Госуслуг. Принимают их не во всех регионах.",
        "The login and password the school gave out, not those of Gosuslugi. Some regions refuse them.",
    ),
    kind="form",
)
TOKEN: Final = SignInMethod(
    slug="token",
    title=Bilingual("Готовый токен", "A token of your own"),
    note=Bilingual(
        "Токен или адрес страницы, на которую вернулся Дневник.ру после входа.",
        "A token, or the address of the page the diary returned to after a sign-in.",
    ),
    kind="token",
)
METHODS: Final = (GOSUSLUGI, OAUTH, PASSWORD, BY_ADDRESS, TOKEN)

_FORMS: Final = {
    PASSWORD.slug: Ask(
        fields=(
            FormField(name="login", label=Bilingual("Логин", "Login")),
            FormField(name="password", label=Bilingual("Пароль", "Password"), secret=True),
        )
    ),
    TOKEN.slug: Ask(
        fields=(FormField(name="token", label=Bilingual("Токен или адрес", "Token or address"), secret=True),)
    ),
}
_DENIED: Final = "access_denied"
_STATE: Final = "state"
_TOKEN_IN_ADDRESS: Final = re.compile(r"access_token=([^&#\s]+)")
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]{8,512}")
"""Seen are 32 letters and digits; what cannot stand in a header is never sent."""
_LONGEST_CODE: Final = 8192
"""Characters."""
_REASONS: Final[Mapping[str, type[SignInFailed]]] = {
    "FirstLogin": ActivationRequired,
    "ChangePassword": PasswordChangeRequired,
    "HaveNotActiveMemberships": ChildLeftSchool,
    "TeacherHaveNotAccess": NoDiaryAccount,
}
"""Why a right password may open nothing, in the words of the apps' log-in."""


async def first_step(channel: Channel, method: str, callback: Callback) -> Ask | Redirect:
    """Return the form, or where to send the browser."""
    if method in _FORMS:
        return _FORMS[method]
    if method == BY_ADDRESS.slug:
        return await ask_address(channel)
    query = {
        "response_type": "code",
        "client_id": channel.option("client_id"),
        "scope": authorizations.SCOPE,
        "redirect_uri": callback.url,
        "state": callback.state,
    }
    consent = f"{channel.instance.hosts[LOGIN]}/oauth2?{urlencode(query)}"
    url = await entry_url(channel, consent) if method == GOSUSLUGI.slug else consent
    return Redirect(url=url, carry={_STATE: callback.state})


async def next_step(
    channel: Channel, method: str, carry: Mapping[str, str], reply: Reply
) -> SignedIn | Ask | Choose:
    """Turn what came back into credentials that have opened the diary once, or ask on."""
    if method in {OAUTH.slug, GOSUSLUGI.slug}:
        credentials = await _by_code(channel, carry, reply)
    elif method == PASSWORD.slug:
        credentials = await _by_password(channel, reply)
    elif method == BY_ADDRESS.slug:
        return await _by_address(channel, carry, reply)
    else:
        return await _by_token(channel, reply)
    return await _proven(channel, credentials)


async def renewed(channel: Channel, credentials: Credentials) -> Credentials:
    """Spend the refresh token; the answer brings the next one.

    Raises:
        LoginRequired: There is none, or it was refused.
    """
    try:
        grant = await authorizations.by_refresh_token(channel, credentials.secret(REFRESH_TOKEN))
    except SignInFailed as error:
        raise LoginRequired("the refresh token was refused") from error
    if not grant.access_token:
        raise LoginRequired("the refresh token brought no access token")
    fresh = _kept(channel, grant, grant.access_token)
    return credentials.model_copy(
        update={"secrets": {**credentials.secrets, **fresh.secrets}, "expires_at": fresh.expires_at}
    )


async def _by_code(channel: Channel, carry: Mapping[str, str], reply: Reply) -> Credentials:
    """Exchange the code a redirect brought back.

    How a refusal comes back is not recorded: a return without a code is taken for one,
    unless it brings an error of the OAuth standard that says otherwise.
    """
    if reply.values.get(_STATE) != carry.get(_STATE):
        raise SignInMismatch("the redirect brought another state", field=_STATE)
    if reply.values.get("error", _DENIED) != _DENIED:
        raise SignInRejected("the redirect brought an error")
    code = reply.values.get("code")
    if not code:
        raise ConsentRefused("the redirect brought no code")
    if len(code) > _LONGEST_CODE:
        raise SignInRejected("the redirect brought too long a code", field="code")
    try:
        return _granted(channel, await authorizations.by_code(channel, code))
    except WrongCredentials as error:
        raise CodeExpired("the authorization code was refused") from error


async def _by_address(channel: Channel, carry: Mapping[str, str], reply: Reply) -> SignedIn | Ask | Choose:
    found = await by_address(channel, carry, reply)
    if not isinstance(found, Granted):
        return found
    signed = await _proven(channel, _granted(channel, found.grant))
    return signed.model_copy(update={"own_login": found.own_login})


async def _by_password(channel: Channel, reply: Reply) -> Credentials:
    login, password = _filled(reply, "login").strip(), _filled(reply, "password")
    return _granted(channel, await authorizations.by_password(channel, login, password))


async def _by_token(channel: Channel, reply: Reply) -> SignedIn:
    brought = _filled(reply, "token").strip()
    in_address = _TOKEN_IN_ADDRESS.search(brought)
    token = in_address[1] if in_address else brought
    if not _TOKEN.fullmatch(token):
        raise TokenRefused("this is no token", field="token")
    try:
        return await _proven(channel, credentials_of(token, None, None))
    except SignInRejected as error:
        raise TokenRefused("the token does not open the diary", field="token") from error


def _filled(reply: Reply, name: str) -> str:
    value = reply.values.get(name, "")
    if not value.strip():
        raise InvalidInput(f"{name!r} is empty", field=name)
    return value


def _granted(channel: Channel, grant: wire.Grant) -> Credentials:
    """Return the tokens of a grant.

    Raises:
        SignInFailed: It has none, and why.
    """
    if not grant.access_token:
        _explain(grant.reason)
    return _kept(channel, grant, grant.access_token)


def _explain(reason: str | None) -> NoReturn:
    failure = _REASONS.get(reason or "", SignInRejected)
    raise failure("the diary let nobody in, though it knows the password")


def _kept(channel: Channel, grant: wire.Grant, token: str) -> Credentials:
    return credentials_of(token, grant.refresh_token, end_of(grant, channel.now()))


async def _proven(channel: Channel, credentials: Credentials) -> SignedIn:
    """Ask whose the token is.

    Raises:
        ChildLeftSchool: A parent, but no child of theirs is in any class.
        NoDiaryAccount: No parent and no pupil.
        SignInRejected: The token opens nothing.
    """
    client = Client(channel, credentials.secret(ACCESS_TOKEN))
    try:
        context = await client.context()
    except LoginRequired as error:
        raise SignInRejected("the new token was refused") from error
    family = parse.enrolments(context, channel.instance.zone)
    if not family:
        if "EduParent" in context.roles:
            raise ChildLeftSchool("no child is in a class")
        raise NoDiaryAccount("neither a parent nor a pupil")
    me = await attempt(client.me())
    person = Person(
        name=parse.person_name(context),
        birth_date=None if isinstance(me, Unavailable) else me.birthday,
    )
    return SignedIn(credentials=with_family(credentials, family), person=person)
