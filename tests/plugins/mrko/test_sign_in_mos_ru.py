"""`mos_ru`, end to end against the sandbox: the way in, and every way it fails."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr

from diary_core.errors import (
    CaptchaRequired,
    CodeExpired,
    ConsentRefused,
    ContactsMissing,
    DiaryError,
    Misconfigured,
    NoDiaryAccount,
    NotEnoughData,
    RegionBusy,
    RegionDown,
    SignInExpired,
    SignInLocked,
    SignInMismatch,
    SignInRejected,
    TryLater,
    WrongCode,
    WrongCredentials,
)
from diary_core.people import PersonName
from diary_core.sign_in import Redirect, Reply, SignedIn
from diary_sandbox.faults import FaultKind

from .town import CALLBACK, OPTIONS, Town

pytestmark = pytest.mark.anyio


async def _answer(town: Town, carry: Mapping[str, str], query: Mapping[str, str]) -> object:
    return await town.provider.answer(town.channel(), "mos_ru", carry, Reply(values=query))


async def test_a_parent_signs_in_on_the_citys_page(town: Town) -> None:
    """The page ends in credentials that open the diary, and tells who the parent is."""
    step = await town.sign_in()
    assert isinstance(step, SignedIn)
    assert step.person is not None
    assert step.person.name == PersonName(last="Берёзова", first="Ольга", middle="Андреевна")
    assert step.person.snils is not None
    diary, _ = town.open(step.credentials)
    children = [known.child.id for known in (await diary.enrolments()).items]
    assert len(children) == 2


async def test_the_browser_is_sent_with_a_proof_and_no_secret(town: Town) -> None:
    """The address carries the S256 challenge, our state and callback, and neither verifier nor secret."""
    step = await town.provider.begin(town.channel(), "mos_ru", CALLBACK)
    assert isinstance(step, Redirect)
    query = {key: values[0] for key, values in parse_qs(urlsplit(step.url).query).items()}
    assert query["code_challenge_method"] == "S256"
    assert (query["state"], query["redirect_uri"]) == (CALLBACK.state, CALLBACK.url)
    assert [name for name in ("verifier", "client_secret") if step.carry[name] in step.url] == []


async def test_what_is_carried_is_not_shown(town: Town) -> None:
    """Neither the step's text nor its JSON holds what the gateway must seal."""
    step = await town.provider.begin(town.channel(), "mos_ru", CALLBACK)
    assert isinstance(step, Redirect)
    shown = repr(step) + step.model_dump_json()
    assert [name for name in ("verifier", "client_secret") if step.carry[name] in shown] == []


async def test_a_new_device_is_asked_for_a_code_on_the_citys_page(town: Town) -> None:
    """The second factor is the page's own affair; the sign-in ends as any other."""
    assert isinstance(await town.sign_in(login="code"), SignedIn)


@pytest.mark.parametrize(
    ("login", "error"),
    [("nodiary", NotEnoughData), ("mismatch", NoDiaryAccount), ("nosnils", ContactsMissing)],
)
async def test_an_account_without_a_diary_is_told_why(
    town: Town, login: str, error: type[DiaryError]
) -> None:
    """Records that differ, a missing profile and a missing СНИЛС are three different things to do."""
    with pytest.raises(error):
        await town.sign_in(login=login)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("access_denied", ConsentRefused),
        ("invalid_credentials", WrongCredentials),
        ("no_subject_found", WrongCredentials),
        ("pswd_method_temp_locked", SignInLocked),
        ("no_attempts", SignInLocked),
        ("invalid_otp", WrongCode),
        ("expired", CodeExpired),
        ("captcha_required", CaptchaRequired),
        ("temporarily_unavailable", RegionBusy),
        ("server_error", RegionDown),
        ("something_new", SignInRejected),
    ],
)
async def test_the_citys_refusals_are_told_apart(town: Town, code: str, error: type[DiaryError]) -> None:
    """Every code the page may send the browser back with has its own error."""
    carry, query = await town.go_through("mos_ru", "moscow@example.test", "sandbox-mos")
    refusal = {"state": query["state"], "error": code, "error_description": "Берёзова Ольга"}
    with pytest.raises(error) as caught:
        await _answer(town, carry, refusal)
    assert "Берёзова" not in str(caught.value)


async def test_another_state_is_refused(town: Town) -> None:
    """A callback of another sign-in opens nothing, and the code stays good for its own."""
    carry, query = await town.go_through("mos_ru", "moscow@example.test", "sandbox-mos")
    for strange in ({**query, "state": "x"}, {"code": query["code"]}):
        with pytest.raises(SignInMismatch):
            await _answer(town, carry, strange)
    assert isinstance(await _answer(town, carry, query), SignedIn)


async def test_a_callback_without_a_code_is_refused(town: Town) -> None:
    """Neither a code nor an error: the page broke off."""
    carry, query = await town.go_through("mos_ru", "moscow@example.test", "sandbox-mos")
    with pytest.raises(SignInRejected):
        await _answer(town, carry, {"state": query["state"]})


async def test_a_code_opens_once(town: Town) -> None:
    """A second use of the same callback is too late."""
    carry, query = await town.go_through("mos_ru", "moscow@example.test", "sandbox-mos")
    await _answer(town, carry, query)
    with pytest.raises(CodeExpired):
        await _answer(town, carry, query)


async def test_an_old_code_opens_nothing(town: Town) -> None:
    """A parent who left the page open for too long starts anew."""
    carry, query = await town.go_through("mos_ru", "moscow@example.test", "sandbox-mos")
    town.sandbox.clock.advance(timedelta(minutes=3))
    with pytest.raises(CodeExpired):
        await _answer(town, carry, query)


async def test_a_stolen_code_opens_nothing(town: Town) -> None:
    """Without the verifier of the same sign-in the code is worthless."""
    carry, query = await town.go_through("mos_ru", "moscow@example.test", "sandbox-mos")
    with pytest.raises(CodeExpired):
        await _answer(town, {**carry, "verifier": "x" * 64}, query)


async def test_a_forgotten_registration_is_refused(town: Town) -> None:
    """The city no longer knows the app installation of this sign-in."""
    carry, query = await town.go_through("mos_ru", "moscow@example.test", "sandbox-mos")
    with pytest.raises(SignInRejected):
        await _answer(town, {**carry, "client_secret": "x"}, query)


async def test_a_foreign_carry_is_refused(town: Town) -> None:
    """A reply to a sign-in that carried something else starts anew."""
    with pytest.raises(SignInExpired):
        await _answer(town, {}, {"code": "x", "state": "y"})


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"initial_token": OPTIONS["initial_token"]},
        {**OPTIONS, "initial_token": SecretStr("not the operator's")},
    ],
)
async def test_the_operator_must_be_known_to_the_city(town: Town, options: Mapping[str, SecretStr]) -> None:
    """A missing or refused option is the operator's affair, and its value is not repeated."""
    with pytest.raises(Misconfigured) as caught:
        await town.provider.begin(town.channel(options=options), "mos_ru", CALLBACK)
    assert "not the operator's" not in str(caught.value)


@pytest.mark.parametrize(
    "path",
    [
        "/sps/oauth/te",
        "/v3/auth/sudir/auth",
        "/api/ej/acl/v1/mod-acl/users/profile_info",
        "/api/family/mobile/v1/profile",
    ],
)
async def test_trouble_on_the_way_is_trouble_of_the_diary(town: Town, path: str) -> None:
    """A failing service is no failed sign-in: the parent is told to try later."""
    carry, query = await town.go_through("mos_ru", "moscow@example.test", "sandbox-mos")
    town.fail(FaultKind.STATUS, path, status=503)
    with pytest.raises(TryLater):
        await _answer(town, carry, query)


async def test_a_fault_of_the_account_is_told_by_name(town: Town) -> None:
    """Accounts that lose their link or their СНИЛС later on are told so at the next sign-in."""
    town.fail(FaultKind.NOT_LINKED)
    with pytest.raises(NotEnoughData):
        await town.sign_in()
    town.sandbox.faults.clear()
    town.fail(FaultKind.NO_SNILS)
    with pytest.raises(ContactsMissing):
        await town.sign_in()


async def test_nothing_secret_is_printed(town: Town) -> None:
    """Credentials hide every secret from their own text."""
    credentials = await town.credentials()
    shown = repr(credentials) + str(credentials) + credentials.model_dump_json()
    secrets = [value.get_secret_value() for value in credentials.secrets.values()]
    assert [secret for secret in secrets if secret in shown] == []
