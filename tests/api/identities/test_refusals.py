"""Every number ЕСИА refuses with, at either step: what a parent is told, and what the operator reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urljoin

import pytest
from tests.api.identities.failures import code_of, pressed
from tests.api.identities.stack import ENTER, Stack

from diary_api.problems import PROBLEMS, status_of
from diary_sandbox.esia.refusals import REFUSALS

pytestmark = pytest.mark.anyio
OURS: Final = ("identity_service_changed", None)
TOLD: Final[dict[str, tuple[str, str | None]]] = {
    "007002": ("misconfigured", "client_id"),
    "007003": OURS,
    "007004": ("consent_refused", None),
    "007005": ("misconfigured", "client_id"),
    "007006": ("misconfigured", "scopes"),
    "007007": ("identity_service_down", None),
    "007008": ("identity_service_down", None),
    "007009": OURS,
    "007011": ("code_expired", None),
    "007012": OURS,
    "007013": ("misconfigured", "scopes"),
    "007014": OURS,
    "007015": ("misconfigured", "clock"),
    "007019": ("misconfigured", "scopes"),
    "007023": ("misconfigured", "public_url"),
    "007038": OURS,
    "007039": OURS,
    "007040": OURS,
    "007046": ("second_factor_missing", None),
    "007053": ("misconfigured", "key_file"),
    "007055": ("identity_too_weak", None),
    "007060": OURS,
    "007061": OURS,
    "007062": ("identity_not_personal", None),
    "007194": ("misconfigured", "scopes"),
    "008010": ("misconfigured", "client_id"),
    **{number: OURS for number in REFUSALS if number.startswith("0367")},
}
"""The problem of each number, and the setting it names."""
KINDS: Final = sorted({told: number for number, told in reversed(TOLD.items())}.values())
at_either_step = pytest.mark.parametrize(
    "numbers",
    [
        pytest.param(KINDS, id="one of each kind"),
        pytest.param(sorted(TOLD.keys() - set(KINDS)), id="the others", marks=pytest.mark.slow),
    ],
)


def test_every_number_is_here() -> None:
    """The sandbox knows all that are published."""
    assert TOLD.keys() == REFUSALS.keys()


@at_either_step
async def test_refused_in_the_browser(stack: Stack, numbers: Sequence[str]) -> None:
    """The page says it in Russian without ЕСИА's own words, and its button leads to ЕСИА again each time."""
    window = await stack.window()
    link = (await stack.begun(ENTER)).link
    for number in numbers:
        code, field = TOLD[number]
        await stack.control("refusals", code=number)
        before = len(stack.to_mend())
        page = await window.back(await window.go(link, ENTER.login))
        assert (number, code_of(page)) == (number, code)
        assert "ESIA" not in page.text
        logged = [(one["error"], one.get("field"), one["detail"][:28]) for one in stack.to_mend()[before:]]
        mended_by_us = PROBLEMS[code].actor == "gateway"
        assert logged == [(code, field, f"gosuslugi refused (ESIA-{number}"[:28])] * mended_by_us
        gone = await pressed(window, page)
        link = urljoin(stack.url, gone.headers["location"])
    assert (await window.back(await window.go(link, ENTER.login))).status_code == 200


@at_either_step
async def test_refused_with_the_code_in_hand(stack: Stack, numbers: Sequence[str]) -> None:
    """A program is told number and setting; what passes by itself takes the same code later."""
    window = await stack.window()
    for number in numbers:
        code, field = TOLD[number]
        await stack.control("refusals", code=number, step="token")
        address = await window.go((await stack.begun(ENTER)).link, ENTER.login)
        answer = await window.http.get(address, headers={"Accept": "application/json"})
        told = answer.json()
        assert (number, told["code"], told.get("field")) == (number, code, field)
        assert answer.status_code == status_of(PROBLEMS[code])
        assert told["detail"].startswith(f"gosuslugi refused (ESIA-{number}): ")
        if told["retry"] == "later":
            assert (await window.back(address)).status_code == 200


async def test_what_the_operator_reads_gives_nothing_away(stack: Stack) -> None:
    """The log of a refused sign-in tells what to mend, and neither signature, code, key nor person."""
    window = await stack.window()
    await stack.control("refusals", code="007053", step="token")
    address = await window.go((await stack.begun(ENTER)).link, ENTER.login)
    await window.back(address)
    last = stack.to_mend()[-1]
    assert last["detail"] == (
        "gosuslugi refused (ESIA-007053): the signature does not fit the certificate, or it is inactive; "
        "`diary gosuslugi check` tells the hash of the certificate: it must be the portal's, and active"
    )
    assert (last["error"], last["field"], last["level"]) == ("misconfigured", "key_file", "error")
    assert [
        word for word in ("eyJ2ZXIi", "client_secret", "snils", "PRIVATE") if word in stack.log.getvalue()
    ] == []
