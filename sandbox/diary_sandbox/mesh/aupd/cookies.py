"""The cookies of the web diary."""

from starlette.responses import Response

from diary_sandbox.mesh.aupd.tokens import ACCESS_LIFE, PARENT_ROLE, REFRESH_LIFE, SUBSYSTEM, DiaryPair


def set_cookies(response: Response, pair: DiaryPair) -> None:
    """Put both tokens and the role into cookies."""
    access_age, refresh_age = int(ACCESS_LIFE.total_seconds()), int(REFRESH_LIFE.total_seconds())
    response.set_cookie("aupd_token", pair.access, max_age=access_age)
    response.set_cookie("aupd_refresh_token", pair.refresh, max_age=refresh_age, httponly=True)
    response.set_cookie("aupd_current_role", f"{SUBSYSTEM}:{PARENT_ROLE}", max_age=refresh_age)


def clear_cookies(response: Response) -> None:
    """Take them away again."""
    for name in ("aupd_token", "aupd_refresh_token", "aupd_current_role"):
        response.delete_cookie(name)
