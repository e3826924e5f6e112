"""The pages of МРКО: HTTP in, cookies and HTML out.

Source: `docs/sources.md`, МЭШ: scrapers of 2013 to 2017.
"""

from __future__ import annotations

from datetime import date
from hashlib import md5
from typing import Final

import httpx2

from diary_core.errors import (
    CaptchaRequired,
    LoginRequired,
    RegionChanged,
    SignInRejected,
    WrongCredentials,
)
from diary_core.http import refuse
from diary_core.provider import Channel

_SERVICES: Final = "/dnevnik/services"
_REFERER: Final = "/ru/application/dogm/journal/"
_WRONG_PAIR: Final = "неправильный логин или пароль"
_CAPTCHA_SIGNS: Final = ("secpic.php", "captcha_code_field")
_SIGNED_IN: Final = "exit"


def digest_of(password: str) -> str:
    """Return what the login call takes in place of a password: its MD5, in hex."""
    return md5(password.encode(), usedforsecurity=False).hexdigest()


async def sign_in(channel: Channel, login: str, digest: str) -> str:
    """Sign in and return the cookies of the session, as a `Cookie` header takes them.

    Raises:
        WrongCredentials: The login or the password is wrong.
        CaptchaRequired: The site wants a picture solved.
        SignInRejected: It refuses for a reason it does not name.
        TryLater: The site is in trouble.
    """
    response = await channel.http.post(
        f"{channel.instance.hosts['mrko']}{_SERVICES}/index.php",
        data={"login": login, "password": digest},
        headers={"Referer": f"{channel.instance.hosts['pgu']}{_REFERER}"},
    )
    page = _page(response)
    if _asks_for_captcha(page):
        raise CaptchaRequired("МРКО asks for a captcha")
    if _WRONG_PAIR in page.casefold():
        raise WrongCredentials("МРКО does not know the pair")
    cookie = "; ".join(f"{name}={value}" for name, value in response.cookies.items())
    if not cookie or _SIGNED_IN not in page:
        raise SignInRejected("МРКО opened no session")
    return cookie


async def week(channel: Channel, cookie: str, on: date) -> str:
    """Return the page of the week a day lies in.

    Raises:
        LoginRequired: The session has ended, or the site wants a picture solved first.
        TryLater: The site is in trouble.
    """
    response = await channel.http.get(
        f"{channel.instance.hosts['mrko']}{_SERVICES}/dnevnik.php",
        params={"r": "1", "first": "1", "next": on.isoformat()},
        headers={"Cookie": cookie},
    )
    if response.is_redirect:
        raise LoginRequired("МРКО has ended the session")
    page = _page(response)
    if _asks_for_captcha(page):
        raise LoginRequired("МРКО asks for a captcha")
    return page


async def sign_out(channel: Channel, cookie: str) -> None:
    """End the session.

    Raises:
        TryLater: The site is in trouble.
    """
    await channel.http.get(
        f"{channel.instance.hosts['mrko']}{_SERVICES}/main.php",
        params={"exit": "1"},
        headers={"Cookie": cookie},
    )


def _page(response: httpx2.Response) -> str:
    if not response.is_success:
        refuse(response)
    if not response.text.strip():
        raise RegionChanged("the page is empty")
    return response.text


def _asks_for_captcha(page: str) -> bool:
    return any(sign in page for sign in _CAPTCHA_SIGNS)
