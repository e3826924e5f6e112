"""Answers of the three services a sign-in speaks to: the city's SUDIR, the diary's AUPD and ACL."""

from __future__ import annotations

from diary_mrko.wire.values import Id, MaybeText, Wire


class Registration(Wire):
    """Answer of `POST /sps/oauth/register`."""

    client_id: str
    client_secret: str


class CityTokens(Wire):
    """Answer of `POST /sps/oauth/te`."""

    access_token: str
    refresh_token: MaybeText = None


class OAuthProblem(Wire):
    """Error body of the city's token endpoint."""

    error: MaybeText = None


class MobileTokens(Wire):
    """The inner object of `MobileAuthentication`."""

    mesh_access_token: str
    mesh_refresh_token: MaybeText = None


class MobileAuthentication(Wire):
    """Answer of `POST /v3/auth/sudir/auth`; the inner object is null when the city account lacks a СНИЛС."""

    user_authentication_for_mobile_response: MobileTokens | None = None


class DiaryTokens(Wire):
    """Answer of `POST /v3/token/refresh`."""

    access_token: str
    refresh_token: MaybeText = None


class NodeTokens(Wire):
    """Answer of `GET /v3/auth/token`."""

    token: str
    refreshToken: MaybeText = None  # noqa: N815  the server's own name


class Profile(Wire):
    """An item of `mod-acl/users/profile_info`."""

    id: Id
    type: MaybeText = None


class Claims(Wire):
    """What we read of a diary token, which is a JWT."""

    exp: int | None = None
    """Seconds since the epoch."""
