"""Entries through Gosuslugi: plain pages, until the sandbox has a Gosuslugi of its own."""

from starlette.requests import Request
from starlette.responses import Response

from diary_sandbox.dnevnik.login.pages import Pages
from diary_sandbox.dnevnik.regions import region_by_slug

_LATER = "В этой песочнице вход через Госуслуги подключат позже. Пока войдите по логину и паролю."
_BACK = ("/login/", "Войти по логину и паролю")


class EsiaPages:
    """`/login/esia…`, `/esia/…`."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def choose(self, request: Request) -> Response:
        """Speak of the entry without a region."""
        del request  # the same for everybody
        return self._pages.notice("Вход через Госуслуги", _LATER, link=_BACK)

    async def entry(self, request: Request) -> Response:
        """Speak of a region's entry."""
        region = region_by_slug(request.path_params["slug"])
        if region is None:
            return self._pages.notice("Нет такого региона", link=_BACK, status=404)
        return self._pages.notice(f"Вход через Госуслуги: {region.name}", _LATER, link=_BACK)

    async def returned(self, request: Request) -> Response:
        """Speak on the page Gosuslugi returns to; applications read its address, not its text."""
        del request  # the same for everybody
        return self._pages.notice("Вы вернулись с Госуслуг", "Продолжайте вход в приложении.")

    async def offer(self, request: Request) -> Response:
        """Offer to link Gosuslugi; the browser is signed in already."""
        del request  # the same for everybody
        return self._pages.notice(
            "Свяжите дневник с Госуслугами",
            "Так вы сможете входить без отдельного пароля.",
            "Это можно сделать позже: вы уже вошли.",
        )
