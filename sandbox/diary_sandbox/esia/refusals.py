"""Every refusal of ЕСИА by its number, with the word of RFC 6749 beside it.

The numbers are documented. Five were seen live: 007004, 007005, 007014, 007019, 007053; most of the words
and texts of the others are ours.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_ENUM = "OAuthErrorEnum"
_TABLE = {
    "007002": ("unauthorized_client", f"{_ENUM}.clientCertificateWrong"),
    "007003": ("invalid_request", "A mandatory parameter is absent, wrong or repeated."),
    "007004": ("access_denied", "The resource owner or the authorization service rejected the request."),
    "007005": (
        "unauthorized_client",
        "The client is not authorized to request an access token using this method.",
    ),
    "007006": ("invalid_scope", "The requested scope is unknown or malformed."),
    "007007": ("server_error", f"{_ENUM}.internalError"),
    "007008": ("temporarily_unavailable", "The service is overloaded or under maintenance."),
    "007009": ("unsupported_response_type", "This method of getting a token is not supported."),
    "007011": ("invalid_grant", "invalid, expired, revoked or foreign authorization code or refresh token"),
    "007012": ("unsupported_grant_type", "The grant type is not supported."),
    "007013": ("invalid_scope", "The request has no scope."),
    "007014": ("invalid_request", "The request doesn't contain the mandatory parameter"),
    "007015": ("invalid_request", f"{_ENUM}.requestTimeWrong"),
    "007019": ("access_denied", f"{_ENUM}.noGrants"),
    "007023": ("invalid_request", f"{_ENUM}.redirectUriWrong"),
    "007038": ("invalid_request", "The parameters could not be read from the request."),
    "007039": ("invalid_grant", "A code verifier came for a code without a challenge."),
    "007040": ("invalid_grant", "The code verifier does not fit the challenge."),
    "007046": ("access_denied", "A second factor is demanded and the person has none."),
    "007053": ("access_denied", f"{_ENUM}.clientSecretWrong"),
    "007055": ("access_denied", f"{_ENUM}.personNotConfirmed"),
    "007060": ("invalid_request", "The parameter roles is wrong."),
    "007061": ("invalid_request", "The parameter obj_type is wrong."),
    "007062": ("invalid_request", "The person is of another type or role."),
    "007194": ("access_denied", "The person is no employee of the organisation."),
    "008010": ("invalid_client", "The client system could not be authenticated."),
    "036700": ("invalid_request", "permissions: the consent has no type."),
    "036701": ("invalid_request", "permissions: the type of the consent is unknown."),
    "036702": ("invalid_request", "permissions: a mandatory scope is missing."),
    "036703": ("invalid_request", "permissions: a scope lies outside the type."),
    "036704": ("invalid_request", "permissions: the scopes are forbidden for the type."),
    "036705": ("invalid_request", "permissions: there is no action."),
    "036706": ("invalid_request", "permissions: an action is unknown."),
    "036707": ("invalid_request", "permissions: there is no purpose."),
    "036716": ("invalid_request", "permissions: the expiry is wrong."),
    "036726": ("invalid_request", "permissions: the purpose is unknown."),
    "036727": ("invalid_request", "permissions: exactly one purpose is required."),
}
REFUSALS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(_TABLE)
"""Number → (error word, text)."""


class Refused(Exception):
    """Ends a request with one of the numbers."""

    def __init__(self, code: str, detail: str = "") -> None:
        """Refuse.

        Args:
            code: Six digits of the table.
            detail: Said after the text, as the names of missing parameters are.
        """
        super().__init__(code)
        self.code = code
        self.detail = detail

    def fields(self, state: str | None) -> dict[str, str]:
        """Return what goes into a redirect's query or a JSON body."""
        error, text = REFUSALS[self.code]
        told = f"ESIA-{self.code}: {text}{f' {self.detail}' if self.detail else ''}"
        return {"error": error, "error_description": told} | ({} if state is None else {"state": state})
