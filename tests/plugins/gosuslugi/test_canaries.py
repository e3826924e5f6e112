"""No code, token, signature, СНИЛС or name gets into a log, an error or a step that is shown."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from tests.plugins.gosuslugi.esia_stub import CODE, STATE, Esia, parent_pages
from tests.plugins.gosuslugi.parties import Party, header, id_claims, rsa_token
from tests.plugins.gosuslugi.walking import ALL, CALLBACK, opened

from diary_core.errors import DiaryError
from diary_core.sign_in import Reply
from diary_gosuslugi import GosuslugiIdentity

pytestmark = pytest.mark.anyio
NAMES = ("Примеров", "Алёна", "000-000-70", "0000007", "alena.primerova", "a-code-canary", "a-refresh-canary")


@pytest.fixture
def written(caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """Everything that structured and plain logs say, at any level."""
    caplog.set_level(logging.DEBUG)
    stream = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(stream), cache_logger_on_first_use=False)
    yield stream
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"/aas/oauth2/v3/te": (400, {"error": "invalid_grant", "error_description": f"ESIA-007011: {CODE}"})},
        {"/aas/oauth2/v3/te": (400, {"error": CODE, "error_description": f"{CODE} 000-000-701 22"})},
        {"/aas/oauth2/v3/te": (200, {"access_token": CODE, "id_token": 7, "state": "a-refresh-canary"})},
        {"/rs/prns/1000999001": (500, "<html>Примерова 000-000-701 22</html>")},
        {"/rs/prns/1000999001": (200, {"firstName": ["Алёна"], "lastName": {"x": "Примерова"}})},
        {"/rs/prns/1000999001/kids": (200, {"elements": [{"firstName": "Алёна"}, "Примеров", 7]})},
        {"/rs/prns/1000999001/kids": (200, {"elements": "Примеров"})},
        {"/rs/prns/1000999001/docs": (503, "<html>Примерова</html>")},
    ],
)
async def test_nothing_leaks(
    broken: dict[str, tuple[int, dict[str, object] | str]],
    party: Party,
    esia: Party,
    written: io.StringIO,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whether it goes well or breaks at any step, what is written and raised names nobody."""
    stub = Esia(party, esia, pages=parent_pages(), answers=broken)
    provider = GosuslugiIdentity()
    raised = ""
    async with opened(stub) as channel:
        redirect = await provider.begin(channel, CALLBACK, ALL)
        try:
            await provider.answer(channel, redirect.carry, Reply(values=stub.authorized(redirect.url)))
        except DiaryError as error:
            raised = chain(error)
    shown = f"{written.getvalue()}{caplog.text}{raised}{redirect!r}{redirect.model_dump_json()}"
    secrets = {
        *NAMES,
        *stub.tokens,
        stub.forms[0]["client_secret"],
        *party.key_file.read_text().splitlines()[1:-1],
    }
    assert "upstream call" in shown
    assert sorted(secret for secret in secrets if secret in shown.replace(redirect.url, "")) == []
    assert not [secret for secret in NAMES if secret in redirect.url]


async def test_a_forged_token_is_not_quoted(party: Party, esia: Party, written: io.StringIO) -> None:
    """The error of a token that fails its checks holds nothing of it, at any depth."""
    forged = rsa_token(header("id", "RS256"), {**id_claims(), "iss": "a-code-canary"})
    stub = Esia(party, esia, token_changes={"id_token": forged})
    provider = GosuslugiIdentity()
    async with opened(stub) as channel:
        redirect = await provider.begin(channel, CALLBACK, ALL)
        with pytest.raises(DiaryError) as error:
            await provider.answer(channel, redirect.carry, Reply(values={"code": CODE, "state": STATE}))
    shown = chain(error.value) + written.getvalue()
    assert [part for part in (*forged.split("."), "a-code-canary") if part in shown] == []


def chain(error: BaseException | None) -> str:
    """Everything an error and what caused it say of themselves."""
    said = ""
    while error is not None:
        said += f"{error!r} {error} {json.dumps([str(one) for one in error.args])}"
        if isinstance(error, DiaryError):
            said += f" {error.detail} {error.field}"
        error = error.__cause__ or error.__context__
    return said
