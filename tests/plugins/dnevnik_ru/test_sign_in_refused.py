"""What a sign-in makes of answers the town does not give: the apps' reasons, captcha texts, odd tokens."""

from __future__ import annotations

from collections.abc import Callable

import httpx2
import pytest

from diary_core.errors import (
    ActivationRequired,
    CaptchaRequired,
    ChildLeftSchool,
    DiaryError,
    NoDiaryAccount,
    PasswordChangeRequired,
    RegionChanged,
    SignInLocked,
    SignInRejected,
    WrongCredentials,
)
from diary_core.sign_in import Reply, SignedIn

from .town import MOTHER, PROVIDER, a_channel

pytestmark = pytest.mark.anyio
Server = Callable[[httpx2.Request], httpx2.Response]
NOVGOROD = PROVIDER.instance("novgorod")
TOKENS = {"accessToken": "a" * 32, "refreshToken": "r" * 48, "expiresIn": 3600}
PARENT = {
    "userId": 1,
    "personId": 2,
    "roles": ["EduParent"],
    "children": [
        {"personId": 3, "firstName": "Яна", "lastName": "Лунина", "groupIds": [8], "schoolIds": [9]}
    ],
    "schools": [{"id": 9, "name": "Школа", "groupIds": [8]}],
    "eduGroups": [{"id": 8, "type": "Group", "name": "5А"}],
}


def scripted(
    grant: object, context: object = PARENT, status: int = 200
) -> Callable[[httpx2.Request], httpx2.Response]:
    """Return a server that grants so, and tells so whose the token is."""

    def serve(request: httpx2.Request) -> httpx2.Response:
        signing_in = "authorizations" in request.url.path
        return httpx2.Response(status if signing_in else 200, json=grant if signing_in else context)

    return serve


async def by_password(serve: Server) -> SignedIn:
    async with a_channel(NOVGOROD, serve) as channel:
        done = await PROVIDER.answer(channel, "password", {}, Reply(values=MOTHER))
    assert isinstance(done, SignedIn)
    return done


REFUSED: list[tuple[object, int, type[DiaryError]]] = [
    ({"type": "authorizationFailed", "description": "Can't authorize"}, 401, WrongCredentials),
    ({"type": "authorizationFailed", "description": "Can't authorize"}, 200, WrongCredentials),
    ({"type": "authorizationFailed", "description": "Captcha required"}, 403, CaptchaRequired),
    ({"type": "authorizationFailed", "description": "Введите код с картинки"}, 403, CaptchaRequired),
    ({"type": "maxAttempsExceeded", "description": None}, 403, SignInLocked),
    ({"type": "maxAttemptsExceeded", "description": ""}, 400, SignInLocked),
    ({"type": "invalidRequest", "description": "?"}, 400, RegionChanged),
    (
        {"type": "Success", "reason": "FirstLogin", "credentials": None, "activationData": {}},
        200,
        ActivationRequired,
    ),
    ({"type": "Success", "reason": "ChangePassword", "credentials": None}, 200, PasswordChangeRequired),
    ({"type": "Success", "reason": "HaveNotActiveMemberships"}, 200, ChildLeftSchool),
    ({"type": "Success", "reason": "TeacherHaveNotAccess"}, 200, NoDiaryAccount),
    ({"type": "Success", "reason": "SomethingNew"}, 200, SignInRejected),
    ({"accessToken": ""}, 200, SignInRejected),
    ([], 200, RegionChanged),
]


@pytest.mark.parametrize(("grant", "status", "error"), REFUSED)
async def test_every_refusal_has_its_reason(grant: object, status: int, error: type[DiaryError]) -> None:
    """In the words of both the partner API and the apps' log-in."""
    with pytest.raises(error):
        await by_password(scripted(grant, status=status))


NO_FAMILY: list[tuple[dict[str, object], type[DiaryError]]] = [
    ({"children": []}, ChildLeftSchool),
    ({"children": [{"personId": 3}]}, ChildLeftSchool),
    ({"children": None, "roles": ["EduStaff"]}, NoDiaryAccount),
    ({"children": [], "roles": []}, NoDiaryAccount),
]


@pytest.mark.parametrize(("change", "error"), NO_FAMILY)
async def test_an_account_without_a_diary_is_said(change: dict[str, object], error: type[DiaryError]) -> None:
    """A parent whose children have left is told apart from somebody who is no parent."""
    with pytest.raises(error):
        await by_password(scripted(TOKENS, {**PARENT, **change}))


async def test_a_token_that_opens_nothing_ends_the_sign_in() -> None:
    """Credentials count only after the diary has told whose they are."""
    with pytest.raises(SignInRejected):
        await by_password(scripted(TOKENS, {"type": "invalidToken", "description": "Invalid token"}))


async def test_tokens_one_level_down_are_found() -> None:
    """The apps' log-in wraps them."""
    done = await by_password(scripted({"type": "Success", "reason": "Authenticate", "credentials": TOKENS}))
    assert done.credentials.secret("access_token") == TOKENS["accessToken"]


@pytest.mark.parametrize("seconds", [0, None, -5, 10**15])
async def test_an_end_that_is_none_is_not_believed(seconds: int | None) -> None:
    """Zero means that the system does not say; so does what cannot be."""
    done = await by_password(scripted({**TOKENS, "expiresIn": seconds}))
    assert done.credentials.expires_at is None
