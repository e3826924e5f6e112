"""The other ways in, end to end against the sandbox: a node's page, a paper account, an own token."""

from __future__ import annotations

from datetime import timedelta

import pytest

from diary_core.errors import (
    CaptchaRequired,
    CodeExpired,
    LoginRequired,
    MethodUnknown,
    NoDiaryAccount,
    SignInMismatch,
    TokenRefused,
    TryLater,
    WrongCredentials,
)
from diary_core.provider import Channel
from diary_core.sign_in import Ask, Reply, SignedIn, Step
from diary_mrko.diary import MoscowDiary
from diary_mrko.legacy.diary import MrkoLegacyDiary
from diary_sandbox.faults import FaultKind

from .town import CALLBACK, Town

pytestmark = pytest.mark.anyio


async def _fill(town: Town, method: str, *, channel: Channel | None = None, **values: str) -> Step:
    where = channel or town.channel()
    asked = await town.provider.begin(where, method, CALLBACK)
    assert isinstance(asked, Ask)
    assert {field.name for field in asked.fields} >= values.keys()
    return await town.provider.answer(where, method, asked.carry, Reply(values=values))


async def test_a_regional_parent_signs_in_on_the_nodes_page(town: Town) -> None:
    """The node's own login opens the node's own children."""
    step = await town.sign_in("node", "tikhomirova", "sandbox-node", "moscow_oblast")
    assert isinstance(step, SignedIn)
    diary, _ = town.open(step.credentials, slug="moscow_oblast")
    assert len((await diary.enrolments()).items) == 1


async def test_a_nodes_code_opens_once_and_only_its_own_sign_in(town: Town) -> None:
    """Another state is refused before the code is spent; a spent code is too old."""
    carry, query = await town.go_through("node", "tikhomirova", "sandbox-node", slug="moscow_oblast")
    channel = town.channel("moscow_oblast")
    with pytest.raises(SignInMismatch):
        await town.provider.answer(channel, "node", carry, Reply(values={**query, "state": "x"}))
    await town.provider.answer(channel, "node", carry, Reply(values=query))
    with pytest.raises(CodeExpired):
        await town.provider.answer(channel, "node", carry, Reply(values=query))


async def test_a_nodes_code_grows_old(town: Town) -> None:
    """A parent who waited too long starts anew."""
    carry, query = await town.go_through("node", "tikhomirova", "sandbox-node", slug="moscow_oblast")
    town.sandbox.clock.advance(timedelta(minutes=3))
    with pytest.raises(CodeExpired):
        await town.provider.answer(town.channel("moscow_oblast"), "node", carry, Reply(values=query))


async def test_a_paper_account_opens_the_week_page(town: Town) -> None:
    """Account name, login and password make a connection whose child is called as the parent called it."""
    step = await _fill(town, "mrko", account="Artem", login="9900000101", password="mrko-artem")
    assert isinstance(step, SignedIn)
    diary, _ = town.open_legacy(step.credentials)
    (child,) = (await diary.enrolments()).items
    assert child.child.label == "Artem"
    assert step.credentials.expires_at is None


async def test_a_paper_password_is_not_kept(town: Town) -> None:
    """Only what the site takes in its place is: the MD5."""
    step = await _fill(town, "mrko", account="Artem", login="9900000101", password="mrko-artem")
    assert isinstance(step, SignedIn)
    assert "mrko-artem" not in str(step.credentials.reveal())


@pytest.mark.parametrize(
    ("login", "password"),
    [("9900000101", "wrong"), ("1", "mrko-artem"), ("", "mrko-artem"), ("9900000101", "")],
)
async def test_a_wrong_paper_pair_is_refused(town: Town, login: str, password: str) -> None:
    """A wrong or a blank half opens nothing."""
    with pytest.raises(WrongCredentials):
        await _fill(town, "mrko", account="Artem", login=login, password=password)


async def test_an_old_captcha_sends_the_parent_elsewhere(town: Town) -> None:
    """The site's own page alone can show the picture."""
    town.fail(FaultKind.CAPTCHA)
    with pytest.raises(CaptchaRequired):
        await _fill(town, "mrko", account="Artem", login="9900000101", password="mrko-artem")


async def test_trouble_of_the_old_site_is_no_wrong_password(town: Town) -> None:
    """Maintenance is told as such."""
    town.fail(FaultKind.STATUS, "/dnevnik/*", status=503)
    with pytest.raises(TryLater):
        await _fill(town, "mrko", account="Artem", login="9900000101", password="mrko-artem")


async def test_the_paper_door_shows_less_and_says_so_beforehand(town: Town) -> None:
    """What a connection can do is known by its method before anyone signs in."""
    moscow = town.instance()
    assert town.provider.diary_by(moscow, "mrko") is MrkoLegacyDiary
    assert town.provider.diary_by(moscow, "mos_ru") is MoscowDiary


@pytest.mark.parametrize("pasted", ["{}", " {}\n", '"{}"', "Bearer {}"])
async def test_an_own_token_opens_the_diary(town: Town, pasted: str) -> None:
    """A token is taken however it was copied, and its end is read from itself."""
    brought = await town.credentials()
    step = await _fill(town, "token", token=pasted.format(brought.secret("access")))
    assert isinstance(step, SignedIn)
    assert step.credentials.expires_at == town.now() + timedelta(hours=24)
    diary, _ = town.open(step.credentials)
    assert len((await diary.enrolments()).items) == 2


async def test_an_own_token_without_a_refresh_token_ends(town: Town) -> None:
    """When its day is over the parent must bring another."""
    brought = await town.credentials()
    step = await _fill(town, "token", token=brought.secret("access"))
    assert isinstance(step, SignedIn)
    diary, _ = town.open(step.credentials)
    town.sandbox.clock.advance(timedelta(hours=25))
    with pytest.raises(LoginRequired):
        await diary.enrolments()


async def test_an_own_refresh_token_keeps_the_diary_open(town: Town) -> None:
    """With both tokens the connection renews itself."""
    brought = await town.credentials()
    step = await _fill(town, "token", token=brought.secret("access"), refresh_token=brought.secret("refresh"))
    assert isinstance(step, SignedIn)
    diary, _ = town.open(step.credentials)
    town.sandbox.clock.advance(timedelta(hours=25))
    assert len((await diary.enrolments()).items) == 2


@pytest.mark.parametrize("token", ["", "not-a-token", "a b", "жетон", "x\r\nHost: y", "a.b.c", "x" * 9000])
async def test_what_is_no_token_is_refused(town: Town, token: str) -> None:
    """Nothing that cannot be a token is sent, and one the diary does not know opens nothing."""
    with pytest.raises(TokenRefused) as caught:
        await _fill(town, "token", token=token)
    assert token == "" or token not in str(caught.value)


async def test_a_dead_token_is_refused(town: Town) -> None:
    """A token of yesterday is told to be copied again."""
    brought = await town.credentials()
    town.sandbox.clock.advance(timedelta(hours=25))
    with pytest.raises(TokenRefused):
        await _fill(town, "token", token=brought.secret("access"))


async def test_a_token_of_a_stranger_to_the_school_opens_nothing(town: Town) -> None:
    """A good token without a profile is an account without a diary."""
    carry, query = await town.go_through("mos_ru", "mismatch@example.test", "sandbox-mos")
    with pytest.raises(NoDiaryAccount):
        await town.provider.answer(town.channel(), "mos_ru", carry, Reply(values=query))


@pytest.mark.parametrize(("slug", "method"), [("moscow", "node"), ("tver", "mos_ru"), ("perm", "mrko")])
async def test_a_server_has_its_own_ways_in(town: Town, slug: str, method: str) -> None:
    """What another server offers is unknown here."""
    with pytest.raises(MethodUnknown):
        await town.provider.begin(town.channel(slug), method, CALLBACK)


async def test_signing_out_ends_both_kinds_of_session(town: Town) -> None:
    """The diary is told; a paper session is gone at once."""
    await town.provider.revoke(town.channel(), await town.credentials())
    assert town.asked("school.mos.ru")["GET /v3/auth/logout"] == 1
    paper = await _fill(town, "mrko", account="Artem", login="9900000101", password="mrko-artem")
    assert isinstance(paper, SignedIn)
    await town.provider.revoke(town.channel(), paper.credentials)
    assert sum(count for path, count in town.asked("pgu.mos.ru").items() if "main.php" in path) == 1
