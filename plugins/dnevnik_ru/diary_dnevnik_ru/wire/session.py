"""The door: tokens, the entry through Gosuslugi, refusals."""

from __future__ import annotations

from pydantic import AliasChoices, Field, model_validator

from diary_dnevnik_ru.wire.values import Id, Rows, Text, Wire, twin


class Grant(Wire):
    """Tokens: `authorizations` and `authorizations/bycredentials`."""

    access_token: Text = Field(default=None, alias="accessToken")
    refresh_token: Text = Field(default=None, alias="refreshToken")
    expires_in: int | None = Field(default=None, validation_alias=AliasChoices("expiresIn", "expiresIn_str"))
    """Seconds; zero when the system does not say."""
    reason: Text = None
    """The apps' log-in says here why a right password opens nothing."""

    @model_validator(mode="before")
    @classmethod
    def _from_envelope(cls, value: object) -> object:
        """Unwrap the apps' form, where the tokens stand one level down."""
        if isinstance(value, dict) and isinstance(value.get("credentials"), dict):  # pyright: ignore[reportUnknownMemberType]  validated next
            return {**value, **value["credentials"]}  # pyright: ignore[reportUnknownVariableType]  validated next
        return value  # pyright: ignore[reportUnknownVariableType]  validated next


class EsiaRegion(Wire):
    """A region with an entry through Gosuslugi."""

    name: Text = None
    esia_url: Text = Field(default=None, alias="esiaUrl")


class EsiaRegions(Wire):
    """Every such region: `authorizations/esia/v2.0/regions`."""

    regions: Rows[EsiaRegion] = ()


class EsiaSchool(Wire):
    """The school of an account."""

    name: Text = None


class EsiaUser(Wire):
    """An account tied to a state identity."""

    id: Id = Field(validation_alias=twin("userId"))
    first_name: Text = Field(default=None, alias="firstName")
    last_name: Text = Field(default=None, alias="lastName")
    middle_name: Text = Field(default=None, alias="middleName")
    school: EsiaSchool | None = None


class EsiaUsers(Wire):
    """Every such account: `authorizations/esia/v2.0/users/linked`."""

    users: Rows[EsiaUser] = ()


class EsiaStatus(Wire):
    """How an exchange went: `Success`, `EsiaUserNotLinked`, `FirstSign` or `UnexpectedError`."""

    code: Text = None


class EsiaOutcome(Wire):
    """An exchange of a return from Gosuslugi: `authorizations/esia/v2.0`."""

    status: EsiaStatus
    authorization: Grant | None = None


class Refusal(Wire):
    """The error object."""

    type: str
    description: Text = None
