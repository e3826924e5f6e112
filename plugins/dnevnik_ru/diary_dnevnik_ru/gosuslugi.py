"""The two ways in through Gosuslugi, where the diary is the one who asks Gosuslugi, never we.

In a browser: the region's entry, with the diary's own consent page as the address to return to. The region's
site finds the account, lets one choose among several, and takes login and password once where it finds none.
That the entry takes such an address is seen in public clients; that it may be the consent page is our guess.

By address: an app, or a parent by hand, brings the address the entry ends on, with its task and region;
the same choices are then made here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from diary_core.bilingual import Bilingual
from diary_core.errors import (
    AccountNotLinked,
    InvalidInput,
    MethodUnknown,
    RegionChanged,
    SignInExpired,
    SignInRejected,
)
from diary_core.provider import Channel
from diary_core.regions import region as region_of
from diary_core.sign_in import Ask, Choose, FormField, Option, Reply, SignInMethod
from diary_dnevnik_ru import authorizations, esia, wire
from diary_dnevnik_ru.instances import LOGIN

GOSUSLUGI: Final = SignInMethod(
    slug="gosuslugi",
    title=Bilingual("Через Госуслуги", "Through Gosuslugi"),
    note=Bilingual(
        "Откроется вход вашего региона через Госуслуги; СНИЛС и ФИО должны быть те же, что в школе. "
        "Нам дневник СНИЛС не сообщает: если ваш аккаунт подтверждён Госуслугами, логин и пароль дневника "
        "всё же понадобятся один раз.",
        "Your region's entry through Gosuslugi opens; SNILS and name must be the ones the school has. "
        "The diary tells us no SNILS: where your account is proven by Gosuslugi, its own login and password "
        "are needed once all the same.",
    ),
    kind="redirect",
    identity="gosuslugi",
)
BY_ADDRESS: Final = SignInMethod(
    slug="gosuslugi_address",
    title=Bilingual("Через Госуслуги, по адресу страницы", "Through Gosuslugi, by the page's address"),
    note=Bilingual(
        "Для приложений: адрес, на котором закончился вход через Госуслуги.",
        "For apps: the address the sign-in through Gosuslugi has ended on.",
    ),
    kind="token",
    identity="gosuslugi",
)

_AT: Final = "at"
_LOGIN_FORM: Final = (
    FormField(name="login", label=Bilingual("Логин Дневник.ру", "Login of the diary")),
    FormField(name="password", label=Bilingual("Пароль Дневник.ру", "Password of the diary"), secret=True),
)
_COMMON_WORDS: Final = frozenset(
    ["республика", "область", "край", "город", "автономный", "автономная", "автономного", "округ", "г"]
)
_TRUSTED: Final = (".dnevnik.ru", ".gosuslugi.ru")
_TASK: Final = re.compile(r"[0-9A-Fa-f-]{8,64}")
_REGION: Final = re.compile(r"[0-9]{1,9}")


class Granted(NamedTuple):
    """Tokens, and whether the diary's own login was what brought them."""

    grant: wire.Grant
    own_login: bool


async def entry_url(channel: Channel, return_to: str | None = None) -> str:
    """Return the region's entry through Gosuslugi.

    Args:
        channel: The region.
        return_to: Where the entry leads a browser that is signed in; its own end page unless given.

    Raises:
        MethodUnknown: The diary has no such entry for the region.
        RegionChanged: The entry is not where such an entry may be.
    """
    wanted = _key(region_of(channel.instance.regions[0]).name.ru)
    for one in await esia.regions(channel):
        if _key(one.name or "") == wanted and one.esia_url:
            url = _trusted(channel, one.esia_url)
            break
    else:
        raise MethodUnknown("the diary has no entry through Gosuslugi for this region", field="method")
    if return_to is None:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'ReturnUrl': return_to})}"


async def ask_address(channel: Channel) -> Ask:
    """Ask for the address the entry has ended on, and say where to begin."""
    url = await entry_url(channel)
    return Ask(
        fields=(
            FormField(
                name="address",
                label=Bilingual("Адрес страницы после входа", "Address of the page after the sign-in"),
                secret=True,
                hint=Bilingual(
                    f"Откройте {url}, войдите и скопируйте адрес, на котором всё закончилось.",
                    f"Open {url}, sign in, and copy the address it all has ended on.",
                ),
            ),
        ),
        carry={_AT: "address"},
    )


async def by_address(channel: Channel, carry: Mapping[str, str], reply: Reply) -> Granted | Ask | Choose:
    """Go on: find the account, choose among several, or take login and password once.

    Raises:
        InvalidInput: The address is not the one the entry ends on.
        SignInExpired: The return from Gosuslugi is too old, or was used.
        SignInFailed: As the diary says.
    """
    match carry.get(_AT):
        case "address":
            task, region = _task(reply.values.get("address", ""))
            return await _found(channel, task, region)
        case "user":
            user = reply.values.get("choice", "")
            if user not in carry["users"].split():
                raise SignInExpired("this account was not offered", field="choice")
            return await _authorized(channel, carry["task"], int(carry["region"]), user)
        case "login":
            login, password = reply.values.get("login", "").strip(), reply.values.get("password", "")
            return Granted(await authorizations.by_password(channel, login, password), own_login=True)
        case _:
            raise SignInExpired("the sign-in carries nothing")


async def _found(channel: Channel, task: str, region: int) -> Granted | Ask | Choose:
    try:
        users = await esia.linked_users(channel, task, region)
    except RegionChanged as error:  # the API's word for a parameter it does not know
        raise SignInExpired("the return from Gosuslugi is not known any more") from error
    if not users:
        return _ask_login()
    if len(users) == 1:
        return await _authorized(channel, task, region, users[0].id)
    return Choose(
        title=Bilingual("Какую учётную запись подключить?", "Which account should be linked?"),
        options=tuple(Option(id=user.id, title=_title(user)) for user in users),
        carry={
            _AT: "user",
            "task": task,
            "region": str(region),
            "users": " ".join(user.id for user in users),
        },
    )


async def _authorized(channel: Channel, task: str, region: int, user: str) -> Granted | Ask:
    outcome = await esia.authorize(channel, task, region, user)
    match outcome.status.code:
        case "Success" if outcome.authorization is not None:
            return Granted(outcome.authorization, own_login=False)
        case "EsiaUserNotLinked" | "FirstSign":
            # What FirstSign wants is not recorded: if it is the activation, the login's own answer says so.
            return _ask_login()
        case _:
            raise SignInRejected("the diary has not taken the return from Gosuslugi")


def _ask_login() -> Ask:
    return Ask(fields=_LOGIN_FORM, problem=AccountNotLinked.code, carry={_AT: "login"})


def _title(user: wire.EsiaUser) -> str:
    name = " ".join(filter(None, (user.last_name, user.first_name, user.middle_name)))
    school = user.school.name if user.school else None
    return ", ".join(filter(None, (name, school))) or user.id


def _task(address: str) -> tuple[str, int]:
    query = parse_qs(address.partition("?")[2].partition("#")[0].strip())
    task, region = query.get("taskId", [""])[0], query.get("regionId", [""])[0]
    if not _TASK.fullmatch(task) or not _REGION.fullmatch(region):
        raise InvalidInput("the address does not end in taskId and regionId", field="values.address")
    return task, int(region)


def _trusted(channel: Channel, url: str) -> str:
    """Return an entry's address if a parent's browser may be sent there."""
    own = urlsplit(channel.instance.hosts[LOGIN])
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise RegionChanged("an entry through Gosuslugi is no address", field="regions.esiaUrl") from error
    known = parts.scheme == "https" and f".{parts.hostname or ''}".endswith(_TRUSTED)
    if not known and (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        raise RegionChanged("an entry through Gosuslugi is on a strange host", field="regions.esiaUrl")
    return url


def _key(name: str) -> frozenset[str]:
    """Return the words that tell one region from another."""
    words = re.findall(r"[а-яё]+", name.casefold())
    return frozenset(words) - _COMMON_WORDS
