"""The Gosuslugi door of the demo: configured from what the sandbox publishes, then shown or walked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2
from pydantic import BaseModel, ConfigDict

from diary_api.accounts.schemas import Account, IssuedKey
from diary_api.cli.client import Gateway, Problem, Refused
from diary_api.cli.demo.browser import Browser
from diary_api.cli.demo.folder import GOSUSLUGI_CERTIFICATE, GOSUSLUGI_KEY, GOSUSLUGI_TRUSTED
from diary_api.connections.schemas import Connection
from diary_api.identities.schemas import SignInBegun
from diary_api.school.schemas import Children, ChildShown
from diary_core.sign_in import Redirect

PERSON: Final = {"login": "region_mother@esia.test", "password": "sandbox-esia"}
REGION: Final = "50"
DOOR: Final = "/v1/sign-in/gosuslugi"
_CODE: Final = re.compile(r'id="code">([^<]+)<')


class _Published(BaseModel):
    """What the sandbox tells a gateway to be configured with."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    client_id: str
    key: str
    certificate: str
    trusted_certificates: str


def configured(control: str, folder: Path) -> Mapping[str, str]:
    """Write the key and certificates of the sandbox's own client, and return the settings that name them."""
    answer = httpx2.get(f"{control}/_sandbox/esia", timeout=30, trust_env=False).raise_for_status()
    told = _Published.model_validate_json(answer.content)
    settings = {"DIARY_OPTIONS__gosuslugi__client_id": told.client_id}
    for option, name, text in (
        ("key_file", GOSUSLUGI_KEY, told.key),
        ("certificate_file", GOSUSLUGI_CERTIFICATE, told.certificate),
        ("trusted_certificates", GOSUSLUGI_TRUSTED, told.trusted_certificates),
    ):
        file = folder / name
        file.touch(mode=0o600)
        file.write_text(text)
        settings[f"DIARY_OPTIONS__gosuslugi__{option}"] = str(file)
    return settings


def begin(gateway: Gateway) -> SignInBegun:
    """Begin to sign in through Gosuslugi."""
    return gateway.post(DOOR, {}, SignInBegun)


@dataclass(frozen=True)
class Walked:
    """What has come of walking the door."""

    link: str
    """The address a browser was sent to."""
    key: str
    """Opens the account that was made."""
    level: str
    """Of the account at Gosuslugi."""
    diary: Connection
    children: Sequence[ChildShown]


def walk(gateway: Gateway) -> Walked:
    """Sign in as a mother of the town and link her region the same way.

    Raises:
        Refused: With the gateway's own words.
    """
    begun = begin(gateway)
    with Browser() as browser:
        shown = _CODE.search(browser.walk(begun.step.url, PERSON))
        if shown is None:
            raise Refused(Problem(code="unclear", title="Вход через Госуслуги не дал кода"))
        issued = gateway.post(f"{DOOR}/session", {"key": begun.key, "code": shown[1]}, IssuedKey)
        gateway.use(issued.secret)
        link = gateway.post("/v1/connections", {"region": REGION, "method": "gosuslugi"}, Connection)
        if link.pending is not None and isinstance(link.pending.step, Redirect):
            browser.walk(link.pending.step.url, PERSON)
    now = gateway.get(f"/v1/connections/{link.id}", Connection)
    if now.state != "active":
        raise Refused(Problem(code=now.outcome or "unknown", title="Не удалось подключить через Госуслуги"))
    level = gateway.get("/v1/me", Account).identities[0].level
    return Walked(begun.step.url, issued.secret, level, now, gateway.get("/v1/children", Children).items)
